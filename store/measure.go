package store

import (
	"errors"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// measures are what whoever watches the store is told.
type measures struct {
	writing atomic.Int64 // since when a transaction writes, in Unix nanoseconds; 0: none does
	longest atomic.Int64 // view so far, in nanoseconds
}

// Kinds of transactions.
const (
	Reading = "read"
	Writing = "write"
)

// view reads, and measures how long that takes.
func (s *Store) view(read func(*bolt.Tx) error) (err error) {
	begun := time.Now()
	err = s.guarded(func() error { return s.db.View(read) })
	took := time.Since(begun)
	for {
		longest := s.longest.Load()
		if int64(took) <= longest || s.longest.CompareAndSwap(longest, int64(took)) {
			break
		}
	}
	s.observe(Reading, took)
	return err
}

// written writes, and measures how long that takes.
func (s *Store) written(write func(*bolt.Tx) error) error {
	begun := time.Now()
	s.writing.Store(begun.UnixNano())
	defer s.writing.Store(0)
	ended := make(chan struct{})
	go ease(s.db, &s.eased, ended)
	err := unwritable(s.guarded(func() error { return s.db.Update(write) }))
	close(ended)
	s.observe(Writing, time.Since(begun))
	return err
}

func (s *Store) observe(kind string, took time.Duration) {
	if s.observer != nil {
		s.observer(kind, took)
	}
}

// Writing is for how long the transaction that writes now has; 0 if none does.
func (s *Store) Writing() time.Duration {
	begun := s.writing.Load()
	if begun == 0 {
		return 0
	}
	return time.Since(time.Unix(0, begun))
}

// Stats are the store's figures, as metrics show them.
type Stats struct {
	Size, Free  int64         // bytes of the file, and how many of them are free for use
	LongestView time.Duration // that reading took so far
	// Counts are how many published stories there are of each status ("status live"), how
	// many flags they bear ("flags"), and how many edges of each rule and confidence
	// ("edge J1 certain").
	Counts map[string]int
}

// Stats gives the store's figures.
func (s *Store) Stats() (st Stats, err error) {
	err = s.view(func(tx *bolt.Tx) (err error) {
		st.Counts, err = countsOf(tx)
		return err
	})
	var sizes error
	st.Size, st.Free, sizes = s.size()
	st.LongestView = time.Duration(s.longest.Load())
	return st, errors.Join(err, sizes)
}

// size is how many bytes the file has, and how many of them are free.
func (s *Store) size() (size, free int64, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	return size, int64(s.db.Stats().FreePageN) * int64(s.db.Info().PageSize), err
}

// keyCounts is where the counts of published stories are kept.
var keyCounts = []byte("counts")

func countsOf(tx *bolt.Tx) (map[string]int, error) {
	counts := map[string]int{}
	text := tx.Bucket(bucketMeta).Get(keyCounts)
	if text == nil {
		return counts, nil
	}
	return counts, decode(text, &counts)
}

// tally keeps the counts while stories change.
type tally struct{ counts map[string]int }

func tallyOf(tx *bolt.Tx) (*tally, error) {
	counts, err := countsOf(tx)
	return &tally{counts}, err
}

// move brings the counts from what a story was to what it is; nil is none.
func (t *tally) move(before, now *news.Story) {
	count(t.counts, before, -1)
	count(t.counts, now, 1)
}

func (t *tally) keep(tx *bolt.Tx) error { return put(tx.Bucket(bucketMeta), keyCounts, t.counts) }

func count(counts map[string]int, s *news.Story, by int) {
	if s == nil || s.IDAssignedAt.IsZero() {
		return
	}
	counts["status "+string(s.Status)] += by
	counts["flags"] += by * len(s.Flags)
	for _, e := range s.Edges {
		counts["edge "+string(e.Rule)+" "+string(e.Confidence)] += by
	}
}
