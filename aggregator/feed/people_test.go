package feed

import (
	"slices"
	"testing"
)

// Where a document has an element for each, a comma in one parts no names; what an office or a
// school has in its name is nobody.
func TestWhomBylinesName(t *testing.T) {
	creators := func(names ...string) string {
		all := ""
		for _, n := range names {
			all += "<dc:creator>" + n + "</dc:creator>"
		}
		return inItem(all)
	}
	author := func(name string) string { return inAtom("<author><name>" + name + "</name></author>") }
	for name, c := range map[string]struct {
		document string
		want     []string
	}{
		"one creator for several":               {creators("Ana Ruiz, Luis Peña and Mo Day"), []string{"Ana Ruiz", "Luis Peña", "Mo Day"}},
		"a creator for each":                    {creators("Ana Ruiz, Salt Lab", "Luis Peña"), []string{"Ana Ruiz, Salt Lab", "Luis Peña"}},
		"a creator with an office":              {creators("Ana Ruiz, Education Reporter"), []string{"Ana Ruiz, Education Reporter"}},
		"a creator for words and pictures":      {creators("Story and photos by Ana Ruiz"), []string{"Ana Ruiz"}},
		"a creator for both works":              {creators("By Ana Ruiz, photos by Luis Peña"), []string{"Ana Ruiz", "Luis Peña"}},
		"a family's name first":                 {creators("Ruiz, Ana"), []string{"Ruiz, Ana"}},
		"an Atom author with an office":         {author("Ana Ruiz, Lecturer in Soils and Dry Land, Salt University"), []string{"Ana Ruiz, Lecturer in Soils and Dry Land, Salt University"}},
		"an Atom author with names":             {author("Ana Ruiz, Luis Peña"), []string{"Ana Ruiz, Luis Peña"}},
		"an Atom author for two":                {author("Ana Ruiz and Luis Peña"), []string{"Ana Ruiz", "Luis Peña"}},
		"a JSON author":                         {inJSON(`,"authors":[{"name":"Ana Ruiz, Salt Lab"},{"name":"Luis Peña"}]`), []string{"Ana Ruiz, Salt Lab", "Luis Peña"}},
		"an RSS author's name in an element":    {inItem("<author><name>Ana Ruiz, Salt Lab</name></author>"), []string{"Ana Ruiz, Salt Lab"}},
		"an office of several words is one":     {creators("Department of Health and Human Services"), []string{"Department of Health and Human Services"}},
		"an iTunes author with a house":         {inItem("<itunes:author>Ana Ruiz | KMSA and KDEM</itunes:author>"), []string{"Ana Ruiz | KMSA and KDEM"}},
		"what names nobody stays as it is said": {creators("Web Producer"), []string{"Web Producer"}},
	} {
		entries := mustParse(t, []byte(c.document)).Entries
		if len(entries) != 1 {
			t.Fatalf("%s: %d entries", name, len(entries))
		}
		var have []string
		for _, p := range entries[0].Authors {
			have = append(have, p.Name)
		}
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}
