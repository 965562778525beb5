package merge

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Use says what of an article goes into an entry.
type Use int

// What goes into it.
const (
	UseNothing  Use = iota
	UseFields       // all but its text
	UseAll          // its text too
	UseEvidence     // text and byline, to be compared and not published, and nothing else
)

// MaxTopics is how many topics an entry has at most.
const MaxTopics = 32

// Entry is the entry that a feed gives, with what an article adds to it: of each field the value that
// wins. GUID, link and date are the feed's. Its Digest stands for both.
func Entry(fed news.Entry, a *news.Article, use Use) news.Entry {
	p := &a.Entry
	e := fed
	switch use {
	case UseNothing:
		return fed
	case UseEvidence:
		e.Unpublished = unpublishedByline(fed, p)
		e.Unpublished.Content = p.Content
		e.Digest = digestOfBoth(fed.Digest, e)
		return e
	case UseAll:
		e.Content = p.Content
	case UseFields:
	}
	if e.Published.IsZero() {
		e.Published = p.Published
	}
	if title := strings.TrimSpace(fed.Title); title == "" || isCut(title) && p.Title != "" {
		e.Title = p.Title
	}
	if e.Summary == "" {
		e.Summary = p.Summary
	}
	if !namesPerson(&fed) && p.Byline != "" {
		e.Byline, e.Authors = p.Byline, p.Authors
	}
	if p.Updated.After(e.Updated) {
		e.Updated = p.Updated
	}
	e.Topics = joinTopics(fed.Topics, p.Topics)
	e.Images = joinPictures(fed.Images, p.Images, a.From["images"])
	if len(e.Enclosures) == 0 {
		e.Enclosures = p.Enclosures
	}
	if e.Language == "" {
		e.Language = languageOf(p)
	}
	if p.Rights != "" {
		e.Rights = p.Rights
	}
	if p.License != "" {
		e.License = p.License
	}
	e.Digest = digestOfBoth(fed.Digest, e)
	return e
}

// isCut reports whether a headline was cut.
func isCut(title string) bool {
	return strings.HasSuffix(title, "…") || strings.HasSuffix(title, "...")
}

// namesPerson reports whether the byline of an entry names somebody.
func namesPerson(e *news.Entry) bool {
	is := func(name string) bool {
		return slices.ContainsFunc(text.SplitByline(name, text.CommasPart, nil), func(p text.BylinePart) bool {
			return p.Kind == text.Person
		})
	}
	return is(e.Byline) || slices.ContainsFunc(e.Authors, func(p news.Person) bool { return is(p.Name) })
}

// WithByline is the entry of a feed with the byline of its page as evidence: whom both name.
func WithByline(fed news.Entry, a *news.Article) news.Entry {
	fed.Unpublished = unpublishedByline(fed, &a.Entry)
	return fed
}

func unpublishedByline(fed news.Entry, p *news.Entry) *news.Unpublished {
	u := news.Unpublished{Byline: p.Byline, Authors: p.Authors}
	if p.Byline != "" && namesPerson(&fed) { // feeds have the reporter alone where the page has "Jo Reed, NPR"
		u.Authors = joinPeople(fed, p.Authors)
	}
	return &u
}

// joinPeople returns those whom a feed's entry names and those whom its page names, each once.
func joinPeople(fed news.Entry, page []news.Person) []news.Person {
	all := slices.Clone(fed.Authors)
	if len(all) == 0 {
		all = append(all, news.Person{Name: fed.Byline})
	}
	for _, p := range page {
		if !slices.ContainsFunc(all, func(known news.Person) bool { return strings.EqualFold(known.Name, p.Name) }) {
			all = append(all, p)
		}
	}
	return all
}

// joinTopics returns the topics of both, the feed's first, each once.
func joinTopics(fed, page []string) []string {
	all := slices.Clone(fed)
	for _, topic := range page {
		known := slices.ContainsFunc(all, func(t string) bool { return strings.EqualFold(t, topic) })
		if !known && len(all) < MaxTopics {
			all = append(all, topic)
		}
	}
	return all
}

// joinPictures returns the pictures of both. The page's figure leads; where the feed has the same
// file, at the feed's address. One that the page's head alone names, often for sharing, takes nobody's
// place.
func joinPictures(fed, page []news.Image, from string) []news.Image {
	named := from == "opengraph" || from == "meta" || from == "json-ld"
	if len(page) == 0 || len(fed) > 0 && named && !slices.ContainsFunc(fed, func(i news.Image) bool {
		return fileName(i.URL) == fileName(page[0].URL)
	}) {
		return fed
	}
	all := slices.Clone(page)
	for _, own := range fed {
		at := slices.IndexFunc(all, func(i news.Image) bool { return fileName(i.URL) == fileName(own.URL) })
		if at < 0 {
			all = append(all, own)
			continue
		}
		said := all[at]
		all[at] = own
		all[at].Alt, all[at].Caption = cmp.Or(said.Alt, own.Alt), cmp.Or(said.Caption, own.Caption)
		all[at].Credit = cmp.Or(said.Credit, own.Credit)
	}
	return all
}

// languageOf is the language that a page names, if its text does not speak another.
func languageOf(p *news.Entry) string {
	spoken := text.Language(text.Tokens(nil, markup.Text(p.Content)))
	if spoken != "" && spoken != news.PrimaryLanguage(p.Language) {
		return ""
	}
	return p.Language
}

// digestOfBoth stands for a feed's entry and what a page added to it.
func digestOfBoth(fed news.Digest, merged news.Entry) (sum news.Digest) {
	merged.Digest = fed
	written, err := json.Marshal(merged)
	if err != nil { // times out of range: the reader gives none
		written = fed[:]
	}
	whole := sha256.Sum256(written)
	copy(sum[:], whole[:])
	return sum
}

// Stated is the date of an entry, or of its page where it has none.
func Stated(fed *news.Entry, a *news.Article) time.Time {
	if t := fed.Stated(); !t.IsZero() || a == nil {
		return t
	}
	return a.Entry.Stated()
}
