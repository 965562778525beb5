package publish

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// itemWithAudio is the item whose audio is played: the lead item; if that has none, an item of the
// origin's, otherwise the first carrier's.
func itemWithAudio(story *news.Story) *news.Item {
	lead := leadItem(story)
	hasAudio := func(i *news.Item) bool { return slices.ContainsFunc(enclosuresOf(i), isAudio) }
	if hasAudio(lead) {
		return lead
	}
	for _, own := range []bool{true, false} {
		for _, i := range byFirstSeen(story.Items) {
			if !i.Gone && story.Origin.Made(i.Station) == own && hasAudio(i) {
				return i
			}
		}
	}
	return lead
}

func isAudio(s news.Enclosure) bool { return strings.HasPrefix(s.Type, "audio/") }

// enclosuresOf returns an item's enclosures with media types as they are registered: a radio
// station's enclosure of no known type is taken for what most are.
func enclosuresOf(i *news.Item) []news.Enclosure {
	var list []news.Enclosure
	for _, s := range i.Entry.Enclosures {
		switch s.Type = strings.ToLower(s.Type); s.Type {
		case "", "audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg-3", "audio/x-mpeg":
			s.Type = "audio/mpeg"
		}
		list = append(list, s)
	}
	return list
}

// soundsOf returns the enclosures of a story's item. How long one is, and how many bytes it has, another
// telling with the same audio says where the item does not.
func soundsOf(story *news.Story, i *news.Item) []news.Enclosure {
	list := enclosuresOf(i)
	for n := range list {
		s := &list[n]
		if !isAudio(*s) || s.Duration > 0 && s.Length > 0 {
			continue
		}
		for _, other := range tellingsWith(story, i, s.URL) {
			for _, o := range other.Entry.Enclosures {
				if audioKey(o.URL) == audioKey(s.URL) {
					s.Duration, s.Length = cmp.Or(s.Duration, o.Duration), cmp.Or(s.Length, o.Length)
				}
			}
		}
	}
	return list
}

// tellingsWith returns the other items of a story that have the same audio: the origin's first, then in
// the order in which they were seen.
func tellingsWith(story *news.Story, i *news.Item, address string) []*news.Item {
	if len(story.Items) < 2 {
		return nil
	}
	key := audioKey(address)
	list := slices.DeleteFunc(byFirstSeen(story.Items), func(other *news.Item) bool {
		return other == i || other.Gone || !slices.ContainsFunc(other.Entry.Enclosures, func(s news.Enclosure) bool {
			return audioKey(s.URL) == key
		})
	})
	slices.SortStableFunc(list, func(a, b *news.Item) int {
		return ownFirst(story.Origin.Made(a.Station)) - ownFirst(story.Origin.Made(b.Station))
	})
	return list
}

func ownFirst(own bool) int {
	if own {
		return 0
	}
	return 1
}

// audioKey is what spellings of one address of audio have in common: with http and https, and with the
// prefixes that count downloads.
func audioKey(address string) string {
	return cmp.Or(audioLinks().Key(link.Clean("", address)), address)
}

// audioLinks is the table of addresses without a desk's own rules.
var audioLinks = sync.OnceValue(func() *link.Table {
	table, err := link.New(link.Rules{})
	if err != nil { // no rules, none that is wrong
		panic(err)
	}
	return table
})
