package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// observeOccurrences notes which rules, flags and holds there are now.
func (p *player) observeOccurrences() {
	for _, s := range p.allStories() {
		if s.Origin == nil {
			p.seen[string(news.O6)] = true
		} else {
			p.seen[string(s.Origin.Rule)] = true
		}
		for _, e := range s.Edges {
			p.seen[string(e.Rule)] = true
		}
		for _, r := range s.Rejected {
			p.seen[string(r.Veto)] = true
		}
		for _, g := range s.Flags {
			p.seen[string(g.Kind)] = true
		}
		for _, i := range s.Items {
			if i.Hold != nil {
				p.seen[held+string(i.Hold.Kind)] = true
			}
		}
	}
	for _, f := range p.allFeeds() {
		for _, kind := range p.flagKindsOf(f.URL) {
			p.seen[kind] = true
		}
	}
}

// describeOutcome lists the stories of the desk, each with what holds its items in it and
// which joins were refused, then the flags of the feeds.
func (p *player) describeOutcome() []string {
	blocks, single := groupAlike(p.allStories())
	for _, s := range single {
		var lines []string
		for _, i := range s.Items {
			e := s.Edge(i.Number)
			lines = append(lines, fmt.Sprintf("\n\t%s %s %s", describeItem(i), e.Rule, e.Confidence))
		}
		for _, r := range s.Rejected {
			lines = append(lines, fmt.Sprintf("\n\t%s not with %s: %s", describeItem(s.Item(r.Item)), r.With,
				strings.TrimSpace(string(r.Rule+" "+r.Veto))))
		}
		slices.Sort(lines)
		blocks = append(blocks, summarizeStory(s)+strings.Join(lines, ""))
	}
	slices.Sort(blocks)
	for _, f := range p.allFeeds() {
		if kinds := p.flagKindsOf(f.URL); len(kinds) > 0 {
			blocks = append(blocks, "feed "+strings.TrimPrefix(f.URL, "https://")+" !"+strings.Join(kinds, " !"))
		}
	}
	return strings.Split(strings.Join(blocks, "\n"), "\n")
}

// describeItem names an item as scenarios do.
func describeItem(i *news.Item) string {
	return i.Station + "/" + cmp.Or(i.Entry.URL[strings.LastIndexByte(i.Entry.URL, '/')+1:], i.Entry.GUID,
		i.Entry.Title)
}

// summarizeStories shows each story in a line, sorted. Of many that are alike it shows how
// many there are.
func summarizeStories(stories []*news.Story) []string {
	lines, single := groupAlike(stories)
	for _, s := range single {
		lines = append(lines, summarizeStory(s))
	}
	slices.Sort(lines)
	return lines
}

// groupAlike counts the stories "of many", those of one kind in a line, and lists the others.
func groupAlike(stories []*news.Story) (lines []string, single []*news.Story) {
	counts := map[string]int{}
	for _, s := range stories {
		text, headline, _ := strings.Cut(summarizeStory(s), " | ")
		if strings.Contains(headline, " of many") {
			counts[text]++
		} else {
			single = append(single, s)
		}
	}
	for text, n := range counts {
		lines = append(lines, fmt.Sprintf("%d × %s", n, text))
	}
	return lines, single
}

// summarizeStory shows a story in a line: who made it, by what rule; its items, the shown
// one starred, each with its rule; what is special; its flags; its headline.
func summarizeStory(s *news.Story) string {
	origin := "?"
	if s.Origin != nil {
		origin = cmp.Or(s.Origin.Station, s.Origin.Outside)
		for _, w := range s.Origin.With {
			origin += "+" + cmp.Or(w.Station, w.Outside)
		}
		origin += " " + string(s.Origin.Rule)
	}
	var items []string
	for _, i := range s.Items {
		text := i.Station + " " + string(s.Edge(i.Number).Rule)
		if i.Number == s.LeadItem {
			text = i.Station + "* " + string(s.Edge(i.Number).Rule)
		}
		if i.Gone {
			text += " gone"
		}
		items = append(items, text)
	}
	slices.Sort(items)
	line := origin + ": " + strings.Join(items, ", ")
	if s.Status != news.Live {
		line += " " + string(s.Status)
	}
	if s.ArchiveOnly {
		line += " filed"
	}
	for _, g := range s.Flags {
		line += " !" + string(g.Kind)
	}
	return line + " | " + s.Item(s.LeadItem).Entry.Title
}
