package identity

import (
	"errors"
	"fmt"
	"slices"

	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// statusRulings rules on whether stories are published. Of a feed's address it rules on all that
// the feed's flood or doubtful migration holds.
func (r *Rules) statusRulings(store gather.Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	switch {
	case len(o.Stories) == 0:
		return nil, errors.New("no story is named")
	case o.Verb == news.Retract && ruling.Reason == "":
		return nil, ErrNoReason
	}
	type meant struct {
		story *news.Story
		feed  string // whose flood holds it; "" where the story itself was named
	}
	var all []meant
	for _, name := range o.Stories {
		stories, feed, err := r.storiesMeant(store, name, o)
		if err != nil {
			return nil, err
		}
		for _, s := range stories {
			if !slices.ContainsFunc(all, func(m meant) bool { return m.story.Number == s.Number }) {
				all = append(all, meant{s, feed})
			}
		}
	}
	var list []news.Ruling
	var killed KilledError
	var refused error
	flagged := map[string]bool{} // feeds whose flags a ruling has
	for _, m := range all {
		one := ruling
		if one.Feed = m.feed; m.feed == "" {
			if err := refuseNoChange(o.Verb, m.story, lastWord(store, m.story, statusVerbs...)); err != nil {
				if o.Verb != news.Hold || m.story.Status != news.Held {
					return nil, err
				}
				refused = err // of two that are to be held, one may be already
				continue
			}
			if (o.Verb == news.Release || o.Verb == news.Restore) && !o.AlthoughKilled {
				killed.Notices = append(killed.Notices, r.KillNotices(store, m.story)...)
			}
		}
		one.Items, one.Named = itemsRootFirst(m.story), []string{m.story.ID}
		one.Stands, one.Flags = flagsAnswered(m.story)
		if o.Verb == news.Release || o.Verb == news.Retract {
			one.Flags = append(one.Flags, waitingFlags(store, m.story, flagged)...)
		}
		list = append(list, one)
	}
	switch {
	case len(killed.Notices) > 0:
		return nil, &killed
	case len(list) == 0:
		return nil, refused
	}
	return list, nil
}

// waitingFlags returns the flags of the feeds whose flood or doubtful migration holds a story, but of
// those that were returned before.
func waitingFlags(store gather.Reader, s *news.Story, returned map[string]bool) (flags []news.AnsweredFlag) {
	for _, i := range s.Items {
		if !gather.IsHeldByFeed(i) || returned[i.Feed] {
			continue
		}
		returned[i.Feed] = true
		for _, g := range store.Memory(i.Feed).Flags {
			if g.Kind == news.FlagFlood || g.Kind == news.FlagMigrationDoubt {
				flags = append(flags, news.AnsweredFlag{Feed: i.Feed, Flag: g})
			}
		}
	}
	return flags
}

// storiesMeant returns the stories that a name stands for: of a feed's address, those that the
// feed's flood or doubtful migration holds. A kill holds a story for itself, so that a release of all
// does not publish it; if nothing else is held, the notices are why nothing is released.
func (r *Rules) storiesMeant(store gather.Reader, name string, o Order) (stories []*news.Story, feed string, err error) {
	if (o.Verb != news.Release && o.Verb != news.Retract) || !slices.Contains(r.FeedURLs, name) {
		s, err := r.storyNamed(store, name)
		return []*news.Story{s}, "", err
	}
	var killed KilledError
	for _, s := range gather.HeldBy(store, name) {
		if o.Verb == news.Release && !o.AlthoughKilled {
			if notices := r.KillNotices(store, s); len(notices) > 0 {
				killed.Notices = append(killed.Notices, notices...)
				continue
			}
		}
		stories = append(stories, s)
	}
	switch {
	case len(stories) > 0:
		return stories, name, nil
	case len(killed.Notices) > 0:
		return nil, "", &killed
	}
	return nil, "", fmt.Errorf("no stories from %.200s are held", name)
}

// refuseNoChange refuses an order for what is so already. Last is the latest word on whether the story
// is published, nil if there is none: what something else holds can be held by an editor, too.
func refuseNoChange(verb news.Verb, s *news.Story, last *news.Ruling) error {
	switch {
	case verb == news.Release && s.Status != news.Held:
		return fmt.Errorf("story %s is not held: it is %s", s.ID, s.Status)
	case verb == news.Restore && s.Status != news.Retracted:
		return fmt.Errorf("story %s is not retracted: it is %s", s.ID, s.Status)
	case verb == news.Retract && s.Status == news.Retracted:
		return fmt.Errorf("story %s is retracted already", s.ID)
	case verb == news.Hold && s.Status == news.Retracted:
		return fmt.Errorf("story %s is not live: it is %s", s.ID, s.Status)
	case verb == news.Hold && s.Status == news.Held && last != nil && last.Verb == news.Hold:
		return fmt.Errorf("story %s is %w", s.ID, ErrHeld)
	}
	return nil
}
