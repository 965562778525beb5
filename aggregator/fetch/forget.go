package fetch

import (
	"slices"
	"time"
)

// How much is remembered of what documents name, which may be another name at every visit.
const (
	minSwept = 256     // a map with no more entries is not looked through
	maxNamed = 1 << 12 // entries that nobody configured
)

// sweeper keeps a map from growing with the names that documents make up. Its cost is spread over
// the entries that are added. The zero value is ready for use.
type sweeper struct{ next int } // the size beyond which the map is looked through again

// isDue reports whether a map of that size is to be looked through.
func (s *sweeper) isDue(size int) bool { return size > max(s.next, minSwept) }

// sweepMap drops the entries of a map that are needed no longer, if that is due: neededUntil says
// until when each is, and kept that it stays whatever the time. Of the others there are at most
// maxNamed afterwards; those that would be needed for the shortest time go.
func sweepMap[V any](
	s *sweeper, m map[string]V, now time.Time, neededUntil func(name string, v V) (until time.Time, kept bool),
) {
	if !s.isDue(len(m)) {
		return
	}
	type entry struct {
		name  string
		until time.Time
	}
	var named []entry
	for name, v := range m {
		switch until, kept := neededUntil(name, v); {
		case kept:
		case until.After(now):
			named = append(named, entry{name, until})
		default:
			delete(m, name)
		}
	}
	if len(named) > maxNamed {
		slices.SortFunc(named, func(a, b entry) int { return a.until.Compare(b.until) })
		for _, e := range named[:len(named)-maxNamed*3/4] { // more than is needed: sorting takes its time
			delete(m, e.name)
		}
		named = named[len(named)-maxNamed*3/4:]
	}
	s.next = min(2*len(m), len(m)-len(named)+maxNamed)
}
