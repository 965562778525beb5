package identity

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Rule applies a ruling that has its number: it binds the items, and they are sorted again. A trust
// changes the feed's memory alone.
func (r *Rules) Rule(store gather.Reader, ruling news.Ruling) Outcome {
	return r.recount(store, ruling, ruling)
}

// Recount applies that a ruling counts no more, or counts again, by an undo that has its number: the
// undo binds the items as well, and they are sorted again as if the ruling had never been, or had
// never been undone. What came after it stands.
func (r *Rules) Recount(store gather.Reader, undo, ruling news.Ruling) Outcome {
	return r.recount(store, undo, ruling)
}

// recount applies by, after which a ruling counts or does not; it may be that ruling itself.
func (r *Rules) recount(store gather.Reader, by, ruling news.Ruling) Outcome {
	s := r.newSource(store, by.When)
	memories := feedMemories{s, map[string]visit.Memory{}}
	switch ruling.Verb {
	case news.Trust:
		memories.change(ruling.Feed, func(m *visit.Memory) { m.RestoreTrust(by.When) })
	case news.Release, news.Retract:
		memories.recountWaiting(ruling)
	case news.Dismiss:
		memories.recountDismissal(ruling)
	}
	if ruling.Verb == news.Trust || len(ruling.Items)+len(ruling.With) == 0 {
		return Outcome{Memories: memories.changed}
	}
	for _, i := range s.Items(slices.Concat(ruling.Items, ruling.With)) {
		bound := *i
		if !slices.Contains(i.Ruled, by.Number) {
			bound.Ruled = append(slices.Clone(i.Ruled), by.Number)
		}
		if !ruling.Counts() && slices.Contains(statusVerbs, ruling.Verb) {
			bound.Hold = heldAgain(bound.Hold, by.When)
		}
		s.Write(&bound)
	}
	n := s.Neighbors("", s.Written())
	if !ruling.Counts() {
		returnFlags(n, ruling.Flags)
		switch {
		case ruling.Verb == news.Join:
			partJoined(s, n, ruling)
		case ruling.PartedOne():
			n.Reunite(slices.Concat(ruling.Items, ruling.With))
		}
	}
	o := r.composeStories(s, n, cluster.Build(s.Directory, n))
	o.Memories = memories.changed
	return o
}

// heldAgain is the hold of an item that a release passed over, where that is undone: it holds the item
// though that was published.
func heldAgain(h *news.ItemHold, now time.Time) *news.ItemHold {
	if h == nil || !h.Until.IsZero() && !h.Until.After(now) {
		return h
	}
	again := *h
	again.Again = true
	return &again
}

// feedMemories holds what a ruling changes of what is kept of feeds.
type feedMemories struct {
	s       *gather.Source
	changed map[string]visit.Memory
}

func (f feedMemories) change(feed string, change func(*visit.Memory)) {
	m, is := f.changed[feed]
	if !is {
		m = f.s.Visited(feed, time.Time{})
	}
	change(&m)
	f.changed[feed] = m
	f.s.Keep(feed, m)
}

// recountWaiting takes out of what waits for an editor in the memory of feeds what a release or a
// retraction decides, or puts it back.
func (f feedMemories) recountWaiting(ruling news.Ruling) {
	if ruling.Feed != "" && ruling.Counts() {
		f.change(ruling.Feed, (*visit.Memory).ReleaseWaiting)
	}
	byFeed := map[string][]uint64{}
	for _, i := range f.s.Items(ruling.Items) {
		if gather.IsHeldByFeed(i) {
			byFeed[i.Feed] = append(byFeed[i.Feed], i.Number)
		}
	}
	for feed, items := range byFeed {
		f.change(feed, func(m *visit.Memory) {
			if ruling.Counts() {
				m.Decide(items)
			} else {
				m.Await(items)
			}
		})
	}
	if ruling.Counts() {
		return
	}
	for _, g := range ruling.Flags {
		if g.Feed != "" {
			f.change(g.Feed, func(m *visit.Memory) {
				if len(m.Waiting) > 0 {
					m.RaiseFlag(g.Flag)
				}
			})
		}
	}
}

// recountDismissal hides the flags of a feed that a dismissal is about, or shows them again.
func (f feedMemories) recountDismissal(ruling news.Ruling) {
	if ruling.Feed == "" {
		return
	}
	f.change(ruling.Feed, func(m *visit.Memory) {
		m.Flags = slices.Clone(m.Flags)
		for n := range m.Flags {
			g := &m.Flags[n]
			switch {
			case ruling.Counts() && g.Dismissed == 0 && slices.Contains(ruling.Stands, string(g.Kind)):
				g.Dismissed = ruling.Number
			case !ruling.Counts() && g.Dismissed == ruling.Number:
				g.Dismissed = 0
			}
		}
	})
}

