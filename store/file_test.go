package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// filled is the path of a closed store with some stories in it.
func filled(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	stock(t, s, 0, 40)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// stock saves a visit that brings a number of items, numbered from a number on.
func stock(t testing.TB, s *Store, from, count int) {
	t.Helper()
	if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	if err := bring(t, s, from, count); err != nil {
		t.Fatal(err)
	}
}

func bring(t testing.TB, s *Store, from, count int) error {
	t.Helper()
	feed := storetest.Feeds[0]
	var entries []news.Entry
	for n := from; n < from+count; n++ {
		entries = append(entries, storetest.Entry("ajo", fmt.Sprint("story-", n), fmt.Sprint("Story ", n),
			storetest.Begin.Add(time.Duration(n)*time.Minute)))
	}
	if _, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station,
		Due: storetest.Begin.Add(time.Hour)}, &identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true,
		Entries: entries}, nil); err != nil {
		return err
	}
	_, _, err := s.Settle(t.Context(), storetest.Begin)
	return err
}

// refused opens a file that cannot be a store, and looks whether it was left alone.
func refused(t *testing.T, path string, want error) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, storetest.Rules(t), Options{Wait: time.Second, Version: "test"})
	if !errors.Is(err, want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("opened as %v, %v; want %v in one line", s, err, want)
	}
	if want == ErrDamaged && !strings.Contains(fmt.Sprint(err), "cp BACKUP "+path) {
		t.Errorf("%v: it does not say how to restore", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
	if now, err := os.Stat(path); err != nil || !now.ModTime().Equal(info.ModTime()) {
		t.Errorf("the file was touched: %v", err)
	}
	leftNothing(t, path)
}

// leftNothing looks for files next to a store.
func leftNothing(t *testing.T, path string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("next to the store: %v, %v", files, err)
	}
}

// Each kind of damage is refused in one line that says how to restore; no file is changed or made.
func TestADamagedFileIsRefused(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{"empty": {}, "a page": whole[:pageSize], "zeros": make([]byte, 1<<16),
		"text": []byte(strings.Repeat("desk:\n", 10000))}
	for _, percent := range []int{50, 90, 99} {
		cases[fmt.Sprint(percent, " %")] = whole[:len(whole)*percent/100]
	}
	heads := bytes.Clone(whole)
	clear(heads[:2*pageSize])
	cases["both heads destroyed"] = heads
	for name, text := range cases {
		t.Run(name, func(t *testing.T) { refused(t, written(t, text), ErrDamaged) })
	}
	t.Run("another program's file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		db, err := bolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, path, ErrDamaged)
	})
	t.Run("a folder", func(t *testing.T) {
		path := t.TempDir()
		if _, err := Open(path, storetest.Rules(t), Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("opened with %v", err)
		}
	})
	t.Run("a pipe", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, storetest.Rules(t), Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("opened with %v", err)
		}
	})
}

func written(t testing.TB, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whichever page is overwritten, and with whatever, the process goes on: the
// file is refused, or opens because the page was not in use.
func TestAnyOverwrittenPageIsRefusedOrUnused(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(7, 93))
	damaged := 0
	for n := 2; n < len(whole)/pageSize; n++ {
		for kind, fill := range map[string]func([]byte){
			"zeros": func(b []byte) { clear(b) },
			"ones":  func(b []byte) { copy(b, bytes.Repeat([]byte{0xFF}, len(b))) },
			"noise": func(b []byte) {
				for i := range b {
					b[i] = byte(random.Uint32())
				}
			},
			"another page": func(b []byte) {
				copy(b,
					whole[pageSize*(2+random.IntN(len(whole)/pageSize-2)):][:pageSize])
			},
			"some bits": func(b []byte) {
				for range 8 {
					b[random.IntN(200)] ^= 1 << random.IntN(8)
				}
			},
		} {
			text := bytes.Clone(whole)
			fill(text[pageSize*n:][:pageSize])
			if bytes.Equal(text, whole) {
				continue
			}
			if _, err := checkPages(bytes.NewReader(text), int64(len(text))); err != nil {
				damaged++
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("page %d, %s: %v", n, kind, err)
				}
				continue
			}
			s, err := Open(written(t, text), storetest.Rules(t), Options{Wait: time.Second})
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Errorf("page %d, %s: it is sound, but %v", n, kind, err)
			}
		}
	}
	if damaged < 20 {
		t.Errorf("only %d damages were seen", damaged)
	}
}

