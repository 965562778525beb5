package command

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/owner"
	"fronteras/store"
)

// backupLayout is how a backup is named, by when it was made in UTC.
const backupLayout = "fronteras-20060102T150405Z.db"

// isBackup reports whether a file has the name of a backup.
func isBackup(name string) bool {
	made, err := time.Parse(backupLayout, name)
	return err == nil && made.Format(backupLayout) == name
}

// partialBackup is the name of a backup while it is written.
var partialBackup = regexp.MustCompile(`^\.(fronteras-[0-9]{8}T[0-9]{6}Z\.db)\.[0-9]+\.tmp$`)

// surplus are the backups beyond so many, of which the one just made is the newest.
// Those named after it come from a clock that was wrong: they count as the oldest.
func surplus(names []string, made string, keep int) []string {
	var before, after []string
	for _, name := range names {
		switch {
		case !isBackup(name) || name == made:
		case name < made:
			before = append(before, name)
		default:
			after = append(after, name)
		}
	}
	slices.Sort(before)
	slices.Sort(after)
	others := append(after, before...)
	return others[:max(0, len(others)-(keep-1))]
}

// prepareFolder makes a folder that is missing, for the owner of the store, clears away what attempts that were
// killed have left there, and looks whether a file can be made in it.
func prepareFolder(folder, live string) error {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return err
		}
		if err := errors.Join(os.Chmod(folder, 0o750), owner.GiveFolder(folder, live)); err != nil { // whatever the umask
			return err
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		if partialBackup.MatchString(f.Name()) {
			sweepPartial(filepath.Join(folder, f.Name()))
		}
	}
	f, err := os.CreateTemp(folder, "."+time.Now().UTC().Format(backupLayout)+".*.tmp")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// sweepPartial removes what is left of a backup, unless it is being written. Where it
// cannot be removed it stays, and is tried again with the next backup.
func sweepPartial(path string) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if hold(f) {
		_ = os.Remove(path)
	}
}

// backupsIn are the names of a folder's backups: files, of which the store is none.
func backupsIn(folder, live string) (names []string, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	open, _ := os.Stat(live) // without one, no file is it
	for _, f := range files {
		if !f.Type().IsRegular() || !isBackup(f.Name()) {
			continue
		}
		if info, err := f.Info(); err == nil && !os.SameFile(info, open) {
			names = append(names, f.Name())
		}
	}
	return names, nil
}

// putResult is what became of a folder when a backup was put into it.
type putResult struct {
	file    string // of the backup
	removed int    // older ones
	err     error  // why some of them could not be
}

// putBackup puts a copy of the store into the folder, named by when it was made, and
// then removes older ones.
func putBackup(ctx context.Context, plan config.Backup, c store.Copy, made time.Time, live string) (r putResult, err error) {
	name := made.UTC().Format(backupLayout)
	r.file = filepath.Join(plan.To, name)
	err = place(ctx, r.file, live, func(w io.Writer) error {
		_, err := io.Copy(w, c)
		return err
	})
	if err != nil {
		return r, err
	}
	names, err := backupsIn(plan.To, live)
	for _, old := range surplus(names, name, plan.Keep) {
		if gone := os.Remove(filepath.Join(plan.To, old)); gone != nil {
			err = errors.Join(err, gone)
			continue
		}
		r.removed++
	}
	r.err = err
	return r, nil
}
