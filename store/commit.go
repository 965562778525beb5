package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"
)

// together is how many waiting changes one transaction takes at most. Under load
// they share the cost of reaching the disk; alone, none waits for others.
const together = 64

// patience is how long a change waits, at most, for as many others as came with
// the one before.
const patience = 20 * time.Millisecond

// job is a change that waits for the writer.
type job struct {
	ctx  context.Context
	run  func(*bolt.Tx) error // nil: nothing is to be done, but after what came before
	done chan error           // nil: nobody waits
}

// update runs a change in a transaction, all or nothing, and returns when it is
// on the disk. If ctx ends before it was begun, nothing is changed.
func (s *Store) update(ctx context.Context, run func(*bolt.Tx) error) error {
	j := &job{ctx, run, make(chan error, 1)}
	if err := s.enqueue(j); err != nil {
		return err
	}
	return <-j.done
}

// later runs a change as update does, without waiting for it.
func (s *Store) later(ctx context.Context, run func(*bolt.Tx) error) error {
	s.behind.Add(1)
	err := s.enqueue(&job{ctx: ctx, run: run})
	if err != nil {
		s.behind.Add(-1)
	}
	return err
}

// Flush returns when everything that was changed before is on the disk.
func (s *Store) Flush(ctx context.Context) error { return s.update(ctx, nil) }

func (s *Store) enqueue(j *job) error {
	if err := s.late.Swap(nil); err != nil {
		return *err
	}
	select {
	case s.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// tell gives a job's result to who waits for it. That of one that nobody waits for
// is kept for the next, if it is a fault of the store's.
func (s *Store) tell(j *job, err error) {
	if j.done != nil {
		j.done <- err
		return
	}
	s.behind.Add(-1)
	if err != nil && j.ctx.Err() == nil {
		s.late.Store(&err)
	}
}

// write is the store's one writer. It ends when jobs is closed.
func (s *Store) write() {
	defer close(s.done)
	for first := range s.jobs {
		s.commit(s.gather(first))
		s.ease()
	}
}

// easing is how often the mapped file is taken out of memory, at most.
const easing = 250 * time.Millisecond

// ease keeps what this process has in memory from growing with the file: bbolt
// reads it through a mapping, of which each page that was ever read would stay.
func (s *Store) ease() {
	if time.Since(s.eased) < easing {
		return
	}
	s.eased = time.Now()
	_ = s.db.View(func(tx *bolt.Tx) error { // within it, the mapping stays where it is
		unmap(s.db.Info().Data, uintptr(tx.Size()))
		return nil
	})
}

// gather brings together the changes that share a transaction with one: those that
// wait already, and for a moment as many as the last time.
func (s *Store) gather(first *job) []*job {
	batch := []*job{first}
	defer func() { s.gathered = len(batch) }()
	moment := time.NewTimer(patience)
	defer moment.Stop()
	for len(batch) < together {
		j, ok := s.another(len(batch) < s.gathered, moment.C)
		if !ok {
			return batch
		}
		batch = append(batch, j)
	}
	return batch
}

// another is one more change: one that waits already, or with patience one that
// comes before its end.
func (s *Store) another(patient bool, end <-chan time.Time) (j *job, ok bool) {
	if !patient {
		select {
		case j, ok = <-s.jobs:
		default:
		}
		return j, ok
	}
	select {
	case j, ok = <-s.jobs:
	case <-end:
	}
	return j, ok
}

// commit runs changes in one transaction. One that fails is taken out and told,
// and the others run again without it.
func (s *Store) commit(batch []*job) {
	for len(batch) > 0 {
		failed := -1
		err := s.written(func(tx *bolt.Tx) error {
			for n, j := range batch {
				err := j.ctx.Err()
				if err == nil && j.run != nil {
					err = j.run(tx)
				}
				if err != nil {
					failed = n
					return err
				}
			}
			return nil
		})
		s.passing.keep(err == nil)
		if failed < 0 {
			for _, j := range batch {
				s.tell(j, err)
			}
			return
		}
		s.tell(batch[failed], err)
		batch = append(batch[:failed:failed], batch[failed+1:]...)
	}
}
