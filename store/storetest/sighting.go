package storetest

import (
	"fmt"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// reporterIsSeenElsewhere has a reporter of many stories at one station appear at a second one,
// after the store was closed: then nobody is named as having made them.
func reporterIsSeenElsewhere(t *testing.T, tr *trial) {
	signed := func(station, slug, title string, at time.Time) news.Entry {
		e := Entry(station, slug, title, at)
		e.Byline, e.Authors = "Rosa Vidal", []news.Person{{Name: "Rosa Vidal"}}
		return e
	}
	var entries []news.Entry
	for n := range 200 { // more than one key leads to
		slug := fmt.Sprint("piece-", n)
		entries = append(entries, signed("ajo", slug, "News of "+slug, Begin.Add(-time.Duration(n)*time.Minute)))
	}
	tr.saveDocument(Feeds[0], Begin, entries...)
	tr.settleStories(Begin)
	for _, e := range entries {
		if s := tr.storyWithGUID(e.GUID); !s.Origin.Made("ajo") {
			t.Errorf("alone, %s is made by %+v", e.GUID, s.Origin)
		}
	}
	tr.close()
	tr.open()
	second := signed("kmsa", "dam", "Another dam is built", Begin)
	tr.saveDocument(Feeds[1], Begin.Add(time.Hour), second)
	tr.settleStories(Begin.Add(time.Hour))
	for _, e := range append(entries, second) {
		if s := tr.storyWithGUID(e.GUID); s.Origin != nil || s.Unstated == "" {
			t.Errorf("at two stations, %s is made by %+v (%q)", e.GUID, s.Origin, s.Unstated)
		}
	}
}
