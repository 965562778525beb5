package within

import (
	"cmp"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// knownItems finds the items of a feed that an entry could be, so that each entry is compared with
// few of them: a document may have a thousand entries, whose keys lead to many more items.
type knownItems struct {
	addresses map[uint64][]string // by item: the keys of its links
	aliases   map[uint64][]string // by item: those of its GUIDs

	place   map[*news.Item]int // in the list of all
	guid    map[string][]*news.Item
	alias   map[string][]*news.Item
	address map[string][]*news.Item

	// By the minute of their date: with their headline, with the last segment of their address, and
	// with nothing else.
	headline, segment, minute map[textAndNumber][]*news.Item
	// By headline: those of the last document that have left it.
	left map[string][]*news.Item
	// By headline and hash of their text: those without a GUID.
	body map[textAndNumber][]*news.Item
}

type textAndNumber struct {
	text   string
	number uint64
}

func indexKnown(d *directory.Directory, items []*news.Item, left []uint64) *knownItems {
	byText := func() map[textAndNumber][]*news.Item { return map[textAndNumber][]*news.Item{} }
	k := &knownItems{
		addresses: map[uint64][]string{}, aliases: map[uint64][]string{}, place: map[*news.Item]int{},
		guid: map[string][]*news.Item{}, alias: map[string][]*news.Item{}, address: map[string][]*news.Item{},
		headline: byText(), segment: byText(), minute: byText(), body: byText(), left: map[string][]*news.Item{},
	}
	for n, i := range items {
		k.place[i] = n
		for _, g := range i.GUIDs {
			addLast(k.guid, g, i)
			alias := d.Alias(g)
			addLast(k.alias, alias, i)
			k.aliases[i.Number] = append(k.aliases[i.Number], alias)
		}
		for _, l := range i.Links {
			address := d.Key(l)
			addLast(k.address, address, i)
			k.addresses[i.Number] = append(k.addresses[i.Number], address)
		}
		if slices.Contains(left, i.Number) {
			addLast(k.left, i.AsFed().Title, i)
		}
		if len(i.GUIDs) == 0 {
			id := textAndNumber{i.AsFed().Title, text.Hash(evidence.Body(i.AsFed()))}
			k.body[id] = append(k.body[id], i)
		}
		if minute, dated := minuteOf(i.AsFed()); dated {
			add := func(to map[textAndNumber][]*news.Item, text string) {
				id := textAndNumber{text, minute}
				to[id] = append(to[id], i)
			}
			add(k.headline, i.AsFed().Title)
			add(k.segment, lastSegment(d.Key(i.AsFed().URL)))
			add(k.minute, "")
		}
	}
	return k
}

// addLast lists an item under a value, once though it has had that in several spellings: items are
// listed one after the other.
func addLast(under map[string][]*news.Item, value string, i *news.Item) {
	if list := under[value]; len(list) == 0 || list[len(list)-1] != i {
		under[value] = append(list, i)
	}
}

// minuteOf is the minute of the date that an entry states; false where it states none.
func minuteOf(e *news.Entry) (minute uint64, dated bool) {
	t := e.Stated()
	return uint64(t.Unix() / 60), !t.IsZero()
}

// ofMinute returns the items under a text that have an entry's date.
func (k *knownItems) ofMinute(of map[textAndNumber][]*news.Item, text string, e *news.Entry) []*news.Item {
	minute, dated := minuteOf(e)
	if !dated {
		return nil
	}
	return of[textAndNumber{text, minute}]
}

// ofText returns the items without a GUID that have an entry's headline and text.
func (k *knownItems) ofText(e *news.Entry) []*news.Item {
	return k.body[textAndNumber{e.Title, text.Hash(evidence.Body(e))}]
}

// inOrder returns the items of some lists, each once, in the order of all.
func (k *knownItems) inOrder(lists ...[]*news.Item) []*news.Item {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b *news.Item) int { return cmp.Compare(k.place[a], k.place[b]) })
	return slices.Compact(all)
}

// lastSegment is the last segment of the path in an address's key.
func lastSegment(key string) string {
	key, _, _ = strings.Cut(key, "?")
	_, path, _ := strings.Cut(key, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}
