package feed

import (
	"slices"
	"testing"
)

// Where a document has an element for each, a comma in one parts no names. Offices, schools and houses are nobody:
// they stay in the byline as it is written.
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
		byline   string
		want     []string
	}{
		"one creator for several":                          {creators("Ana Ruiz, Luis Peña and Mo Day"), "Ana Ruiz, Luis Peña and Mo Day", []string{"Ana Ruiz", "Luis Peña", "Mo Day"}},
		"a creator for each":                               {creators("Ana Ruiz, Salt Lab", "Luis Peña"), "Ana Ruiz, Salt Lab, Luis Peña", []string{"Ana Ruiz", "Luis Peña"}},
		"a creator with an office":                         {creators("Ana Ruiz, Education Reporter"), "Ana Ruiz, Education Reporter", []string{"Ana Ruiz"}},
		"a creator for words and pictures":                 {creators("Story and photos by Ana Ruiz"), "Story and photos by Ana Ruiz", []string{"Ana Ruiz"}},
		"a creator for both works":                         {creators("By Ana Ruiz, photos by Luis Peña"), "By Ana Ruiz, photos by Luis Peña", []string{"Ana Ruiz"}},
		"a creator for the pictures":                       {creators("Ana Ruiz", "Photos by Luis Peña"), "Ana Ruiz, Photos by Luis Peña", []string{"Ana Ruiz"}},
		"pictures alone":                                   {creators("Photos by Luis Peña"), "Photos by Luis Peña", []string{"Luis Peña"}},
		"a family's name first":                            {creators("Ruiz, Ana"), "Ruiz, Ana", []string{"Ruiz, Ana"}},
		"a house in parentheses":                           {creators("Ana Ruiz (KMSA)"), "Ana Ruiz (KMSA)", []string{"Ana Ruiz (KMSA)"}},
		"a house behind a bar":                             {creators("Ana Ruiz | KMSA"), "Ana Ruiz | KMSA", []string{"Ana Ruiz"}},
		"an Atom author with an office":                    {author("Ana Ruiz, Lecturer in Soils and Dry Land, Salt University"), "Ana Ruiz, Lecturer in Soils and Dry Land, Salt University", []string{"Ana Ruiz"}},
		"Atom authors with offices":                        {inAtom("<author><name>Ana Ruiz, Keeper of Birds, Museum of the Playa</name></author><author><name>Luis Peña, University of the Playa</name></author>"), "Ana Ruiz, Keeper of Birds, Museum of the Playa, Luis Peña, University of the Playa", []string{"Ana Ruiz", "Luis Peña"}},
		"an Atom author with names":                        {author("Ana Ruiz, Luis Peña"), "Ana Ruiz, Luis Peña", []string{"Ana Ruiz, Luis Peña"}},
		"an Atom author for two":                           {author("Ana Ruiz and Luis Peña"), "Ana Ruiz and Luis Peña", []string{"Ana Ruiz", "Luis Peña"}},
		"a JSON author":                                    {inJSON(`,"authors":[{"name":"Ana Ruiz, Salt Lab"},{"name":"Luis Peña"}]`), "Ana Ruiz, Salt Lab, Luis Peña", []string{"Ana Ruiz", "Luis Peña"}},
		"a JSON author who is nobody":                      {inJSON(`,"authors":[{"name":"KMSA Newsroom"}],"author":{"name":"Ana Ruiz"}`), "KMSA Newsroom", nil},
		"an RSS author's name in an element":               {inItem("<author><name>Ana Ruiz, Salt Lab</name></author>"), "Ana Ruiz, Salt Lab", []string{"Ana Ruiz"}},
		"an office of several words":                       {creators("Department of Health and Human Services"), "Department of Health and Human Services", nil},
		"an iTunes author with a house":                    {inItem("<itunes:author>Ana Ruiz | KMSA and KDEM</itunes:author>"), "Ana Ruiz | KMSA and KDEM", []string{"Ana Ruiz"}},
		"an office alone":                                  {creators("Web Producer"), "Web Producer", nil},
		"an office, though another element names a person": {inItem("<dc:creator>Newsroom</dc:creator><itunes:author>Ana Ruiz</itunes:author>"), "Newsroom", nil},
		"an Atom office is not the feed's author":          {inAtom("<author><name>Web Producer</name></author>"), "Web Producer", nil},
		"names with mail addresses":                        {inItem("<author>Ana Ruiz &lt;ana@kmsa.example&gt;, Luis Peña &lt;luis@kmsa.example&gt;</author>"), "Ana Ruiz <ana@kmsa.example>, Luis Peña <luis@kmsa.example>", []string{"Ana Ruiz", "Luis Peña"}},
		"mail addresses with names":                        {inItem("<author>ana@kmsa.example (Ana Ruiz), luis@kmsa.example (Luis Peña, Editor)</author>"), "ana@kmsa.example (Ana Ruiz), luis@kmsa.example (Luis Peña, Editor)", []string{"Ana Ruiz", "Luis Peña"}},
		"an office with a mail address":                    {inItem("<author>news@kmsa.example (KMSA Newsroom)</author>"), "news@kmsa.example (KMSA Newsroom)", []string{""}},
	} {
		entries := mustParse(t, []byte(c.document)).Entries
		if len(entries) != 1 {
			t.Fatalf("%s: %d entries", name, len(entries))
		}
		var have []string
		for _, p := range entries[0].Authors {
			have = append(have, p.Name)
		}
		if e := entries[0]; !slices.Equal(have, c.want) || e.Byline != c.byline {
			t.Errorf("%s: %q in %q, want %q in %q", name, have, e.Byline, c.want, c.byline)
		}
	}
}
