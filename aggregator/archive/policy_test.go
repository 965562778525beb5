package archive

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/news"
)

func TestTextsStayForTwoYearsAndForTheAgeOfTheFeed(t *testing.T) {
	const day = 24 * time.Hour
	for maxAge, want := range map[time.Duration]time.Duration{30 * day: 730 * day, 730 * day: 730 * day,
		1000 * day: 1000 * day} {
		if before := PruneBefore(noon, maxAge); !before.Equal(noon.Add(-want)) {
			t.Errorf("with a feed of %v: before %v, want %v", maxAge, noon.Sub(before), want)
		}
	}
}

func TestAPrunedStoryKeepsWhatItIsKnownBy(t *testing.T) {
	s := &news.Story{
		ID: "a", PublicID: "tag:a", Published: noon.Add(-time.Hour), Notes: []news.Note{{}},
		Items: []*news.Item{{Number: 7, Entry: news.Entry{
			GUID: "g", URL: "https://ajo.example/rain", Title: "Rain", Summary: "<p>In short.</p>",
			Content: "<p>At length.</p>",
			Images:  []news.Image{{URL: "https://ajo.example/rain.jpg"}}, Podcast: &news.Podcast{Episode: 3},
		}}},
	}
	PruneStory(s, noon)
	e := s.Items[0].Entry
	if e.Summary+e.Content != "" || e.Images != nil || e.Podcast != nil || s.Notes != nil {
		t.Errorf("too much is left: %+v, %+v", e, s.Notes)
	}
	if e.GUID != "g" || e.URL != "https://ajo.example/rain" || e.Title != "Rain" || s.ID != "a" ||
		s.PublicID != "tag:a" || !s.Published.Equal(noon.Add(-time.Hour)) {
		t.Errorf("too much is gone: %+v of %+v", e, s)
	}
	if !s.Pruned.Equal(noon) || !s.Changed.Equal(noon) || !s.Items[0].Pruned.Equal(noon) {
		t.Errorf("pruned %v, changed %v, its item %v", s.Pruned, s.Changed, s.Items[0].Pruned)
	}
}

func TestADocumentsDateMovesWithItsBytesAndOnlyThen(t *testing.T) {
	var date DocumentDate
	for n, c := range []struct {
		digest  string
		changed time.Duration // after noon
		want    time.Duration
	}{
		{"a", time.Hour, time.Hour},
		{"a", 2 * time.Hour, time.Hour},
		{"b", 3*time.Hour + time.Millisecond, 3 * time.Hour},
		{"c", 3 * time.Hour, 3*time.Hour + time.Second},
		{"a", time.Hour, 3*time.Hour + 2*time.Second},
		{"a", 9 * time.Hour, 3*time.Hour + 2*time.Second},
	} {
		date = DateDocument(date, news.Print{Name: "feed", Digest: c.digest, Changed: noon.Add(c.changed)})
		if date.Digest != c.digest || !date.Since.Equal(noon.Add(c.want)) {
			t.Errorf("%d: %s changed %v after noon is since %v after it, want %v", n, c.digest, c.changed,
				date.Since.Sub(noon), c.want)
		}
	}
}

func TestTheOlderHalfOfTheDatesOfFilteredDocumentsGoes(t *testing.T) {
	dates := map[string]DocumentDate{"/feed.rss": {Since: noon.Add(-time.Hour)}}
	for n := range 5 {
		dates[fmt.Sprint("/feed.rss?topic=", n)] = DocumentDate{Since: noon.Add(time.Duration(n) * time.Minute)}
	}
	if have := DatesToDrop(dates); !slices.Equal(have, []string{"/feed.rss?topic=0", "/feed.rss?topic=1"}) {
		t.Errorf("%q go", have)
	}
}

func TestStoriesAreNumberedInTheirTurnsAndWrittenInTheirPlaces(t *testing.T) {
	turn := func(story uint64, published int64, key uint64, live bool) Turn {
		return Turn{Turn: compose.Turn{Published: published, Key: key}, Live: live, Story: story}
	}
	list := []Turn{turn(1, 300, 1, true), turn(2, 200, 2, true), turn(3, 100, 3, false), turn(4, 100, 4, true),
		turn(9, 400, 5, true), turn(5, 500, 5, true)}
	ordered, last := OrderTurns(list, 10)
	var have []string
	for _, of := range ordered {
		have = append(have, fmt.Sprint(of.Story, ":", of.Sequence))
	}
	// 9 and 5 are to have an id of one key, so they come first, in their turns; 3 is not live.
	if want := []string{"9:14", "5:15", "1:13", "2:12", "3:0", "4:11"}; !slices.Equal(have, want) || last != 15 {
		t.Errorf("%q to %d, want %q", have, last, want)
	}
	if list[0].Sequence != 0 {
		t.Error("the list that was given was changed")
	}
	if none, last := OrderTurns(nil, 10); len(none) > 0 || last != 10 {
		t.Errorf("%v to %d", none, last)
	}
}

func TestPublishedStoriesAreCountedByStatusFlagsAndEdges(t *testing.T) {
	s := &news.Story{
		IDAssignedAt: noon, Status: news.Live, Flags: []news.Flag{{}, {}},
		Edges: []news.Edge{{Rule: "J1", Confidence: "certain"}, {Rule: "J5", Confidence: "probable"},
			{Rule: "J1", Confidence: "certain"}},
	}
	counts := map[string]int{}
	AddCounts(counts, s, 1)
	AddCounts(counts, nil, 1)
	AddCounts(counts, &news.Story{Status: news.Live}, 1)
	for name, want := range map[string]int{"status live": 1, "flags": 2, "edge J1 certain": 2, "edge J5 probable": 1} {
		if counts[name] != want {
			t.Errorf("%d of %q, want %d", counts[name], name, want)
		}
	}
	AddCounts(counts, s, -1)
	for name, n := range counts {
		if n != 0 {
			t.Errorf("%d of %q are left", n, name)
		}
	}
}

func TestJudgementsAreCountedByWeek(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2031, 2, day, 23, 0, 0, 0, time.UTC) } // the 3rd is a Monday
	have := CountJudgements([]news.Ruling{
		{When: at(9), Judged: []string{"right J5"}}, {When: at(3), Judged: []string{"wrong J5", "right J5"}},
		{When: at(10), Judged: []string{"right J5"}}, {When: at(4)},
	})
	monday := time.Date(2031, 2, 3, 0, 0, 0, 0, time.UTC)
	want := []Judgement{{monday, "right J5", 2}, {monday, "wrong J5", 1}, {monday.AddDate(0, 0, 7), "right J5", 1}}
	if !slices.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
}
