package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// everyKind makes an empty value of each kind of record.
func everyKind() map[string]func() any {
	all := map[string]func() any{"items": newBlankRecord[news.Item], "stories": newBlankRecord[news.Story],
		"counts": newBlankRecord[map[string]int]}
	for _, k := range otherRecords {
		all[string(k.bucket)] = k.blank
	}
	return all
}

// A record of any kind comes back as it was, and as it does from the JSON of format 1.
func TestRecordsComeBack(t *testing.T) {
	for name, blank := range everyKind() {
		t.Run(name, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(1, 2))
			for n := range 300 {
				value := blank()
				filling{chance, n == 0}.fill(reflect.ValueOf(value).Elem())
				inJSON, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				inCBOR, err := encodeRecord(value)
				if err != nil {
					t.Fatal(err)
				}
				fromCBOR, fromJSON := blank(), blank()
				if err := errors.Join(decodeRecord(inCBOR, fromCBOR), decodeRecord(inJSON, fromJSON)); err != nil {
					t.Fatal(err)
				}
				if n == 0 && !reflect.DeepEqual(fromCBOR, value) {
					t.Fatalf("of\n%+v\ncomes\n%+v", value, fromCBOR)
				}
				if !reflect.DeepEqual(fromCBOR, fromJSON) {
					t.Fatalf("of\n%+v\ncomes\n%+v\nin format 1\n%+v", value, fromCBOR, fromJSON)
				}
				if again, err := encodeRecord(fromJSON); (name == "items" || name == "stories") &&
					(err != nil || !bytes.Equal(again, inCBOR)) {
					t.Fatalf("%+v, which came of JSON, is written %x and not %x, %v", fromJSON, again, inCBOR, err)
				}
			}
		})
	}
}

// filling fills values as a record may have them.
type filling struct {
	*rand.Rand
	whole bool // all is set, and times are in UTC; else some of it, and in any zone
}

func (f filling) fill(v reflect.Value) {
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = time.Date(2000+f.IntN(50), 1, 1+f.IntN(300), f.IntN(24), 0, f.IntN(60), f.IntN(2)*f.IntN(1e9), time.UTC)
		if !f.whole {
			*at = at.In(time.FixedZone("", 1800*(f.IntN(40)-20)))
		}
		return
	case *news.Digest:
		*at = news.Digest{byte(f.IntN(256)), 1, 0x80, 0xFF}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for n := range v.NumField() {
			if v.Type().Field(n).Tag.Get("json") != "-" && (f.whole || f.IntN(3) > 0) {
				f.fill(v.Field(n))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.few(), 4))
		for n := range v.Len() {
			f.fill(v.Index(n))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range f.few() {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key)
			f.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("<p>Río & “%x”\u2028\x00</p>%s", f.Uint64(), strings.Repeat("x", f.IntN(300))))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(f.Float64())
	case reflect.Int, reflect.Int64:
		v.SetInt(f.Int64()>>f.IntN(63) | 1)
	case reflect.Uint64:
		v.SetUint(f.Uint64()>>f.IntN(63) | 1)
	default:
		panic("no record has had a " + v.Type().String())
	}
}

// few is how many of something there are.
func (f filling) few() int {
	if f.whole {
		return 2
	}
	return f.IntN(4)
}

// A text that is not UTF-8, as an address can become, comes back as it was, and so does a list of
// any length. What JSON has no form for is refused before it is written.
func TestRecordsOfOddValuesComeBack(t *testing.T) {
	before := news.Story{Root: news.Root{Key: "https://ajo.example/\xff"}, Members: make([]uint64, 200_000)}
	text, err := encodeRecord(before)
	if err != nil {
		t.Fatal(err)
	}
	var after news.Story
	if err := decodeRecord(text, &after); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("comes back as %q with %d members, %v", after.Root.Key, len(after.Members), err)
	}
	nan := 0.0
	nan /= nan
	for name, value := range map[string]any{
		"no number": news.Checks{Title: nan}, "a late year": news.Item{FirstSeen: time.Date(10_000, 1, 1, 0, 0, 0, 0,
			time.UTC)},
	} {
		if _, err := encodeRecord(value); err == nil {
			t.Errorf("%s is written", name)
		}
	}
}

