package editors

import (
	"context"
	"errors"
	"time"

	"fronteras/aggregator/news"
)

// StorySource is what the pages of stories show.
type StorySource struct {
	// FindStories lists stories, the newest first; of a search for words, those that have them in the
	// headline first. It fails with [ErrNoSearch].
	FindStories func(context.Context, StoryFilter) (FoundStories, error)
	// StoriesNamed gives the stories with an id, a public id, a GUID or an address.
	StoriesNamed func(name string) ([]*news.Story, error)
	// CasesOf lists the cases of a story that are open or held.
	CasesOf func(id string) ([]news.Case, error)
	// DecisionsOn lists the decisions that bind any of a story's items, the latest first.
	DecisionsOn func(*news.Story) ([]news.Decision, error)
	// Shown is what partners show of a story.
	Shown func(*news.Story) (ShownStory, error)
}

// StoryFilter says which stories are listed. All that it says must hold; the zero value is all.
type StoryFilter struct {
	Words        string
	Station      string // that made or carries them
	Status       news.Status
	Flagged      bool
	From, Before time.Time
	After        string // where a list goes on, as [FoundStories.Next] has it
	Limit        int
}

// FoundStories is a part of a list.
type FoundStories struct {
	Stories []*news.Story
	Next    string // where it goes on; "": it ends here
	// Short reports that the part ends before it is full, as so many stories were looked at.
	Short bool
	// Unready reports that the index is being made: older stories may be missing.
	Unready bool
}

// ShownStory is what partners show of a story that is published.
type ShownStory struct {
	Page string // of the desk
	Link string // that documents link to
}

// ErrNoSearch says that words cannot be searched for now.
var ErrNoSearch = errors.New("the search is not available")
