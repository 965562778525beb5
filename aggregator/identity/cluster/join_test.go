package cluster_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const segment = "https://kmsa.example/audio/fence-gap.mp3"

func two(a, b []change) []*news.Item {
	return []*news.Item{Item(1, "kmsa", "fence", a...), Item(2, "ajo", "gap", b...)}
}

func TestItemsWithOneAddressAreEqual(t *testing.T) {
	link := URL(original)
	all(t, []fall{
		{"two items of two feeds", two(nil, []change{link}), "1=2(J2)", ""},
		{"not where one had it before", two(nil, []change{func(i *news.Item) { i.Links = append([]string{original}, i.Links...) }}), "1 | 2", ""},
		{"not where it is a home page", two([]change{URL("https://kmsa.example/")}, []change{URL("https://kmsa.example/")}), "1 | 2", ""},
		{"not where a feed has it twice", append(two(nil, []change{link}), Item(3, "kmsa", "fence", GUID("another"))), "1 | 2 | 3", ""},
		{"what one of them claims all claim", append(two(nil, []change{link, Claim(evidence.FromPage, elsewhere)}), Item(3, "kdem", "dam", Claim(evidence.FromPage, original))),
			"propublica.org/article/who-pays-for-the-canal + 1=2(J2)(J1) + 3(J1)", ""},
	})
	t.Run("not where the feed's addresses are distrusted", func(t *testing.T) {
		n := Neighborhood(two(nil, []change{link}), nil)
		n.Memories["https://ajo.example/rss.xml"] = visit.Memory{Unidentified: []string{Desk.Key(original)}}
		fall{want: "1 | 2"}.check(t, n)
	})
}

func TestItemsWithOneGlobalGUIDAreEqual(t *testing.T) {
	const tag, uuid = "tag:kmsa.example,2031:fence", "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427"
	both := func(guid string, a, b string, more ...change) []*news.Item {
		return two(append([]change{GUID(guid), Title(a)}, more...), append([]change{GUID(guid), Title(b)}, more...))
	}
	const same = "fence gap closed"
	all(t, []fall{
		{"a tag: and one headline", both(tag, same, same), "1=2(J3)", ""},
		{"a UUID, and three of five words of the headlines", both(uuid, "fence gap closed before dawn", "fence gap closed after rain"), "1=2(J3)", ""},
		{"an address on the host of either station", both("https://kmsa.example/?p=7781", same, same), "1=2(J3)", ""},
		{"of the other as well", both("https://ajo.example/?p=7781", same, same), "1=2(J3)", ""},
		{"an address on NPR's host", both("https://www.npr.org/2031/02/04/881210034/fence", same, same), "1=2(J3)", ""},
		{"headlines that differ are shown", both(tag, "fence gap closed before dawn", "fence gap closed after heavy rain"), "1 | 2", "1 same-guid, 2 same-guid"},
		{"but not where the audio is one", both(tag, same, "dam report", Audio(segment)), "1=2(J3)", ""},
		{"a short text is no such form", both("7781", same, same), "1 | 2", ""},
		{"nor is the UUID of zeros", both("urn:uuid:00000000-0000-0000-0000-000000000000", same, same), "1 | 2", ""},
		{"nor an address on the host of a third station", both("https://kdem.example/?p=7781", same, same), "1 | 2", ""},
		{"a GUID that was used again says nothing", both(tag, same, same, func(i *news.Item) { i.Reused = true }), "1 | 2", ""},
	})
}

func TestItemsWithOneAudioFileJoin(t *testing.T) {
	both := func(a, b string) []*news.Item {
		return two([]change{Title(a), Audio(segment)}, []change{Title(b), Audio(segment), Dated(Noon)})
	}
	const same = "fence gap closed"
	all(t, []fall{
		{"where half of the headlines agrees", both("fence gap closed dawn", "fence gap opened again"), "1 + 2(J4)", ""},
		{"a third that agrees is shown", both("fence gap closed dawn", "fence gap opened again today twice"), "1 | 2", "1 same-audio, 2 same-audio"},
		{"a feed that has it twice has a program", append(both(same, same), Item(3, "kmsa", "dam", Audio(segment))), "1 | 2 | 3", ""},
		{"a picture is no audio", two(
			[]change{Title(same), func(i *news.Item) {
				i.Entry.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/fence.jpg", Type: "image/jpeg"}}
			}},
			[]change{Title(same), func(i *news.Item) {
				i.Entry.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/fence.jpg", Type: "image/jpeg"}}
			}}), "1 | 2", ""},
	})
	t.Run("what is one story already is not shown", func(t *testing.T) {
		items := both(same, "dam report")
		fall{want: "1 | 2"}.check(t, Neighborhood(items, []*news.Story{Published(5, items...)}))
	})
}

