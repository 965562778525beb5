package scenario

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// openDocument begins a document: feed NAME TIME [partial].
func (p *player) openDocument(words []string) {
	when := words[1:]
	whole := true
	if when[len(when)-1] == "partial" {
		whole, when = false, when[:len(when)-1]
	}
	p.at = p.parseMoment(strings.Join(when, " "))
	f := p.feedNamed(words[0])
	p.arrival = &identity.Arrival{Feed: f, Link: "https://" + f.Station + ".example/", Language: "en", At: p.at,
		Whole: whole, Reader: p.reader}
}

// describeDocument adds to the document that is being put together. It reports whether the
// line was about that.
func (p *player) describeDocument(verb, rest string) bool {
	a := p.arrival
	switch verb {
	case "item":
		p.addItem(rest)
	case "before": // the feed's last document, without what is named
		p.added = 1
		for _, e := range p.documents[a.Feed.URL] {
			slug := e.URL[strings.LastIndexByte(e.URL, '/')+1:]
			if !slices.Contains(strings.Fields(strings.TrimPrefix(rest, "without")), slug) {
				a.Entries = append(a.Entries, e)
			}
		}
	case "many":
		p.addManyItems(rest)
	case "deleted":
		guid, when, _ := strings.Cut(rest, " | ")
		d := news.Deleted{Ref: guid}
		if when != "" {
			d.When = p.parseMoment(when)
		}
		a.Deleted = append(a.Deleted, d)
	case "same":
		a.Same, a.Whole = true, false
	case "article":
		p.addArticle(rest)
	case "page":
		p.addPage(strings.Fields(rest))
	case "source": // SLUG STATUS: the outside original's page is asked; else the feed that the last entry names
		if words := strings.Fields(rest); len(words) == 2 {
			a.Heads = append(a.Heads, identity.Head{Item: p.findItem(a.Feed.Station + "/" + words[0]).Number,
				Check: true, Source: true, Page: p.pageAnswering(words[1])})
			break
		}
		fallthrough
	default:
		return p.setAttributes(verb, rest)
	}
	return true
}

// setAttributes adds to the last entry, or to each of the many that were just added. It
// reports whether the verb means an attribute.
func (p *player) setAttributes(verb, rest string) bool {
	entries := p.arrival.Entries
	last := entries[max(0, len(entries)-max(1, p.added)):]
	for n := range last {
		if !p.setAttribute(&last[n], verb, rest) {
			return false
		}
	}
	return len(last) > 0
}

// addManyItems adds "N [PREFIX at] TIME": N items, an hour apart, the newest of that time.
func (p *player) addManyItems(rest string) {
	n, from, _ := strings.Cut(rest, " ")
	count, err := strconv.Atoi(n)
	p.mustSucceed(err)
	prefix := "number"
	if name, when, ok := strings.Cut(from, " at "); ok {
		prefix, from = name, when
	}
	for k := range count {
		word := lettersOf(k)
		p.addItem(fmt.Sprintf("%s-%s-of-many | The %s %s story of many | -", prefix, word, prefix, word))
		p.arrival.Entries[len(p.arrival.Entries)-1].Published = p.parseMoment(from).Add(-time.Duration(k) * time.Hour)
	}
	p.added = count
}

// pageAnswering is what a page said that was asked.
func (p *player) pageAnswering(status string) news.Page {
	code, err := strconv.Atoi(status)
	p.mustSucceed(err)
	return news.Page{Asked: p.at, Status: code}
}

// addPage adds SLUG STATUS [CANONICAL]: whether the page of an item is there, or with a
// canonical the head of an entry's page.
func (p *player) addPage(words []string) {
	a := p.arrival
	h := identity.Head{Page: p.pageAnswering(words[1])}
	if len(words) > 2 {
		h.Page.Canonical = words[2]
		h.Place = slices.IndexFunc(a.Entries, func(e news.Entry) bool { return strings.HasSuffix(e.URL, "/"+words[0]) })
	} else {
		h.Check, h.Item = true, p.findItem(a.Feed.Station+"/"+words[0]).Number
	}
	a.Heads = append(a.Heads, h)
}

