package htmlclean

import (
	"net/url"
	"testing"

	"fronteras/aggregator/link"
)

// FuzzSimple: what passes for a simple address is written as net/url writes it.
func FuzzSimple(f *testing.F) {
	for _, s := range []string{
		"https://ajo.example/a/b?c=d&e=f+g", "http://ajo.example:8080//a:b;c,d", "https://ajo.example/?",
		"https://ajo.example/*", "https://a.example/a?b?c", "https://ajo.example/a/../b", "https://ajo.example",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		address := link.Resolve("https://ajo.example/base/", raw)
		if address == "" || !isPlainAddress(address) {
			return
		}
		if u, err := url.Parse(address); err != nil || u.String() != address {
			t.Errorf("%q is written %q, %v", address, u, err)
		}
	})
}