// alike returns two items with those texts, the second of them the later one, and what else is said
// of both.
func alike(a, b string, more ...change) []*news.Item {
	return two(append([]change{Text(a)}, more...), append([]change{Text(b), Dated(Noon)}, more...))
}

func TestTextsThatAgreeJoin(t *testing.T) {
	reporter := By("Rosa Vidal")
	whole := Words(0, 154) // of 150 five-word runs
	rewritten := func(last int) string { return Words(0, 154-last) + " " + Words(1000, 1000+last) }
	apart := func(d time.Duration) []*news.Item {
		return two([]change{Text(whole), reporter, Dated(Noon.Add(-d))}, []change{Text(whole), reporter, Dated(Noon)})
	}
	const doubt = "1 probable-copy, 2 probable-copy"
	all(t, []fall{
		{"four fifths, and one reporter", alike(whole, rewritten(30), reporter), "1 + 2(J5)", ""},
		{"a run less is shown", alike(whole, rewritten(31), reporter), "1 | 2", doubt},
		{"half is shown", alike(whole, rewritten(75), reporter), "1 | 2", doubt},
		{"less than half is not", alike(Words(1000, 1076)+" "+Words(76, 154), whole, reporter), "1 | 2", ""},
		{"less than half is shown where they begin alike", alike(whole, rewritten(76), reporter), "1 | 2", doubt},
		{"150 words", alike(Words(0, 150), Words(0, 150), reporter), "1 + 2(J5)", ""},
		{"149 words are shown", alike(Words(0, 149), Words(0, 149)), "1 | 2", doubt},
		{"149 of the longer's words are shown", alike(Words(0, 300), Words(100, 249), reporter), "1 | 2", doubt},
		{"80 words are measured", alike(Words(0, 300), Words(100, 180), reporter), "1 | 2", doubt},
		{"79 are not", alike(Words(0, 300), Words(100, 179), reporter), "1 | 2", ""},
		{"a text that was trimmed is its part", alike(Words(0, 600), Words(200, 360), reporter), "1 + 2(J5)", ""},
		{"72 hours apart", apart(72 * time.Hour), "1 + 2(J5)", ""},
		{"a minute more is shown, since they begin alike", apart(72*time.Hour + time.Minute), "1 | 2", doubt},
		{"what has no date is not apart", alike(whole, whole, reporter, Dated(time.Time{})), "2 + 1(J5)", ""},
		{"a language that is not known is shown", alike(whole, whole, reporter, withoutLanguage), "1 | 2", doubt},
		{"texts that agree and nothing else are shown", alike(whole, whole), "1 | 2", doubt},
		{"the same wire", alike(whole, whole, By("The Associated Press")), "1 + 2(J5)", ""},
		{"another wire is shown", two([]change{Text(whole), By("The Associated Press")}, []change{Text(whole), By("Reuters")}), "1 | 2", doubt},
		{"one credits the other's station", two([]change{Text(whole)}, []change{Text(whole), By("KMSA Mesilla")}), "1 + 2(J5)", ""},
		{"one credits a third station, which is shown", two([]change{Text(whole)}, []change{Text(whole), By("KDEM Deming")}), "1 | 2", doubt},
		{"both credit a third station", alike(whole, whole, By("KDEM Deming")), "1 + 2(J5)", ""},
		{"both have an office's byline, which is shown", alike(whole, whole, By("Web Producer")), "1 | 2", doubt},
		{"both have a station's byline as its own, which is shown", two([]change{Text(whole), By("KMSA Mesilla Staff")}, []change{Text(whole), By("Radio Ajo Staff")}), "1 | 2", doubt},
		{"the same audio under different headlines", alike(whole, whole, Audio(segment)), "1 + 2(J5)", "1 same-audio, 2 same-audio"},
	})
	t.Run("two that are published already are shown", func(t *testing.T) {
		items := alike(whole, whole, reporter)
		fall{want: "1 | 2", notes: doubt}.check(t, Neighborhood(items, []*news.Story{Published(5, items[0]), Published(6, items[1])}))
	})
	t.Run("one that is published takes a new one", func(t *testing.T) {
		items := alike(whole, whole, reporter)
		fall{want: "1 + 2(J5)"}.check(t, Neighborhood(items, []*news.Story{Published(5, items[0])}))
	})
	t.Run("a doubt within one published story is not shown", func(t *testing.T) {
		items := alike(whole, whole)
		fall{want: "1 | 2"}.check(t, Neighborhood(items, []*news.Story{Published(5, items...)}))
	})
}

