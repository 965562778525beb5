package web

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxDates is how many documents' dates are remembered.
const maxDates = 4096

// dates says since when documents that are rendered on demand are what they are: since their stories
// changed last, which is the same after a restart. A document that has other bytes at the same date
// gets a later one: who asks by date is not to keep the old. The zero value is ready for use.
type dates struct {
	mu sync.Mutex
	of map[cacheKey]documentDate
}

// documentDate is a document's bytes, and since when they are what they are.
type documentDate struct {
	digest [sha256.Size]byte
	since  time.Time
}

// setDate gives a file its date, before it is served.
func (d *dates) setDate(key cacheKey, f *file) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before, known := d.of[key]
	switch {
	case !known || f.modified.After(before.since):
	case f.digest == before.digest:
		f.setDate(before.since)
	default:
		f.setDate(before.since.Add(time.Second))
	}
	if d.of == nil {
		d.of = map[cacheKey]documentDate{}
	}
	if !known && len(d.of) >= maxDates {
		for other := range d.of { // any
			delete(d.of, other)
			break
		}
	}
	d.of[key] = documentDate{f.digest, f.modified}
}
