package htmlclean

import (
	"sync"

	"github.com/microcosm-cc/bluemonday"

	"fronteras/aggregator/feed/vocabulary"
)

// An element's part in a cleaned fragment.
type part uint8

const (
	partInline  part = iota // not on the list: its content stays
	partBlock               // the same, and its content is a paragraph if it holds no other
	partKept                // on the list, within a line
	partLine                // on the list, a block
	partVoid                // on the list, without content
	partCell                // on the list, a block that begins a context of its own
	partFrame               // on the list, of a table: holds rows or cells and no text
	partGone                // goes, and its content with it
	partPlayer              // becomes a link to what it plays
	partCaption             // of a table: moves before it
)

// element is what becomes of one kind of element.
type element struct {
	part part
	name string // what it is written as
}

// elements lists those of HTML. An element of no other name is partInline.
var elements = elementsByPart(map[part][]string{
	partKept: {"strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "a", "abbr", "cite", "q", "time", "code"},
	partLine: {
		"p", "h2", "h3", "h4", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption",
	},
	partVoid:    {"br", "hr", "img"},
	partCell:    {"th", "td"},
	partFrame:   {"table", "thead", "tbody", "tr"},
	partCaption: {"caption"},
	partPlayer:  {"audio", "video", "iframe"},
	partBlock: {
		"div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "center", "details",
		"summary", "hgroup", "search", "fieldset", "legend", "form", "dir", "menu", "body", "html", "noindex",
	},
	partGone: {
		"script", "style", "svg", "math", "template", "object", "embed", "noscript", "xmp", "plaintext", "title",
		"textarea", "noembed", "noframes", "applet", "portal", "canvas", "frameset", "frame", "head", "meta",
		"link", "base", "basefont", "bgsound", "param", "source", "track", "area", "map", "col", "colgroup",
		"input", "keygen", "wbr", "datalist", "progress", "meter", "dialog", "slot", "button",
	},
}, map[string]string{
	"h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "del": "s", "ins": "u", "acronym": "abbr", "tt": "code",
	"kbd": "code", "samp": "code", "listing": "pre", "tfoot": "tbody",
})

func elementsByPart(groups map[part][]string, aliases map[string]string) map[string]element {
	all := map[string]element{}
	for p, names := range groups {
		for _, n := range names {
			all[n] = element{p, n}
		}
	}
	for alias, name := range aliases {
		all[alias] = all[name]
	}
	return all
}

// allowed lists the attributes that an element keeps, in the order in which they are written. All
// elements keep dir and lang besides: see speech.
var allowed = map[string][]string{
	"a": {"href", "title", "hreflang"}, "img": {"src", "alt", "width", "height", "title"},
	"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "abbr": {"title"}, "time": {"datetime"},
}

// players lists the hosts whose frames play sound or film. What they play becomes a link; any other
// frame goes.
var players = vocabulary.SetOf(
	"www.youtube.com", "youtube.com", "www.youtube-nocookie.com", "player.vimeo.com", "w.soundcloud.com",
	"open.spotify.com", "embed.podcasts.apple.com", "www.npr.org", "player.pbs.org", "play.prx.org",
	"player.megaphone.fm", "playlist.megaphone.fm", "player.simplecast.com", "embed.simplecast.com", "omny.fm",
	"html5-player.libsyn.com", "play.libsyn.com", "www.podbean.com", "www.buzzsprout.com", "embed.acast.com",
	"widget.spreaker.com", "player.blubrry.com", "player.captivate.fm", "share.transistor.fm", "anchor.fm",
	"archive.org", "www.dailymotion.com", "embed.ted.com", "bandcamp.com",
)

// sievePolicy is bluemonday's, and the last to see what is published as markup: the faults found in
// x/net/html in 2026 were changes between parsing and rendering (CVE-2026-25681, CVE-2026-27136,
// CVE-2026-42502).
var sievePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for _, e := range elements {
		switch e.part {
		case partKept, partLine, partCell, partFrame, partVoid:
			p.AllowElements(e.name)
			p.AllowAttrs("dir", "lang").OnElements(e.name)
			p.AllowNoAttrs().OnElements(e.name)
			if attrs := allowed[e.name]; attrs != nil {
				p.AllowAttrs(attrs...).OnElements(e.name)
			}
		}
	}
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(false)
	return p
})
