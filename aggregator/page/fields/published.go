package fields

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/page/tree"
)

// dateChoice is a date as a place of the page writes it.
type dateChoice struct {
	written string
	where   string
	isUTC   bool // where it names no zone
}

// date is a time that a page says, and where.
type date struct {
	at    time.Time
	where string
}

// datesOf takes the first dates that can be read.
func datesOf(f *findings) (published, updated date) {
	calendar := dates.SettleCalendar(nil, f.language, f.Location)
	utc := dates.SettleCalendar(nil, f.language, time.UTC)
	first := func(choices []dateChoice) date {
		for _, c := range choices {
			by := calendar
			if c.isUTC {
				by = utc
			}
			for _, written := range datesIn(c.written) {
				if t, ok := by.ReadTime(written); ok {
					return date{t, c.where}
				}
			}
		}
		return date{}
	}
	grove := f.isGrove()
	published = first(slices.Concat(
		jsonDates(f.article, "datePublished", "uploadDate", "dateCreated"),
		layoutDates(f.survey, dateMarks),
		propDates(f.survey, "datePublished", "dateCreated"),
		metaDates(f.survey, fromOpenGraph, grove, "article:published_time", "article:published", "og:published_time",
			"og:article:published_time"),
		metaDates(f.survey, fromMeta, false, "parsely-pub-date", "sailthru.date", "datepublished", "date", "pubdate",
			"publish-date", "publish_date", "publication_date", "dc.date", "dc.date.issued", "dcterms.created",
			"dcterms.issued", "dcterms.date", "article.published", "published_at", "citation_publication_date",
			"cxenseparse:recs:publishtime", "article_date_original", "originalpublicationdate", "displaydate"),
		[]dateChoice{{f.page.text("datePublished"), fromJSONLD, false}},
		nearDates(f),
		timeDates(f),
	))
	updated = first(slices.Concat(
		jsonDates(f.article, "dateModified"),
		layoutDates(f.survey, updateMarks),
		propDates(f.survey, "dateModified"),
		metaDates(f.survey, fromOpenGraph, grove, "article:modified_time", "article:modified", "og:updated_time",
			"article:updated_time"),
		metaDates(f.survey, fromMeta, false, "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
			"lastmod", "revision_date"),
		[]dateChoice{{f.page.text("dateModified"), fromJSONLD, false}},
	))
	return published, updated
}

func jsonDates(article object, names ...string) (all []dateChoice) {
	for _, name := range names {
		all = append(all, dateChoice{article.text(name), fromJSONLD, false})
	}
	return all
}

func propDates(s *survey, names ...string) (all []dateChoice) {
	for _, name := range names {
		for _, n := range s.own(s.props[name]) {
			all = append(all, dateChoice{propValue(n), fromMicrodata, false})
		}
	}
	return all
}

func metaDates(s *survey, where string, isUTC bool, names ...string) (all []dateChoice) {
	for _, name := range names {
		all = append(all, dateChoice{s.meta(name), where, isUTC})
	}
	return all
}

// layoutDates returns the dates that elements of the layout write: for programs, otherwise for
// people.
func layoutDates(s *survey, list []mark) (all []dateChoice) {
	for _, m := range list {
		for _, n := range s.ownMarked(m) {
			written, isMachine := dateOf(n)
			if m.name == ".entry-meta" && !isMachine {
				continue
			}
			all = append(all, dateChoice{written, fromLayout, false})
		}
	}
	return all
}

// dateOf is how an element writes a date, and whether that is for programs.
func dateOf(n *html.Node) (written string, isMachine bool) {
	for at, left := n, maxKept; at != nil && left > 0; left-- {
		if at.Type == html.ElementNode {
			for _, name := range [...]string{"datetime", "data-timestamp", "data-date", "content"} {
				if s := tree.Attribute(at, name); strings.ContainsAny(s, "0123456789") {
					return s, true
				}
			}
		}
		at = tree.Following(at, n, false)
	}
	return shownText(n), false
}

// timeDates returns the dates of the time elements of the story.
func timeDates(f *findings) (all []dateChoice) {
	for n := f.Root; n != nil && len(all) < maxKept; n = tree.Following(n, f.Root, false) {
		if tree.IsElement(n, "time") && !f.isForeign(n) {
			written, _ := dateOf(n)
			all = append(all, dateChoice{written, fromHTML, false})
		}
	}
	return all
}

// datesIn returns what may be a date of a text: all of it, and what stands behind the words that
// introduce a date and before those that introduce another.
func datesIn(s string) []string {
	if s = strings.TrimSpace(s); s == "" || len(s) > maxDateText {
		return nil
	}
	all := []string{s}
	add := func(from int) {
		rest := s[from:]
		if m := nextLabel.FindStringIndex(rest); m != nil && m[0] > 0 {
			rest = rest[:m[0]]
		}
		if rest = strings.Trim(rest, " |•·,-–—:()"); rest != "" && !slices.Contains(all, rest) {
			all = append(all, rest)
		}
	}
	if m := dateLabel.FindStringIndex(s); m != nil {
		add(m[1])
	}
	add(0)
	if at := strings.LastIndex(s, " on "); at >= 0 {
		add(at + len(" on "))
	}
	if m := monthDate.FindString(s); m != "" {
		all = append(all, m)
	}
	return all
}

const maxDateText = 400 // bytes of a text that is asked for a date

var (
	dateLabel = regexp.MustCompile(`(?i)\b(?:first published|published|posted|created|publicad[oa]|fecha|date)\b` +
		`(?:\s+(?:on|at|el))?\s*:?\s+`)
	nextLabel = regexp.MustCompile(`(?i)\s*[|•·(]?\s*\b(?:last updated|updated|modified|actualizad[oa]|by|por)\b`)
	monthDate = regexp.MustCompile(`(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}, \d{4}` +
		`(?:,? (?:at )?\d{1,2}:\d{2} ?[ap]\.?m\.?(?: [A-Z]{2,4})?)?`)
)
