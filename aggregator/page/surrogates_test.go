package page

import (
	"encoding/json"
	"strings"
	"testing"
)

// Half a character, however a page writes it, is in nothing that is read of it.
func TestHalvesOfACharacterAreInNoFieldOfAPage(t *testing.T) {
	const body = `<html><head><title>Rain &#xD83D;</title><meta property="og:title" content="Rain &#55357; falls">` +
		`<meta property="og:image" content="https://kmsa.example/rain.jpg"><meta property="og:image:alt" content="A dam &#xD83D;">` +
		`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rain \ud83d falls","description":"It rained \ud83c",` +
		`"author":{"name":"Ana \ud83d Ruiz"},"keywords":["Water \udc00"],"datePublished":"2031-02-04T15:00:00Z"}</script></head>` +
		`<body><article><h1>Rain &#xD83D; falls</h1><p>It &#55357; rained for a long time in the valley, and nobody had an ` +
		`umbrella with them on that day, nor a roof to stand under.</p><p>The river rose &#xD83C;&#xDF27; by the evening, and the ` +
		`bridge was closed until the next morning, when the sun came out.</p></article></body></html>`
	a, err := readPage(t, body)
	if err != nil {
		t.Fatal(err)
	}
	read, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(read); strings.Contains(text, "\ufffd") || !strings.Contains(text, "🌧") || !strings.Contains(text, "Ana Ruiz") {
		t.Errorf("%s", text)
	}
}
