package publish

import (
	"bytes"
	"testing"
	"time"
)

func TestPartsMakeTheDocument(t *testing.T) {
	two := plainStory("bbbbbbbbbbbbb", "krwg", "Two", noon.Add(-time.Hour))
	two.Items[0].Entry.Content = "<p>A text with\n    <item>\n  <entry>\n    {\n    }\nin it.</p>"
	e := testEdition(t, shelters(), two, withSound(plainStory("ccccccccccccc", "krwg", "Three", noon.Add(-2*time.Hour)), "https://krwg.example/c.mp3", 0))
	for name, render := range map[string]func(Selection) (Document, error){"rss": e.RSS, "atom": e.Atom, "json": e.JSON, "podcast": e.PodcastRSS} {
		d, err := render(Selection{})
		body := []byte(must(t, d, err))
		want := 3
		if name == "podcast" {
			want = 2
		}
		p := PartsOf(body)
		if have := p.With(p.Items); len(p.Items) != want || !bytes.Equal(have, body) {
			t.Errorf("%s: %d items, the same document: %t", name, len(p.Items), bytes.Equal(have, body))
		}
	}
	empty := testEdition(t)
	d, err := empty.JSON(Selection{})
	if p := PartsOf([]byte(must(t, d, err))); len(p.Items) != 0 || !bytes.Equal(p.With(nil), d.Body) {
		t.Errorf("without items: %d", len(p.Items))
	}
}
