// Package archive decides what is in the feed documents and what in the archive: the window of the
// merged feed, when archive documents close, in which order stories are settled, when their texts
// are pruned, and which date a document has. It reads no store and no clock: the store gives it
// places of its lists, in order, and does what it says.
package archive

import (
	"iter"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// maxAhead is how long after it was last touched a story may be dated at most: its date may be
// ahead of the visit that brought it.
const maxAhead = 7*24*time.Hour + time.Hour

// Recent is a story's place in the list of those that were last published or modified, the latest
// first. Its times are to the millisecond.
type Recent struct {
	Story              uint64
	Touched, Published time.Time
}

// Loader gives the story of a number, with its items where the caller needs them; nil if it is to
// be left out.
type Loader func(story uint64) (*news.Story, error)

// SelectWindow gives what belongs into the merged feed: of the stories that were published at most
// maxAge before the newest of all, the n that were last published or modified, and at most n that
// are only filed in the archive; both in the order of documents. It asks for no more of the list
// than it needs, and fails as load does.
func SelectWindow(list iter.Seq[Recent], load Loader, n int, newest time.Time,
	maxAge time.Duration) (news.Window, error) {
	var w news.Window
	oldest := newest.Add(-maxAge)
	for place := range list {
		if len(w.Stories) >= n || place.Touched.Before(oldest.Add(-maxAhead)) {
			break // what follows is older, too
		}
		if place.Published.Before(oldest.Truncate(time.Millisecond)) {
			continue
		}
		story, err := load(place.Story)
		switch {
		case err != nil:
			return w, err
		case story == nil:
		case story.Status != news.Live:
			w.Left = append(w.Left, story)
		case story.Published.Before(oldest): // by less than the list can tell
		case !story.ArchiveOnly:
			w.Stories = append(w.Stories, story)
		case len(w.Filed) < n:
			w.Filed = append(w.Filed, story)
		}
	}
	slices.SortFunc(w.Stories, news.CompareNewest)
	slices.SortFunc(w.Filed, news.CompareNewest)
	return w, nil
}

// Numbered is a place in the order of publication: of a story, or of one that has ended since, when
// Story is 0.
type Numbered struct {
	Number uint64
	Story  uint64
}

// CloseRuns divides the places that are in no closed archive document yet into runs, and gives the
// last number of each run that is to become one: it holds half of n places, or one of its live
// stories is not among those shown in the merged feed, or has passed half of maxAge counted from
// the newest. So every live story is in the feed or in a closed document. It fails as load does.
func CloseRuns(list iter.Seq[Numbered], load Loader, shown map[uint64]bool, n int, newest time.Time,
	maxAge time.Duration) ([]uint64, error) {
	var ends []uint64
	count, due, end := 0, false, uint64(0)
	for place := range list {
		end = place.Number
		count++
		if place.Story != 0 {
			story, err := load(place.Story)
			if err != nil {
				return nil, err
			}
			if story != nil && story.Status == news.Live {
				due = due || !shown[story.Number] || story.Published.Before(newest.Add(-maxAge/2))
			}
		}
		if count >= max(1, n/2) {
			ends = append(ends, end)
			count, due = 0, false
		}
	}
	if due {
		ends = append(ends, end)
	}
	return ends, nil
}

// Dated is a story's place in the list of published stories, the newest first.
type Dated struct {
	Story     uint64
	Published time.Time // to the millisecond
}

// CountByDay counts the live stories of each of a number of days in UTC, the earliest day first.
// The last day is that of the newest story. It fails as load does.
func CountByDay(list iter.Seq[Dated], load Loader, days int,
	newest time.Time) (last time.Time, counts []int, err error) {
	counts = make([]int, days)
	if newest.IsZero() {
		return last, counts, nil
	}
	last = newest.UTC().Truncate(24 * time.Hour)
	for place := range list {
		day := int(last.Sub(place.Published.Truncate(24*time.Hour)) / (24 * time.Hour))
		if day >= days {
			break
		}
		story, err := load(place.Story)
		if err != nil {
			return last, nil, err
		}
		if story != nil && day >= 0 && story.Status == news.Live {
			counts[days-1-day]++
		}
	}
	return last, counts, nil
}
