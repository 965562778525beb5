package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"fronteras/aggregator/owner"
	"fronteras/store/storetest"
)

func TestEachCauseHasItsOwnWords(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "desk.db")
	tests := []struct {
		cause        error
		says, advice string
	}{
		{&fs.PathError{Op: "open", Path: path, Err: unix.EROFS}, "store is read-only",
			"name a place under store: that this process may write to"},
		// as bbolt tells it
		{errors.New("write: " + unix.EROFS.Error()), "store is read-only", "name a place under store:"},
		{&fs.PathError{Op: "write", Path: path, Err: unix.ENOSPC}, "store is full", "make room in " + folder},
		{&fs.PathError{Op: "write", Path: path, Err: unix.EDQUOT}, "store is full", "make room in " + folder},
		{&fs.PathError{Op: "open", Path: path, Err: unix.ENOENT}, "no such file", "create the folder " + folder},
		{newDamageError("page 3 is used twice"), "damaged", "to restore a backup: cp BACKUP " + path},
		{ErrBusy, "another process holds it", ""},
		{fmt.Errorf("%w: by fronteras 9", ErrNewer), "later version", ""},
		{unix.EIO, "input/output error", ""},
	}
	for _, tt := range tests {
		err := describeOpenError(path, tt.cause)
		text := err.Error()
		if !strings.Contains(text, tt.says) || !strings.Contains(text, tt.advice) {
			t.Errorf("%v: %q, want %q and %q", tt.cause, text, tt.says, tt.advice)
		}
		if restores := strings.Contains(text, "cp BACKUP"); restores != errors.Is(err, ErrDamaged) {
			t.Errorf("%v: %q advises to restore a backup: %t", tt.cause, text, restores)
		}
		if tt.advice == "" && openingAdvice(path, tt.cause) != "" {
			t.Errorf("%v: %q advises though nothing is sure to help", tt.cause, text)
		}
	}
}

func TestALinkThatLeadsNowhereIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	if err := os.Symlink("/nowhere/desk.db", path); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path, storetest.Rules(t), Options{})
	if err == nil || !strings.Contains(err.Error(), "it is a link to /nowhere/desk.db, where nothing is") {
		t.Errorf("%v", err)
	}
}

func TestAStoreInAFolderThatIsMissingSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nowhere", "desk.db")
	_, err := Open(path, storetest.Rules(t), Options{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "create the folder "+filepath.Dir(path)) ||
		strings.Contains(err.Error(), "BACKUP") {
		t.Errorf("%v", err)
	}
}

// Where root makes a store in the daemon's folder, the daemon can open it: the store
// and each file that takes its place belong to the owner of the folder. (Another
// user than root can give files to nobody, and then the two are the same.)
func TestAStoreBelongsToTheOwnerOfItsFolder(t *testing.T) {
	const somebody, group = 4711, 4712
	folder := t.TempDir()
	path := filepath.Join(folder, "desk.db")
	owned := func(name string) {
		t.Helper()
		file, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		in, err := os.Stat(folder)
		if err != nil {
			t.Fatal(err)
		}
		uid, gid := owner.FileOwner(file)
		if wantUID, wantGID := owner.FileOwner(in); uid != wantUID || os.Geteuid() == 0 && gid != wantGID ||
			file.Mode().Perm() != 0o600 {
			t.Errorf("%s belongs to %d:%d with mode %#o, its folder to %d:%d", name, uid, gid, file.Mode().Perm(),
				wantUID, wantGID)
		}
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(folder, somebody, group); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(path, storetest.Rules(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	owned(path)
	copied, err := s.copySnapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	owned(copied)
	emptied(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path, storetest.Rules(t), Options{CompactFrom: 1}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Opening.Was == 0 {
		t.Error("the file was not compacted")
	}
	owned(path)
}

// bbolt trusts its pages, and panics over damaged ones: in a transaction alone, and while the rules read.
func TestAPanicOfBboltIsDamageWhoeverReads(t *testing.T) {
	broken := func() error { (*bolt.Bucket)(nil).Get(nil); return nil }
	for name, read := range map[string]func() error{
		"a transaction": broken,
		"a bucket that is not found any more": func() error {
			(*sealedBucket)(nil).Cursor()
			return nil
		},
		"the rules": func() error { return reader{}.decide(func() { _ = broken() }) },
		"rules that another reading ends": func() (err error) {
			defer catchUnreadable(&err)
			return reader{}.decide(func() { _ = broken() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := &database{path: "store.db", damaged: make(chan error, 1)}
			if err := d.catchDamage(read); !errors.Is(err, ErrDamaged) || len(d.damaged) != 1 {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// A fault of the program is no damage: it is not to be hidden.
func TestAPanicOfTheRulesIsNoDamage(t *testing.T) {
	defer func() {
		if recover() != "a fault" {
			t.Error("the panic was taken for damage")
		}
	}()
	d := &database{path: "store.db", damaged: make(chan error, 1)}
	err := d.catchDamage(func() error { return reader{}.decide(func() { panic("a fault") }) })
	t.Errorf("the error is %v", err)
}