// With one head destroyed the store is as it was, or as before the last
// change, never a third thing.
func TestAFileWithOneHeadIsOpened(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	for head := range 2 {
		text := bytes.Clone(whole)
		clear(text[head*pageSize:][:pageSize])
		s := open(t, written(t, text), storetest.Rules(t))
		if n := stories(t, s); n != 40 {
			t.Errorf("without head %d there are %d stories", head, n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func stories(t testing.TB, s *Store) (count int) {
	t.Helper()
	if err := s.EachStory(func(*news.Story) bool { count++; return true }); err != nil {
		t.Fatal(err)
	}
	return count
}

// A store of a later version is refused with both versions, and not touched.
func TestALaterFormatIsRefused(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	if err := updateFile(s.db, func(tx *sealedTx) error {
		return putAbout(tx, about{Format: Format + 1, Version: "9.9"})
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, path, ErrNewer)
	_, err := Open(path, storetest.Rules(t), Options{Version: "1.2"})
	if want := "by fronteras 9.9 (format 4); this is 1.2 (format 3)"; !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("%v does not say %q", err, want)
	}
}

// A new store is readable by its owner alone, whatever the umask, and
// nothing stands next to it. That others can read one is reported.
func TestOnlyTheOwnerCanReadANewFile(t *testing.T) {
	for _, mask := range []int{0, 0o277, 0o777} {
		path := filepath.Join(t.TempDir(), "store.db")
		before := unix.Umask(mask)
		s, err := Open(path, storetest.Rules(t), Options{})
		unix.Umask(before)
		if err != nil {
			t.Fatalf("umask %o: %v", mask, err)
		}
		if !s.Opening.New || s.Opening.Exposed != 0 {
			t.Errorf("umask %o: it was opened as %+v", mask, s.Opening)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("umask %o: %v, %v", mask, info.Mode(), err)
		}
		leftNothing(t, path)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		s = open(t, path, storetest.Rules(t))
		if found := s.Opening; found.New || found.Exposed != fs.FileMode(0o644) {
			t.Errorf("opened as %+v", found)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A store at its bound refuses what it has no room for, is read from all
// the same, and goes on where there is room again.
func TestAFullStoreIsReadAndGoesOn(t *testing.T) {
	path := filled(t)
	s, err := Open(path, storetest.Rules(t), Options{MaxSize: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	from, had := 100, 0
	for err = nil; err == nil && from < 1_000_000; from += 500 {
		had = stories(t, s)
		err = bring(t, s, from, 500)
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("it never was full: %v", err)
	}
	if n := stories(t, s); n < had {
		t.Errorf("%d of %d stories are left", n, had)
	}
	s.db.MaxSize = 1 << 30
	if err := bring(t, s, from, 1); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// The same where the disk has no room: here a limit on the size of files.
func TestAFullDiskIsSurvived(t *testing.T) {
	s := open(t, filled(t), storetest.Rules(t))
	defer s.Close()
	size, _, err := s.fileSizes()
	if err != nil {
		t.Fatal(err)
	}
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limited := before
	limited.Cur = uint64(size) + 4<<20 // go test writes a file too, of what the tests before this one opened
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limited); err != nil {
		t.Fatal(err)
	}
	from := 100
	for err = nil; err == nil && from < 100_000; from += 500 {
		err = bring(t, s, from, 500)
	}
	if e := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("it never was full: %v", err)
	}
	had := stories(t, s)
	if err := bring(t, s, from, 7); err != nil || stories(t, s) != had+7 {
		t.Errorf("with room again there are %d stories, there were %d: %v", stories(t, s), had, err)
	}
}

// emptied leaves a file that is mostly free.
func emptied(t *testing.T, s *Store) {
	t.Helper()
	large := bytes.Repeat([]byte("x"), 4<<20)
	for _, change := range []func(*sealedTx) error{
		func(tx *sealedTx) error { return tx.Bucket(bucketKept).Put([]byte("large"), large) },
		func(tx *sealedTx) error { return tx.Bucket(bucketKept).Delete([]byte("large")) },
	} {
		if err := updateFile(s.db, change); err != nil {
			t.Fatal(err)
		}
	}
}

// A file that is mostly free is compacted at the start; all that was in it is,
// and an opener that waited for the old file opens the new one.
func TestMostlyFreeFilesAreCompacted(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	emptied(t, s)
	waited := make(chan error)
	go func() {
		s, err := Open(path, storetest.Rules(t), Options{Wait: time.Minute})
		if err == nil {
			if n := stories(t, s); n != 40 {
				err = fmt.Errorf("who waited found %d stories", n)
			}
			err = errors.Join(err, s.Close())
		}
		waited <- err
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, storetest.Rules(t), Options{CompactFrom: 1 << 20, Wait: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if found := s.Opening; found.Was < 4<<20 || found.Is > 1<<20 || info.Size() > 20<<20 || info.Mode() != 0o600 {
		t.Errorf("opened as %+v; the file has %d bytes and mode %v", found, info.Size(), info.Mode())
	}
	if n := stories(t, s); n != 40 {
		t.Errorf("%d stories are left", n)
	}
	stock(t, s, 40, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil && !strings.Contains(err.Error(), "41 stories") {
		t.Error(err)
	}
	leftNothing(t, path)
}

// File systems that other machines share are refused by name.
func TestNoStoreOpensOnASharedFileSystem(t *testing.T) {
	if err := refuseRemoteDisk(unix.NFS_SUPER_MAGIC); err == nil || !strings.Contains(err.Error(), "NFS") {
		t.Errorf("NFS: %v", err)
	}
	if err := refuseRemoteDisk(unix.EXT4_SUPER_MAGIC); err != nil {
		t.Errorf("ext4: %v", err)
	}
}

// What a process left next to a store when it died is taken away at the next start.
func TestTemporariesOfADeadProcessAreRemoved(t *testing.T) {
	path := filled(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), ".store.db.123.tmp"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path, storetest.Rules(t)).Close(); err != nil {
		t.Fatal(err)
	}
	leftNothing(t, path)
}

// Somebody who reads for long stops no writer, however the file grows.
func TestALongReaderStopsNobody(t *testing.T) {
	s := open(t, filled(t), storetest.Rules(t))
	defer s.Close()
	tx, err := s.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		if err := bring(t, s, 1000+10*n, 10); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}

// FuzzPages: no bytes end the process that looks at them.
func FuzzPages(f *testing.F) {
	path := filled(f)
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(2*pageSize), []byte{0xFF, 0xFF, 0xFF})
	f.Add(uint32(0), []byte{0})
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		text := bytes.Clone(whole)
		copy(text[int(at)%len(text):], with)
		if _, err := checkPages(bytes.NewReader(text), int64(len(text))); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("not damage: %v", err)
		}
	})
}

// A story with a record that cannot be read is left out and named; the others
// go on, and so do visits.
func TestAnUnreadableRecordCostsItsStoryAlone(t *testing.T) {
	for name, bucket := range map[string][]byte{"story": bucketStories, "item": bucketItems} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			var told []string
			s, err := Open(path, storetest.Rules(t), Options{Unreadable: func(story string, _ error) {
				told = append(told, story)
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			id := ""
			if err := s.EachStory(func(s *news.Story) bool {
				id = s.ID
				return s.Number != 7 && bytes.Equal(bucket, bucketStories) ||
					s.Members[0] != 7 && bytes.Equal(bucket, bucketItems)
			}); err != nil {
				t.Fatal(err)
			}
			before, err := s.Window(100, 1000*time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if err := updateFile(s.db, func(tx *sealedTx) error {
				return tx.Bucket(bucket).Put(numberKey(7),
					[]byte(`{"status":`))
			}); err != nil {
				t.Fatal(err)
			}
			if n := stories(t, s); n != 39 || len(told) != 1 || told[0] != id {
				t.Errorf("%d stories are read; told of %q, want %q", n, told, id)
			}
			w, err := s.Window(100, 1000*time.Hour)
			if have, had := len(w.Stories)+len(w.Filed)+len(w.Left),
				len(before.Stories)+len(before.Filed)+len(before.Left); err != nil || have < had-1 {
				t.Errorf("%d of %d stories are in the window, %v", have, had, err)
			}
			if err := bring(t, s, 40, 1); err != nil || stories(t, s) != 40 {
				t.Errorf("a visit found %d stories in the end: %v", stories(t, s), err)
			}
			if _, err := s.Story(id); !errors.Is(err, ErrRecord) {
				t.Errorf("asked for, it is %v", err)
			}
		})
	}
}

// Whatever part of a change has reached the file when power fails, the store
// opens, and is as it was before the change or after it.
func TestATornWriteLosesNothingThatWasSaved(t *testing.T) {
	path := filled(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openBoltFile(path, Options{}, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	err = updateFile(db, func(tx *sealedTx) error {
		for n := range 50 {
			if err := tx.Bucket(bucketKept).Put(numberKey(uint64(n)), bytes.Repeat([]byte("new"), 1000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, trimFile(db, path), db.Close()); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before = append(before, make([]byte, len(after)-len(before))...) // it grows first
	head, data := -1, []int(nil)
	for n := range len(after) / pageSize {
		switch {
		case bytes.Equal(before[n*pageSize:][:pageSize], after[n*pageSize:][:pageSize]):
		case n < 2:
			head = n
		default:
			data = append(data, n)
		}
	}
	if head < 0 || len(data) < 5 {
		t.Fatalf("pages %v and head %d were written", data, head)
	}
	look := func(what string, text []byte, changed ...bool) {
		t.Helper()
		s, err := Open(written(t, text), storetest.Rules(t), Options{Wait: time.Second})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		defer s.Close()
		err = s.view(func(tx *sealedTx) error {
			if is := tx.Bucket(bucketKept).Get(numberKey(7)) != nil; !slices.Contains(changed, is) {
				t.Errorf("%s: changed is %v, want %v", what, is, changed)
			}
			return nil
		})
		if n := stories(t, s); err != nil || n != 40 {
			t.Errorf("%s: %d stories, %v", what, n, err)
		}
	}
	random := rand.New(rand.NewPCG(2, 2))
	for n := range 40 {
		text := bytes.Clone(before)
		for _, p := range data {
			if n < len(data) && p <= data[n] || n >= len(data) && random.IntN(2) == 0 {
				copy(text[p*pageSize:][:pageSize], after[p*pageSize:][:pageSize])
			}
		}
		look(fmt.Sprint("without the head, ", n), text, false)
	}
	for cut := 512; cut < pageSize; cut += 512 {
		text := bytes.Clone(after)
		copy(text[head*pageSize+cut:(head+1)*pageSize], before[head*pageSize+cut:])
		look(fmt.Sprint("the head's first ", cut), text, true, false)
	}
	look("all", after, true)
}

// In a restored backup known public ids are found again, and what it has
// forgotten comes back under the same id.
func TestARestoredBackupForgetsNoID(t *testing.T) {
	path := filled(t)
	older, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path, storetest.Rules(t))
	if err := bring(t, s, 0, 60); err != nil {
		t.Fatal(err)
	}
	had := publicIDs(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	restored := open(t, written(t, older), storetest.Rules(t))
	defer restored.Close()
	if err := bring(t, restored, 0, 60); err != nil {
		t.Fatal(err)
	}
	if now := publicIDs(t, restored); len(now) != 60 || fmt.Sprint(now) != fmt.Sprint(had) {
		t.Errorf("the public ids are %v, they were %v", now, had)
	}
}

func publicIDs(t *testing.T, s *Store) (ids []string) {
	t.Helper()
	if err := s.EachStory(func(s *news.Story) bool { ids = append(ids, s.PublicID); return true }); err != nil {
		t.Fatal(err)
	}
	return ids
}
