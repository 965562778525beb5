package link

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxHost is the longest name that the domain name system can hold (RFC 1035 2.3.4).
const maxHost = 253

// ParseHost reads a host as a person writes it in a configuration: a name without "www.", or an IP
// address, with or without brackets; no scheme, port or path. It returns the form that [Host]
// gives.
func ParseHost(name string) (string, error) {
	if addr, err := netip.ParseAddr(name); err == nil && addr.Zone() == "" {
		return addr.String(), nil
	}
	switch {
	case name == "":
		return "", fmt.Errorf("empty: a host name is needed")
	case strings.Contains(name, "://"):
		return "", fmt.Errorf("%q has a scheme: a host name alone is needed", name)
	case strings.ContainsAny(name, "/?#"):
		return "", fmt.Errorf("%q has a path: a host name alone is needed", name)
	}
	host, port, ok := parseAuthority("", name)
	switch {
	case port != "" || strings.HasSuffix(name, ":"):
		return "", fmt.Errorf("%q has a port: hosts are compared without", name)
	case !ok || strings.Contains(name, "@"):
		return "", fmt.Errorf("%q is not a host name", name)
	case withoutWWWOrBrackets(host) != strings.Trim(host, "[]"):
		return "", fmt.Errorf("%q begins with www.: hosts are compared without, write %q", name,
			withoutWWWOrBrackets(host))
	}
	return withoutWWWOrBrackets(host), nil
}

// canonicalHost returns a host as written in lower-case ASCII, or "" for what is not a host. IPv6
// addresses keep their brackets.
func canonicalHost(host string) string {
	if strings.IndexByte(host, '%') >= 0 {
		host = decodeEscapes(host)
	}
	if strings.HasPrefix(host, "[") {
		return canonicalIPv6(host)
	}
	if !isCanonicalName(host) {
		host = hostToASCII(host)
	}
	host = strings.TrimSuffix(host, ".")
	if !isCanonicalName(host) || len(host) > maxHost || hasEmptyLabel(host) {
		return ""
	}
	return host
}

// canonicalIPv6 returns a bracketed literal in the form of RFC 5952. Zones mean something on one
// machine only, and are refused.
func canonicalIPv6(host string) string {
	addr, err := netip.ParseAddr(strings.TrimSuffix(host[1:], "]"))
	if err != nil || !addr.Is6() || addr.Zone() != "" || !strings.HasSuffix(host, "]") {
		return ""
	}
	return "[" + addr.String() + "]"
}

// isCanonicalName reports whether s holds nothing but what a canonical name may hold.
func isCanonicalName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// hostToASCII turns a name into lower-case ASCII, other letters by IDNA, and gives "" where IDNA
// refuses. An ASCII name need not pass IDNA, which would only lower it, or refuse what is in use:
// underscores, hyphens in third place.
func hostToASCII(host string) string {
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			if len(host) > 4*maxHost {
				return ""
			}
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return ""
			}
			return ascii
		}
	}
	return strings.ToLower(host)
}

func lowerCaseByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// hasEmptyLabel reports a name that no resolver takes: empty, or with a dot at either end or two in
// a row.
func hasEmptyLabel(host string) bool {
	return host == "" || host[0] == '.' || host[len(host)-1] == '.' || strings.Contains(host, "..")
}

// withoutWWWOrBrackets takes "www." off where a dot remains, and the brackets off an IPv6 address.
func withoutWWWOrBrackets(host string) string {
	if host[0] == '[' {
		return host[1 : len(host)-1]
	}
	return withoutWWW(host)
}

// withoutWWW takes "www." off where a dot remains.
func withoutWWW(host string) string {
	if rest, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(rest, ".") {
		return rest
	}
	return host
}
