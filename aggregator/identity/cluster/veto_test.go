package cluster_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// joined lists what makes one story of two items by each rule, whatever their addresses are. An
// address is the first item's, which J1 claims and J2 shares.
var joined = []struct {
	rule news.Rule
	a, b func(address string) []change
}{
	{news.J1, say(), func(address string) []change { return []change{Claim(evidence.FromPage, address)} }},
	{news.J2, say(), func(address string) []change { return []change{URL(address)} }},
	{news.J3, say(GUID("tag:kmsa.example,2031:fence"), Title("fence gap closed")), say(GUID("tag:kmsa.example,2031:fence"), Title("fence gap closed"))},
	{news.J4, say(Title("fence gap closed"), Audio(segment)), say(Title("fence gap closed"), Audio(segment))},
	{news.J5, say(Text(Words(0, 154)), By("Rosa Vidal")), say(Text(Words(0, 154)), By("Rosa Vidal"))},
}

func say(c ...change) func(string) []change { return func(string) []change { return c } }

// Each veto stops the rules that it is against, and no other. A second line of each shows
// where its condition is just missed.
func TestVetoes(t *testing.T) {
	const (
		live  = "https://kmsa.example/2031/02/live-blog"
		film  = "https://www.youtube.com/watch?v=abcdefghijk"
		other = "https://www.youtube.com/watch?v=lmnopqrstuv"
	)
	claims := func(slug string) change {
		return Claim(evidence.FromFeed, "https://propublica.org/article/"+slug)
	}
	apart := 14 * 24 * time.Hour
	for _, c := range []struct {
		name    string
		veto    news.Rule
		a, b    []change
		ruling  []news.Ruling
		without string // rules for which the case cannot be made
		stops   string
		quiet   string // rules that do not even ask, so that nothing is noted
	}{
		{name: "two items of one feed", veto: news.V1, a: []change{In("one")}, b: []change{In("one")}, without: "J2", stops: "J1 J3 J4 J5", quiet: "J3 J4 J5"},
		{name: "two items of two feeds of one station", a: []change{In("one")}, b: []change{In("two")}},
		{name: "two languages", veto: news.V2, a: []change{Language("en")}, b: []change{Language("es-MX")}, stops: "J1 J2 J3 J4 J5"},
		{name: "two kinds of one language", a: []change{Language("es")}, b: []change{Language("es-MX")}},
		{name: "a language that is not known", a: []change{Language("es")}, b: []change{withoutLanguage}, without: "J5"},
		{name: "a live blog and its entry", veto: news.V3, a: []change{URL(live)}, b: []change{URL(live + "#entry-4")}, without: "J2", stops: "J1 J3 J4 J5"},
		{name: "two entries of a live blog", veto: news.V3, a: []change{URL(live + "#entry-3")}, b: []change{URL(live + "#entry-4")}, without: "J2", stops: "J1 J3 J4 J5"},
		{name: "the same entry of a live blog", a: []change{URL(live + "#entry-4")}, b: []change{URL(live + "#entry-4")}, without: "J1 J3 J4 J5"},
		{name: "entries of two live blogs", a: []change{URL(live + "#entry-4")}, b: []change{URL(live + "-two#entry-4")}, without: "J2"},
		{name: "an editor separated them", veto: news.V4, ruling: []news.Ruling{split(1, 2, 1)}, stops: "J1 J2 J3 J4 J5"},
		{name: "an editor joined them after that", ruling: []news.Ruling{split(1, 2, 1), join(2, 2, 1)}},
		{name: "each names another original", veto: news.V5, a: []change{claims("who-pays-for-the-canal")}, b: []change{claims("who-drinks-the-water")}, without: "J1", stops: "J2 J3 J4 J5"},
		{name: "both name one original", a: []change{claims("who-pays-for-the-canal")}, b: []change{claims("who-pays-for-the-canal")}, without: "J1"},
		{name: "one alone names an original", b: []change{claims("who-pays-for-the-canal")}, without: "J1 J4 J5"},
		{name: "two weeks and a minute apart", veto: news.V6, a: []change{Dated(Noon.Add(-apart - time.Minute))}, b: []change{Dated(Noon)}, without: "J5", stops: "J3 J4"},
		{name: "two weeks apart", a: []change{Dated(Noon.Add(-apart))}, b: []change{Dated(Noon)}, without: "J5"},
		{name: "two weeks and a minute after what has no date", a: []change{Dated(time.Time{})}, b: []change{Dated(Noon)}},
		{name: "two films of one site", veto: news.V8, a: []change{URL(film)}, b: []change{URL(other)}, without: "J1 J2", stops: "J3 J4 J5"},
		{name: "one film", a: []change{URL(film)}, b: []change{URL(film + "&feature=shared")}, without: "J1"},
		{name: "a film and a page", a: []change{URL(film)}, without: "J1 J2"},
	} {
		for _, j := range joined {
			if strings.Contains(c.without, string(j.rule)) {
				continue
			}
			t.Run(c.name+" by "+string(j.rule), func(t *testing.T) {
				build := func(rulings ...news.Ruling) (*cluster.Result, bool) {
					a := claimed(c.a...)
					items := []*news.Item{
						Item(1, "kmsa", "fence", slices.Concat(j.a(a.Entry.URL), c.a)...), Item(2, "ajo", "gap", slices.Concat(j.b(a.Entry.URL), c.b)...),
					}
					n := Neighborhood(items, nil, rulings...)
					r := cluster.Build(Desk, n)
					r.Note(r.Across(n.Item(1), n.Item(2))...) // J4 and J5 are not asked of what is placed by its claims
					return r, r.Of(n.Item(1)) == r.Of(n.Item(2))
				}
				r, together := build(c.ruling...)
				stopped := strings.Contains(c.stops, string(j.rule))
				if together == stopped {
					t.Errorf("together: %v, noted %q", together, notes(r))
				}
				if noted := strings.Contains(notes(r), "not by "+string(j.rule)+": "+string(c.veto)); c.veto != "" && noted != (stopped && !strings.Contains(c.quiet, string(j.rule))) {
					t.Errorf("noted: %q", notes(r))
				}
				if _, together := build(append(c.ruling, join(9, 2, 1))...); !together {
					t.Error("an editor's join outranks it")
				}
			})
		}
	}
}

