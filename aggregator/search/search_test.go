package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// shelf is a store of documents alone.
type shelf struct {
	documents map[uint64]Document
	edits     map[uint64]uint64
	life      uint64
	last      uint64 // change
}

var errMissing = errors.New("no such story")

func newShelf() *shelf {
	return &shelf{documents: map[uint64]Document{}, edits: map[uint64]uint64{}, life: 7}
}

func (s *shelf) put(documents ...Document) {
	for _, d := range documents {
		s.documents[d.Story] = d
		s.last++
		s.edits[d.Story] = s.last
	}
}

func (s *shelf) remove(n uint64) {
	delete(s.documents, n)
	s.last++
	s.edits[n] = s.last
}

func (s *shelf) EditsAfter(after news.Place, limit int) (stories []uint64, to news.Place, known bool, err error) {
	to = news.Place{Life: s.life, Change: s.last}
	if after.Life != s.life || after.Change > s.last {
		return nil, to, false, nil
	}
	for n, change := range s.edits {
		if change > after.Change {
			stories = append(stories, n)
		}
	}
	slices.SortFunc(stories, func(a, b uint64) int { return int(s.edits[a]) - int(s.edits[b]) })
	if len(stories) > limit {
		stories = stories[:limit]
		to.Change = s.edits[stories[limit-1]]
	}
	return stories, to, true, nil
}

func (s *shelf) DropEdits(_ context.Context, upTo news.Place) error {
	maps.DeleteFunc(s.edits, func(_, change uint64) bool { return change <= upTo.Change })
	return nil
}

func (s *shelf) StoriesBelow(below uint64, limit int) (stories []*news.Story, next uint64, err error) {
	numbers := slices.Sorted(maps.Keys(s.documents))
	slices.Reverse(numbers)
	for _, n := range numbers {
		if n < below && len(stories) < limit {
			stories, next = append(stories, storyOf(n)), n
		}
	}
	if len(stories) < limit {
		next = 0
	}
	return stories, next, nil
}

func (s *shelf) StoryNumbered(n uint64) (*news.Story, error) {
	if _, ok := s.documents[n]; !ok {
		return nil, errMissing
	}
	return storyOf(n), nil
}

func storyOf(n uint64) *news.Story {
	return &news.Story{Number: n, ID: fmt.Sprint(n), Status: news.Live, Items: []*news.Item{{}}}
}

// openIndex is an index of a shelf that has entered all of it.
func openIndex(t *testing.T, folder string, s *shelf) *Index {
	t.Helper()
	x := New(Options{
		Folder: folder, noSync: true, Stories: s, Missing: func(err error) bool { return errors.Is(err, errMissing) },
		Describe: func() (func(*news.Story) Document, string, error) {
			return func(st *news.Story) Document { return s.documents[st.Number] }, "test", nil
		},
		Report: func(err error) { t.Log(err) },
	})
	t.Cleanup(x.close)
	follow(t, x)
	return x
}

// follow has an index follow its store to the end.
func follow(t *testing.T, x *Index) {
	t.Helper()
	for range 10_000 {
		more, err := x.step(context.Background())
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
	t.Fatal("the index does not come to an end")
}

// found is the stories that a reader finds.
func found(t *testing.T, x *Index, typed string) []uint64 {
	t.Helper()
	q := Query{Limit: 100}
	q.Clauses, _ = ParseWords(typed)
	return foundBy(t, x, q)
}

func foundBy(t *testing.T, x *Index, q Query) []uint64 {
	t.Helper()
	r, err := x.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Stories) != r.Total && len(r.Stories) < q.Limit && q.Offset == 0 {
		t.Errorf("%d stories, said to be %d", len(r.Stories), r.Total)
	}
	return r.Stories
}

func day(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }

