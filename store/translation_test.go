package store

import (
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A translation and its original are read together to be shown, in the window, in the archive and by
// their ids, whichever came first; and what an editor does with one is seen with the other.
func TestAStoryIsShownWithWhatItTranslates(t *testing.T) {
	for name, order := range map[string][]int{"the original first": {1, 0}, "the translation first": {0, 1}} {
		t.Run(name, func(t *testing.T) {
			s := learned(t, filepath.Join(t.TempDir(), "store.db"), storetest.Begin)
			defer s.Close()
			english := storetest.Entry("kmsa", "wells", "Wells run dry", storetest.Begin)
			english.Language = "en"
			spanish := storetest.Entry("ajo", "pozos", "Se secan los pozos", storetest.Begin)
			spanish.Language, spanish.Summary, spanish.Content = "es", "", `<p>Se secan.</p><p>Traducido de <a href="`+english.URL+`">KMSA</a>.</p>`
			now := storetest.Begin
			for _, n := range order {
				now = now.Add(time.Hour)
				feed := storetest.Feeds[n]
				v := news.FeedState{Feed: feed.URL, Station: feed.Station, Due: now.Add(time.Hour)}
				a := &identity.Arrival{Feed: feed, At: now, Whole: true, Entries: []news.Entry{[]news.Entry{spanish, english}[n]}}
				if _, err := s.Save(t.Context(), v, a, nil); err != nil {
					t.Fatal(err)
				}
				if _, _, err := s.Settle(t.Context(), now); err != nil {
					t.Fatal(err)
				}
			}
			shown := func() (translation, original *news.Story) {
				w, err := s.Window(10, 720*time.Hour)
				if err != nil {
					t.Fatal(err)
				}
				for _, story := range append(w.Stories, w.Left...) {
					if story.Items[0].Station == "ajo" {
						translation = story
					} else {
						original = story
					}
				}
				return translation, original
			}
			translation, original := shown()
			if of := translation.TranslationOf; of == nil || of.Story == nil || of.Story.ID != original.ID || len(of.Story.Items) != 1 {
				t.Fatalf("it translates %+v", of)
			}
			if v := original.Versions; len(v) != 1 || v[0].Story == nil || v[0].Story.ID != translation.ID {
				t.Errorf("the original leads to %+v", v)
			}
			byID, err := s.Story(original.ID)
			if err != nil || len(byID.Versions) != 1 || byID.Versions[0].Story == nil {
				t.Errorf("by its id it leads to %+v, %v", byID.Versions, err)
			}
			now = now.Add(time.Hour)
			order := identity.Order{Verb: news.Retract, Stories: []string{original.ID}, Reason: "wrong", User: "rosa"}
			if _, err := s.Rule(t.Context(), order, now); err != nil {
				t.Fatal(err)
			}
			if translation, _ = shown(); translation.TranslationOf.Story.Status != news.Retracted {
				t.Errorf("its original is shown as %s", translation.TranslationOf.Story.Status)
			}
		})
	}
}