func TestThereAreNoChains(t *testing.T) {
	reporter := By("Rosa Vidal")
	at := func(n uint64, station string, minutes int, text string, more ...change) *news.Item {
		return Item(n, station, "as-told-by-"+station, append([]change{Text(text), reporter, Dated(Noon.Add(time.Duration(minutes-60) * time.Minute))}, more...)...)
	}
	first, second, third := Words(0, 154), Words(0, 124)+" "+Words(1000, 1030), Words(30, 124)+" "+Words(1000, 1060)
	t.Run("what is like a copy and not like the original stays outside", func(t *testing.T) {
		fall{want: "1 + 2(J5) | 3", notes: "1 probable-copy, 3 probable-copy, 2 not by J5: a stronger edge leads elsewhere"}.check(t, Neighborhood([]*news.Item{at(1, "kmsa", 0, first), at(2, "ajo", 10, second), at(3, "kdem", 20, third)}, nil))
	})
	t.Run("where the one in the middle comes first both are like it", func(t *testing.T) {
		fall{want: "2 + 1(J5) + 3(J5)"}.check(t, Neighborhood([]*news.Item{at(1, "kmsa", 10, first), at(2, "ajo", 0, second), at(3, "kdem", 20, third)}, nil))
	})
	t.Run("where others credit the one in the middle, it is the root though it came last", func(t *testing.T) {
		credit := func(i *news.Item) { i.Entry.Byline = "Rosa Vidal (Radio Ajo)" }
		fall{want: "2 + 1(J5) + 3(J5)"}.check(t, Neighborhood([]*news.Item{at(1, "kmsa", 10, first, credit), at(2, "ajo", 20, second), at(3, "kdem", 0, third, credit)}, nil))
	})
	t.Run("where its own byline names its station as well", func(t *testing.T) {
		fall{want: "2 + 1(J5) + 3(J5)"}.check(t, Neighborhood([]*news.Item{
			at(1, "kmsa", 10, first), at(2, "ajo", 20, second, func(i *news.Item) { i.Entry.Byline = "Rosa Vidal (Radio Ajo)" }), at(3, "kdem", 0, third)}, nil))
	})
	t.Run("where its byline is on its own roster as well", func(t *testing.T) {
		fall{want: "2 + 1(J5) + 3(J5)"}.check(t, Neighborhood([]*news.Item{
			at(1, "ajo", 10, first, By("Lee Orr")), at(2, "kdem", 20, second, By("Lee Orr")), at(3, "kmsa", 0, third, By("Lee Orr"))}, nil))
	})
}

func TestWhatAnEditorJoined(t *testing.T) {
	const drinks, owns = "https://propublica.org/article/who-drinks-the-water", "https://propublica.org/article/who-owns-the-well"
	a, b := Claim(evidence.FromPage, elsewhere), Claim(evidence.FromPage, drinks)
	for _, c := range []struct {
		fall
		rulings []news.Ruling
	}{
		{fall{"is equal", two(nil, nil), "1=2(ruling)", ""}, []news.Ruling{join(1, 1, 2)}},
		{fall{"is not after a later split", two(nil, nil), "1 | 2", ""}, []news.Ruling{join(1, 1, 2), split(2, 1, 2)}},
		{fall{"makes one of the two originals that they claim, for all that claim them", append(two([]change{a, canals}, []change{b}), Item(3, "kdem", "dam", canals, a), Item(4, "bisbee", "dam", canals, b)),
			"propublica.org/article/who-drinks-the-water + 1=2(ruling)(J1) + 3(J1) + 4(J1)", ""}, []news.Ruling{join(1, 1, 2)}},
		{fall{"makes one of three originals, whichever two were joined first", append(two([]change{a}, []change{b}), Item(3, "kdem", "dam", Claim(evidence.FromPage, owns)), Item(4, "bisbee", "dam", Claim(evidence.FromPage, owns))),
			"propublica.org/article/who-drinks-the-water + 1=2=3(ruling)(J1) + 4(J1)", ""}, []news.Ruling{join(1, 1, 3), join(2, 2, 3)}},
		{fall{"makes one of three originals, in the other order", append(two([]change{a}, []change{b}), Item(3, "kdem", "dam", Claim(evidence.FromPage, owns)), Item(4, "bisbee", "dam", Claim(evidence.FromPage, owns))),
			"propublica.org/article/who-drinks-the-water + 1=2=3(ruling)(J1) + 4(J1)", ""}, []news.Ruling{join(1, 2, 3), join(2, 1, 3)}},
		{fall{"has the claim of the one that makes one", append(two(nil, []change{a, canals}), Item(3, "kdem", "dam", canals, a)),
			"propublica.org/article/who-pays-for-the-canal + 1=2(ruling)(J1) + 3(J1)", ""}, []news.Ruling{join(1, 1, 2)}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil, c.rulings...)) })
	}
}

