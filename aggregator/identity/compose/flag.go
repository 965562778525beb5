package compose

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/news"
)

// AsksForJoin lists the kinds of flags that ask whether two are one.
var AsksForJoin = []news.FlagKind{news.FlagProbableCopy, news.FlagSameTitle, news.FlagSameGUID, news.FlagSameAudio,
	news.FlagSameFeed}

// maxFlags is how many flags of one kind a story has: what an editor can look at. Partners decide
// how many there could be.
const maxFlags = 16

// flagsOfStory returns a story's flags: those raised now, with the time at which they were first
// raised, and those whose ground could not be looked at again. What an editor has ruled on is gone.
// Of one kind there are maxFlags: first those raised now, then the latest.
func (d Composer) flagsOfStory(plan *lineage.StoryPlan, s *news.Story) []news.Flag {
	var old, flags []news.Flag
	if plan.Old != nil {
		old = slices.Clone(plan.Old.Flags)
	}
	for _, o := range plan.Joined {
		old = append(old, o.Flags...)
	}
	add := func(list ...news.Flag) {
		for _, g := range list {
			if slices.ContainsFunc(flags, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) ||
				d.isAnswered(plan, g) {
				continue
			}
			for _, o := range old {
				if d.isSameQuestion(o, g) && o.When.Before(g.When) {
					g.When = o.When
				}
			}
			flags = append(flags, g)
		}
	}
	for _, i := range plan.Items {
		add(d.Found.Flags[i.Number]...)
		add(d.flagsOfItem(i, s)...)
	}
	slices.SortFunc(flags, compareFlags)
	lasting := slices.DeleteFunc(slices.Clone(old), func(g news.Flag) bool { return !d.flagLasts(plan, g, flags) })
	lasting = d.oncePerPair(lasting)
	slices.SortFunc(lasting, func(a, b news.Flag) int { return cmp.Or(b.When.Compare(a.When), compareFlags(a, b)) })
	add(lasting...)
	flags = fewOfEachKind(flags)
	slices.SortFunc(flags, compareFlags)
	return flags
}

func compareFlags(a, b news.Flag) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.With, b.With))
}

// fewOfEachKind keeps the first maxFlags of each kind, in their order.
func fewOfEachKind(flags []news.Flag) []news.Flag {
	count := map[news.FlagKind]int{}
	return slices.DeleteFunc(flags, func(g news.Flag) bool {
		count[g.Kind]++
		return count[g.Kind] > maxFlags
	})
}

// flagsOfItem returns those that an item has by what it is, with the time of their ground.
func (d Composer) flagsOfItem(i *evidence.Evidence, s *news.Story) []news.Flag {
	var flags []news.Flag
	add := func(kind news.FlagKind, why string, when time.Time) {
		flags = append(flags, news.Flag{Kind: kind, With: i.NameForEditors(), Why: why, When: when})
	}
	if i.Key == "" {
		flags = append(flags, news.Flag{Kind: news.FlagNoLink, Why: "its entry has no address", When: i.FirstSeen})
	}
	if offset := d.Memories[i.Feed].Offset; admit.IsAheadOfVisit(i.Entry.Stated(), d.Now, offset) {
		date := i.Entry.Stated().Add(-offset).UTC().Format(time.RFC3339)
		add(news.FlagFutureDate, "its date is "+date+", which is still to come", i.FirstSeen)
	}
	switch a := i.Absence; {
	case a == nil:
	case a.IsBack():
		when := a.Asked
		if when.IsZero() { // its feed said that it was deleted: its page was not asked
			when = a.Since
		}
		add(news.FlagReturned, "it was withdrawn, and its feed has it again", when)
	case i.Gone && (s.Origin.Made(i.Station) || s.Status == news.Retracted || a.Source == http.StatusNotFound):
		add(news.FlagWithdrawn, "its station has withdrawn it: "+a.Words(), a.Since)
	case !i.Gone && a.ByPage: // its feed may show it
		add(news.FlagWithdrawn, a.Words(), a.Since)
	case !i.Gone:
		add(news.FlagWithdrawn, "it has left the middle of its feed, and "+a.Words(), a.Since)
	}
	if h := i.Hold; h != nil && h.Kind == news.HoldKill {
		add(news.FlagWithdrawn, "a notice of its source says that it is withdrawn", h.Since)
	}
	return flags
}

// flagLasts reports whether an old flag stays though nothing raised it now: its ground is an event,
// or stands still. Raised are the flags that the story has now.
func (d Composer) flagLasts(plan *lineage.StoryPlan, g news.Flag, raised []news.Flag) bool {
	switch {
	case g.Kind == news.FlagSameFeed, g.Kind == news.FlagReturned, g.Kind == news.FlagUnpublishable:
		return true
	case g.Kind == news.FlagWithdrawn:
		return d.ItemNamed(g.With) == nil
	case g.With == "":
		return false
	case g.Kind == news.FlagClaimAcrossLanguages, g.Kind == news.FlagAgainstRuling:
		return d.ItemNamed(g.With) == nil
	case lineage.IsAboutPair(g.Kind):
		return d.questionLasts(plan, g, raised)
	}
	return false
}