// desk is what a small desk has published.
func desk() *shelf {
	s := newShelf()
	s.put(
		Document{Story: 1, Published: day(1), Language: "en-US", Headline: "Wells run dry along the border",
			Parts:    []string{"Families haul water.", "The county's oldest well failed in May, said Ana Peña.", "Rosa Ibarra", "KMSA Mesilla"},
			Stations: []string{"kmsa"}, Topics: []string{"water", "public-lands"}},
		Document{Story: 2, Published: day(2), Language: "es-MX", Headline: "Inundación deja calles cerradas",
			Parts:    []string{"Las lluvias siguen.", "Los vecinos de Ajo votaron por un dique. El pozo se llenó.", "José Núñez", "Radio Ajo"},
			Stations: []string{"ajo", "bisbee"}, Topics: []string{"water"}},
		Document{Story: 3, Published: day(3), Language: "en", Headline: "A school board votes",
			Parts:    []string{"No change.", "The board met about wells and roads; the roads are dry.", "", "KDEM Deming"},
			Stations: []string{"kdem"}},
		Document{Story: 4, Published: day(4), Language: "es", Headline: "El agua del río", Parts: []string{"",
			"Tres inundaciones en un año, dijo la alcaldía.", "", "Radio Ajo"}, Stations: []string{"ajo"}},
		Document{Story: 5, Published: day(5), Language: "nv", Headline: "Tó éí iiná", Parts: []string{"", "Diné Bikéyah", "", "KDEM Deming"},
			Stations: []string{"kdem"}},
		Document{Story: 6, Published: day(5), Headline: "O’odham elders meet", Parts: []string{"", "COVID-19 rules end in Cananéa's schools", "",
			"Radio Ajo"}, Stations: []string{"ajo"}},
	)
	return s
}

func TestReadersFindStoriesByTheirWords(t *testing.T) {
	x := openIndex(t, t.TempDir(), desk())
	for typed, want := range map[string][]uint64{
		"well":                        {1, 3}, // the headline's first, in any form
		"WELLS":                       {1, 3},
		"dry wells":                   {1, 3},
		"wells, dry!":                 {1, 3},
		"dry border":                  {1},
		`"wells run dry"`:             {1},
		`“wells run dry”`:             {1},
		`"dry wells"`:                 nil,
		`"roads are dry" board`:       {3},
		`"run dry`:                    {1}, // nobody closes every quotation
		"inundacion":                  {2, 4},
		"inundaciones":                {2, 4},
		"INUNDACIÓN":                  {2, 4},
		"votar":                       {2},
		"pozos":                       {2},
		"peña":                        {1},
		"pena":                        {1},
		"nunez":                       {2},
		"Ibarra water":                {1},
		"ajo":                         {6, 4, 2},
		`"radio ajo"`:                 {6, 4, 2},
		"kmsa":                        {1},
		"votes":                       {3, 2}, // a form of votar, too
		"to eii":                      nil,
		"tó iiná":                     {5},
		"to iina":                     {5},
		"oodham":                      {6},
		"O'odham":                     {6},
		"covid-19":                    {6},
		"cananea":                     {6},
		"county":                      {1},
		"wells -border":               {3},
		`wells -"run dry"`:            {3},
		"-ajo":                        {5, 3, 1},
		"zebra":                       nil,
		"well zebra":                  nil,
		"":                            {6, 5, 4, 3, 2, 1},
		"  \t ":                       {6, 5, 4, 3, 2, 1},
		"wel*":                        nil,
		"headline:wells OR zebra":     nil,
		"año":                         {4},
		"dry border peña ibarra kmsa": {1},
	} {
		if got := found(t, x, typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", typed, got, want)
		}
	}
}

func TestNoPhraseGoesFromOnePartIntoTheNext(t *testing.T) {
	x := openIndex(t, t.TempDir(), desk())
	for _, typed := range []string{`"border families"`, `"water the county's"`, `"ibarra kmsa"`} {
		if got := found(t, x, typed); got != nil {
			t.Errorf("%s finds %v", typed, got)
		}
	}
}

