package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// firstBy is how much earlier a date must be to say who made a story (O5).
const firstBy = 10 * time.Minute

// originOf decides who made a story: the first of the rules O2 to O5 that says.
// A published story keeps its origin while the ground of that stands, unless a
// stronger rule names another.
func (f *fold) originOf(d *draft) *news.Origin {
	if r := f.lastRuling(d, news.Credit); r != nil && f.boundToRoot(d, r) {
		return &news.Origin{Maker: *r.Maker, Rule: "O1", Reason: "an editor said so"}
	}
	o := f.decideOrigin(d)
	if d.old != nil && !d.old.Pruned.IsZero() && (o == nil || o.Rule > "O2") { // the words that would say so are gone
		return d.old.Origin
	}
	if d.old == nil || d.old.Origin == nil || o != nil && o.Rule <= d.old.Origin.Rule {
		return o
	}
	if f.grounded(d, d.old.Origin) {
		return d.old.Origin
	}
	return o
}

// runnerUp is who else could have made a draft's story: by a credit, a roster, or
// as the next by date; nil if nobody could.
func (f *fold) runnerUp(d *draft, o *news.Origin) *news.Maker {
	if o == nil {
		return nil
	}
	var makers []news.Maker
	for _, t := range d.tellings {
		makers = append(makers, t.credit.makers...)
	}
	for _, t := range d.tellings {
		for _, id := range f.desk.rostersOf(&t.Entry) {
			makers = append(makers, f.desk.maker(id))
		}
	}
	for _, t := range slices.SortedFunc(slices.Values(d.tellings), f.compareByDate) {
		makers = append(makers, f.desk.maker(t.Station))
	}
	for _, m := range makers {
		if m.Name != o.Name && !o.Made(m.Station) && (m.Outside == "" || m.Outside != o.Outside) {
			return &m
		}
	}
	return nil
}

// boundToRoot reports whether a ruling binds a draft's root, or where that was not
// seen, any of its items.
func (f *fold) boundToRoot(d *draft, r *news.Ruling) bool {
	root := d.founder()
	return slices.ContainsFunc(d.tellings, func(t *telling) bool {
		return (root == nil || t == root) && slices.Contains(r.Items, t.Number)
	})
}

func (f *fold) decideOrigin(d *draft) *news.Origin {
	for _, decide := range []func(*draft) *news.Origin{f.originByAddress, f.originByCredit, f.originByRoster, f.originByDate} {
		if o := decide(d); o != nil {
			return o
		}
	}
	return nil
}

// originByAddress is O2: the root is a claimed address, and its host names the
// station or source, also before that item is seen.
func (f *fold) originByAddress(d *draft) *news.Origin {
	c := d.cluster
	if c.key == "" || c.cycle {
		return nil
	}
	if m, ok := f.desk.ofHost(c.url); ok {
		return &news.Origin{Maker: m, Rule: "O2", Reason: "the original's address is on " + link.Host(c.url)}
	}
	if c.root != nil {
		t := c.root.tellings[0]
		return &news.Origin{Maker: f.desk.maker(t.Station), Rule: "O2", Reason: "another item claims its address as the original's"}
	}
	return nil
}

// originByCredit is O3: the items' own words name one maker, or several together.
func (f *fold) originByCredit(d *draft) *news.Origin {
	var named []news.Maker
	reason := ""
	for _, t := range d.tellings {
		makers := f.eligible(d, t.credit.makers)
		switch {
		case len(makers) == 0, t.looped(): // what came through our feed says what we said
		case named == nil:
			named, reason = makers, t.credit.reason
		case holdsAll(makers, named):
			named, reason = makers, t.credit.reason
		case !holdsAll(named, makers):
			f.flag(t, "conflicting-claims", cmp.Or(t.Entry.URL, first(t.GUIDs)), "its items credit different makers: "+nameList(named)+", and "+nameList(makers))
			return nil
		}
	}
	return joint(named, "O3", reason)
}

// holdsAll reports whether a list of makers holds all of another.
func holdsAll(list, others []news.Maker) bool {
	return !slices.ContainsFunc(others, func(m news.Maker) bool { return !slices.Contains(list, m) })
}

// eligible are the makers of a credit that can be the origin, in the order of
// the configuration: not a station that is called like the desk, while another
// tells the story.
func (f *fold) eligible(d *draft, makers []news.Maker) []news.Maker {
	var kept []news.Maker
	for _, m := range makers {
		if m.Station != "" && strings.EqualFold(m.Name, f.desk.Desk.Title) && len(d.stations()) > 1 {
			continue
		}
		kept = append(kept, m)
	}
	slices.SortFunc(kept, f.desk.compareMakers)
	return kept
}

// originByRoster is O4: a byline is on a station's roster, carrier or not.
func (f *fold) originByRoster(d *draft) *news.Origin {
	var makers []news.Maker
	byline := ""
	for _, t := range d.tellings {
		if t.looped() {
			continue
		}
		for _, id := range f.desk.rostersOf(&t.Entry) {
			if m := f.desk.maker(id); !slices.Contains(makers, m) {
				makers, byline = append(makers, m), t.Entry.Byline
			}
		}
	}
	makers = f.eligible(d, makers)
	return joint(makers, "O4", "its byline "+quote(byline)+" is on the roster")
}

