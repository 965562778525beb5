package vocabulary

import "strings"

// Space is a namespace, by what it is for and not by how it is spelled.
type Space uint8

const (
	None  Space = iota // no namespace, or the root's own
	Other              // one that means nothing here
	Atom
	CC
	Chapters // psc
	Content
	DC
	FeedBurner
	Geo
	History // fh, RFC 5005
	ITunes
	Media
	Podcast
	Prism
	RSS // RSS 0.9 and 1.0, and RDF
	Slash
	Syndication
	Terms // dcterms
	Thread
	Tombstone // at, RFC 6721
	WFW
	XHTML
)

// Namespace is a known address with a spelling that gofeed files it under; empty where gofeed knows
// none, and files it under the document's prefix.
type Namespace struct {
	Space Space
	URI   string
}

// Addresses of namespaces, as gofeed knows them.
const (
	URIAtom10     = "http://www.w3.org/2005/Atom"
	URIAtom03     = "http://purl.org/atom/ns#"
	URIRDF        = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	URIRSS10      = "http://purl.org/rss/1.0/"
	addressITunes = "http://www.itunes.com/DTDs/PodCast-1.0.dtd"
)

// namespaces is keyed by what spelling leaves: lower case, without scheme, "www." and the last
// slash or hash. Those without a space of their own are here because gofeed takes them, as the
// default namespace of an rss element, for a reason to read no items.
var namespaces = namespacesByKey(map[Space][]string{
	Atom: {URIAtom10, URIAtom03},
	CC: {
		"http://backend.userland.com/creativeCommonsRssModule",
		"http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html", "http://web.resource.org/cc/",
		"http://creativecommons.org/ns#license",
	},
	Chapters:   {"http://podlove.org/simple-chapters"},
	Content:    {"http://purl.org/rss/1.0/modules/content/"},
	DC:         {"http://purl.org/dc/elements/1.1/"},
	FeedBurner: {"http://rssnamespace.org/feedburner/ext/1.0"},
	Geo: {
		"http://www.georss.org/georss", "http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.opengis.net/gml",
	},
	ITunes: {addressITunes, "http://example.com/DTDs/PodCast-1.0.dtd"},
	Media:  {"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"},
	Prism:  {"http://prismstandard.org/namespaces/1.2/basic/"},
	RSS: {
		URIRDF, URIRSS10, "http://channel.netscape.com/rdf/simple/0.9/",
		"http://my.netscape.com/rdf/simple/0.9/",
	},
	Slash:       {"http://purl.org/rss/1.0/modules/slash/"},
	Syndication: {"http://purl.org/rss/1.0/modules/syndication/"},
	Terms:       {"http://purl.org/dc/terms/"},
	Thread:      {"http://purl.org/rss/1.0/modules/threading/"},
	WFW:         {"http://wellformedweb.org/commentAPI/"},
	XHTML:       {"http://www.w3.org/1999/xhtml"},
	Other: {
		"http://webns.net/mvcb/", "http://purl.org/rss/1.0/modules/aggregation/",
		"http://purl.org/rss/1.0/modules/annotate/", "http://media.tangent.org/rss/1.0/",
		"http://backend.userland.com/blogChannelModule", "http://purl.org/rss/1.0/modules/company",
		"http://my.theinfo.org/changed/1.0/rss/", "http://purl.org/rss/1.0/modules/email/",
		"http://purl.org/rss/1.0/modules/event/", "http://freshmeat.net/rss/fm/", "http://xmlns.com/foaf/0.1/",
		"http://postneo.com/icbm/", "http://purl.org/rss/1.0/modules/image/",
		"http://purl.org/rss/1.0/modules/link/", "http://madskills.com/public/xml/rss/module/pingback/",
		"http://www.w3.org/2000/01/rdf-schema#", "http://purl.org/rss/1.0/modules/reference/",
		"http://purl.org/rss/1.0/modules/richequiv/", "http://purl.org/rss/1.0/modules/search/",
		"http://schemas.xmlsoap.org/soap/envelope/", "http://purl.org/rss/1.0/modules/servicestatus/",
		"http://hacks.benhammersley.com/rss/streaming/", "http://purl.org/rss/1.0/modules/subscription/",
		"http://schemas.pocketsoap.com/rss/myDescModule/", "http://purl.org/rss/1.0/modules/taxonomy/",
		"http://purl.org/rss/1.0/modules/textinput/", "http://madskills.com/public/xml/rss/module/trackback/",
		"http://purl.org/rss/1.0/modules/wiki/", "http://www.w3.org/1999/xlink",
		"http://www.w3.org/XML/1998/namespace",
	},
})

