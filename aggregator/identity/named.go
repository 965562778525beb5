package identity

import (
	"errors"
	"fmt"
	"slices"

	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// ErrNoStory: an order names what is not known.
var ErrNoStory = errors.New("there is no such story")

// Errors of orders that a form can be sent again after.
var (
	ErrNoReason   = errors.New("a withdrawal needs a reason")
	ErrLongReason = fmt.Errorf("a reason has at most %d characters", MaxReason)
)

// Errors of orders for what is so already.
var (
	ErrSame      = errors.New("one story already")
	ErrHeld      = errors.New("held by an editor already")
	ErrAutomatic = errors.New("the rules decide already")
)

// MaxReason is how many characters a reason may have.
const MaxReason = 2000

// AmbiguousError says that several stories have or had what an order names one by.
type AmbiguousError struct {
	Name    string
	Stories []*news.Story
}

func (e *AmbiguousError) Error() string {
	text := fmt.Sprintf("%.200q leads to %d stories: name one by its id", e.Name, len(e.Stories))
	for _, s := range e.Stories {
		text += "\n  " + s.ID + " " + headlineOf(s)
	}
	return text
}

func headlineOf(s *news.Story) string {
	if i := s.Item(s.LeadItem); i != nil {
		return i.Entry.Title
	}
	return ""
}

// storyNamed is the story that has or had an id or public id or, where there is none, that has an item
// which has or had a GUID or an address.
func (r *Rules) storyNamed(store gather.Reader, name string) (*news.Story, error) {
	if n := store.StoryOf(name); n != 0 {
		return store.Story(n), nil
	}
	var stories []*news.Story
	waiting := false
	for _, i := range gather.ItemsNamed(store, r.Directory, name) {
		if slices.ContainsFunc(stories, func(s *news.Story) bool { return s.Number == i.Story }) {
			continue
		}
		if s := store.Story(i.Story); s.ID != "" {
			stories = append(stories, s)
		} else {
			waiting = true
		}
	}
	switch {
	case len(stories) > 1:
		return nil, &AmbiguousError{name, stories}
	case len(stories) == 1:
		return stories[0], nil
	case waiting:
		return nil, fmt.Errorf("the story of %.200q has no id yet: it gets one in a few seconds", name)
	}
	return nil, fmt.Errorf("%w as %.200q: expected an id or a public id, as `stories` shows them, or a GUID or an "+
		"address of one of its items", ErrNoStory, name)
}

// itemsRootFirst lists a story's items, the one that its edges lead to first.
func itemsRootFirst(s *news.Story) []uint64 {
	list := slices.Clone(s.Members)
	at := slices.Index(list, s.Root.Item)
	if at < 0 {
		at = slices.Index(list, s.LeadItem)
	}
	if at > 0 {
		head := list[at]
		list = slices.Insert(slices.Delete(list, at, at+1), 0, head)
	}
	return list
}

// flagsAnswered returns the flags that stories have, which a ruling on them answers, and their kinds.
func flagsAnswered(stories ...*news.Story) (kinds []string, flags []news.AnsweredFlag) {
	for _, s := range stories {
		for _, g := range s.Flags {
			kinds = append(kinds, string(g.Kind))
			flags = append(flags, news.AnsweredFlag{Item: s.LeadItem, Flag: g})
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds), flags
}

// lastWord is the latest ruling that counts on a story's items with one of the verbs; nil if there is
// none.
func lastWord(store gather.Reader, s *news.Story, verbs ...news.Verb) (last *news.Ruling) {
	for _, i := range s.Items {
		for _, n := range i.Ruled {
			if last != nil && n <= last.Number {
				continue
			}
			if ruling := store.Ruling(n); ruling.Counts() && slices.Contains(verbs, ruling.Verb) {
				last = &ruling
			}
		}
	}
	return last
}

// statusVerbs are those that say whether a story is published.
var statusVerbs = []news.Verb{news.Hold, news.Release, news.Retract, news.Restore}
