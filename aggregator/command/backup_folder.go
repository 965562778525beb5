package command

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"fronteras/aggregator/config"
	"fronteras/store"
)

// backupLayout is the name of a backup, by when it was made in UTC.
const backupLayout = "fronteras-20060102T150405Z.db"

// partialBackup is the name of a backup while it is written.
var partialBackup = regexp.MustCompile(`^\.(fronteras-[0-9]{8}T[0-9]{6}Z\.db)\.[0-9]+\.tmp$`)

// isBackupName reports whether a file has the name of a backup.
func isBackupName(name string) bool {
	made, err := time.Parse(backupLayout, name)
	return err == nil && made.Format(backupLayout) == name
}

// surplusBackups returns the backups to remove so that keep are left, the one just made among them.
// Those with a later name come from a clock that was wrong: they count as the oldest.
func surplusBackups(names []string, made string, keep int) []string {
	var before, after []string
	for _, name := range names {
		switch {
		case !isBackupName(name) || name == made:
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

// prepareBackupFolder makes a folder that is missing, with the owner of the store, clears away what
// is left of attempts that were killed, and tries whether a file can be made in it.
func prepareBackupFolder(folder, live string) error {
	if err := createFolder(folder, live); err != nil {
		return err
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		if partialBackup.MatchString(f.Name()) {
			removeIfAbandoned(filepath.Join(folder, f.Name()))
		}
	}
	f, err := os.CreateTemp(folder, "."+time.Now().UTC().Format(backupLayout)+".*.tmp")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// removeIfAbandoned removes a part of a backup unless it is being written. If it cannot be removed,
// it stays until the next backup.
func removeIfAbandoned(path string) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if lockFile(f) {
		_ = os.Remove(path)
	}
}

// listBackups returns the names of a folder's backups: regular files, except the store itself.
func listBackups(folder, live string) (names []string, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	open, _ := os.Stat(live) // if there is none, no file is the store
	for _, f := range files {
		if !f.Type().IsRegular() || !isBackupName(f.Name()) {
			continue
		}
		if info, err := f.Info(); err == nil && !os.SameFile(info, open) {
			names = append(names, f.Name())
		}
	}
	return names, nil
}

// putResult is what a backup did in its folder.
type putResult struct {
	file    string   // of the backup
	damage  []string // of the store, which the backup holds too: then all older ones stay
	removed int      // older backups
	err     error    // why some older ones could not be removed
}

// putBackup writes a copy of the store into the folder, named by when it was made, and then removes
// older ones.
func putBackup(
	ctx context.Context, plan config.Backup, c store.Copy, made time.Time, live string,
) (r putResult, err error) {
	name := made.UTC().Format(backupLayout)
	r.file = filepath.Join(plan.To, name)
	r.damage, err = replaceWithCopy(ctx, r.file, live, func(w io.Writer) error {
		_, err := io.Copy(w, c)
		return err
	})
	if err != nil || len(r.damage) > 0 {
		return r, err
	}
	names, err := listBackups(plan.To, live)
	for _, old := range surplusBackups(names, name, plan.Keep) {
		if gone := os.Remove(filepath.Join(plan.To, old)); gone != nil {
			err = errors.Join(err, gone)
			continue
		}
		r.removed++
	}
	r.err = err
	return r, nil
}
