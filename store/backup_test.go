package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A backup is a store of its own with what there was when it was made.
// While it is handed over, writers go on.
func TestABackupIsAStore(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	defer s.Close()
	if err := bring(t, s, 0, 41); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	made := storetest.Begin.Add(time.Hour)
	c, err := s.Backup(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := bring(t, s, 41, 20); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(c)
	if err != nil || int64(len(text)) != c.Size {
		t.Errorf("%d bytes came, %d were told, %v", len(text), c.Size, err)
	}
	if err := os.WriteFile(backup, text, 0o600); err != nil {
		t.Fatal(err)
	}
	leftNothing(t, path)
	copied := open(t, backup, storetest.Rules(t))
	defer copied.Close()
	if n := stories(t, copied); n != 41 || copied.died {
		t.Errorf("the backup has %d stories, want 41; a process died in it: %v", n, copied.died)
	}
	if about, err := copied.About(); err != nil || !about.BackedUp.Equal(made) {
		t.Errorf("the backup says it was made %v, %v", about.BackedUp, err)
	}
	if about, err := s.About(); err != nil || !about.BackedUp.IsZero() {
		t.Errorf("the store says a backup was made %v, %v", about.BackedUp, err)
	}
	if err := s.NoteBackup(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if about, err := s.About(); err != nil || !about.BackedUp.Equal(made) {
		t.Errorf("the store says a backup was made %v, %v", about.BackedUp, err)
	}
}

// Verify says that a sound store is sound.
func TestVerifyFindsNoFaultInASoundStore(t *testing.T) {
	path := filled(t)
	s := open(t, path, storetest.Rules(t))
	defer s.Close()
	c, err := s.Verify(t.Context())
	if err != nil || len(c.Faults) > 0 || c.Items != 40 || c.Stories != 40 || c.Feeds != len(storetest.Feeds) ||
		c.IDs < 40 {
		t.Errorf("%+v, %v", c, err)
	}
	leftNothing(t, path)
}

// Verify finds each kind of fault that no page shows.
func TestVerifyFindsEachKindOfFault(t *testing.T) {
	story := func(tx *sealedTx, n uint64, change func(*news.Story)) error {
		s, err := readBareStory(tx, n)
		if err != nil {
			return err
		}
		change(s)
		return putRecord(tx.Bucket(bucketStories), numberKey(n), s)
	}
	for name, c := range map[string]struct {
		change func(*sealedTx) error
		want   string
	}{
		"unreadable item": {func(tx *sealedTx) error { return tx.Bucket(bucketItems).Put(numberKey(3), []byte("{")) },
			"items 3: not readable"},
		"unreadable story": {func(tx *sealedTx) error {
			return tx.Bucket(bucketStories).Put(numberKey(3),
				[]byte("{"))
		}, "story 3: "},
		"missing item": {func(tx *sealedTx) error { return tx.Bucket(bucketItems).Delete(numberKey(3)) },
			"which there is not"},
		"item in two stories": {func(tx *sealedTx) error {
			return story(tx, 5, func(s *news.Story) { s.Members = append(s.Members, 4) })
		}, "item 4 is in stories"},
		"item in none": {func(tx *sealedTx) error { return story(tx, 5, func(s *news.Story) { s.Members = nil }) },
			"story 5 has no items"},
		"item of none": {func(tx *sealedTx) error {
			return tx.Bucket(bucketItems).Put(numberKey(99), tx.Bucket(bucketItems).Get(numberKey(3)))
		}, "which does not have it"},
		"item twice": {func(tx *sealedTx) error {
			return story(tx, 5, func(s *news.Story) { s.Members = append(s.Members, s.Members[0]) })
		}, "is in story 5 twice"},
		"doubled id": {func(tx *sealedTx) error {
			return story(tx, 5,
				func(s *news.Story) { s.ID = mustStory(tx, 6).ID })
		}, "is given to stories 5 and 6"},
		"lost id": {func(tx *sealedTx) error {
			id := []byte(mustStory(tx, 6).ID)
			return errors.Join(tx.Bucket(bucketIDs).Delete(id), tx.Bucket(bucketFreshIDs).Delete(id))
		}, "does not lead to story 6"},
		"id of nothing": {func(tx *sealedTx) error { return tx.Bucket(bucketIDs).Put([]byte("lost"), numberKey(999)) },
			`id "lost" leads to no story`},
		"list": {func(tx *sealedTx) error {
			return tx.Bucket(bucketOrder).Delete(publishedKey(mustStory(tx,
				6)))
		}, "is not where it should be in order"},
		"list too much": {func(tx *sealedTx) error {
			return tx.Bucket(bucketOrder).Put([]byte("12345678lost"),
				numberKey(6))
		}, "should not be there"},
		"key of nothing": {func(tx *sealedTx) error { return tx.Bucket(bucketKeys).Put(make([]byte, 20), emptyValue) },
			"a key leads to item 0"},
		"counts": {func(tx *sealedTx) error {
			return putRecord(tx.Bucket(bucketMeta), keyCounts, map[string]int{"flags": 7})
		}, "counts: "},
		"never due": {func(tx *sealedTx) error {
			key, _ := tx.Bucket(bucketTimes).Cursor().First()
			return tx.Bucket(bucketTimes).Put(key, visitTimes{due: never}.encodeTimes())
		}, "is never due"},
		"no times": {func(tx *sealedTx) error {
			key, _ := tx.Bucket(bucketTimes).Cursor().First()
			return tx.Bucket(bucketTimes).Delete(key)
		}, "times of its visits have 0 bytes"},
		"lease": {func(tx *sealedTx) error { return tx.Bucket(bucketLeases).Put(numberKey(7), make([]byte, 9)) },
			"lease 7: "},
		"marks": {func(tx *sealedTx) error { return tx.Bucket(bucketChanges).Put(numberKey(1), []byte("n")) },
			"marks of feed 1: "},
		"no marks": {func(tx *sealedTx) error { return tx.Bucket(bucketChanges).Put(numberKey(9), emptyValue) },
			"marks of feed 9: they have changed"},
		"cut off": {func(tx *sealedTx) error { return tx.Bucket(bucketIDs).Put([]byte("x"), []byte("y")) },
			"is cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filled(t), storetest.Rules(t))
			defer s.Close()
			if err := updateFile(s.db, c.change); err != nil {
				t.Fatal(err)
			}
			found, err := s.Verify(t.Context())
			if err != nil || !strings.Contains(strings.Join(found.Faults, "\n"), c.want) {
				t.Errorf("%q was not found: %q, %v", c.want, found.Faults, err)
			}
		})
	}
}

func mustStory(tx *sealedTx, n uint64) *news.Story {
	s, err := readBareStory(tx, n)
	if err != nil {
		panic(err)
	}
	return s
}
