// Package evidence reads what is compared of an item: its addresses, GUIDs, audio, headline, text,
// people, credit and claims. Items in, values out.
package evidence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Evidence is an item with what is compared of it.
type Evidence struct {
	*news.Item
	Key      string   // of its current link
	Keys     []string // of all addresses of its own that it has had, each once: links, and GUIDs on its station's hosts
	Also     []string // keys of addresses on its station's hosts that it claims: others may know it by them
	Foreign  bool     // its current link is on another maker's host
	Globals  []string // forms under which its GUIDs can be equal in several feeds
	Audio    []string // keys of its enclosures, each once, pictures and texts left out
	Headline text.Headline
	Credit   Credit
	Unlisted Unlisted // a maker that its sentences of origin name and nobody lists
	Credited bool     // it has the desk's credit

	// TranslatedFrom are the makers that its text says it was translated from.
	TranslatedFrom []news.Maker
	People         []string // that its bylines name, see [text.PersonKey]: none where they name offices and houses
	Houses         Affiliations
	Rosters        []string // stations whose reporters its bylines name
	Slug           string   // the end of its address in words, "" for fewer than [link.MinSlugWords]
	Edition        bool     // its headline names one edition of something that comes again

	Paragraphs []string  // of the text, without what surrounds it
	Words      int       // of these
	Language   string    // first subtag; "" where it is not known
	Sample     []key.Key // of the text, under which other items may be like it
	Opening    []uint64  // the set of the hashes of its opening's five-word runs
}

// Feed is what must be known of an item's feed.
type Feed struct {
	Untrusted bool     // its GUIDs do not identify
	Recurring []uint64 // hashes of the paragraphs that are its own, ascending
}

// Reader reads texts and items, each text once. It is for one goroutine.
type Reader struct {
	*directory.Directory
	read          map[proseKey]*TextFeatures
	tokens, grams []uint64 // room for those of a text
}

// proseKey stands for an entry's text: one that was pruned has the digest of the whole.
type proseKey struct {
	digest news.Digest
	size   int
}

// NewReader returns a reader.
func NewReader(d *directory.Directory) *Reader {
	return &Reader{Directory: d, read: map[proseKey]*TextFeatures{}}
}

// TextFeatures is an entry's text in paragraphs.
func (r *Reader) TextFeatures(e *news.Entry) *TextFeatures {
	k := proseKey{e.Digest, len(e.Content) + len(e.Summary)}
	if e.Unpublished != nil {
		k.size += len(e.Unpublished.Content)
	}
	p := r.read[k]
	if p == nil {
		p = Read(r.Directory, Body(e))
		r.read[k] = p
	}
	return p
}

// EvidenceOf reads the evidence of an item.
func (r *Reader) EvidenceOf(i *news.Item, feed Feed) *Evidence {
	p := r.TextFeatures(&i.Entry)
	people, houses := readBylines(r.Directory, i.Station, &i.Entry)
	e := &Evidence{
		Item: i, Key: r.Key(i.Entry.URL), Headline: r.Headline(i), Foreign: r.Foreign(i.Station, i.Entry.URL),
		Credit: creditInOwnWords(r.Directory, i, p, houses, feed.Recurring), Credited: p.Credited,
		People: people, Houses: houses, Rosters: r.Rosters(&i.Entry, people),
		Slug: link.Slug(i.Entry.URL), Edition: text.NamesEdition(i.Entry.Title),
	}
	if !e.Credit.Others(i.Station) {
		e.Unlisted = unlistedMaker(r.Directory, i, p.sentencesBut(r.Directory, i, feed.Recurring))
	}
	e.TranslatedFrom = translatedFrom(r.Directory, p)
	for _, l := range i.Links {
		e.Keys = appendOnce(e.Keys, r.Key(l))
	}
	if !i.Reused && !feed.Untrusted {
		for _, g := range i.GUIDs {
			if directory.IsAddress(g) && r.Own(i.Station, g) {
				e.Keys = appendOnce(e.Keys, r.Key(g))
			}
			e.Globals = appendOnce(e.Globals, r.Global(g))
		}
	}
	for _, s := range i.Entry.Enclosures {
		if kind, _, _ := strings.Cut(s.Type, "/"); kind != "image" && kind != "text" && s.Type != "application/pdf" {
			e.Audio = appendOnce(e.Audio, r.Key(s.URL))
		}
	}
	for _, c := range i.Claims {
		if c.Last.IsZero() && c.IsOfSameStory() && r.Own(i.Station, c.URL) && r.Identifies(c.Key) &&
			!slices.Contains(e.Keys, c.Key) {
			e.Also = appendOnce(e.Also, c.Key)
		}
	}
	e.Paragraphs = p.Story(feed.Recurring)
	r.tokens = e.appendTokens(r.tokens[:0])
	r.grams = text.Shingles(r.grams[:0], r.tokens)
	e.Words, e.Sample = len(r.tokens), key.Text(r.grams)
	e.Opening = text.Set(text.Opening(nil, r.tokens))
	page := ""
	if i.Page != nil {
		page = i.Page.Language
	}
	e.Language = cmp.Or(news.PrimaryLanguage(i.Language), text.Language(r.tokens), news.PrimaryLanguage(page),
		news.PrimaryLanguage(i.Entry.Language))
	return e
}

// appendOnce adds a key to a set of them, unless it is there or is none: what one item has in two
// spellings is one key, and never counts as shared.
func appendOnce(keys []string, key string) []string {
	if key == "" || slices.Contains(keys, key) {
		return keys
	}
	return append(keys, key)
}

