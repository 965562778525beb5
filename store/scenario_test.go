package store

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest/scenario"
)

// TestScenariosEndAsInMemory plays each of testdata/identity on a real store. It ends in the same
// as in memory, in which package identity plays them.
func TestScenariosEndAsInMemory(t *testing.T) {
	text, err := os.ReadFile("../testdata/identity/outcomes.golden")
	if err != nil {
		t.Fatal(err)
	}
	inMemory, err := scenario.ParseOutcomes(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenario.ReadAll(t, "../testdata/identity") {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			have := scenario.Play(t, s, func(rules *identity.Rules) scenario.Desk {
				s := open(t, filepath.Join(t.TempDir(), "store.db"), rules)
				t.Cleanup(func() {
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
				return played{s, t}
			}).Outcome
			if want := inMemory.Of[s.Name]; !slices.Equal(have, want) {
				t.Errorf("it ends in\n\t%s\nand testdata/identity/outcomes.golden has\n\t%s",
					strings.Join(have, "\n\t"), strings.Join(want, "\n\t"))
			}
		})
	}
}

// played is a store on which a scenario is played.
type played struct {
	*Store
	t *testing.T
}

func (s played) Arrive(ctx context.Context, a identity.Arrival) error {
	_, err := s.Save(ctx, news.FeedState{Feed: a.Feed.URL, Station: a.Feed.Station}, &a, nil)
	return err
}

func (s played) Recompute(ctx context.Context, now time.Time, dry bool) (texts []string, err error) {
	changes, err := s.Refold(ctx, now, dry)
	for _, c := range changes {
		texts = append(texts, c.Story+": "+strings.Join(c.What, "; "))
	}
	return texts, err
}

func (s played) Stories() (list []*news.Story, err error) {
	checkCases(s.t, s.Store)
	if err := s.EachStory(func(story *news.Story) bool { list = append(list, story); return true }); err != nil {
		return nil, err
	}
	waiting, _, err := s.listTurns()
	for _, w := range waiting {
		story, err := s.StoryNumbered(w.Story)
		if err != nil {
			return nil, err
		}
		if story.IDAssignedAt.IsZero() {
			list = append(list, story)
		}
	}
	return list, err
}

func (s played) Faults(ctx context.Context) ([]string, error) {
	checkCases(s.t, s.Store)
	c, err := s.Verify(ctx)
	return slices.DeleteFunc(c.Faults, func(f string) bool { return strings.Contains(f, "is never due") }), err
}
