package feed

import (
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// An entry keeps the small picture that its station gives for lists beside the one that opens the
// story, and none where the station gives none.
func TestTheStationsThumbnailIsKept(t *testing.T) {
	const host = "https://kdem.example"
	for _, c := range []struct {
		name, media string
		want        news.Image
	}{
		{"smaller, another file", `<media:content url="/salt.jpg" medium="image" width="2400" height="1600"/>` +
			`<media:thumbnail url="/list/salt-small.jpg" width="200" height="133"/>`,
			news.Image{URL: host + "/list/salt-small.jpg", Width: 200, Height: 133}},
		{"before the picture", `<media:thumbnail url="/salt-150x150.jpg" width="150" height="150"/>` +
			`<media:content url="/salt.jpg" medium="image" width="2400"/>`,
			news.Image{URL: host + "/salt-150x150.jpg", Width: 150, Height: 150}},
		{"no sizes said", `<media:content url="/salt.jpg" medium="image"/><media:thumbnail url="/salt-small.jpg"/>`,
			news.Image{URL: host + "/salt-small.jpg"}},
		{"within the picture", `<media:content url="/salt.jpg" medium="image" width="900">` +
			`<media:thumbnail url="/small.jpg" width="120" height="80"/></media:content>`,
			news.Image{URL: host + "/small.jpg", Width: 120, Height: 80}},
		{"within a group", `<media:group><media:content url="/salt.jpg" medium="image" width="900"/>` +
			`<media:thumbnail url="/small.jpg"/></media:group>`, news.Image{URL: host + "/small.jpg"}},
		{"beside a picture of the text", `<media:thumbnail url="/small.jpg" width="75" height="50"/>` +
			`<description>&lt;p&gt;&lt;img src="/salt.jpg" width="900"&gt;&lt;/p&gt;</description>`,
			news.Image{URL: host + "/small.jpg", Width: 75, Height: 50}},
		{"the first of several", `<media:content url="/salt.jpg" medium="image" width="900"/>` +
			`<media:thumbnail url="/a.jpg" width="240"/><media:thumbnail url="/b.jpg" width="120"/>`,
			news.Image{URL: host + "/a.jpg", Width: 240}},
		{"of two thumbnails the smaller", `<media:thumbnail url="/salt.jpg" width="1600"/>` +
			`<media:thumbnail url="/small.jpg" width="240"/>`, news.Image{URL: host + "/small.jpg", Width: 240}},
		{"none", `<media:content url="/salt.jpg" medium="image" width="900"/>`, news.Image{}},
		{"the picture itself", `<media:content url="/salt.jpg" medium="image" width="900"/>` +
			`<media:thumbnail url="/salt.jpg" width="900"/>`, news.Image{}},
		{"alone", `<media:thumbnail url="/salt.jpg" width="240"/>`, news.Image{}},
		{"as wide", `<media:content url="/salt.jpg" medium="image" width="900"/>` +
			`<media:thumbnail url="/b.jpg" width="900"/>`, news.Image{}},
		{"wider by its address", `<media:content url="/salt.jpg" medium="image"/>` +
			`<media:thumbnail url="/b-1600x900.jpg"/>`, news.Image{}},
		{"a pixel", `<media:content url="/salt.jpg" medium="image" width="900"/>` +
			`<media:thumbnail url="/b.gif" width="1" height="1"/>`, news.Image{}},
	} {
		for format, document := range map[string]string{
			"RSS": `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>KDEM</title>` +
				`<item><title>Salt</title><guid>1</guid>MEDIA</item></channel></rss>`,
			"Atom": `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">` +
				`<title>KDEM</title><entry><title>Salt</title><id>1</id>MEDIA</entry></feed>`,
		} {
			media := c.media
			if format == "Atom" {
				media = strings.NewReplacer("<description>", `<content type="html">`, "</description>", "</content>").
					Replace(media)
			}
			d, err := Parse(t.Context(), []byte(strings.Replace(document, "MEDIA", media, 1)), Context{Address: host + "/feed"})
			if err != nil || len(d.Entries) != 1 {
				t.Fatalf("%s, %s: %v", c.name, format, err)
			}
			if have := d.Entries[0].Thumbnail; have != c.want {
				t.Errorf("%s, %s: %+v, want %+v; pictures %+v", c.name, format, have, c.want, d.Entries[0].Images)
			}
		}
	}
}
