package link

import "strings"

// prefixes lists the paths below which podcast measurement services put the address of an
// enclosure, by host. A part of a path stands for itself; "*" is any one part, "x*" one that begins
// so. (skymethod/op3 keeps such a list, with the behaviour of each; others were seen in feeds.)
var prefixes = map[string][][]string{
	"op3.dev":                  {{"e"}, {"e,*"}},
	"dts.podtrac.com":          {{"redirect.*"}, {"pts", "redirect.*"}},
	"podtrac.com":              {{"pts", "redirect.*"}},
	"play.podtrac.com":         {{"*"}},
	"pdst.fm":                  {{"e"}},
	"chrt.fm":                  {{"track", "*"}},
	"chtbl.com":                {{"track", "*"}},
	"prfx.byspotify.com":       {{"e"}},
	"verifi.podscribe.com":     {{"rss", "p"}},
	"pscrb.fm":                 {{"rss", "p"}},
	"claritaspod.com":          {{"measure"}},
	"clrtpod.com":              {{"m"}},
	"arttrk.com":               {{"p", "*"}},
	"mgln.ai":                  {{"e", "*"}, {"track"}},
	"pfx.vpixl.com":            {{"*"}},
	"pdcn.co":                  {{"e"}},
	"2.gum.fm":                 {{}},
	"p.podderapp.com":          {{"*"}},
	"tracking.swap.fm":         {{"track", "*"}},
	"media.blubrry.com":        {{"*", "p"}, {"*"}},
	"growx.podkite.com":        {{"http", "*"}, {"https", "*"}},
	"pfx.veritonicmetrics.com": {{"*"}},
	"adbarker.com":             {{"stream", "*"}},
	"letscast.fm":              {{"track"}},
}

// unprefixed returns the link below a measurement service's prefix, or "" where there is no prefix,
// or nothing valid below it.
func unprefixed(site string, a address) string {
	for _, prefix := range prefixes[site] {
		rest, ok := cutPathPrefix(a.path, prefix)
		if !ok {
			continue
		}
		if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
			rest = "https://" + rest
		}
		inner := Clean("", rest+a.query+a.fragment)
		// Without a dot, or without a path, it is not a file on some host but a further part of the
		// service's own path.
		if b, ok := parseAddress("", inner); ok && strings.Contains(b.host, ".") && b.path != "/" {
			return inner
		}
	}
	return ""
}

// cutPathPrefix takes the parts of a prefix off the front of a path.
func cutPathPrefix(path string, prefix []string) (rest string, ok bool) {
	rest = path[1:]
	for _, pattern := range prefix {
		part, after, found := strings.Cut(rest, "/")
		if !found || !fitsPattern(part, pattern) {
			return "", false
		}
		rest = after
	}
	return rest, true
}

// fitsPattern compares a part of a path with its pattern.
func fitsPattern(part, pattern string) bool {
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return len(part) > len(start) && strings.HasPrefix(part, start)
	}
	return part == pattern
}
