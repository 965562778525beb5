package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// refusedRanges lists the addresses at which there is no public server: those of special purpose
// (IANA's registries, RFC 6890), the ways to IPv4 inside IPv6, and the address of a cloud's own
// services that lies in a public range.
var refusedRanges = parsePrefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
	"3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

// privateRanges lists those of refusedRanges that private_networks opens.
var privateRanges = parsePrefixes(
	"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
)

// closedRanges are never opened: they are the metadata and credential services of clouds.
var closedRanges = parsePrefixes("fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128", "100.100.100.200/32")

func parsePrefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func containsAddress(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// guard decides what is dialed. It looks at the address really dialed, after DNS, so that no
// spelling and no second answer of DNS gets around it.
type guard struct {
	dialer    net.Dialer
	open      bool            // private addresses are dialed
	ports     map[string]bool // "host:port" of the configuration
	listening []netip.AddrPort
}

func newAddressGuard(o Options, open bool) *guard {
	g := &guard{
		dialer:    net.Dialer{Timeout: o.Timeout, Resolver: o.Resolver},
		ports:     make(map[string]bool),
		listening: o.Listening,
		open:      open,
	}
	for _, address := range o.Addresses {
		if u, err := url.Parse(canonicalAddress("", address)); err == nil && u.Port() != "" {
			g.ports[u.Host] = true
		}
	}
	return g
}

// dialGuarded connects to an address that may be dialed.
func (g *guard) dialGuarded(ctx context.Context, network, address string) (net.Conn, error) {
	d := g.dialer
	d.Control = func(_, dialed string, _ syscall.RawConn) error {
		if err := g.checkAddress(address, dialed); err != nil {
			return err
		}
		return askMayDial(ctx, dialed)
	}
	return d.DialContext(ctx, network, address)
}

// mayDialKey is where a context holds the MayDial of a [SideRequest].
type mayDialKey struct{}

// askMayDial asks what a request has to say to an address that may be dialed.
func askMayDial(ctx context.Context, dialed string) error {
	mayDial, ok := ctx.Value(mayDialKey{}).(func(netip.Addr) bool)
	if !ok {
		return nil
	}
	at, err := netip.ParseAddrPort(dialed)
	if err != nil || !mayDial(at.Addr().Unmap()) {
		return refusal(fmt.Sprintf("%s has been asked too often", quotedText(dialed)))
	}
	return nil
}

// refusal is why an address is not dialed.
type refusal string

// Error names the address and why it is not dialed.
func (r refusal) Error() string { return string(r) }

// checkAddress checks the address that a "host:port" led to.
func (g *guard) checkAddress(asked, dialed string) error {
	at, err := netip.ParseAddrPort(dialed)
	if err != nil {
		return refusal(fmt.Sprintf("%s is not an address", quotedText(dialed)))
	}
	addr := at.Addr().Unmap().WithZone("")
	if g.isOwnListener(netip.AddrPortFrom(addr, at.Port())) {
		return refusal(fmt.Sprintf("%s is where this daemon itself listens", at))
	}
	switch openable := isOpenable(addr); {
	case openable && g.open:
		return nil
	case openable:
		return refusal(fmt.Sprintf("%s is a private address: only poll.private_networks opens it, and to "+
			"nothing that a public one names", addr))
	case containsAddress(refusedRanges, addr):
		return refusal(fmt.Sprintf("%s is not a public address", addr))
	}
	if port := at.Port(); port != 80 && port != 443 && !g.ports[asked] {
		return refusal(fmt.Sprintf("port %s of a public host: allowed are 80, 443 and what the configuration names "+
			"for it", strconv.Itoa(int(port))))
	}
	return nil
}

// isOwnListener reports whether this process listens at an address.
func (g *guard) isOwnListener(at netip.AddrPort) bool {
	for _, own := range g.listening {
		addr := own.Addr().Unmap()
		if own.Port() == at.Port() && (addr == at.Addr() || addr.IsUnspecified() && isLocalAddress(at.Addr())) {
			return true
		}
	}
	return false
}

// isLocalAddress reports whether an address is this machine's.
func isLocalAddress(addr netip.Addr) bool {
	if addr.IsLoopback() || addr.IsUnspecified() {
		return true
	}
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(interfaces, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && prefix.Addr().Unmap() == addr
	})
}

// IsPrivateHost reports whether a host is at a loopback or private address by its name alone: it is
// "localhost" or below that (RFC 6761 6.3), or such an address itself.
func IsPrivateHost(host string) bool {
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	if strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && isOpenable(addr.Unmap())
}

// IsPrivateClient reports whether the addresses of one client are among the loopback or private ones.
func IsPrivateClient(block netip.Prefix) bool {
	return slices.ContainsFunc(privateRanges, block.Overlaps)
}

// isOpenable reports whether an address is one that private_networks opens.
func isOpenable(addr netip.Addr) bool {
	return containsAddress(privateRanges, addr) && !containsAddress(closedRanges, addr)
}
