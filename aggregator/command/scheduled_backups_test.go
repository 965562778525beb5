package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/config"
	"fronteras/store"
)

func TestABackupIsDueAnIntervalAfterTheLast(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ last, want time.Time }{
		"none was made":      {time.Time{}, noon},
		"a while ago":        {noon.Add(-time.Hour), noon.Add(23 * time.Hour)},
		"long ago":           {noon.Add(-72 * time.Hour), noon.Add(-48 * time.Hour)},
		"just now":           {noon, noon.Add(24 * time.Hour)},
		"by a clock of 2031": {noon.AddDate(5, 0, 0), noon},
	} {
		if got := nextBackup(c.last, noon, 24*time.Hour); !got.Equal(c.want) {
			t.Errorf("%s: due %v, want %v", name, got, c.want)
		}
	}
}

func TestABackupIsMissedATenthAfterItIsDue(t *testing.T) {
	last := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	began := last.Add(48 * time.Hour)
	for name, c := range map[string]struct {
		last  time.Time
		every time.Duration
		want  time.Time
	}{
		"daily":       {last, 24 * time.Hour, last.Add(26*time.Hour + 24*time.Minute)},
		"each minute": {last, time.Minute, last.Add(2 * time.Minute)},
		"never yet":   {time.Time{}, 24 * time.Hour, began.Add(2*time.Hour + 24*time.Minute)},
	} {
		if got := backupMissedFrom(c.last, began, c.every); !got.Equal(c.want) {
			t.Errorf("%s: missed from %v on, want %v", name, got, c.want)
		}
	}
}

func TestOldBackupsAreSurplusAndNothingElse(t *testing.T) {
	const a, b, c, d = "fronteras-20261127T090000Z.db", "fronteras-20261128T090000Z.db",
		"fronteras-20261129T090000Z.db", "fronteras-20261130T090000Z.db"
	const future, further = "fronteras-20310101T000000Z.db", "fronteras-20320101T000000Z.db"
	for name, x := range map[string]struct {
		names []string
		keep  int
		want  []string
	}{
		"fewer than are kept":   {[]string{a, d}, 3, nil},
		"as many as are kept":   {[]string{a, b, d}, 3, nil},
		"the oldest go":         {[]string{d, b, a, c}, 2, []string{a, b}},
		"one is the one made":   {[]string{a, b, c, d}, 1, []string{a, b, c}},
		"of a wrong clock":      {[]string{c, d, further, future}, 2, []string{future, further}},
		"of a wrong clock, few": {[]string{b, c, d, future}, 3, []string{future}},
		"others' files": {[]string{
			"fronteras.db", "fronteras-20261127.db", "fronteras-20261127T090000Z.db.gz",
			"fronteras-20261341T090000Z.db", "old-" + a,
			"FRONTERAS-20261127T090000Z.db", "fronteras-20261127T090000.5Z.db", "fronteras-20261127T090000Z.db~", d,
		}, 1, nil},
	} {
		if got := surplusBackups(x.names, d, x.keep); !slices.Equal(got, x.want) {
			t.Errorf("%s: %q are surplus, want %q", name, got, x.want)
		}
	}
}

func TestAFailureIsLoggedWhenItIsNewAndAtEachDoubling(t *testing.T) {
	var r failureCounter
	told := ""
	for n, reason := range []string{"full", "full", "full", "full", "full", "gone", "gone", "gone"} {
		if r.shouldLog(reason) {
			told += fmt.Sprint(n+1, " ")
		}
	}
	if told != "1 2 4 6 8 " {
		t.Errorf("told at %s", told)
	}
	if n := r.reset(); n != 8 || !r.shouldLog("gone") {
		t.Errorf("%d failures; the next after success is not told", n)
	}
}

// backupDesk is a desk on a new store, with backups in a folder.
type backupDesk struct {
	*daemon
	t      *testing.T
	desk   *app
	folder string
	log    buffer
}

func newBackupDesk(t *testing.T, keep int) *backupDesk {
	t.Helper()
	b := &backupDesk{t: t, folder: filepath.Join(t.TempDir(), "backups")}
	path := filepath.Join(t.TempDir(), "config.yaml")
	text := fmt.Sprintf("desk: {title: Desk, url: 'https://desk.example'}\nbackup: {every: 1h, keep: %d, to: "+
		"%q}\nstations: [{id: ajo, name: Radio Ajo, feeds: [{url: 'https://ajo.example/rss'}]}]\n", keep, b.folder)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{Env: Env{Err: &b.log, Getenv: func(string) string { return "" }}, config: path}
	c, err := p.loadConfig()
	if err != nil {
		t.Fatal(err)
	}
	if b.desk, err = openApp(c, p.Env, store.Options{}); err != nil {
		t.Fatal(err)
	}
	b.desk.log = newLogger(p.Env, slog.LevelInfo)
	b.daemon = &daemon{program: p, store: b.desk.store}
	b.current.Store(&generation{app: b.desk})
	return b
}

// keep makes backups until stop is called.
func (b *backupDesk) keep() (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		newBackupWorker(b.desk, &b.backups).run(ctx)
	}()
	return func() { cancel(); <-ended }
}

