package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Clients tells clients apart, for limits per client and for nothing else: no address that is
// published is built from what it says.
type Clients struct {
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
}

// Of is who makes a request: the address that it comes from or, if that is a proxy's, the last one
// that the proxy forwards. One client is one IPv4 address, or a /64 of IPv6.
func (c Clients) Of(r *http.Request) netip.Prefix {
	addr := addressOf(r.RemoteAddr)
	if c.isProxy(addr) {
		forwarded := strings.Join(r.Header["X-Forwarded-For"], ",")
		last := addressOf(strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:]))
		if last.IsValid() {
			addr = last
		}
	}
	return clientBlock(addr)
}

// LacksProxy reports whether a request seems to come through a proxy on this machine or its network
// that is not among the proxies.
func (c Clients) LacksProxy(r *http.Request) bool {
	addr := addressOf(r.RemoteAddr)
	return len(r.Header["X-Forwarded-For"]) > 0 && (addr.IsLoopback() || addr.IsPrivate()) && !c.isProxy(addr)
}

// isProxy reports whether an address is a proxy's.
func (c Clients) isProxy(addr netip.Addr) bool {
	return slices.ContainsFunc(c.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// addressOf reads an address, with or without a port; the zero value if it is none. An IPv4 address
// in the form of IPv6 is an IPv4 address.
func addressOf(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// clientBlock is the block of addresses that one client has.
func clientBlock(addr netip.Addr) netip.Prefix {
	const network = 64                                    // bits of an IPv6 address
	prefix, _ := addr.Prefix(min(addr.BitLen(), network)) // the zero value of none
	return prefix
}
