package config

import (
	"fmt"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
)

// maxDrops is how many selectors a station may have for what is no part of its pages' texts.
const maxDrops = 32

// readTextSource reads where the texts of feeds come from: their documents, or article pages.
func readTextSource(pages *bool) func(value) {
	return func(v value) {
		var text string
		readText(&text)(v)
		switch text {
		case "page":
			*pages = true
		case "feed", "":
		default:
			v.reportFault("%s found: allowed are feed and page", quoteShort(text))
		}
	}
}

// readPageSelectors reads where the article pages of a station have their text.
func readPageSelectors(to *news.PageSelectors) func(value) {
	return func(v value) {
		m := v.readMapping(fields{
			"body": readText(&to.Body, checkSelector),
			"drop": readTexts(&to.Drop, checkSelector),
		})
		if n := len(to.Drop); n > maxDrops {
			m.valueAt("drop").reportFault("%d selectors found: %d are allowed", n, maxDrops)
		}
	}
}

// settleTextSources says of each feed of a station where its texts come from: what it says itself, by
// place in own, outranks its station. Pages of a feed in a file are not read.
func settleTextSources(m members, s *news.Station, pages bool, own map[int]value) {
	const file = "page found, and the feed is a file: its pages are not read; write text: feed"
	found := false
	for n := range s.Feeds {
		f := &s.Feeds[n]
		at, says := own[n]
		if !says {
			f.WholePages, at = pages, m.valueAt("text")
		}
		if f.WholePages && f.Path != "" {
			at.reportFault(file)
		}
		found = found || f.WholePages
	}
	if m.isWritten("page") && !found {
		m.valueAt("page").reportFault("nothing here has text: page, so it is of no use: write text: page, " +
			"if the station agreed, or leave it out")
	}
}

// checkSelector accepts a selector of CSS.
func checkSelector(s string) error {
	if _, err := page.ParseSelectors(s, nil); err != nil {
		return fmt.Errorf("%w: a CSS selector is needed, such as .story-body", err)
	}
	return nil
}