// pass lets time pass, and what was begun meanwhile end.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// has looks which files there are in the folder.
func (b *backupDesk) has(when string, want ...string) {
	b.t.Helper()
	files, err := os.ReadDir(b.folder)
	if err != nil {
		b.t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if !slices.Equal(names, want) {
		b.t.Errorf("%s the folder has %q, want %q; %s", when, names, want, b.log.String())
	}
}

// backupAt is the name of a backup that is made so long after the beginning of synctest's time.
func backupAt(after time.Duration) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(after).Format(backupLayout)
}

// The first backup is made at once, the others so often after the last, over restarts too; those
// beyond keep go.
func TestBackupsAreMadeAndPruned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 3)
		defer b.desk.close()
		stop := b.keep()
		pass(time.Minute)
		b.has("at first", backupAt(0))
		if info, err := os.Stat(filepath.Join(b.folder, backupAt(0))); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the backup is %v, %v", info, err)
		}
		if info, err := os.Stat(b.folder); err != nil || info.Mode().Perm() != 0o750 {
			t.Errorf("the folder is %v, %v", info, err)
		}
		pass(58 * time.Minute)
		b.has("before the hour", backupAt(0))
		stop()

		stop = b.keep() // 1 min before the next
		pass(0)
		b.has("after a restart", backupAt(0))
		pass(time.Minute)
		b.has("at the hour", backupAt(0), backupAt(time.Hour))
		stop()

		pass(90 * time.Minute) // nothing runs; the next was due half an hour ago
		stop = b.keep()
		pass(0)
		if strings.Count(b.log.String(), "backup missed") != 1 {
			t.Errorf("after a long stop the log says: %s", b.log.String())
		}
		b.has("after a long stop", backupAt(0), backupAt(time.Hour), backupAt(150*time.Minute))
		pass(time.Hour)
		b.has("an hour later", backupAt(time.Hour), backupAt(150*time.Minute), backupAt(210*time.Minute))
		if c, err := store.VerifyFile(t.Context(), filepath.Join(b.folder, backupAt(210*time.Minute)),
			"test"); err != nil || len(c.Faults) > 0 {
			t.Errorf("the backup is %+v, %v", c, err)
		}
		if health := b.backupHealth(); health.Missed || health.Last.Format(backupLayout) != backupAt(210*time.Minute) {
			t.Errorf("it is said that the last was made %v, missed %v", health.Last, health.Missed)
		}
		stop()
	})
}

// A folder without a backup gets one, whenever one was made elsewhere.
func TestAnEmptyFolderGetsABackupAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 3)
		defer b.desk.close()
		if err := b.store.NoteBackup(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		stop := b.keep()
		pass(time.Minute)
		b.has("soon", backupAt(0))
		stop()
	})
}

// After a time when the clock was wrong one backup is made, not one after another.
func TestOneBackupFollowsAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 3)
		defer b.desk.close()
		if err := errors.Join(os.Mkdir(b.folder, 0o700),
			os.WriteFile(filepath.Join(b.folder, backupAt(50000*time.Hour)), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := b.store.NoteBackup(t.Context(), time.Now().Add(50000*time.Hour)); err != nil {
			t.Fatal(err)
		}
		stop := b.keep()
		pass(59 * time.Minute)
		b.has("in the first hour", backupAt(0), backupAt(50000*time.Hour))
		stop()
	})
}

// Pruning and sweeping take what is theirs.
func TestOtherFilesStayInTheBackupFolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 1)
		defer b.desk.close()
		const old, folder, link = "fronteras-19991201T000000Z.db", "fronteras-19991202T000000Z.db",
			"fronteras-19991203T000000Z.db"
		const rest, held, others = ".fronteras-19991231T000000Z.db.123.tmp", ".fronteras-19991231T000000Z.db.124.tmp",
			".other.db.1.tmp"
		if err := os.MkdirAll(filepath.Join(b.folder, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{old, rest, held, others, "notes.txt"} {
			if err := os.WriteFile(filepath.Join(b.folder, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink("notes.txt", filepath.Join(b.folder, link)); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(b.folder, held), os.O_WRONLY, 0)
		if err != nil || !lockFile(f) {
			t.Fatal(err)
		}
		defer f.Close()
		stop := b.keep()
		pass(time.Minute)
		b.has("in the end", held, others, folder, link, backupAt(0), "notes.txt")
		stop()
	})
}

// When it is over, that is logged too.
func TestAFailedBackupIsLoggedShownAndRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 3)
		defer b.desk.close()
		if err := os.WriteFile(b.folder, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		stop := b.keep()
		pass(time.Second)
		told := func() int { return strings.Count(b.log.String(), "backup failed") }
		if said := b.log.String(); told() != 1 || !strings.Contains(said, "level=ERROR") ||
			!strings.Contains(said, "name a folder in backup.to") {
			t.Errorf("of a file in the folder's place is said: %s", said)
		}
		if health := b.backupHealth(); !health.Missed || health.Last != nil {
			t.Errorf("shown is %+v", health)
		}
		pass(time.Hour) // 5 attempts
		if told() != 3 {
			t.Errorf("%d of 5 failures were told, want the first, the second and the fourth: %s", told(),
				b.log.String())
		}
		if err := os.Remove(b.folder); err != nil {
			t.Fatal(err)
		}
		pass(15 * time.Minute)
		b.has("when it is mended", backupAt(75*time.Minute))
		if health := b.backupHealth(); health.Missed || health.Last == nil {
			t.Errorf("shown is %+v", health)
		}
		if !strings.Contains(b.log.String(), "backups are made again") {
			t.Errorf("that it is over is not told: %s", b.log.String())
		}
		stop()
	})
}

