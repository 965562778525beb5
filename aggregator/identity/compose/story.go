package compose

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/news"
)

// AsItStood is a story as it was before what a plan makes of it: the one that it continues;
// otherwise, of items that an editor has split off, the one that they were before it ended in the
// one that they leave; otherwise an empty one.
func AsItStood(n *evidence.Neighborhood, plan *lineage.StoryPlan) (was news.Story, restored bool) {
	if plan.Old != nil {
		was = *plan.Old
		was.Aliases = keptAliases(n, plan)
		return was, false
	}
	var numbers []uint64
	for _, i := range plan.Items {
		if s := n.SettledStoryOf(i); s != nil && len(s.Aliases) > 0 && !slices.Contains(numbers, s.Number) {
			numbers = append(numbers, s.Number)
		}
	}
	slices.Sort(numbers)
	var last news.Alias
	for _, number := range numbers {
		for _, a := range n.Stories[number].Aliases {
			if !slices.ContainsFunc(plan.Items, func(i *evidence.Evidence) bool {
				return i.Number == a.LeadItem && i.Story == number
			}) {
				continue
			}
			if restored {
				was.Aliases = append(was.Aliases, last)
			}
			last = a
			was = news.Story{
				ID: a.ID, PublicID: a.PublicID, Aliases: was.Aliases, Published: a.Published, Modified: a.Modified,
				FirstSeen: a.FirstSeen, IDAssignedAt: a.IDAssignedAt, PublishedAt: a.PublishedAt,
				Sequence: a.Sequence, Earlier: a.Earlier, ShownAgain: a.When,
			}
			restored = true
		}
	}
	return was, restored
}

// Story writes a plan down. Was is the story as it stood.
func (d Composer) Story(plan *lineage.StoryPlan, was news.Story, made origin.Decision, st status.Status) *news.Story {
	s := &was
	wasOut, ended := was.Status == news.Live || was.PublishedAt.IsZero(), latest(was.Withdrawn, was.ShownAgain)
	s.Root = rootOfPlan(plan)
	s.Origin, s.Unstated, s.OriginURL = made.Origin, made.Unstated, made.URL
	s.LeadItem = d.chooseLeadItem(plan, made.Origin).Number
	s.Members, s.Items, s.Edges, s.Rejected = nil, nil, nil, nil
	s.ArchiveOnly = plan.Old == nil || plan.Old.ArchiveOnly
	for _, i := range plan.Items {
		s.Members = append(s.Members, i.Number)
		s.Items = append(s.Items, i.Item)
		s.Edges = append(s.Edges, d.edgeOfItem(plan, i))
		s.Rejected = append(s.Rejected, d.Found.Rejected[i.Number]...)
		s.ArchiveOnly = s.ArchiveOnly && i.ArchiveOnly
		if s.FirstSeen.IsZero() || i.FirstSeen.Before(s.FirstSeen) {
			s.FirstSeen = i.FirstSeen
		}
	}
	if plan.Old != nil {
		s.Aliases = d.mergeAliases(s.Aliases, plan)
		for _, o := range plan.Joined {
			s.FirstSeen = slices.MinFunc([]time.Time{s.FirstSeen, o.FirstSeen}, time.Time.Compare)
		}
		d.setModified(s, plan.Old)
	}
	s.Status, s.Until, s.Withdrawn, s.WithdrawnBy = st.Status, st.Until, st.Withdrawn, st.WithdrawnBy
	if st.Status == news.Live && !wasOut { // later than the tombstone that readers have (RFC 6721 3)
		s.ShownAgain = latest(d.Now, ended.Truncate(time.Second).Add(time.Second))
	}
	if s.Pruned.IsZero() {
		s.Notes = d.correctionNotes(s)
	}
	if s.PublishedAt.IsZero() {
		s.Published = publicationDate(s)
		s.Modified = d.modifiedBefore(s)
		s.Proposal = d.idProposal(s)
	}
	s.Flags = d.flagsOfStory(plan, s)
	return s
}

// Differs reports whether a published story is another than it was; written tells of an item
// whether it is.
func Differs(s, old *news.Story, written func(uint64) bool) bool {
	now, then := *s, *old
	now.Items, then.Items = nil, nil
	return !reflect.DeepEqual(now, then) || slices.ContainsFunc(s.Members, written)
}

func rootOfPlan(plan *lineage.StoryPlan) news.Root {
	root := news.Root{Key: plan.Cluster.Key, URL: plan.Cluster.URL}
	if f := plan.Founder; f != nil {
		root.Item = f.Number
		if root.Key == "" {
			root.Key, root.URL = f.Key, f.Entry.URL
		}
	}
	return root
}