func TestAnOriginalThatIsClaimedByTwoOfItsAddressesIsOneRoot(t *testing.T) {
	before := "https://kmsa.example/2031/02/old-slug"
	moved := func(i *news.Item) { i.Links = append([]string{before}, i.Links...) }
	copies := []*news.Item{claimed(moved), Item(2, "ajo", "gap", Claim(evidence.FromPage, original)), Item(3, "kdem", "gap", Claim(evidence.FromPage, before))}
	fall{want: "1 + 2(J1) + 3(J1)"}.check(t, Neighborhood(copies, nil))
	n := Neighborhood(append(copies, Item(4, "bisbee", "gap")), []*news.Story{Published(5, copies[0])})
	n.Returned = map[uint64]uint64{4: 5}
	fall{want: "1 + 2(J1) + 3(J1) + 4(J1)"}.check(t, n)
}

func TestWhetherAnItemPointsAtAnothers(t *testing.T) {
	page := func(station string) change {
		return Claim(evidence.FromPage, "https://"+station+".example/2031/02/fence")
	}
	twin := GUID("tag:kmsa.example,2031:fence")
	for _, c := range []struct {
		name  string
		item  *news.Item
		more  []*news.Item
		story uint64
		want  bool
	}{
		{"one without a claim does not", Item(2, "ajo", "fence"), nil, 0, false},
		{"one with a claim does", Item(2, "ajo", "fence", page("kmsa")), nil, 0, true},
		{"one that links to another's page does", Item(2, "ajo", "fence", URL(elsewhere), Claim(evidence.FromLink, elsewhere)), nil, 0, true},
		{"one in a circle does", Item(2, "ajo", "fence", page("kdem")), []*news.Item{Item(3, "kdem", "fence", page("ajo"))}, 0, true},
		{"one that came back through the desk's feed does", Item(2, "ajo", "fence"), nil, 5, true},
		{"the item whose address its equal claims does not", Item(2, "ajo", "fence", twin), []*news.Item{Item(3, "kdem", "fence", twin, page("ajo"))}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(append(c.more, c.item, claimed()), []*news.Story{Published(5, claimed())})
			if c.story != 0 {
				n.Returned = map[uint64]uint64{2: c.story}
			}
			r := cluster.Build(Desk, n)
			if have := r.Claims(n.Item(2)); have != c.want {
				t.Errorf("%v, in %s", have, shape(r))
			}
		})
	}
}

func TestTheStrongestEdgeWins(t *testing.T) {
	reporter := By("Rosa Vidal")
	root := func(n uint64, station string, minutes int, text string, more ...change) *news.Item {
		return Item(n, station, "as-told-by-"+station, append([]change{Text(text), reporter, Dated(Noon.Add(time.Duration(minutes-60) * time.Minute))}, more...)...)
	}
	const lost = "3 not by J5: a stronger edge leads elsewhere"
	for _, c := range []fall{
		{"by text", []*news.Item{root(1, "kmsa", 0, Words(60, 220)), root(2, "ajo", 10, Words(0, 154)), root(3, "kdem", 20, Words(30, 190))},
			"1 + 3(J5) | 2", "1 probable-copy, 2 probable-copy, " + lost},
		{"by rule before text", []*news.Item{root(1, "kmsa", 0, Words(60, 220), Audio(segment), Title("fence gap closed dawn")), root(2, "ajo", 10, Words(0, 154)),
			root(3, "kdem", 20, Words(30, 190), Audio(segment), Title("fence gap opened again"))}, "1 + 3(J4) | 2",
			"1 probable-copy, 2 probable-copy, " + lost},
		{"to one of two that are equal by rule before text", []*news.Item{
			root(1, "kmsa", 0, Words(0, 154), Title("fence gap closed dawn"), GUID("tag:kmsa.example,2031:fence")),
			root(2, "ajo", 10, "In short.", Title("fence gap closed dawn"), GUID("tag:kmsa.example,2031:fence"), Audio(segment)),
			root(3, "kdem", 20, Words(0, 154), Title("fence gap opened again"), Audio(segment))}, "1=2(J3) + 3(J4)", ""},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil)) })
	}
}

