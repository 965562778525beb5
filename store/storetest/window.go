package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

func windowHoldsTheNewest(t *testing.T, tr *trial) {
	entries := make([]news.Entry, 5)
	for n := range entries {
		entries[n] = Entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n),
			Begin.Add(-time.Duration(n)*24*time.Hour))
	}
	tr.saveDocument(Feeds[0], Begin, entries...)
	tr.settleStories(Begin)
	check := func(size int, age time.Duration, want ...string) {
		t.Helper()
		w, err := tr.Window(size, age)
		tr.mustSucceed(err)
		var have []string
		for _, s := range w.Stories {
			have = append(have, leadTitle(s))
		}
		if !slices.Equal(have, want) || len(w.Filed)+len(w.Left)+len(w.Gone) > 0 {
			t.Errorf("a window of %d within %v holds %q, %+v; want %q", size, age, have, w, want)
		}
	}
	check(100, 48*time.Hour, "Story 0", "Story 1", "Story 2")
	tr.saveDocument(Feeds[0], Begin.Add(time.Hour), Entry("ajo", "s4", "Story 4, corrected", entries[4].Published))
	check(3, 1000*time.Hour, "Story 0", "Story 1", "Story 4, corrected")
}

func leadTitle(s *news.Story) string { return s.Item(s.LeadItem).Entry.Title }

// everyStoryIsShownOrArchived brings stories a day apart, more than the window holds, and looks for
// each after every settling.
func everyStoryIsShownOrArchived(t *testing.T, tr *trial) {
	const size, age = 6, 200 * time.Hour
	var closed [][]string
	for n := range 25 {
		now := Begin.Add(time.Duration(n) * 12 * time.Hour)
		tr.saveDocument(Feeds[0], now, Entry("ajo", fmt.Sprint("s", n), fmt.Sprint("Story ", n), now))
		tr.settleStories(now)
		tr.mustSucceed(tr.CloseArchives(t.Context(), size, age))
		w, err := tr.Window(size, age)
		tr.mustSucceed(err)
		found := map[string]bool{}
		for _, s := range w.Stories {
			found[leadTitle(s)] = true
		}
		for k := 1; k <= w.Closed; k++ {
			a, err := tr.Archive(k)
			tr.mustSucceed(err)
			var titles []string
			for _, s := range a.Stories {
				titles = append(titles, leadTitle(s))
				found[leadTitle(s)] = true
			}
			if k > len(closed) {
				closed = append(closed, titles)
			} else if !slices.Equal(titles, closed[k-1]) {
				t.Errorf("archive %d held %q, now %q", k, closed[k-1], titles)
			}
		}
		if len(found) != n+1 {
			t.Fatalf("of %d stories %d are in the window or the archive", n+1, len(found))
		}
	}
	if len(closed) < 6 {
		t.Errorf("%d archive documents of at most %d stories each for 25 stories", len(closed), size/2)
	}
	if _, err := tr.Archive(len(closed) + 1); !errors.Is(err, tr.unknown) {
		t.Errorf("an archive that is not closed: %v", err)
	}
	tr.close()
	tr.open()
	if a, err := tr.Archive(1); err != nil || len(a.Stories) != len(closed[0]) {
		t.Errorf("after closing the store the first archive holds %d, %v", len(a.Stories), err)
	}
}

