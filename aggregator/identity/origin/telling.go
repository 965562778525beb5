package origin

import (
	"cmp"
	"slices"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// firstBy is how much earlier a date must be to say who made a story (O5): CMSs and clocks differ
// by less.
const firstBy = 10 * time.Minute

// originByTelling is O5: nobody credits anybody, one station tells the story, and nothing speaks
// against its having made it. Of several stations the first is named only where no byline names a
// person, and the items are known to be one by more than what any carrier of a network's story
// shares: there being first says nothing. Unstated is why nobody is named.
func originByTelling(d *directory.Directory, n *evidence.Neighborhood, r *cluster.Result, t Coverage,
	old *news.Story) (o *news.Origin, unstated string) {
	var able []*evidence.Evidence
	for _, i := range t.Items {
		switch {
		case r.Equivalents(i).Returned() || evidence.CameFromDesk(d, i.Item):
		case len(i.Credit.Makers) > 0:
			return nil, "it credits " + joinedNames(i.Credit.Makers) + ", which may mean the desk"
		case r.Flagged(i, news.FlagUnlistedOrigin):
			return nil, whyFlagged(r, i, news.FlagUnlistedOrigin)
		case i.Unlisted.Name != "":
			return nil, i.Unlisted.Why()
		case d.SectionOf(i.Entry.URL) != "":
			return nil, "its address is in a section called " + d.SectionOf(i.Entry.URL) +
				": a credit, a roster or `sections` of the source would say who made it"
		case !cannotBeOriginal(d, r, t, i):
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		return nil, "each of its items names another original, or came from the desk"
	}
	tellers := slices.DeleteFunc(slices.Clone(able), func(i *evidence.Evidence) bool { return i.Credited })
	if len(tellers) == 0 {
		tellers = able
	}
	if first := firstOfStation(tellers); len(first) > 1 {
		return firstByDate(d, r, t, first, tellers, old)
	}
	for _, i := range tellers {
		if s, seen := n.SeenElsewhere[i.Number]; seen {
			name := evidence.PersonName(d, i, s.Person)
			return nil, "its reporter " + name + " was also seen at " + d.Maker(s.Station).Name +
				" and is on no roster: add " + name + " to `reporters` of the station"
		}
	}
	o = &news.Origin{Maker: d.Maker(tellers[0].Station), Rule: news.O5}
	switch {
	case len(tellers) < len(able):
		o.Reason = "the others bear the desk's credit"
	case countStations(t) > 1:
		o.Reason = "the others have it from elsewhere"
	default:
		o.Reason = "no other station tells it"
	}
	return o, ""
}

// firstByDate names the first of several stations that tell a story, or says why it does not.
func firstByDate(d *directory.Directory, r *cluster.Result, t Coverage, first, tellers []*evidence.Evidence,
	old *news.Story) (o *news.Origin, unstated string) {
	var makers []news.Maker
	for _, i := range first {
		makers = append(makers, d.Maker(i.Station))
	}
	slices.SortFunc(makers, d.Compare)
	several := joinedNames(makers) + " tell it, and "
	for _, i := range tellers {
		if len(i.People) > 0 {
			name := evidence.PersonName(d, i, i.People[0])
			return nil, several + name + " is on no roster: add " + name + " to `reporters` of the station"
		}
		if names := i.Houses.Doubtful; len(names) > 0 && len(i.Rosters) == 0 {
			return nil, several + evidence.Quote(
				names[0],
			) + " in a byline may be anybody: a roster would say whose it is"
		}
	}
	switch {
	case joinedByLikeness(r, t, old):
		return nil, several + "they are one by what all who take a network's story share: a claim, a credit or a " +
			"roster would say who made it"
	case first[0].TrustedDate.IsZero() || first[1].TrustedDate.IsZero() ||
		first[1].TrustedDate.Sub(first[0].TrustedDate) < firstBy:
		return nil, several + "none did so ten minutes before the others: a claim, a credit or a roster would say " +
			"who made it"
	}
	return &news.Origin{Maker: d.Maker(first[0].Station), Rule: news.O5,
		Reason: "its date is the earliest, and nobody credits anybody"}, ""
}

// joinedByLikeness reports whether any of the items is in the story by what every carrier of a
// network's story shares with the others: headline, address and opening words.
func joinedByLikeness(r *cluster.Result, t Coverage, old *news.Story) bool {
	return slices.ContainsFunc(t.Items, func(i *evidence.Evidence) bool {
		equivalents := r.Equivalents(i)
		at := slices.IndexFunc(t.Cluster.Members, func(m cluster.Member) bool { return m.Equivalents == equivalents })
		var rules []news.Rule
		for _, bond := range equivalents.Bonds {
			rules = append(rules, bond.Rule)
		}
		if at >= 0 {
			rules = append(rules, t.Cluster.Members[at].Rule)
		} else if old != nil && old.Edge(i.Number) != nil {
			rules = append(rules, old.Edge(i.Number).Rule)
		}
		return slices.ContainsFunc(rules, byLikeness)
	})
}

// byLikeness reports whether a rule joins by what shows that items are one story, and not whose.
func byLikeness(rule news.Rule) bool { return rule == news.J6 || rule == news.J7 }

// cannotBeOriginal reports whether an item cannot be the original: it claims another's address,
// credits others alone, or came through our own feed.
func cannotBeOriginal(d *directory.Directory, r *cluster.Result, t Coverage, i *evidence.Evidence) bool {
	return i.Credit.Others(i.Station) || d.CalledLikeDesk(i.Station) && countStations(t) > 1 || r.Claims(i) ||
		d.Foreign(i.Station, r.Apart(i))
}

// firstOfStation keeps of each station the item that comes first.
func firstOfStation(items []*evidence.Evidence) []*evidence.Evidence {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b *evidence.Evidence) int {
		return cmp.Or(evidence.CompareDates(a.TrustedDate, b.TrustedDate), evidence.CompareItems(a, b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(i *evidence.Evidence) bool {
		doubled := seen[i.Station]
		seen[i.Station] = true
		return doubled
	})
}

func whyFlagged(r *cluster.Result, i *evidence.Evidence, kind news.FlagKind) string {
	at := slices.IndexFunc(r.Flags[i.Number], func(g news.Flag) bool { return g.Kind == kind })
	return r.Flags[i.Number][at].Why
}
