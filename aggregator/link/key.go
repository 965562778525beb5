package link

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// maxKey is the length in bytes beyond which a key is hashed.
const maxKey = 1024

// Key returns what is compared instead of the link: two links with one key are one page. It is ""
// exactly where the link is. A key made by a host rule has a ":" and no "/", any other has a "/":
// they never meet. Keys are for comparing alone, never for fetching or showing.
func (t *Table) Key(link string) string {
	a, ok := parseAddress("", link)
	if !ok {
		return ""
	}
	site := t.siteForKey(a)
	for range maxNested {
		inner := unprefixed(site, a)
		if inner == "" {
			break
		}
		link = inner
		a, _ = parseAddress("", link)
		site = t.siteForKey(a)
	}
	p := t.pageForKey(site, a)
	var stack [512]byte
	buf, ok := p.appendRuled(stack[:0])
	if !ok {
		buf = p.appendGeneric(stack[:0])
	}
	if len(buf) > maxKey {
		sum := sha256.Sum256(buf)
		return site + "/~" + hex.EncodeToString(sum[:])
	}
	if n := len(link) - len(buf); n > 0 && link[n:] == string(buf) {
		return link[n:]
	}
	return string(buf)
}

// siteForKey is the host that stands for the page's site, with its port if that is not the scheme's
// own.
func (t *Table) siteForKey(a address) string {
	if a.port != "" {
		return a.host + ":" + a.port
	}
	host := withoutWWW(a.host)
	if canonical, ok := t.aliases[host]; ok {
		return canonical
	}
	return host
}

// page is an address on the way to its key: what is equal by RFC 3986 is equal.
type page struct {
	site     string
	path     string
	query    []pair
	fragment string // without its "#"
	rules    []*rule
}

// pair is a parameter of a query; text is all of it.
type pair struct{ name, text string }

func (t *Table) pageForKey(site string, a address) page {
	p := page{site: site, rules: t.rulesForSite(site)}
	p.path = removeDots(normalizeEscapes(a.path))
	if a.query == "" {
		p.path = withoutIndex(p.path)
	}
	if len(p.path) > 1 && !t.keepSlash[site] {
		p.path = strings.TrimSuffix(p.path, "/")
	}
	p.query = p.sortedParameters(a.query)
	p.fragment = normalizeEscapes(strings.TrimPrefix(a.fragment, "#"))
	for _, r := range p.rules {
		if r.fragment != nil && r.coversPath(p.path) && r.fragment.MatchString(p.fragment) {
			p.fragment = ""
		}
	}
	return p
}

// withoutIndex returns the folder that a path names by its index file.
func withoutIndex(path string) string {
	for _, file := range [...]string{"/index.html", "/index.htm"} {
		if folder, ok := strings.CutSuffix(path, file); ok {
			return folder + "/"
		}
	}
	return path
}

// sortedParameters divides a query, given with its "?", and sorts it by name. Pairs of one name
// keep their order, which may mean something.
func (p page) sortedParameters(query string) []pair {
	if query == "" {
		return nil
	}
	pairs := make([]pair, 0, 1+strings.Count(query, "&"))
	dropped := p.droppedParameters()
	for text := range strings.SplitSeq(query[1:], "&") {
		text = normalizeEscapes(strings.ReplaceAll(text, "+", "%20"))
		name, _, _ := strings.Cut(text, "=")
		if !slices.Contains(dropped, name) {
			pairs = append(pairs, pair{name, text})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.name, b.name) })
	return pairs
}

// droppedParameters returns the parameters of which rules say that they name no page.
func (p page) droppedParameters() (names []string) {
	for _, r := range p.rules {
		if len(r.drop) > 0 && r.coversPath(p.path) {
			names = append(names, r.drop...)
		}
	}
	return names
}

// parameterValue returns the value of the only parameter of a name.
func (p page) parameterValue(name string) string {
	value := ""
	for i, pair := range p.query {
		if pair.name != name {
			continue
		}
		if i+1 < len(p.query) && p.query[i+1].name == name {
			return "" // which of them counts is the site's secret
		}
		value = strings.TrimPrefix(pair.text[len(name):], "=")
		break
	}
	return value
}

// appendRuled appends the key that the first fitting rule gives.
func (p page) appendRuled(buf []byte) ([]byte, bool) {
	for _, r := range p.rules {
		if r.key == nil {
			continue
		}
		out, ok := r.appendPageKey(buf, p)
		if !ok {
			continue
		}
		if p.fragment != "" {
			out = append(out, '#')
			// A rule's key has no "/". No link has a "\", so nothing else folds.
			out = append(out, strings.ReplaceAll(p.fragment, "/", `\`)...)
		}
		return out, true
	}
	return buf, false
}

// appendGeneric appends the key of a page that no rule knows.
func (p page) appendGeneric(buf []byte) []byte {
	path := p.path
	for _, r := range p.rules {
		if r.strip != "" && strings.HasSuffix(path, r.strip) && r.path.MatchString(path) {
			path = strings.TrimSuffix(path, r.strip)
		}
	}
	buf = append(buf, p.site...)
	if !strings.HasPrefix(path, "/") {
		buf = append(buf, '/')
	}
	buf = append(buf, path...)
	separator := byte('?')
	for _, pair := range p.query {
		buf = append(buf, separator)
		buf = append(buf, pair.text...)
		separator = '&'
	}
	if p.fragment != "" {
		buf = append(buf, '#')
		buf = append(buf, p.fragment...)
	}
	return buf
}
