package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Bounds of a transaction. Under load, changes share the cost of reaching the disk; alone, none
// that somebody waits for waits for others. bbolt's own Batch lets each wait for its delay:
// BenchmarkQueue takes a quarter longer with it for 64 workers, twice as long for eight and almost
// four times as long for one; with a shorter delay, 64 workers write two fifths more.
const (
	maxBatch        = 256 // changes
	maxBatchEntries = 400 // in them, about: more would fill the memory, and save nothing

	// How long a change waits for others, at most: one for which there is time, as at the end of a
	// visit, longer, as long as others come. If few came the last time, none waits that somebody
	// waits for.
	maxWait        = 20 * time.Millisecond
	maxPatientWait = 300 * time.Millisecond
	quietGap       = 20 * time.Millisecond // after which no more are expected
	busyBatch      = 4                     // changes that came together: more are expected
)

// database is an open file with its one writer, and what else the writer's transactions need.
type database struct {
	db         *bolt.DB
	path       string
	rules      atomic.Pointer[identity.Rules]
	noticePlan planned   // by which events are kept
	textKeys   *textKeys // the writer's alone
	timetable  *timetable
	waiting    sync.Map // feeds with something to be decided though nothing comes
	unreadable unreadable

	jobs      chan *job
	closing   chan struct{}         // closed when nothing more is to be written
	done      chan struct{}         // closed when nothing more is written
	late      atomic.Pointer[error] // of a change that nobody waited for
	ends      []func(bool)          // what the transaction under way does at its end; see txn.atEnd
	behind    atomic.Int64          // changes that nobody waits for and that are not on the disk
	lastBatch int                   // changes in the last transaction

	writing  atomic.Int64 // since when a transaction writes, in Unix nanoseconds; 0: none does
	longest  atomic.Int64 // view so far, in nanoseconds
	unmapped atomic.Int64 // when the file was last taken out of memory, in Unix nanoseconds
	observe  func(kind string, took time.Duration)
	damaged  chan error // holds the first damage that was met since the file was opened
}

// txn is a transaction of the writer's.
type txn struct {
	*sealedTx
	rules     *identity.Rules
	textKeys  *textKeys
	timetable *timetable
	waiting   *sync.Map

	unreadable *unreadable
	ends       *[]func(committed bool)

	notices *planned     // by which events are kept; nil: none is
	ruling  *news.Ruling // that is applied; nil: it is no decision
	silent  bool         // nobody is notified of the cases that are opened
}

// atEnd does something when the transaction has ended, whether it reached the disk or not: what is
// known in memory alone must not be ahead of the file. Those after a failure run the last first.
func (tx txn) atEnd(do func(committed bool)) { *tx.ends = append(*tx.ends, do) }

// job is a change that waits for the writer.
type job struct {
	ctx     context.Context
	run     func(txn) error // nil: nothing is to be done, but after what came before
	done    chan error      // nil: nobody waits
	patient bool            // there is time
	entries int             // that it brings
}

// Kinds of transactions.
const (
	Reading = "read"
	Writing = "write"
)

// view reads, and measures how long that takes.
func (d *database) view(read func(*sealedTx) error) (err error) {
	begun := time.Now()
	err = d.catchDamage(func() error { return viewFile(d.db, read) })
	took := time.Since(begun)
	for {
		longest := d.longest.Load()
		if int64(took) <= longest || d.longest.CompareAndSwap(longest, int64(took)) {
			break
		}
	}
	d.observe(Reading, took)
	return err
}

// update runs a change in a transaction, all or nothing, and returns when it is on the disk. If ctx
// ends before it was begun, nothing is changed. The change may run again in another transaction
// where one that shared the first failed.
func (d *database) update(ctx context.Context, run func(txn) error) error {
	return d.runJob(&job{ctx: ctx, run: run})
}

// updatePatiently runs a change as update does, for which there is time, and which brings a number
// of entries.
func (d *database) updatePatiently(ctx context.Context, entries int, run func(txn) error) error {
	return d.runJob(&job{ctx: ctx, run: run, patient: true, entries: entries})
}

// updateLater runs a change as update does, without waiting for it.
func (d *database) updateLater(ctx context.Context, run func(txn) error) error {
	d.behind.Add(1)
	err := d.enqueueJob(&job{ctx: ctx, run: run, patient: true})
	if err != nil {
		d.behind.Add(-1)
	}
	return err
}

// Flush returns when everything that was changed before is on the disk.
func (d *database) Flush(ctx context.Context) error { return d.update(ctx, nil) }

func (d *database) runJob(j *job) error {
	j.done = make(chan error, 1)
	if err := d.enqueueJob(j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-d.done:
	}
	select {
	case err := <-j.done:
		return err
	default:
		return ErrClosed
	}
}

func (d *database) enqueueJob(j *job) error {
	if err := d.late.Swap(nil); err != nil {
		return *err
	}
	select {
	case d.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	case <-d.closing:
		return ErrClosed
	}
}

// runWriter is the store's one writer. It ends when the store is closing and nothing waits.
func (d *database) runWriter() {
	defer close(d.done)
	for {
		select {
		case first := <-d.jobs:
			d.commitBatch(d.gatherBatch(first))
			continue
		case <-d.closing:
		}
		select {
		case first := <-d.jobs:
			d.commitBatch(d.gatherBatch(first))
		default:
			return
		}
	}
}

