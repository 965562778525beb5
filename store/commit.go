package store

import (
	"context"

	bolt "go.etcd.io/bbolt"
)

// together is how many waiting changes one transaction takes at most. Under load
// they share the cost of reaching the disk; alone, none waits for others.
const together = 64

// job is a change that waits for the writer.
type job struct {
	ctx  context.Context
	run  func(*bolt.Tx) error
	done chan error
}

// update runs a change in a transaction, all or nothing, and returns when it is
// on the disk. If ctx ends before it was begun, nothing is changed.
func (s *Store) update(ctx context.Context, run func(*bolt.Tx) error) error {
	j := &job{ctx, run, make(chan error, 1)}
	select {
	case s.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the store's one writer. It ends when jobs is closed.
func (s *Store) write() {
	defer close(s.done)
	for first := range s.jobs {
		batch := []*job{first}
		for len(batch) < together {
			select {
			case j, ok := <-s.jobs:
				if !ok {
					s.commit(batch)
					return
				}
				batch = append(batch, j)
				continue
			default:
			}
			break
		}
		s.commit(batch)
	}
}

// commit runs changes in one transaction. One that fails is taken out and told,
// and the others run again without it.
func (s *Store) commit(batch []*job) {
	for len(batch) > 0 {
		failed := -1
		err := s.written(func(tx *bolt.Tx) error {
			for n, j := range batch {
				err := j.ctx.Err()
				if err == nil {
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
				j.done <- err
			}
			return
		}
		batch[failed].done <- err
		batch = append(batch[:failed:failed], batch[failed+1:]...)
	}
}
