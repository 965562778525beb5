package cluster

import (
	"fmt"
	"maps"
	"strings"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// vetoBetween looks for a reason why two items must not be joined by a rule; nil if there is none.
func (s *state) vetoBetween(a, b *evidence.Evidence, rule news.Rule) *Veto {
	if v := s.Clash(a, b, rule); v != nil {
		return v
	}
	switch {
	case rule == news.ByEditor || s.n.Rulings.AreJoined(a.Item, b.Item):
		return nil
	case rule != news.J2 && differByFragment(a.Key, b.Key):
		return &Veto{news.V3, "one is a part of the other's page"}
	case rule == news.J1:
		return nil
	}
	if x, y := s.of[a.Number].Claim, s.of[b.Number].Claim; x != nil && y != nil &&
		(s.addressAfterRulings(x.Target) != s.addressAfterRulings(y.Target) || x.Story != y.Story) {
		return &Veto{news.V5, "each names another original"}
	}
	if rule == news.J2 {
		return nil
	}
	if d, known := evidence.TimeApart(&a.Entry, &b.Entry); known && d > maxApart {
		return &Veto{news.V6, fmt.Sprintf("their dates are %d days apart", int(d.Hours()/24))}
	}
	if x, y := link.Family(a.Key), link.Family(b.Key); x != "" && x == y && a.Key != b.Key {
		return &Veto{news.V8, "one site gave them different numbers"}
	}
	if s.numbersDiffer(a, b, rule) {
		return &Veto{news.V7, "their numbers or days differ"}
	}
	if (rule == news.J6 || rule == news.J7) && len(a.People) > 0 && len(b.People) > 0 && personInCommon(a, b) == "" {
		return &Veto{news.V10, "their bylines name different people"}
	}
	return nil
}

// Clash looks for a reason why two items must not be in one story at all, whatever else is in it:
// V1, V2 or V4. The other vetoes speak against an edge between the two alone.
func (s *state) Clash(a, b *evidence.Evidence, rule news.Rule) *Veto {
	switch {
	case s.n.Rulings.AreSeparated(a.Item, b.Item):
		return &Veto{news.V4, "an editor has separated them"}
	case rule == news.ByEditor || s.n.Rulings.AreJoined(a.Item, b.Item):
		return nil
	case a.Feed == b.Feed:
		return &Veto{news.V1, "both are items of one feed"}
	case Translations(a, b):
		return &Veto{news.V2, fmt.Sprintf("their languages differ (%s, %s): one is a translation of the other",
			a.Language, b.Language)}
	}
	return nil
}

// Translations reports whether the known languages of two items differ.
func Translations(a, b *evidence.Evidence) bool {
	return a.Language != "" && b.Language != "" && a.Language != b.Language
}

// differByFragment reports whether two keys differ by a fragment alone: a live blog and its entry.
func differByFragment(a, b string) bool {
	page, fragment, _ := strings.Cut(a, "#")
	other, part, _ := strings.Cut(b, "#")
	return a != "" && page == other && fragment != part
}

// numbersDiffer reports whether the numbers, weekdays and months of two items speak against their
// being one report: the headlines' differ, or each text lacks several of the other's. What is shorter
// because it was cut lacks numbers that the other has, but not the other way round.
func (s *state) numbersDiffer(a, b *evidence.Evidence, rule news.Rule) bool {
	switch rule {
	case news.J4:
		return titleNumbersDiffer(a, b)
	case news.J5:
		if titleNumbersDiffer(a, b) {
			return true
		}
		x, y := text.Numerals(a.Paragraphs...), text.Numerals(b.Paragraphs...)
		return text.Missing(x, y) >= missingNumbers && text.Missing(y, x) >= missingNumbers
	case news.J6, news.J7:
		return titleNumbersDiffer(a, b) || s.openingsContradict(a, b)
	}
	return false
}

// titleNumbersDiffer reports whether two headlines have numbers or days, and others: they are of two days,
// or parts of a series.
func titleNumbersDiffer(a, b *evidence.Evidence) bool {
	x, y := text.Numerals(a.Entry.Title), text.Numerals(b.Entry.Title)
	return len(x) > 0 && len(y) > 0 && !maps.Equal(x, y)
}

// addressAfterRulings is the address that rulings make one with a claimed one, or that itself.
func (s *state) addressAfterRulings(target string) string {
	for s.ends[target] != "" {
		target = s.ends[target]
	}
	return target
}

// openingsContradict reports whether the openings of two items tell of other numbers, weekdays or
// months: each lacks several of the other's.
func (s *state) openingsContradict(a, b *evidence.Evidence) bool {
	if len(a.Opening) == 0 || len(b.Opening) == 0 {
		return false
	}
	x, y := s.openingNumeralsOf(a), s.openingNumeralsOf(b)
	return text.Missing(x, y) >= missingNumbers && text.Missing(y, x) >= missingNumbers
}

func (s *state) openingNumeralsOf(e *evidence.Evidence) map[string]bool {
	numerals, ok := s.openings[e.Number]
	if !ok {
		numerals = text.Numerals(e.OpeningText())
		s.openings[e.Number] = numerals
	}
	return numerals
}