func TestFiltersCombine(t *testing.T) {
	x := openIndex(t, t.TempDir(), desk())
	for name, of := range map[string]struct {
		q    Query
		want []uint64
	}{
		"station":                 {Query{Stations: []string{"ajo"}}, []uint64{6, 4, 2}},
		"one of two stations":     {Query{Stations: []string{"bisbee", "kmsa"}}, []uint64{2, 1}},
		"without a station":       {Query{Without: []string{"ajo", "kdem"}}, []uint64{1}},
		"station and topic":       {Query{Stations: []string{"ajo"}, Topics: []string{"water"}}, []uint64{2}},
		"topic":                   {Query{Topics: []string{"public-lands"}}, []uint64{1}},
		"language":                {Query{Languages: []string{"es"}}, []uint64{4, 2}},
		"a form of it":            {Query{Languages: []string{"es-mx"}}, []uint64{2}},
		"from":                    {Query{From: day(4)}, []uint64{6, 5, 4}},
		"before":                  {Query{Before: day(3)}, []uint64{2, 1}},
		"between":                 {Query{From: day(2), Before: day(4)}, []uint64{3, 2}},
		"the wrong way round":     {Query{From: day(4), Before: day(2)}, nil},
		"nobody's station":        {Query{Stations: []string{"xyz"}}, nil},
		"station, language, from": {Query{Stations: []string{"ajo"}, Languages: []string{"es"}, From: day(3)}, []uint64{4}},
	} {
		of.q.Limit = 100
		if got := foundBy(t, x, of.q); !slices.Equal(got, of.want) {
			t.Errorf("%s: %v, want %v", name, got, of.want)
		}
	}
}

// Held and withdrawn stories are found by those alone who ask for them.
func TestOnlyPublishedStoriesAreFoundUnlessOthersAreAskedFor(t *testing.T) {
	s := newShelf()
	statuses := []news.Status{news.Live, news.Held, news.Retracted, news.Live}
	for n, status := range statuses {
		s.put(Document{Story: uint64(n + 1), Published: day(n + 1), Headline: "Water in the valley", Status: status})
	}
	x := openIndex(t, t.TempDir(), s)
	water, _ := ParseWords("water")
	nothing, _ := ParseWords("-snow")
	for name, of := range map[string]struct {
		statuses []news.Status
		want     []uint64
	}{
		"nothing said":   {nil, []uint64{4, 1}},
		"live":           {[]news.Status{news.Live}, []uint64{4, 1}},
		"held":           {[]news.Status{news.Held}, []uint64{2}},
		"withdrawn":      {[]news.Status{news.Retracted}, []uint64{3}},
		"live and held":  {[]news.Status{news.Live, news.Held}, []uint64{4, 2, 1}},
		"not published":  {[]news.Status{news.Held, news.Retracted}, []uint64{3, 2}},
		"whatever it is": {[]news.Status{news.Live, news.Held, news.Retracted}, []uint64{4, 3, 2, 1}},
	} {
		for _, clauses := range [][]Clause{water, nothing, nil} {
			if got := foundBy(t, x, Query{Clauses: clauses, Statuses: of.statuses, Limit: 10}); !slices.Equal(got, of.want) {
				t.Errorf("%s, %v: %v, want %v", name, clauses, got, of.want)
			}
		}
	}
	// A withdrawal and a release move a story.
	s.put(Document{Story: 1, Published: day(1), Headline: "Water in the valley", Status: news.Retracted},
		Document{Story: 2, Published: day(2), Headline: "Water in the valley", Status: news.Live})
	follow(t, x)
	if got := foundBy(t, x, Query{Clauses: water, Limit: 10}); !slices.Equal(got, []uint64{4, 2}) {
		t.Errorf("after a withdrawal and a release: %v", got)
	}
}

func TestNewestFirstPassesOverWhereWordsStand(t *testing.T) {
	x := openIndex(t, t.TempDir(), desk())
	q := Query{Limit: 100, NewestFirst: true}
	q.Clauses, _ = ParseWords("wells")
	if got := foundBy(t, x, q); !slices.Equal(got, []uint64{3, 1}) {
		t.Errorf("%v", got)
	}
}

func TestPagesAreOneOrder(t *testing.T) {
	s, c := newShelf(), newCorpus(3000, 15)
	for n := range 700 {
		d := c.document(n)
		d.Published = day(1 + n%5) // many of one moment
		s.put(d)
	}
	x := openIndex(t, t.TempDir(), s)
	q := Query{Limit: 1000}
	all := foundBy(t, x, q)
	if len(all) != 700 {
		t.Fatalf("%d stories", len(all))
	}
	var paged []uint64
	for q.Limit = 20; q.Offset < 700; q.Offset += 20 {
		paged = append(paged, foundBy(t, x, q)...)
	}
	if !slices.Equal(paged, all) {
		t.Error("the pages are not what was found at once")
	}
}

