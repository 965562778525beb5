package store

import (
	"errors"
	"path/filepath"
	"testing"

	"fronteras/store/storetest"
)

// A claim that finds its visit taken shares a transaction with visits that are saved. If it undid
// that, each of those would be resolved twice.
func TestAChangeWithNothingToWriteUndoesNoOther(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	runs := 0
	var batch []*job
	add := func(run func(txn) error) {
		batch = append(batch, &job{ctx: t.Context(), run: run, done: make(chan error, 1)})
	}
	count := func(tx txn) error {
		runs++
		return tx.Bucket(bucketFeeds).Put([]byte("https://ajo.example/rss"), numberKey(7))
	}
	nothing := func(txn) error { return errNothing }
	broken := errors.New("broken")
	add(count)
	add(nothing)
	s.commitBatch(batch)
	if runs != 1 {
		t.Errorf("what shares a transaction with a change that has nothing to write ran %d times", runs)
	}
	for n, j := range batch {
		if err := <-j.done; err != nil {
			t.Errorf("change %d got %v", n, err)
		}
	}

	// One that fails is still taken out.
	batch = nil
	add(count)
	add(func(txn) error { return broken })
	add(nothing)
	s.commitBatch(batch)
	for n, want := range []error{nil, broken, nil} {
		if err := <-batch[n].done; !errors.Is(err, want) {
			t.Errorf("change %d got %v, want %v", n, err, want)
		}
	}

	// Nothing at all leaves the file as it is.
	writes := func() int64 {
		stats := s.db.Stats()
		return stats.TxStats.GetWrite()
	}
	before := writes()
	batch = nil
	add(nothing)
	s.commitBatch(batch)
	if err := <-batch[0].done; err != nil || writes() != before {
		t.Errorf("a change with nothing to write wrote, or got %v", err)
	}
}
