package cluster

import (
	"slices"

	"fronteras/aggregator/identity/evidence"
)

// ClaimsAcross returns what an item names in another language, the strongest first: the item that is
// there, or the address alone, where a sentence says that the text is a translation and no item has
// that address. Nothing of it joins. Directed says that the item names it as the original.
func (r *Result) ClaimsAcross(i *evidence.Evidence) (list []AcrossLanguages) {
	s := r.state
	for _, c := range evidence.StrongestFirst(i.Claims) {
		id := claimID{i.Feed, c.Source, c.Key}
		switch {
		case !c.Last.IsZero(), !slices.Contains(namesOriginal, c.Source), !s.d.Identifies(c.Key),
			i.EverHadKey(c.Key) && c.Source != evidence.FromLink, slices.Contains(s.distrusted[i.Feed], c.Source),
			s.n.IsSharedAddress(c.Key), s.isTemplates(id), s.n.Rulings.IsSplitOff(i.Item, c.Key):
			continue
		}
		across := AcrossLanguages{URL: c.URL, Directed: c.Source != evidence.FromVersion,
			Other: s.n.ItemWithAddress(c.Key)}
		isSaid := c.Source == evidence.FromTranslation && s.d.Foreign(i.Station, c.URL)
		if o := across.Other; o == nil && isSaid || o != nil && o != i && Translations(i, o) {
			list = append(list, across)
		}
	}
	return list
}

// AcrossLanguages is what an item names in another language.
type AcrossLanguages struct {
	URL      string
	Other    *evidence.Evidence // that has the address; nil: none was seen
	Directed bool               // it is named as the original
}

// namesOriginal lists the sources of claims that say of one story that another tells it, too. How a
// page was found, and a GUID, do not.
var namesOriginal = []string{evidence.FromPage, evidence.FromFeed, evidence.FromSentence, evidence.FromLink,
	evidence.FromTranslation, evidence.FromVersion}
