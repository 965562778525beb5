package websub

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Discovery is what a feed's document says of who delivers its changes: hubs, the best first, with
// the topic that they know it by, or an rssCloud, or nobody.
type Discovery struct {
	Hubs    []string
	Topic   string
	Cloud   *news.Cloud
	Private bool // the document came from a private address: they may be at one, too
}

// Discover says which hubs deliver a feed's changes, the best first, and the topic that they know
// it by: the Link headers if they name both, otherwise what the document says of itself. Address is
// where the document came from. A topic on another host counts only where same says that it is the
// same feed: otherwise there are no hubs.
func Discover(
	h http.Header, f *news.Facts, address string, same func(topic string) bool,
) (hubs []string, topic string) {
	hubs, topic = linkedHubs(h, address)
	if (len(hubs) == 0 || topic == "") && f != nil {
		hubs, topic = nil, f.Self
		for _, hub := range f.Hubs {
			hubs = append(hubs, absoluteAddress(address, hub))
		}
	}
	hubs = slices.DeleteFunc(hubs, func(hub string) bool { return hub == "" })
	topic = absoluteAddress(address, topic)
	if topic == "" || len(hubs) == 0 || hostWithoutWWW(topic) != hostWithoutWWW(address) && !same(topic) {
		return nil, ""
	}
	slices.SortStableFunc(hubs, func(a, b string) int { return hubRank(a) - hubRank(b) })
	return hubs, topic
}

// hubRank puts hubs first that can be sent a secret.
func hubRank(hub string) int {
	if strings.HasPrefix(hub, "https:") {
		return 0
	}
	return 1
}

// linkedHubs reads hubs and self from Link headers (RFC 8288).
func linkedHubs(h http.Header, address string) (hubs []string, self string) {
	for _, l := range link.ParseHeader(h.Values("Link")) {
		if slices.Contains(l.Rels, "hub") {
			hubs = append(hubs, absoluteAddress(address, l.Target))
		}
		if self == "" && slices.Contains(l.Rels, "self") {
			self = absoluteAddress(address, l.Target)
		}
	}
	return hubs, self
}

// absoluteAddress resolves an address of http or https, and takes its fragment off; "" if it is not
// one, or names a user.
func absoluteAddress(base, address string) string {
	if u, err := url.Parse(address); err != nil || u.User != nil {
		return ""
	}
	address, _, _ = strings.Cut(link.Resolve(base, address), "#")
	return address
}
