package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"fronteras/aggregator/identity/visit"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
)

// bare is a file with empty buckets.
func bare(t *testing.T) *bolt.DB {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "bare.db"), 0o600, &bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = updateFile(db, func(tx *sealedTx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return sealFile(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// An index holds what it was given last, whatever has moved on in it.
func TestAnIndexHoldsWhatItWasGiven(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	db, want := bare(t), map[string][]byte{}
	x := indexOfKeys()
	key := func() []byte {
		near := binary.BigEndian.AppendUint32(nil, uint32(random.IntN(5)))
		return append(append(near, numberKey(uint64(random.IntN(20)))...), numberKey(uint64(random.IntN(40)))...)
	}
	for range 300 {
		var list, changed []entry
		given := map[string]bool{}
		for range 1 + random.IntN(1+random.IntN(60)) {
			k, v := key(), numberKey(random.Uint64N(3))
			if given[string(k)] {
				continue
			}
			given[string(k)] = true
			if _, there := want[string(k)]; there {
				changed = append(changed, entry{k, v})
			} else {
				list = append(list, entry{k, v})
			}
			want[string(k)] = v
		}
		err := updateFile(db, func(tx *sealedTx) error {
			for _, e := range changed {
				if err := x.replaceValue(tx, e.key, e.value); err != nil {
					return err
				}
			}
			return x.insertEntries(tx, list)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := viewFile(db, func(tx *sealedTx) error {
		for k, v := range want {
			if have := x.lookupValue(tx, []byte(k)); !bytes.Equal(have, v) {
				t.Errorf("%x: %x, want %x", k, have, v)
			}
			if tx.Bucket(x.bucket).Get([]byte(k)) != nil && tx.Bucket(x.fresh).Get([]byte(k)) != nil {
				t.Errorf("%x is there twice", k)
			}
		}
		if moved, fresh := tx.Bucket(x.bucket).Inspect().KeyN,
			tx.Bucket(x.fresh).Inspect().KeyN; moved+fresh != len(want) || moved < fresh {
			t.Errorf("%d have moved on and %d are fresh, of %d", moved, fresh, len(want))
		}
		for k := range want {
			prefix, limit := []byte(k[:12]), 1+random.IntN(10)
			var ends []uint64
			for other := range want {
				if other[:12] == k[:12] {
					ends = append(ends, numberFromKey([]byte(other[12:])))
				}
			}
			slices.Sort(ends)
			if have := x.findNumbers(tx, prefix, limit); !slices.Equal(have, ends[max(0, len(ends)-limit):]) {
				t.Errorf("%x leads to %d, want the last %d of %d", prefix, have, limit, ends)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What ids have in common does not keep them together.
func TestIDsOfOneHostFormAGroup(t *testing.T) {
	for id, want := range map[string]string{
		"v3db7i5i4wo4e":                       "v3",
		"tag:desk.example,2025:v3db7i5i4wo4e": "tag:desk.example,2025:v3",
		"https://ajo.example/2025/wells":      "https://ajo.example",
		"https://ajo.example":                 "https://",
		"x":                                   "x",
		"urn:uuid:":                           "urn:uuid:",
	} {
		if have := string(groupOf([]byte(id))); have != want {
			t.Errorf("%s: %s, want %s", id, have, want)
		}
	}
}

// A feed's paragraphs are what all its visits taught, in whatever parts they stand.
func TestParagraphsAreWhatVisitsTaught(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	db, want := bare(t), []identity.Paragraph(nil)
	for n := range 200 {
		var learned []identity.Paragraph
		item := uint64(1 + random.IntN(1+n))
		for range 1 + random.IntN(6) {
			learned = append(learned, identity.Paragraph{Item: item, Hash: random.Uint64N(50)})
		}
		want = visit.MergeParagraphs(want, learned)
		err := updateFile(db, func(tx *sealedTx) error {
			if err := tx.Bucket(bucketFeeds).Put([]byte("feed"), numberKey(7)); err != nil {
				return err
			}
			return writeParagraphs(tx, 7, identity.Memory{Learned: learned, Paragraphs: slices.Clone(want)})
		})
		if err != nil {
			t.Fatal(err)
		}
		err = viewFile(db, func(tx *sealedTx) error {
			if have := (reader{tx: tx}).Paragraphs("feed"); !slices.Equal(have, want) {
				return fmt.Errorf("after visit %d: %v, want %v", n, have, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
