package feed

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"fronteras/aggregator/link"
)

// FuzzUnescape: references are decoded as the standard library does it.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{
		"", "&", "&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "&quot;&#34;&apos;&#39;", "&ltp&gt", "&amp", "&notit;&not;", "&&lt;;", "&#60;&#x3c&#x3C;", "a;&copy;b;", "&quot", "&bogus; &lt",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		writeUnescaped(&b, []byte(text))
		if have, want := b.String(), html.UnescapeString(text); have != want {
			t.Errorf("%q is %q, want %q", text, have, want)
		}
	})
}

// FuzzSimple: what passes for a simple address is written as net/url writes it.
func FuzzSimple(f *testing.F) {
	for _, s := range []string{
		"https://ajo.example/a/b?c=d&e=f+g", "http://ajo.example:8080//a:b;c,d", "https://ajo.example/?", "https://ajo.example/*", "https://a.example/a?b?c", "https://ajo.example/a/../b", "https://ajo.example",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		address := link.Resolve("https://ajo.example/base/", raw)
		if address == "" || !isSimple(address) {
			return
		}
		if u, err := url.Parse(address); err != nil || u.String() != address {
			t.Errorf("%q is written %q, %v", address, u, err)
		}
	})
}