// joinedStoryLeavesArchive has two published stories become one.
func joinedStoryLeavesArchive(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain falls at last on the dry plains of Ajo", Begin))
	tr.saveDocument(Feeds[1], Begin, Entry("kmsa", "wet", "A wet day", Begin))
	tr.settleStories(Begin)
	tr.mustSucceed(tr.CloseArchives(t.Context(), 2, 1000*time.Hour))
	copied := Entry("kmsa", "wet", "A wet day", Begin)
	copied.Links, copied.Digest = []news.Link{{Rel: "canonical", URL: "https://ajo.example/2031/02/rain"}},
		news.Digest{7}
	tr.saveDocument(Feeds[1], Begin.Add(time.Hour), copied)
	tr.settleStories(Begin.Add(time.Hour))
	w, err := tr.Window(100, 1000*time.Hour)
	tr.mustSucceed(err)
	if len(w.Stories) != 1 || len(w.Gone) != 1 || !w.Gone[0].Joined() || !w.Gone[0].When.Equal(Begin.Add(time.Hour)) ||
		w.Gone[0].Story.Number != w.Stories[0].Number {
		t.Fatalf("the window after a join: %+v", w)
	}
	var stories int
	var ended time.Time
	for n := 1; n <= w.Closed; n++ {
		a, err := tr.Archive(n)
		tr.mustSucceed(err)
		stories += len(a.Stories)
		if a.Ended.After(ended) {
			ended = a.Ended
		}
	}
	if w.Closed != 2 || stories != 1 || !ended.Equal(Begin.Add(time.Hour)) {
		t.Errorf("%d archives hold %d stories, ended %s", w.Closed, stories, ended)
	}
}

func topicsStayKnown(t *testing.T, tr *trial) {
	e := Entry("ajo", "rain", "Rain", Begin)
	e.Topics, e.Language = []string{"Water", "Border"}, "es-MX"
	tr.saveDocument(Feeds[0], Begin, e)
	if topics, _, err := tr.TopicsAndLanguages(); len(topics) > 0 || err != nil {
		t.Errorf("before it is published: %q, %v", topics, err)
	}
	tr.settleStories(Begin)
	e.Topics, e.Digest = []string{"Weather"}, news.Digest{3}
	tr.saveDocument(Feeds[0], Begin.Add(time.Hour), e)
	topics, languages, err := tr.TopicsAndLanguages()
	if !slices.Equal(topics, []string{"Border", "Water", "Weather"}) || !slices.Equal(languages, []string{"es-MX"}) ||
		err != nil {
		t.Errorf("known are %q and %q, %v", topics, languages, err)
	}
}

func storiesAreCountedByDay(t *testing.T, tr *trial) {
	entries := []news.Entry{Entry("ajo", "rain", "Rain", Begin),
		Entry("ajo", "wells", "Wells run dry", Begin.Add(-25*time.Hour))}
	tr.saveDocument(Feeds[0], Begin, entries[1:]...)
	tr.settleStories(Begin)
	tr.saveDocument(Feeds[0], Begin, entries...)
	for range 2 {
		tr.settleStories(Begin)
		last, counts, err := tr.CountByDay(3)
		if !last.Equal(Begin.Truncate(24*time.Hour)) || !slices.Equal(counts, []int{0, 1, 1}) || err != nil {
			t.Errorf("to %s: %d, %v", last, counts, err)
		}
	}
}

func documentsAreDated(t *testing.T, tr *trial) {
	for _, c := range []struct {
		digest string
		at     time.Duration // after the beginning
		want   time.Duration
	}{{"a", time.Hour, time.Hour}, {"a", 2 * time.Hour, time.Hour}, {"b", 3 * time.Hour, 3 * time.Hour}} {
		since, err := tr.DateDocuments(t.Context(),
			[]news.Print{{Name: "other", Digest: "x", Changed: Begin},
				{Name: "feed", Digest: c.digest, Changed: Begin.Add(c.at)}})
		if tr.mustSucceed(err); !since[0].Equal(Begin) || !since[1].Equal(Begin.Add(c.want)) {
			t.Errorf("%s is since %s, want %s", c.digest, since[1], Begin.Add(c.want))
		}
		tr.close()
		tr.open()
	}
}

