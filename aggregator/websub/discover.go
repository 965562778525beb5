// Package websub is push, in and out: subscriptions at the hubs of stations, and
// a hub for the desk's own documents (W3C WebSub).
package websub

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	for _, link := range links(strings.Join(h.Values("Link"), ",")) {
		for rel := range strings.FieldsSeq(strings.ToLower(link.rel)) {
			switch {
			case rel == "hub":
				hubs = append(hubs, absolute(address, link.target))
			case rel == "self" && self == "":
				self = absolute(address, link.target)
			}
		}
	}
	return hubs, self
}

type link struct{ target, rel string }

// links parts a Link header: targets in angle brackets, parameters behind them.
func links(text string) []link {
	var list []link
	for {
		_, after, found := strings.Cut(text, "<")
		if !found {
			return list
		}
		target, rest, found := strings.Cut(after, ">")
		if !found {
			return list
		}
		l := link{target: strings.TrimSpace(target)}
		text = parameters(rest, &l)
		list = append(list, l)
	}
}

// parameters reads those of one link, and gives what stands behind them.
func parameters(text string, l *link) string {
	for {
		text = strings.TrimLeft(text, " \t;")
		if text == "" || text[0] == ',' {
			return text
		}
		end := strings.IndexAny(text, "=;,")
		if end < 0 {
			return ""
		}
		name := strings.ToLower(strings.TrimSpace(text[:end]))
		if text[end] != '=' {
			text = text[end:]
			continue
		}
		var value string
		value, text = parameter(strings.TrimLeft(text[end+1:], " \t"))
		if name == "rel" && l.rel == "" {
			l.rel = value
		}
	}
}

// parameter reads a value, quoted or not.
func parameter(text string) (value, rest string) {
	if strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text[1:], `"`)
		return value, rest
	}
	end := strings.IndexAny(text, ";,")
	if end < 0 {
		end = len(text)
	}
	return strings.TrimSpace(text[:end]), text[end:]
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
