package compose

import (
	"slices"
	"strconv"

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
			e.First = old.First
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
	case (at < 0 || plan.Cluster.Members[at].Equivalents == plan.Cluster.Root) && equivalents.Rule == news.J3:
		by(news.J3, "both have the guid "+equivalents.Value+", and their headlines or audio agree",
			news.Evidence{Kind: "guid", Value: equivalents.Value})
	case at < 0, plan.Cluster.Members[at].Equivalents == plan.Cluster.Root:
		by(news.J2, "both have the address "+i.Key, news.Evidence{Kind: "address", Value: i.Key})
	case plan.Cluster.Members[at].Rule == news.J5:
		same, c5 := d.likenessToRoot(plan, i)
		e.Confidence = news.Probable
		by(news.J5, "their texts agree, and "+same,
			news.Evidence{Kind: "text", Value: "C5 " + strconv.FormatFloat(c5, 'f', -1, 64), First: d.Now})
	default:
		audio := plan.Cluster.Members[at].Value
		by(news.J4, "both have the audio "+audio, news.Evidence{Kind: "enclosure", Value: audio})
	}
	return e
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