func keptValuesStay(t *testing.T, tr *trial) {
	if kept, err := tr.KeepOnce(t.Context(), map[string]string{"a": ""}); kept["a"] != "" || err != nil {
		t.Errorf("asked for what nobody kept: %q, %v", kept, err)
	}
	for n, value := range []string{"first", "second"} {
		kept, err := tr.KeepOnce(t.Context(), map[string]string{"a": value, "only " + value: value})
		if kept["a"] != "first" || kept["only "+value] != value || len(kept) != 2 || err != nil {
			t.Errorf("%d: kept are %q, %v", n, kept, err)
		}
	}
	if kept, err := tr.KeepOnce(t.Context(), map[string]string{"a": ""}); kept["a"] != "first" || err != nil {
		t.Errorf("asked for what was kept: %q, %v", kept, err)
	}
	for beginning, want := range map[string]int{"only ": 2, "only f": 1, "": 3, "b": 0, "only second and more": 0} {
		if kept, err := tr.KeptUnder(beginning); len(kept) != want || err != nil {
			t.Errorf("under %q are kept %q, %v, want %d", beginning, kept, err, want)
		}
	}
	if kept, err := tr.KeptUnder("only "); kept["second"] != "second" || err != nil {
		t.Errorf("kept are %q, %v", kept, err)
	}
	greatest := news.KeepsGreatest + "b"
	for _, c := range [][2]string{{"", ""}, {"2", "2"}, {"1", "2"}, {"3", "3"}, {"", "3"}} {
		if kept, err := tr.KeepOnce(t.Context(), map[string]string{greatest: c[0]}); kept[greatest] != c[1] || err != nil {
			t.Errorf("of the greatest value %q is kept after %q, %v", kept[greatest], c[0], err)
		}
	}
	if about, err := tr.About(); about.Host != "fronteras.example" || about.Made.Year() != Begin.Year() || err != nil {
		t.Errorf("the store says of itself %+v, %v", about, err)
	}
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	tr.settleStories(Begin)
	w, err := tr.Window(1, time.Hour)
	tr.mustSucceed(err)
	for range 2 {
		tr.mustSucceed(tr.Flag(t.Context(), w.Stories[0].ID,
			news.Flag{Kind: "unpublishable", Why: "a reason", When: Begin}))
	}
	if s, err := tr.Story(w.Stories[0].ID); err != nil || len(s.Flags) != 1 || s.Flags[0].Kind != "unpublishable" {
		t.Errorf("flags %+v, %v", s.Flags, err)
	}
	if err := tr.Flag(t.Context(), "nothing", news.Flag{}); !errors.Is(err, tr.unknown) {
		t.Errorf("flagging nothing: %v", err)
	}
}

func flaggedStoriesAreListed(t *testing.T, tr *trial) {
	check := func(want ...string) {
		t.Helper()
		var all, listed []string
		tr.mustSucceed(tr.EachStory(func(s *news.Story) bool {
			if len(s.Flags) > 0 {
				all = append(all, s.Item(s.LeadItem).Entry.Title)
			}
			return true
		}))
		tr.mustSucceed(tr.EachFlagged(func(s *news.Story) bool {
			listed = append(listed, s.Item(s.LeadItem).Entry.Title)
			return true
		}))
		if !slices.Equal(listed, want) || !slices.Equal(all, want) {
			t.Errorf("%q are listed, %q bear a flag, want %q", listed, all, want)
		}
	}
	rain, wells := Entry("ajo", "rain", "Rain", Begin), Entry("ajo", "wells", "Wells run dry", Begin.Add(-time.Hour))
	tr.saveDocument(Feeds[0], Begin, rain, wells)
	tr.settleStories(Begin)
	check()
	for _, e := range []news.Entry{wells, rain} {
		tr.mustSucceed(tr.Flag(t.Context(), tr.storyWithGUID(e.GUID).ID,
			news.Flag{Kind: "unpublishable", Why: "a reason", When: Begin}))
	}
	check("Rain", "Wells run dry")
	tr.close()
	tr.open()
	check("Rain", "Wells run dry")
	tr.ruleAndSettle(identity.Order{Verb: news.Join,
		Stories: []string{tr.storyWithGUID(rain.GUID).ID, tr.storyWithGUID(wells.GUID).ID}}, Begin.Add(time.Minute))
	tr.settleStories(Begin.Add(time.Minute))
	check(tr.publishedTitles()...)
}

