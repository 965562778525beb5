// Package origin decides who made a story: the first of the rules O1 to O5 that says; O6, if none
// does, is that it is not stated.
package origin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// firstBy is how much earlier a date must be to say who made a story (O5): CMSs and clocks differ
// by less.
const firstBy = 10 * time.Minute

// Coverage is the items that tell one story, as the rules see them.
type Coverage struct {
	Items   []*evidence.Evidence
	Cluster *cluster.Cluster
	Founder *evidence.Evidence // that the edges lead to; nil where it is unseen
}

// Conflict holds items that credit different makers, which decide nothing then.
type Conflict struct {
	Item *evidence.Evidence
	Why  string
}

// Elect decides who made a story, where feeds and editors say so now; nil if nothing does. Old is
// the published story that it continues, or nil: its origin stays while what named it holds, unless
// a stronger rule names another.
func Elect(d *directory.Directory, r *cluster.Result, t Coverage, rulings evidence.Rulings,
	old *news.Story) (*news.Origin, *Conflict) {
	if ruling := rulings.Last(t.Items, news.Credit); ruling != nil && rulingBinds(ruling, t) {
		return &news.Origin{Maker: *ruling.Maker, Rule: news.O1, Reason: "an editor said so"}, nil
	}
	o, conflict := Stated(d, r, t)
	switch {
	case old != nil && !old.Pruned.IsZero() && (o == nil || o.Rule > news.O2): // the words that would say so are gone
		return old.Origin, conflict
	case old == nil || old.Origin == nil || o != nil && o.Rule <= old.Origin.Rule:
		return o, conflict
	case reasonStillHolds(d, r, t, old.Origin):
		return old.Origin, conflict
	}
	return o, conflict
}

// rulingBinds reports whether a ruling binds the founder, or where that was not seen, any of the
// items.
func rulingBinds(ruling *news.Ruling, t Coverage) bool {
	return slices.ContainsFunc(t.Items, func(i *evidence.Evidence) bool {
		return (t.Founder == nil || i == t.Founder) && slices.Contains(ruling.Items, i.Number)
	})
}

// Stated decides who made a story by what its items say: O2 to O5.
func Stated(d *directory.Directory, r *cluster.Result, t Coverage) (*news.Origin, *Conflict) {
	if o := originByAddress(d, t); o != nil {
		return o, nil
	}
	o, conflict := originByCredit(d, r, t)
	if o == nil {
		o = originByRoster(d, r, t)
	}
	if o == nil {
		o = originByDate(d, r, t)
	}
	return o, conflict
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

func countStations(t Coverage) int {
	in := map[string]bool{}
	for _, i := range t.Items {
		in[i.Station] = true
	}
	return len(in)
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
	return jointOrigin(eligibleMakers(d, t, makers), news.O4, "its byline "+evidence.Quote(byline)+" is on the roster")
}

// originByDate is O5: nobody credits anybody, and one station alone tells the story, or clearly
// before the others.
func originByDate(d *directory.Directory, r *cluster.Result, t Coverage) *news.Origin {
	var able []*evidence.Evidence
	for _, i := range t.Items {
		if len(i.Credit.Makers) > 0 && !r.Equivalents(i).Returned() || r.Flagged(i, news.FlagUnlistedOrigin) {
			return nil
		}
		if !cannotBeOriginal(d, r, t, i) {
			able = append(able, i)
		}
	}
	able = firstOfStation(able)
	if len(able) == 0 {
		return nil
	}
	o := &news.Origin{Maker: d.Maker(able[0].Station), Rule: news.O5}
	switch {
	case len(able) == 1 && countStations(t) == 1:
		o.Reason = "no other station tells it"
	case len(able) == 1:
		o.Reason = "the others have it from elsewhere"
	case able[0].Credited != able[1].Credited:
		o.Reason = "the others bear the desk's credit"
	case able[0].TrustedDate.IsZero() || able[1].TrustedDate.IsZero() ||
		able[1].TrustedDate.Sub(able[0].TrustedDate) < firstBy:
		return nil
	default:
		o.Reason = "its date is the earliest, and nobody credits anybody"
	}
	return o
}

// cannotBeOriginal reports whether an item cannot be the original: it claims another's address,
// credits others alone, or came through our own feed.
func cannotBeOriginal(d *directory.Directory, r *cluster.Result, t Coverage, i *evidence.Evidence) bool {
	return i.Credit.Others(i.Station) || d.CalledLikeDesk(i.Station) && countStations(t) > 1 || r.Claims(i)
}

// firstOfStation keeps of each station the item that comes first: those without the desk's credit,
// then the earlier date.
func firstOfStation(items []*evidence.Evidence) []*evidence.Evidence {
	slices.SortFunc(items, func(a, b *evidence.Evidence) int {
		return cmp.Or(evidence.CompareBool(!a.Credited, !b.Credited),
			evidence.CompareDates(a.TrustedDate, b.TrustedDate), evidence.CompareItems(a, b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(i *evidence.Evidence) bool {
		doubled := seen[i.Station]
		seen[i.Station] = true
		return doubled
	})
}

func reasonStillHolds(d *directory.Directory, r *cluster.Result, t Coverage, o *news.Origin) bool {
	return slices.ContainsFunc(t.Items, func(i *evidence.Evidence) bool {
		switch o.Rule {
		case news.O3:
			return slices.ContainsFunc(i.Credit.Makers, func(m news.Maker) bool {
				return m == o.Maker || o.With != nil
			})
		case news.O4:
			return slices.Contains(i.Rosters, o.Station)
		case news.O5:
			return i.Station == o.Station && !cannotBeOriginal(d, r, t, i)
		}
		return false
	})
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

func joinedNames(makers []news.Maker) string {
	names := make([]string, len(makers))
	for i, m := range makers {
		names[i] = m.Name
	}
	return strings.Join(names, " and ")
}

// Makers lists an origin's makers, the first first; none of none.
func Makers(o *news.Origin) []news.Maker {
	if o == nil {
		return nil
	}
	return append([]news.Maker{o.Maker}, o.With...)
}
