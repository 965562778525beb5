// Package websub is push, in and out: subscriptions at the hubs of stations, and
// a hub for the desk's own documents (W3C WebSub).
package websub

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Discover says which hubs tell of a feed's changes, the best first, and the
// topic that they know it by: the Link headers if they name both, else what the
// document says of itself. Address is where the document came from. No topic,
// no hubs: one on another host may be another feed, unless the same feed is there.
func Discover(h http.Header, f *news.Facts, address string, same func(topic string) bool) (hubs []string, topic string) {
	hubs, topic = linked(h, address)
	if (len(hubs) == 0 || topic == "") && f != nil {
		hubs, topic = nil, f.Self
		for _, hub := range f.Hubs {
			hubs = append(hubs, absolute(address, hub))
		}
	}
	hubs = slices.DeleteFunc(hubs, func(hub string) bool { return hub == "" })
	if topic = absolute(address, topic); topic == "" || len(hubs) == 0 || hostOf(topic) != hostOf(address) && !same(topic) {
		return nil, ""
	}
	slices.SortStableFunc(hubs, func(a, b string) int { return rank(a) - rank(b) })
	return hubs, topic
}

// rank puts hubs that keep a secret first.
func rank(hub string) int {
	if strings.HasPrefix(hub, "https:") {
		return 0
	}
	return 1
}

// linked reads hubs and self from Link headers (RFC 8288).
func linked(h http.Header, address string) (hubs []string, self string) {
	for _, l := range link.ParseHeader(h.Values("Link")) {
		if l.Is("hub") {
			hubs = append(hubs, absolute(address, l.Target))
		}
		if l.Is("self") && self == "" {
			self = absolute(address, l.Target)
		}
	}
	return hubs, self
}

// absolute resolves an address of http or https; "" if it is none, or names a user.
func absolute(base, address string) string {
	if address == "" {
		return ""
	}
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}
