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
	"fronteras/aggregator/publish"
	"fronteras/store"
)

// Times of the automatic backups.
const (
	backupRetry      = 15 * time.Minute // a failed one is retried after that, or after backup.every if that is shorter
	backupCheck      = time.Minute      // how often to check: clocks change, and commands make backups too
	backupSlow       = 10 * time.Minute // a disk that takes longer may not be responding at all
	backupCancelTime = 2 * time.Second  // for the rest of a canceled one to be cleared away
)

// backupLog is what is known of the automatic backups; a reload keeps it. The zero value is ready
// for use.
type backupLog struct {
	mu      sync.Mutex
	since   time.Time     // when the current configuration began to make them
	made    time.Time     // the last one that this process made
	failing bool          // the last attempt failed
	waiting chan struct{} // closed when what waits for the folder's disk has ended; nil: nothing waits
}

// health is what the public may know of the daemon's own backups; nil if it makes none.
func (b *backupLog) health(plan config.Backup, s *store.Store) *publish.BackupHealth {
	if plan.To == "" {
		return nil
	}
	last := b.lastBackup(s)
	return publish.BackupHealthOf(last, b.isMissed(last, plan.Every, time.Now()))
}

// lastBackup is when the last backup was made; zero if none was. One that the store could not note
// counts as long as the process lives.
func (b *backupLog) lastBackup(s *store.Store) time.Time {
	about, _ := s.About() // a store that cannot be read is reported elsewhere
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made.After(about.BackedUp) {
		return b.made
	}
	return about.BackedUp
}

// isMissed reports whether a backup that should exist does not.
func (b *backupLog) isMissed(last time.Time, every time.Duration, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failing || !b.since.IsZero() && now.After(backupMissedFrom(last, b.since, every))
}

// nextBackup is when a backup is due: every so often after the last, and at once if there was none,
// or if the last comes from a clock that was wrong.
func nextBackup(last, now time.Time, every time.Duration) time.Time {
	if last.IsZero() || last.After(now) {
		return now
	}
	return last.Add(every)
}

// backupMissedFrom is when a backup counts as missed: once the last is older than every and a
// tenth, a minute at least. If there was none, it is a tenth after since.
func backupMissedFrom(last, since time.Time, every time.Duration) time.Time {
	tolerance := max(every/10, time.Minute)
	if last.IsZero() {
		return since.Add(tolerance)
	}
	return last.Add(every + tolerance)
}

// backupWorker makes the backups of one configuration.
type backupWorker struct {
	*backupLog
	plan  config.Backup
	store *store.Store
	live  string // path of the store, which is not a backup whatever its name
	log   *slog.Logger
	put   func(context.Context, config.Backup, store.Copy, time.Time, string) (putResult, error) // putBackup

	failures, leftovers failureCounter
}

// newBackupWorker makes the backups of a desk, if its configuration asks for any.
func newBackupWorker(a *app, b *backupLog) *backupWorker {
	return &backupWorker{
		backupLog: b, plan: a.config.Backup, store: a.store, live: a.config.Store, log: a.log, put: putBackup,
	}
}

// run makes backups when they are due until ctx ends. A failure is logged.
func (w *backupWorker) run(ctx context.Context) {
	if w.plan.To == "" {
		return
	}
	w.mu.Lock()
	w.since, w.failing = time.Now(), false
	w.mu.Unlock()
	if last := w.lastBackup(w.store); w.isMissed(last, w.plan.Every, time.Now()) {
		w.log.Warn("backup missed", "last", last.UTC(), "every", w.plan.Every, "hint", "one is made now")
	}
	// A folder without a backup, or one that cannot be read, has one due now, whenever the last was
	// made elsewhere.
	var names []string
	err := w.awaitDisk(ctx, func() (err error) {
		names, err = listBackups(w.plan.To, w.live)
		return err
	})
	none := err != nil || len(names) == 0
	var retry time.Time // not before
	for ctx.Err() == nil {
		now := time.Now()
		due := nextBackup(w.lastBackup(w.store), now, w.plan.Every)
		if none {
			due = now
		}
		if wait := max(due.Sub(now), retry.Sub(now)); wait > 0 {
			sleepUntilDone(ctx, min(wait, backupCheck))
			continue
		}
		err := w.makeBackup(ctx, now.UTC().Truncate(time.Second))
		if ctx.Err() != nil {
			return
		}
		rest := min(w.plan.Every, backupRetry)
		if err == nil {
			none, rest = false, rest/2 // whatever the store and the clock say
		} else {
			w.reportFailure(err)
		}
		retry = time.Now().Add(rest)
	}
}

