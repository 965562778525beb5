package feed

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// parseJSON reads a JSON Feed, 1.0 or 1.1, key by key: one value of a wrong type
// costs that value and not the feed.
func parseJSON(text []byte, repairs []damage.Repair, c Context) (*Document, error) {
	j := scanJSON(text)
	control := j.control
	if control {
		text = escapeControls(text)
		j = scanJSON(text)
	}
	l := damage.NewLedger(text)
	l.IncludeRepairs(repairs)
	if control {
		l.AddRepair(damage.IllegalCharacters, -1, "control characters in strings")
	}
	if j.err != nil {
		return nil, j.err
	}
	r := &jsonReader{reader: reader{Ledger: l, context: c}, scan: j, top: object{Ledger: l, m: map[string]any{}}}
	for _, m := range j.members {
		if m.key != "items" {
			if v, ok := decodeJSON(text[m.value.from:m.value.to]); ok {
				r.top.m[m.key] = v
			}
		}
	}
	version, _ := r.top.m["version"].(string)
	if !j.list && !strings.Contains(version, "jsonfeed.org") {
		return nil, &damage.NotFeedError{What: "a JSON document"}
	}
	return r.read(version), nil
}

// jsonReader makes entries of a JSON Feed.
type jsonReader struct {
	reader
	scan *jsonScan
	top  object
}

func (r *jsonReader) read(version string) *Document {
	r.jsonFacts(version)
	items := make([]object, len(r.scan.items))
	written := make([][]string, len(items))
	whole := r.scan.whole
	if !whole {
		r.AddRepair(damage.CutOff, len(r.scan.b), "the document ends within an object")
	}
	for i, s := range r.scan.items {
		v, ok := decodeJSON(r.scan.b[s.from:s.to])
		m, isObject := v.(map[string]any)
		switch {
		case !ok:
			whole = false
			r.AddRepair(damage.Structure, -1, "an item that is no JSON")
		case !isObject:
			r.AddRepair(damage.JSONTypes, -1, "an item that is no object")
		}
		items[i] = object{r.Ledger, m}
		for _, key := range [...]string{"date_published", "date_modified"} {
			if text, ok := m[key].(string); ok {
				written[i] = append(written[i], text)
			}
		}
	}
	r.dates = dates.SettleCalendar(written, first(r.facts.Language, r.context.Language), r.context.Location)
	around := r.around()
	var entries []news.Entry
	for i, o := range items {
		if len(o.m) == 0 {
			continue
		}
		s := r.scan.items[i]
		e := news.Entry{Digest: r.digest(around, "", written[i], r.scan.b[s.from:s.to])}
		if e.Seen = r.known(e.Digest); !e.Seen {
			d := e.Digest
			e = r.entry(o)
			e.Digest = d
		}
		entries = append(entries, e)
	}
	entries = newest(entries, &whole, r.Ledger)
	return &Document{Facts: r.facts, Entries: entries, Whole: whole, Repairs: r.Repairs()}
}

// around is the digest of what shapes every item of the feed.
func (r *jsonReader) around() [sha256.Size]byte {
	b := []byte(r.settings())
	for _, m := range r.scan.members {
		switch m.key {
		case "language", "author", "authors", "home_page_url", "feed_url":
			b = append(b, r.scan.b[m.value.from:m.value.to]...)
		}
	}
	return sha256.Sum256(b)
}

// jsonFacts reads what the feed says of itself.
func (r *jsonReader) jsonFacts(version string) {
	f := &r.facts
	address := first(r.context.Address, link.Resolve("", r.top.text("feed_url")))
	f.Self = link.Resolve(address, r.top.text("feed_url"))
	f.Link = link.Clean(address, r.top.text("home_page_url"))
	r.base = first(link.Resolve(address, r.top.text("home_page_url")), address)
	f.Format = jsonFormat(version)
	f.Title = title(r.top.text("title"))
	f.Language = languageTag(r.top.text("language"))
	f.Image = r.resolved(first(r.top.text("icon"), r.top.text("favicon")), r.base)
	_, f.Authors = r.byline(r.top)
	for _, hub := range r.top.objects("hubs") {
		if a := link.Resolve(r.base, hub.text("url")); a != "" && strings.EqualFold(hub.text("type"), "websub") && len(f.Hubs) < maxHubs {
			f.Hubs = append(f.Hubs, a)
		}
	}
	r.lent = lent{language: f.Language, authors: f.Authors}
}

func jsonFormat(version string) string {
	_, number, found := strings.Cut(version, "/version/")
	switch number = text.OneLine(number); {
	case !found || len(number) > 8:
		return "JSON Feed"
	case number == "1":
		return "JSON Feed 1.0"
	}
	return "JSON Feed " + number
}