// questionLasts reports whether an old question about two stories stays: until its ground is gone,
// since one side has changed or left, or it is asked again of the two. What else arrives does not
// answer it.
func (d Composer) questionLasts(plan *lineage.StoryPlan, g news.Flag, raised []news.Flag) bool {
	item := lineage.ItemInQuestion(d.Directory, d.Neighborhood, g.With)
	if item == nil { // it was not looked at
		return true
	}
	other := d.PlanOf[item.Number]
	isAsked := slices.ContainsFunc(raised, func(r news.Flag) bool {
		return lineage.IsAboutPair(r.Kind) && d.planInQuestion(r) == other
	})
	if isAsked || other == plan || lineage.AreToldApart(d.Rulings, plan, other) ||
		lineage.HasChanged(d.Neighborhood, item) || other.HasTakenOver(d.Neighborhood, item) {
		return false
	}
	return !slices.ContainsFunc(plan.GroundOf(d.Directory, d.Neighborhood, other), func(i *evidence.Evidence) bool {
		return d.PlanOf[i.Number] != plan || lineage.HasChanged(d.Neighborhood, i)
	})
}

// planInQuestion is the plan of the item that a flag names, nil where that was not looked at.
func (d Composer) planInQuestion(g news.Flag) *lineage.StoryPlan {
	if i := lineage.ItemInQuestion(d.Directory, d.Neighborhood, g.With); i != nil {
		return d.PlanOf[i.Number]
	}
	return nil
}

// isSameQuestion reports whether two flags of a story show one thing: they name the same or, about
// two stories, items of one story.
func (d Composer) isSameQuestion(a, b news.Flag) bool {
	if a.Kind != b.Kind || a.With == b.With {
		return a.Kind == b.Kind
	}
	other := d.planInQuestion(a)
	return lineage.IsAboutPair(a.Kind) && other != nil && other == d.planInQuestion(b)
}

// oncePerPair keeps of the questions about a story and another the strongest: the stories that one
// continues may each have had one.
func (d Composer) oncePerPair(flags []news.Flag) []news.Flag {
	slices.SortStableFunc(flags, func(a, b news.Flag) int {
		return cmp.Or(lineage.CompareStrength(a, b), compareFlags(a, b))
	})
	asked := map[*lineage.StoryPlan]bool{}
	return slices.DeleteFunc(flags, func(g news.Flag) bool {
		other := d.planInQuestion(g)
		if !lineage.IsAboutPair(g.Kind) || other == nil {
			return false
		}
		was := asked[other]
		asked[other] = true
		return was
	})
}

// isAnswered reports whether an editor has ruled on what a flag shows, or there is nothing to ask of
// two stories since one was withdrawn.
func (d Composer) isAnswered(plan *lineage.StoryPlan, g news.Flag) bool {
	if other := d.planInQuestion(g); lineage.IsAboutPair(g.Kind) && g.With != "" && other != plan &&
		(d.Retracted[plan] || d.Retracted[other]) {
		return true
	}
	if d.isDismissed(plan, g) {
		return true
	}
	switch g.Kind {
	case news.FlagWithdrawn, news.FlagReturned, news.FlagFutureDate:
		r := d.Rulings.Last(plan.Items, news.Hold, news.Release, news.Retract, news.Restore)
		return r != nil && !r.When.Before(g.When)
	case news.FlagConflictingClaims, news.FlagUnlistedOrigin:
		if r := d.Rulings.Last(plan.Items, news.Credit); r != nil && r.Unstated != news.AutoMaker {
			return true
		}
	case news.FlagAgainstRuling:
		return false
	}
	other := d.ItemNamed(g.With)
	if other == nil {
		return false
	}
	if slices.Contains(AsksForJoin, g.Kind) && slices.Contains(plan.Items, other) { // they are one already
		return true
	}
	return slices.ContainsFunc(plan.Items, func(i *evidence.Evidence) bool {
		return d.Rulings.On(i.Item, other.Item).Verb != ""
	})
}

// isDismissed reports whether an editor left as it is what a flag asks: of a flag that is about an
// event, what happened before; of one about two stories, those two. A flag of another kind is another
// question.
func (d Composer) isDismissed(plan *lineage.StoryPlan, g news.Flag) bool {
	return slices.ContainsFunc(d.Rulings.Dismissals(plan.Items), func(r news.Ruling) bool {
		if !slices.Contains(r.Stands, string(g.Kind)) {
			return false
		}
		switch g.Kind {
		case news.FlagWithdrawn, news.FlagReturned, news.FlagFutureDate:
			return !r.When.Before(g.When)
		}
		return len(r.With) == 0 || d.standBetween(r, plan, g)
	})
}

// standBetween reports whether a ruling on two stories is on a plan and on what a flag of it names.
func (d Composer) standBetween(r news.Ruling, plan *lineage.StoryPlan, g news.Flag) bool {
	other := lineage.ItemInQuestion(d.Directory, d.Neighborhood, g.With)
	if other == nil {
		return false
	}
	others := []*evidence.Evidence{other}
	if p := d.PlanOf[other.Number]; p != nil && p != plan {
		others = p.Items
	}
	has := func(items []*evidence.Evidence, numbers []uint64) bool {
		return slices.ContainsFunc(items, func(i *evidence.Evidence) bool { return slices.Contains(numbers, i.Number) })
	}
	return has(plan.Items, r.Items) && has(others, r.With) || has(plan.Items, r.With) && has(others, r.Items)
}
