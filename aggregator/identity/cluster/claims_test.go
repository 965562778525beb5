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

func TestACopyWithItsOriginalsAddressJoinsIt(t *testing.T) {
	copied := func(more ...change) []*news.Item { return []*news.Item{claimed(), Item(2, "ajo", "gap", more...)} }
	guid := evidence.FromGUID
	all(t, []fall{
		{"its page names it as canonical", copied(Claim(evidence.FromPage, original)), "1 + 2(J1)", ""},
		{"its feed names it as canonical", copied(Claim(evidence.FromFeed, original)), "1 + 2(J1)", ""},
		{"its text says that it was published there", copied(Claim(evidence.FromSentence, original)), "1 + 2(J1)", ""},
		{"its link led there", copied(Claim(evidence.FromLink, original)), "1 + 2(J1)", ""},
		{"it was found there", copied(Claim(evidence.FromVia, original)), "1 + 2(J1)", ""},
		{"its guid is that address, and three of five words of the headlines agree",
			[]*news.Item{claimed(Title("fence gap closed before dawn")), Item(2, "ajo", "gap", Title("fence gap closed after rain"), Claim(guid, original))}, "1 + 2(J1)", ""},
		{"its guid is that address, but three of six words agree with five",
			[]*news.Item{claimed(Title("fence gap closed before dawn")), Item(2, "ajo", "gap", Title("fence gap closed after heavy rain"), Claim(guid, original))}, "1 | 2", ""},
		{"two copies claim an original that nobody has seen",
			[]*news.Item{Item(2, "ajo", "gap", canals, Claim(evidence.FromPage, elsewhere)), Item(3, "kdem", "dam", canals, Claim(evidence.FromFeed, elsewhere))},
			"propublica.org/article/who-pays-for-the-canal + 2(J1) + 3(J1)", ""},
		{"its own link is the address of an original that nobody has seen", []*news.Item{Item(2, "ajo", "gap", URL(elsewhere), Claim(evidence.FromLink, elsewhere))},
			"propublica.org/article/who-pays-for-the-canal + 2(J1)", ""},
		{"an address that the original had before", []*news.Item{
			Item(1, "kmsa", "new", func(i *news.Item) { i.Links = append([]string{original}, i.Links...) }), Item(2, "ajo", "gap", Claim(evidence.FromPage, original))}, "1 + 2(J1)", ""},
		{"the stronger of two claims counts, whichever was read first",
			[]*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromVia, original), Claim(evidence.FromPage, elsewhere)), claimed()},
			"1 | propublica.org/article/who-pays-for-the-canal + 2(J1)", ""},
		{"the next claim counts where the strongest does not",
			copied(Claim(evidence.FromPage, "https://kmsa.example/"), Claim(evidence.FromFeed, original)), "1 + 2(J1)", ""},
	})
}

func TestAClaimThatDoesNotCount(t *testing.T) {
	copied := func(more ...change) []*news.Item { return []*news.Item{claimed(), Item(2, "ajo", "gap", more...)} }
	page := evidence.FromPage
	all(t, []fall{
		{"one that is no longer made", copied(func(i *news.Item) {
			i.Claims = []news.Claim{{Source: page, URL: original, Key: Desk.Key(original), First: Noon.Add(-time.Hour), Last: Noon}}
		}), "1 | 2", ""},
		{"but that is one where another item has that address",
			[]*news.Item{Item(2, "ajo", "gap", Claim(page, "https://ajo.example/2031/02/dam")), Item(3, "ajo", "dam", In("https://ajo.example/more.xml"))}, "3 + 2(J1)", ""},
		{"one of a home page", copied(Claim(page, "https://kmsa.example/")), "1 | 2", ""},
		{"one of a home page that an item has as its address",
			[]*news.Item{claimed(URL("https://kmsa.example/")), Item(2, "ajo", "gap", Claim(page, "https://kmsa.example/"))}, "1 | 2", ""},
		{"one of a section page that no item has", copied(Claim(page, "https://kmsa.example/news/border")), "1 | 2", ""},
		{"but it is one where an item has that page",
			[]*news.Item{claimed(URL("https://kmsa.example/news/border")), Item(2, "ajo", "gap", Claim(page, "https://kmsa.example/news/border"))}, "1 + 2(J1)", ""},
		{"one of an address that two items of its feed share",
			[]*news.Item{claimed(), Item(3, "kmsa", "fence", GUID("another")), Item(2, "ajo", "gap", Claim(page, original))}, "1 | 2 | 3", ""},
		{"that it was found where no item is", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromVia, elsewhere))}, "2", ""},
		{"a guid on somebody's host where no item is", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromGUID, elsewhere))}, "2", ""},
		{"one on a host that nobody lists is shown", copied(Claim(page, "https://stranger.example/2031/02/fence")), "1 | 2", "2 unlisted-origin"},
		{"one of another item of its own feed is shown",
			[]*news.Item{Item(2, "ajo", "gap", Claim(page, "https://ajo.example/2031/02/dam")), Item(3, "ajo", "dam")}, "2 | 3", "2 same-feed, 2 not by J1: V1"},
		{"one of a story in another language is shown", copied(Claim(page, original), Language("es")), "1 | 2", "2 claim-across-languages, 1 not by J1: V2, 2 not by J1: V2"},
	})
}

