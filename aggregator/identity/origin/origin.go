// Package origin decides who made a story: the first of the rules O1 to O5 that says; O6, if none
// does, is that it is not stated.
package origin

import (
	"slices"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Decision says who made a story.
type Decision struct {
	Origin   *news.Origin // nil: not stated
	Unstated string       // why nobody is named, in words; "" where somebody is
	URL      string       // of the original's page, where a claim names it and the story is not joined to it
	Conflict *Conflict    // nil: there is none
}

// Conflict holds items that credit different makers, which decide nothing then.
type Conflict struct {
	Item *evidence.Evidence
	Why  string
}

// Elect decides who made a story, where feeds and editors say so now. Old is the published story
// that it continues, or nil: an origin that somebody's words named stays while they do, unless a
// stronger rule names another. That nobody spoke against a station (O5) is asked again each time.
func Elect(d *directory.Directory, n *evidence.Neighborhood, r *cluster.Result, t Coverage, old *news.Story) Decision {
	if ruling := n.Rulings.Last(t.Items, news.Credit); ruling != nil && rulingBinds(ruling, t) {
		switch {
		case ruling.Maker != nil:
			return Decision{Origin: &news.Origin{Maker: *ruling.Maker, Rule: news.O1, Reason: "an editor said so"}}
		case ruling.Unstated == news.NoMaker:
			return Decision{Unstated: "an editor said that it is none of those that the desk knows"}
		}
	}
	now := Stated(d, n, r, t, old)
	if old == nil || old.Origin == nil {
		return now
	}
	kept := Decision{Origin: old.Origin, Conflict: now.Conflict, URL: old.OriginURL}
	switch o := now.Origin; {
	case !old.Pruned.IsZero() && (o == nil || o.Rule > news.O2): // the words that would say so are gone
		return kept
	case o != nil && o.Rule <= old.Origin.Rule:
		return now
	case n.IsRestored(old.Number) && wasShown(old, now.Origin): // it goes back to what it was
		return now
	case reasonStillHolds(t, old.Origin):
		return kept
	}
	return now
}

// rulingBinds reports whether a ruling binds the founder, or where that was not seen, any of the
// items.
func rulingBinds(ruling *news.Ruling, t Coverage) bool {
	return slices.ContainsFunc(t.Items, func(i *evidence.Evidence) bool {
		return (t.Founder == nil || i == t.Founder) && slices.Contains(ruling.Items, i.Number)
	})
}

// Stated decides who made a story by what its items say: O2 to O5. Old is the published story that
// holds them together, or nil.
func Stated(
	d *directory.Directory,
	n *evidence.Neighborhood,
	r *cluster.Result,
	t Coverage,
	old *news.Story,
) Decision {
	if o := originByAddress(d, t); o != nil {
		return Decision{Origin: o}
	}
	if o, url := originApart(d, r, t); o != nil {
		return Decision{Origin: o, URL: url}
	}
	o, conflict := originByCredit(d, r, t)
	if o == nil {
		o = originByRoster(d, r, t)
	}
	switch {
	case o != nil:
		return Decision{Origin: o, Conflict: conflict}
	case conflict != nil:
		return Decision{Conflict: conflict, Unstated: conflict.Why}
	}
	o, why := originByTelling(d, n, r, t, old)
	return Decision{Origin: o, Unstated: why}
}

// originByAddress is O2: the root is a claimed address, and its host names the station or source,
// also before that item is seen.
func originByAddress(d *directory.Directory, t Coverage) *news.Origin {
	c := t.Cluster
	if c.Key == "" || c.Cycle {
		return nil
	}
	if m, ok := d.Owner(c.URL); ok {
		return &news.Origin{Maker: m, Rule: news.O2, Reason: "the original's address is on " + link.Host(c.URL)}
	}
	if c.Root != nil {
		return &news.Origin{Maker: d.Maker(c.Root.Items[0].Station), Rule: news.O2,
			Reason: "another item claims its address as the original's"}
	}
	return nil
}

// originApart is O2 as well: the item that the edges lead to, or one that is equal to it, names
// another's page as the original, though a veto keeps the two from being one story. Url is that page.
func originApart(d *directory.Directory, r *cluster.Result, t Coverage) (o *news.Origin, url string) {
	if t.Founder == nil || t.Cluster.Cycle {
		return nil, ""
	}
	for _, i := range r.Equivalents(t.Founder).Items {
		url := r.Apart(i)
		if m, listed := d.Owner(url); listed && m.Station != t.Founder.Station && slices.Contains(t.Items, i) {
			return &news.Origin{Maker: m, Rule: news.O2,
				Reason: "it names the original's address on " + link.Host(
					url,
				) + ", though it is kept apart from it"}, url
		}
	}
	return nil, ""
}

// originByCredit is O3: the items' own words name one maker, or several together. What came through
// our own feed says what we said.
func originByCredit(d *directory.Directory, r *cluster.Result, t Coverage) (*news.Origin, *Conflict) {
	var named []news.Maker
	reason := ""
	for _, i := range t.Items {
		makers := eligibleMakers(d, t, i.Credit.Makers)
		switch {
		case len(makers) == 0, r.Equivalents(i).Returned():
		case named == nil, containsAllMakers(makers, named):
			named, reason = makers, i.Credit.Reason
		case !containsAllMakers(named, makers):
			return nil, &Conflict{i, "its items credit different makers: " + joinedNames(named) + ", and " +
				joinedNames(makers)}
		}
	}
	return jointOrigin(named, news.O3, reason), nil
}

func containsAllMakers(list, others []news.Maker) bool {
	return !slices.ContainsFunc(others, func(m news.Maker) bool { return !slices.Contains(list, m) })
}

// eligibleMakers returns the makers of a credit that can be the origin, in the order of the
// configuration: not a station that is called like the desk, while another tells the story.
func eligibleMakers(d *directory.Directory, t Coverage, makers []news.Maker) []news.Maker {
	kept := slices.DeleteFunc(slices.Clone(makers), func(m news.Maker) bool {
		return d.CalledLikeDesk(m.Station) && countStations(t) > 1
	})
	slices.SortFunc(kept, d.Compare)
	return kept
}

// originByRoster is O4: a byline is on a station's list of reporters, carrier or not.
func originByRoster(d *directory.Directory, r *cluster.Result, t Coverage) *news.Origin {
	var makers []news.Maker
	byline := ""
	for _, i := range t.Items {
		if r.Equivalents(i).Returned() {
			continue
		}
		for _, id := range i.Rosters {
			if m := d.Maker(id); !slices.Contains(makers, m) {
				makers, byline = append(makers, m), i.Entry.Byline
			}
		}
	}
	return jointOrigin(eligibleMakers(d, t, makers), news.O4, "its byline "+evidence.Quote(byline)+" is on the "+
		"roster")
}

// reasonStillHolds reports whether what named an origin by O3 or O4 does so still.
func reasonStillHolds(t Coverage, o *news.Origin) bool {
	return slices.ContainsFunc(t.Items, func(i *evidence.Evidence) bool {
		switch o.Rule {
		case news.O3:
			return slices.ContainsFunc(i.Credit.Makers, func(m news.Maker) bool {
				return m == o.Maker || o.With != nil
			})
		case news.O4:
			return slices.Contains(i.Rosters, o.Station)
		}
		return false
	})
}

// wasShown reports whether a story was credited so before.
func wasShown(s *news.Story, o *news.Origin) bool {
	return slices.ContainsFunc(s.Earlier, func(was news.Shown) bool { return slices.Equal(was.Makers, Makers(o)) })
}

// jointOrigin makes an origin of one maker or several; nil of none.
func jointOrigin(makers []news.Maker, rule news.Rule, reason string) *news.Origin {
	if len(makers) == 0 {
		return nil
	}
	o := &news.Origin{Maker: makers[0], Rule: rule, Reason: reason}
	if len(makers) > 1 {
		o.Name, o.With = joinedNames(makers), makers[1:]
	}
	return o
}

// Makers lists an origin's makers, the first first; none of none.
func Makers(o *news.Origin) []news.Maker {
	if o == nil {
		return nil
	}
	return append([]news.Maker{o.Maker}, o.With...)
}
