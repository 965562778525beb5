package link

import (
	"os"
	"strings"
	"testing"
)

// builtinTable is the table of the built-in rules alone.
func builtinTable(t testing.TB) *Table {
	t.Helper()
	table, err := New(Rules{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// rows reads a table of tab-separated rows; "#" begins a comment's line.
func rows(t testing.TB, file string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/link/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", file, i+1, len(row), columns)
		}
		rows = append(rows, row)
	}
	return rows
}

// checkPair fails where two addresses are not answered as labelled, or the order of asking matters.
func checkPair(t *testing.T, table *Table, a, b, verdict string) {
	t.Helper()
	if verdict != "same" && verdict != "different" {
		t.Fatalf("verdict %q: want same or different", verdict)
	}
	keyA, keyB := table.Key(Clean("", a)), table.Key(Clean("", b))
	if (keyA == keyB) != (verdict == "same") {
		t.Errorf("want %s:\n%s → %q\n%s → %q", verdict, a, keyA, b, keyB)
	}
}

func TestPairs(t *testing.T) {
	table := builtinTable(t)
	pairs := rows(t, "pairs.tsv", 4)
	for _, row := range pairs {
		t.Run(row[3], func(t *testing.T) {
			checkPair(t, table, row[1], row[2], row[0])
			checkPair(t, table, row[2], row[1], row[0])
		})
	}
	if len(pairs) < 120 {
		t.Errorf("%d pairs, want 120 at least", len(pairs))
	}
}

func TestHostRulesHaveTheirPairs(t *testing.T) {
	table := builtinTable(t)
	count := make(map[string]map[string]int)
	for _, h := range builtin {
		count[h.Name] = make(map[string]int)
	}
	for _, row := range rows(t, "rules.tsv", 4) {
		name, verdict := row[0], row[3]
		if count[name] == nil {
			t.Fatalf("%q is no rule", name)
		}
		count[name][verdict]++
		t.Run(name, func(t *testing.T) { checkPair(t, table, row[1], row[2], verdict) })
	}
	for name, n := range count {
		if n["same"] < 1 || n["different"] < 2 {
			t.Errorf("%s: %d same and %d different pairs in rules.tsv, want 1 and 2 at least", name, n["same"], n["different"])
		}
	}
}

func TestKey(t *testing.T) {
	table, err := New(Rules{
		Aliases:   map[string]string{"m.radioajo.example": "radioajo.example", "ajo.example": "radioajo.example"},
		KeepSlash: []string{"plain.example"},
		Hosts: []HostRule{
			{Name: "ajo-story", Hosts: []string{"radioajo.example"}, Path: "^/story/([0-9]+)/", Key: "ajo:$1", Drop: []string{"view"}},
			{Name: "ajo-show", Hosts: []string{"radioajo.example"}, Path: "^/show$", Query: "id", Key: "ajo:show:"},
			{Name: "ajo-media", Hosts: []string{"*.ajomedia.example"}, Path: "^/clip/", Drop: []string{"at"}, Fragment: "^t="},
			{Name: "ajo-print", Hosts: []string{"radioajo.example"}, Path: "^/.+/print$", Strip: "/print"},
			{Name: "ajo-any", Hosts: []string{"any.example"}, Path: "^/(.*)$", Key: "any:$1"},
			{Name: "ajo-npr", Hosts: []string{"npr.org"}, Path: "^/ajo/([0-9]+)$", Key: "ajo:$1"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	long := "radioajo.example/" + strings.Repeat("a", 1024-len("radioajo.example/"))
	tests := []struct{ name, link, want string }{
		{"generic", "https://www.radioajo.example/A/b/?b=2&a=1#e1", "radioajo.example/A/b?a=1&b=2#e1"},
		{"port", "http://radioajo.example:8080/", "radioajo.example:8080/"},
		{"alias", "https://m.radioajo.example/a", "radioajo.example/a"},
		{"alias with www.", "https://www.ajo.example/a", "radioajo.example/a"},
		{"an alias is for the default port", "https://ajo.example:8080/a", "ajo.example:8080/a"},
		{"slash kept", "https://plain.example/a/", "plain.example/a/"},
		{"slash kept after index.html", "https://plain.example/a/index.html", "plain.example/a/"},
		{"host rule", "https://radioajo.example/story/17/x", "ajo:17"},
		{"host rule under an alias", "https://m.radioajo.example/story/17/x", "ajo:17"},
		{"host rule with a fragment", "https://radioajo.example/story/17/x#a/b", `ajo:17#a\b`},
		{"drop next to a rule's path", "https://radioajo.example/a?view=1&id=2", "radioajo.example/a?id=2"},
		{"value appended", "https://radioajo.example/show?id=4", "ajo:show:4"},
		{"no value, no key", "https://radioajo.example/show?id=", "radioajo.example/show?id="},
		{"two values, no key", "https://radioajo.example/show?id=4&id=5", "radioajo.example/show?id=4&id=5"},
		{"drop where the path fits", "https://cdn.ajomedia.example/clip/1?at=2#t=3", "cdn.ajomedia.example/clip/1"},
		{"no drop where it does not", "https://cdn.ajomedia.example/page/1?at=2#t=3", "cdn.ajomedia.example/page/1?at=2#t=3"},
		{"strip", "https://radioajo.example/a/print/", "radioajo.example/a"},
		{"an id with a slash", "https://any.example/a/b", "any.example/a/b"},
		{"an id with a colon", "https://any.example/a:b", "any.example/a:b"},
		{"configured before built-in", "https://npr.org/ajo/17", "ajo:17"},
		{"built-in next to configured", "https://npr.org/a?ft=1", "npr.org/a"},
		{"1,024 bytes", "https://" + long, long},
		{"1,025 bytes", "https://" + long + "a", "radioajo.example/~0c30b1912dcdd03b273b95a0ada15ea08281f5715826fd08f04b031ee05340b4"},
		{"none", "", ""},
		{"not http", "ftp://radioajo.example/", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := table.Key(Clean("", tt.link)); got != tt.want {
				t.Errorf("Key(%q) = %q, want %q", tt.link, got, tt.want)
			}
		})
	}
}

func TestPrefixesComeOffEightDeep(t *testing.T) {
	table := builtinTable(t)
	const file = "audio.kmsa.example/noon.mp3"
	if got := table.Key("https://" + strings.Repeat("op3.dev/e/", 8) + file); got != file {
		t.Errorf("eight prefixes: %q, want %q", got, file)
	}
	if got := table.Key("https://" + strings.Repeat("op3.dev/e/", 9) + file); got != "op3.dev/e/"+file {
		t.Errorf("nine prefixes: %q, want the last to stay", got)
	}
}

func TestEveryPrefixHasAPair(t *testing.T) {
	text, err := os.ReadFile("../../testdata/link/pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for host := range prefixes {
		if !strings.Contains(string(text), host+"/") {
			t.Errorf("%s stands in no pair of pairs.tsv", host)
		}
	}
}

func TestForms(t *testing.T) {
	tests := []struct {
		key       string
		family    string
		root      bool
		storyLike bool
	}{
		{"", "", false, false},
		{"kjzz:nid:88121", "kjzz:nid", false, true},
		{"npr:nx-s1-7714502", "npr", false, true},
		{"ajo:17#a:b", "ajo", false, true},
		{"kmsa.example/", "", true, false},
		{"kmsa.example:8080/", "", true, false},
		{"kmsa.example/es", "", true, false},
		{"kmsa.example/es/", "", true, false},
		{"kmsa.example/ES", "", true, false},
		{"kmsa.example/e5", "", false, false},
		{"kmsa.example/esp", "", false, false},
		{"kmsa.example/?p=7781", "", false, true},
		{"kmsa.example/?p=778", "", false, false},
		{"kmsa.example:8080/about", "", false, false},
		{"kmsa.example/fence-gap-closed", "", false, true},
		{"kmsa.example/fence_gap_closed", "", false, true},
		{"kmsa.example/news/fence-gap-closed/story", "", false, true},
		{"kmsa.example/fence-gap", "", false, false},
		{"kmsa.example/2031/03/04/gap", "", false, true},
		{"kmsa.example/a#2031", "", false, true},
		{"kmsa.example/20-31", "", false, false},
		{"kmsa.example/2031/feed", "", false, false},
		{"kmsa.example/2031/RSS.xml", "", false, false},
		{"kmsa.example/search?q=2031", "", false, false},
		{"kmsa.example/tag/border-fence-gap", "", false, false},
		{"kmsa.example/author/ana-maria-paz", "", false, false},
		{"kmsa.example/author/2031/fence-gap-closed", "", false, true},
		{"plain.example/2031/live/", "", false, false},
		{"creativecommons.org/licenses/by-nc-sa/4.0", "", false, false},
		{"creativecommons.org/2031/03/what-a-license-says", "", false, false},
		{"kmsa.example/licenses/by/2031", "", false, false},
		{"kmsa.example/license-plates-are-stolen", "", false, true},
		{"kmsa.example/republishing-guidelines-for-partners", "", false, false},
		{"kmsa.example/about/how-to-republish-our-stories", "", false, false},
		{"kmsa.example/2031/syndication", "", false, false},
		{"kmsa.example/series/small-town-water-books", "", false, false},
		{"kmsa.example/series/4703895/small-town-water-books", "", false, false},
		{"kmsa.example/series/water/fence-gap-closed", "", false, true},
		{"kmsa.example/projects/who-owns-the-canal", "", false, false},
		{"kmsa.example/news/project/who-owns-the-canal", "", false, false},
		{"kmsa.example/newsletters/the-morning-after-noon", "", false, false},
		{"kmsa.example/sign-up-for-the-newsletter", "", false, false},
		{"kmsa.example/people/2101004/ana-maria-paz", "", false, false},
		{"kmsa.example/staff/ana-maria-paz", "", false, false},
		{"kmsa.example/profiles/ana-maria-paz-88121", "", false, false},
		{"kmsa.example/programs/all-the-noon-hours", "", false, false},
		{"kmsa.example/programs/all-the-noon-hours/2031/03/04", "", false, false},
		{"kmsa.example/programs/2031/03/04", "", false, false},
		{"kmsa.example/programs/all-the-noon-hours/2031/03/04/fence-gap-closed", "", false, true},
		{"kmsa.example/shows/noon/2031-03-04/fence-gap-closed", "", false, true},
		{"kmsa.example/the-show/2031-03-04/fence-gap-closed", "", false, true},
		{"kmsa.example/podcasts/how-the-west-dried", "", false, false},
		{"kmsa.example/topics/water-and-the-border", "", false, false},
		{"kmsa.example/es/temas/agua-y-la-frontera", "", false, false},
		{"kmsa.example/es/2031/03/se-cierra-la-brecha", "", false, true},
		{"kmsa.example/donate?year=2031", "", false, false},
		{"kmsa.example/terms-of-use", "", false, false},
		{"kmsa.example/2031/03/people-of-the-river", "", false, true},
		{"kmsa.example/story/the-license-of-a-ferryman", "", false, true},
		{"kmsa.example/~" + strings.Repeat("0", 64), "", false, false},
	}
	for _, tt := range tests {
		if got := Family(tt.key); got != tt.family {
			t.Errorf("Family(%q) = %q, want %q", tt.key, got, tt.family)
		}
		if got := IsRoot(tt.key); got != tt.root {
			t.Errorf("IsRoot(%q) = %v", tt.key, got)
		}
		if got := StoryLike(tt.key); got != tt.storyLike {
			t.Errorf("StoryLike(%q) = %v", tt.key, got)
		}
	}
}