// entry makes an entry of one item.
func (r *jsonReader) entry(o object) news.Entry {
	e := news.Entry{
		Title:    title(o.text("title")),
		Language: first(languageTag(o.text("language")), r.lent.language),
		Topics:   r.distinct(o.list("tags")),
	}
	r.identity(&e, guid{o.text("id"), false})
	r.addresses(&e, o)
	e.Published, e.Updated = r.dated(o.text("date_published")), r.dated(o.text("date_modified"))
	base := first(e.URL, r.base)
	e.Summary = htmlclean.PlainText(o.text("summary"), maxSummary)
	e.Content = r.clean(o.text("content_html"), base, maxBody)
	if e.Content == "" {
		e.Content = htmlclean.Paragraphs(o.text("content_text"), maxBody)
	}
	e.Byline, e.Authors = r.byline(o)
	if len(e.Authors) == 0 {
		e.Byline, e.Authors = r.lentByline()
	}
	for _, a := range o.objects("attachments") {
		r.enclose(&e, attachment{a.text("url"), a.text("mime_type"), a.number("size_in_bytes"), a.number("duration_in_seconds"), r.base})
	}
	for _, key := range [...]string{"image", "banner_image"} {
		e.Images = addImage(e.Images, news.Image{URL: r.resolved(o.text(key), r.base)})
	}
	e.Images = withPicture(e.Images, e.Content)
	return e
}

// addresses sets the page that an item is about, and what else it leads to.
func (r *jsonReader) addresses(e *news.Entry, o object) {
	external := r.address(o.text("external_url"), r.base)
	e.URL = first(r.address(o.text("url"), r.base), external)
	if e.URL == "" && isAddress(e.GUID) {
		e.URL = r.address(e.GUID, "")
	}
	if external != "" && external != e.URL {
		e.Links = append(e.Links, news.Link{Rel: "via", URL: external})
	}
}

func (r *jsonReader) dated(value string) time.Time {
	if value == "" {
		return time.Time{}
	}
	if t, ok := r.dates.ReadTime(value); ok {
		return t
	}
	r.AddRepair(damage.Dates, -1, "no date: "+text.Excerpt(text.OneLine(value)))
	return time.Time{}
}

// byline reads authors (1.1), else author (1.0), in whatever form.
func (r *jsonReader) byline(o object) (string, []news.Person) {
	b := &byline{}
	for _, key := range [...]string{"authors", "author"} {
		if len(b.persons) > 0 {
			break
		}
		for _, v := range o.values(key) {
			switch v := v.(type) {
			case map[string]any:
				a := object{r.Ledger, v}
				b.structured(htmlclean.StripTags(a.text("name")), a.text("email"), r.address(a.text("url"), r.base))
			case string:
				r.AddRepair(damage.JSONTypes, -1, key+" is text")
				b.text(htmlclean.StripTags(v))
			}
		}
	}
	return b.line(), b.persons
}

// object is a JSON object, read leniently: what has the wrong type is read if
// it can be, and counted.
type object struct {
	*damage.Ledger
	m map[string]any
}

// text reads a string; numbers and booleans as they are written, lists joined.
func (o object) text(key string) string {
	switch v := o.m[key].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		o.AddRepair(damage.JSONTypes, -1, key+" is a number")
		return v.String()
	case bool:
		o.AddRepair(damage.JSONTypes, -1, key+" is a boolean")
		return strconv.FormatBool(v)
	case []any:
		o.AddRepair(damage.JSONTypes, -1, key+" is a list")
		var b strings.Builder
		for _, part := range v {
			if s, ok := part.(string); ok {
				b.WriteString(s)
			}
		}
		return strings.TrimSpace(b.String())
	}
	o.AddRepair(damage.JSONTypes, -1, fmt.Sprintf("%s is an object", text.Excerpt(key)))
	return ""
}

// number reads a number as text, also one that is written as a string.
func (o object) number(key string) string {
	switch v := o.m[key].(type) {
	case json.Number:
		return v.String()
	case string:
		o.AddRepair(damage.JSONTypes, -1, key+" is text")
		return v
	case nil:
		return ""
	}
	o.AddRepair(damage.JSONTypes, -1, key+" is no number")
	return ""
}

// values reads a list; one value stands for a list of one.
func (o object) values(key string) []any {
	switch v := o.m[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		if key != "author" {
			o.AddRepair(damage.JSONTypes, -1, key+" is no list")
		}
		return []any{v}
	}
}

// objects are those of a list.
func (o object) objects(key string) []object {
	var all []object
	for _, v := range o.values(key) {
		if m, ok := v.(map[string]any); ok {
			all = append(all, object{o.Ledger, m})
		} else {
			o.AddRepair(damage.JSONTypes, -1, key+" holds no objects")
		}
	}
	return all
}

// list are the texts of a list; one text holds several between commas.
func (o object) list(key string) []string {
	if text, ok := o.m[key].(string); ok {
		o.AddRepair(damage.JSONTypes, -1, key+" is text")
		return strings.Split(text, ",")
	}
	var all []string
	for _, v := range o.values(key) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case json.Number:
			o.AddRepair(damage.JSONTypes, -1, key+" holds numbers")
			all = append(all, v.String())
		}
	}
	return all
}
