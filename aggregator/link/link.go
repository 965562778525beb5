// Package link gives the addresses of one page one spelling and says which addresses name a story
// at all. Everything in it is pure and total: nothing is fetched, any input is safe.
//
// An address has two values. [Clean] gives the link, which is shown and fetched; [Table.Key] gives
// the key, which is only ever compared, and is made from the link, never from the raw text: that
// order makes both idempotent.
package link

// Version is the version of the rules below, the built-in ones included. Keys stored under another
// version, or under another [Table.Hash], are computed again.
const Version = 2

// maxNested bounds how many wrappers, and how many enclosure prefixes, are opened one inside the
// other.
const maxNested = 8

// Clean returns the link for an address as written in a document, or "" where it is not one: only
// http and https addresses with a host are links. Base is what a relative address is resolved
// against; it may be empty, as for a guid, which is never resolved.
//
// The user, session ids, trackers and meaningless fragments go, the host becomes lower-case ASCII,
// what may not be in a URI is encoded, and wrappers that show their target are opened. The rest
// stays as written, so that the link still leads where it led. Clean(Clean(x)) is Clean(x).
func Clean(base, raw string) string {
	whole := cleanWithoutUnwrap(base, raw)
	link := whole
	for depth := 0; ; depth++ {
		target := unwrapTarget(link)
		if target == "" {
			return link
		}
		if depth == maxNested {
			return whole // half-opened it would open further at the next Clean
		}
		link = target
	}
}

// Resolve returns raw as an absolute http or https address that may be published, or "" where it is
// not one. It is for enclosures and pictures: their path, query and fragment stay as written, for a
// station's download counts depend on them, and only what may not be in a URI is encoded; an empty
// fragment, which not every reader keeps, goes. Other
// than in [Clean], an address with a control character is not one.
func Resolve(base, raw string) string {
	raw = trimWhitespace(raw)
	a, ok := parseAddress(base, raw)
	if !ok || hasControl(raw) {
		return ""
	}
	var stack [512]byte
	buf := a.appendOrigin(stack[:0])
	buf = appendEncoded(buf, a.path)
	buf = appendEncoded(buf, a.query)
	if len(a.fragment) > 1 {
		buf = append(buf, '#')
		buf = appendEncoded(buf, a.fragment[1:])
	}
	return sameOrCopy(raw, buf)
}

// Host returns the host of an address in lower-case ASCII, without port and without "www.", or ""
// where the address has none: what stations' hosts are compared with. An IPv6 address has no
// brackets.
func Host(link string) string {
	a, ok := parseAddress("", link)
	if !ok {
		return ""
	}
	return withoutWWWOrBrackets(a.host)
}

// cleanWithoutUnwrap is Clean without opening wrappers.
func cleanWithoutUnwrap(base, raw string) string {
	a, ok := parseAddress(base, raw)
	if !ok {
		return ""
	}
	var stack [512]byte
	buf := a.appendOrigin(stack[:0])
	buf = appendSessionless(buf, a.path)
	buf = appendUntracked(buf, a.query)
	buf = appendMeaning(buf, a.fragment)
	return sameOrCopy(raw, buf)
}

// sameOrCopy returns raw where it is what buf holds, which saves the copy.
func sameOrCopy(raw string, buf []byte) string {
	if raw == string(buf) {
		return raw
	}
	return string(buf)
}
