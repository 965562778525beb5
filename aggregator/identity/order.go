package identity

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Order is what an editor asks for, with stories, items and feeds named as
// people name them.
type Order struct {
	Verb    news.Verb
	Stories []string // ids or public ids; of a release or retraction a feed's address, too
	Item    string   // of a split: a guid or an address
	Maker   string   // of an origin: a station's id, or an outside source's
	Feed    string   // of a trust: a feed's address, or a station's id
	Reason  string
	User    string
	UID     int
}

// ErrNoStory: an order names what is not known.
var ErrNoStory = errors.New("there is no such story")

// Rulings makes rulings of an order, without numbers. It fails where the order
// names something that is not there, or asks for what is so already.
func (d *Rules) Rulings(r Reader, o Order, now time.Time) ([]news.Ruling, error) {
	blank := news.Ruling{Verb: o.Verb, When: now, UID: o.UID, User: o.User, Reason: o.Reason}
	switch o.Verb {
	case news.Join:
		return d.ruleJoin(r, o, blank)
	case news.Split:
		return d.ruleSplit(r, o, blank)
	case news.Credit:
		return d.ruleOrigin(r, o, blank)
	case news.Trust:
		return d.ruleTrust(o, blank)
	case news.Hold, news.Release, news.Retract, news.Restore:
		return d.ruleStatus(r, o, blank)
	}
	return nil, fmt.Errorf("%.50q is no ruling", string(o.Verb))
}

// storyNamed is the story that an editor names.
func storyNamed(r Reader, name string) (*news.Story, error) {
	n := r.StoryOf(name)
	if n == 0 {
		return nil, fmt.Errorf("%w as %.200q: an id or a public id is wanted, as `stories` shows them", ErrNoStory, name)
	}
	return r.Story(n), nil
}

