package store

import (
	"time"

	bolt "go.etcd.io/bbolt"
)

// easing is how often the mapped file is taken out of memory, at most.
const easing = 10 * time.Millisecond

// ease keeps what this process has in memory from growing with the file while a
// transaction writes, until it has ended: bbolt reads the file through a mapping, of
// which each page that was ever read would stay.
func (s *Store) ease(ended <-chan struct{}) {
	for {
		wait := time.NewTimer(easing - time.Since(time.Unix(0, s.eased.Load())))
		select {
		case <-wait.C:
		case <-ended:
			wait.Stop()
			return
		}
		s.eased.Store(time.Now().UnixNano())
		_ = s.db.View(func(tx *bolt.Tx) error { // within it, the mapping stays where it is
			unmap(s.db.Info().Data, uintptr(tx.Size()))
			return nil
		})
	}
}
