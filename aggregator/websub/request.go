package websub

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// What asking a hub may take.
const (
	hubRedirects = 3
	hubTime      = 40 * time.Second // redirects, and the wait for the hub's host, included
)

// refusedError says that a hub does not take a request.
type refusedError struct{ status int }

func (e *refusedError) Error() string { return fmt.Sprintf("the hub answered %d", e.status) }

// request asks a hub to begin or end a subscription.
func (in *Incoming) request(ctx context.Context, s *news.Subscription, mode string) error {
	ctx, cancel := context.WithTimeout(ctx, hubTime)
	defer cancel()
	answer, err := in.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Hub, Redirects: hubRedirects,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body:   in.form(s, mode).Encode(),
	})
	switch {
	case err != nil:
		return err
	case answer.Status/100 == 2:
		return nil
	case answer.Status/100 == 4:
		return &refusedError{answer.Status}
	}
	return fmt.Errorf("the hub answered %d", answer.Status)
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
