// Package status decides whether a story is published: an editor's word first, then what the
// origin's feed and page say, then whether its items are held.
package status

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/news"
)

// Status is whether a story is published.
type Status struct {
	news.Status
	Until       time.Time // of a held story: when the clock releases it; zero: an editor
	Withdrawn   time.Time // when it was retracted
	WithdrawnBy string
}

// Decide decides on the story that items tell, as it is at a time. Was is the story as it stood,
// empty for a new one; a published story is held for a suspicion alone.
func Decide(d *directory.Directory, t origin.Coverage, made *news.Origin, rulings evidence.Rulings, was *news.Story,
	now time.Time) Status {
	word := rulings.Last(t.Items, news.Hold, news.Release, news.Retract, news.Restore)
	var since time.Time // what was so before no longer counts
	if word != nil && (word.Verb == news.Release || word.Verb == news.Restore) {
		since = word.When
	}
	f := found{d, t, made, since, now, !was.PublishedAt.IsZero()}
	s := Status{Status: news.Live}
	withdrawnBy, held := f.withdrawnBy()
	switch {
	case word != nil && word.Verb == news.Retract:
		s.Status, s.WithdrawnBy = news.Retracted, d.Site.Title
	case withdrawnBy != "":
		s.Status, s.WithdrawnBy = news.Retracted, withdrawnBy
	case word != nil && word.Verb == news.Hold, held:
		s.Status = news.Held
	default:
		if held, until := f.mustWait(); held {
			s.Status, s.Until = news.Held, until
		}
	}
	switch {
	case s.Status != news.Retracted:
	case was.Status != news.Retracted || was.Withdrawn.IsZero():
		s.Withdrawn = now
	default:
		s.Withdrawn = was.Withdrawn
		s.WithdrawnBy = cmp.Or(was.WithdrawnBy, s.WithdrawnBy)
	}
	return s
}

// WithdrawnByNewsroom says who has withdrawn a story besides an editor, as was found after a time; ""
// if nobody has.
func WithdrawnByNewsroom(d *directory.Directory, t origin.Coverage, made *news.Origin, since time.Time) string {
	f := found{d: d, t: t, made: made, since: since}
	who, _ := f.withdrawnBy()
	return who
}

// found is what feeds, pages and dates say of the items of a story.
type found struct {
	d         *directory.Directory
	t         origin.Coverage
	made      *news.Origin
	since     time.Time // what was found before is passed over
	now       time.Time
	published bool
}

// isWithdrawn reports whether an item was withdrawn, as was found after an editor's last word.
func (f found) isWithdrawn(i *evidence.Evidence) bool {
	return i.Gone && (f.since.IsZero() || i.Absence != nil && (i.Absence.Since.After(f.since) ||
		i.Absence.Asked.After(f.since)))
}

// withdrawnBy says who has withdrawn the story, "" if nobody has; held is that only one of joint
// origins has, or that the page of an outside source is not found.
func (f found) withdrawnBy() (who string, held bool) {
	if everyItem(f.t.Items, f.isWithdrawn) {
		return f.whoWithdrew(), false
	}
	if f.made != nil && f.made.Outside != "" {
		for _, i := range f.t.Items {
			if f.isWithdrawn(i) && i.Absence != nil && i.Absence.Source == http.StatusGone {
				return f.made.Name, false
			}
			held = held || f.isWithdrawn(i) && i.Absence != nil && i.Absence.Source == http.StatusNotFound
		}
		if held {
			return "", true
		}
	}
	makers := origin.Makers(f.made)
	for _, m := range makers {
		own := ItemsOfStation(f.t.Items, m.Station)
		founder := f.t.Founder
		if !everyItem(own, f.isWithdrawn) && !(len(own) > 0 && founder != nil && f.isWithdrawn(founder) &&
			founder.Station == m.Station) {
			continue
		}
		if len(makers) > 1 {
			return "", true
		}
		return m.Name, false
	}
	return "", false
}

// mustWait reports whether the story has to wait, and until when: all of its items that are there
// are held, or those of its origin for a suspicion.
func (f found) mustWait() (held bool, until time.Time) {
	waits := func(i *evidence.Evidence) bool {
		h := i.Hold
		return h != nil && h.Since.After(f.since) && (h.Until.IsZero() || h.Until.After(f.now)) &&
			(!f.published || h.Again || h.Kind == news.HoldWithdrawn || h.Kind == news.HoldKill)
	}
	present := slices.DeleteFunc(slices.Clone(f.t.Items), f.isWithdrawn)
	deciding := present
	for _, m := range origin.Makers(f.made) {
		own := ItemsOfStation(present, m.Station)
		if slices.ContainsFunc(own, func(i *evidence.Evidence) bool {
			return waits(i) && i.Hold.Kind == news.HoldWithdrawn
		}) {
			deciding = own
		}
	}
	if !everyItem(deciding, waits) {
		return false, until
	}
	for _, i := range deciding {
		if u := i.Hold.Until; !u.IsZero() && (until.IsZero() || u.Before(until)) {
			until = u
		}
	}
	return true, until
}

// whoWithdrew is who is named as having withdrawn a story whose items are all gone: its origin,
// otherwise the station whose item went last.
func (f found) whoWithdrew() string {
	for _, m := range origin.Makers(f.made) {
		if len(ItemsOfStation(f.t.Items, m.Station)) > 0 {
			return f.made.Name
		}
	}
	wentAt := func(i *evidence.Evidence) time.Time {
		if i.Absence == nil {
			return i.FirstSeen
		}
		return i.Absence.Since
	}
	last := slices.MaxFunc(f.t.Items, func(a, b *evidence.Evidence) int {
		return cmp.Or(wentAt(a).Compare(wentAt(b)), evidence.CompareItems(a, b))
	})
	return f.d.Maker(last.Station).Name
}

// ItemsOfStation returns the items of a station.
func ItemsOfStation(items []*evidence.Evidence, station string) []*evidence.Evidence {
	return slices.DeleteFunc(slices.Clone(items), func(i *evidence.Evidence) bool {
		return station == "" || i.Station != station
	})
}

// everyItem reports whether something is so of every item, and there are any.
func everyItem(items []*evidence.Evidence, so func(*evidence.Evidence) bool) bool {
	return len(items) > 0 && !slices.ContainsFunc(items, func(i *evidence.Evidence) bool { return !so(i) })
}