// originByDate is O5: nobody credits anybody, and one station alone tells the
// story, or clearly before the others.
func (f *fold) originByDate(d *draft) *news.Origin {
	var able []*telling
	for _, t := range d.tellings {
		if len(t.credit.makers) > 0 && !t.looped() || f.raised(t, "unlisted-origin") {
			return nil
		}
		if !f.barred(d, t) {
			able = append(able, t)
		}
	}
	able = firstOfStation(able, f.compareByDate)
	switch {
	case len(able) == 0:
		return nil
	case len(able) == 1 && len(d.stations()) == 1:
		return &news.Origin{Maker: f.desk.maker(able[0].Station), Rule: "O5", Reason: "no other station tells it"}
	case len(able) == 1:
		return &news.Origin{Maker: f.desk.maker(able[0].Station), Rule: "O5", Reason: "the others have it from elsewhere"}
	}
	a, b := able[0], able[1]
	if f.bearsCredit(a.Item) != f.bearsCredit(b.Item) {
		return &news.Origin{Maker: f.desk.maker(a.Station), Rule: "O5", Reason: "the others bear the desk's credit"}
	}
	if a.TrustedDate.IsZero() || b.TrustedDate.IsZero() || b.TrustedDate.Sub(a.TrustedDate) < firstBy {
		return nil
	}
	return &news.Origin{Maker: f.desk.maker(a.Station), Rule: "O5", Reason: "its date is the earliest, and nobody credits anybody"}
}

// barred reports whether a telling cannot be the original: it claims another's
// address, credits others alone, or came through our own feed.
func (f *fold) barred(d *draft, t *telling) bool {
	if t.credit.others(t.Station) || strings.EqualFold(f.desk.nameOf(t.Station), f.desk.Desk.Title) && len(d.stations()) > 1 {
		return true
	}
	return t.claims()
}

// looped reports whether a telling came through the desk's own feed.
func (t *telling) looped() bool { return t.node.looped() }

// claims reports whether a telling points at another's item, or in a circle.
func (t *telling) claims() bool {
	c := t.node.claim
	return c != nil && (t.foreign || c.story != 0 || c.cycle || !t.had(c.target))
}

// compareByDate puts those without the desk's credit first, then the earlier date.
func (f *fold) compareByDate(a, b *telling) int {
	if x, y := f.bearsCredit(a.Item), f.bearsCredit(b.Item); x != y {
		if y {
			return -1
		}
		return 1
	}
	return cmp.Or(earlier(a.TrustedDate, b.TrustedDate), compareTellings(a, b))
}

// firstOfStation keeps of each station the telling that comes first.
func firstOfStation(tellings []*telling, compare func(a, b *telling) int) []*telling {
	slices.SortFunc(tellings, compare)
	seen := map[string]bool{}
	return slices.DeleteFunc(tellings, func(t *telling) bool {
		doubled := seen[t.Station]
		seen[t.Station] = true
		return doubled
	})
}

// grounded reports whether what once named a story's origin still holds.
func (f *fold) grounded(d *draft, o *news.Origin) bool {
	return slices.ContainsFunc(d.tellings, func(t *telling) bool {
		switch o.Rule {
		case "O3":
			return slices.ContainsFunc(t.credit.makers, func(m news.Maker) bool { return m == o.Maker || o.With != nil })
		case "O4":
			return slices.Contains(f.desk.rostersOf(&t.Entry), o.Station)
		case "O5":
			return t.Station == o.Station && !f.barred(d, t)
		}
		return false
	})
}

// joint makes an origin of one maker or several.
func joint(makers []news.Maker, rule news.Rule, reason string) *news.Origin {
	if len(makers) == 0 {
		return nil
	}
	o := &news.Origin{Maker: makers[0], Rule: rule, Reason: reason, With: makers[1:]}
	if len(makers) > 1 {
		o.Name = nameList(makers)
	} else {
		o.With = nil
	}
	return o
}

func nameList(makers []news.Maker) string {
	names := make([]string, len(makers))
	for i, m := range makers {
		names[i] = m.Name
	}
	return strings.Join(names, " and ")
}

// maker is the station of that id as a maker.
func (d *Rules) maker(id string) news.Maker { return news.Maker{Station: id, Name: d.nameOf(id)} }

// compareMakers is the order of the configuration, outside sources last.
func (d *Rules) compareMakers(a, b news.Maker) int {
	place := func(m news.Maker) int {
		if s := d.stations[m.Station]; s != nil {
			return s.order
		}
		return len(d.Stations)
	}
	return cmp.Or(place(a)-place(b), strings.Compare(a.Outside, b.Outside))
}

// raised reports whether a flag of that kind was raised at a telling.
func (f *fold) raised(t *telling, kind news.FlagKind) bool {
	return slices.ContainsFunc(f.flags[t], func(g news.Flag) bool { return g.Kind == kind })
}