func TestNumbersThatDiffer(t *testing.T) {
	by := By("Rosa Vidal")
	told := func(a, b string) []*news.Item {
		return two([]change{by, Title(a), Text(Words(0, 154))}, []change{by, Title(b), Text(Words(0, 154)), Dated(Noon)})
	}
	counted := func(a, b string) []*news.Item {
		return two([]change{by, Text(Words(0, 400) + " " + a)}, []change{by, Text(Words(0, 154) + " " + b), Dated(Noon)})
	}
	const stopped = "1 probable-copy, 2 probable-copy, 2 not by J5: V7"
	all(t, []fall{
		{"headlines with two numbers", told("41 percent counted", "63 percent counted"), "1 | 2", stopped},
		{"headlines with one number", told("41 percent counted", "of votes 41 percent"), "1 + 2(J5)", ""},
		{"a number in one headline alone", told("41 percent counted", "votes counted"), "1 + 2(J5)", ""},
		{"a second number in one headline", told("41 percent counted", "41 of 90 percent counted"), "1 | 2", stopped},
		{"a second number in the other", told("41 of 90 percent counted", "41 percent counted"), "1 | 2", stopped},
		{"headlines of two weekdays", told("storm on Monday", "storm on Tuesday"), "1 | 2", stopped},
		{"headlines of two months", told("rain in June", "rain in July"), "1 | 2", stopped},
		{"a number in words and in digits", told("seven rescued", "7 rescued"), "1 + 2(J5)", ""},
		{"one number that the longer text lacks", counted("12 hurt", "12 hurt and 5 missing"), "1 + 2(J5)", ""},
		{"two numbers that the longer text lacks", counted("12 hurt", "13 hurt and 5 missing"), "1 + 2(J5)", ""},
		{"two numbers that each text lacks", counted("12 hurt, 4 saved", "13 hurt and 5 missing"), "1 | 2", stopped},
		{"two numbers that the shorter text lacks", counted("12 hurt and 5 missing", "hurt and missing"), "1 + 2(J5)", ""},
	})
	t.Run("headlines with two numbers and one audio file", func(t *testing.T) {
		all(t, []fall{{"are two editions", two([]change{Title("41 percent counted"), Audio(segment)}, []change{Title("63 percent counted"), Audio(segment), Dated(Noon)}), "1 | 2", "2 not by J4: V7"}})
	})
}

