package evidence

import (
	"slices"
	"testing"

	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

func TestNamesInBylinesWithoutThoseOfHouses(t *testing.T) {
	d := desk.Directory(t)
	for _, c := range []struct{ authors, want []string }{
		{[]string{"Ana Ruiz"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz, KMSA"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz | Radio Ajo"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz - NPR News"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz (KMSA Mesilla)"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz / KMSA"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz", "Radio Ajo"}, []string{"ana ruiz"}},
		{[]string{"By Ana Ruiz, KMSA"}, []string{"ana ruiz"}},
		{[]string{"Ana Ruiz", "Sol Vega, KMSA"}, []string{"ana ruiz", "sol vega"}},
		{[]string{"Rosa"}, []string{"rosa"}},
		{[]string{"KMSA"}, nil},
		{nil, nil},
	} {
		e := news.Entry{}
		for _, a := range c.authors {
			e.Authors = append(e.Authors, news.Person{Name: a})
		}
		if have := NamesWithoutHouses(d, &e); !slices.Equal(have, c.want) {
			t.Errorf("%q are %q, want %q", c.authors, have, c.want)
		}
	}
}
