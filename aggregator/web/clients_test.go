package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestAClientIsAnIPv4AddressOrASlash64AsAKnownProxySays(t *testing.T) {
	clients := Clients{Proxies: []netip.Prefix{
		netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128"),
	}}
	for _, c := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"192.0.2.7:4000", nil, "192.0.2.7/32"},
		{"[2001:db8:1:2:3:4:5:6]:4000", nil, "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.7]:4000", nil, "192.0.2.7/32"},
		{"[fe80::1%eth0]:4000", nil, "fe80::/64"},
		{"192.0.2.7:4000", []string{"198.51.100.1"}, "192.0.2.7/32"}, // no proxy of ours
		{"127.0.0.1:4000", nil, "127.0.0.1/32"},
		{"127.0.0.1:4000", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"[::ffff:127.0.0.1]:4000", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"[::1]:4000", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1/32"}, // the first one is anybody's word
		{"10.1.2.3:4000", []string{"203.0.113.9", "198.51.100.1, 2001:db8::5"}, "2001:db8::/64"},
		{"10.1.2.3:4000", []string{"[2001:db8::5]:99"}, "2001:db8::/64"},
		{"10.1.2.3:4000", []string{"198.51.100.1:99"}, "198.51.100.1/32"},
		{"10.1.2.3:4000", []string{"unknown"}, "10.1.2.3/32"},
		{"10.1.2.3:4000", []string{"198.51.100.1, "}, "10.1.2.3/32"},
		{"@", nil, "invalid Prefix"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		for _, value := range c.forwarded {
			r.Header.Add("X-Forwarded-For", value)
		}
		if got := clients.Of(r).String(); got != c.want {
			t.Errorf("%s forwarding %q: %s, want %s", c.from, c.forwarded, got, c.want)
		}
	}
}

func TestAProxyThatIsNotConfiguredIsNoticed(t *testing.T) {
	clients := Clients{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	for _, c := range []struct {
		from, forwarded string
		want            bool
	}{
		{"127.0.0.2:4000", "198.51.100.1", true},
		{"[fd00::7]:4000", "198.51.100.1", true},
		{"127.0.0.1:4000", "198.51.100.1", false},
		{"127.0.0.2:4000", "", false},
		{"192.0.2.7:4000", "198.51.100.1", false}, // anybody can send the header
	} {
		r := httptest.NewRequest("GET", "/", nil)
		if r.RemoteAddr = c.from; c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clients.LacksProxy(r); got != c.want {
			t.Errorf("%s forwarding %q: %t", c.from, c.forwarded, got)
		}
	}
}
