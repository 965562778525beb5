package identity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// ErrNoStory: an order names what is not known.
var ErrNoStory = errors.New("there is no such story")

// Rulings makes rulings of an order, without numbers. It fails where the order names something that
// is not there, or asks for what is so already.
func (r *Rules) Rulings(store gather.Reader, o Order, now time.Time) ([]news.Ruling, error) {
	ruling := news.Ruling{Verb: o.Verb, When: now, UID: o.UID, User: o.User, Reason: o.Reason}
	wanted := 1 // stories
	switch o.Verb {
	case news.Trust:
		return r.trustRulings(o, ruling)
	case news.Hold, news.Release, news.Retract, news.Restore:
		return r.statusRulings(store, o, ruling)
	case news.Join:
		wanted = 2
	case news.Split, news.Credit:
	default:
		return nil, fmt.Errorf("%.50q is not a ruling", string(o.Verb))
	}
	if len(o.Stories) != wanted {
		return nil, fmt.Errorf("%s takes %d stories, got %d", o.Verb, wanted, len(o.Stories))
	}
	var stories []*news.Story
	for _, name := range o.Stories {
		s, err := storyNamed(store, name)
		if err != nil {
			return nil, err
		}
		stories = append(stories, s)
	}
	ruling.Stands = flagKindsAnswered(stories...)
	var err error
	switch o.Verb {
	case news.Join:
		ruling, err = joinRuling(o, stories[0], stories[1], ruling)
	case news.Split:
		ruling, err = r.splitRuling(store, o, stories[0], ruling)
	case news.Credit:
		ruling, err = r.originRuling(o, stories[0], ruling)
	}
	return []news.Ruling{ruling}, err
}

