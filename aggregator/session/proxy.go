package session

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxy says which proxy says who a request is from.
type Proxy struct {
	Header string // that holds an editor's id or email; "": there is no such proxy
	From   []netip.Prefix
}

// nameIn is whom the proxy names; said is false if the request is not from the proxy, or it names nobody.
// A name that is said twice is nobody's: a proxy that adds to what the browser sends, instead of writing
// over it, lets anybody be anybody.
func (p Proxy) nameIn(r *http.Request) (name string, said bool) {
	if p.Header == "" {
		return "", false
	}
	values := r.Header.Values(p.Header)
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || len(values) == 0 || !slices.ContainsFunc(p.From, func(from netip.Prefix) bool {
		return from.Contains(peer.Addr().Unmap().WithZone(""))
	}) {
		return "", false
	}
	if len(values) > 1 {
		return "", true
	}
	name = strings.TrimSpace(values[0])
	return name, name != ""
}
