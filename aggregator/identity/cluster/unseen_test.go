package cluster_test

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// Items that claim one address which no item has are one story where they are alike.
func TestWhatClaimsAnUnseenOriginIsOneWhereItIsAlike(t *testing.T) {
	claim := Claim(evidence.FromSentence, elsewhere)
	apart := "propublica.org/article/who-pays-for-the-canal + 1(J1) | propublica.org/article/who-pays-for-the-canal + 2(J1)"
	const together, doubt = "propublica.org/article/who-pays-for-the-canal + 1(J1) + 2(J1)", "1 probable-copy, 2 probable-copy"
	pair := func(a, b string, more ...change) []*news.Item {
		return []*news.Item{Item(1, "ajo", "one", append([]change{Title(a), claim}, more...)...),
			Item(2, "kdem", "two", append([]change{Title(b), claim}, more...)...)}
	}
	long := Words(0, 150)
	all(t, []fall{
		{"half of the headlines agrees", pair("Fence gap closed dawn", "Fence gap opened again"), together, ""},
		{"a third does", pair("Fence gap closed dawn", "Fence gap opened again today twice"), apart, doubt},
		{"the parts of a series are two", pair("Fence gap, part 1", "Fence gap, part 2"), apart, doubt},
		{"texts agree under other headlines", pair("Fence gap", "Long night", Text(long)), together, ""},
		{"a third of the texts agrees", []*news.Item{Item(1, "ajo", "one", claim, Text(long)), Item(2, "kdem", "two", claim, Text(Words(100, 250)))}, together, ""},
		{"a fifth does", []*news.Item{Item(1, "ajo", "one", claim, Text(long)), Item(2, "kdem", "two", claim, Text(Words(120, 270)))}, apart, doubt},
		{"short texts that begin alike", pair("Fence gap", "Long night", Text(Words(0, 25))), together, ""},
		{"shorter ones are not measured", pair("Fence gap", "Long night", Text(Words(0, 24))), apart, doubt},
		{"one feed's are its own two", []*news.Item{Item(1, "ajo", "one", claim), Item(2, "ajo", "two", claim)}, apart, "2 same-feed, 2 not by J1: V1"},
		{"translations are shown as such", []*news.Item{Item(1, "ajo", "one", claim, Language("en")), Item(2, "kdem", "two", claim, Language("es"))},
			apart, "2 claim-across-languages, 1 not by J1: V2, 2 not by J1: V2"},
	})
	t.Run("an editor joined them", func(t *testing.T) {
		fall{want: "propublica.org/article/who-pays-for-the-canal + 1=2(ruling)(J1)"}.check(t,
			Neighborhood(pair("Fence gap", "Long night"), nil, join(1, 1, 2)))
	})
	t.Run("they were published as one", func(t *testing.T) {
		items := pair("Fence gap", "Long night")
		story := Published(5, items...)
		story.Root = news.Root{Key: Desk.Key(elsewhere), URL: elsewhere}
		fall{want: together}.check(t, Neighborhood(items, []*news.Story{story}))
	})
	t.Run("the original comes", func(t *testing.T) {
		canal := Claim(evidence.FromSentence, "https://kmsa.example/2031/02/canal")
		items := []*news.Item{Item(1, "ajo", "one", canal), Item(2, "kdem", "two", canal), Item(3, "kmsa", "canal")}
		fall{want: "3 + 1(J1) + 2(J1)"}.check(t, Neighborhood(items, nil))
	})
	t.Run("one claims the other", func(t *testing.T) {
		items := []*news.Item{Item(1, "ajo", "one", claim), Item(2, "kdem", "two", Claim(evidence.FromPage, "https://ajo.example/2031/02/one"))}
		fall{want: together}.check(t, Neighborhood(items, nil))
	})
}

// Whoever is like one of them is with it, in whatever order they came.
func TestTheOrderOfThoseThatClaimAnUnseenOriginDoesNotMatter(t *testing.T) {
	claim := Claim(evidence.FromPage, elsewhere)
	items := func(order []int) []*news.Item {
		var list []*news.Item
		for n, i := range []*news.Item{
			Item(1, "ajo", "one", claim, Title("Fence gap closed dawn")), Item(2, "kdem", "two", claim, Title("Fence gap closed again twice today")),
			Item(3, "bisbee", "three", claim, Title("Again twice today fence crews sang")), Item(4, "kmsa", "four", claim, Title("Long night")),
		} {
			i.Batch = uint64(order[n])
			Dated(Noon.Add(time.Duration(order[n]) * time.Minute))(i)
			list = append(list, i)
		}
		return list
	}
	orders := permutations([]int{1, 2, 3, 4})
	if len(orders) != 24 {
		t.Fatalf("%d orders", len(orders))
	}
	for _, order := range orders {
		n := Neighborhood(items(order), nil)
		r := cluster.Build(Desk, n)
		if r.Of(n.Item(1)) != r.Of(n.Item(2)) || r.Of(n.Item(2)) != r.Of(n.Item(3)) || r.Of(n.Item(3)) == r.Of(n.Item(4)) {
			t.Errorf("in the order %v they are %s", order, shape(r))
		}
		if !r.Flagged(n.Item(4), news.FlagProbableCopy) || len(r.Flags[4]) != 1 {
			t.Errorf("in the order %v the fourth has the flags %v", order, r.Flags[4])
		}
	}
}

func permutations(list []int) (all [][]int) {
	if len(list) < 2 {
		return [][]int{list}
	}
	for n, first := range list {
		for _, rest := range permutations(slices.Delete(slices.Clone(list), n, n+1)) {
			all = append(all, append([]int{first}, rest...))
		}
	}
	return all
}