// furtherNamespaces lists drafts, what podcast directories write, and vocabularies that gofeed has
// no name for. Keyed as namespaces.
var furtherNamespaces = map[string]Namespace{
	"itunes.com/dtds/podcast-1.0":                                         {ITunes, addressITunes},
	"itunes.apple.com/dtds/podcast-1.0.dtd":                               {ITunes, addressITunes},
	"search.yahoo.com/mrss/index.html":                                    {Media, "http://search.yahoo.com/mrss/"},
	"ietf.org/rfc/rfc4287.txt":                                            {Atom, URIAtom10},
	"purl.org/dc/elements/1.0":                                            {DC, "http://purl.org/dc/elements/1.1/"},
	"google.com/schemas/play-podcasts/1.0":                                {ITunes, ""},
	"google.com/schemas/play-podcasts/1.0/play":                           {ITunes, ""},
	"podcastindex.org/namespace/1.0":                                      {Podcast, ""},
	"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": {Podcast, ""},
	"purl.org/syndication/history/1.0":                                    {History, ""},
	"purl.org/syndication/thread/1.0":                                     {Thread, ""},
	"purl.org/atompub/tombstones/1.0":                                     {Tombstone, ""},
}

// UsualPrefixes lists the usual ones, for those that a document never binds.
var UsualPrefixes = map[string]Space{
	"atom": Atom, "a10": Atom, "atom10": Atom, "atom03": Atom, "cc": CC, "creativecommons": CC, "psc": Chapters,
	"content": Content,
	"dc":      DC, "feedburner": FeedBurner, "georss": Geo, "geo": Geo, "gml": Geo, "fh": History,
	"itunes": ITunes, "googleplay": ITunes, "media": Media, "podcast": Podcast, "prism": Prism,
	"rdf": RSS, "rss": RSS, "slash": Slash, "sy": Syndication, "dcterms": Terms, "thr": Thread,
	"at": Tombstone, "wfw": WFW, "xhtml": XHTML, "html": XHTML,
}

func namespacesByKey(uris map[Space][]string) map[string]Namespace {
	all := map[string]Namespace{}
	for s, list := range uris {
		for i := len(list) - 1; i >= 0; i-- {
			all[namespaceKey(list[i])] = Namespace{s, list[i]}
		}
	}
	return all
}

// namespaceKey is what of a namespace's address is compared.
func namespaceKey(uri string) string {
	uri = strings.ToLower(strings.TrimSpace(uri))
	uri = strings.TrimPrefix(strings.TrimPrefix(uri, "http://"), "https://")
	return strings.TrimRight(strings.TrimPrefix(uri, "www."), "/#")
}

// LookupNamespace finds a namespace by any spelling of its address, and says whether the spelling
// must be set right before gofeed reads it: it knows RSS's and Atom's own elements by the one
// spelling alone. What else it does not know it files under the document's prefix, where it is
// found as well.
func LookupNamespace(uri string) (ns Namespace, found, misspelled bool) {
	uri = strings.TrimSpace(uri)
	key := namespaceKey(uri)
	ns, found = namespaces[key]
	if !found {
		ns, found = furtherNamespaces[key]
	}
	if !found && strings.HasPrefix(key, "purl.org/atom/ns") {
		ns, found = Namespace{Atom, URIAtom03}, true
	}
	if !found {
		return Namespace{Space: Other}, false, false
	}
	return ns, true, ns.URI != uri && (ns.Space == Atom || ns.Space == RSS)
}
