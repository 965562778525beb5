package session

import (
	"net/url"
	"path"
	"strings"
	"unicode"
)

// maxTo is how long the path of a page may be that is shown after signing in, in bytes.
const maxTo = 2 << 10

// PathWithin gives the path of a page below a folder, such as /desk/, as it can follow a sign-in: with its
// query, without what would lead elsewhere. "" stands for what does not lead there.
func PathWithin(folder, to string) string {
	if len(to) > maxTo || !strings.HasPrefix(to, folder) || strings.ContainsFunc(to, func(c rune) bool {
		return c <= ' ' || c >= 0x7F || c == '\\'
	}) {
		return ""
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	// No encoded slash, dot or backslash: what else reads the path may read it otherwise.
	if u.RawPath != "" || strings.ContainsFunc(u.Path, isOddInPath) || strings.Contains(u.Path, "//") ||
		path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") || !strings.HasPrefix(u.Path, folder) {
		return ""
	}
	clean := url.URL{Path: u.Path, RawQuery: u.RawQuery}
	return clean.String()
}

// isOddInPath reports whether a character is one that no path of ours has.
func isOddInPath(c rune) bool { return c == '\\' || unicode.IsControl(c) }
