package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// TestAddressesThatAreDialled has the first, a middle and the last address of each range that is
// refused, and their neighbours.
func TestEachRangeOfAddressesIsDialledOrRefused(t *testing.T) {
	const never, private, always = "never", "with private_networks", "always"
	table := map[string]string{
		"0.0.0.0": never, "0.255.255.255": never, "1.0.0.0": always,
		"9.255.255.255": always, "10.0.0.0": private, "10.255.255.255": private, "11.0.0.0": always,
		"100.63.255.255": always, "100.64.0.0": private, "100.127.255.255": private, "100.128.0.0": always,
		"126.255.255.255": always, "127.0.0.1": private, "127.255.255.255": private, "128.0.0.0": always,
		"169.253.255.255": always, "169.254.0.0": never, "169.254.169.254": never, "169.255.0.0": always,
		"172.15.255.255": always, "172.16.0.0": private, "172.31.255.255": private, "172.32.0.0": always,
		"192.0.0.0": never, "192.0.0.255": never, "192.0.1.0": always,
		"192.0.2.1": never, "192.0.3.0": always, "192.88.99.1": never, "192.88.100.0": always,
		"192.167.255.255": always, "192.168.0.0": private, "192.168.255.255": private, "192.169.0.0": always,
		"198.17.255.255": always, "198.18.0.0": never, "198.19.255.255": never, "198.20.0.0": always,
		"198.51.100.1": never, "203.0.113.1": never, "203.0.114.0": always,
		"223.255.255.255": always, "224.0.0.0": never, "239.255.255.255": never,
		"240.0.0.0": never, "255.255.255.255": never,
		"168.63.129.15": always, "168.63.129.16": never, "168.63.129.17": always,

		"::": never, "::1": private, "::2": never, "::127.0.0.1": never, "::ffff:127.0.0.1": private,
		"::ffff:8.8.8.8": always, "::ffff:169.254.169.254": never,
		"64:ff9b::7f00:1": never, "64:ff9b:1::1": never, "100::1": never,
		"2001::1": never, "2001:1ff:ffff::1": never, "2001:200::1": always, "2001:db8::1": never,
		"2002:7f00:1::1": never, "2003::1": always,
		"3fff::1": never, "3fff:fff:ffff::1": never, "3fff:1000::1": always, "5f00::1": never, "5f01::1": always,
		"fbff::1": always, "fc00::1": private, "fdff::1": private, "fd00:ec2::253": private, "fd00:ec2::254": never,
		"fd00:ec2::23": never, "fd20:ce::254": never, "100.100.100.200": never, "100.100.100.201": private,
		"fe00::1": always, "fe80::1": never, "febf::1": never, "fec0::1": never, "feff::1": never, "ff00::1": never,
		"ff02::1":      never,
		"2606:4700::1": always,
	}
	closed, opened := newAddressGuard(Options{}, false), newAddressGuard(Options{PrivateNetworks: true}, true)
	for text, want := range table {
		dialed := netip.AddrPortFrom(netip.MustParseAddr(text), 443).String()
		if got := closed.checkAddress("kmsa.example:443", dialed) == nil; got != (want == always) {
			t.Errorf("%s: dialed %v, want %s", text, got, want)
		}
		if got := opened.checkAddress("kmsa.example:443", dialed) == nil; got != (want != never) {
			t.Errorf("%s with private_networks: dialed %v, want %s", text, got, want)
		}
	}
	if closed.checkAddress("kmsa.example:443", "[fe80::1%lo]:443") == nil {
		t.Error("a zone hides a link-local address")
	}
}

func TestPublicHostsAreDialledAtKnownPortsAlone(t *testing.T) {
	g := newAddressGuard(Options{Addresses: []string{
		"https://kmsa.example:8443/news.rss", "http://[2606:4700::1]:8080/", "file:news.rss",
	}}, true)
	for _, tt := range []struct {
		asked, dialed string
		want          bool
	}{
		{"kdem.example:80", "8.8.8.8:80", true},
		{"kdem.example:443", "8.8.8.8:443", true},
		{"kdem.example:22", "8.8.8.8:22", false},
		{"kdem.example:25", "8.8.8.8:25", false},
		{"kdem.example:6379", "8.8.8.8:6379", false},
		{"kdem.example:0", "8.8.8.8:0", false},
		{"kmsa.example:8443", "8.8.8.8:8443", true},
		{"kdem.example:8443", "8.8.8.8:8443", false},
		{"[2606:4700::1]:8080", "[2606:4700::1]:8080", true},
		{"kdem.example:22", "10.0.0.1:22", true},
	} {
		if got := g.checkAddress(tt.asked, tt.dialed) == nil; got != tt.want {
			t.Errorf("%s at %s: dialed %v", tt.asked, tt.dialed, got)
		}
	}
}

func TestFeedsAtPrivateAddressesAreRefused(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sampleFeed) })
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, func(o *Options) { o.PrivateNetworks = false })
	for host, named := range map[string]string{
		"127.0.0.1": "127.0.0.1", "[::1]": "::1", "[::ffff:127.0.0.1]": "127.0.0.1", "0.0.0.0": "0.0.0.0", "[::]": "::",
		"①②⑦.⓪.⓪.①": "127.0.0.1", "good@127.0.0.1": "127.0.0.1", "127.0.0.1.": "127.0.0.1",
	} {
		wantFailure(t, fetchError(t, c, Request{URL: "http://" + host + ":" + port + "/"}), KindAddress, named+" is ")
	}
}

