package cluster_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// original is the address of the item that original makes.
const original = "https://kmsa.example/2031/02/fence"

// elsewhere is the address of a story that no item has.
const elsewhere = "https://propublica.org/article/who-pays-for-the-canal"

// canals is the headline of that story.
var canals = Title("Who pays for the canal")

type change = func(*news.Item)

// claimed is the item that others claim.
func claimed(more ...change) *news.Item { return Item(1, "kmsa", "fence", more...) }

// shape shows what a neighborhood fell into. "1=2(J2) + 3(J1)" are three items of one
// story, where the first two are equal and the root; a root that is unseen is shown by
// its key.
func shape(r *cluster.Result) string {
	var all []string
	for _, c := range r.Clusters {
		var parts []string
		if c.Root == nil {
			parts = append(parts, cmp.Or(c.Key, fmt.Sprint("story ", c.Story)))
		}
		for _, m := range c.Members {
			var numbers []string
			for _, i := range m.Items {
				numbers = append(numbers, fmt.Sprint(i.Number))
			}
			slices.Sort(numbers)
			part := strings.Join(numbers, "=")
			if len(m.Bonds) > 0 {
				part += "(" + string(m.Bonds[0].Rule) + ")"
			}
			if m.Rule != news.I0 {
				part += "(" + string(m.Rule) + ")"
			}
			parts = append(parts, part)
		}
		slices.Sort(parts[1:])
		all = append(all, strings.Join(parts, " + "))
	}
	slices.Sort(all)
	return strings.Join(all, " | ")
}

// notes shows the flags that were raised, and the joins that were not made, by item.
func notes(r *cluster.Result) string {
	var all []string
	for _, n := range slices.Sorted(maps.Keys(r.Flags)) {
		for _, f := range r.Flags[n] {
			all = append(all, fmt.Sprintf("%d %s", n, f.Kind))
		}
	}
	for _, n := range slices.Sorted(maps.Keys(r.Rejected)) {
		for _, no := range r.Rejected[n] {
			all = append(all, fmt.Sprintf("%d not by %s: %s", n, no.Rule, cmp.Or(string(no.Veto), no.Reason)))
		}
	}
	return strings.Join(all, ", ")
}

// fall is one case: into what a neighborhood falls, and what is noted.
type fall struct {
	name  string
	items []*news.Item
	want  string
	notes string
}

func (c fall) check(t *testing.T, n *evidence.Neighborhood) {
	t.Helper()
	r := cluster.Build(Desk, n)
	if have := shape(r); have != c.want {
		t.Errorf("they are %s, want %s", have, c.want)
	}
	if have := notes(r); have != c.notes {
		t.Errorf("noted is %q, want %q", have, c.notes)
	}
}

func all(t *testing.T, cases []fall) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil)) })
	}
}

func join(number uint64, a, b uint64) news.Ruling {
	return news.Ruling{Number: number, Verb: news.Join, Items: []uint64{a}, With: []uint64{b}, When: Noon}
}

func split(number uint64, a, b uint64) news.Ruling {
	return news.Ruling{Number: number, Verb: news.Split, Items: []uint64{a}, With: []uint64{b}, When: Noon}
}

func withoutLanguage(i *news.Item) { i.Entry.Language = "" }