// sleepUntilDone waits, or until ctx ends.
func sleepUntilDone(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// makeBackup makes a backup and logs it. The store is used here only; what touches the folder goes
// through awaitDisk, because the folder's disk may never respond.
func (w *backupWorker) makeBackup(ctx context.Context, made time.Time) error {
	if err := w.awaitDisk(ctx, func() error { return prepareBackupFolder(w.plan.To, w.live) }); err != nil {
		return err
	}
	c, err := w.store.Backup(ctx, made)
	if err != nil {
		return fmt.Errorf("copying the store: %w", err)
	}
	var result putResult
	err = w.awaitDisk(ctx, func() (err error) {
		defer c.Close()
		result, err = w.put(ctx, w.plan, c, made, w.live)
		return err
	})
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.made, w.failing = made, false
	w.mu.Unlock()
	w.log.Info("backup made", "file", result.file, "bytes", c.Size, "removed", result.removed)
	if len(result.damage) > 0 {
		w.log.Error("the backup holds the damage of the store", "file", result.file, "faults", len(result.damage),
			"first", result.damage[0], "hint", "all older backups stay: restore one, or see fronteras verify")
	}
	if n := w.failures.reset(); n > 0 {
		w.log.Info("backups are made again", "failures", n)
	}
	if result.err == nil {
		w.leftovers.reset()
	} else if w.leftovers.shouldLog(failureReason(result.err)) {
		w.log.Warn("old backups could not be removed", "folder", w.plan.To, "err", result.err.Error(),
			"hint", backupAdvice(result.err, w.plan.To))
	}
	if err := w.store.NoteBackup(context.WithoutCancel(ctx), made); err != nil {
		w.log.Error("backup could not be recorded in the store", "file", result.file, "err", err.Error())
	}
	return nil
}

// reportFailure logs a failure: the first, a new reason, and each doubling of their number.
func (w *backupWorker) reportFailure(err error) {
	w.mu.Lock()
	w.failing = true
	w.mu.Unlock()
	if w.failures.shouldLog(failureReason(err)) {
		w.log.Error("backup failed", "folder", w.plan.To, "err", err.Error(), "failures", w.failures.count,
			"hint", backupAdvice(err, w.plan.To))
	}
}

// awaitDisk runs work that waits for the folder's disk, until ctx ends. A disk that does not
// respond then holds up nobody: the work is left behind, and no other is begun before it has ended.
// Work must not use the store, which may be closed by then.
func (w *backupWorker) awaitDisk(ctx context.Context, work func() error) error {
	missed := backupMissedFrom(w.lastBackup(w.store), w.since, w.plan.Every)
	late := time.NewTimer(max(backupSlow, time.Until(missed)))
	defer late.Stop()
	// await reports false if ctx ends first.
	await := func(ended <-chan struct{}) bool {
		for {
			select {
			case <-ended:
				return true
			case <-ctx.Done():
				return false
			case <-late.C:
				w.log.Error("backup is late", "folder", w.plan.To,
					"err", "the disk of this folder has not responded, or is still being written to",
					"hint", "check that disk; the daemon keeps running meanwhile")
			}
		}
	}
	w.mu.Lock()
	before := w.waiting
	w.mu.Unlock()
	if before != nil && !await(before) {
		return ctx.Err()
	}
	ended := make(chan struct{})
	w.mu.Lock()
	w.waiting = ended
	w.mu.Unlock()
	var err error
	go func() {
		defer close(ended)
		err = work()
	}()
	if await(ended) {
		return err
	}
	parting := time.NewTimer(backupCancelTime)
	defer parting.Stop()
	select {
	case <-ended:
		return err
	case <-parting.C:
		return ctx.Err()
	}
}

// failureCounter counts failures in a row.
type failureCounter struct {
	reason string
	count  int
}

// shouldLog counts a failure and reports whether to log it: the first of its reason, and each
// doubling.
func (c *failureCounter) shouldLog(reason string) bool {
	c.count++
	if reason != c.reason {
		c.reason = reason
		return true
	}
	return c.count&(c.count-1) == 0
}

// reset forgets the failures and returns their number.
func (c *failureCounter) reset() int {
	n := c.count
	*c = failureCounter{}
	return n
}

// failureReason is why something failed, without the names of temporary files, which differ each
// time.
func failureReason(err error) string {
	var errno syscall.Errno
	switch {
	case tolerableReason(err) != "": // the store's own disk
		return tolerableReason(err)
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
		return "make room next to the store, where the copy is made first"
	case is(store.ErrReadOnly):
		return "let the daemon write next to the store, where the copy is made first"
	case is(syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG):
		return "disk full: make room in " + folder + ", or lower backup.keep"
	case is(syscall.EROFS):
		return "let the daemon write into " + folder + ": the disk is read-only, or the unit lacks ReadWritePaths=" +
			folder + ", or the folder was missing when the unit started: then restart it"
	case is(fs.ErrPermission):
		return "let the daemon's user write into " + folder
	case is(syscall.ENOTDIR, fs.ErrExist):
		return "name a folder in backup.to: this is a file"
	case is(store.ErrDamaged):
		return "fronteras verify says whether the store is sound; if it is, check the disk of " + folder
	}
	return "check " + folder + " and its disk"
}