// chooseLeadItem is the item that gives the story its words: the origin's, or while that is unseen
// the longest. One that is gone gives none while another is there.
func (d Composer) chooseLeadItem(plan *lineage.StoryPlan, made *news.Origin) *evidence.Evidence {
	present := slices.DeleteFunc(slices.Clone(plan.Items), func(i *evidence.Evidence) bool { return i.Gone })
	if len(present) == 0 {
		present = plan.Items
	}
	for _, among := range [][]*evidence.Evidence{present, plan.Items} {
		for _, m := range origin.Makers(made) {
			if i := d.representativeItem(plan, status.ItemsOfStation(among, m.Station)); i != nil {
				return i
			}
		}
	}
	if old := plan.Old; old != nil {
		for _, was := range slices.Backward(old.Earlier) {
			i := d.Item(was.LeadItem)
			isBack := !slices.Contains(old.Members, was.LeadItem) || !slices.Equal(was.Makers, origin.Makers(old.Origin))
			if i != nil && isBack && slices.Equal(was.Makers, origin.Makers(made)) && slices.Contains(present, i) {
				return i // it goes back to what it showed then
			}
		}
		lead := d.Item(old.LeadItem)
		if slices.Contains(present, lead) && !old.Origin.Made(lead.Station) {
			return lead
		}
	}
	return slices.MaxFunc(present, func(a, b *evidence.Evidence) int { return cmp.Compare(a.Words, b.Words) })
}

// representativeItem is the item of a station that speaks for it: the one that the edges lead to,
// otherwise one that claims no other; nil if there is none.
func (d Composer) representativeItem(plan *lineage.StoryPlan, items []*evidence.Evidence) *evidence.Evidence {
	var best *evidence.Evidence
	for _, i := range items {
		if best == nil || i == plan.Founder || best != plan.Founder && d.Result.Claims(best) && !d.Result.Claims(i) {
			best = i
		}
	}
	return best
}

// mergeAliases ends other published stories in one: their ids lead there for good, or until an
// editor splits them.
func (d Composer) mergeAliases(aliases []news.Alias, plan *lineage.StoryPlan) []news.Alias {
	aliases = aliases[:len(aliases):len(aliases)]
	for _, o := range plan.Joined {
		aliases = append(append(aliases, o.Aliases...), news.Alias{
			ID: o.ID, PublicID: o.PublicID, Members: o.Members, LeadItem: o.LeadItem, Published: o.Published,
			Modified: o.Modified, FirstSeen: o.FirstSeen, IDAssignedAt: o.IDAssignedAt, PublishedAt: o.PublishedAt,
			Sequence: o.Sequence, Earlier: o.Earlier, ShownAgain: o.ShownAgain, When: d.Now,
			Join: d.joinOf(o, plan),
			Root: o.Root, Origin: o.Origin, ArchiveOnly: o.ArchiveOnly, Status: o.Status, Withdrawn: o.Withdrawn,
			WithdrawnBy: o.WithdrawnBy, Notes: o.Notes,
		})
	}
	return aliases
}

// joinOf is the number of the ruling by which a story ended in what a plan continues; 0 if there is none.
func (d Composer) joinOf(ended *news.Story, plan *lineage.StoryPlan) (number uint64) {
	for _, i := range d.ItemsOf(ended) {
		for _, o := range plan.Items {
			if v := d.Rulings.On(i.Item, o.Item); v.Verb == news.Join && !slices.Contains(ended.Members, o.Number) {
				number = max(number, v.Number)
			}
		}
	}
	return number
}

// keptAliases returns the aliases of a story but those of items that leave it.
func keptAliases(n *evidence.Neighborhood, plan *lineage.StoryPlan) []news.Alias {
	return slices.DeleteFunc(slices.Clone(plan.Old.Aliases), func(a news.Alias) bool {
		return slices.Contains(plan.Old.Members, a.LeadItem) && !slices.Contains(plan.Items, n.Item(a.LeadItem))
	})
}

// correctionNotes returns the notes of correction that the lead item states, with the time at which
// each was first seen.
func (d Composer) correctionNotes(s *news.Story) (notes []news.Note) {
	for _, b := range d.TextFeatures(&s.Item(s.LeadItem).Entry).Blocks {
		if !furniture.IsCorrection(b.Text) {
			continue
		}
		n := news.Note{Text: b.Text, When: d.Now}
		if at := slices.IndexFunc(s.Notes, func(o news.Note) bool { return o.Text == b.Text }); at >= 0 {
			n.When = s.Notes[at].When
		}
		notes = append(notes, n)
	}
	return notes
}

// Number is the number of a story: the one it had; of a story that has no id yet, the one that the
// same items had; 0 if it needs a new one.
func Number(n *evidence.Neighborhood, s *news.Story) uint64 {
	if s.Number != 0 {
		return s.Number
	}
	if o := n.WaitingStory(s.Members); o != nil {
		return o.Number
	}
	return 0
}
