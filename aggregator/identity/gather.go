package identity

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// gathered is how many stories are looked at together, from one item on, before no
// more keys are followed (V9).
const gathered = 64

// near is how many others a telling is compared with though nothing claims it.
const near = 32

// fold is the work of one Fold.
type fold struct {
	desk    *Rules
	reader  Reader
	arrival Arrival
	memory  Memory
	marks   []Mark // of this document

	own     []*news.Item           // items of this feed that entries could be
	present map[uint64]bool        // items that this document shows
	taken   map[uint64]bool        // items that an entry was found to be
	items   map[uint64]*news.Item  // all that were read or made
	stories map[uint64]*news.Story // all that were read
	before  map[uint64]*news.Entry // entries as they were, of items that were written
	ruled   *time.Time             // when the present rules took the place of others, once it was read
	anew    bool                   // the present rules are to be run over what older ones decided
	touched map[uint64]bool        // items that were written

	seeds    []*news.Item       // to be sorted anew though nothing of them was written
	bonds    map[[2]uint64]bond // of tellings that were compared
	ends     map[string]string  // claimed addresses that rulings make one with others
	rulings  map[uint64]*news.Ruling
	verdicts map[[2]uint64]*news.Ruling // the latest on two items

	tellings  []*telling
	byNumber  map[uint64]*telling
	byKey     map[string][]*telling
	bySound   map[string][]*telling
	flags     map[*telling][]news.Flag
	refused   map[*telling][]news.Rejected
	pairs     []pairFlag
	claimants map[claimID][]*telling
	accused   map[uint64]string // items that a feed not theirs calls deleted
	likes     [][2]uint64       // items whose texts are to be compared
	titled    [][2]uint64       // items of two feeds with one headline
	heirs     []*news.Story
	result    []*news.Story

	finds                      map[string][]uint64 // by the text of a key of all feeds: the items under it
	recurring                  map[string][]uint64 // by feed: hashes of the paragraphs that are its own
	texts                      map[*news.Item]*prose
	headlines                  map[*news.Item]heading
	byHeadline                 map[string][]*news.Item // of the written items
	tokens, runs               []uint64                // room for the tokens and shingles of a text
	memories                   map[string]Memory
	nextItem, nextStory, round uint64
	created, edited            int
}

func newFold(d *Rules, r Reader, a Arrival) *fold {
	f := &fold{
		desk: d.remembering(), reader: r, arrival: a, memory: r.Memory(a.Feed.URL),
		present: map[uint64]bool{}, taken: map[uint64]bool{}, items: map[uint64]*news.Item{}, stories: map[uint64]*news.Story{},
		before: map[uint64]*news.Entry{}, touched: map[uint64]bool{},
		byNumber: map[uint64]*telling{}, byKey: map[string][]*telling{}, bySound: map[string][]*telling{},
		flags: map[*telling][]news.Flag{}, refused: map[*telling][]news.Rejected{},
		ends: map[string]string{}, bonds: map[[2]uint64]bond{}, accused: map[uint64]string{}, rulings: map[uint64]*news.Ruling{}, verdicts: map[[2]uint64]*news.Ruling{}, finds: map[string][]uint64{}, recurring: map[string][]uint64{}, texts: map[*news.Item]*prose{}, headlines: map[*news.Item]heading{}, memories: map[string]Memory{},
	}
	f.memory.Marks = r.Marks(a.Feed.URL)
	f.memory.Last = latestOf(f.memory.Last, a.Last)
	f.nextItem, f.nextStory, f.round = r.Next()
	return f
}

// item is the item of that number, read once.
func (f *fold) item(number uint64) *news.Item {
	i, ok := f.items[number]
	if !ok {
		i = f.reader.Item(number)
		f.items[number] = i
	}
	return i
}

// prose is an item's text, as it is now.
func (f *fold) prose(i *news.Item) *prose {
	p := f.texts[i]
	if p == nil {
		p = f.desk.read(bodyOf(&i.Entry))
		f.texts[i] = p
	}
	return p
}

// memoryOf is what is kept of a feed, read once.
func (f *fold) memoryOf(feed string) Memory {
	if feed == f.arrival.Feed.URL {
		return f.memory
	}
	m, ok := f.memories[feed]
	if !ok {
		m = f.reader.Memory(feed)
		f.memories[feed] = m
	}
	return m
}

// identifies reports whether an address of this feed can identify an item.
func (f *fold) identifies(key string) bool {
	return f.desk.identifies(key) && key != f.desk.key(f.arrival.Link) && !slices.Contains(f.memory.Nothing, key)
}

// gather brings together everything that the written items could belong with.
func (f *fold) gather() {
	for _, number := range slices.Sorted(maps.Keys(f.touched)) {
		f.gatherFrom(f.items[number])
	}
	for _, i := range f.seeds {
		f.gatherFrom(i)
	}
	for _, t := range f.byNumber {
		f.tellings = append(f.tellings, t)
	}
	slices.SortFunc(f.tellings, compareTellings)
	// A story that was read for a question alone, a wire's notice say, is none of this
	// fold's if nothing of it was gathered.
	maps.DeleteFunc(f.stories, func(_ uint64, s *news.Story) bool {
		return !slices.ContainsFunc(s.Items, func(i *news.Item) bool { return f.byNumber[i.Number] != nil })
	})
	f.index()
}