func TestAClaimOfAnAddressOfItsOwnPageIsNone(t *testing.T) {
	for name, url := range map[string]string{"its address": "https://ajo.example/2031/02/gap", "another of its page": "https://ajo.example/2031/02/the-gap-in-the-fence"} {
		t.Run(name, func(t *testing.T) {
			n := Neighborhood([]*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, url))}, nil)
			if claim := cluster.Build(Desk, n).Equivalents(n.Item(2)).Claim; claim != nil {
				t.Errorf("it claims %s", claim.URL)
			}
		})
	}
}

func TestAFeedsDistrustedClaimsDoNotCount(t *testing.T) {
	for _, c := range []struct {
		name       string
		distrusted string
		want       string
	}{
		{"those of that source", evidence.FromPage, "1 | 2"},
		{"those of another source do", evidence.FromFeed, "1 + 2(J1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood([]*news.Item{claimed(), Item(2, "ajo", "gap", Claim(evidence.FromPage, original))}, nil)
			n.Memories["https://ajo.example/rss.xml"] = visit.Memory{Distrusted: []string{c.distrusted}}
			fall{want: c.want}.check(t, n)
		})
	}
}

func TestAClaimAfterAnEditorsWord(t *testing.T) {
	off := split(1, 2, 1)
	off.Key = Desk.Key(original)
	later := func(url string) change {
		return func(i *news.Item) {
			i.Claims = append(i.Claims, news.Claim{Source: evidence.FromPage, URL: url, Key: Desk.Key(url), First: Noon.Add(time.Minute)})
		}
	}
	copied := func(more ...change) []*news.Item { return []*news.Item{claimed(), Item(2, "ajo", "gap", more...)} }
	for _, c := range []struct {
		fall
		rulings []news.Ruling
	}{
		{fall{"of the address that the item was taken off is shown", copied(Claim(evidence.FromPage, original)), "1 | 2", "2 against-ruling"}, []news.Ruling{off}},
		{fall{"of an item that it was separated from is shown", copied(Claim(evidence.FromPage, original)), "1 | 2", "2 against-ruling, 2 not by J1: V4"}, []news.Ruling{split(1, 2, 1)}},
		{fall{"counts again after a join", copied(Claim(evidence.FromPage, original)), "1=2(ruling)", ""}, []news.Ruling{off, join(2, 2, 1)}},
		{fall{"that leads away from what was joined is shown", copied(later(elsewhere)), "1=2(ruling)", "2 against-ruling"}, []news.Ruling{join(1, 2, 1)}},
		{fall{"that the editor could see then counts", copied(Claim(evidence.FromPage, elsewhere)),
			"propublica.org/article/who-pays-for-the-canal + 1=2(ruling)(J1)", ""}, []news.Ruling{join(1, 2, 1)}},
		{fall{"that leads to what was joined counts", copied(later(original)), "1=2(ruling)", ""}, []news.Ruling{join(1, 2, 1)}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil, c.rulings...)) })
	}
	t.Run("that leads to the unseen root of what was joined counts", func(t *testing.T) {
		items := []*news.Item{Item(2, "ajo", "gap", later(elsewhere)), Item(3, "kdem", "dam")}
		story := Published(5, items...)
		story.Root = news.Root{Key: Desk.Key(elsewhere), URL: elsewhere}
		fall{want: "propublica.org/article/who-pays-for-the-canal + 2=3(ruling)(J1)"}.check(t, Neighborhood(items, []*news.Story{story}, join(1, 2, 3)))
	})
}

