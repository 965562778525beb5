// Package vocabulary knows the elements and namespaces of feeds, the elements of HTML, and what
// names, tags and references look like.
package vocabulary

// Traits say how the repair treats an element.
type Traits uint16

const (
	IsText   Traits = 1 << iota // holds a line of text: markup in it is text that was left unescaped
	IsBody                      // the same, and the text may be HTML
	IsEmpty                     // holds nothing
	IsPerson                    // holds a name, or name, email and uri
	IsBox                       // holds elements of its own vocabulary
	IsCore                      // never appears in text: its start tag ends a text that was left open
	IsNoted                     // a child that the repair records; gofeed does not see it
	IsDate                      // a date of the item
	IsLent                      // of the feed: shapes its items
	IsItem
	IsChannel
	IsRoot
	Nests // may be inside one of its own name
)

// Word is an element that some vocabulary defines.
type Word struct {
	Name string // local name in lower case
	Traits
}

// HasTrait reports whether a word has one of some traits.
func (w Word) HasTrait(t Traits) bool { return w.Traits&t != 0 }

// wordTable finds words by local name in lower case.
type wordTable map[string]Word

func newWordTable(groups map[Traits][]string) wordTable {
	v := wordTable{}
	for t, names := range groups {
		for _, n := range names {
			v[n] = Word{n, t}
		}
	}
	return v
}

// RSSWords lists what an RSS document writes without a prefix: RSS's own, and Atom's, which count
// there too.
var RSSWords = newWordTable(map[Traits][]string{
	IsRoot:                             {"rss", "rdf"},
	IsChannel:                          {"channel"},
	IsItem:                             {"item", "entry"},
	IsText | IsCore | IsNoted:          {"title", "guid", "id"},
	IsText | IsCore | IsNoted | IsLent: {"link"},
	IsBody | IsCore | IsNoted:          {"description", "summary", "content", "encoded", "fullitem"},
	IsText | IsCore | IsNoted | IsDate: {"pubdate", "published", "updated", "modified", "issued", "created"},
	IsPerson | IsCore | IsNoted:        {"author"},
	IsText | IsCore: {
		"category", "comments", "source", "managingeditor", "webmaster", "lastbuilddate", "generator", "docs",
		"ttl", "rating",
	},
	IsText | IsCore | IsLent: {"language", "copyright", "rights"},
	IsText:                   {"url", "width", "height", "name", "email", "uri", "homepage", "hour", "day"},
	IsEmpty | IsCore:         {"enclosure", "cloud"},
	IsBox | IsCore:           {"image", "textinput"},
	IsBox:                    {"skiphours", "skipdays"},
})

// AtomWords lists what an Atom document writes, and an RSS document with a prefix.
var AtomWords = newWordTable(map[Traits][]string{
	IsRoot:                             {"feed"},
	IsItem:                             {"entry", "item"},
	IsText | IsCore | IsNoted:          {"title", "id"},
	IsText | IsCore | IsNoted | IsLent: {"rights", "copyright"},
	IsBody | IsCore | IsNoted:          {"summary", "content", "subtitle", "tagline"},
	IsText | IsCore | IsNoted | IsDate: {"published", "updated", "modified", "issued", "created"},
	IsPerson | IsCore | IsLent:         {"author"},
	IsPerson | IsCore:                  {"contributor"},
	IsText | IsCore:                    {"generator", "icon", "logo"},
	IsText:                             {"name", "email", "uri", "url", "homepage"},
	IsEmpty | IsCore:                   {"category"},
	IsEmpty | IsCore | IsLent:          {"link"},
	IsBox | IsCore:                     {"source"},
})

// extensionWords lists the words of further namespaces, and what a word of one is that is not in
// its table.
var extensionWords = map[Space]struct {
	words wordTable
	rest  Traits
}{
	CC: {newWordTable(map[Traits][]string{IsEmpty | IsCore | IsLent: {"license"}}), IsText | IsCore},
	Chapters: {newWordTable(map[Traits][]string{
		IsEmpty | IsCore: {"chapter"},
	}), IsBox | IsCore},
	Content: {newWordTable(map[Traits][]string{
		IsBody | IsCore | IsNoted: {"encoded"},
	}), IsBox | IsCore},
	DC: {newWordTable(map[Traits][]string{
		IsText | IsCore | IsNoted | IsDate: {"date"},
		IsText | IsCore | IsLent:           {"language", "rights"},
		IsBody | IsCore:                    {"description"},
	}), IsText | IsCore},
	FeedBurner: {nil, IsText | IsCore},
	Geo:        {nil, IsBox | IsCore},
	History:    {nil, IsEmpty | IsCore},
	ITunes: {newWordTable(map[Traits][]string{
		IsBody | IsCore:        {"summary", "subtitle", "description"},
		IsEmpty | IsCore:       {"image"},
		IsBox | IsCore | Nests: {"category"},
		IsBox | IsCore:         {"owner"},
		IsText:                 {"name", "email"},
	}), IsText | IsCore},
	Media: {newWordTable(map[Traits][]string{
		IsBox | IsCore: {
			"group", "content", "community", "embed", "scenes", "scene", "subtitle", "responses", "comments",
			"backlinks", "peerlink",
		},
		IsEmpty | IsCore: {"thumbnail", "starrating", "statistics", "player"},
		IsBody | IsCore:  {"description"},
	}), IsText | IsCore},
	Podcast: {newWordTable(map[Traits][]string{
		IsEmpty | IsCore: {"transcript", "chapters", "source", "integrity", "images", "valuerecipient"},
		IsBox | IsCore:   {"alternateenclosure", "value", "valuetimesplit", "liveitem", "podroll", "contentlink"},
	}), IsText | IsCore},
	Prism: {newWordTable(map[Traits][]string{
		IsText | IsCore | IsNoted | IsDate: {"publicationdate"},
	}), IsText | IsCore},
	Slash:       {nil, IsText | IsCore},
	Syndication: {nil, IsText | IsCore},
	Terms: {newWordTable(map[Traits][]string{
		IsText | IsCore | IsNoted | IsDate: {"issued", "created", "available", "modified"},
		IsText | IsCore | IsLent:           {"rights"},
	}), IsText | IsCore},
	Thread:    {nil, IsText | IsCore},
	Tombstone: {nil, IsBox | IsCore},
	WFW:       {nil, IsText | IsCore},
	XHTML: {newWordTable(map[Traits][]string{
		IsBody | IsNoted: {"body", "div"},
	}), 0},
}

// ExtensionWord finds what a namespace that is neither RSS's nor Atom's says of a local name in
// lower case.
func ExtensionWord(in Space, name []byte) Word {
	table := extensionWords[in]
	w, ok := table.words[string(name)]
	if !ok && table.rest != 0 {
		w = Word{string(name), table.rest}
	}
	return w
}
