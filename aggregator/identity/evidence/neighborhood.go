package evidence

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Neighborhood is everything that can belong together, gathered around the items that changed. All
// rules about stories work on it, and on nothing else.
type Neighborhood struct {
	Now       time.Time
	Feed      string                  // whose visit it is; "" for none
	Items     []*Evidence             // in the order of Compare
	Stories   map[uint64]*news.Story  // that hold items; all of a story's items are there
	Memories  map[string]visit.Memory // of the items' feeds
	Feeds     map[string]Feed         // by address: what their items are read with
	Rulings   Rulings                 // on the items
	Returned  map[uint64]uint64       // by item: the story that it brings back to the desk
	Oversize  map[uint64]bool         // items from which too many stories were reached (V9)
	Flags     map[uint64][]news.Flag  // by item: raised before it was compared with others
	Recurring map[uint64]bool         // items whose headline another item of their feed has within a month

	// SeenElsewhere holds, by item, one whom its byline names and another station's as well.
	SeenElsewhere map[uint64]Sighting
	PeopleKeys    map[uint64][]key.Key // by written item: under which it is found by whom its byline names

	Before    map[uint64]*news.Entry // what the entries of written items were
	Late      map[uint64]bool        // items whose article pages were read for the first time, after they were known
	Reshaped  map[uint64]bool        // written items whose feed gives its texts in another form, and no more
	Ruled     time.Time              // when the current rules replaced others; zero: never
	Refolding bool                   // the current rules are to be run over what others decided

	// made are stories by their numbers that are not stored: an undone join had ended them. parted are,
	// by the story that they leave or are, the items of these.
	made     map[uint64]bool
	parted   map[uint64][]*Evidence
	came     map[uint64]bool // by item: it was there when what is undone was joined
	reunited [][2]uint64     // stories that an undone split parted

	byNumber map[uint64]*Evidence
	byName   map[string]*Evidence
	byKey    map[string][]*Evidence
	byAudio  map[string][]*Evidence
	near     map[uint64][]*Evidence
	waiting  map[uint64]*news.Story // by its first item: a story that has no id yet
}