func TestMoreItemsThanTheDeskHasFeeds(t *testing.T) {
	copies := func(feeds ...string) []*news.Item {
		list := []*news.Item{claimed()}
		for k, f := range feeds {
			list = append(list, Item(uint64(k+2), "ajo", fmt.Sprint("gap-", k), In(f), Title("gap"), Claim(evidence.FromPage, original)))
		}
		return list
	}
	t.Run("as many as there are feeds come together", func(t *testing.T) {
		fall{want: "1 + 2(J1) + 3(J1) + 4(J1) + 5(J1)"}.check(t, Neighborhood(copies("a", "b", "c", "d"), nil))
	})
	t.Run("one more stays outside and is shown", func(t *testing.T) {
		fall{want: "1 + 2(J1) + 3(J1) + 4(J1) + 5(J1) | 6", notes: "6 oversize, 6 not by J1: V9"}.check(t, Neighborhood(copies("a", "b", "c", "d", "e"), nil))
	})
	t.Run("what hangs together with too much stays outside", func(t *testing.T) {
		n := Neighborhood(copies("a", "b"), nil)
		n.Oversize = map[uint64]bool{2: true}
		fall{want: "1 + 3(J1) | 2", notes: "2 oversize, 2 not by J1: V9"}.check(t, n)
	})
	t.Run("an original of that kind takes nothing", func(t *testing.T) {
		n := Neighborhood(copies("a"), nil)
		n.Oversize = map[uint64]bool{1: true}
		fall{want: "1 | 2", notes: "2 oversize, 2 not by J1: V9"}.check(t, n)
	})
}

func TestWhatIsOnlyLikeAWithdrawnStoryWaits(t *testing.T) {
	whole, reporter := Words(0, 154), By("Rosa Vidal")
	for _, c := range []struct {
		name   string
		change func(root, other *news.Item) (stories []*news.Story)
		want   string
		held   []uint64
		flag   bool
	}{
		{"a new item by its text", func(root, _ *news.Item) []*news.Story { return []*news.Story{Published(5, root)} }, "1 | 2", []uint64{2}, true},
		{"a new item by its audio", func(root, other *news.Item) []*news.Story {
			for _, i := range []*news.Item{root, other} {
				i.Entry.Byline, i.Entry.Authors, i.Entry.Title = "", nil, "fence gap closed"
				Audio(segment)(i)
			}
			return []*news.Story{Published(5, root)}
		}, "1 | 2", []uint64{2}, true},
		{"one that is published stays so, and is shown", func(root, other *news.Item) []*news.Story {
			for _, i := range []*news.Item{root, other} {
				i.Entry.Title = "fence gap closed"
				Audio(segment)(i)
			}
			return []*news.Story{Published(5, root), Published(6, other)}
		}, "1 | 2", nil, true},
		{"one that is held already is shown", func(root, other *news.Item) []*news.Story {
			other.Hold = &news.ItemHold{Kind: news.HoldFlood, Since: Noon}
			return []*news.Story{Published(5, root)}
		}, "1 | 2", nil, true},
		{"one of that very story stays in it", func(root, other *news.Item) []*news.Story { return []*news.Story{Published(5, root, other)} }, "1 + 2(J5)", nil, false},
		{"what claims it falls under it", func(root, other *news.Item) []*news.Story {
			Claim(evidence.FromPage, original)(other)
			return []*news.Story{Published(5, root)}
		}, "1 + 2(J1)", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := alike(whole, whole, reporter)
			stories := c.change(items[0], items[1])
			stories[0].Status = news.Retracted
			n := Neighborhood(items, stories)
			r := cluster.Build(Desk, n)
			if have := shape(r); have != c.want || !slices.Equal(r.Held, c.held) || r.Flagged(n.Item(2), news.FlagWithdrawn) != c.flag {
				t.Errorf("they are %s, held %v, noted %q", have, r.Held, notes(r))
			}
		})
	}
	t.Run("a live story holds nothing", func(t *testing.T) {
		items := alike(whole, whole, reporter)
		fall{want: "1 + 2(J5)"}.check(t, Neighborhood(items, []*news.Story{Published(5, items[0])}))
	})
}

func TestWhatBelongsToTwoStoriesIsShown(t *testing.T) {
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  string
	}{
		{"by audio", two([]change{Audio(segment), Title("fence gap closed")}, []change{Audio(segment), Title("fence gap closed")}), "1 same-audio, 2 same-audio"},
		{"by text", alike(Words(0, 154), Words(0, 154), By("Rosa Vidal")), "1 probable-copy, 2 probable-copy"},
		{"and nothing where nothing is alike", two(nil, nil), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil)
			r := cluster.Build(Desk, n)
			if r.Note(r.Across(n.Item(1), n.Item(2))...); notes(r) != c.want {
				t.Errorf("noted is %q, want %q", notes(r), c.want)
			}
		})
	}
}
