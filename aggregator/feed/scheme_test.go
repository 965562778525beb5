package feed

import (
	"context"
	"testing"
)

func TestAnAddressWithoutASchemeHasItsHostOnce(t *testing.T) {
	for _, c := range []struct{ channel, item, want string }{
		{"https://kmsa.example/", "kmsa.example/2026/fog", "https://kmsa.example/2026/fog"},
		{"kmsa.example", "kmsa.example/2026/fog", "https://kmsa.example/2026/fog"},
		{"www.kmsa.example/", "kmsa.example/2026/fog", "https://kmsa.example/2026/fog"},
		{"https://kmsa.example/", "WWW.kmsa.example/2026/fog", "https://www.kmsa.example/2026/fog"},
		{"https://kmsa.example/", "ajo.org/2026/fog", ""},
		{"https://kmsa.example/news/", "2026/fog", "https://kmsa.example/news/2026/fog"},
		{"https://kmsa.example/news/", "fog.html", "https://kmsa.example/news/fog.html"},
		{"https://kmsa.example/news/", "v1.2/fog", "https://kmsa.example/news/v1.2/fog"},
		{"https://kmsa.example/news/", "./fog", "https://kmsa.example/news/fog"},
		{"https://kmsa.example/news/", "//ajo.org/fog", "https://ajo.org/fog"},
	} {
		body := "<rss version=\"2.0\"><channel><title>KMSA</title><link>" + c.channel + "</link><item><title>Fog</title><link>" +
			c.item + "</link></item></channel></rss>"
		for _, address := range []string{"https://kmsa.example/feeds/f", ""} {
			d, err := Parse(context.Background(), []byte(body), Context{Address: address})
			if err != nil || len(d.Entries) != 1 || d.Entries[0].URL != c.want {
				t.Errorf("%s under %s from %q: %+v %v", c.item, c.channel, address, d.Entries, err)
			}
		}
	}
}
