package websub_test

import (
	"io"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/websub"
)

// isPublicOnly tells of each request to hubs and callbacks whether it may reach public addresses
// alone.
func (w *world) isPublicOnly() (list []bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.sent {
		list = append(list, r.PublicOnly)
	}
	return list
}

// What a document from a public address names as hub or rssCloud is asked at public addresses alone:
// at first, when the subscription is renewed after a restart, and when it ends. What one from a
// private address names may be private, until the feed has moved outside.
func TestHubsOfPublicDocumentsAreAskedAtPublicAddressesAlone(t *testing.T) {
	cloud := &news.Cloud{Domain: "cloud.example", Port: "80", Path: "/", Protocol: "http-post"}
	for _, private := range []bool{false, true} {
		hub, rss := &station{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
		inWorld(t, map[string]http.Handler{"hub.example": hub, "cloud.example": rss}, func(w *world) {
			found := websub.Discovery{Hubs: []string{"https://hub.example/"}, Topic: feed, Private: private}
			w.must(w.in.Discovered(w.t.Context(), feed, found))
			rest()
			w.stop()
			w.start()
			time.Sleep(10 * 24 * time.Hour) // it is renewed
			w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{Cloud: cloud, Private: private}))
			rest()
			list := w.isPublicOnly()
			if len(list) < 4 { // subscribed, renewed, ended, registered
				t.Errorf("%d requests", len(list))
			}
			for n, public := range list {
				if public == private {
					t.Errorf("private %t: request %d to %s may reach public addresses alone: %t", private, n,
						w.sent[n].URL, public)
				}
			}
			if !private {
				return
			}
			asked := len(list)
			w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{Cloud: cloud})) // moved outside
			time.Sleep(2 * 24 * time.Hour)
			if list = w.isPublicOnly(); len(list) == asked {
				t.Error("the registration was not renewed")
			}
			for _, public := range list[asked:] {
				if !public {
					t.Error("after the feed has moved outside, its cloud may be inside")
				}
			}
		})
	}
}

// Who asks the hub from outside names no callback inside, whatever the desk itself may reach.
func TestCallbacksOfPublicClientsAreAtPublicAddresses(t *testing.T) {
	for client, publicOnly := range map[string]bool{
		"8.8.8.8/32": true, "2600::/64": true, "10.0.0.7/32": false, "127.0.0.1/32": false, "::/64": false,
		"100.64.0.1/32": false, "100.128.0.1/32": true,
	} {
		inWorld(t, map[string]http.Handler{"partner.example": &reader{}}, func(w *world) {
			w.client = netip.MustParsePrefix(client)
			if status := w.post(asks); status != http.StatusAccepted {
				t.Fatalf("answered %d", status)
			}
			list, err := w.store.Subscribers()
			if err != nil || len(list) != 1 || list[0].PublicOnly != publicOnly {
				t.Errorf("%s: %+v, %v", client, list, err)
			}
		})
	}
}