// gatherBatch brings together the changes that share a transaction with the first.
func (d *database) gatherBatch(first *job) []*job {
	begun := time.Now()
	batch, entries := []*job{first}, first.entries
	patient, unawaited := first.patient, first.done == nil
	for len(batch) < maxBatch && entries < maxBatchEntries {
		wait := time.Duration(0) // for one more
		switch rest := time.Until(begun.Add(maxPatientWait)); {
		case unawaited:
			wait = rest
		case patient && d.lastBatch >= busyBatch:
			wait = min(quietGap, rest)
		case len(batch) < d.lastBatch:
			wait = time.Until(begun.Add(maxWait))
		}
		j, ok := d.receiveJob(wait)
		if !ok {
			break
		}
		batch, entries = append(batch, j), entries+j.entries
		patient, unawaited = patient && j.patient, unawaited && j.done == nil
	}
	d.lastBatch = len(batch)
	return batch
}

// receiveJob is a change that waits already, or one that comes in time.
func (d *database) receiveJob(wait time.Duration) (j *job, ok bool) {
	select {
	case j, ok = <-d.jobs:
		return j, ok
	default:
	}
	if wait <= 0 {
		return nil, false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case j, ok = <-d.jobs:
	case <-timer.C:
	}
	return j, ok
}

// errNothing is the error of a change that found nothing to write. It is not a failure: the others
// go on, and if all of them found nothing, nothing reaches the disk.
var errNothing = errors.New("nothing to write")

// commitBatch runs changes in one transaction. One that fails is taken out and gets its error, and
// the others run again without it.
func (d *database) commitBatch(batch []*job) {
	for len(batch) > 0 {
		failed := -1
		err := d.runTransaction(func(tx txn) error {
			idle := 0
			for n, j := range batch {
				err := j.ctx.Err()
				if err == nil && j.run != nil {
					err = j.run(tx)
				}
				switch {
				case errors.Is(err, errNothing):
					idle++
				case err != nil:
					failed = n
					return err
				}
			}
			if idle == len(batch) {
				return errNothing
			}
			return nil
		})
		d.textKeys.endTransaction(err == nil)
		d.timetable.endTransaction(err == nil)
		d.runEnds(err == nil)
		if errors.Is(err, errNothing) {
			err = nil
		}
		if failed < 0 {
			for _, j := range batch {
				d.finishJob(j, err)
			}
			return
		}
		d.finishJob(batch[failed], err)
		batch = append(batch[:failed:failed], batch[failed+1:]...)
	}
}

// runEnds does what a transaction left to its end.
func (d *database) runEnds(committed bool) {
	if !committed {
		slices.Reverse(d.ends)
	}
	for _, do := range d.ends {
		do(committed)
	}
	clear(d.ends)
	d.ends = d.ends[:0]
}

// finishJob gives a job's result to who waits for it. That of one that nobody waits for is kept for
// the next, if it is a fault of the store's.
func (d *database) finishJob(j *job, err error) {
	if j.done != nil {
		j.done <- err
		return
	}
	d.behind.Add(-1)
	if err != nil && j.ctx.Err() == nil {
		d.late.Store(&err)
	}
}

// runTransaction runs a transaction, and measures how long that takes.
func (d *database) runTransaction(run func(txn) error) error {
	begun := time.Now()
	d.writing.Store(begun.UnixNano())
	defer d.writing.Store(0)
	ended := make(chan struct{})
	go limitMemory(d.db, &d.unmapped, ended)
	err := classifyWriteError(d.catchDamage(func() error {
		return updateFile(d.db, func(tx *sealedTx) error {
			return run(txn{sealedTx: tx, rules: d.rules.Load(), textKeys: d.textKeys, timetable: d.timetable,
				waiting: &d.waiting, unreadable: &d.unreadable, ends: &d.ends, notices: &d.noticePlan})
		})
	}))
	close(ended)
	d.observe(Writing, time.Since(begun))
	return err
}

// catchDamage runs a transaction, and passes on damage that it met.
func (d *database) catchDamage(transaction func() error) (err error) {
	defer func() {
		if errors.Is(err, ErrDamaged) {
			select {
			case d.damaged <- fmt.Errorf("store %s: %w%s", d.path, err, openingAdvice(d.path, err)):
			default:
			}
		}
	}()
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	return transaction()
}

// Damaged gives the first damage that was met since the store was opened. The store is to be closed
// then: what it reads cannot be relied on.
func (d *database) Damaged() <-chan error { return d.damaged }

// Writing gives how long the transaction that writes now has taken; 0 if none does.
func (d *database) Writing() time.Duration {
	begun := d.writing.Load()
	if begun == 0 {
		return 0
	}
	return time.Since(time.Unix(0, begun))
}

// fileSizes is how many bytes the file has, and how many of them are free.
func (d *database) fileSizes() (size, free int64, err error) {
	err = d.db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	return size, int64(d.db.Stats().FreePageN) * int64(d.db.Info().PageSize), err
}

// How often the mapped file is taken out of memory, at most; and by what takes less time than that:
// each page that is used afterwards has to be found again.
const (
	unmapEvery = 10 * time.Millisecond
	unmapRest  = 100 * time.Millisecond
)

// limitMemory keeps what this process has in memory from growing with a file, until what reads or
// writes it has ended: bbolt reads it through a mapping, and each page that was ever read would
// stay. Last is when it was taken out last, in Unix nanoseconds.
func limitMemory(db *bolt.DB, last *atomic.Int64, ended <-chan struct{}) {
	first := min(unmapEvery, unmapRest-time.Since(time.Unix(0, last.Load())))
	for wait := time.NewTimer(first); ; wait.Reset(unmapEvery) {
		select {
		case <-wait.C:
		case <-ended:
			wait.Stop()
			return
		}
		last.Store(time.Now().UnixNano())
		_ = db.View(func(tx *bolt.Tx) error { // within it, the mapping stays where it is
			releaseMappedPages(db.Info().Data, uintptr(tx.Size()))
			return nil
		})
	}
}
