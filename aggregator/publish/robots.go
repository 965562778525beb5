package publish

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// What search engines and other crawlers read (RFC 9309, sitemaps.org/protocol.html).
const (
	RobotsPath  = "/robots.txt"
	SitemapPath = "/sitemap.xml" // an index: each file of it holds pages

	typeText       = "text/plain; charset=utf-8"
	typeXML        = "application/xml; charset=utf-8"
	sitemapBegin   = "/sitemap-"
	sitemapEnd     = ".xml"
	maxSitemapURLs = 50_000 // of a file, as the protocol bounds it
)

// Robots writes robots.txt. What is not to be followed are searches and selections, of which there is
// no end; what they list is listed elsewhere.
func Robots(r *Renderer) Document {
	e := &r.Edition
	var b strings.Builder
	if e.Crawlers != "" { // RSL 1.0: it holds for all
		fmt.Fprintf(&b, "License: %s\n\n", e.Crawlers)
	}
	b.WriteString("User-agent: *\n")
	for _, l := range allLocales() {
		fmt.Fprintf(&b, "Disallow: %s\nDisallow: %s\n", e.Path(l.Path("/?")), e.Path(l.Path("/search")))
	}
	fmt.Fprintf(&b, "\nSitemap: %s\n", e.publicAddress(SitemapPath, Selection{}))
	return Document{Type: typeText, Body: []byte(b.String()), Modified: e.Configured}
}

// SitemapPart is the part of the sitemap that an address leads to: the month of that name, or, of the
// empty name, the pages that are of no day.
func SitemapPart(path string) (name string, ok bool) {
	name, begins := strings.CutPrefix(path, sitemapBegin)
	name, ends := strings.CutSuffix(name, sitemapEnd)
	if !begins || !ends || name == "" {
		return "", false
	}
	if name == "pages" {
		return "", true
	}
	return name, true
}

// sitemapIndex is the list of the files of the sitemap.
type sitemapIndex struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Files   []sitemapURL `xml:"sitemap"`
}

// sitemapPages is a file of the sitemap.
type sitemapPages struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []sitemapURL `xml:"url"`
}

// sitemapURL is an address, and when what it shows last changed.
type sitemapURL struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// Sitemap writes the index of the sitemap, for the months that have stories, the latest first.
func Sitemap(r *Renderer, months []Period) (Document, error) {
	e := &r.Edition
	var index sitemapIndex
	add := func(name string, changed time.Time) {
		index.Files = append(index.Files, sitemapURL{
			e.publicAddress(sitemapBegin+name+sitemapEnd, Selection{}), formatKnown(changed),
		})
	}
	newest := latestTime(lastChange(e, Selection{}, e.Stories), lastChange(e, Selection{}, e.Filed),
		lastChange(e, Selection{}, e.Left))
	add("pages", newest)
	for _, month := range months[:min(len(months), maxSitemapURLs-1)] {
		add(month.Name, changedIn(e, month))
	}
	return writeSitemap(index, newest)
}

// changedIn is when a story of a period last changed, as far as the edition tells: of those that
// changed last, it has all.
func changedIn(e *Edition, p Period) (last time.Time) {
	for _, story := range slices.Concat(e.Stories, e.Filed, e.Left) {
		if !story.Published.Before(p.From) && story.Published.Before(p.To) {
			last = latestTime(last, story.Changed)
		}
	}
	return last
}

// DayChanged is a day that has stories, and when one of them last changed.
type DayChanged struct {
	Period
	Changed time.Time
}

// SitemapOfMonth writes the file of the sitemap for the days of a month.
func SitemapOfMonth(r *Renderer, days []DayChanged) (Document, error) {
	var pages sitemapPages
	changed := r.Configured
	for _, day := range days {
		changed = latestTime(changed, day.Changed)
		pages.add(&r.Edition, DayPath(day.Period, 1), day.Changed)
	}
	return writeSitemap(pages, changed)
}

// SitemapOfPages writes the file of the sitemap for the pages that are of no day: those of the desk,
// of stations, and of topics, which are those of the edition and, where the search has older stories,
// others that are known.
func SitemapOfPages(r *Renderer, others []string) (Document, error) {
	e := &r.Edition
	var pages sitemapPages
	newest := latestTime(lastChange(e, Selection{}, e.Stories), lastChange(e, Selection{}, e.Left))
	pages.add(e, "/", newest)
	pages.add(e, ArchivePath(Period{}), newest)
	pages.add(e, "/podcast", newest)
	for _, station := range e.Stations {
		s := Selection{Stations: []string{station.ID}}
		all := slices.Concat(e.Stories, e.Filed, e.Left)
		pages.add(e, StationPath(station.ID), lastChange(e, s, all))
	}
	topics := map[string]time.Time{}
	for _, key := range others {
		topics[key] = time.Time{}
	}
	for _, story := range slices.Concat(e.Stories, e.Filed) {
		for _, name := range leadItem(story).Entry.Topics {
			if key := TopicKey(singleLine(name)); key != "" {
				topics[key] = latestTime(topics[key], story.Changed)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(topics)) {
		if path, ok := TopicPath(key); ok && len(pages.Pages) < maxSitemapURLs {
			pages.add(e, path, topics[key])
		}
	}
	return writeSitemap(pages, newest)
}

func (p *sitemapPages) add(e *Edition, path string, changed time.Time) {
	p.Pages = append(p.Pages, sitemapURL{e.publicAddress(path, Selection{}), formatKnown(changed)})
}

// writeSitemap writes a document of the sitemap.
func writeSitemap(value any, changed time.Time) (Document, error) {
	text, err := xml.MarshalIndent(value, "", " ")
	if err != nil {
		return Document{}, fmt.Errorf("sitemap: %w", err)
	}
	return Document{Type: typeXML, Body: []byte(xml.Header + string(text) + "\n"), Modified: changed}, nil
}

// formatKnown is a time as documents write it; empty if it is not known.
func formatKnown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return formatISO(t)
}