// Equal values are equal bytes: what is there already is not written again.
func TestRecordsAreTheSameEachTime(t *testing.T) {
	counts := map[string]int{}
	for n := range 50 {
		counts[fmt.Sprint("edge J", n)] = n
	}
	first, err := encodeRecord(counts)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if again, err := encodeRecord(maps.Clone(counts)); err != nil || !bytes.Equal(again, first) {
			t.Fatalf("%x and %x, %v", first, again, err)
		}
	}
}

// What can be no record is ErrRecord.
func TestBrokenRecordsAreErrors(t *testing.T) {
	whole, err := encodeRecord(fullItem())
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string][]byte{
		"missing": nil, "empty": {}, "null of JSON": []byte("null"), "null of CBOR": {0xF6}, "a list": {0x80},
		"a text": {0x61, 'a'}, "half of JSON": []byte(`{"station":`),
		"without end": {0xBF, 0xFF}, "too long": append(bytes.Clone(whole), 0), "a tag": {0xA1, 0x61, 'a', 0xC1, 0x01},
		"a promise":    {0xBB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
		"another type": {0xA1, 0x65, 's', 't', 'o', 'r', 'y', 0x61, 'a'},
		"deep":         append([]byte{0xA1, 0x61, 'a'}, bytes.Repeat([]byte{0x81}, 1000)...),
	}
	for n := range whole {
		broken[fmt.Sprint("cut at ", n)] = whole[:n]
	}
	for name, text := range broken {
		if err := decodeRecord(text, &news.Item{}); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Bytes of any kind are a record or ErrRecord; what is read and can be written comes back.
func FuzzRecord(f *testing.F) {
	for _, value := range []any{fullItem(), fullStory()} {
		inCBOR, err := encodeRecord(value)
		if err != nil {
			f.Fatal(err)
		}
		inJSON, err := json.Marshal(value)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(inCBOR)
		f.Add(inJSON)
	}
	all := everyKind()
	f.Fuzz(func(t *testing.T, text []byte) {
		for name, blank := range all {
			value := blank()
			if err := decodeRecord(text, value); err != nil {
				if !errors.Is(err, ErrRecord) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			once, err := encodeRecord(value)
			if err != nil {
				continue
			}
			again := blank()
			if err := decodeRecord(once, again); err != nil {
				t.Fatalf("%s: %x: %v", name, once, err)
			}
			if twice, err := encodeRecord(again); err != nil || !bytes.Equal(once, twice) {
				t.Errorf("%s: %x becomes %x, %v", name, once, twice, err)
			}
		}
	})
}

// What stands in a file of format 1 is not taken for another because it would be written in other
// bytes now: what comes again changes nothing, and a record stays JSON until it is another. One is:
// of the story that an editor made of two stations' the rules name no origin now.
func TestARecordOfFormat1IsNoChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	unzip(t, filepath.Join(formats, "v1.db.gz"), path)
	s := open(t, path, storetest.Rules(t))
	defer s.Close()
	records := func() (of map[string]string) {
		of = map[string]string{}
		err := s.view(func(tx *sealedTx) error {
			for _, bucket := range [][]byte{bucketItems, bucketStories} {
				if err := tx.Bucket(bucket).ForEach(func(key, text []byte) error {
					of[fmt.Sprintf("%s %d", bucket, numberFromKey(key))] = string(text)
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return of
	}
	before := records()
	for name, text := range before {
		if !isJSON([]byte(text)) {
			t.Errorf("%s is not of format 1", name)
		}
	}
	changes, err := s.Refold(t.Context(), storetest.Begin.Add(time.Hour), false)
	if err != nil || len(changes) != 1 ||
		!slices.Equal(changes[0].What, []string{"origin changes from Radio ajo (O5) to not stated"}) {
		t.Errorf("a refold changes %+v, %v", changes, err)
	}
	const joined = "stories 2"
	if before[joined] = records()[joined]; isJSON([]byte(before[joined])) {
		t.Error("a record that is another is of format 1 still")
	}
	about, err := s.About()
	if err != nil {
		t.Fatal(err)
	}
	feed := storetest.Feeds[0]
	var page []news.Entry
	for _, guid := range []string{"rain", "wells", "error"} {
		found, err := s.Lookup("https://ajo.example/?p=" + guid)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s leads to %+v, %v", guid, found, err)
		}
		page = append(page, found[0].Items[0].Entry)
	}
	a := &identity.Arrival{Feed: feed, At: storetest.Begin.Add(2 * time.Hour), Whole: true, Entries: page}
	saved, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: a.At.Add(time.Hour)},
		a, nil)
	if err != nil || saved.New != 0 || saved.Changed != 0 || saved.Revision != about.Revision {
		t.Errorf("the same document brings %+v, %v", saved, err)
	}
	if after := records(); !maps.Equal(before, after) {
		t.Errorf("there were %q, there are %q", before, after)
	}
	page[1].Title, page[1].Digest = "Wells are full", news.Digest{9}
	if _, err = s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: a.At.Add(time.Hour)}, a,
		nil); err != nil {
		t.Fatal(err)
	}
	written := 0
	for name, text := range records() {
		if !isJSON([]byte(text)) {
			written++
		} else if text != before[name] {
			t.Errorf("%s is another, and JSON: %s", name, text)
		}
	}
	if written < 2 { // the joined one was
		t.Error("another headline was written nowhere")
	}
}

// BenchmarkRecord reads and writes an item of 2 kB and the story of it.
//
//	go test -run '^$' -bench Record ./store
func BenchmarkRecord(b *testing.B) {
	for name, value := range map[string]any{"item": fullItem(), "story": fullStory()} {
		text, err := encodeRecord(value)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("encode "+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := encodeRecord(value); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(text)), "bytes")
		})
		blank := everyKind()[map[string]string{"item": "items", "story": "stories"}[name]]
		b.Run("decode "+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := decodeRecord(text, blank()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fullItem is an item as a station's feed brings it, with 2 kB of HTML.
func fullItem() *news.Item {
	chance := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for range 6 {
		fmt.Fprintf(&text, "<p>%s <a href=\"https://ajo.example/%s\">%s</a> %s.</p>\n", prose(chance, 28),
			prose(chance, 1), prose(chance, 2), prose(chance, 20))
	}
	at := storetest.Begin
	return &news.Item{
		Station: "ajo", Feed: "https://ajo.example/rss.xml",
		Entry: news.Entry{
			GUID: "https://ajo.example/?p=12", URL: "https://ajo.example/2031/10/story-12", Title: prose(chance, 8),
			Summary: prose(chance, 20), Content: text.String(),
			Byline: "Ann Other", Authors: []news.Person{{Name: "Ann Other"}}, Published: at, Language: "en",
			Topics: []string{"News"}, Digest: news.Digest{1, 2, 3, 200},
		},
		GUIDs: []string{"https://ajo.example/?p=12"}, Links: []string{"https://ajo.example/2031/10/story-12"},
		Claims: []news.Claim{{Source: "sentence", URL: "https://ajo.example/2031/10/story-12",
			Key: "https://ajo.example/2031/10/story-12", First: at.Add(3*time.Hour + 17)}},
		TrustedDate: at, FirstSeen: at.Add(3*time.Hour + 17), Batch: 1, Story: 99,
	}
}

// fullStory is that item's story before it settles.
func fullStory() *news.Story {
	at := storetest.Begin
	return &news.Story{
		Status: news.Live, Root: news.Root{Item: 17, Key: "https://ajo.example/2031/10/story-12"},
		Origin: &news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"},
			Reason: "its item was first, and no other claims it", Rule: "O3"},
		LeadItem: 17, Published: at, Modified: at, Changed: at.Add(3*time.Hour + 17),
		FirstSeen: at.Add(3*time.Hour + 17),
		Proposal: &news.Proposal{Key: "https://ajo.example/2031/10/story-12", Tie: "ajo https://ajo.example/?p=12",
			Topics: []string{"News"}, Language: "en"},
		Edges: []news.Edge{{Item: 17, Rule: "I0", Confidence: news.Certain, Why: "it is the original item",
			First: at.Add(3*time.Hour + 17)}},
		Members: []uint64{17},
	}
}
