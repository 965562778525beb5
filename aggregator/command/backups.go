package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"syscall"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// Times of the backups that the daemon makes by itself.
const (
	backupAgain   = 15 * time.Minute // a failed one is tried again after that, or after backup.every
	backupLook    = time.Minute      // how often it is looked whether one is due: clocks are set right, and commands make backups too
	backupSlow    = 10 * time.Minute // a disk that takes longer may not be answering at all
	backupParting = 2 * time.Second  // for the rest of one that is broken off to be cleared away
)

// backups are those that the daemon makes by itself: what is known of them, from one
// generation to the next. The zero value serves.
type backups struct {
	mu      sync.Mutex
	since   time.Time     // when the present generation began to make them
	made    time.Time     // the last one that this process made
	failing bool          // the last attempt failed
	away    chan struct{} // closed when what waits for the folder's disk has ended; nil: nothing does
}

// keepBackups makes a desk's backups until ctx ends. That one fails is told, and ends
// nothing.
func (s *daemon) keepBackups(ctx context.Context, d *desk) error {
	if d.config.Backup.To != "" {
		k := &backupKeeper{backups: &s.backups, plan: d.config.Backup, store: d.store, live: d.config.Store, log: d.log, put: putBackup}
		k.run(ctx)
	}
	return nil
}

// backupHealth is what the public may know of the daemon's own backups; nil where it
// makes none.
func (s *daemon) backupHealth() *web.BackupHealth {
	plan := s.current.Load().config.Backup
	if plan.To == "" {
		return nil
	}
	last := s.backups.last(s.store)
	return web.BackupHealthOf(last, s.backups.missed(last, plan.Every, time.Now()))
}

// last is when the last backup was made; zero if none was. One that the store could
// not note counts as long as the process lives.
func (b *backups) last(from *store.Store) time.Time {
	about, _ := from.About() // a store that cannot be read is told of elsewhere
	noted := about.BackedUp
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made.After(noted) {
		return b.made
	}
	return noted
}

// missed reports whether a backup that should be there is not.
func (b *backups) missed(last time.Time, every time.Duration, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failing || !b.since.IsZero() && now.After(backupMissing(last, b.since, every))
}

// nextBackup is when a backup is due: every so often after the last, and at once
// where there was none, or where the last comes from a clock that was wrong.
func nextBackup(last, now time.Time, every time.Duration) time.Time {
	if last.IsZero() || last.After(now) {
		return now
	}
	return last.Add(every)
}

// backupMissing is from when on a backup is missed: once the last is older than every
// and a tenth of that, a minute at least. Where there was none, it is a tenth after
// since.
func backupMissing(last, since time.Time, every time.Duration) time.Time {
	tolerance := max(every/10, time.Minute)
	if last.IsZero() {
		return since.Add(tolerance)
	}
	return last.Add(every + tolerance)
}

// backupKeeper makes the backups of one generation.
type backupKeeper struct {
	*backups
	plan  config.Backup
	store *store.Store
	live  string // path of the store, which is no backup whatever its name
	log   *slog.Logger
	put   func(ctx context.Context, plan config.Backup, c store.Copy, made time.Time, live string) (putResult, error)

	failures, left repeats
}