func changedItemRaisesRevision(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	before := tr.settleStories(Begin)
	e := Entry("ajo", "rain", "Rain", Begin)
	e.Rights, e.Digest = "© Radio Ajo", news.Digest{2}
	tr.saveDocument(Feeds[0], Begin.Add(time.Hour), e)
	if after := tr.settleStories(Begin.Add(time.Hour)); after == before {
		t.Error("the revision stayed, though an item changed")
	}
}

func lengthsComeLater(t *testing.T, tr *trial) {
	feed, address := Feeds[0].URL, "https://ajo.example/rain.mp3"
	heard := func(digest byte, title string) news.Entry {
		e := Entry("ajo", title, title, Begin)
		e.Digest = news.Digest{digest}
		e.Enclosures = []news.Enclosure{{URL: address, Type: "audio/mpeg"}}
		return e
	}
	rain, snow := heard(7, "rain"), heard(8, "snow")
	snow.Enclosures[0].URL = "https://ajo.example/snow.mp3"
	tr.saveDocument(Feeds[0], Begin, rain, snow)
	before := tr.settleStories(Begin)
	list, err := tr.UnmeasuredAudio(feed, []news.Digest{rain.Digest, {99}})
	tr.mustSucceed(err)
	if len(list) != 1 || list[0] != (news.AudioLength{Entry: rain.Digest, URL: address}) {
		t.Fatalf("not measured: %+v", list)
	}
	save := func(l news.AudioLength, want bool) {
		t.Helper()
		revised, err := tr.SaveLengths(t.Context(), feed, []news.AudioLength{l}, Begin.Add(time.Minute))
		tr.mustSucceed(err)
		if revised != want {
			t.Errorf("%+v changed what is published: %t", l, revised)
		}
	}
	save(news.AudioLength{Entry: news.Digest{99}, URL: address, Bytes: 1}, false)
	save(news.AudioLength{Entry: rain.Digest, URL: "https://ajo.example/other.mp3", Bytes: 2}, false)
	save(news.AudioLength{Entry: rain.Digest, URL: address, Bytes: 4321}, true)
	save(news.AudioLength{Entry: rain.Digest, URL: address, Bytes: 5}, false)
	if after := tr.settleStories(Begin.Add(time.Minute)); after == before {
		t.Error("the revision stayed, though a length came")
	}
	list, err = tr.UnmeasuredAudio(feed, []news.Digest{rain.Digest})
	story := tr.storyWithGUID(rain.GUID)
	length := story.Items[0].Entry.Enclosures[0].Length
	if len(list) > 0 || err != nil || length != 4321 || !story.Modified.IsZero() ||
		!story.Changed.Equal(Begin.Add(time.Minute)) {
		t.Errorf("%+v, %v, %d, modified %s, changed %s", list, err, length, story.Modified, story.Changed)
	}
	if other := tr.storyWithGUID(snow.GUID); !other.Changed.Equal(Begin) {
		t.Errorf("another story changed at %s", other.Changed)
	}
}

func fingerprintIsDated(t *testing.T, tr *trial) {
	for _, s := range []struct {
		print string
		at    int
		want  int
	}{{"a", 1, 1}, {"a", 2, 1}, {"b", 3, 3}} {
		since, err := tr.DateConfiguration(t.Context(), s.print, Begin.Add(time.Duration(s.at)*time.Hour))
		if tr.mustSucceed(err); !since.Equal(Begin.Add(time.Duration(s.want) * time.Hour)) {
			t.Errorf("%s at %d h is since %s", s.print, s.at, since)
		}
	}
}
