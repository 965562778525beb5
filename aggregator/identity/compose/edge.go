package compose

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/news"
)

// edgeOfItem is the reason why an item is in the plan: the one that it had, where the item is kept
// though that has gone.
func (d Composer) edgeOfItem(plan *lineage.StoryPlan, i *evidence.Evidence) news.Edge {
	e := d.newEdgeOfItem(plan, i)
	if plan.Old == nil {
		return e
	}
	for _, s := range append([]*news.Story{plan.Old}, plan.Joined...) {
		switch old := s.Edge(i.Number); {
		case old == nil:
		case plan.Kept[i.Number]:
			e = *old
			e.Kept = true
		case old.Rule == e.Rule:
			if e.First = old.First; e.Rule == news.J6 || e.Rule == news.J7 { // headlines and teasers are edited
				e.Why, e.Evidence = old.Why, old.Evidence
			}
		}
	}
	return e
}

func (d Composer) newEdgeOfItem(plan *lineage.StoryPlan, i *evidence.Evidence) news.Edge {
	e := news.Edge{Item: i.Number, Rule: news.I0, Confidence: news.Certain, First: d.Now,
		Why: "its own feed brought it; nothing says that it is a copy"}
	if i == plan.Founder {
		if plan.Cluster.Key != "" {
			e.Why = "other items name its address as the original's"
		}
		return e
	}
	if plan.Founder != nil {
		e.Checks = d.measureAgainstRoot(i, plan.Founder)
	}
	equivalents := d.Result.Equivalents(i)
	claim := equivalents.Claim
	at := slices.IndexFunc(plan.Cluster.Members, func(m cluster.Member) bool { return m.Equivalents == equivalents })
	by := func(rule news.Rule, why string, value news.Evidence) {
		e.Rule, e.Why, e.Evidence = rule, why, []news.Evidence{value}
	}
	switch v := d.joiningRuling(plan, i); {
	case v != nil:
		e.Confidence = news.Editor
		by(news.ByEditor, "an editor joined them",
			news.Evidence{Kind: string(news.ByEditor), Value: "join", Source: v.User, First: v.When})
	case claim != nil && claim.Source == evidence.FromDesk:
		by(news.J1, "it came through the desk's own feed", news.Evidence{Kind: "claim",
			Value: evidence.FirstGUID(i.Item), Source: evidence.FromDesk, First: i.FirstSeen})
	case claim != nil && (d.Result.Claims(i) || at >= 0 && plan.Cluster.Members[at].Rule == news.J1):
		by(news.J1, claimWords[claim.Source]+" "+claim.URL, news.Evidence{Kind: "claim", Value: claim.URL,
			Source: claim.Source, First: claim.First, Last: claim.Last})
	case at < 0, plan.Cluster.Members[at].Equivalents == plan.Cluster.Root:
		d.explainBond(&e, plan, i)
	case plan.Cluster.Members[at].Rule == news.J5:
		same, c5 := d.likenessToRoot(plan, i)
		e.Confidence = news.Probable
		by(news.J5, "their texts agree, and "+same,
			news.Evidence{Kind: "text", Value: "C5 " + strconv.FormatFloat(c5, 'f', -1, 64), First: d.Now})
	case plan.Cluster.Members[at].Rule == news.J6:
		e.Confidence = news.Probable
		by(news.J6, d.sharedWithRoot(plan, i), news.Evidence{Kind: "headline", Value: i.Entry.Title, First: d.Now})
	case plan.Cluster.Members[at].Rule == news.J7:
		e.Confidence = news.Probable
		by(news.J7, d.sharedWithRoot(plan, i), news.Evidence{Kind: "opening", First: d.Now,
			Value: strconv.FormatFloat(cluster.Round(d.mostAlike(plan, i).Opening), 'f', -1, 64)})
	default:
		audio := plan.Cluster.Members[at].Value
		by(news.J4, "both have the audio "+audio, news.Evidence{Kind: "enclosure", Value: audio})
	}
	return e
}

