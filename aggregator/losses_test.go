package aggregator

import (
	"bytes"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/news"
)

func TestLossesAreKnownAsLongAsTheirEntryIsInTheDocument(t *testing.T) {
	one, two, three := news.Digest{1}, news.Digest{2}, news.Digest{3}
	before := []news.Loss{{What: "of one", Item: one}, {What: "of two", Item: two}, {What: "of the feed"}}
	found := []news.Loss{{What: "of three", Item: three}, {What: "of the feed, now"}}
	entries := []news.Entry{{Digest: one, Seen: true}, {Digest: three}}
	now := keepLosses(before, found, entries)
	want := []news.Loss{{What: "of one", Item: one}, {What: "of three", Item: three}, {What: "of the feed, now"}}
	if !slices.Equal(now, want) {
		t.Errorf("%v, want %v", now, want)
	}
	if fresh := newLosses(before, now); !slices.Equal(fresh, found) {
		t.Errorf("new are %v, want %v", fresh, found)
	}
	if none := keepLosses(now, nil, nil); none != nil {
		t.Errorf("%v", none)
	}
}

func TestFurtherLossesAreCounted(t *testing.T) {
	var found []news.Loss
	for i := range maxLosses + 7 {
		found = append(found, news.Loss{What: strconv.Itoa(i)})
	}
	all := keepLosses(nil, found, nil)
	if len(all) != maxLosses+1 || all[maxLosses].What != "7 further losses" || all[0].What != "0" {
		t.Errorf("%d, %v", len(all), all[maxLosses])
	}
}

func TestALossNamesTheEntryAndThePlace(t *testing.T) {
	v := news.FeedState{Losses: []news.Loss{{What: "4:1: limit: the feed, title: x"}, {What: "y", Title: "Wells"}}}
	want := []string{"not taken: 4:1: limit: the feed, title: x", `not taken of "Wells": y`}
	if have := LossWords(v); !slices.Equal(have, want) {
		t.Errorf("%q", have)
	}
}

func TestAVisitLogsWhatIsNotTakenOnce(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	leased := news.FeedState{Station: "kmsa"}
	after := leased
	after.Losses = []news.Loss{{What: "4:1: limit: item 1, topics: 33 found", Item: news.Digest{1}, Title: "Wells"}}
	logVisit(t.Context(), log, "file:kmsa.xml", leased, poll{state: after}, news.Saved{}, 0)
	want := `level=WARN msg="not everything of a document is taken" station=kmsa feed=file:kmsa.xml ` +
		`what="not taken of \"Wells\": 4:1: limit: item 1, topics: 33 found"`
	if !strings.Contains(out.String(), want) || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%s", out.String())
	}
	out.Reset()
	logVisit(t.Context(), log, "file:kmsa.xml", after, poll{state: after}, news.Saved{}, 0)
	if out.Len() > 0 {
		t.Errorf("again: %s", out.String())
	}
}

func TestRepairsAreKeptWithTheirPlaceAndLossesApart(t *testing.T) {
	kept := keepRepairs([]feed.Repair{
		{Name: "entities", Count: 2, Line: 7, Column: 3, What: "a bare &"}, {Name: "limit", Count: 1, What: "too long"},
		{Name: "charset", Count: 1, What: strings.Repeat("é", maxRepairWords)},
	})
	if len(kept) != 2 || kept[0] != (news.Repair{Name: "entities", Count: 2, What: "line 7: a bare &"}) {
		t.Errorf("%+v", kept)
	}
	if what := kept[1].What; len(what) > maxRepairWords || !utf8.ValidString(what) {
		t.Errorf("%d bytes are kept: %s", len(what), what)
	}
	if keepRepairs(nil) != nil {
		t.Error("a sound document has repairs")
	}
}