// A disk that never responds holds up neither a reload nor the store, and is logged; after the
// reload, backups wait for it.
func TestADiskThatDoesNotRespondHoldsUpNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackupDesk(t, 3)
		answers := make(chan struct{})
		puts := 0
		run := func() (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan struct{})
			k := &backupWorker{backupLog: &b.backups, plan: b.desk.config.Backup, store: b.store,
				live: b.desk.config.Store, log: b.desk.log,
				put: func(context.Context, config.Backup, store.Copy, time.Time, string) (putResult, error) {
					puts++
					<-answers
					return putResult{}, nil
				}}
			go func() { defer close(ended); k.run(ctx) }()
			return func() { cancel(); <-ended }
		}
		stop := run()
		pass(5 * time.Minute)
		if b.backupHealth().Missed || strings.Contains(b.log.String(), "backup is late") {
			t.Errorf("it is late after five minutes: %s", b.log.String())
		}
		pass(6 * time.Minute)
		if health := b.backupHealth(); !health.Missed || strings.Count(b.log.String(), "backup is late") != 1 {
			t.Errorf("shown is %+v, told %s", health, b.log.String())
		}
		begun := time.Now()
		stop()
		if took := time.Since(begun); took > backupCancelTime {
			t.Errorf("the end took %v", took)
		}
		stop = run()
		pass(time.Hour)
		if puts != 1 {
			t.Errorf("%d backups wait for the disk", puts)
		}
		stop()
		if err := b.desk.close(); err != nil { // the store is free
			t.Error(err)
		}
		close(answers)
	})
}

// A copy that breaks off, or that is not what was written, never gets its name.
func TestAPartialCopyNeverReplacesAFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "copy.db")
	if err := os.WriteFile(file, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	broken := errors.New("broken off")
	for name, c := range map[string]struct {
		write func(io.Writer) error
		want  error
	}{
		"an error": {func(w io.Writer) error { fmt.Fprint(w, "half"); return broken }, broken},
		"no store": {func(w io.Writer) error { _, err := fmt.Fprint(w, "half"); return err }, store.ErrDamaged},
	} {
		if _, err := replaceWithCopy(ctx, file, "", c.write); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := replaceWithCopy(ctx, file, "", func(w io.Writer) error {
		cancel()
		_, err := io.Copy(w, strings.NewReader(strings.Repeat("endless", 1<<20)))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("when it is canceled: %v", err)
	}
	text, err := os.ReadFile(file)
	files, _ := os.ReadDir(folder)
	if err != nil || string(text) != "before" || len(files) != 1 {
		t.Errorf("the file has %q, the folder %v, %v", text, files, err)
	}
}

func TestAdviceIsForTheReason(t *testing.T) {
	for want, err := range map[string]error{
		"make room in /b":                  &os.PathError{Op: "write", Path: "/b/x.1.tmp", Err: syscall.ENOSPC},
		"make room next to the store":      fmt.Errorf("copying the store: %w", store.ErrFull),
		"let the daemon write next to":     fmt.Errorf("copying the store: %w", store.ErrReadOnly),
		"ReadWritePaths=/b":                &os.PathError{Op: "open", Path: "/b/x", Err: syscall.EROFS},
		"let the daemon's user write into": &os.PathError{Op: "open", Path: "/b/x", Err: syscall.EACCES},
		"name a folder in backup.to":       &os.PathError{Op: "mkdir", Path: "/b", Err: syscall.ENOTDIR},
		"fronteras verify":                 fmt.Errorf("the copy: %w", store.ErrDamaged),
		"check /b and its disk":            &os.PathError{Op: "write", Path: "/b/x", Err: syscall.EIO},
	} {
		if got := backupAdvice(err, "/b"); !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
	one := &os.PathError{Op: "write", Path: "/b/x.1.tmp", Err: syscall.ENOSPC}
	other := &os.PathError{Op: "write", Path: "/b/x.2.tmp", Err: syscall.ENOSPC}
	if failureReason(one) != failureReason(other) {
		t.Error("the name of a temporary file makes another reason")
	}
	for _, kind := range []error{store.ErrFull, store.ErrReadOnly} {
		if failureReason(fmt.Errorf("%w: .desk.db.1.tmp", kind)) != failureReason(fmt.Errorf("%w: .desk.db.2.tmp",
			kind)) {
			t.Errorf("the name of a temporary file next to the store makes another reason of %v", kind)
		}
	}
}