// explainBond says why an item is one with the founder, or with what the founder is one with.
func (d Composer) explainBond(e *news.Edge, plan *lineage.StoryPlan, i *evidence.Evidence) {
	var founder uint64
	if plan.Founder != nil {
		founder = plan.Founder.Number
	}
	switch bond := d.Result.Equivalents(i).Bond(i.Number, founder); bond.Rule {
	case news.J3:
		e.Rule, e.Why = news.J3, "both have the guid "+bond.Value+", and their headlines or audio agree"
		e.Evidence = []news.Evidence{{Kind: "guid", Value: bond.Value}}
	case news.J6:
		other := d.Item(bond.Items[0])
		if other == i {
			other = d.Item(bond.Items[1])
		}
		e.Rule, e.Confidence, e.Why = news.J6, news.Probable, d.sharedFields(i, d.Result.Compare(i, other))
		e.Evidence = []news.Evidence{{Kind: "headline", Value: i.Entry.Title, First: d.Now}}
	default:
		e.Rule, e.Why = news.J2, "both have the address "+i.Key
		e.Evidence = []news.Evidence{{Kind: "address", Value: i.Key}}
	}
}

// sharedWithRoot says what an item has in common with the root that it joined by J6 or J7.
func (d Composer) sharedWithRoot(plan *lineage.StoryPlan, i *evidence.Evidence) string {
	return d.sharedFields(i, d.mostAlike(plan, i))
}

// mostAlike compares an item with the one of the root's that is most like it.
func (d Composer) mostAlike(plan *lineage.StoryPlan, i *evidence.Evidence) (best cluster.Comparison) {
	for n, root := range plan.Cluster.Root.Items {
		c := d.Result.Compare(i, root)
		if n == 0 ||
			cmp.Or(evidence.CompareBool(c.SameHeadline, best.SameHeadline), cmp.Compare(best.Title+best.Opening,
				c.Title+c.Opening)) < 0 {
			best = c
		}
	}
	return best
}

// sharedFields puts into words what an item has in common with another: "same headline, same reporter
// (Ana Ruiz), 3 hours apart".
func (d Composer) sharedFields(i *evidence.Evidence, c cluster.Comparison) string {
	var same []string
	switch {
	case c.SameHeadline:
		same = append(same, "same headline")
	case c.Title > 0:
		same = append(same, percent(c.Title)+" of the headline")
	}
	if c.Person != "" {
		same = append(same, "same reporter ("+evidence.PersonName(d.Directory, i, c.Person)+")")
	}
	if c.SameSlug {
		same = append(same, "same end of the address")
	}
	if c.Opening > 0 {
		same = append(same, percent(c.Opening)+" of the shorter opening")
	}
	return strings.Join(append(same, hoursApart(c.Apart)), ", ")
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func hoursApart(d time.Duration) string {
	switch hours := math.Round(d.Hours()); hours {
	case 0:
		return "less than an hour apart"
	case 1:
		return "1 hour apart"
	default:
		return fmt.Sprintf("%.0f hours apart", hours)
	}
}

// joiningRuling is the ruling by which an item is in a plan: it was the root of a story that an
// editor joined with the plan's root.
func (d Composer) joiningRuling(plan *lineage.StoryPlan, i *evidence.Evidence) *news.Ruling {
	for _, o := range plan.Items {
		v := d.Rulings.On(i.Item, o.Item)
		isRoot := plan.Founder == nil || o == plan.Founder
		if v.Verb == news.Join && o != i && isRoot && (v.Items[0] == i.Number || v.With[0] == i.Number) {
			return &v
		}
	}
	return nil
}

// likenessToRoot says by what besides the text, and by how much of it, an item is like the root
// that it joined by J5.
func (d Composer) likenessToRoot(plan *lineage.StoryPlan, i *evidence.Evidence) (same string, c5 float64) {
	same = "so does the item that it is equal to"
	for _, root := range plan.Cluster.Root.Items {
		if c := d.Result.Compare(i, root); c.Same != "" && c.C5 > c5 {
			same, c5 = c.Same, c.C5
		}
	}
	return same, cluster.Round(c5)
}

// claimWords say where a claim was read.
var claimWords = map[string]string{
	evidence.FromPage:     "its page names as canonical",
	evidence.FromFeed:     "its feed names as canonical",
	evidence.FromSentence: "its text says that it was originally published at",
	evidence.FromLink:     "its link is the original's:",
	evidence.FromVia:      "it says that it was found at",
	evidence.FromGUID:     "its guid is the original's address",
}

func (d Composer) measureAgainstRoot(i, root *evidence.Evidence) *news.Checks {
	c := d.Result.Compare(i, root)
	return &news.Checks{
		Title: cluster.Round(c.Title), C5: cluster.Round(c.C5), Hours: cluster.Round(c.Apart.Hours()),
		Languages: []string{i.Language, root.Language}, Words: []int{i.Words, root.Words},
	}
}
