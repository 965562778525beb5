package identity

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// Rulings makes rulings of an order, without numbers, in the order in which they are to be applied. It
// fails where the order names something that is not there, or asks for what is so already. What has
// been decided is undone, and what a case asks is dismissed, by the store that knows it.
func (r *Rules) Rulings(store gather.Reader, o Order, now time.Time) ([]news.Ruling, error) {
	o.Reason = strings.TrimSpace(o.Reason)
	if utf8.RuneCountInString(o.Reason) > MaxReason {
		return nil, ErrLongReason
	}
	rulings, err := r.rulingsOf(store, o, RulingOf(o, now))
	if err != nil {
		return nil, err
	}
	var named []string
	for _, ruling := range rulings {
		for _, id := range ruling.Named {
			if !slices.Contains(named, id) {
				named = append(named, id)
			}
		}
	}
	rulings[0].Named = named
	return rulings, nil
}

// RulingOf is what every ruling of an order has.
func RulingOf(o Order, now time.Time) news.Ruling {
	return news.Ruling{Verb: o.Verb, When: now, UID: o.UID, User: o.User, Via: o.Via, Reason: o.Reason, Case: o.Case,
		Form: o.Form, AlthoughKilled: o.AlthoughKilled}
}

func (r *Rules) rulingsOf(store gather.Reader, o Order, ruling news.Ruling) ([]news.Ruling, error) {
	wanted := 1 // stories
	switch o.Verb {
	case news.Trust:
		return r.trustRulings(o, ruling)
	case news.Hold, news.Release, news.Retract, news.Restore:
		return r.statusRulings(store, o, ruling)
	case news.Join:
		wanted = 2
	case news.Split:
		if o.Item == "" && o.ItemNumber == 0 {
			wanted = 2
		}
	case news.Credit:
	default:
		return nil, fmt.Errorf("%.50q is not a ruling", string(o.Verb))
	}
	if len(o.Stories) != wanted {
		return nil, fmt.Errorf("%s takes %d stories, got %d", o.Verb, wanted, len(o.Stories))
	}
	var stories []*news.Story
	for _, name := range o.Stories {
		s, err := r.storyNamed(store, name)
		if err != nil {
			return nil, err
		}
		stories = append(stories, s)
		ruling.Named = append(ruling.Named, s.ID)
	}
	ruling.Stands, ruling.Flags = flagsAnswered(stories...)
	switch o.Verb {
	case news.Join:
		return r.joinRulings(o, stories[0], stories[1], ruling)
	case news.Split:
		if wanted == 2 {
			ruling, err := apartRuling(stories[0], stories[1], ruling)
			return []news.Ruling{ruling}, err
		}
		ruling, err := r.splitRuling(store, o, stories[0], ruling)
		return []news.Ruling{ruling}, err
	}
	ruling, err := r.originRuling(store, o, stories[0], ruling)
	return []news.Ruling{ruling}, err
}

// joinRulings makes one story of two, and says who made it where the order does.
func (r *Rules) joinRulings(o Order, a, b *news.Story, ruling news.Ruling) ([]news.Ruling, error) {
	if a.Number == b.Number {
		return nil, fmt.Errorf("%.200q and %.200q are %w", o.Stories[0], o.Stories[1], ErrSame)
	}
	ruling.Items, ruling.With, ruling.Judged = itemsRootFirst(a), itemsRootFirst(b), flagAnswers("accepted", a, b)
	if o.Maker == "" {
		return []news.Ruling{ruling}, nil
	}
	if o.Maker == news.AutoMaker {
		return nil, errors.New("with a join, expected a station, an outside source or none as the origin")
	}
	made := ruling
	if err := r.setMaker(o.Maker, &made); err != nil {
		return nil, err
	}
	ruling.Maker, ruling.Unstated = made.Maker, made.Unstated
	made.Verb, made.Items, made.With = news.Credit, slices.Concat(ruling.Items, ruling.With), nil
	made.Stands, made.Flags, made.Judged = nil, nil, nil
	return []news.Ruling{ruling, made}, nil
}

// apartRuling says of two stories that they are not one.
func apartRuling(a, b *news.Story, ruling news.Ruling) (news.Ruling, error) {
	if a.Number == b.Number {
		return ruling, fmt.Errorf("both are story %s: split takes an item out of it", a.ID)
	}
	ruling.Items, ruling.With, ruling.Judged = itemsRootFirst(b), itemsRootFirst(a), flagAnswers("refused", a, b)
	return ruling, nil
}

func (r *Rules) splitRuling(store gather.Reader, o Order, s *news.Story, ruling news.Ruling) (news.Ruling, error) {
	item := s.Item(o.ItemNumber)
	if o.ItemNumber == 0 {
		item = r.itemNamedInStory(s, o.Item)
	}
	if item != nil {
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
	others := r.ItemsNamed(store, o.Item)
	if len(others) == 0 {
		return ruling, fmt.Errorf("no item is or was known as %.200q: expected a guid or an address", o.Item)
	}
	ruling.With = itemsRootFirst(s)
	for _, i := range others {
		other := store.Story(i.Story)
		ruling.Items = append(ruling.Items, i.Number)
		ruling.Named = append(ruling.Named, other.ID)
		ruling.Judged = append(ruling.Judged, flagAnswers("refused", s, other)...)
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

func (r *Rules) originRuling(store gather.Reader, o Order, s *news.Story, ruling news.Ruling) (news.Ruling, error) {
	ruling.Items = itemsRootFirst(s)
	if o.Maker == news.AutoMaker {
		if last := lastWord(store, s, news.Credit); last == nil || last.Unstated == news.AutoMaker {
			return ruling, fmt.Errorf("nobody has said who made story %s: %w", s.ID, ErrAutomatic)
		}
	}
	return ruling, r.setMaker(o.Maker, &ruling)
}

// setMaker has a ruling say who made a story.
func (r *Rules) setMaker(name string, ruling *news.Ruling) error {
	if name == news.NoMaker || name == news.AutoMaker {
		ruling.Unstated = name
		return nil
	}
	m, ok := r.MakerNamed(name)
	if !ok {
		return fmt.Errorf("%.200q is not a station or an outside source: expected an id, as `stations` "+
			"shows them, none or auto", name)
	}
	ruling.Maker = &m
	return nil
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
