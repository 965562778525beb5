package feed

// traits say how the scan treats an element.
type traits uint16

const (
	isText    traits = 1 << iota // holds a line of text: markup in it is text that was left unescaped
	isBody                       // the same, and the text may be HTML
	isEmpty                      // holds nothing
	isPerson                     // holds a name, or name, email and uri
	isBox                        // holds elements of its own vocabulary
	isCore                       // stands in no text: its start tag ends a text that was left open
	isNoted                      // read from the scan's notes; gofeed does not see it
	isDate                       // a date of the item
	isLent                       // of the feed: shapes its items
	isItem                       //
	isChannel                    //
	isRoot                       //
	nests                        // may stand in one of its own name
)

// word is an element that some vocabulary defines.
type word struct {
	name string // local name in lower case
	traits
}

func (w word) is(t traits) bool { return w.traits&t != 0 }

// vocabulary finds words by local name in lower case.
type vocabulary map[string]word

func words(groups map[traits][]string) vocabulary {
	v := vocabulary{}
	for t, names := range groups {
		for _, n := range names {
			v[n] = word{n, t}
		}
	}
	return v
}

// rssWords are what an RSS document writes without a prefix: RSS's own, and
// Atom's, which count there too.
var rssWords = words(map[traits][]string{
	isRoot:                             {"rss", "rdf"},
	isChannel:                          {"channel"},
	isItem:                             {"item", "entry"},
	isText | isCore | isNoted:          {"title", "guid", "id"},
	isText | isCore | isNoted | isLent: {"link"},
	isBody | isCore | isNoted:          {"description", "summary", "content", "encoded", "fullitem"},
	isText | isCore | isNoted | isDate: {"pubdate", "published", "updated", "modified", "issued", "created"},
	isPerson | isCore | isNoted:        {"author"},
	isText | isCore:                    {"category", "comments", "source", "managingeditor", "webmaster", "lastbuilddate", "generator", "docs", "ttl", "rating"},
	isText | isCore | isLent:           {"language", "copyright", "rights"},
	isText:                             {"url", "width", "height", "name", "email", "uri", "homepage", "hour", "day"},
	isEmpty | isCore:                   {"enclosure", "cloud"},
	isBox | isCore:                     {"image", "textinput"},
	isBox:                              {"skiphours", "skipdays"},
})

// atomWords are what an Atom document writes, and an RSS document with a prefix.
var atomWords = words(map[traits][]string{
	isRoot:                             {"feed"},
	isItem:                             {"entry", "item"},
	isText | isCore | isNoted:          {"title", "id"},
	isText | isCore | isNoted | isLent: {"rights", "copyright"},
	isBody | isCore | isNoted:          {"summary", "content", "subtitle", "tagline"},
	isText | isCore | isNoted | isDate: {"published", "updated", "modified", "issued", "created"},
	isPerson | isCore | isLent:         {"author"},
	isPerson | isCore:                  {"contributor"},
	isText | isCore:                    {"generator", "icon", "logo"},
	isText:                             {"name", "email", "uri", "url", "homepage"},
	isEmpty | isCore:                   {"category"},
	isEmpty | isCore | isLent:          {"link"},
	isBox | isCore:                     {"source"},
})

// prefixed are the words of further namespaces, and what a word of one is that
// does not stand in its table.
var prefixed = map[space]struct {
	words vocabulary
	rest  traits
}{
	spaceCC: {words(map[traits][]string{isEmpty | isCore | isLent: {"license"}}), isText | isCore},
	spaceChapters: {words(map[traits][]string{
		isEmpty | isCore: {"chapter"},
	}), isBox | isCore},
	spaceContent: {words(map[traits][]string{
		isBody | isCore | isNoted: {"encoded"},
	}), isBox | isCore},
	spaceDC: {words(map[traits][]string{
		isText | isCore | isNoted | isDate: {"date"},
		isText | isCore | isLent:           {"language", "rights"},
		isBody | isCore:                    {"description"},
	}), isText | isCore},
	spaceFeedBurner: {nil, isText | isCore},
	spaceGeo:        {nil, isBox | isCore},
	spaceHistory:    {nil, isEmpty | isCore},
	spaceITunes: {words(map[traits][]string{
		isBody | isCore:        {"summary", "subtitle", "description"},
		isEmpty | isCore:       {"image"},
		isBox | isCore | nests: {"category"},
		isBox | isCore:         {"owner"},
		isText:                 {"name", "email"},
	}), isText | isCore},
	spaceMedia: {words(map[traits][]string{
		isBox | isCore:   {"group", "content", "community", "embed", "scenes", "scene", "subtitle", "responses", "comments", "backlinks", "peerlink"},
		isEmpty | isCore: {"thumbnail", "starrating", "statistics", "player"},
		isBody | isCore:  {"description"},
	}), isText | isCore},
	spacePodcast: {words(map[traits][]string{
		isEmpty | isCore: {"transcript", "chapters", "source", "integrity", "images", "valuerecipient"},
		isBox | isCore:   {"alternateenclosure", "value", "valuetimesplit", "liveitem", "podroll", "contentlink"},
	}), isText | isCore},
	spacePrism: {words(map[traits][]string{
		isText | isCore | isNoted | isDate: {"publicationdate"},
	}), isText | isCore},
	spaceSlash:       {nil, isText | isCore},
	spaceSyndication: {nil, isText | isCore},
	spaceTerms: {words(map[traits][]string{
		isText | isCore | isNoted | isDate: {"issued", "created", "available", "modified"},
		isText | isCore | isLent:           {"rights"},
	}), isText | isCore},
	spaceThread:    {nil, isText | isCore},
	spaceTombstone: {nil, isBox | isCore},
	spaceWFW:       {nil, isText | isCore},
	spaceXHTML: {words(map[traits][]string{
		isBody | isNoted: {"body", "div"},
	}), 0},
}

// htmlWords are HTML's elements, old ones included. What is none of them is no
// tag inside a line of text.
var htmlWords = set(
	"a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi", "bdo", "bgsound",
	"big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data",
	"datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure",
	"font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i",
	"iframe", "img", "input", "ins", "isindex", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "marquee", "math", "menu",
	"meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param",
	"picture", "plaintext", "portal", "pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search", "section",
	"select", "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td",
	"template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
)

func set(names ...string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, n := range names {
		all[n] = true
	}
	return all
}