func TestNamesOfPrivateAddressesAreRefused(t *testing.T) {
	resolver := answering(t, func(name string) []string {
		return map[string][]string{"localhost.": {"127.0.0.1"}, "kmsa.example.": {"10.0.0.1", "fd00::1"}}[name]
	})
	c := newClient(t, func(o *Options) { o.PrivateNetworks = false; o.Resolver = resolver })
	for _, address := range []string{"http://localhost/", "http://LOCALHOST/", "http://kmsa.example/"} {
		wantFailure(t, fetchError(t, c, Request{URL: address}), KindAddress, "is a private address")
	}
}

func TestNumbersThatAreNoAddressesGoToDNS(t *testing.T) {
	c := newClient(t, func(o *Options) { o.Resolver = answering(t, func(string) []string { return nil }) })
	for _, host := range []string{"127.1", "0x7f000001", "2130706433", "0"} {
		wantFailure(t, fetchError(t, c, Request{URL: "http://" + host + "/"}), KindName, "DNS has no such host")
	}
}

func TestOfSeveralAddressesTheAllowedIsDialled(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sampleFeed) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, answers := range [][]string{{"127.0.0.1", "fd00:ec2::254"}, {"169.254.169.254", "127.0.0.1"}} {
		c := newClient(t, func(o *Options) {
			o.Resolver = answering(t, func(string) []string { return answers })
		})
		if r, err := c.Fetch(t.Context(), Request{URL: "http://kmsa.example:" + port + "/"}); err != nil ||
			string(r.Body) != sampleFeed {
			t.Errorf("%q: %v", answers, err)
		}
	}
}

func TestASecondAnswerOfDNSIsCheckedToo(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sampleFeed) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	address := "127.0.0.1"
	c := newClient(t, func(o *Options) {
		o.Resolver = answering(t, func(string) []string { return []string{address} })
	})
	request := Request{URL: "http://kmsa.example:" + port + "/"}
	if _, err := c.Fetch(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	c.CloseIdleConnections()
	address = "169.254.169.254"
	wantFailure(t, fetchError(t, c, request), KindAddress, "169.254.169.254")
}

func TestOurOwnListenerIsNotFetchedFrom(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sampleFeed) })
	at := netip.MustParseAddrPort(s.Listener.Addr().String())
	for _, own := range []netip.AddrPort{at, netip.AddrPortFrom(netip.IPv4Unspecified(), at.Port()),
		netip.AddrPortFrom(netip.IPv6Unspecified(), at.Port())} {
		c := newClient(t, func(o *Options) { o.Listening = []netip.AddrPort{own} })
		wantFailure(t, fetchError(t, c, Request{URL: s.URL}), KindAddress, "this daemon itself listens")
	}
	another := netip.AddrPortFrom(at.Addr(), at.Port()^1)
	c := newClient(t, func(o *Options) { o.Listening = []netip.AddrPort{another} })
	if _, err := c.Fetch(t.Context(), Request{URL: s.URL}); err != nil {
		t.Error(err)
	}
}

func TestOwnAddressesAreKnown(t *testing.T) {
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range interfaces {
		if prefix := netip.MustParsePrefix(a.String()); !isLocalAddress(prefix.Addr()) {
			t.Errorf("%s is an address of this machine", prefix.Addr())
		}
	}
	if isLocalAddress(netip.MustParseAddr("192.0.2.1")) {
		t.Error("192.0.2.1 is nobody's address")
	}
}

func TestProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	c := newClient(t)
	if c.open.Proxy != nil || c.public.Proxy != nil {
		t.Error("a proxy would be asked for")
	}
}

func TestHostsThatArePrivateByName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "desk.localhost": true, "notlocalhost": false,
		"127.0.0.1": true, "10.1.2.3": true, "172.31.0.1": true,
		"192.168.0.1": true,
		"100.64.0.1":  true, "::1": true, "fd00::1": true, "::ffff:10.0.0.1": true,
		"8.8.8.8": false, "100.128.0.1": false, "169.254.169.254": false, "fd00:ec2::254": false, "ajo.example": false,
		"": false,
	} {
		if have := IsPrivateHost(host); have != want {
			t.Errorf("%q is private: %t, want %t", host, have, want)
		}
	}
}

// answering is a resolver whose server gives each name the addresses that answers returns; none
// means that there is no such host.
func answering(t *testing.T, answers func(name string) []string) *net.Resolver {
	t.Helper()
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerDNS(theirs, answers)
		return ours, nil
	}}
}

// answerDNS answers queries over a stream (RFC 1035 4.2.2).
func answerDNS(conn net.Conn, answers func(name string) []string) {
	defer conn.Close()
	for {
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		query := make([]byte, int(length[0])<<8|int(length[1]))
		if _, err := io.ReadFull(conn, query); err != nil {
			return
		}
		answer, err := dnsAnswer(query, answers)
		if err != nil {
			return
		}
		if _, err := conn.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...)); err != nil {
			return
		}
	}
}

func dnsAnswer(query []byte, answers func(name string) []string) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
		return nil, errors.Join(err, errors.New("one question"))
	}
	question := m.Questions[0]
	m.Response, m.Additionals = true, nil
	addresses := answers(strings.ToLower(question.Name.String()))
	if len(addresses) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range addresses {
		addr := netip.MustParseAddr(text)
		header := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class}
		switch {
		case addr.Is4() && question.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header,
				Body: &dnsmessage.AResource{A: addr.As4()}})
		case addr.Is6() && question.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header,
				Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	return m.Pack()
}
