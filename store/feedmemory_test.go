package store

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Marks come back as they were, and those that earlier versions wrote are read.
func TestMarksComeBack(t *testing.T) {
	for n := range 120 {
		marks := make([]identity.Mark, n)
		for i := range marks {
			marks[i] = identity.Mark{
				Digest: news.Digest{byte(i), 15: 7}, Item: uint64(i), GUID: uint64(i) << 60, Link: ^uint64(i),
				Title: 3, Date: int64(-i),
			}
		}
		earlier, err := binary.Append(nil, binary.LittleEndian, marks)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"now": encodeMarks(marks), "earlier": earlier} {
			if have, err := decodeMarks(text); err != nil || len(have) != n ||
				n > 0 && !reflect.DeepEqual(have, marks) {
				t.Errorf("%d marks written %s: %v, %v", n, name, have, err)
			}
		}
	}
	for _, text := range []string{"m1", "x", string(make([]byte, 53))} {
		if _, err := decodeMarks([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// Whatever becomes of a feed's documents, the marks of the last one are read; and of
// one that has few new entries, little is written.
func TestMarksAreThoseOfTheLastDocument(t *testing.T) {
	random, db := rand.New(rand.NewPCG(5, 6)), bare(t)
	mark := func() identity.Mark {
		return identity.Mark{Digest: news.Digest{byte(random.IntN(256)), byte(random.IntN(256)), 15: 1},
			Item: uint64(random.IntN(4)), Title: random.Uint64()}
	}
	var document []identity.Mark
	for range 60 {
		document = append(document, mark())
	}
	for visit := range 400 {
		switch random.IntN(8) {
		case 0: // one is shown twice
			document = append(document, document[:min(1, len(document))]...)
		case 1: // some fall out
			n := random.IntN(len(document) + 1)
			document = slices.Delete(document, n, min(n+random.IntN(20), len(document)))
		case 2: // one changes
			if len(document) > 0 {
				document[random.IntN(len(document))] = mark()
			}
		case 3: // the order changes
			slices.Reverse(document)
		case 4: // all are others
			if visit%10 == 0 {
				document = nil
			}
			for range 60 {
				document = append(document, mark())
			}
			document = document[len(document)-60:]
		default:
			document = append([]identity.Mark{mark()}, document...)
		}
		err := updateFile(db, func(tx *sealedTx) error {
			if err := writeMarks(tx, 7, document); err != nil {
				return err
			}
			if have, err := readMarks(tx, 7); err != nil || !slices.Equal(have, document) {
				t.Fatalf("visit %d: %d marks of %d, %v", visit, len(have), len(document), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFewNewMarksTakeLittle(t *testing.T) {
	kept := make([]identity.Mark, 50)
	for n := range kept {
		kept[n].Title = uint64(n)
	}
	for news, want := range map[int]int{0: 5, 1: 58, 2: 111, 12: 641, 13: 0} {
		document := append(make([]identity.Mark, news), kept[:50-news]...)
		for n := range news {
			document[n].Title = uint64(100 + n)
		}
		if change, ok := encodeMarkChanges(kept, document); len(change) != want || ok != (want > 0) {
			t.Errorf("%d new ones take %d bytes (%t), want %d", news, len(change), ok, want)
		}
	}
}

func TestBrokenChangesOfMarksAreErrors(t *testing.T) {
	kept := make([]identity.Mark, 50)
	change, _ := encodeMarkChanges(kept, append([]identity.Mark{{Title: 1}}, kept...))
	for n := range change {
		if _, err := applyMarkChanges(kept, change[:n]); err == nil && n != 0 && n != 1+markSize {
			t.Errorf("%d bytes of %d are read", n, len(change))
		}
	}
	if _, err := applyMarkChanges(kept[:49], change); err == nil {
		t.Error("marks that there are not are read")
	}
	if _, err := applyMarkChanges(kept, []byte("x12345678")); err == nil {
		t.Error("what is no change is read")
	}
}
