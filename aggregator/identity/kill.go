package identity

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// killed recognises a wire's notice that a story is withdrawn, in a headline or a
// first line.
var killed = regexp.MustCompile(`^(?:(?:MANDATORY\s+)?KILL\b\s*[:–—-]?\s*|BC-\S*KILL\S*\s*[:–—-]?\s*|(?i:story\s+withdrawn\b)\s*[:–—.-]?\s*)`)

// notice is what a wire's notice says is withdrawn: the headline; "" where an
// item is no notice.
func (f *fold) notice(i *news.Item) (title string, is bool) {
	lines := []string{i.Entry.Title}
	if p := f.prose(i); len(p.blocks) > 0 {
		lines = append(lines, afterDateline(p.blocks[0].Text))
	}
	for _, line := range lines {
		if m := killed.FindString(line); m != "" {
			rest := strings.TrimSpace(line[len(m):])
			if rest == "" {
				rest = strings.TrimSpace(killed.ReplaceAllString(i.Entry.Title, ""))
			}
			return rest, true
		}
	}
	return "", false
}

// afterDateline is a line without the dateline that begins it.
func afterDateline(line string) string {
	if !strings.Contains(line, "(") {
		return line
	}
	return strings.TrimSpace(dateline.ReplaceAllString(line, ""))
}

// kill acts on a wire's notice. It is second-hand, so it withdraws nothing: that
// source's stories of the last days with a like headline wait for an editor, and
// the notice itself is never published.
func (f *fold) kill(i *news.Item) {
	title, is := f.notice(i)
	if !is {
		return
	}
	switch {
	case i.Story == 0:
		i.Hold = &news.ItemHold{Kind: waitNotice, Since: i.FirstSeen}
	case i.Hold == nil: // a story that was turned into the notice
		i.Hold = &news.ItemHold{Kind: waitKill, Since: f.arrival.At}
	}
	t := f.tell(i)
	want := titleWords(title)
	for _, m := range t.credit.makers {
		if m.Outside == "" {
			continue
		}
		for _, word := range longestWords(want) {
			for _, n := range f.reader.Find(wireKey(m.Outside, word), found) {
				other := f.item(n)
				if n != i.Number && similarity(f.headlineOf(other).words, want) >= similarTitle {
					f.holdStory(other)
				}
			}
		}
	}
}

// holdStory makes every item of a story wait, as its source says that it is withdrawn.
func (f *fold) holdStory(i *news.Item) {
	items := []*news.Item{i}
	if i.Story != 0 {
		items = append(items, f.itemsOf(i.Story)...)
	}
	for _, o := range items {
		if o = f.item(o.Number); o.Hold == nil && !slices.Contains(f.seeds, o) {
			o.Hold = &news.ItemHold{Kind: waitKill, Since: f.arrival.At}
			f.touched[o.Number] = true
		}
	}
}

// killedBy makes a wire's story wait for which a notice came first: the order of
// visits decides nothing.
func (f *fold) killedBy(t *telling) {
	if t.Hold != nil || f.arrival.At.Sub(t.FirstSeen) > textReach {
		return
	}
	for _, m := range t.credit.makers {
		if m.Outside == "" {
			continue
		}
		for _, word := range longestWords(t.headline.words) {
			for _, n := range f.reader.Find(wireKey(m.Outside, word), found) {
				other := f.item(n)
				if title, is := f.notice(other); is && n != t.Number && similarity(titleWords(title), t.headline.words) >= similarTitle {
					t.Hold = &news.ItemHold{Kind: waitKill, Since: f.arrival.At}
					f.touched[t.Number] = true
					return
				}
			}
		}
	}
}
