// Package cluster decides which items tell one story by what they say and show, if nothing had been
// published before: which claims count, which items are equal, and what belongs to which original.
// There are no chains: each item has an edge of its own to the root of its cluster.
package cluster

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Cluster is what the rules would make one story of.
type Cluster struct {
	Root    *Equivalents // nil where the root is an address that no item has
	Key     string       // of the claimed address; "" where nothing claims the root
	URL     string
	Story   uint64 // of what came back to the desk: the published story
	Cycle   bool   // the root claims itself by way of others
	Members []Member
}

// Member holds equivalents in a cluster, with the rule that holds them there.
type Member struct {
	*Equivalents
	Rule  news.Rule // I0 J1 J4 J5 J6 J7
	Value string
}

// Equivalents holds one item, or several that are one original: equal by address (J2), by a global
// GUID (J3), by headline and address (J6) or by an editor's word. Equality does not drift, so what
// one of them claims all claim, and an edge to one is an edge to all.
type Equivalents struct {
	Items []*evidence.Evidence // in the order of evidence.Compare
	Claim *Claim               // the one that counts; nil where none does
	Bonds []Bond               // why they are equal: one less than there are items
	named bool                 // its station is named as the origin by others, or by a roster
}

// Bond is why two items are one original.
type Bond struct {
	Items [2]uint64
	Rule  news.Rule // J2, J3, J6 or ruling
	Value string    // the GUID of J3
}

// Bond is why an item is one with another of the equivalents: the bond of the two, otherwise the
// first that the item has.
func (e *Equivalents) Bond(item, with uint64) (found Bond) {
	for _, b := range e.Bonds {
		has := b.Items[0] == item || b.Items[1] == item
		if has && (b.Items[0] == with || b.Items[1] == with) {
			return b
		}
		if has && found.Rule == "" {
			found = b
		}
	}
	return found
}

// Claim is a claim that counts, and where it ends.
type Claim struct {
	news.Claim
	Target string // key of the address that it ends at
	Hops   int    // claims of others that it was followed over
	Story  uint64 // of what came back to the desk: the story that it means
	Cycle  bool   // the claims of several items lead to each other
}

// Returned reports whether equivalents came back through the desk's own feed: they belong to the
// story that they came from, whatever else they are equal to.
func (e *Equivalents) Returned() bool { return e.Claim != nil && e.Claim.Story != 0 }

func (e *Equivalents) everHadKey(key string) bool {
	return slices.ContainsFunc(e.Items, func(i *evidence.Evidence) bool { return i.EverHadKey(key) })
}

// Result is what a neighborhood falls into.
type Result struct {
	Clusters []*Cluster
	Findings
	Held   []uint64     // items that are only like a withdrawn story
	Memory visit.Memory // of the feed that was visited

	*state
	in       map[*Equivalents]*Cluster
	rooted   map[*Equivalents]int      // by root: the place of its cluster
	unseen   map[*Equivalents]*Cluster // by the first of those that claim an address which no item has
	returned map[uint64]*Cluster       // by published story: the cluster of what came back of it
}

// Of is the cluster that an item is in.
func (r *Result) Of(i *evidence.Evidence) *Cluster { return r.in[r.of[i.Number]] }

// Returned is the cluster of what came back to the desk of a published story; nil if nothing did.
func (r *Result) Returned(story uint64) *Cluster { return r.returned[story] }

// Equivalents returns the items that are one with an item.
func (r *Result) Equivalents(i *evidence.Evidence) *Equivalents { return r.of[i.Number] }

// Claims reports whether an item points at another's, or in a circle.
func (r *Result) Claims(i *evidence.Evidence) bool {
	c := r.of[i.Number].Claim
	return c != nil && (i.Foreign || c.Story != 0 || c.Cycle || !i.EverHadKey(c.Target))
}

// Comparison is what two items have in common though neither claims the other.
type Comparison struct {
	Title float64 // similarity of the headlines, 0 to 1
	C5    float64 // of the shorter text's five-word runs, the part that the other has
	Apart time.Duration
	Dated bool   // both have a date
	Same  string // what besides the texts makes one story of them, in words; "" for nothing

	SameHeadline bool    // but for what CMSs change
	SameSlug     bool    // their addresses end in the same words
	Person       string  // whom both bylines name; "" for nobody
	Opening      float64 // of the shorter opening's five-word runs, the part that the other has
}

type state struct {
	d           *directory.Directory
	n           *evidence.Neighborhood
	of          map[uint64]*Equivalents // by item
	blocked     map[uint64][]string     // by item: keys of claims that a veto blocks; "" for what came back to the desk
	ends        map[string]string       // claimed addresses that rulings make one with others
	claimants   map[claimID][]*evidence.Evidence
	templates   map[claimID]bool    // claims that items under several headlines make; see isTemplates
	distrusted  map[string][]string // by feed: sources of claims that do not count
	comparisons map[[2]uint64]Comparison
	shingles    map[uint64][]uint64
	roundUps    map[uint64]bool            // by item: whether its text holds those of several others
	openings    map[uint64]map[string]bool // by item: the numerals of its opening
}

// claimID is what items of a feed claim alike.
type claimID struct{ feed, source, key string }
