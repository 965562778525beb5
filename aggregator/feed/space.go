package feed

import "strings"

// space is a namespace, by what it is for and not by how it is spelled.
type space uint8

const (
	spaceNone  space = iota // no namespace, or the root's own
	spaceOther              // one that means nothing here
	spaceAtom
	spaceCC
	spaceChapters // psc
	spaceContent
	spaceDC
	spaceFeedBurner
	spaceGeo
	spaceHistory // fh, RFC 5005
	spaceITunes
	spaceMedia
	spacePodcast
	spacePrism
	spaceRSS // RSS 0.9 and 1.0, and RDF
	spaceSlash
	spaceSyndication
	spaceTerms // dcterms
	spaceThread
	spaceTombstone // at, RFC 6721
	spaceWFW
	spaceXHTML
)

// namespace is a known address with a spelling that gofeed files it under;
// empty where gofeed knows none, and files it under the document's prefix.
type namespace struct {
	space space
	uri   string
}

const (
	uriAtom10 = "http://www.w3.org/2005/Atom"
	uriAtom03 = "http://purl.org/atom/ns#"
	uriRDF    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	uriRSS10  = "http://purl.org/rss/1.0/"
	uriITunes = "http://www.itunes.com/DTDs/PodCast-1.0.dtd"
)

// namespaces is keyed by what spelling leaves: lower case, without scheme,
// "www." and the last slash or hash. Those without a space of their own stand
// here because gofeed takes them, as the default namespace of an rss element,
// for a reason to read no items.
var namespaces = keyed(map[space][]string{
	spaceAtom:        {uriAtom10, uriAtom03},
	spaceCC:          {"http://backend.userland.com/creativeCommonsRssModule", "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html", "http://web.resource.org/cc/", "http://creativecommons.org/ns#license"},
	spaceChapters:    {"http://podlove.org/simple-chapters"},
	spaceContent:     {"http://purl.org/rss/1.0/modules/content/"},
	spaceDC:          {"http://purl.org/dc/elements/1.1/"},
	spaceFeedBurner:  {"http://rssnamespace.org/feedburner/ext/1.0"},
	spaceGeo:         {"http://www.georss.org/georss", "http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.opengis.net/gml"},
	spaceITunes:      {uriITunes, "http://example.com/DTDs/PodCast-1.0.dtd"},
	spaceMedia:       {"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"},
	spacePrism:       {"http://prismstandard.org/namespaces/1.2/basic/"},
	spaceRSS:         {uriRDF, uriRSS10, "http://channel.netscape.com/rdf/simple/0.9/", "http://my.netscape.com/rdf/simple/0.9/"},
	spaceSlash:       {"http://purl.org/rss/1.0/modules/slash/"},
	spaceSyndication: {"http://purl.org/rss/1.0/modules/syndication/"},
	spaceTerms:       {"http://purl.org/dc/terms/"},
	spaceThread:      {"http://purl.org/rss/1.0/modules/threading/"},
	spaceWFW:         {"http://wellformedweb.org/commentAPI/"},
	spaceXHTML:       {"http://www.w3.org/1999/xhtml"},
	spaceOther: {
		"http://webns.net/mvcb/", "http://purl.org/rss/1.0/modules/aggregation/", "http://purl.org/rss/1.0/modules/annotate/",
		"http://media.tangent.org/rss/1.0/", "http://backend.userland.com/blogChannelModule", "http://purl.org/rss/1.0/modules/company",
		"http://my.theinfo.org/changed/1.0/rss/", "http://purl.org/rss/1.0/modules/email/", "http://purl.org/rss/1.0/modules/event/",
		"http://freshmeat.net/rss/fm/", "http://xmlns.com/foaf/0.1/", "http://postneo.com/icbm/", "http://purl.org/rss/1.0/modules/image/",
		"http://purl.org/rss/1.0/modules/link/", "http://madskills.com/public/xml/rss/module/pingback/", "http://www.w3.org/2000/01/rdf-schema#",
		"http://purl.org/rss/1.0/modules/reference/", "http://purl.org/rss/1.0/modules/richequiv/", "http://purl.org/rss/1.0/modules/search/",
		"http://schemas.xmlsoap.org/soap/envelope/", "http://purl.org/rss/1.0/modules/servicestatus/", "http://hacks.benhammersley.com/rss/streaming/",
		"http://purl.org/rss/1.0/modules/subscription/", "http://schemas.pocketsoap.com/rss/myDescModule/", "http://purl.org/rss/1.0/modules/taxonomy/",
		"http://purl.org/rss/1.0/modules/textinput/", "http://madskills.com/public/xml/rss/module/trackback/", "http://purl.org/rss/1.0/modules/wiki/",
		"http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace",
	},
})

