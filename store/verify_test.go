package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"fronteras/store/storetest"
)

// untouched fails the test if a file, or what stands next to it, has changed when the test ends.
func untouched(t *testing.T, path string) {
	t.Helper()
	state := func() string {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		neighbors, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(info.ModTime(), info.Mode(), text, neighbors)
	}
	before := state()
	t.Cleanup(func() {
		if state() != before {
			t.Errorf("%s, or what stands next to it, was changed", path)
		}
	})
}

// A copy is found sound in a folder that nobody may write to, and is not touched.
func TestVerifyFileFindsNoFaultInASoundCopy(t *testing.T) {
	path := filled(t)
	untouched(t, path)
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(filepath.Dir(path), 0o500)); err != nil {
		t.Fatal(err)
	}
	c, err := VerifyFile(t.Context(), path, "test")
	if err := errors.Join(os.Chmod(path, 0o600), os.Chmod(filepath.Dir(path), 0o700)); err != nil {
		t.Fatal(err)
	}
	if err != nil || len(c.Faults) > 0 || c.Items != 40 || c.Stories != 40 || c.Feeds != len(storetest.Feeds) ||
		c.Bytes == 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// What a file is said to be is what a store is said to be that has it.
func TestVerifyFileFindsWhatVerifyFinds(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	err := updateFile(s.db, func(tx *sealedTx) error {
		return errors.Join(tx.Bucket(bucketItems).Put(numberKey(3), []byte("{")),
			tx.Bucket(bucketIDs).Put([]byte("lost"), numberKey(999)))
	})
	if err != nil {
		t.Fatal(err)
	}
	store, err := s.Verify(t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	untouched(t, path)
	file, err := VerifyFile(t.Context(), path, "test")
	if err != nil || len(file.Faults) < 2 || !slices.Equal(file.Faults, store.Faults) {
		t.Errorf("the file has %q, %v; the store %q", file.Faults, err, store.Faults)
	}
}

// A store of an earlier format is read as it is after it was opened.
func TestVerifyFileReadsEachFormat(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(formats, "*.db.gz"))
	if err != nil || len(files) != Format {
		t.Fatalf("%d stores of %d formats, %v", len(files), Format, err)
	}
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, file := range files {
		path := filepath.Join(t.TempDir(), "store.db")
		unzip(t, file, path)
		untouched(t, path)
		if c, err := VerifyFile(t.Context(), path, "test"); err != nil || len(c.Faults) > 0 || c.Items != 4 ||
			c.Rulings != 2 {
			t.Errorf("%s: %+v, %v", file, c, err)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("copies are left over: %v, %v", left, err)
	}
	t.Setenv("TMPDIR", filepath.Join(temporary, "none"))
	path := filepath.Join(t.TempDir(), "store.db")
	unzip(t, files[0], path)
	if _, err := VerifyFile(t.Context(), path, "test"); err == nil || errors.Is(err, fs.ErrNotExist) ||
		!strings.Contains(err.Error(), "of an earlier format, and no copy of it could be made") {
		t.Errorf("without a place for the copy: %v", err)
	}
}

// Of each file that is no sound store the error says what it is.
func TestVerifyFileRefusesOtherFiles(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(filepath.Join(formats, "v1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	noPages := bytes.Clone(whole)
	clear(noPages[2*pageSize:])
	noHeads := bytes.Clone(whole)
	clear(noHeads[40:60])
	clear(noHeads[pageSize+40 : pageSize+60])
	for name, c := range map[string]struct {
		text []byte
		want error
		says string
	}{
		"empty":          {nil, ErrNoStore, "it is empty"},
		"text":           {bytes.Repeat([]byte("desk:\n"), 9999), ErrNoStore, "it is no store"},
		"zeros":          {make([]byte, 1<<16), ErrNoStore, "it is no store"},
		"gzip":           {packed, ErrPacked, "unpack it first, with gunzip --keep"},
		"zstd":           {[]byte("\x28\xb5\x2f\xfd and more"), ErrPacked, "unpack it first, with unzstd"},
		"cut":            {whole[:len(whole)/2], ErrDamaged, "pages are missing"},
		"cut to a page":  {whole[:pageSize], ErrDamaged, "missing"},
		"cut to 30":      {whole[:30], ErrDamaged, "neither of its two heads is whole"},
		"pages of zeros": {noPages, ErrDamaged, "page"},
		"broken heads":   {noHeads, ErrDamaged, "neither of its two heads is whole"},
	} {
		t.Run(name, func(t *testing.T) {
			path := written(t, c.text)
			untouched(t, path)
			found, err := VerifyFile(t.Context(), path, "test")
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) ||
				!strings.HasPrefix(err.Error(), path+": ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%+v, %v; want %q in one line", found, err, c.says)
			}
		})
	}
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(folder, "other.db")
	db, err := bolt.Open(other, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{folder: ErrNoStore, pipe: ErrNoStore, other: ErrDamaged,
		filepath.Join(folder, "none"): fs.ErrNotExist} {
		if _, err := VerifyFile(t.Context(), path, "test"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

// The error names both versions of a later format, and a store that is held.
func TestVerifyFileRefusesALaterOrAHeldStore(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	if _, err := VerifyFile(t.Context(), path, "test"); !errors.Is(err, ErrBusy) {
		t.Errorf("a store that is held: %v", err)
	}
	err := updateFile(s.db, func(tx *sealedTx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		m.Format, m.Version = Format+1, "9.9"
		return putAbout(tx, m)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	untouched(t, path)
	if _, err := VerifyFile(t.Context(), path, "0.1"); !errors.Is(err, ErrNewer) ||
		!strings.Contains(err.Error(), "by fronteras 9.9") || !strings.Contains(err.Error(), "this is 0.1") {
		t.Errorf("a store of a later version: %v", err)
	}
}

// Of a file that a copy was written to, each byte that does not belong there is
// found if a page is not what it says.
func TestVerifyPagesFindsDamage(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	noPages := bytes.Clone(whole)
	clear(noPages[2*pageSize:])
	for _, c := range []struct {
		text []byte
		want error
	}{{whole, nil}, {whole[:len(whole)-1], ErrDamaged}, {noPages, ErrDamaged}, {nil, ErrDamaged}} {
		f, err := os.Open(written(t, c.text))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if damage, err := VerifyPages(t.Context(), f); !errors.Is(err, c.want) || len(damage) > 0 {
			t.Errorf("%d bytes: %v, want %v", len(c.text), err, c.want)
		}
	}
}

// A file of whose two heads one is not whole can be read, and verify says of it what a
// daemon that opens it finds; the file stays as it is.
func TestAFileWithOneWholeHeadIsVerifiedAsItWouldBeOpened(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]int{"first": 0, "second": pageSize} {
		path := filepath.Join(t.TempDir(), "store.db")
		text := bytes.Clone(whole)
		clear(text[at : at+pageSize])
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := VerifyFile(t.Context(), path, "test")
		if err != nil || len(c.Faults) > 0 || c.Stories != 40 {
			t.Errorf("without the %s head: %+v, %v", name, c, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, text) {
			t.Errorf("without the %s head: the file was changed, %v", name, err)
		}
	}
}

// A backup takes the place of an empty file or of another backup, and of nothing else.
func TestABackupReplacesEmptyFilesAndStoresAlone(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, text []byte) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sound := filled(t)
	held := open(t, filled(t), storetest.Rules(t))
	defer held.Close()
	for path, want := range map[string]error{
		write("empty", nil): nil, sound: nil,
		write("config.yaml", []byte("desk: {title: A Desk}\n")): ErrNoStore,
		write("zip", []byte("PK\x03\x04")):                      ErrPacked, held.path: ErrBusy,
	} {
		if err := Replaceable(path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}
