package archive

import (
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

var noon = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// loaderOf loads stories by their numbers.
func loaderOf(stories ...*news.Story) Loader {
	return func(n uint64) (*news.Story, error) {
		for _, s := range stories {
			if s.Number == n {
				return s, nil
			}
		}
		return nil, nil
	}
}

// live is a live story that was published before noon.
func live(number uint64, before time.Duration) *news.Story {
	return &news.Story{Number: number, Status: news.Live, Published: noon.Add(-before)}
}

func numbersOf(stories []*news.Story) (list []uint64) {
	for _, s := range stories {
		list = append(list, s.Number)
	}
	return list
}

// recentOf returns the places of stories that were touched at the times they were published.
func recentOf(stories ...*news.Story) iter.Seq[Recent] {
	return func(yield func(Recent) bool) {
		for _, s := range stories {
			at := s.Published.Truncate(time.Millisecond)
			if !yield(Recent{Story: s.Number, Touched: at, Published: at}) {
				return
			}
		}
	}
}

func TestTheWindowHoldsTheLastTouchedWithinItsAge(t *testing.T) {
	const day = 24 * time.Hour
	stories := []*news.Story{live(1, 0), live(2, day), live(3, 2*day), live(4, 3*day), live(5, 9*day)}
	for _, c := range []struct {
		size   int
		maxAge time.Duration
		want   []uint64
	}{
		{100, 1000 * time.Hour, []uint64{1, 2, 3, 4, 5}},
		{2, 1000 * time.Hour, []uint64{1, 2}},
		{100, 2 * day, []uint64{1, 2, 3}},
		{0, 1000 * time.Hour, nil},
	} {
		w, err := SelectWindow(recentOf(stories...), loaderOf(stories...), c.size, noon, c.maxAge)
		if err != nil || !slices.Equal(numbersOf(w.Stories), c.want) || len(w.Filed)+len(w.Left) > 0 {
			t.Errorf("%d within %v: %d, %v, want %d", c.size, c.maxAge, numbersOf(w.Stories), err, c.want)
		}
	}
}

func TestACorrectedStoryIsInTheWindowAtThePlaceOfItsDate(t *testing.T) {
	old, fresh, fresher := live(1, 5*time.Hour), live(2, time.Hour), live(3, 0)
	list := slices.Values([]Recent{
		{Story: 1, Touched: noon.Add(time.Minute), Published: old.Published},
		{Story: 3, Touched: noon, Published: fresher.Published},
		{Story: 2, Touched: fresh.Published, Published: fresh.Published},
	})
	w, err := SelectWindow(list, loaderOf(old, fresh, fresher), 2, noon, 24*time.Hour)
	if err != nil || !slices.Equal(numbersOf(w.Stories), []uint64{3, 1}) {
		t.Errorf("%d, %v", numbersOf(w.Stories), err)
	}
}

func TestTheWindowPartsWithdrawnAndFiledStoriesAndLeavesOutUnreadableOnes(t *testing.T) {
	gone, filed, filedToo := live(1, time.Minute), live(2, 2*time.Minute), live(3, 3*time.Minute)
	gone.Status, filed.ArchiveOnly, filedToo.ArchiveOnly = news.Retracted, true, true
	shown, older, unreadable := live(4, 4*time.Minute), live(6, 6*time.Minute), live(5, 5*time.Minute)
	list := recentOf(gone, filed, filedToo, shown, unreadable, older)
	w, err := SelectWindow(list, loaderOf(gone, filed, filedToo, shown, older), 1, noon, time.Hour)
	if err != nil || !slices.Equal(numbersOf(w.Left), []uint64{1}) || !slices.Equal(numbersOf(w.Filed), []uint64{2}) ||
		!slices.Equal(numbersOf(w.Stories), []uint64{4}) {
		t.Errorf("%d shown, %d filed, %d left, %v", numbersOf(w.Stories), numbersOf(w.Filed), numbersOf(w.Left), err)
	}
	w, err = SelectWindow(list, loaderOf(gone, filed, filedToo, shown, older), 9, noon, time.Hour)
	if err != nil || !slices.Equal(numbersOf(w.Stories), []uint64{4, 6}) {
		t.Errorf("%d shown, %v", numbersOf(w.Stories), err)
	}
}

func TestTheWindowReadsNoMoreOfTheListThanItNeeds(t *testing.T) {
	read := 0
	list := func(yield func(Recent) bool) {
		for n := uint64(1); n < 100; n++ {
			read++
			at := noon.Add(-time.Duration(n) * 24 * time.Hour)
			if !yield(Recent{Story: n, Touched: at, Published: at}) {
				return
			}
		}
	}
	load := func(n uint64) (*news.Story, error) { return live(n, time.Duration(n)*24*time.Hour), nil }
	if w, err := SelectWindow(list, load, 3, noon, 1000*24*time.Hour); err != nil || len(w.Stories) != 3 || read > 4 {
		t.Errorf("%d stories of %d places, %v", len(w.Stories), read, err)
	}
	// A story may be dated a week ahead of when it was touched, so the list is read a week further.
	read = 0
	if w, err := SelectWindow(list, load, 99, noon, 5*24*time.Hour); err != nil || len(w.Stories) != 5 || read != 13 {
		t.Errorf("%d stories of %d places, %v", len(w.Stories), read, err)
	}
}

func TestAnErrorOfTheStoreEndsEachSelection(t *testing.T) {
	broken := errors.New("broken")
	load := func(uint64) (*news.Story, error) { return nil, broken }
	if _, err := SelectWindow(recentOf(live(1, 0)), load, 1, noon, time.Hour); !errors.Is(err, broken) {
		t.Errorf("the window: %v", err)
	}
	if _, err := CloseRuns(slices.Values([]Numbered{{1, 1}}), load, nil, 2, noon, time.Hour); !errors.Is(err, broken) {
		t.Errorf("the runs: %v", err)
	}
	if _, _, err := CountByDay(slices.Values([]Dated{{1, noon}}), load, 1, noon); !errors.Is(err, broken) {
		t.Errorf("the days: %v", err)
	}
}

func TestDocumentsAreInTheOrderOfDateThenFirstSeenThenID(t *testing.T) {
	a := &news.Story{ID: "a", Published: noon, FirstSeen: noon}
	b := &news.Story{ID: "b", Published: noon, FirstSeen: noon}
	later := &news.Story{ID: "c", Published: noon, FirstSeen: noon.Add(time.Second)}
	newer := &news.Story{ID: "d", Published: noon.Add(time.Second), FirstSeen: noon}
	list := []*news.Story{b, a, newer, later}
	slices.SortFunc(list, news.CompareNewest)
	if want := []*news.Story{newer, later, a, b}; !slices.Equal(list, want) {
		t.Errorf("%s %s %s %s", list[0].ID, list[1].ID, list[2].ID, list[3].ID)
	}
}

func TestARunClosesWhenItIsHalfAWindowOrHoldsAnOldOrUnshownStory(t *testing.T) {
	young, old, gone := live(1, time.Hour), live(2, 6*time.Hour), live(3, 9*time.Hour)
	gone.Status = news.Retracted
	load := loaderOf(young, old, gone)
	shown := map[uint64]bool{1: true, 2: true}
	for name, c := range map[string]struct {
		places []Numbered
		shown  map[uint64]bool
		want   []uint64
	}{
		"nothing":                      {nil, shown, nil},
		"one young story":              {[]Numbered{{7, 1}}, shown, nil},
		"half a window":                {[]Numbered{{7, 1}, {8, 1}}, shown, []uint64{8}},
		"more than half":               {[]Numbered{{7, 1}, {8, 1}, {9, 1}}, shown, []uint64{8}},
		"a story past half its age":    {[]Numbered{{7, 2}}, shown, []uint64{7}},
		"a story that is not shown":    {[]Numbered{{7, 1}}, nil, []uint64{7}},
		"a withdrawn story alone":      {[]Numbered{{7, 3}}, shown, nil},
		"a place whose story ended":    {[]Numbered{{7, 0}}, shown, nil},
		"an ended one counts a place":  {[]Numbered{{7, 0}, {8, 1}}, shown, []uint64{8}},
		"an unreadable one":            {[]Numbered{{7, 99}}, shown, nil},
		"a full run and then an old":   {[]Numbered{{4, 1}, {5, 1}, {6, 2}}, shown, []uint64{5, 6}},
		"two runs":                     {[]Numbered{{4, 1}, {5, 1}, {6, 1}, {7, 1}}, shown, []uint64{5, 7}},
		"the old one ends no run":      {[]Numbered{{4, 2}, {5, 1}, {6, 1}}, shown, []uint64{5}},
		"places are not always closed": {[]Numbered{{4, 1}, {9, 1}}, shown, []uint64{9}},
	} {
		if have, err := CloseRuns(slices.Values(c.places), load, c.shown, 4, noon, 10*time.Hour); err != nil ||
			!slices.Equal(have, c.want) {
			t.Errorf("%s: %d, %v, want %d", name, have, err, c.want)
		}
	}
	if have, err := CloseRuns(slices.Values([]Numbered{{7, 1}}), load, shown, 1, noon, 10*time.Hour); err != nil ||
		!slices.Equal(have, []uint64{7}) {
		t.Errorf("of a window of one: %d, %v", have, err)
	}
}

func TestLiveStoriesAreCountedByDay(t *testing.T) {
	var places []Dated
	var stories []*news.Story
	for n, hours := range []int{0, 1, 25, 26, 24 * 9} {
		s := live(uint64(n+1), time.Duration(hours)*time.Hour)
		stories, places = append(stories, s), append(places, Dated{s.Number, s.Published})
	}
	last, counts, err := CountByDay(slices.Values(places), loaderOf(stories...), 3, noon)
	if !last.Equal(noon.Truncate(24*time.Hour)) || !slices.Equal(counts, []int{0, 2, 2}) || err != nil {
		t.Errorf("to %s: %d, %v", last, counts, err)
	}
	stories[1].Status = news.Held
	if _, counts, err = CountByDay(slices.Values(places), loaderOf(stories...), 3, noon); !slices.Equal(counts,
		[]int{0, 2, 1}) || err != nil {
		t.Errorf("with one held: %d, %v", counts, err)
	}
	if last, counts, err = CountByDay(slices.Values(places), loaderOf(stories...), 2, time.Time{}); !last.IsZero() ||
		!slices.Equal(counts, []int{0, 0}) || err != nil {
		t.Errorf("of an empty feed: to %s: %d, %v", last, counts, err)
	}
	// A story that is dated ahead of the newest in the feed is in no day.
	ahead := live(9, -24*time.Hour)
	if _, counts, err = CountByDay(slices.Values([]Dated{{9, ahead.Published}}), loaderOf(ahead), 2,
		noon); !slices.Equal(counts, []int{0, 0}) || err != nil {
		t.Errorf("with one ahead: %d, %v", counts, err)
	}
}