// IndexByAddress prepares a neighborhood whose fields are set for questions: which items are
// compared with which. Alike are pairs of items whose texts have keys in common.
func (n *Neighborhood) IndexByAddress(alike [][2]uint64) {
	slices.SortFunc(n.Items, CompareItems)
	n.byNumber, n.byName, n.near = map[uint64]*Evidence{}, map[string]*Evidence{}, map[uint64][]*Evidence{}
	n.byKey, n.byAudio = map[string][]*Evidence{}, map[string][]*Evidence{}
	for _, e := range n.Items {
		n.byNumber[e.Number] = e
		if name := e.NameForEditors(); n.byName[name] == nil {
			n.byName[name] = e
		}
		for _, k := range slices.Concat(e.Keys, e.Also) {
			addLast(n.byKey, k, e)
		}
		for _, a := range e.Audio {
			addLast(n.byAudio, a, e)
		}
	}
	n.waiting = map[uint64]*news.Story{}
	for _, s := range n.Stories {
		if s.IDAssignedAt.IsZero() && len(s.Members) > 0 {
			n.waiting[s.Members[0]] = s
		}
	}
	for _, e := range n.Items { // what is together is compared whatever else is near
		if s := n.Stories[e.Story]; s != nil {
			n.noteCandidates(e, n.byNumber[s.Root.Item])
		}
	}
	slices.SortFunc(alike, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	for _, pair := range alike {
		n.noteCandidates(n.byNumber[pair[0]], n.byNumber[pair[1]])
	}
	for _, e := range n.Items {
		for _, a := range e.Audio {
			same := n.byAudio[a]
			if len(same) > key.MaxItems && n.SharedAudio(a) {
				continue // a program's: it says nothing of any of them, and they may be thousands
			}
			for _, o := range same[:slices.Index(same, e)] {
				n.noteCandidates(e, o)
			}
		}
	}
}

// addLast lists an item under a key, once: items are listed one after the other.
func addLast(under map[string][]*Evidence, key string, e *Evidence) {
	if list := under[key]; len(list) == 0 || list[len(list)-1] != e {
		under[key] = append(list, e)
	}
}

// noteCandidates has two items compared, unless either has enough to be compared with.
func (n *Neighborhood) noteCandidates(a, b *Evidence) {
	if a == nil || b == nil || a == b || a.Feed == b.Feed || len(n.near[a.Number]) >= maxNear ||
		len(n.near[b.Number]) >= maxNear || slices.Contains(n.near[a.Number], b) {
		return
	}
	n.near[a.Number], n.near[b.Number] = append(n.near[a.Number], b), append(n.near[b.Number], a)
}

// Item is the item of that number, nil where it was not gathered.
func (n *Neighborhood) Item(number uint64) *Evidence { return n.byNumber[number] }

// ItemNamed is the first item that flags name so, nil where none is; see [Evidence.NameForEditors].
func (n *Neighborhood) ItemNamed(name string) *Evidence { return n.byName[name] }

// WaitingStory is the stored story of exactly these items that has no id yet, nil where there is
// none.
func (n *Neighborhood) WaitingStory(members []uint64) *news.Story {
	if len(members) == 0 {
		return nil
	}
	if s := n.waiting[members[0]]; s != nil && slices.Equal(s.Members, members) {
		return s
	}
	return nil
}

// Replace puts a newer state of an item in place of the one that was gathered.
func (n *Neighborhood) Replace(i *news.Item) { n.byNumber[i.Number].Item = i }

// Candidates returns the items that an item is compared with though neither claims the other.
func (n *Neighborhood) Candidates(e *Evidence) []*Evidence { return n.near[e.Number] }

// WithAddress returns the items that have or had the address of a key, or claim it as their own.
func (n *Neighborhood) WithAddress(key string) []*Evidence { return n.byKey[key] }

// ItemWithAddress is the item whose own address has that key; of several the one that has it now,
// then the first. A copy that links to its original has not. It is nil where there is none, or
// where several stations say that it is theirs.
func (n *Neighborhood) ItemWithAddress(key string) *Evidence {
	var owner, claims *Evidence
	several := false
	for _, e := range n.byKey[key] {
		switch {
		case e.Foreign:
		case !e.EverHadKey(key):
			several = several || claims != nil && claims.Station != e.Station
			if claims == nil {
				claims = e
			}
		case owner == nil || owner.Key != key && e.Key == key:
			owner = e
		}
	}
	if owner == nil && !several {
		return claims
	}
	return owner
}

// IsSharedAddress reports whether an address identifies nothing in a feed, because two of its items
// have it now or three have had it.
func (n *Neighborhood) IsSharedAddress(key string) bool {
	now, ever := map[string]int{}, map[string]int{}
	for _, e := range n.byKey[key] {
		if slices.Contains(n.Memories[e.Feed].Unidentified, key) {
			return true
		}
		ever[e.Feed]++
		if e.Key == key {
			now[e.Feed]++
		}
		if now[e.Feed] > 1 || ever[e.Feed] > 2 {
			return true
		}
	}
	return false
}

// SharedAudio reports whether two items of one feed have an audio file: then it is a program, and
// identifies none of them.
func (n *Neighborhood) SharedAudio(key string) bool {
	seen := map[string]bool{}
	for _, e := range n.byAudio[key] {
		if seen[e.Feed] {
			return true
		}
		seen[e.Feed] = true
	}
	return false
}

// StoryOf is the stored story of an item, nil where it has none yet.
func (n *Neighborhood) StoryOf(e *Evidence) *news.Story { return n.Stories[e.Story] }

// SettledStoryOf is the stored story of an item that has its id, nil where it has none.
func (n *Neighborhood) SettledStoryOf(e *Evidence) *news.Story {
	if s := n.Stories[e.Story]; s != nil && !s.IDAssignedAt.IsZero() {
		return s
	}
	return nil
}

// SameStory reports whether two items are in one story that has its id, or were until an editor's word
// parted it that is undone.
func (n *Neighborhood) SameStory(a, b *Evidence) bool {
	return (a.Story == b.Story || n.AreReunited(a.Story, b.Story)) && n.SettledStoryOf(a) != nil
}

// Part puts two stories, which an undone join had made one, in the place of that: rest goes on under
// its number, and former is made again. Bound are the items that the join bound.
func (n *Neighborhood) Part(rest, former *news.Story, bound []uint64) {
	if n.made == nil {
		n.made, n.parted, n.came = map[uint64]bool{}, map[uint64][]*Evidence{}, map[uint64]bool{}
	}
	n.Stories[rest.Number], n.Stories[former.Number] = rest, former
	n.made[former.Number] = true
	n.parted[rest.Number] = append(n.parted[rest.Number], n.ItemsOf(former)...)
	n.parted[former.Number] = n.ItemsOf(former)
	for _, i := range bound {
		n.came[i] = true
	}
}

// WasMade reports whether a story is one that an undone join had ended: it is not stored.
func (n *Neighborhood) WasMade(story uint64) bool { return n.made[story] }

// WasParted reports whether an undone join had made a story one with another.
func (n *Neighborhood) WasParted(story uint64) bool { return n.parted[story] != nil }

// PartedFrom returns the items that leave a story since a join is undone, where an item came into it
// after that join: else it stays whatever leaves.
func (n *Neighborhood) PartedFrom(s *news.Story, i *Evidence) []*Evidence {
	if n.came[i.Number] || n.made[s.Number] {
		return nil
	}
	return n.parted[s.Number]
}

// Reunite has the stories of some items be taken for one as far as the rules ask whether they were
// published apart: an editor's word had parted them, and is undone.
func (n *Neighborhood) Reunite(items []uint64) {
	for at, a := range items {
		for _, b := range items[:at] {
			x, y := n.Item(a), n.Item(b)
			if x != nil && y != nil && x.Story != y.Story && !n.AreReunited(x.Story, y.Story) {
				n.reunited = append(n.reunited, [2]uint64{x.Story, y.Story})
			}
		}
	}
}

// IsRestored reports whether a story is put together again as it was before an editor's word that is
// undone.
func (n *Neighborhood) IsRestored(story uint64) bool {
	return n.parted[story] != nil || slices.ContainsFunc(n.reunited, func(pair [2]uint64) bool {
		return pair[0] == story || pair[1] == story
	})
}

// AreReunited reports whether two stories were one until an editor's word parted them that is undone.
func (n *Neighborhood) AreReunited(a, b uint64) bool {
	return slices.Contains(n.reunited, [2]uint64{a, b}) || slices.Contains(n.reunited, [2]uint64{b, a})
}

// ItemsOf returns the items of a stored story.
func (n *Neighborhood) ItemsOf(s *news.Story) []*Evidence {
	list := make([]*Evidence, len(s.Members))
	for i, number := range s.Members {
		list[i] = n.byNumber[number]
	}
	return list
}