func TestThreeHeadlinesUnderOneClaimAreATemplates(t *testing.T) {
	const feed = "https://ajo.example/rss.xml"
	items := func(titles ...string) (list []*news.Item) {
		for k, title := range titles {
			list = append(list, Item(uint64(k+2), "ajo", fmt.Sprint("gap-", k), Title(title), Claim(evidence.FromPage, original)))
		}
		return append(list, claimed())
	}
	for _, c := range []struct {
		name       string
		items      []*news.Item
		visited    string
		trusted    time.Time
		want       string
		distrusted bool
	}{
		{"two headlines are believed, as far as one feed may", items("gap", "dam"), feed, time.Time{}, "1 + 2(J1) | 3", false},
		{"three headlines are not", items("gap", "dam", "feria"), feed, time.Time{}, "1 | 2 | 3 | 4", true},
		{"three items under one headline are no template", items("gap", "gap", "gap"), feed, time.Time{}, "1 + 2(J1) | 3 | 4", false},
		{"in a feed that is not visited they count for nothing, and it is not flagged", items("gap", "dam", "feria"), "https://kmsa.example/rss.xml", time.Time{}, "1 | 2 | 3 | 4", false},
		{"what an editor has seen does not take the trust again", items("gap", "dam", "feria"), feed, Noon, "1 | 2 | 3 | 4", false},
		{"what came after that does", items("gap", "dam", "feria"), feed, Noon.Add(-time.Minute), "1 | 2 | 3 | 4", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil)
			n.Feed = c.visited
			n.Memories[feed] = visit.Memory{Trusted: c.trusted}
			r := cluster.Build(Desk, n)
			if have := shape(r); have != c.want {
				t.Errorf("they are %s, want %s", have, c.want)
			}
			if r.Memory.HasFlag(news.FlagClaimsDistrusted) != c.distrusted || len(r.Memory.Distrusted) > 1 || slices.Contains(r.Memory.Distrusted, evidence.FromPage) != c.distrusted {
				t.Errorf("flags %v, distrusted %v", r.Memory.Flags, r.Memory.Distrusted)
			}
		})
	}
}

func TestTheThirdItemThatClaimsAnUnlistedHostIsForTheOperator(t *testing.T) {
	const feed = "https://ajo.example/rss.xml"
	claiming := func(n uint64, host string) *news.Item {
		return Item(n, "ajo", fmt.Sprint("gap-", n), Claim(evidence.FromPage, fmt.Sprintf("https://%s/2031/02/story-%d", host, n)))
	}
	for _, c := range []struct {
		name    string
		visited string
		seen    []visit.Unlisted
		items   []*news.Item
		flagged bool
	}{
		{"two items are not", feed, nil, []*news.Item{claiming(1, "stranger.example"), claiming(2, "stranger.example")}, false},
		{"three items are", feed, nil, []*news.Item{claiming(1, "stranger.example"), claiming(2, "stranger.example"), claiming(3, "stranger.example")}, true},
		{"three hosts are not", feed, nil, []*news.Item{claiming(1, "one.example"), claiming(2, "two.example"), claiming(3, "three.example")}, false},
		{"one is, after two that were counted before", feed, []visit.Unlisted{{Host: "stranger.example", Items: []uint64{7, 8}}}, []*news.Item{claiming(3, "stranger.example")}, true},
		{"one that was counted before is not counted twice", feed, []visit.Unlisted{{Host: "stranger.example", Items: []uint64{7, 3}}}, []*news.Item{claiming(3, "stranger.example")}, false},
		{"nothing is counted for a feed that is not visited", "https://kmsa.example/rss.xml", nil, []*news.Item{claiming(1, "stranger.example"), claiming(2, "stranger.example"), claiming(3, "stranger.example")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil)
			n.Feed = c.visited
			n.Memories[feed] = visit.Memory{Unlisted: c.seen}
			r := cluster.Build(Desk, n)
			if r.Memory.HasFlag(news.FlagUnlistedHost) != c.flagged {
				t.Errorf("flags %v, counted %v", r.Memory.Flags, r.Memory.Unlisted)
			}
			for _, i := range n.Items {
				if !r.Flagged(i, news.FlagUnlistedOrigin) {
					t.Errorf("item %d is not flagged", i.Number)
				}
			}
		})
	}
	t.Run("fifty hosts are counted, the fifty-first is not", func(t *testing.T) {
		n := Neighborhood([]*news.Item{claiming(1, "stranger.example")}, nil)
		n.Feed = feed
		m := visit.Memory{}
		for k := range 49 {
			m.Unlisted = append(m.Unlisted, visit.Unlisted{Host: fmt.Sprintf("host-%d.example", k)})
		}
		n.Memories[feed] = m
		if have := len(cluster.Build(Desk, n).Memory.Unlisted); have != 50 {
			t.Errorf("%d hosts", have)
		}
		m.Unlisted = append(m.Unlisted, visit.Unlisted{Host: "last.example"})
		n.Memories[feed] = m
		if have := len(cluster.Build(Desk, n).Memory.Unlisted); have != 50 {
			t.Errorf("%d hosts", have)
		}
	})
}