// returnFlags gives stories the flags back that a ruling answered, with their times: those whose
// ground can be looked at now are raised or not as ever.
func returnFlags(n *evidence.Neighborhood, flags []news.AnsweredFlag) {
	for _, g := range flags {
		e := n.Item(g.Item)
		if e == nil || n.StoryOf(e) == nil {
			continue
		}
		s := *n.StoryOf(e)
		if !slices.ContainsFunc(s.Flags, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) {
			s.Flags = append(slices.Clone(s.Flags), g.Flag)
			n.Stories[s.Number] = &s
		}
	}
}

// partJoined makes the stories again, in what was gathered, that ended by a join which is undone, as
// they were: the rules find them as if nobody had joined them.
func partJoined(s *gather.Source, n *evidence.Neighborhood, join news.Ruling) {
	isOneSide := func(members []uint64) bool {
		for _, side := range [][]uint64{join.Items, join.With} {
			if !slices.ContainsFunc(members, func(m uint64) bool { return !slices.Contains(side, m) }) {
				return true
			}
		}
		return false
	}
	for _, i := range n.Items {
		story := n.StoryOf(i)
		if story == nil {
			continue
		}
		at := slices.IndexFunc(story.Aliases, func(a news.Alias) bool {
			return (a.Join == join.Number || a.Join == 0 && a.When.Equal(join.When)) && len(a.Members) > 0 && isOneSide(a.Members) &&
				slices.Contains(a.Members, i.Number)
		})
		if at < 0 {
			continue
		}
		rest, former := withoutJoined(story, at)
		if len(rest.Members) == 0 {
			continue
		}
		former.Number = s.NextStory
		s.NextStory++
		n.Part(rest, former, slices.Concat(join.Items, join.With))
		for _, m := range former.Members {
			moved := *n.Item(m).Item
			moved.Story = former.Number
			s.Write(&moved)
			n.Replace(&moved)
		}
	}
}

// withoutJoined parts a story into what it was without one that ended in it, and that.
func withoutJoined(story *news.Story, at int) (rest, former *news.Story) {
	a := story.Aliases[at]
	isFormers := func(item uint64) bool { return slices.Contains(a.Members, item) }
	left := *story
	left.Members = slices.DeleteFunc(slices.Clone(story.Members), isFormers)
	left.Edges = slices.DeleteFunc(slices.Clone(story.Edges), func(e news.Edge) bool { return isFormers(e.Item) })
	left.Aliases = nil
	former = &news.Story{
		ID: a.ID, PublicID: a.PublicID, Published: a.Published, Modified: a.Modified, FirstSeen: a.FirstSeen,
		IDAssignedAt: a.IDAssignedAt, PublishedAt: a.PublishedAt, Sequence: a.Sequence, Earlier: a.Earlier,
		ShownAgain: a.When, LeadItem: a.LeadItem, Root: a.Root, Origin: a.Origin, Notes: a.Notes, Pruned: story.Pruned,
		ArchiveOnly: a.ArchiveOnly || a.Root == news.Root{},
		Edges:       slices.DeleteFunc(slices.Clone(story.Edges), func(e news.Edge) bool { return !isFormers(e.Item) }),
		Members:     slices.DeleteFunc(slices.Clone(story.Members), func(m uint64) bool { return !isFormers(m) }),
	}
	if a.Status == news.Retracted { // otherwise readers have been told that its id has ended
		former.Status, former.Withdrawn, former.WithdrawnBy = a.Status, a.Withdrawn, a.WithdrawnBy
	}
	firstSeen := time.Time{}
	for n, o := range story.Aliases {
		switch {
		case n == at:
		case n < at && len(o.Members) > 0 && !slices.ContainsFunc(o.Members, func(m uint64) bool { return !isFormers(m) }):
			former.Aliases = append(former.Aliases, o) // it had ended in that one
		default:
			left.Aliases = append(left.Aliases, o)
			if firstSeen.IsZero() || o.FirstSeen.Before(firstSeen) {
				firstSeen = o.FirstSeen
			}
		}
	}
	if left.FirstSeen.Equal(a.FirstSeen) { // it may be the other's
		left.FirstSeen = firstSeen
	}
	return &left, former
}
