package config

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Editors says who decides on the desk's own pages, and where these are.
type Editors struct {
	People []news.DeskEditor // none: there are no such pages
	URL    string            // base of the links that are sent; no trailing slash
	Listen string            // host:port of a listener for these pages alone; "": the public one
	Proxy  SignInProxy
}

// SignInProxy says which proxy says who a request is from.
type SignInProxy struct {
	Header string // that holds a person's id or email; "": there is no such proxy
	From   []netip.Prefix
}

// maxPeople is how many editors a desk may have.
const maxPeople = 1000

// pageLanguages are those of the editors' pages.
var pageLanguages = []string{"en", "es"}

func readEditors(e *Editors) func(value) {
	return func(v value) {
		m := v.readMapping(fields{
			"people": readPeople(&e.People),
			"url":    readText(&e.URL, checkBase),
			"listen": readText(&e.Listen, checkListen),
			"proxy":  readSignInProxy(&e.Proxy),
		})
		if e.URL != "" {
			e.URL = strings.TrimRight(link.Resolve("", e.URL), "/")
			if err := checkEditorsURL(e.URL); err != nil {
				m.valueAt("url").reportFault("%v", err)
			}
		}
		v.whenAllIsRead(func(c *Config, _ members) { fillEditors(c, m) })
	}
}

// fillEditors fills in what depends on the desk, and reports what does not fit it.
func fillEditors(c *Config, m members) {
	e := &c.Editors
	if !m.isWritten("url") {
		e.URL = c.Desk.URL
		if len(e.People) > 0 && e.URL != "" && checkEditorsURL(e.URL) != nil {
			m.valueAt("url").reportFault("missing, and desk.url, which serves for it, is not encrypted: editors sign in " +
				"with https; write the https:// address at which a proxy answers for this desk")
		}
	}
	if e.Listen != "" && e.Listen == c.Listen {
		m.valueAt("listen").reportFault("%s is where the public listens: allowed is another address; without one, "+
			"the editors' pages are on the public listener", quoteShort(e.Listen))
	}
}

func readPeople(to *[]news.DeskEditor) func(value) {
	return func(v value) {
		ids, addresses := map[string]value{}, map[string]value{}
		v.readList(func(item value) {
			var p news.DeskEditor
			m := item.readMapping(fields{
				"id":       readText(&p.ID, checkID),
				"name":     readText(&p.Name, checkLine),
				"email":    readText(&p.Email, checkMail),
				"station":  readText(&p.Station, checkID),
				"language": readText(&p.Language, checkLanguage, checkPageLanguage),
			}, "id", "name", "email")
			m.reportDoubled(ids, "id", p.ID, quoteShort(p.ID)+" is", "each person needs their own id")
			// Faults are logged, and logs have no mail address.
			m.reportDoubled(addresses, "email", strings.ToLower(p.Email), "this address is",
				"links that sign in are mailed there, so each person needs their own")
			v.whenAllIsRead(func(c *Config, _ members) { m.checkStation(c, "station", p.Station) })
			*to = append(*to, p)
		})
		if n := len(*to); n > maxPeople {
			v.reportFault("%d people found: %d are allowed", n, maxPeople)
		}
	}
}

// reportDoubled reports a text that an earlier member of a list has under the same key, and remembers
// where it is.
func (m members) reportDoubled(seen map[string]value, key, text, is, needed string) {
	if first, doubled := seen[text]; doubled && text != "" {
		m.valueAt(key).reportFault("%s already used (line %d): %s", is, first.line, needed)
		return
	}
	seen[text] = m.valueAt(key)
}

func readSignInProxy(p *SignInProxy) func(value) {
	return func(v value) {
		m := v.readMapping(fields{"header": readText(&p.Header, checkHeaderName), "from": readProxies(&p.From)},
			"header", "from")
		if m.isWritten("from") && len(p.From) == 0 {
			m.valueAt("from").reportFault("no address found: the proxy's is needed, such as [127.0.0.1]; " +
				"from elsewhere the header means nothing")
		}
		for _, prefix := range p.From {
			if prefix.Bits() == 0 {
				m.valueAt("from").reportFault("%q holds every address: anybody could then say who they are; "+
					"allowed are the proxy's own, such as [127.0.0.1]", prefix)
			}
		}
	}
}

var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$")

// checkHeaderName accepts the name of a header that a proxy can say with who a request is from (RFC
// 9110 5.1): not one that says something else.
func checkHeaderName(s string) error {
	if !headerName.MatchString(s) {
		return notAllowed(s, "is not the name of a header: allowed is one such as X-Remote-User")
	}
	for _, taken := range []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Content-Type", "Cookie",
		"Forwarded", "Host", "Origin", "Referer", "Transfer-Encoding", "User-Agent", "X-Forwarded-For",
		"X-Forwarded-Host", "X-Forwarded-Proto",
	} {
		if strings.EqualFold(s, taken) {
			return notAllowed(s, "does not say who a person is: allowed is one such as X-Remote-User, "+
				"which the proxy overwrites")
		}
	}
	return nil
}

// checkPageLanguage accepts a language that the editors' pages are written in.
func checkPageLanguage(s string) error {
	if _, found := news.MatchLanguage(pageLanguages, s); !found {
		return notAllowed(s, "is no language of the editors' pages: allowed are "+strings.Join(pageLanguages, " and "))
	}
	return nil
}

// checkEditorsURL accepts where editors sign in: others on the way must not read what keeps them signed
// in.
func checkEditorsURL(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("not a web address: allowed is https:// and a host")
	}
	if u.Scheme == "https" || isLoopback(u.Hostname()) {
		return nil
	}
	return notAllowed(s, "is not encrypted: editors sign in with https; allowed is https:// and a host or, on this "+
		"machine alone, http://127.0.0.1:8080")
}

// checkStation reports a station that is not configured.
func (m members) checkStation(c *Config, key, id string) {
	if id == "" || slices.ContainsFunc(c.Stations, func(s news.Station) bool { return s.ID == id }) {
		return
	}
	const shown = 20
	var ids []string
	for _, s := range c.Stations[:min(len(c.Stations), shown)] {
		ids = append(ids, s.ID)
	}
	if len(c.Stations) > shown {
		ids = append(ids, "…")
	}
	m.valueAt(key).reportFault("%s is no station here: allowed are %s", quoteShort(id), strings.Join(ids, ", "))
}

// isLoopback reports whether a host is this machine for whoever names it.
func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
