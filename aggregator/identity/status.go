package identity

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Kinds of waits: why an item is not published yet.
const (
	waitEmbargo   = "embargo"   // its date is ahead
	waitFlood     = "flood"     // its feed brought too much that is old
	waitMigration = "migration" // it may be a known item under another guid
	waitWithdrawn = "withdrawn" // it may have been withdrawn
	waitKill      = "kill"      // its source's notice says that it is withdrawn
	waitNotice    = "notice"    // it is such a notice, and no news
)

// judge decides whether a story is published: an editor's word first, then what
// the origin's feed and page say, then whether its items wait for something.
func (f *fold) judge(d *draft, s *news.Story) {
	was, by := s.Status, s.WithdrawnBy
	s.Status, s.Until = news.Live, time.Time{}
	word := f.lastRuling(d, news.Hold, news.Release, news.Retract, news.Restore)
	var since time.Time // what was so before does not count any more
	if word != nil && (word.Verb == news.Release || word.Verb == news.Restore) {
		since = word.When
	}
	switch who, held, until := f.state(d, s, since); {
	case word != nil && word.Verb == news.Retract:
		s.Status, s.WithdrawnBy = news.Retracted, f.desk.Desk.Title
	case who != "":
		s.Status, s.WithdrawnBy = news.Retracted, who
	case word != nil && word.Verb == news.Hold:
		s.Status = news.Held
	case held:
		s.Status, s.Until = news.Held, until
	}
	switch {
	case s.Status != news.Retracted:
		if was == news.Retracted { // else readers would believe the tombstone that they have (RFC 6721 3)
			s.Modified = f.arrival.At
		}
		s.Withdrawn, s.WithdrawnBy = time.Time{}, ""
	case was != news.Retracted || s.Withdrawn.IsZero():
		s.Withdrawn = f.arrival.At
	case by != "":
		s.WithdrawnBy = by
	}
}

// state is what feeds, pages and dates make of a draft: who has withdrawn it, or
// whether it has to wait, and until when. What was found before since is passed over.
func (f *fold) state(d *draft, s *news.Story, since time.Time) (withdrawnBy string, held bool, until time.Time) {
	gone := func(t *telling) bool { return t.Gone && f.foundAfter(t, since) }
	if all(d.tellings, gone) {
		return f.withdrawer(d, s), false, until
	}
	if s.Origin != nil && s.Origin.Outside != "" {
		for _, t := range d.tellings {
			if gone(t) && t.Absence != nil && t.Absence.Source == http.StatusGone {
				return s.Origin.Name, false, until
			}
			held = held || gone(t) && t.Absence != nil && t.Absence.Source == http.StatusNotFound
		}
		if held {
			return "", true, until
		}
	}
	makers := makersOf(s.Origin)
	for _, m := range makers {
		own := of(d.tellings, m.Station)
		if len(own) == 0 || !all(own, gone) && !(d.founder() != nil && gone(d.founder()) && d.founder().Station == m.Station) {
			continue
		}
		if len(makers) > 1 {
			return "", true, until
		}
		return m.Name, false, until
	}
	waits := func(t *telling) bool {
		w := t.Hold
		return w != nil && w.Since.After(since) && (w.Until.IsZero() || w.Until.After(f.arrival.At)) && (s.PublishedAt.IsZero() || w.Kind == waitWithdrawn || w.Kind == waitKill)
	}
	present := slices.DeleteFunc(slices.Clone(d.tellings), gone)
	deciding := present
	for _, m := range makers {
		if own := of(present, m.Station); len(own) > 0 && slices.ContainsFunc(own, func(t *telling) bool { return waits(t) && t.Hold.Kind == waitWithdrawn }) {
			deciding = own
		}
	}
	if !all(deciding, waits) {
		return "", false, until
	}
	for _, t := range deciding {
		if u := t.Hold.Until; !u.IsZero() && (until.IsZero() || u.Before(until)) {
			until = u
		}
	}
	return "", true, until
}

// foundAfter reports whether it was found after a time that an item is withdrawn.
func (f *fold) foundAfter(t *telling, since time.Time) bool {
	return since.IsZero() || t.Absence != nil && latestOf(t.Absence.Since, t.Absence.Asked).After(since)
}

// withdrawer is who the public is told has withdrawn a story whose items are all
// gone: its origin, else the station whose item went last.
func (f *fold) withdrawer(d *draft, s *news.Story) string {
	for _, m := range makersOf(s.Origin) {
		if len(of(d.tellings, m.Station)) > 0 {
			return s.Origin.Name
		}
	}
	last := slices.MaxFunc(d.tellings, func(a, b *telling) int {
		return cmp.Or(cmp.Compare(absentSince(a).UnixNano(), absentSince(b).UnixNano()), compareTellings(a, b))
	})
	return f.desk.nameOf(last.Station)
}

func absentSince(t *telling) time.Time {
	if t.Absence == nil {
		return t.FirstSeen
	}
	return t.Absence.Since
}

// of are the tellings of a station.
func of(tellings []*telling, station string) []*telling {
	var own []*telling
	for _, t := range tellings {
		if station != "" && t.Station == station {
			own = append(own, t)
		}
	}
	return own
}

// all reports whether something is so of every telling, and there are any.
func all(tellings []*telling, so func(*telling) bool) bool {
	return len(tellings) > 0 && !slices.ContainsFunc(tellings, func(t *telling) bool { return !so(t) })
}

// underRetracted keeps what is only like a retracted story from falling under
// it: it waits for an editor.
func (f *fold) underRetracted(n *node, c *cluster, rule news.Rule) bool {
	if rule != "J4" && rule != "J5" || c.root == nil {
		return false
	}
	s := f.stories[c.root.tellings[0].Story]
	if s == nil || s.Status != news.Retracted || f.published(n.tellings[0]) == s.Number {
		return false
	}
	for _, t := range n.tellings {
		if t.Hold == nil && !f.wasOut(t) {
			t.Hold = &news.ItemHold{Kind: waitWithdrawn, Since: f.arrival.At}
			f.touched[t.Number] = true
		}
		f.flag(t, "withdrawn", cmp.Or(s.PublicID, s.ID), "by "+string(rule)+" it is like a story that was withdrawn: release it if it is another")
		if t.Hold != nil {
			f.flags[t][len(f.flags[t])-1].When = t.Hold.Since
		}
	}
	return true
}

// wasOut reports whether a telling's story has been published.
func (f *fold) wasOut(t *telling) bool {
	s := f.stories[t.Story]
	return s != nil && !s.PublishedAt.IsZero()
}

// expire ends the waits that the clock has ended.
func (f *fold) expire(i *news.Item) {
	w := i.Hold
	if w == nil || w.Until.IsZero() || w.Until.After(f.arrival.At) {
		return
	}
	if w.Kind == waitFlood { // nobody has released it while it was news
		i.ArchiveOnly = true
	}
	i.Hold = nil
	f.touched[i.Number] = true
}
