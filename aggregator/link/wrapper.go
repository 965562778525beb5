package link

import "strings"

// unwrapTarget returns the link that a wrapper shows as its target, or "" where link is not a
// wrapper or shows no valid one. Wrappers that hide their target (short links, FeedBurner) are
// links like any other.
func unwrapTarget(link string) string {
	if !mayBeWrapper(link) {
		return ""
	}
	a, ok := parseAddress("", link)
	if !ok || a.port != "" {
		return ""
	}
	switch host := withoutWWW(a.host); {
	case host == "google.com" && a.path == "/url":
		return a.openParameter("url", "q")
	case host == "google.com":
		return a.unwrapAMPCache("/amp/s/")
	case host == "l.facebook.com" || host == "lm.facebook.com":
		if a.path == "/l.php" {
			return a.openParameter("u")
		}
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"):
		return a.openParameter("url")
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		return a.unwrapAMPCache("/c/s/", "/v/s/")
	case host == "npr.org" && a.path == "/stations/force/force_localization.php":
		return a.openLocalization()
	}
	return ""
}

// mayBeWrapper passes over, at little cost, links on hosts that wrap nothing.
func mayBeWrapper(link string) bool {
	_, rest, _ := strings.Cut(link, "://")
	host, _, _ := strings.Cut(rest, "/")
	for _, domain := range [...]string{"google.com", "facebook.com", "outlook.com", "ampproject.org", "npr.org"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

// openParameter opens a wrapper whose target is the value of a parameter: of the first name, and
// there of the first pair, that holds a valid one.
func (a address) openParameter(names ...string) string {
	for _, name := range names {
		for rest := strings.TrimPrefix(a.query, "?"); rest != ""; {
			var pair string
			pair, rest, _ = strings.Cut(rest, "&")
			value, ok := strings.CutPrefix(pair, name+"=")
			if !ok {
				continue
			}
			if target := a.cleanTarget(decodeEscapes(value)); target != "" {
				return target
			}
		}
	}
	return ""
}

// unwrapAMPCache opens an AMP cache's address: below one of the folders the whole rest is the
// target without its scheme.
func (a address) unwrapAMPCache(folders ...string) string {
	for _, folder := range folders {
		if rest, ok := strings.CutPrefix(a.path, folder); ok {
			return a.cleanTarget("https://" + rest + a.query)
		}
	}
	return ""
}

// openLocalization opens the page with which NPR asks for a reader's station. Its url parameter is
// not escaped: all the rest of the query belongs to it.
func (a address) openLocalization() string {
	_, rest, ok := strings.Cut("&"+strings.TrimPrefix(a.query, "?"), "&url=")
	if !ok {
		return ""
	}
	if target := a.cleanTarget(rest); target != "" {
		return target
	}
	return a.cleanTarget(decodeEscapes(rest))
}

// cleanTarget cleans a target. Like a browser that is redirected, it takes the wrapper's fragment
// along where the target has none (RFC 9110 10.2.2).
func (a address) cleanTarget(raw string) string {
	if a.fragment != "" && !strings.Contains(raw, "#") {
		if _, ok := parseAddress("", raw); !ok { // as with the fragment, which may be long
			return ""
		}
		raw += a.fragment
	}
	return cleanWithoutUnwrap("", raw)
}
