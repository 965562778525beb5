package command

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// Each case is a block: what is asked, of which stories, and the commands that decide it, whole.
func TestFlaggedStoriesAreShownWithTheCommandsThatDecideThem(t *testing.T) {
	since := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
	story := func(id string, status news.Status, station string) flaggedStory {
		return flaggedStory{ID: id, Title: "Rain at last", Status: status, Stations: []string{"Radio " + station},
			Makers: []string{station}}
	}
	for name, c := range map[string]struct {
		of   flaggedCase
		want string
	}{
		"a pair": {flaggedCase{
			Case: caseAnswer{ID: "7", Kind: news.CasePair, State: news.CaseOpen, Since: since,
				Why: "Their headlines are equal."},
			Stories: []flaggedStory{story("a", news.Live, "ajo"), story("b", news.Live, "kmsa")},
		}, `Case 7: pair, open since 2031-02-04 12:00
  Their headlines are equal.
  a  Rain at last (Radio ajo)
  b  Rain at last (Radio kmsa)
    fronteras apart a b
    fronteras join a b --origin ajo
    fronteras join a b --origin kmsa
    fronteras join a b --origin none
    fronteras hold a b
    fronteras dismiss 7
`},
		"a killed story": {flaggedCase{
			Case: caseAnswer{ID: "8", Kind: news.CaseKilled, State: news.CaseOpen, Since: since,
				Why: "It was killed."},
			Stories: []flaggedStory{story("a", news.Held, "ajo")},
		}, `Case 8: killed, open since 2031-02-04 12:00
  It was killed.
  a  [held] Rain at last (Radio ajo)
    fronteras retract a --reason TEXT
    fronteras hold a
    fronteras release a --although-killed
    fronteras dismiss 8
`},
		"a flood": {flaggedCase{
			Case: caseAnswer{ID: "9", Kind: news.CaseFlood, State: news.CaseOpen, Since: since, Feed: "https://ajo.example/rss",
				Why: "It brought more than it does."},
			Stories: []flaggedStory{story("a", news.Held, "ajo")},
		}, `Case 9: flood, open since 2031-02-04 12:00, https://ajo.example/rss
  It brought more than it does.
  a  [held] Rain at last (Radio ajo)
    fronteras release https://ajo.example/rss
    fronteras retract https://ajo.example/rss --reason TEXT
    fronteras dismiss 9
`},
	} {
		var b bytes.Buffer
		if err := printFlagged(&b, []flaggedCase{c.of, c.of}); err != nil {
			t.Fatal(err)
		}
		if want := c.want + "\n" + c.want; b.String() != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, b.String(), want)
		}
	}
	const words = "\x1b[2JClear"
	var b bytes.Buffer
	_ = printFlagged(&b, []flaggedCase{{Case: caseAnswer{Why: words}, Stories: []flaggedStory{{Title: words}}}})
	if strings.Contains(b.String(), "\x1b") {
		t.Errorf("a station's words reach the terminal as they are: %q", b.String())
	}
}