func TestStoryThatGoesIsFoundNoMore(t *testing.T) {
	s := desk()
	x := openIndex(t, t.TempDir(), s)
	s.remove(1)
	d := s.documents[3]
	d.Headline = "The board adjourns"
	s.put(d)
	follow(t, x)
	if got := found(t, x, "wells"); !slices.Equal(got, []uint64{3}) {
		t.Errorf("wells: %v", got)
	}
	if got := found(t, x, "schools"); !slices.Equal(got, []uint64{6}) {
		t.Errorf("schools: %v", got)
	}
	if got := found(t, x, "adjourn"); !slices.Equal(got, []uint64{3}) {
		t.Errorf("adjourn: %v", got)
	}
}

// An index is what comes of the store, whatever happened on the way.
func TestIndexIsTheSameHoweverItCameAbout(t *testing.T) {
	c, random := newCorpus(3000, 15), rand.New(rand.NewPCG(3, 4))
	s, folder := newShelf(), t.TempDir()
	x := openIndex(t, folder, s)
	for range 40 {
		for range random.IntN(150) {
			n := random.IntN(1200)
			switch random.IntN(5) {
			case 0:
				s.remove(uint64(n + 1))
			default:
				d := c.document(n)
				d.Published = day(1 + random.IntN(28))
				s.put(d)
			}
		}
		switch random.IntN(4) {
		case 0:
			x.close() // a restart
			x = openIndex(t, folder, s)
		case 1: // it lags behind
		default:
			follow(t, x)
		}
	}
	follow(t, x)
	anew := openIndex(t, t.TempDir(), s)
	if got, want := x.Status(), anew.Status(); got != want || got.Stories != len(s.documents) {
		t.Fatalf("%+v, made anew %+v, of %d stories", got, want, len(s.documents))
	}
	for range 200 {
		q := c.query([]string{"any", "common", "phrase", "filter", "no words"}[random.IntN(5)])
		q.Limit = 5000
		got, want := foundBy(t, x, q), foundBy(t, anew, q)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d stories, made anew %d", q, len(got), len(want))
		}
		if naive := s.scan(q); !slices.Equal(got, naive) {
			t.Fatalf("%+v: %v, by reading all: %v", q, got, naive)
		}
	}
}

// scan finds stories by reading all.
func (s *shelf) scan(q Query) (stories []uint64) {
	type hit struct {
		headline bool
		doc
	}
	var hits []hit
	stems := newStemmer()
	for _, d := range s.documents {
		if len(q.Stations) > 0 && !slices.Contains(d.Stations, q.Stations[0]) ||
			len(q.Topics) > 0 && !slices.Contains(d.Topics, q.Topics[0]) || d.Published.Before(q.From) {
			continue
		}
		h := hit{len(q.Clauses) > 0, doc{uint32(d.Story), unixSeconds(d.Published)}}
		all := true
		for _, c := range q.Clauses {
			has := func(part string) bool {
				var terms []string
				wordsOf(part, func(w word) bool {
					terms = append(terms, stems.term(kindOf(d.Language), w.folded))
					return true
				})
				for at := range terms {
					if at+len(c.Words) <= len(terms) && !slices.ContainsFunc(c.Words, func(w string) bool {
						return terms[at+slices.Index(c.Words, w)] != stems.term(kindOf(d.Language), w)
					}) {
						return true
					}
				}
				return false
			}
			inHeadline := has(d.Headline)
			h.headline = h.headline && inHeadline
			all = all && (inHeadline || slices.ContainsFunc(d.Parts, has))
		}
		if all {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.headline != b.headline {
			if a.headline {
				return -1
			}
			return 1
		}
		return int(min(max(int64(b.order())-int64(a.order()), -1), 1))
	})
	for _, h := range hits {
		stories = append(stories, uint64(h.story))
	}
	return stories
}

