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
func RelateTranslations(d Composer, plans []*lineage.StoryPlan, stories []*news.Story) {
	said := translationsSaid(d, plans, stories)
	related := map[*news.Story][]*news.Story{}
	for n, plan := range plans {
		story := stories[n]
		to := said.originals[story]
		if to != nil && said.originals[to] == story { // each names the other: neither says which came first
			said.versions[story] = append(said.versions[story], to)
			to = nil
		}
		story.TranslationOf = translationOf(d, plan.Old, to, said.named[story])
	}
	for _, story := range stories {
		if to := said.originals[story]; to != nil {
			related[to] = append(related[to], story)
		}
		for _, other := range said.versions[story] {
			related[other], related[story] = append(related[other], story), append(related[story], other)
		}
	}
	for n, plan := range plans {
		stories[n].Versions = versionsOf(d, plan.Old, stories[n], related[stories[n]])
	}
}

// translations holds what stories say of others in other languages.
type translations struct {
	originals map[*news.Story]*news.Story       // that a story is a translation of
	named     map[*news.Story]*news.Translation // originals that were not gathered
	versions  map[*news.Story][]*news.Story     // others, which may be either
}

func translationsSaid(d Composer, plans []*lineage.StoryPlan, stories []*news.Story) translations {
	said := translations{map[*news.Story]*news.Story{}, map[*news.Story]*news.Translation{},
		map[*news.Story][]*news.Story{}}
	of := map[*lineage.StoryPlan]*news.Story{}
	for n, plan := range plans {
		of[plan] = stories[n]
	}
	for n, plan := range plans {
		story := stories[n]
		for _, i := range itemsLeadFirst(d, plan, story) {
			for _, c := range d.Result.ClaimsAcross(i) {
				other := (*news.Story)(nil)
				if c.Other != nil {
					other = of[d.PlanOf[c.Other.Number]]
				}
				switch {
				case other == story:
				case other != nil && c.Directed && said.originals[story] == nil:
					said.originals[story] = other
				case other != nil:
					said.versions[story] = append(said.versions[story], other)
				case c.Directed && said.named[story] == nil:
					said.named[story] = &news.Translation{URL: c.URL}
					if m, listed := d.Owner(c.URL); listed {
						said.named[story].Maker = &m
					}
				}
			}
			for _, m := range i.TranslatedFrom {
				if t := said.named[story]; m.Station != i.Station && (t == nil || t.Maker == nil) {
					said.named[story] = cmp.Or(t, &news.Translation{})
					said.named[story].Maker = &m
				}
			}
		}
	}
	return said
}

// translationOf is what a story is a translation of: a gathered story, otherwise what its items name
// now, otherwise what it was, where that was not looked at.
func translationOf(d Composer, old, original *news.Story, named *news.Translation) *news.Translation {
	switch {
	case original != nil:
		return &news.Translation{Item: original.LeadItem}
	case old == nil || named != nil:
		return named
	case isOutOfSight(d, old.TranslationOf), !old.Pruned.IsZero() && old.TranslationOf != nil &&
		old.TranslationOf.Item == 0: // the words that said so are gone
		return old.TranslationOf
	}
	return nil
}

// versionsOf lists the stories that tell a story in other languages: those related to it now, and
// those that were and were not looked at.
func versionsOf(d Composer, old, story *news.Story, related []*news.Story) (list []news.Translation) {
	add := func(t news.Translation) {
		same := func(o news.Translation) bool { return o.Item == t.Item }
		isOriginal := story.TranslationOf != nil && story.TranslationOf.Item == t.Item
		if !isOriginal && !slices.ContainsFunc(list, same) && len(list) < maxVersions {
			list = append(list, t)
		}
	}
	for _, other := range related {
		add(news.Translation{Item: other.LeadItem})
	}
	if old != nil {
		for _, t := range old.Versions {
			if isOutOfSight(d, &t) {
				add(t)
			}
		}
	}
	slices.SortFunc(list, func(a, b news.Translation) int { return cmp.Compare(a.Item, b.Item) })
	return list
}

// itemsLeadFirst returns the items of a story that are in its language: what an item in another one
// says, which an editor joined, is not said of what is shown.
func itemsLeadFirst(d Composer, plan *lineage.StoryPlan, story *news.Story) []*evidence.Evidence {
	lead := d.Item(story.LeadItem)
	items := slices.DeleteFunc(slices.Clone(plan.Items), func(i *evidence.Evidence) bool {
		return i.Gone && i != lead || i.Language != lead.Language && i.Language != "" && lead.Language != ""
	})
	slices.SortStableFunc(items, func(a, b *evidence.Evidence) int {
		return evidence.CompareBool(a == lead, b == lead)
	})
	return items
}

// isOutOfSight reports whether a translation leads to an item that was not gathered.
func isOutOfSight(d Composer, t *news.Translation) bool {
	return t != nil && t.Item != 0 && d.Item(t.Item) == nil
}
