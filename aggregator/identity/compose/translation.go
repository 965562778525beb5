package compose

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/news"
)

// maxVersions is how many stories in other languages a story leads to.
const maxVersions = 16

// RelateTranslations has stories lead to each other that tell one thing in several languages, as
// their items say. A story that was not gathered stays as it was known. Stories are in the order of
// their plans.
func (d Composer) RelateTranslations(plans []*lineage.StoryPlan, stories []*news.Story) {
	of := map[*lineage.StoryPlan]*news.Story{}
	for n, plan := range plans {
		of[plan] = stories[n]
	}
	originals := map[*news.Story]*news.Story{}
	named := map[*news.Story]*news.Translation{}
	versions := map[*news.Story][]*news.Story{}
	for n, plan := range plans {
		story := stories[n]
		for _, i := range d.itemsLeadFirst(plan, story) {
			for _, c := range d.Result.ClaimsAcross(i) {
				other := (*news.Story)(nil)
				if c.Other != nil {
					other = of[d.PlanOf[c.Other.Number]]
				}
				switch {
				case other == story:
				case other != nil && c.Directed && originals[story] == nil:
					originals[story] = other
				case other != nil:
					versions[story] = append(versions[story], other)
				case c.Directed && named[story] == nil:
					named[story] = &news.Translation{URL: c.URL}
					if m, listed := d.Owner(c.URL); listed {
						named[story].Maker = &m
					}
				}
			}
			for _, m := range i.TranslatedFrom {
				if t := named[story]; m.Station != i.Station && (t == nil || t.Maker == nil) {
					named[story] = cmp.Or(t, &news.Translation{})
					named[story].Maker = &m
				}
			}
		}
	}
	for n, plan := range plans {
		story := stories[n]
		to := originals[story]
		if to != nil && originals[to] == story { // each names the other: neither says which came first
			versions[story] = append(versions[story], to)
			to = nil
		}
		story.TranslationOf = named[story]
		switch {
		case to != nil:
			story.TranslationOf = &news.Translation{Item: to.LeadItem}
		case plan.Old == nil || named[story] != nil:
		case d.isOutOfSight(plan.Old.TranslationOf), !plan.Old.Pruned.IsZero() && plan.Old.TranslationOf != nil &&
			plan.Old.TranslationOf.Item == 0: // the words that said so are gone
			story.TranslationOf = plan.Old.TranslationOf
		}
	}
	related := map[*news.Story][]*news.Story{}
	for _, story := range stories {
		if to := originals[story]; to != nil {
			related[to] = append(related[to], story)
		}
		for _, other := range versions[story] {
			related[other], related[story] = append(related[other], story), append(related[story], other)
		}
	}
	for n, plan := range plans {
		story := stories[n]
		var list []news.Translation
		add := func(t news.Translation) {
			same := func(o news.Translation) bool { return o.Item == t.Item }
			isOriginal := story.TranslationOf != nil && story.TranslationOf.Item == t.Item
			if !isOriginal && !slices.ContainsFunc(list, same) && len(list) < maxVersions {
				list = append(list, t)
			}
		}
		for _, other := range related[story] {
			add(news.Translation{Item: other.LeadItem})
		}
		if plan.Old != nil {
			for _, t := range plan.Old.Versions {
				if d.isOutOfSight(&t) {
					add(t)
				}
			}
		}
		slices.SortFunc(list, func(a, b news.Translation) int { return cmp.Compare(a.Item, b.Item) })
		story.Versions = list
	}
}

// itemsLeadFirst returns the items of a story that are in its language: what an item in another one
// says, which an editor joined, is not said of what is shown.
func (d Composer) itemsLeadFirst(plan *lineage.StoryPlan, story *news.Story) []*evidence.Evidence {
	lead := d.Item(story.LeadItem)
	items := slices.DeleteFunc(slices.Clone(plan.Items), func(i *evidence.Evidence) bool {
		return i.Gone && i != lead || i.Language != lead.Language && i.Language != "" && lead.Language != ""
	})
	slices.SortStableFunc(items, func(a, b *evidence.Evidence) int { return evidence.CompareBool(a == lead, b == lead) })
	return items
}

// isOutOfSight reports whether a translation leads to an item that was not gathered.
func (d Composer) isOutOfSight(t *news.Translation) bool {
	return t != nil && t.Item != 0 && d.Item(t.Item) == nil
}