// further addresses: drafts, what podcast directories write, and vocabularies
// that gofeed has no name for. Keyed as namespaces.
var further = map[string]namespace{
	"itunes.com/dtds/podcast-1.0":                                         {spaceITunes, uriITunes},
	"itunes.apple.com/dtds/podcast-1.0.dtd":                               {spaceITunes, uriITunes},
	"search.yahoo.com/mrss/index.html":                                    {spaceMedia, "http://search.yahoo.com/mrss/"},
	"ietf.org/rfc/rfc4287.txt":                                            {spaceAtom, uriAtom10},
	"purl.org/dc/elements/1.0":                                            {spaceDC, "http://purl.org/dc/elements/1.1/"},
	"google.com/schemas/play-podcasts/1.0":                                {spaceITunes, ""},
	"google.com/schemas/play-podcasts/1.0/play":                           {spaceITunes, ""},
	"podcastindex.org/namespace/1.0":                                      {spacePodcast, ""},
	"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": {spacePodcast, ""},
	"purl.org/syndication/history/1.0":                                    {spaceHistory, ""},
	"purl.org/syndication/thread/1.0":                                     {spaceThread, ""},
	"purl.org/atompub/tombstones/1.0":                                     {spaceTombstone, ""},
}

// prefixes are the usual ones, for those that a document never binds.
var prefixes = map[string]space{
	"atom": spaceAtom, "a10": spaceAtom, "atom10": spaceAtom, "atom03": spaceAtom, "cc": spaceCC, "creativecommons": spaceCC, "psc": spaceChapters, "content": spaceContent,
	"dc": spaceDC, "feedburner": spaceFeedBurner, "georss": spaceGeo, "geo": spaceGeo, "gml": spaceGeo, "fh": spaceHistory,
	"itunes": spaceITunes, "googleplay": spaceITunes, "media": spaceMedia, "podcast": spacePodcast, "prism": spacePrism,
	"rdf": spaceRSS, "rss": spaceRSS, "slash": spaceSlash, "sy": spaceSyndication, "dcterms": spaceTerms, "thr": spaceThread,
	"at": spaceTombstone, "wfw": spaceWFW, "xhtml": spaceXHTML, "html": spaceXHTML,
}

func keyed(uris map[space][]string) map[string]namespace {
	all := map[string]namespace{}
	for s, list := range uris {
		for i := len(list) - 1; i >= 0; i-- {
			all[spaceKey(list[i])] = namespace{s, list[i]}
		}
	}
	return all
}

// spaceKey is what of a namespace's address is compared.
func spaceKey(uri string) string {
	uri = strings.ToLower(strings.TrimSpace(uri))
	uri = strings.TrimPrefix(strings.TrimPrefix(uri, "http://"), "https://")
	return strings.TrimRight(strings.TrimPrefix(uri, "www."), "/#")
}

// known finds a namespace by any spelling of its address, and says whether the
// spelling must be set right before gofeed reads it: it knows RSS's and Atom's
// own elements by the one spelling alone. What else it does not know it files
// under the document's prefix, where it is found as well.
func known(uri string) (ns namespace, found, misspelled bool) {
	uri = strings.TrimSpace(uri)
	key := spaceKey(uri)
	ns, found = namespaces[key]
	if !found {
		ns, found = further[key]
	}
	if !found && strings.HasPrefix(key, "purl.org/atom/ns") {
		ns, found = namespace{spaceAtom, uriAtom03}, true
	}
	if !found {
		return namespace{space: spaceOther}, false, false
	}
	return ns, true, ns.uri != uri && (ns.space == spaceAtom || ns.space == spaceRSS)
}