func TestAClaimIsFollowedOverTwoHops(t *testing.T) {
	at := func(station string) string { return "https://" + station + ".example/2031/02/fence" }
	copyOf := func(n uint64, station, of string) *news.Item {
		return Item(n, station, "fence", Claim(evidence.FromPage, at(of)))
	}
	all(t, []fall{
		{"a copy of a copy belongs to the original", []*news.Item{claimed(), copyOf(2, "ajo", "kmsa"), copyOf(3, "kdem", "ajo")}, "1 + 2(J1) + 3(J1)", ""},
		{"and a copy of that", []*news.Item{claimed(), copyOf(2, "ajo", "kmsa"), copyOf(3, "kdem", "ajo"), copyOf(4, "bisbee", "kdem")}, "1 + 2(J1) + 3(J1) + 4(J1)", ""},
		{"two that claim each other are one story, and it is shown", []*news.Item{copyOf(1, "kmsa", "ajo"), copyOf(2, "ajo", "kmsa")}, "2 + 1(J1)", "1 conflicting-claims, 2 conflicting-claims"},
		{"three in a circle are one story", []*news.Item{copyOf(1, "kmsa", "ajo"), copyOf(2, "ajo", "kdem"), copyOf(3, "kdem", "kmsa")}, "2 + 1(J1) + 3(J1)", "1 conflicting-claims, 2 conflicting-claims, 3 conflicting-claims"},
	})
}

func TestWhatCameBackThroughTheDesksFeedBelongsToItsStory(t *testing.T) {
	first, back := claimed(), Item(2, "ajo", "gap")
	story := Published(5, first)
	t.Run("whose root is an item", func(t *testing.T) {
		n := Neighborhood([]*news.Item{first, back}, []*news.Story{story})
		n.Returned = map[uint64]uint64{2: 5}
		fall{want: "1 + 2(J1)"}.check(t, n)
	})
	t.Run("whose root is unseen", func(t *testing.T) {
		copied := Item(1, "ajo", "fence", Claim(evidence.FromPage, elsewhere))
		story := Published(5, copied)
		story.Root = news.Root{Key: Desk.Key(elsewhere), URL: elsewhere}
		n := Neighborhood([]*news.Item{copied, Item(2, "bisbee", "gap")}, []*news.Story{story})
		n.Returned = map[uint64]uint64{2: 5}
		fall{want: "propublica.org/article/who-pays-for-the-canal + 1(J1) + 2(J1)"}.check(t, n)
	})
	t.Run("also what claims it in its turn", func(t *testing.T) {
		third := Item(3, "kdem", "dam", Claim(evidence.FromPage, "https://ajo.example/2031/02/gap"))
		n := Neighborhood([]*news.Item{first, back, third}, []*news.Story{story})
		n.Returned = map[uint64]uint64{2: 5}
		fall{want: "1 + 2(J1) + 3(J1)"}.check(t, n)
	})
	t.Run("and is equal to nothing else", func(t *testing.T) {
		const guid = "tag:kdem.example,2031:dam"
		n := Neighborhood([]*news.Item{first, Item(2, "ajo", "dam", GUID(guid)), Item(3, "kdem", "dam", GUID(guid))}, []*news.Story{story})
		n.Returned = map[uint64]uint64{2: 5}
		fall{want: "1 + 2(J1) | 3"}.check(t, n)
	})
}

func TestThirtyTwoJoinsThatWereNotMadeAreKeptOfAnItem(t *testing.T) {
	n := Neighborhood([]*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "fence")}, nil)
	f := cluster.NewFindings(Noon)
	for k := range 40 {
		f.NoteVeto(n.Item(1), n.Item(2), news.J1, &cluster.Veto{Rule: news.V2, Reason: fmt.Sprint("reason ", k)})
	}
	if have := f.Rejected[1]; len(have) != 32 || have[31].Reason != "reason 31" {
		t.Errorf("%d are kept, the last is %+v", len(have), have[len(have)-1])
	}
}
