package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/merge"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

const (
	teaserWords  = 80 // an item with fewer is a teaser
	checkedPages = 2  // the newest items whose article pages check reads
)

// articleAdvice says what is to be done about the texts of a feed: that they are teasers, or how its
// article pages are read.
func articleAdvice(ctx context.Context, r pageReader, f news.Feed, entries []news.Entry) []string {
	if f.Path != "" || len(entries) == 0 {
		return nil
	}
	if !f.WholePages {
		return teaserAdvice(entries)
	}
	newest := slices.Clone(entries)
	slices.SortStableFunc(newest, func(a, b news.Entry) int { return b.Stated().Compare(a.Stated()) })
	var used []*news.Article
	var faults []string
	for _, e := range newest[:min(len(newest), checkedPages)] {
		a, fault := readForCheck(ctx, r, f, &e)
		switch {
		case fault == "":
			used = append(used, a)
		case !slices.Contains(faults, fault):
			faults = append(faults, fault)
		}
	}
	asked := min(len(newest), checkedPages)
	if len(used) == 0 {
		return faults
	}
	return append([]string{usedAdvice(used, asked)}, faults...)
}

// teaserAdvice says that a feed has teasers; nothing where it has not.
func teaserAdvice(entries []news.Entry) []string {
	var counts []int
	for _, e := range entries {
		n := max(len(text.Words(markup.Text(e.Content))), len(text.Words(markup.Text(e.Summary))))
		if n < teaserWords {
			counts = append(counts, n)
		}
	}
	if 4*len(counts) < 3*len(entries) {
		return nil
	}
	slices.Sort(counts)
	return []string{fmt.Sprintf("%d of %s are teasers (%s). Ask the station for whole texts in the feed (Grove can), "+
		"or with its consent write text: page", len(counts), pluralOf(len(entries), "item"),
		pluralOf(counts[len(counts)/2], "word"))}
}

// readForCheck reads the article page of an item; fault says why its text is not used.
func readForCheck(ctx context.Context, r pageReader, f news.Feed, e *news.Entry) (a *news.Article, fault string) {
	if !r.desk.rules.Own(f.Station, e.URL) {
		return nil, "the page of an item is not on a host of the station: add its host to hosts"
	}
	read, err := r.ask(ctx, e.URL)
	switch {
	case errors.Is(err, fetch.ErrForbidden):
		return nil, "robots.txt forbids pages to fronteras: ask the station"
	case err != nil:
		return nil, "a page cannot be read: " + err.Error()
	}
	switch verdict, reason := merge.Judge(e, read.page.Article); verdict {
	case news.VerdictUsed:
		if read.alone != "" {
			return nil, "not published: " + read.alone
		}
		return read.page.Article, ""
	case news.VerdictWrong:
		return nil, "not used: wrong page; write page: {body: …}"
	case news.VerdictPaywall:
		return nil, "not used: paywall (" + reason + "): ask the station for whole texts in the feed"
	default:
		return nil, "not used: short (" + reason + "); write page: {body: …}, if the page has more"
	}
}

// usedAdvice says how the article pages were read that are used.
func usedAdvice(used []*news.Article, asked int) string {
	var ways []string
	words, sounds, pictures, credited := 0, 0, 0, 0
	for _, a := range used {
		words += a.Words
		if !slices.Contains(ways, a.Way) {
			ways = append(ways, a.Way)
		}
		sounds += min(len(a.Entry.Enclosures), 1)
		pictures += min(len(a.Entry.Images), 1)
		if slices.ContainsFunc(a.Entry.Images, func(i news.Image) bool { return i.Credit != "" }) {
			credited++
		}
	}
	said := fmt.Sprintf("text: page: %d of %s read, %s, by %s; audio %d, picture with credit %d",
		len(used), pluralOf(asked, "page"), pluralOf(words/len(used), "word"), strings.Join(ways, " and "),
		sounds, credited)
	if pictures > credited {
		said += fmt.Sprintf(", without %d", pictures-credited)
	}
	return said
}
