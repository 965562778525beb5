package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// inLanguages gives entries languages, and has some of them name others as their originals or in
// another language.
func inLanguages(r *rand.Rand, documents map[string][]news.Entry, named bool) {
	for _, feed := range testFeeds {
		for n := range documents[feed] {
			e := &documents[feed][n]
			e.Language = []string{"en", "es"}[r.IntN(2)]
			other := testFeeds[r.IntN(4)]
			page := fmt.Sprintf(`<a href="https://%s.example/2031/02/story-%d-of-%d">`, other, r.IntN(5), r.IntN(3))
			said := []string{
				"Translated from " + page + "KMSA</a>.", "Traducido de " + page + "Radio Ajo</a>.",
				page + "Read this story in English</a>", page + "Lea esta nota en español</a>", "",
			}[r.IntN(5)]
			if named && said != "" {
				e.Content += "<p>" + said + "</p>"
			}
			rand16 := r.Uint64()
			for at := range e.Digest[:8] {
				e.Digest[at] ^= byte(rand16 >> (8 * at))
			}
		}
	}
}

// What an entry says of another language joins nothing, and no story holds two languages.
func TestPropertyATranslationNeverJoins(t *testing.T) {
	try(t, 60, nil, func(t *testing.T, seed uint64) {
		var groups [2][]string
		for n, named := range []bool{false, true} {
			documents := randomDocuments(rand.New(rand.NewPCG(seed, 5)))
			inLanguages(rand.New(rand.NewPCG(seed, 6)), documents, named)
			m := newStore(t)
			for _, feed := range testFeeds {
				m.visit(feed, documents[feed]...)
			}
			m.settle()
			for _, s := range m.all() {
				text := ""
				for _, i := range s.Items {
					text += i.Feed + " " + i.Entry.GUID + "\n"
					if i.Entry.Language != s.Items[0].Entry.Language {
						t.Errorf("seed %d: %s is in two languages", seed, line(s))
					}
				}
				groups[n] = append(groups[n], text)
			}
			slices.Sort(groups[n])
		}
		if !slices.Equal(groups[0], groups[1]) {
			t.Errorf("seed %d: with sentences of translation the stories are\n%s\nwithout\n%s", seed,
				strings.Join(groups[1], "\n"), strings.Join(groups[0], "\n"))
		}
	})
}

// toldInLanguages lists what stories lead to in other languages.
func toldInLanguages(m *memoryStore) (list []string) {
	name := func(t news.Translation) string {
		if t.Item == 0 {
			return t.URL
		}
		return fmt.Sprint(m.stories[m.Item(t.Item).Story].ID)
	}
	for _, s := range m.all() {
		text := s.ID
		if s.TranslationOf != nil {
			text += " translates " + name(*s.TranslationOf)
		}
		var versions []string
		for _, v := range s.Versions {
			versions = append(versions, name(v))
		}
		slices.Sort(versions)
		list = append(list, text+" in other languages: "+strings.Join(versions, " "))
	}
	slices.Sort(list)
	return list
}

// The order of visits does not matter for what stories lead to, settled at once or one by one; and
// what leads to another is led to.
func TestPropertyOrderDecidesNothingOfTranslations(t *testing.T) {
	try(t, 60, nil, func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 7))
		documents := randomDocuments(rand.New(rand.NewPCG(seed, 5)))
		inLanguages(rand.New(rand.NewPCG(seed, 6)), documents, true)
		var want []string
		for attempt := range 3 {
			order := slices.Clone(testFeeds)
			if attempt > 0 {
				r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			}
			m := newStore(t)
			for _, feed := range order {
				m.visit(feed, documents[feed]...)
			}
			m.settle()
			have := toldInLanguages(m)
			if attempt == 0 {
				want = have
			} else if !slices.Equal(have, want) {
				t.Errorf("seed %d, order %v:\n%s\nwant\n%s", seed, order, strings.Join(have, "\n"), strings.Join(want, "\n"))
			}
			checkLeadBack(t, m)
		}
	})
}

func checkLeadBack(t *testing.T, m *memoryStore) {
	t.Helper()
	for _, s := range m.all() {
		list := slices.Clone(s.Versions)
		if s.TranslationOf != nil {
			list = append(list, *s.TranslationOf)
		}
		for _, to := range list {
			if to.Item == 0 {
				continue
			}
			o := m.stories[m.Item(to.Item).Story]
			back := slices.Clone(o.Versions)
			if o.TranslationOf != nil {
				back = append(back, *o.TranslationOf)
			}
			if !slices.ContainsFunc(back, func(b news.Translation) bool { return slices.Contains(s.Members, b.Item) }) {
				t.Errorf("%s leads to %s, and that not back", line(s), line(o))
			}
		}
	}
}