// byRoot lists a story's items, the one that its edges lead to first.
func byRoot(s *news.Story) []uint64 {
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

func (d *Rules) ruleJoin(r Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	if len(o.Stories) != 2 {
		return nil, errors.New("a join names two stories")
	}
	a, err := storyNamed(r, o.Stories[0])
	if err != nil {
		return nil, err
	}
	b, err := storyNamed(r, o.Stories[1])
	if err != nil {
		return nil, err
	}
	if a.Number == b.Number {
		return nil, fmt.Errorf("%.200q and %.200q are one story already", o.Stories[0], o.Stories[1])
	}
	ruling.Items, ruling.With = byRoot(a), byRoot(b)
	ruling.Stands = flagKinds(a, b)
	ruling.Judged = judged("accepted", a, b)
	return []news.Ruling{ruling}, nil
}

// flagKinds are the kinds of flags that two stories have: what a ruling answers.
func flagKinds(stories ...*news.Story) []string {
	var kinds []string
	for _, s := range stories {
		for _, g := range s.Flags {
			if !slices.Contains(kinds, string(g.Kind)) {
				kinds = append(kinds, string(g.Kind))
			}
		}
	}
	slices.Sort(kinds)
	return kinds
}

func (d *Rules) ruleSplit(r Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	if len(o.Stories) != 1 {
		return nil, errors.New("a split names one story and one item")
	}
	s, err := storyNamed(r, o.Stories[0])
	if err != nil {
		return nil, err
	}
	ruling.Stands = flagKinds(s)
	if item := d.itemIn(s, o.Item); item != nil {
		if len(s.Members) == 1 {
			return nil, fmt.Errorf("%.200q is the only item of %s: there is nothing to split it from", o.Item, s.ID)
		}
		ruling.Items, ruling.With = parted(s, item.Number)
		if s.Root.Item == 0 && claimedBy(s, ruling.With, s.Root.Key) {
			ruling.Key = s.Root.Key
		}
		if edge := s.Edge(item.Number); edge != nil {
			ruling.Judged = []string{"split " + string(edge.Rule)}
		}
		return []news.Ruling{ruling}, nil
	}
	others := d.itemsNamed(r, o.Item)
	if len(others) == 0 {
		return nil, fmt.Errorf("no item is or was known as %.200q: a guid or an address is wanted", o.Item)
	}
	ruling.Items, ruling.With = others, byRoot(s)
	for _, n := range others {
		ruling.Judged = append(ruling.Judged, judged("refused", s, r.Story(r.Item(n).Story))...)
	}
	slices.Sort(ruling.Judged)
	ruling.Judged = slices.Compact(ruling.Judged)
	return []news.Ruling{ruling}, nil
}

// judged is what a ruling on two stories says of the flags that ask whether they are
// one, each kind once.
func judged(how string, a, b *news.Story) []string {
	var list []string
	names := func(s *news.Story, g news.Flag) bool {
		return slices.ContainsFunc(s.Items, func(i *news.Item) bool { return g.With != "" && (i.Entry.URL == g.With || i.Entry.GUID == g.With) })
	}
	for _, pair := range [][2]*news.Story{{a, b}, {b, a}} {
		for _, g := range pair[0].Flags {
			if slices.Contains(alikeKinds, g.Kind) && names(pair[1], g) {
				list = append(list, how+" "+string(g.Kind))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// parted are the items that leave a story when one is split off, and those that
// it is split from. An item that was shown for a former story takes that story's
// items along; one that came with others leaves those of before the join; from a
// root the others leave.
func parted(s *news.Story, item uint64) (leaving, staying []uint64) {
	var part *news.Alias // that it came with
	for n := range s.Aliases {
		if a := &s.Aliases[n]; slices.Contains(a.Members, item) && (part == nil || len(a.Members) < len(part.Members)) {
			part = a
		}
	}
	without := func(list []uint64) []uint64 {
		return slices.DeleteFunc(byRoot(s), func(n uint64) bool { return slices.Contains(list, n) })
	}
	switch {
	case part != nil && part.LeadItem == item:
		staying = without(part.Members)
		return without(staying), staying
	case part != nil:
		return []uint64{item}, without(append(slices.Clone(part.Members), item))
	case item == s.Root.Item && len(s.Aliases) > 0:
		leaving = without(ownPart(s))
		return leaving, without(leaving)
	case item == s.Root.Item:
		return without([]uint64{item}), []uint64{item}
	}
	return []uint64{item}, without([]uint64{item})
}

// ownPart are the items that no join brought into a story.
func ownPart(s *news.Story) []uint64 {
	return slices.DeleteFunc(slices.Clone(s.Members), func(n uint64) bool {
		return slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return slices.Contains(a.Members, n) })
	})
}

// claimedBy reports whether any of a story's items in a list claims an address.
func claimedBy(s *news.Story, list []uint64, key string) bool {
	return slices.ContainsFunc(list, func(n uint64) bool {
		return slices.ContainsFunc(s.Item(n).Claims, func(c news.Claim) bool { return c.Key == key && c.Last.IsZero() })
	})
}

// itemIn is the item of a story that somebody names: by its present address or
// guid, else by any that it had. Of several, as a station's podcast and its news may
// have one guid, it is the one that was shown for a story that was joined, for with
// it that story leaves; else one that is not the root.
func (d *Rules) itemIn(s *news.Story, what string) *news.Item {
	key := d.key(what)
	for _, fits := range []func(*news.Item) bool{
		func(i *news.Item) bool { return i.Entry.GUID == what || key != "" && d.key(i.Entry.URL) == key },
		func(i *news.Item) bool { return d.Matches(what, i) },
	} {
		var named []*news.Item
		for _, i := range s.Items {
			if fits(i) {
				named = append(named, i)
			}
		}
		if len(named) > 0 {
			return slices.MaxFunc(named, func(a, b *news.Item) int { return cmp.Compare(standing(s, a), standing(s, b)) })
		}
	}
	return nil
}

// standing ranks a story's items by how much is said by naming one to split it off.
func standing(s *news.Story, i *news.Item) int {
	switch {
	case slices.ContainsFunc(s.Aliases, func(a news.Alias) bool { return a.LeadItem == i.Number }):
		return 2
	case i.Number != s.Root.Item:
		return 1
	}
	return 0
}

// itemsNamed are the items that have, or had, a guid or an address.
func (d *Rules) itemsNamed(r Reader, what string) []uint64 {
	var feeds []string
	for _, s := range d.Stations {
		for _, f := range s.Feeds {
			feeds = append(feeds, f.URL)
		}
	}
	found := map[uint64]bool{}
	for _, k := range d.Search(what, feeds) {
		for _, n := range r.Find(k, gathered) {
			if d.Matches(what, r.Item(n)) {
				found[n] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (d *Rules) ruleOrigin(r Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	if len(o.Stories) != 1 {
		return nil, errors.New("an origin is ruled for one story")
	}
	s, err := storyNamed(r, o.Stories[0])
	if err != nil {
		return nil, err
	}
	m, ok := d.makerNamed(o.Maker)
	if !ok {
		return nil, fmt.Errorf("%.200q is no station and no outside source: an id is wanted, as `stations` shows them", o.Maker)
	}
	ruling.Maker, ruling.Items, ruling.Stands = &m, byRoot(s), flagKinds(s)
	return []news.Ruling{ruling}, nil
}

// makerNamed is the station or outside source of that id.
func (d *Rules) makerNamed(id string) (news.Maker, bool) {
	if d.stations[id] != nil {
		return d.maker(id), true
	}
	o, ok := d.Sources()[id]
	return outsideMaker(o), ok
}

func (d *Rules) ruleTrust(o Order, ruling news.Ruling) ([]news.Ruling, error) {
	var list []news.Ruling
	for _, s := range d.Stations {
		for _, f := range s.Feeds {
			if o.Feed == f.URL || o.Feed == s.ID {
				ruling.Feed = f.URL
				list = append(list, ruling)
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%.200q is no feed: an address of the configuration or a station's id is wanted", o.Feed)
	}
	return list, nil
}

// ruleStatus rules on whether stories are published. Of a feed's address it
// rules on all that the feed's flood or doubtful migration holds.
func (d *Rules) ruleStatus(r Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	if len(o.Stories) == 0 {
		return nil, errors.New("no story is named")
	}
	var list []news.Ruling
	for _, name := range o.Stories {
		numbers, err := d.storiesMeant(r, name, o.Verb)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			s := r.Story(n)
			one := ruling
			if d.hasFeed(name) {
				one.Feed = name
			} else if err := sensible(o.Verb, s); err != nil {
				return nil, err
			}
			one.Items, one.Stands = byRoot(s), flagKinds(s)
			list = append(list, one)
		}
	}
	return list, nil
}

// storiesMeant are the numbers of the stories that a name stands for.
func (d *Rules) storiesMeant(r Reader, name string, verb news.Verb) ([]uint64, error) {
	if (verb == news.Release || verb == news.Retract) && d.hasFeed(name) {
		found := map[uint64]bool{}
		for _, n := range r.Memory(name).Waiting {
			if i := r.Item(n); i.Hold != nil && r.Story(i.Story).Status == news.Held {
				found[i.Story] = true
			}
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("nothing of %.200s is held", name)
		}
		return slices.Sorted(maps.Keys(found)), nil
	}
	s, err := storyNamed(r, name)
	if err != nil {
		return nil, err
	}
	return []uint64{s.Number}, nil
}

func (d *Rules) hasFeed(url string) bool {
	for _, s := range d.Stations {
		for _, f := range s.Feeds {
			if f.URL == url {
				return true
			}
		}
	}
	return false
}

// sensible refuses to rule what is so already.
func sensible(verb news.Verb, s *news.Story) error {
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