func TestMissingOldAndDamagedFoldersAreMadeAnew(t *testing.T) {
	c := newCorpus(3000, 15)
	s := desk()
	for n := range 1500 {
		s.put(c.document(n + 100))
	}
	for name, harm := range map[string]func(t *testing.T, path string){
		"missing":   func(t *testing.T, path string) { must(t, os.RemoveAll(filepath.Dir(path))) },
		"empty":     func(t *testing.T, path string) { must(t, os.WriteFile(path, nil, 0o600)) },
		"text":      func(t *testing.T, path string) { must(t, os.WriteFile(path, []byte("not an index"), 0o600)) },
		"cut short": func(t *testing.T, path string) { must(t, os.Truncate(path, 20_000)) },
		"half":      func(t *testing.T, path string) { must(t, os.Truncate(path, size(t, path)/2)) },
		"zeros": func(t *testing.T, path string) {
			must(t, os.WriteFile(path, make([]byte, size(t, path)), 0o600))
		},
		"noise": func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			must(t, err)
			random := rand.New(rand.NewPCG(5, 6))
			for range len(b) / 100 {
				b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			}
			must(t, os.WriteFile(path, b, 0o600))
		},
		"of another format": func(t *testing.T, path string) {
			f, err := openExisting(path, "test", true)
			must(t, err)
			must(t, f.apply(change{about: func(a *about) { a.Format++ }}))
			must(t, f.close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "fronteras.search")
			x := openIndex(t, folder, s)
			x.close()
			harm(t, filepath.Join(folder, fileName))
			x = openIndex(t, folder, s)
			for range 3 { // a search may be the first to meet damage
				q := Query{Limit: 3000}
				q.Clauses, _ = ParseWords("well -zebra")
				_, _ = x.Search(context.Background(), q)
				follow(t, x)
			}
			if got := found(t, x, "inundaciones"); !slices.Equal(got, []uint64{2, 4}) {
				t.Errorf("%v", got)
			}
			if got := x.Status(); got.Stories != len(s.documents) || !got.Whole {
				t.Errorf("%+v", got)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}

func TestDeletingTheFolderWhileItIsOpenHasItMadeAnew(t *testing.T) {
	s, folder := desk(), filepath.Join(t.TempDir(), "fronteras.search")
	x := openIndex(t, folder, s)
	must(t, os.RemoveAll(folder))
	follow(t, x)
	if got := found(t, x, "wells"); !slices.Equal(got, []uint64{1, 3}) {
		t.Errorf("%v", got)
	}
	if size(t, filepath.Join(folder, fileName)) == 0 {
		t.Error("it is not there")
	}
}

func TestIndexOfAnotherStoreIsMadeAnew(t *testing.T) {
	folder := t.TempDir()
	s := desk()
	openIndex(t, folder, s).close()
	for name, other := range map[string]func() *shelf{
		"another store": func() *shelf { o := newShelf(); o.life = 9; o.put(desk().documents[1]); return o },
		"one that was restored, and went on": func() *shelf {
			o := desk()
			o.life = 8
			o.remove(2)
			return o
		},
		"an earlier one": func() *shelf { o := newShelf(); o.put(desk().documents[1]); return o },
	} {
		o := other()
		x := openIndex(t, folder, o)
		if got := x.Status(); got.Stories != len(o.documents) {
			t.Errorf("%s: %+v", name, got)
		}
		if got := found(t, x, "inundaciones"); slices.Contains(got, 2) {
			t.Errorf("%s: %v", name, got)
		}
		x.close()
	}
}

func TestWhileTheIndexIsMadeResultsAreIncomplete(t *testing.T) {
	s, c := newShelf(), newCorpus(3000, 15)
	for n := range 1000 {
		s.put(c.document(n))
	}
	x := New(Options{Folder: t.TempDir(), noSync: true, Stories: s, Describe: func() (func(*news.Story) Document, string, error) {
		return func(st *news.Story) Document { return s.documents[st.Number] }, "", nil
	}})
	t.Cleanup(x.close)
	if _, err := x.Search(context.Background(), Query{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("before it is open: %v", err)
	}
	_, err := x.step(context.Background())
	must(t, err)
	r, err := x.Search(context.Background(), Query{Limit: 2000})
	must(t, err)
	if r.Whole || r.Total != maxEntered || r.Stories[0] != 1000 {
		t.Errorf("whole: %v, %d stories, first %d: the newest come first", r.Whole, r.Total, r.Stories[0])
	}
	follow(t, x)
	if r, err = x.Search(context.Background(), Query{Limit: 2000}); err != nil || !r.Whole || r.Total != 1000 {
		t.Errorf("%v: whole: %v, %d stories", err, r.Whole, r.Total)
	}
}

func TestFolderThatCannotBeWrittenIsReported(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file")
	must(t, os.WriteFile(path, nil, 0o600))
	var reported error
	told := make(chan struct{})
	x := New(Options{Folder: filepath.Join(path, "x"), Stories: newShelf(), Report: func(err error) { reported = err; close(told) },
		Describe: func() (func(*news.Story) Document, string, error) { return nil, "", nil }})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { x.Run(ctx); close(ended) }()
	<-told
	if _, err := x.Search(ctx, Query{}); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	stop()
	<-ended
	if reported == nil {
		t.Error("nobody is told")
	}
}

func TestQueriesAreBounded(t *testing.T) {
	for typed, want := range map[string]struct {
		clauses int
		cut     bool
	}{
		strings.Repeat("well ", 12):  {12, false},
		strings.Repeat("well ", 13):  {12, true},
		strings.Repeat("ñ", 1000):    {1, true},
		strings.Repeat(`"a b" `, 50): {6, true},
		`"`:                          {0, false},
		"- - -":                      {0, false},
		"\xff\xfe well":              {1, false},
	} {
		clauses, cut := ParseWords(typed)
		if len(clauses) != want.clauses || cut != want.cut {
			t.Errorf("%.40q: %d clauses, cut %v", typed, len(clauses), cut)
		}
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	x := openIndex(t, t.TempDir(), desk())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Search(ctx, Query{}); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

func TestMarksShowWhatWasFound(t *testing.T) {
	q := Query{}
	q.Clauses, _ = ParseWords(`wells "run dry" -zebra`)
	content := "A well, the wells’ pumps: they run. Zebra!"
	var got []string
	for _, m := range q.Marks("en", content, 10) {
		got = append(got, content[m[0]:m[1]])
	}
	if want := []string{"well", "wells", "run"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestReadingIsAsItWasWhileItIsWritten(t *testing.T) {
	s := desk()
	x := openIndex(t, t.TempDir(), s)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if r, err := x.Search(context.Background(), Query{Limit: 10, Stations: []string{"kmsa"}}); err != nil || r.Total != 1 {
				t.Error(r, err)
				return
			}
		}
	}()
	for n := range 100 {
		s.put(Document{Story: uint64(100 + n), Published: day(9), Headline: "Rain"}, s.documents[1])
		follow(t, x)
	}
	close(stop)
	<-ended
}

func TestFileIsOfABlocksSize(t *testing.T) {
	c := newCorpus(3000, 15)
	f, err := openFile(t.TempDir(), "", true)
	must(t, err)
	t.Cleanup(func() { _ = f.close() })
	stems := newStemmer()
	for from := 0; from < 5000; from += 250 {
		var put []indexed
		for n := range 250 {
			d := c.document(from + n)
			d.Parts = d.Parts[:1]
			put = append(put, stems.index(d))
		}
		must(t, f.apply(change{put: put}))
	}
	s := f.current()
	var sizes []int
	for _, b := range s.blocks {
		sizes = append(sizes, len(b.docs))
	}
	if sizes[0] != maxBlock || len(sizes) > 5 {
		t.Errorf("blocks of %v documents", sizes)
	}
	must(t, f.db.View(func(tx *bolt.Tx) error {
		for b := range tx.Check() {
			t.Error(b)
		}
		return nil
	}))
}

func FuzzParseWords(f *testing.F) {
	f.Add(`wells "run dry" -ajo`)
	f.Fuzz(func(t *testing.T, typed string) {
		clauses, _ := ParseWords(typed)
		n := 0
		for _, c := range clauses {
			if len(c.Words) == 0 {
				t.Error("a clause without words")
			}
			n += len(c.Words)
		}
		if n > MaxWords {
			t.Errorf("%d words", n)
		}
	})
}

func FuzzChunk(f *testing.F) {
	var value []byte
	w := chunkWriter{put: func(_ string, v []byte) error { value = v; return nil }}
	_ = w.add("ewell", appendPosting(nil, 3, []int{1, 5}))
	_ = w.add("ewells", appendPosting(nil, 3, []int{1}))
	_ = w.flush()
	f.Add(value[chunkStart:])
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := readChunk(seal(append(make([]byte, chunkStart), body...)))
		if err != nil {
			t.Fatal(err)
		}
		for r.next() {
			list := postings{rest: r.list}
			for p, ok := list.next(); ok; p, ok = list.next() {
				_ = p.decodePlaces(nil)
			}
		}
	})
}