// gatherFrom brings together what one item could belong with: stories that any of
// its keys leads to, then stories that the items of those lead to, until nothing
// is new. Where that are too many, it follows no more keys, and nothing of it is
// joined; the stories that it has reached are whole.
func (f *fold) gatherFrom(first *news.Item) {
	if f.byNumber[first.Number] != nil {
		return
	}
	var reached []*telling
	over := false
	add := func(i *news.Item) {
		if t := f.byNumber[i.Number]; t != nil {
			over = over || t.oversize // it hangs together with what was too much
			return
		}
		f.expire(i)
		f.byNumber[i.Number] = f.tell(i)
		reached = append(reached, f.byNumber[i.Number])
	}
	add(first)
	stories, fresh := map[uint64]bool{}, 0
	for next := 0; next < len(reached); next++ {
		i := reached[next].Item
		for _, mate := range f.mates(i) {
			add(mate)
		}
		if i.Story != 0 {
			stories[i.Story] = true
		} else {
			fresh++
		}
		if len(stories)+fresh <= gathered {
			f.pursue(i, add)
		}
	}
	for _, t := range reached {
		t.oversize = over || len(stories)+fresh > gathered
	}
}

// pursue adds the items that anything of an item leads to.
func (f *fold) pursue(i *news.Item, add func(*news.Item)) {
	for _, n := range f.bound(i) {
		add(f.item(n))
	}
	if f.touched[i.Number] || i.Batch == f.round {
		f.likely(i, add)
	}
	for _, k := range f.desk.Keys(i) {
		for _, n := range f.leads(k) {
			add(f.item(n))
		}
	}
	if n := f.ours(i); n != 0 {
		for _, mate := range f.itemsOf(n) {
			add(mate)
		}
	}
}

// likely adds what an item is like by its text or headline, though neither
// points at the other.
func (f *fold) likely(i *news.Item, add func(*news.Item)) {
	t := f.byNumber[i.Number]
	for _, n := range f.alike(t) {
		f.likes = append(f.likes, pairOf(t.Number, n))
		add(f.item(n))
	}
	f.killedBy(t)
	for _, n := range f.entitled(t) {
		f.titled = append(f.titled, pairOf(t.Number, n))
		add(f.item(n))
	}
}

// mates are the items of the story that an item belongs to.
func (f *fold) mates(i *news.Item) []*news.Item {
	if i.Story == 0 {
		return nil
	}
	return f.itemsOf(i.Story)
}

// itemsOf are the items of a story, which is read once.
func (f *fold) itemsOf(number uint64) []*news.Item {
	if s := f.stories[number]; s != nil {
		return s.Items
	}
	s := f.reader.Bare(number)
	f.stories[number] = s
	s.Items = make([]*news.Item, len(s.Members))
	for n, member := range s.Members { // one copy of an item in a fold
		s.Items[n] = f.item(member)
	}
	return s.Items
}

// leads are the items under a key that can join across feeds. A key that leads
// to too many leads nowhere.
func (f *fold) leads(k Key) []uint64 {
	if k.Feed != "" || k.Text[0] == 'k' && !f.desk.identifies(k.Text[1:]) {
		return nil
	}
	numbers := f.find(k)
	if len(numbers) > found {
		return nil
	}
	return numbers
}

// find gives the numbers of the items under a key, at most one more than those
// beyond which it leads nowhere. A key of all feeds is looked for once: an entry's
// addresses are asked for in its own feed first, then in the others.
func (f *fold) find(k Key) []uint64 {
	if k.Feed != "" {
		return f.reader.Find(k, found+1)
	}
	numbers, ok := f.finds[k.Text]
	if !ok {
		numbers = f.reader.Find(k, found+1)
		f.finds[k.Text] = numbers
	}
	return numbers
}

// index notes by which addresses the gathered tellings are known, and which of
// them have an enclosure in common.
func (f *fold) index() {
	for _, s := range f.stories { // what is together is compared whatever else is near
		root := f.byNumber[s.Root.Item]
		for _, i := range s.Items {
			if t := f.byNumber[i.Number]; root != nil && t != root {
				f.nearby(t, root)
			}
		}
	}
	slices.SortFunc(f.likes, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	for _, pair := range f.likes {
		f.nearby(f.byNumber[pair[0]], f.byNumber[pair[1]])
	}
	for _, t := range f.tellings {
		for _, k := range slices.Concat(t.keys, t.also) {
			f.byKey[k] = append(f.byKey[k], t)
		}
		for _, s := range t.sounds {
			for _, u := range f.bySound[s] {
				f.nearby(t, u)
			}
			f.bySound[s] = append(f.bySound[s], t)
		}
	}
}

// nearby has two tellings compared, unless either has enough to be compared with.
func (f *fold) nearby(t, u *telling) {
	if t != u && t.Feed != u.Feed && len(t.near) < near && len(u.near) < near && !slices.Contains(t.near, u) {
		t.near, u.near = append(t.near, u), append(u.near, t)
	}
}

// shared reports whether an address identifies nothing in a feed, because two
// of its items have it now or three have had it.
func (f *fold) shared(key string) bool {
	now, ever := map[string]int{}, map[string]int{}
	for _, t := range f.byKey[key] {
		if slices.Contains(f.memoryOf(t.Feed).Nothing, key) {
			return true
		}
		ever[t.Feed]++
		if t.key == key {
			now[t.Feed]++
		}
		if now[t.Feed] > 1 || ever[t.Feed] > 2 {
			return true
		}
	}
	return false
}