// run makes backups when they are due until ctx ends.
func (k *backupKeeper) run(ctx context.Context) {
	k.mu.Lock()
	k.since, k.failing = time.Now(), false
	k.mu.Unlock()
	if last := k.last(k.store); k.missed(last, k.plan.Every, time.Now()) {
		k.log.Warn("backup missed", "last", last.UTC(), "every", k.plan.Every, "mend", "one is made now")
	}
	none := k.lacks(ctx)
	var again time.Time // not before
	for ctx.Err() == nil {
		now := time.Now()
		due := nextBackup(k.last(k.store), now, k.plan.Every)
		if none {
			due = now
		}
		if wait := max(due.Sub(now), again.Sub(now)); wait > 0 {
			pause(ctx, min(wait, backupLook))
			continue
		}
		err := k.attempt(ctx, now.UTC().Truncate(time.Second))
		if ctx.Err() != nil {
			return
		}
		rest := min(k.plan.Every, backupAgain)
		if err == nil {
			none, rest = false, rest/2 // whatever the store and the clock say
		} else {
			k.failed(err)
		}
		again = time.Now().Add(rest)
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// lacks reports whether the folder has no backup, or cannot be read: then one is due
// now, to be made or to fail, whenever the last was made elsewhere.
func (k *backupKeeper) lacks(ctx context.Context) (none bool) {
	names := []string{}
	err := k.elsewhere(ctx, func() (err error) {
		names, err = backupsIn(k.plan.To, k.live)
		return err
	})
	return err != nil || len(names) == 0
}

// attempt makes a backup, and says so. What is done with the store is done here, and
// what is done with the folder elsewhere: its disk may never answer.
func (k *backupKeeper) attempt(ctx context.Context, made time.Time) error {
	if err := k.elsewhere(ctx, func() error { return prepareFolder(k.plan.To, k.live) }); err != nil {
		return err
	}
	c, err := k.store.Backup(ctx, made)
	if err != nil {
		return fmt.Errorf("copying the store: %w", err)
	}
	var result putResult
	err = k.elsewhere(ctx, func() (err error) {
		defer c.Close()
		result, err = k.put(ctx, k.plan, c, made, k.live)
		return err
	})
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.made, k.failing = made, false
	k.mu.Unlock()
	k.log.Info("backup made", "file", result.file, "bytes", c.Size, "removed", result.removed)
	if n := k.failures.over(); n > 0 {
		k.log.Info("backups are made again", "failures", n)
	}
	if result.err == nil {
		k.left.over()
	} else if k.left.worthALine(reasonOf(result.err)) {
		k.log.Warn("old backups could not be removed", "folder", k.plan.To, "err", result.err.Error(), "mend", backupAdvice(result.err, k.plan.To))
	}
	if err := k.store.NoteBackup(context.WithoutCancel(ctx), made); err != nil {
		k.log.Error("the store could not note a backup", "file", result.file, "err", err.Error())
	}
	return nil
}

// failed tells of a failure, at the first and at each doubling of one for the same
// reason.
func (k *backupKeeper) failed(err error) {
	k.mu.Lock()
	k.failing = true
	k.mu.Unlock()
	if k.failures.worthALine(reasonOf(err)) {
		k.log.Error("backup failed", "folder", k.plan.To, "err", err.Error(), "failures", k.failures.count, "mend", backupAdvice(err, k.plan.To))
	}
}

// elsewhere runs what waits for the folder's disk, and waits for it until ctx ends. A
// disk that does not answer then keeps nobody: what waits for it is left behind, and
// nothing else is begun before it has ended. It must not touch the store, which may
// be closed by then.
func (k *backupKeeper) elsewhere(ctx context.Context, work func() error) error {
	late := time.NewTimer(max(backupSlow, time.Until(backupMissing(k.last(k.store), k.since, k.plan.Every))))
	defer late.Stop()
	k.mu.Lock()
	before := k.away
	k.mu.Unlock()
	if before != nil && !k.await(ctx, before, late.C) {
		return ctx.Err()
	}
	ended := make(chan struct{})
	k.mu.Lock()
	k.away = ended
	k.mu.Unlock()
	var err error
	go func() {
		defer close(ended)
		err = work()
	}()
	if k.await(ctx, ended, late.C) {
		return err
	}
	parting := time.NewTimer(backupParting)
	defer parting.Stop()
	select {
	case <-ended:
		return err
	case <-parting.C:
		return ctx.Err()
	}
}

// await waits for what has been begun, and says so when that is late. It reports
// false where ctx ends before.
func (k *backupKeeper) await(ctx context.Context, ended <-chan struct{}, late <-chan time.Time) bool {
	for {
		select {
		case <-ended:
			return true
		case <-ctx.Done():
			return false
		case <-late:
			k.log.Error("backup is late", "folder", k.plan.To, "err", "the disk of this folder has not answered, or is still being written to", "mend", "see to that disk; the daemon goes on meanwhile")
		}
	}
}

// repeats remembers a failure that comes again.
type repeats struct {
	reason string
	count  int
}

// worthALine counts a failure, and reports whether it is to be told: at the first of
// its reason, and at each doubling.
func (r *repeats) worthALine(reason string) bool {
	if reason != r.reason {
		r.reason = reason
		r.count++
		return true
	}
	r.count++
	return r.count&(r.count-1) == 0
}

// over forgets the failures, and says how many there were.
func (r *repeats) over() int {
	n := r.count
	*r = repeats{}
	return n
}

// reasonOf is why something failed, without the names of temporary files, which
// differ each time.
func reasonOf(err error) string {
	var errno syscall.Errno
	switch {
	case bearable(err) != "": // the store's own disk
		return bearable(err)
	case errors.As(err, &errno):
		return errno.Error()
	}
	return err.Error()
}

// backupAdvice says what to do about a backup that failed.
func backupAdvice(err error, folder string) string {
	is := func(list ...error) bool {
		return slices.ContainsFunc(list, func(e error) bool { return errors.Is(err, e) })
	}
	switch {
	case is(store.ErrFull):
		return "make room beside the store, where the copy is made first"
	case is(store.ErrReadOnly):
		return "let the daemon write beside the store, where the copy is made first"
	case is(syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG):
		return "make room in " + folder + ", or lower backup.keep"
	case is(syscall.EROFS):
		return "let the daemon write into " + folder + ": the disk is read-only, or the unit lacks ReadWritePaths=" + folder + ", or the folder was missing when the unit started: then restart it"
	case is(fs.ErrPermission):
		return "let the daemon's user write into " + folder
	case is(syscall.ENOTDIR, fs.ErrExist):
		return "name a folder in backup.to: a file stands there"
	case is(store.ErrDamaged):
		return "fronteras verify says whether the store is sound; if it is, see to the disk of " + folder
	}
	return "see to " + folder + " and its disk"
}
