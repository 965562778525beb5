package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// saveAndSettle publishes stories of those headlines, and gives their numbers.
func saveAndSettle(t *testing.T, s *Store, at time.Time, slugs ...string) (numbers []uint64) {
	t.Helper()
	feed := storetest.Feeds[0]
	var entries []news.Entry
	for _, slug := range slugs {
		entries = append(entries, storetest.Entry("ajo", slug, "Story "+slug, at.Add(-time.Hour)))
	}
	if err := s.Learn(t.Context(), storetest.Feeds, at); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station},
		&identity.Arrival{Feed: feed, At: at, Entries: entries}, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Settle(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	for _, slug := range slugs {
		story, err := s.Lookup("https://ajo.example/?p=" + slug)
		if err != nil || len(story) != 1 {
			t.Fatalf("%s: %v, %d stories", slug, err, len(story))
		}
		numbers = append(numbers, story[0].Number)
	}
	slices.Sort(numbers)
	return numbers
}

// mustFollow lists the edits after a place that must be known.
func mustFollow(t *testing.T, s *Store, after news.Place) ([]uint64, news.Place) {
	t.Helper()
	stories, to, known, err := s.EditsAfter(after, 100)
	if err != nil || !known {
		t.Fatalf("%v, known: %v", err, known)
	}
	slices.Sort(stories)
	return stories, to
}

func endOfEdits(t *testing.T, s *Store) news.Place {
	t.Helper()
	_, to, _, err := s.EditsAfter(news.Place{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func TestEditsAreFollowedOverRestarts(t *testing.T) {
	path, at := filepath.Join(t.TempDir(), "store.db"), storetest.Begin
	s := open(t, path, storetest.Rules(t))
	if _, _, known, err := s.EditsAfter(news.Place{}, 10); known || err != nil {
		t.Errorf("the zero place is known: %v", err)
	}
	start := endOfEdits(t, s)
	first := saveAndSettle(t, s, at, "wells", "rain")
	stories, to := mustFollow(t, s, start)
	if !slices.Equal(stories, first) {
		t.Errorf("%v were published, %v have changed", first, stories)
	}
	if err := s.DropEdits(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, storetest.Rules(t))
	defer s.Close()
	if stories, _ := mustFollow(t, s, to); len(stories) != 0 {
		t.Errorf("after a restart, %v have changed", stories)
	}
	second := saveAndSettle(t, s, at.Add(time.Hour), "roads")
	if stories, _ = mustFollow(t, s, to); !slices.Equal(stories, second) {
		t.Errorf("%v was published, %v have changed", second, stories)
	}
	retracted, err := s.Rule(t.Context(), identity.Order{Verb: news.Retract, Stories: []string{storyID(t, s, first[0])}, Reason: "wrong"}, at.Add(2*time.Hour))
	if err != nil || len(retracted.Stories) != 1 {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values([]uint64{first[0], second[0]}))
	if stories, _ = mustFollow(t, s, to); !slices.Equal(stories, want) {
		t.Errorf("%v have changed, want %v", stories, want)
	}
}

func storyID(t *testing.T, s *Store, n uint64) string {
	t.Helper()
	story, err := s.StoryNumbered(n)
	if err != nil {
		t.Fatal(err)
	}
	return story.ID
}

// A story that changes again and again is one edit.
func TestEditsAreAsManyAsStories(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	start := endOfEdits(t, s)
	n := saveAndSettle(t, s, storetest.Begin, "wells")
	for range 20 {
		if err := s.update(t.Context(), func(tx txn) error { return noteEdit(tx.sealedTx, n[0]) }); err != nil {
			t.Fatal(err)
		}
	}
	if stories, _ := mustFollow(t, s, start); !slices.Equal(stories, n) {
		t.Errorf("%v", stories)
	}
}

// What was changed while the edits were followed is not dropped with them.
func TestEditThatComesMeanwhileStays(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	start := endOfEdits(t, s)
	n := saveAndSettle(t, s, storetest.Begin, "wells")
	_, to := mustFollow(t, s, start)
	if err := s.update(t.Context(), func(tx txn) error { return noteEdit(tx.sealedTx, n[0]) }); err != nil {
		t.Fatal(err)
	}
	if err := s.DropEdits(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stories, _ := mustFollow(t, s, to); !slices.Equal(stories, n) {
		t.Errorf("%v", stories)
	}
}

// Whoever followed a store beyond the moment of its backup cannot go on with what was restored, however far that has
// come since.
func TestRestoredStoreIsAnother(t *testing.T) {
	folder, at := t.TempDir(), storetest.Begin
	path := filepath.Join(folder, "store.db")
	s := open(t, path, storetest.Rules(t))
	start := endOfEdits(t, s)
	saveAndSettle(t, s, at, "wells")
	_, backedUp := mustFollow(t, s, start)
	c, err := s.Backup(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	restored := filepath.Join(folder, "restored.db")
	copyTo(t, c, restored)
	saveAndSettle(t, s, at.Add(time.Hour), "roads")
	_, beyond := mustFollow(t, s, backedUp)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r := open(t, restored, storetest.Rules(t))
	defer r.Close()
	for n := range 4 {
		saveAndSettle(t, r, at.Add(2*time.Hour), fmt.Sprint("other-", n))
	}
	if _, _, known, err := r.EditsAfter(beyond, 10); known || err != nil {
		t.Errorf("a place beyond the backup is known: %v", err)
	}
	if stories, _ := mustFollow(t, r, backedUp); len(stories) != 4 {
		t.Errorf("after the place of the backup, %v have changed", stories)
	}
}

func copyTo(t *testing.T, c Copy, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, c); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestStoriesAreListedFromTheLast(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	numbers := saveAndSettle(t, s, storetest.Begin, "a", "b", "c", "d", "e")
	slices.Reverse(numbers)
	var listed []uint64
	for below := ^uint64(0); below != 0; {
		stories, next, err := s.StoriesBelow(below, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, story := range stories {
			listed = append(listed, story.Number)
		}
		below = next
	}
	if !slices.Equal(listed, numbers) {
		t.Errorf("%v, want %v", listed, numbers)
	}
}
