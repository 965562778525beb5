package websub

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// redirects that a hub's answer may lead through.
const hubRedirects = 3

// refusedError says that a hub does not take a request.
type refusedError struct{ status int }

func (e *refusedError) Error() string { return fmt.Sprintf("the hub answered %d", e.status) }

// request asks a hub to begin or end a subscription.
func (in *Incoming) request(ctx context.Context, s *news.Subscription, mode string) error {
	values := in.form(s, mode)
	address := s.Hub
	for range hubRedirects + 1 {
		r, err := form(address, values)
		if err != nil {
			return err
		}
		status, header, _, err := ask(ctx, in.Hosts, r, in.UserAgent)
		switch {
		case err != nil:
			return err
		case status/100 == 2:
			return nil
		case status == http.StatusTemporaryRedirect, status == http.StatusPermanentRedirect:
			if address = absolute(address, header.Get("Location")); address == "" {
				return fmt.Errorf("the hub redirects to nowhere")
			}
		case status/100 == 4:
			return &refusedError{status}
		default:
			return fmt.Errorf("the hub answered %d", status)
		}
	}
	return fmt.Errorf("the hub redirects more than %d times", hubRedirects)
}

// form is what a hub, or an rssCloud, is told.
func (in *Incoming) form(s *news.Subscription, mode string) url.Values {
	if s.Cloud {
		return in.cloudForm(s)
	}
	v := url.Values{"hub.callback": {in.URL + inPath + s.Callback}, "hub.mode": {mode}, "hub.topic": {s.Topic}}
	if mode == "subscribe" {
		v.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked.Seconds())))
		if s.Secret != "" {
			v.Set("hub.secret", s.Secret)
		}
	}
	return v
}

func (in *Incoming) cloudForm(s *news.Subscription) url.Values {
	v := url.Values{"notifyProcedure": {""}, "protocol": {"http-post"}, "path": {cloudPath + s.Callback}, "url1": {s.Topic}, "port": {"443"}}
	if u, err := url.Parse(in.URL); err == nil {
		v.Set("domain", u.Hostname())
		switch {
		case u.Port() != "":
			v.Set("port", u.Port())
		case u.Scheme == "http":
			v.Set("port", "80")
		}
	}
	return v
}

// isPrivateHost reports whether a host is at a loopback or private address by its
// name alone.
func isPrivateHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && (a.IsLoopback() || a.IsPrivate())
}
