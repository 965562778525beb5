package xmlrepair

import (
	"html"
	"strings"
	"testing"
)

// FuzzUnescape: references are decoded as the standard library does it.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{
		"", "&", "&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "&quot;&#34;&apos;&#39;", "&ltp&gt", "&amp", "&notit;&not;",
		"&&lt;;", "&#60;&#x3c&#x3C;", "a;&copy;b;", "&quot", "&bogus; &lt",
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
