package store

import (
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

// How often the mapped file is taken out of memory, at most; and by what takes less
// time than that: each page that is used afterwards has to be found again.
const (
	easing     = 10 * time.Millisecond
	easingRest = 100 * time.Millisecond
)

// ease keeps what this process has in memory from growing with a file, until what
// reads or writes it has ended: bbolt reads it through a mapping, of which each page
// that was ever read would stay. Last is when it was taken out last, in Unix
// nanoseconds.
func ease(db *bolt.DB, last *atomic.Int64, ended <-chan struct{}) {
	first := min(easing, easingRest-time.Since(time.Unix(0, last.Load())))
	for wait := time.NewTimer(first); ; wait.Reset(easing) {
		select {
		case <-wait.C:
		case <-ended:
			wait.Stop()
			return
		}
		last.Store(time.Now().UnixNano())
		_ = db.View(func(tx *bolt.Tx) error { // within it, the mapping stays where it is
			unmap(db.Info().Data, uintptr(tx.Size()))
			return nil
		})
	}
}
