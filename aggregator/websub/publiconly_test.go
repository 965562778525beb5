package websub

import (
	"testing"

	"fronteras/aggregator/news"
)

// A callback may be at a private address where private networks are allowed, the desk is on one, and
// the subscriber asked from one.
func TestWhichCallbacksMayBePrivate(t *testing.T) {
	for _, c := range []struct {
		desk                        string
		allowed, fromPublic, public bool
	}{
		{"http://10.0.0.1:8080", true, false, false},
		{"http://100.64.0.1", true, false, false},
		{"http://10.0.0.1:8080", true, true, true},
		{"http://10.0.0.1:8080", false, false, true},
		{"https://desk.example", true, false, true},
	} {
		h := &Hub{Endpoint: Endpoint{URL: c.desk, Private: c.allowed}}
		if have := h.publicOnly(news.Subscriber{PublicOnly: c.fromPublic}); have != c.public {
			t.Errorf("%+v: %t", c, have)
		}
	}
}