// Headline is an item's headline as it is compared: without the names of houses that CMSs put
// before it, as in "NPR News: …", and behind it, as in "… | KJZZ" and "… : NPR".
func (r *Reader) Headline(i *news.Item) text.Headline {
	return text.HeadlineOf(r.WithoutHouses(i.Entry.Title))
}

// Body is the text of an entry that has more words; that of its page, where that is evidence alone.
func Body(e *news.Entry) string {
	switch {
	case e.Unpublished != nil && e.Unpublished.Content != "": // it is longer than what the feed gives
		return e.Unpublished.Content
	case e.Summary == "" || len(e.Content) > 3*len(e.Summary): // markup is no more than that
		return e.Content
	case e.Content == "" || len(e.Summary) > 3*len(e.Content):
		return e.Summary
	case len(strings.Fields(markup.Text(e.Content))) >= len(strings.Fields(markup.Text(e.Summary))):
		return e.Content
	}
	return e.Summary
}

// EverHadKey reports whether the address of a key is, or was, the item's own.
func (e *Evidence) EverHadKey(key string) bool { return slices.Contains(e.Keys, key) }

// NameForEditors is what flags name an item by: its address, or its GUID where it has none.
func (e *Evidence) NameForEditors() string { return cmp.Or(e.Entry.URL, FirstGUID(e.Item)) }

// FirstGUID is the first GUID that an item had, "" if it had none.
func FirstGUID(i *news.Item) string {
	if len(i.GUIDs) == 0 {
		return ""
	}
	return i.GUIDs[0]
}

// Shingles is the set of the hashes of the text's five-word runs.
func (e *Evidence) Shingles() []uint64 {
	return text.Set(text.Shingles(nil, e.appendTokens(make([]uint64, 0, e.Words))))
}

// OpeningText is the first words of the text, as many as an opening has.
func (e *Evidence) OpeningText() string {
	words := make([]string, 0, text.OpeningWords)
	for _, paragraph := range e.Paragraphs {
		for w := range strings.FieldsSeq(paragraph) {
			if words = append(words, w); len(words) == text.OpeningWords {
				return strings.Join(words, " ")
			}
		}
	}
	return strings.Join(words, " ")
}

func (e *Evidence) appendTokens(tokens []uint64) []uint64 {
	for _, paragraph := range e.Paragraphs {
		tokens = text.Tokens(tokens, paragraph)
	}
	return tokens
}

// TimeApart is how far the stated dates of two entries lie apart; known is false where one has
// none.
func TimeApart(a, b *news.Entry) (apart time.Duration, known bool) {
	s, t := a.Stated(), b.Stated()
	if s.IsZero() || t.IsZero() {
		return 0, false
	}
	return s.Sub(t).Abs(), true
}

// CompareItems orders items so that it does not matter when a feed was visited within a poll: by
// the batch that they were settled in, then station, feed and GUID.
func CompareItems(a, b *Evidence) int {
	return cmp.Or(cmp.Compare(a.Batch, b.Batch), strings.Compare(a.Station, b.Station),
		strings.Compare(a.Feed, b.Feed), strings.Compare(FirstGUID(a.Item), FirstGUID(b.Item)),
		strings.Compare(a.Key, b.Key),
		strings.Compare(a.Entry.Title, b.Entry.Title), slices.Compare(a.Entry.Digest[:], b.Entry.Digest[:]))
}

// CompareBool orders what is so before what is not.
func CompareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// CompareDates orders two times; what has none comes last.
func CompareDates(a, b time.Time) int {
	return cmp.Or(CompareBool(!a.IsZero(), !b.IsZero()), a.Compare(b))
}

// TemporaryKeys lists the keys under which an item is found for a time: for a week parts of its text,
// the end of its address, its people with words of its headline and, of a wire's story, those words
// alone; for a month its headline and parts of its opening, which recur in what comes again; and those
// of its people, which are given.
func TemporaryKeys(e *Evidence, people []key.Key) []key.Passing {
	week := slices.Concat(e.Sample, WireKeys(e.Credit, e.Headline.Words), FieldKeys(e))
	month := OpeningKeys(e)
	if e.Headline.Count >= key.MinTitleWords {
		month = append(month, key.HeadlineWords(e.Headline.Text))
	}
	var list []key.Passing
	if len(week) > 0 {
		list = append(list, key.Passing{Item: e.Number, Until: e.FirstSeen.Add(key.TextReach), Keys: week})
	}
	if len(month) > 0 {
		list = append(list, key.Passing{Item: e.Number, Until: e.FirstSeen.Add(key.TitleReach), Keys: month})
	}
	if len(people) > 0 {
		list = append(list, key.Passing{Item: e.Number, Until: e.FirstSeen.Add(key.SeenReach), Keys: people})
	}
	return list
}

// FieldKeys returns the keys of what an item says besides its text: the end of its address, and each
// of its people together with the longest words of its headline.
func FieldKeys(e *Evidence) (keys []key.Key) {
	if e.Slug != "" {
		keys = append(keys, key.Slug(e.Slug))
	}
	words := key.LongestWords(e.Headline.Words)
	for _, person := range e.People[:min(len(e.People), key.MaxPeople)] {
		for _, w := range words {
			keys = append(keys, key.PersonWord(person, w))
		}
	}
	return keys
}

// OpeningKeys returns the keys of the opening of an item's text.
func OpeningKeys(e *Evidence) []key.Key { return key.Opening(slices.Clone(e.Opening)) }

// WireKeys returns the keys under which stories of the outside sources in a credit are found that
// have a headline's words.
func WireKeys(c Credit, headline []string) (keys []key.Key) {
	for _, m := range c.Makers {
		if m.Outside == "" {
			continue
		}
		for _, w := range key.LongestWords(headline) {
			keys = append(keys, key.Wire(m.Outside, w))
		}
	}
	return keys
}