func storyNamed(store gather.Reader, name string) (*news.Story, error) {
	if n := store.StoryOf(name); n != 0 {
		return store.Story(n), nil
	}
	return nil, fmt.Errorf("%w as %.200q: expected an id or a public id, as `stories` shows them", ErrNoStory, name)
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

func joinRuling(o Order, a, b *news.Story, ruling news.Ruling) (news.Ruling, error) {
	if a.Number == b.Number {
		return ruling, fmt.Errorf("%.200q and %.200q are one story already", o.Stories[0], o.Stories[1])
	}
	ruling.Items, ruling.With, ruling.Judged = itemsRootFirst(a), itemsRootFirst(b), flagAnswers("accepted", a, b)
	return ruling, nil
}

// flagKindsAnswered returns the kinds of flags that two stories have: what a ruling answers.
func flagKindsAnswered(stories ...*news.Story) []string {
	var kinds []string
	for _, s := range stories {
		for _, g := range s.Flags {
			kinds = append(kinds, string(g.Kind))
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func (r *Rules) splitRuling(store gather.Reader, o Order, s *news.Story, ruling news.Ruling) (news.Ruling, error) {
	if item := r.itemNamedInStory(s, o.Item); item != nil {
		if len(s.Members) == 1 {
			return ruling, fmt.Errorf("%.200q is the only item of %s: there is nothing to split it "+
				"from", o.Item, s.ID)
		}
		ruling.Items, ruling.With = partitionForSplit(s, item.Number)
		if s.Root.Item == 0 && joinedByClaimTo(s, ruling.With, s.Root.Key) {
			ruling.Key = s.Root.Key
		}
		if edge := s.Edge(item.Number); edge != nil {
			ruling.Judged = []string{"split " + string(edge.Rule)}
		}
		return ruling, nil
	}
	others := r.ItemsNamed(store, o.Item, r.FeedURLs)
	if len(others) == 0 {
		return ruling, fmt.Errorf("no item is or was known as %.200q: expected a guid or an address", o.Item)
	}
	ruling.With = itemsRootFirst(s)
	for _, i := range others {
		ruling.Items = append(ruling.Items, i.Number)
		ruling.Judged = append(ruling.Judged, flagAnswers("refused", s, store.Story(i.Story))...)
	}
	slices.Sort(ruling.Judged)
	ruling.Judged = slices.Compact(ruling.Judged)
	return ruling, nil
}

// flagAnswers is what a ruling on two stories says of the flags that ask whether they are one, each
// kind once.
func flagAnswers(how string, a, b *news.Story) []string {
	var list []string
	names := func(s *news.Story, g news.Flag) bool {
		return slices.ContainsFunc(s.Items, func(i *news.Item) bool {
			return g.With != "" && (i.Entry.URL == g.With || i.Entry.GUID == g.With)
		})
	}
	for _, pair := range [][2]*news.Story{{a, b}, {b, a}} {
		for _, g := range pair[0].Flags {
			if slices.Contains(compose.AsksForJoin, g.Kind) && names(pair[1], g) {
				list = append(list, how+" "+string(g.Kind))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// partitionForSplit returns the items that leave a story when one is split off, and those that it
// is split from. An item that was shown for a former story takes that story's items along; one that
// came with others leaves those of before the join; from a root the others leave.
func partitionForSplit(s *news.Story, item uint64) (leaving, staying []uint64) {
	var part *news.Alias // that it came with
	for n := range s.Aliases {
		if a := &s.Aliases[n]; slices.Contains(a.Members, item) && (part == nil || len(a.Members) < len(part.Members)) {
			part = a
		}
	}
	without := func(list []uint64) []uint64 {
		return slices.DeleteFunc(itemsRootFirst(s), func(n uint64) bool { return slices.Contains(list, n) })
	}
	switch {
	case part != nil && part.LeadItem == item:
		staying = without(part.Members)
		return without(staying), staying
	case part != nil:
		return []uint64{item}, without(append(slices.Clone(part.Members), item))
	case item == s.Root.Item && len(s.Aliases) > 0:
		leaving = without(itemsWithoutJoin(s))
		return leaving, without(leaving)
	case item == s.Root.Item:
		return without([]uint64{item}), []uint64{item}
	}
	return []uint64{item}, without([]uint64{item})
}

// itemsWithoutJoin returns the items that no join brought into a story.
func itemsWithoutJoin(s *news.Story) []uint64 {
	return slices.DeleteFunc(slices.Clone(s.Members), func(n uint64) bool {
		return slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return slices.Contains(a.Members, n) })
	})
}

// joinedByClaimTo reports whether any of a story's items in a list is in it by a claim of its own
// to an address.
func joinedByClaimTo(s *news.Story, list []uint64, key string) bool {
	return slices.ContainsFunc(list, func(n uint64) bool {
		e := s.Edge(n)
		return e != nil && e.Rule == news.J1 && slices.ContainsFunc(s.Item(n).Claims, func(c news.Claim) bool {
			byIt := func(v news.Evidence) bool { return v.Source == c.Source && v.Value == c.URL }
			return c.Key == key && c.Last.IsZero() && slices.ContainsFunc(e.Evidence, byIt)
		})
	})
}

// itemNamedInStory is the item of a story that somebody names: by its current address or guid,
// otherwise by any that it had. Of several, as a station's podcast and its news may have one guid,
// it is the one that was shown for a story that was joined, for with it that story leaves;
// otherwise one that is not the root.
func (r *Rules) itemNamedInStory(s *news.Story, what string) *news.Item {
	address := r.Key(what)
	for _, fits := range []func(*news.Item) bool{
		func(i *news.Item) bool { return i.Entry.GUID == what || address != "" && r.Key(i.Entry.URL) == address },
		func(i *news.Item) bool { return key.Matches(r.Directory, what, i) },
	} {
		named := slices.DeleteFunc(slices.Clone(s.Items), func(i *news.Item) bool { return !fits(i) })
		if len(named) > 0 {
			return slices.MaxFunc(named, func(a, b *news.Item) int {
				return cmp.Compare(rankForSplit(s, a), rankForSplit(s, b))
			})
		}
	}
	return nil
}

// rankForSplit orders a story's items by how much is said by naming one to split it off.
func rankForSplit(s *news.Story, i *news.Item) int {
	switch {
	case slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return a.LeadItem == i.Number }):
		return 2
	case i.Number != s.Root.Item:
		return 1
	}
	return 0
}

func (r *Rules) originRuling(o Order, s *news.Story, ruling news.Ruling) (news.Ruling, error) {
	m, ok := r.MakerNamed(o.Maker)
	if !ok {
		return ruling, fmt.Errorf("%.200q is not a station or an outside source: expected an id, as `stations` "+
			"shows them", o.Maker)
	}
	ruling.Maker, ruling.Items = &m, itemsRootFirst(s)
	return ruling, nil
}

func (r *Rules) trustRulings(o Order, ruling news.Ruling) ([]news.Ruling, error) {
	var list []news.Ruling
	for _, s := range r.Stations {
		for _, f := range s.Feeds {
			if o.Feed == f.URL || o.Feed == s.ID {
				ruling.Feed = f.URL
				list = append(list, ruling)
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%.200q is not a feed: expected an address in the configuration or a station's id",
			o.Feed)
	}
	return list, nil
}

// statusRulings rules on whether stories are published. Of a feed's address it rules on all that
// the feed's flood or doubtful migration holds.
func (r *Rules) statusRulings(store gather.Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	if len(o.Stories) == 0 {
		return nil, errors.New("no story is named")
	}
	var list []news.Ruling
	for _, name := range o.Stories {
		stories, feed, err := r.storiesMeant(store, name, o.Verb)
		if err != nil {
			return nil, err
		}
		for _, s := range stories {
			one := ruling
			if one.Feed = feed; feed == "" {
				if err := refuseNoChange(o.Verb, s); err != nil {
					return nil, err
				}
			}
			one.Items, one.Stands = itemsRootFirst(s), flagKindsAnswered(s)
			list = append(list, one)
		}
	}
	return list, nil
}

// storiesMeant returns the stories that a name stands for: of a feed's address, those that the
// feed's flood or doubtful migration holds.
func (r *Rules) storiesMeant(store gather.Reader, name string,
	verb news.Verb) (stories []*news.Story, feed string, err error) {
	if (verb == news.Release || verb == news.Retract) && slices.Contains(r.FeedURLs, name) {
		if stories = gather.HeldBy(store, name); len(stories) == 0 {
			return nil, "", fmt.Errorf("no stories from %.200s are held", name)
		}
		return stories, name, nil
	}
	s, err := storyNamed(store, name)
	return []*news.Story{s}, "", err
}

func refuseNoChange(verb news.Verb, s *news.Story) error {
	switch {
	case verb == news.Release && s.Status != news.Held:
		return fmt.Errorf("story %s is not held: it is %s", s.ID, s.Status)
	case verb == news.Restore && s.Status != news.Retracted:
		return fmt.Errorf("story %s is not retracted: it is %s", s.ID, s.Status)
	case verb == news.Retract && s.Status == news.Retracted:
		return fmt.Errorf("story %s is retracted already", s.ID)
	case verb == news.Hold && s.Status != news.Live:
		return fmt.Errorf("story %s is not live: it is %s", s.ID, s.Status)
	}
	return nil
}
