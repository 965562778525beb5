package link

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// address is an absolute http or https address in its parts.
type address struct {
	scheme   string // "http" or "https"
	host     string // lower-case ASCII, an IPv6 address in brackets
	port     string // digits; empty for the scheme's own
	path     string // begins with "/"; this and what follows is as written
	query    string // with its "?", or empty
	fragment string // with its "#", or empty
}

// parseAddress reads an address, resolving a relative one against base by RFC 3986 5.2.
func parseAddress(base, raw string) (address, bool) {
	raw = trimWhitespace(raw)
	if raw == "" {
		return address{}, false
	}
	// A colon before any "/", "?" or "#" ends a scheme: a relative reference cannot have one there
	// (RFC 3986 4.2).
	i := 0
	for i < len(raw) && raw[i] != ':' && raw[i] != '/' && raw[i] != '?' && raw[i] != '#' {
		i++
	}
	if i == len(raw) || raw[i] != ':' {
		return resolveRelative(base, raw)
	}
	scheme := ""
	switch {
	case strings.EqualFold(raw[:i], "https"):
		scheme = "https"
	case strings.EqualFold(raw[:i], "http"):
		scheme = "http"
	}
	rest, ok := strings.CutPrefix(raw[i+1:], "//")
	if scheme == "" || !ok {
		return address{}, false
	}
	return parseHierarchy(scheme, rest)
}

// parseHierarchy reads what follows the two slashes.
func parseHierarchy(scheme, rest string) (address, bool) {
	authority, path, query, fragment := splitAddress(rest)
	host, port, ok := parseAuthority(scheme, authority)
	if path == "" {
		path = "/"
	}
	return address{scheme, host, port, path, query, fragment}, ok
}

// splitAddress divides at the first "#", then the first "?", then the first "/".
func splitAddress(s string) (head, path, query, fragment string) {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, fragment = s[:i], s[i:]
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, query = s[:i], s[i:]
	}
	if i := strings.IndexByte(s, '/'); i >= 0 {
		s, path = s[:i], s[i:]
	}
	return s, path, query, fragment
}

// parseAuthority takes off user and password and reads host and port.
func parseAuthority(scheme, authority string) (host, port string, ok bool) {
	host = authority[strings.LastIndexByte(authority, '@')+1:]
	// A colon inside brackets belongs to an IPv6 address.
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host, port = host[:i], host[i+1:]
	}
	for _, c := range []byte(port) {
		if c < '0' || c > '9' {
			return "", "", false
		}
	}
	for len(port) > 1 && port[0] == '0' {
		port = port[1:]
	}
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		port = ""
	}
	host = canonicalHost(host)
	return host, port, host != ""
}

// resolveRelative reads a relative reference.
func resolveRelative(base, ref string) (address, bool) {
	b, ok := parseAddress("", base)
	if !ok {
		return address{}, false
	}
	if rest, ok := strings.CutPrefix(ref, "//"); ok {
		return parseHierarchy(b.scheme, rest)
	}
	head, path, query, fragment := splitAddress(ref)
	path = head + path
	switch {
	case path == "" && query == "":
		path, query = b.path, b.query
	case path == "":
		path = b.path
	case path[0] == '/':
		path = removeDots(path)
	default:
		path = removeDots(b.path[:strings.LastIndexByte(b.path, '/')+1] + path)
	}
	return address{b.scheme, b.host, b.port, path, query, fragment}, true
}

// removeDots takes the dot segments out of an absolute path (RFC 3986 5.2.4).
func removeDots(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	out := make([]byte, 0, len(path))
	for rest := path; rest != ""; {
		end := 1 + strings.IndexByte(rest[1:], '/')
		if end == 0 {
			end = len(rest)
		}
		segment := rest[:end]
		rest = rest[end:]
		switch segment {
		case "/.", "/..":
			if segment == "/.." {
				out = out[:max(0, bytes.LastIndexByte(out, '/'))]
			}
			if rest == "" {
				out = append(out, '/')
			}
		default:
			out = append(out, segment...)
		}
	}
	return string(out)
}

// appendOrigin appends scheme, host and port.
func (a address) appendOrigin(buf []byte) []byte {
	buf = append(buf, a.scheme...)
	buf = append(buf, "://"...)
	buf = append(buf, a.host...)
	if a.port != "" {
		buf = append(buf, ':')
		buf = append(buf, a.port...)
	}
	return buf
}

// trimWhitespace deletes TAB, CR and LF anywhere, and at both ends spaces, no-break spaces, byte
// order marks and zero-width spaces.
func trimWhitespace(s string) string {
	if s == "" {
		return ""
	}
	if strings.IndexByte(s, '\t') >= 0 || strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0 {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
		return strings.Trim(s, invisible)
	}
	if first, last := s[0], s[len(s)-1]; first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf {
		return s
	}
	return strings.Trim(s, invisible)
}

// invisible is what addresses are copied with.
const invisible = " \u00a0\ufeff\u200b"
