package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Bounds of a transaction. Under load, changes share the cost of reaching the disk;
// alone, none that somebody waits for waits for others.
const (
	together = 256 // changes at most
	heaviest = 400 // entries in them, about: more would fill the memory, and save nothing

	// How long a change waits for others, at most: one for which there is time, as
	// at the end of a visit, longer, as long as others come. Where few came the last
	// time, none waits that somebody waits for.
	patience = 20 * time.Millisecond
	leisure  = 300 * time.Millisecond
	gap      = 20 * time.Millisecond // none comes any more
	many     = 4
)

// job is a change that waits for the writer.
type job struct {
	ctx     context.Context
	run     func(*bolt.Tx) error // nil: nothing is to be done, but after what came before
	done    chan error           // nil: nobody waits
	patient bool                 // there is time
	entries int                  // that it brings
}

// update runs a change in a transaction, all or nothing, and returns when it is
// on the disk. If ctx ends before it was begun, nothing is changed.
func (s *Store) update(ctx context.Context, run func(*bolt.Tx) error) error {
	return s.finish(&job{ctx: ctx, run: run})
}

// finish runs a change as update does.
func (s *Store) finish(j *job) error {
	j.done = make(chan error, 1)
	if err := s.enqueue(j); err != nil {
		return err
	}
	return <-j.done
}

// later runs a change as update does, without waiting for it.
func (s *Store) later(ctx context.Context, run func(*bolt.Tx) error) error {
	s.behind.Add(1)
	err := s.enqueue(&job{ctx: ctx, run: run, patient: true})
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
	}
}

// gather brings together the changes that share a transaction with one.
func (s *Store) gather(first *job) []*job {
	g := gathering{begun: time.Now(), last: s.gathered, patient: true, unawaited: true}
	g.add(first)
	timer := time.NewTimer(leisure)
	defer timer.Stop()
	for len(g.batch) < together && g.entries < heaviest {
		j, ok := s.another(g.wait(time.Now()), timer)
		if !ok {
			break
		}
		g.add(j)
	}
	s.gathered = len(g.batch)
	return g.batch
}

// another is one more change: one that waits already, or one that comes in time.
func (s *Store) another(wait time.Duration, timer *time.Timer) (j *job, ok bool) {
	if wait <= 0 {
		select {
		case j, ok = <-s.jobs:
		default:
		}
		return j, ok
	}
	timer.Reset(wait)
	select {
	case j, ok = <-s.jobs:
	case <-timer.C:
	}
	return j, ok
}

// gathering is a transaction's changes while they come together.
type gathering struct {
	begun     time.Time
	batch     []*job
	entries   int
	last      int  // changes that came together the last time
	patient   bool // there is time for all of them
	unawaited bool // nobody waits for any
}

func (g *gathering) add(j *job) {
	g.batch = append(g.batch, j)
	g.entries += j.entries
	g.patient = g.patient && j.patient
	g.unawaited = g.unawaited && j.done == nil
}

// wait is for how long they wait for one more.
func (g *gathering) wait(now time.Time) time.Duration {
	rest := g.begun.Add(leisure).Sub(now)
	switch {
	case g.unawaited:
		return rest
	case g.patient && g.last >= many:
		return min(gap, rest)
	case len(g.batch) < g.last:
		return g.begun.Add(patience).Sub(now)
	}
	return 0
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
		s.table.keep(err == nil)
		s.known.keep(err == nil)
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