func TestWhatAVetoIsShownAs(t *testing.T) {
	whole, reporter := Words(0, 154), By("Rosa Vidal")
	tag, same := GUID("tag:kmsa.example,2031:fence"), Title("fence gap closed")
	for _, c := range []struct {
		fall
		rulings []news.Ruling
	}{
		{fall{"texts that an editor separated", alike(whole, whole, reporter), "1 | 2", "2 against-ruling, 2 not by J5: V4"}, []news.Ruling{split(1, 2, 1)}},
		{fall{"audio that an editor separated", two([]change{same, Audio(segment)}, []change{same, Audio(segment), Dated(Noon)}), "1 | 2", "2 against-ruling, 2 not by J4: V4"}, []news.Ruling{split(1, 2, 1)}},
		{fall{"texts of two languages are noted of both", two([]change{Text(whole), reporter, Language("en")}, []change{Text(whole), reporter, Language("es"), Dated(Noon)}),
			"1 | 2", "1 not by J5: V2, 2 not by J5: V2"}, nil},
		{fall{"GUIDs whose items name two originals", two(
			[]change{tag, same, Claim(evidence.FromPage, elsewhere)}, []change{tag, same, Claim(evidence.FromPage, "https://propublica.org/article/who-drinks-the-water")}),
			"propublica.org/article/who-drinks-the-water + 2(J1) | propublica.org/article/who-pays-for-the-canal + 1(J1)",
			"1 conflicting-claims, 2 conflicting-claims, 1 not by J3: V5, 2 not by J3: V5"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil, c.rulings...)) })
	}
}

func TestAVetoAgainstWhatIsThereAlready(t *testing.T) {
	page := Claim(evidence.FromPage, original)
	all(t, []fall{
		{"a copy in another language than a copy before it stays outside",
			[]*news.Item{claimed(withoutLanguage), Item(2, "ajo", "gap", page, Language("en")), Item(3, "kdem", "gap", page, Language("es"))},
			"1 + 2(J1) | 3", "3 claim-across-languages, 2 not by J1: V2, 3 not by J1: V2"},
		{"a second copy of one feed stays outside",
			[]*news.Item{claimed(), Item(2, "ajo", "gap", page), Item(3, "ajo", "hole", page)}, "1 + 2(J1) | 3", "3 same-feed, 3 not by J1: V1"},
	})
	t.Run("its claim counts for nothing then", func(t *testing.T) {
		n := Neighborhood([]*news.Item{claimed(), Item(2, "ajo", "gap", page), Item(3, "ajo", "hole", page)}, nil)
		if r := cluster.Build(Desk, n); r.Claims(n.Item(3)) || !r.Claims(n.Item(2)) {
			t.Errorf("%v, %v", r.Claims(n.Item(2)), r.Claims(n.Item(3)))
		}
	})
}

func TestOfTwoCopiesOfOneFeedTheOneThatIsThereStays(t *testing.T) {
	const unseen, second = "https://bisbee.example/2031/02/canal", "1 | bisbee.example/2031/02/canal + 2=3(J2)(J1)"
	there := func(items ...*news.Item) *news.Story {
		s := Published(6, items...)
		s.Root = news.Root{Key: Desk.Key(unseen), URL: unseen}
		return s
	}
	for _, c := range []struct {
		name  string
		first *news.Item
	}{
		{"before one that comes", Item(1, "kmsa", "fence", canals, Claim(evidence.FromPage, unseen))},
		{"before one whose own address is the original's", Item(1, "kmsa", "fence", URL(unseen), Claim(evidence.FromLink, unseen), Dated(Noon.Add(-2*time.Hour)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := Item(2, "kmsa", "gap", canals, Claim(evidence.FromPage, unseen))
			aired := Item(3, "kmsa", "gap", canals, In(Podcast), Claim(evidence.FromPage, unseen))
			n := Neighborhood([]*news.Item{c.first, other, aired}, []*news.Story{Published(5, c.first), there(other, aired)})
			if have := shape(cluster.Build(Desk, n)); have != second {
				t.Errorf("%s, want %s", have, second)
			}
		})
	}
}