// addArticle adds SLUG STATUS, or SLUG N TOPIC [OTHERS] [| NAME]: what the article page of a new entry
// or of a known item shows, its headline and that many words, and by whom it is.
func (p *player) addArticle(text string) {
	a := p.arrival
	text, byline, _ := strings.Cut(text, " | ")
	words := strings.Fields(text)
	h := identity.Head{Page: news.Page{Asked: p.at, Status: http.StatusOK}}
	e := news.Entry{URL: "https://" + a.Feed.Station + ".example/2031/02/" + words[0]}
	h.Place = slices.IndexFunc(a.Entries, func(e news.Entry) bool { return strings.HasSuffix(e.URL, "/"+words[0]) })
	if h.Place < 0 || p.isKnown(a.Entries[h.Place]) {
		known := p.findItem(a.Feed.Station + "/" + words[0])
		h.Place, h.Item, e.Title = 0, known.Number, known.AsFed().Title
	} else {
		e.Title = a.Entries[h.Place].Title
	}
	if len(words) == 2 {
		h.Page = p.pageAnswering(words[1])
	} else {
		e.Content = "<p>" + p.textOfWords(&e, words[1:]) + "</p><p>" + e.Title + ", at length.</p>"
		e.Byline = byline
		h.Page.Article = &news.Article{Entry: e, Way: news.WayLayout, Words: len(strings.Fields(e.Content))}
	}
	a.Heads = append(a.Heads, h)
}

// isKnown reports whether an entry is of an item that its feed had before.
func (p *player) isKnown(e news.Entry) bool {
	return slices.ContainsFunc(p.documents[p.arrival.Feed.URL], func(o news.Entry) bool { return o.GUID == e.GUID })
}

// addItem adds an entry: SLUG | TITLE | DATE.
func (p *player) addItem(text string) {
	parts := strings.Split(text, " | ")
	station := p.arrival.Feed.Station
	e := news.Entry{
		GUID: station + "-" + parts[0], URL: "https://" + station + ".example/2031/02/" + parts[0], Title: parts[1],
		Language: "en",
		Summary:  "<p>" + parts[1] + ", in short.</p>",
	}
	if parts[2] != "-" {
		e.Published = p.parseMoment(parts[2])
	}
	p.arrival.Entries, p.added = append(p.arrival.Entries, e), 1
}

// setAttribute adds to an entry. It reports whether the verb means an attribute.
func (p *player) setAttribute(e *news.Entry, verb, rest string) bool {
	switch verb {
	case "guid":
		e.GUID = rest
	case "link":
		e.URL = rest
	case "canonical", "via":
		e.Links = append(e.Links, news.Link{Rel: verb, URL: rest})
	case "text":
		e.Content += "<p>" + rest + "</p>"
	case "words":
		e.Content += "<p>" + p.textOfWords(e, strings.Fields(rest)) + "</p>"
	case "by":
		e.Byline = rest
		for _, name := range text.Persons(rest, text.CommasPart) {
			e.Authors = append(e.Authors, news.Person{Name: name})
		}
	case "audio":
		e.Enclosures = append(e.Enclosures, news.Enclosure{URL: rest, Type: "audio/mpeg"})
	case "language":
		e.Language = rest
	case "updated":
		e.Updated = p.parseMoment(rest)
	case "source":
		e.Source = &news.Source{URL: rest}
	case "picture":
		e.Images = []news.Image{{URL: rest}}
	default:
		return false
	}
	return true
}

// textOfWords makes a text: N TOPIC [OTHERS], N words, the last of them found in no other entry.
func (p *player) textOfWords(e *news.Entry, args []string) string {
	n, err := strconv.Atoi(args[0])
	p.mustSucceed(err)
	others := 0
	if len(args) > 2 {
		others, err = strconv.Atoi(args[2])
		p.mustSucceed(err)
	}
	var text []string
	for k := range n {
		topic := args[1]
		if k >= n-others {
			topic = e.URL[strings.LastIndexByte(e.URL, '/')+1:] + topic
		}
		text = append(text, topic+lettersOf(k))
	}
	return strings.Join(text, " ")
}

// lettersOf writes a number in letters, for numerals mean something to the rules.
func lettersOf(n int) string {
	text := ""
	for n += 26; n > 0; n /= 26 {
		text = string(rune('a'+n%26)) + text
	}
	return text
}

// sendDocument saves the document that was put together.
func (p *player) sendDocument() {
	a := p.arrival
	if a == nil {
		return
	}
	p.arrival = nil
	if !p.learned {
		p.delayFeeds(nil)
	}
	p.mustSucceed(p.desk.Learn(p.t.Context(), p.allFeeds(), p.at))
	for n := range a.Entries {
		e := a.Entries[n]
		e.Digest = news.Digest{}
		text, err := json.Marshal(e)
		p.mustSucceed(err)
		sum := sha256.Sum256(text)
		copy(a.Entries[n].Digest[:], sum[:])
	}
	if !a.Same {
		p.documents[a.Feed.URL] = slices.Clone(a.Entries)
	}
	p.mustSucceed(p.desk.Arrive(p.t.Context(), *a))
	p.observeOccurrences()
}
