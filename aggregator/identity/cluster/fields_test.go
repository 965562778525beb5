package cluster_test

import (
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const (
	told  = "Who drinks when the wells run dry"
	ended = "who-drinks-when-the-wells-run-dry"
)

func at(end string) change {
	return func(i *news.Item) { URL("https://" + i.Station + ".example/news/2031-02-04/" + end + ".html")(i) }
}

// released returns two items with one headline, and what else is said of each.
func released(a, b []change) []*news.Item {
	return two(append([]change{Title(told)}, a...), append([]change{Title(told)}, b...))
}

func TestOneHeadlineAndAnotherFieldJoin(t *testing.T) {
	rosa, slug := By("Rosa Vidal"), at(ended)
	const doubt = "1 same-title, 2 same-title"
	later := func(d time.Duration) change { return Dated(Noon.Add(-time.Hour + d)) }
	all(t, []fall{
		{"a reporter", released([]change{rosa}, []change{rosa}), "2 + 1(J6)", ""},
		{"the end of the address makes them equal", released([]change{slug}, []change{slug}), "1=2(J6)", ""},
		{"both", released([]change{slug, rosa}, []change{slug, rosa}), "1=2(J6)", ""},
		{"where one names nobody the address must agree", released([]change{slug, rosa}, []change{slug}), "1=2(J6)", ""},
		{"one of several reporters", released([]change{rosa}, []change{By("Kim Day and Rosa Vidal")}), "2 + 1(J6)", ""},
		{"nothing else is shown", released(nil, nil), "1 | 2", doubt},
		{"other people are shown, whatever the address says", released([]change{slug, rosa}, []change{slug, By("Kim Day")}), "1 | 2", doubt + ", 1 not by J6: V10"},
		{"an office is no reporter", released([]change{By("Web Producer")}, []change{By("Web Producer")}), "1 | 2", doubt},
		{"24 hours apart", released([]change{rosa}, []change{rosa, later(24 * time.Hour)}), "1 + 2(J6)", ""},
		{"a minute more is shown", released([]change{rosa}, []change{rosa, later(24*time.Hour + time.Minute)}), "1 | 2", doubt},
		{"72 hours and a minute say nothing", released([]change{rosa}, []change{rosa, later(72*time.Hour + time.Minute)}), "1 | 2", ""},
		{"what has no date is not of one day", released([]change{rosa}, []change{rosa, Dated(time.Time{})}), "1 | 2", ""},
		{"four words are shown", two([]change{Title("Four dry wells found"), rosa}, []change{Title("Four dry wells found"), rosa}), "1 | 2", doubt},
		{"three words say nothing", two([]change{Title("Wells run dry"), rosa}, []change{Title("Wells run dry"), rosa}), "1 | 2", ""},
		{"articles, marks and houses do not count", two([]change{Title("KMSA News: Who drinks when wells run dry?"), rosa},
			[]change{Title("‘Who drinks when the wells run dry’ | Radio Ajo"), rosa}), "2 + 1(J6)", ""},
		{"a word that denies does", two([]change{Title("Governor will sign the water bill"), rosa}, []change{Title("Governor will not sign the water bill"), rosa}), "1 | 2", doubt},
		{"a weekday's edition says nothing", two([]change{Title("Weekday morning newscast: Monday, February 3"), rosa},
			[]change{Title("Weekday morning newscast: Monday, February 3"), rosa}), "1 | 2", ""},
		{"texts that differ are shown", released([]change{rosa, Text(Words(0, 154))}, []change{rosa, Text(Words(1000, 1154))}), "1 | 2", doubt},
		{"of a teaser's text nothing is asked", released([]change{rosa, Text(Words(0, 154))}, []change{rosa, Text(Words(1000, 1040))}), "1 + 2(J6)", ""},
		{"openings with other numbers are shown", released([]change{rosa, Text(Words(0, 30) + " 12 hurt, 4 saved")}, []change{rosa, Text(Words(0, 30) + " 13 hurt, 5 saved")}),
			"1 | 2", "1 same-title, 1 probable-copy, 2 same-title, 2 probable-copy, 1 not by J6: V7, 1 not by J7: V7"},
		{"two languages are two stories", released([]change{rosa}, []change{rosa, Language("es")}), "1 | 2", "1 not by J6: V2, 2 not by J6: V2"},
	})
	t.Run("a headline that comes again in either feed says nothing", func(t *testing.T) {
		n := Neighborhood(released([]change{rosa}, []change{rosa}), nil)
		n.Recurring = map[uint64]bool{2: true}
		fall{want: "1 | 2"}.check(t, n)
	})
	t.Run("unless reporter, minute and end of the address are the same", func(t *testing.T) {
		n := Neighborhood(released([]change{rosa, slug}, []change{rosa, slug}), nil)
		n.Recurring = map[uint64]bool{1: true, 2: true}
		fall{want: "1=2(J6)"}.check(t, n)
	})
	t.Run("two that are published already are shown, also where a third is equal to both", func(t *testing.T) {
		items := append(released([]change{rosa, slug}, []change{rosa, slug}), Item(3, "kdem", "dam", Title(told), rosa, slug))
		r := cluster.Build(Desk, Neighborhood(items, []*news.Story{Published(5, items[0]), Published(6, items[1])}))
		if have := shape(r); have != "1 | 2=3(J6)" {
			t.Errorf("they are %s", have)
		}
	})
	t.Run("five that are equal are one, whoever came first", func(t *testing.T) {
		var items []*news.Item
		for n, station := range []string{"kmsa", "ajo", "kdem", "bisbee"} {
			items = append(items, Item(uint64(n+1), station, "dam", Title(told), rosa, slug, later(time.Duration(5-n)*time.Hour)))
		}
		fall{want: "1=2=3=4(J6)"}.check(t, Neighborhood(items, nil))
	})
}

func TestAnEditedHeadlineAtOneAddress(t *testing.T) {
	rosa, slug := By("Rosa Vidal"), at(ended)
	edited := func(title string, more ...change) []*news.Item {
		return two([]change{Title(told), rosa, slug}, append([]change{Title(title), rosa, slug}, more...))
	}
	all(t, []fall{
		{"half of it and the reporter", edited("Who drinks when the wells fall dry again", Dated(Noon)), "1 + 2(J6)", ""},
		{"the minute and the reporter make them equal", edited("Empty buckets all over town"), "1=2(J6)", ""},
		{"neither is shown", edited("Empty buckets all over town", Dated(Noon)), "1 | 2", "1 probable-copy, 2 probable-copy"},
		{"another address says nothing", edited("Empty buckets all over town", at("empty-buckets-all-over-the-town")), "1 | 2", ""},
		{"another reporter says nothing", edited("Empty buckets all over town", By("Kim Day")), "1 | 2", ""},
		{"another count is shown", two([]change{Title("Storm kills 6 in the valley"), rosa, at("storm-kills-6-in-the-valley")}, []change{Title("Storm kills 14 in the valley"), rosa, at("storm-kills-6-in-the-valley")}),
			"1 | 2", "1 probable-copy, 2 probable-copy, 1 not by J6: V7"},
		{"nearly one headline and the reporter are shown", two([]change{Title("Who drinks when the deep wells run dry"), rosa}, []change{Title("Who drinks when the old wells run dry"), rosa}),
			"1 | 2", "1 same-title, 2 same-title"},
	})
	t.Run("what was joined stays so when a headline is edited", func(t *testing.T) {
		items := edited("Empty buckets all over town", Dated(Noon), at("buckets"))
		story := Published(5, items...)
		story.Edges[1].Rule = news.J6
		fall{want: "1 + 2(J6)"}.check(t, Neighborhood(items, []*news.Story{story}))
	})
}

func TestShortTextsThatBeginAlikeJoin(t *testing.T) {
	rosa := By("Rosa Vidal")
	const doubt = "1 probable-copy, 2 probable-copy"
	short := func(a, b string, more ...change) []*news.Item { return alike(a, b, more...) }
	one := Title("fence gap closed dawn")
	longer := func(a, b string) []*news.Item { // one headline is the beginning of the other
		return two([]change{one, Text(a), rosa}, []change{Title("fence gap closed"), Text(b), rosa, Dated(Noon)})
	}
	all(t, []fall{
		{"25 words and a reporter", longer(Words(0, 25), Words(0, 25)), "1 + 2(J7)", ""},
		{"24 words say nothing", short(Words(0, 24), Words(0, 24), rosa), "1 | 2", ""},
		{"half of the headline is shown", two([]change{Title("fence gap closed dawn"), Text(Words(0, 40))}, []change{Title("fence gap opened again"), Text(Words(0, 40))}), "1 | 2", doubt},
		{"six tenths of the headline", two([]change{one, Text(Words(0, 40))}, []change{Title("fence gap closed again"), Text(Words(0, 40))}), "2 + 1(J7)", ""},
		{"a teaser of a whole text", two([]change{Text(Words(0, 300)), rosa}, []change{Text(Words(0, 40)), rosa}), "1 + 2(J7)", ""},
		{"four fifths of the shorter", longer(Words(0, 24)+" "+Words(1000, 1004), Words(0, 60)), "1 + 2(J7)", ""},
		{"less says nothing", short(Words(0, 22)+" "+Words(1000, 1010), Words(0, 60), rosa), "1 | 2", ""},
		{"other people are shown", two([]change{one, Text(Words(0, 40)), rosa}, []change{Title("gap closed dawn"), Text(Words(0, 40)), By("Kim Day")}), "1 | 2", doubt + ", 1 not by J7: V10"},
		{"nothing else is shown", short(Words(0, 40), Words(0, 40)), "1 | 2", doubt},
	})
	week := two([]change{Text(Words(0, 40)), rosa, Dated(Noon.Add(-7 * 24 * time.Hour))}, []change{Text(Words(0, 40)), rosa, Dated(Noon)})
	fall{name: "a week apart is shown", items: week, want: "1 | 2", notes: doubt}.check(t, Neighborhood(week, nil))
}

func TestARoundUpIsNobodysCopy(t *testing.T) {
	both := By("Rosa Vidal and Kim Day")
	wells, roads := Words(0, 160), Words(1000, 1160)
	const doubts = "1 probable-copy, 2 probable-copy, 3 probable-copy, 3 probable-copy"
	for _, c := range []fall{
		{"after both", []*news.Item{Item(1, "kmsa", "wells", Text(wells), By("Rosa Vidal")), Item(2, "ajo", "roads", Text(roads), By("Kim Day")),
			Item(3, "kdem", "week", Text(wells+" "+roads), both, Dated(Noon))}, "1 | 2 | 3", doubts},
		{"before both", []*news.Item{Item(1, "kmsa", "wells", Text(wells), By("Rosa Vidal"), Dated(Noon)), Item(2, "ajo", "roads", Text(roads), By("Kim Day"), Dated(Noon)),
			Item(3, "kdem", "week", Text(wells+" "+roads), both)}, "1 | 2 | 3", doubts},
		{"with one of them, since it names further people", []*news.Item{Item(1, "kmsa", "wells", Text(wells), By("Rosa Vidal")),
			Item(3, "kdem", "week", Text(wells+" "+roads), both, Dated(Noon))}, "1 | 3", "1 probable-copy, 3 probable-copy"},
		{"a copy that was added to names nobody else", []*news.Item{Item(1, "kmsa", "wells", Text(wells), By("Rosa Vidal")),
			Item(3, "kdem", "week", Text(wells+" "+roads), By("Rosa Vidal"), Dated(Noon))}, "1 + 3(J5)", ""},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil)) })
	}
}

func TestTheWordsOfNearlyOneHeadline(t *testing.T) {
	for title, want := range map[string]string{
		"How the valley keeps its seed potatoes":    "both name Rosa Vidal, and their headlines differ by small words alone: join them if they are one",
		"The valley now keeps its seed potatoes":    "both name Rosa Vidal, and 89 % of their headlines agrees: join them if they are one",
		"The valley keeps its seed potatoes anyway": "both name Rosa Vidal, and 89 % of their headlines agrees: join them if they are one",
	} {
		n := Neighborhood(two([]change{Title("The valley keeps its seed potatoes"), By("Rosa Vidal")}, []change{Title(title), By("Rosa Vidal")}), nil)
		if flags := cluster.Build(Desk, n).Flags[1]; len(flags) != 1 || flags[0].Why != want {
			t.Errorf("%q: %+v, want %q", title, flags, want)
		}
	}
}
