package page

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
)

// Whatever a page's head or its Link header holds, reading it costs in proportion to its length.
func TestReadingAHeadIsLinear(t *testing.T) {
	read := func(header http.Header, body string) {
		ReadHead("https://ajo.example/2031/02/rain", header, strings.NewReader(body))
	}
	for _, pattern := range []string{
		"<b>", "</b>", "<!--", "<!", "<?", "<![CDATA[", `<link rel="canonical" href="https://ajo.example/a">`, `<link a="`,
		"<link a='", "<link rel=canonical href=?", "<base href='a/'>", "<html lang='a'>", "<html a>", "<title>", "<script>", "<script><!--",
		"<script><!--<script>", "<noscript>", "<textarea>", "<svg>", "&", "&amp;", "&#x", "<", ">", `"`, " ", "\n", "é", "a=b ",
		"<meta name=story_id content=a>",
	} {
		lineartest.Check(t, fmt.Sprintf("%q", pattern), 16<<10, func(size int) string {
			return strings.Repeat(pattern, size/len(pattern))
		}, func(text string) {
			html := http.Header{"Content-Type": {"text/html"}}
			for _, body := range []string{
				text, "<link " + text, `<link rel="canonical" href="` + text + `">`,
				"<link rel=canonical href=https://ajo.example/" + text, `<html lang="` + text + `">`,
				`<meta name="story_id" content="` + text + `">`,
			} {
				read(html, "<html><head>"+body)
			}
			read(http.Header{"Link": {text}}, "")
			read(http.Header{"Link": {"<a>;" + text}}, "")
			read(http.Header{"Content-Type": {"text/html;" + text}}, "")
		})
	}
}

// An address that is longer than one may be is none, and a language likewise.
func TestWhatIsTooLongInAHeadIsLeftOut(t *testing.T) {
	long := strings.Repeat("a", maxAddress)
	if p := headOf(t, nil, `<link rel="canonical" href="/`+long+`">`); p.Canonical != "" {
		t.Errorf("%d bytes of an address", len(p.Canonical))
	}
	if p := headOf(t, nil, `<base href="/`+long+`/"><link rel="canonical" href="b">`); p.Canonical != "https://ajo.example/2031/02/b" {
		t.Errorf("below a base that is too long: %q", p.Canonical)
	}
	if p := headOf(t, nil, `<html lang="`+long+`">`); p.Language != "" {
		t.Errorf("%d bytes of a language", len(p.Language))
	}
}
