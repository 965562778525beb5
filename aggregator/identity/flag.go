package identity

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// flagged is for how long a flag is shown.
const flagged = 30 * 24 * time.Hour

// Standing are the flags that are still shown at a time.
func Standing(flags []news.Flag, now time.Time) []news.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(g news.Flag) bool { return now.Sub(g.When) > flagged })
}

// flagsOf are a draft's flags: those raised now, with the time at which they were
// first raised, and those whose ground this fold could not look at again. What
// an editor has ruled on is gone.
func (f *fold) flagsOf(d *draft, s *news.Story) []news.Flag {
	var old, flags []news.Flag
	if d.old != nil {
		old = slices.Clone(d.old.Flags)
	}
	for _, o := range d.joined {
		old = append(old, o.Flags...)
	}
	same := func(g news.Flag) func(news.Flag) bool {
		return func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }
	}
	add := func(g news.Flag) {
		if slices.ContainsFunc(flags, same(g)) || f.answered(d, g) {
			return
		}
		if at := slices.IndexFunc(old, same(g)); at >= 0 {
			g.When = earliest(g.When, old[at].When)
		}
		flags = append(flags, g)
	}
	for _, t := range d.tellings {
		for _, g := range f.flags[t] {
			add(g)
		}
		for _, g := range f.ownFlags(d, t, s) {
			add(g)
		}
	}
	for _, g := range old {
		if f.lasts(d, g) {
			add(g)
		}
	}
	slices.SortFunc(flags, func(a, b news.Flag) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.With, b.With))
	})
	return flags
}

// ownFlags are those that an item has by what it is, with the time of their ground.
func (f *fold) ownFlags(d *draft, t *telling, s *news.Story) []news.Flag {
	var flags []news.Flag
	add := func(kind news.FlagKind, why string, when time.Time) {
		flags = append(flags, news.Flag{Kind: kind, With: cmp.Or(t.Entry.URL, first(t.GUIDs)), Why: why, When: when})
	}
	if t.key == "" {
		flags = append(flags, news.Flag{Kind: "no-link", Why: "its entry has no address", When: t.FirstSeen})
	}
	if date := stated(&t.Entry).Add(-f.memoryOf(t.Feed).Offset); date.Sub(f.arrival.At) > ahead {
		add("future-date", "its date is "+date.UTC().Format(time.RFC3339)+", which is still to come", t.FirstSeen)
	}
	switch a := t.Absence; {
	case a == nil:
	case a.Back > 0 && (a.Stated || a.Back >= backFor):
		add("returned", "it was withdrawn, and its feed has it again", a.Asked)
	case t.Gone && (s.Origin.Made(t.Station) || s.Status == news.Retracted || a.Source == http.StatusNotFound):
		add("withdrawn", "its station has withdrawn it: "+a.Words(), a.Since)
	case !t.Gone:
		add("withdrawn", "it has left the middle of its feed, and "+a.Words(), a.Since)
	}
	if w := t.Hold; w != nil && w.Kind == waitKill {
		add("withdrawn", "a notice of its source says that it is withdrawn", w.Since)
	}
	return flags
}

// lasts reports whether an old flag stays though nothing raised it in this fold:
// its ground is an event, or what it is about was not looked at.
func (f *fold) lasts(d *draft, g news.Flag) bool {
	switch g.Kind {
	case "same-feed", "returned", "unpublishable":
		return true
	case "withdrawn":
		return f.partner(g.With) == nil
	case "probable-copy", "same-title", "same-guid", "same-audio", "conflicting-claims", "claim-across-languages", "against-ruling":
		return g.With != "" && f.partner(g.With) == nil
	}
	return false
}

// alikeKinds are the kinds of flags that ask whether two are one.
var alikeKinds = []news.FlagKind{"probable-copy", "same-title", "same-guid", "same-audio", "same-feed"}

// partner is the gathered telling that a flag names.
func (f *fold) partner(with string) *telling {
	for _, t := range f.tellings {
		if t.Entry.URL == with || t.Entry.URL == "" && first(t.GUIDs) == with {
			return t
		}
	}
	return nil
}

// answered reports whether an editor has ruled on what a flag shows.
func (f *fold) answered(d *draft, g news.Flag) bool {
	switch g.Kind {
	case "withdrawn", "returned", "future-date":
		r := f.lastRuling(d, news.Hold, news.Release, news.Retract, news.Restore)
		return r != nil && !r.When.Before(g.When)
	case "conflicting-claims", "unlisted-origin":
		if f.lastRuling(d, news.Credit) != nil {
			return true
		}
	case "against-ruling":
		return false
	}
	u := f.partner(g.With)
	if u == nil {
		return false
	}
	if slices.Contains(alikeKinds, g.Kind) && slices.Contains(d.tellings, u) { // they are one already
		return true
	}
	return slices.ContainsFunc(d.tellings, func(t *telling) bool { return f.verdicts[pairOf(t.Number, u.Number)] != nil })
}
