package publish

import (
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// media:thumbnail is the small picture that the station gives; where it gives none, it is the
// story's, since some readers look nowhere else; a story without pictures has none.
func TestTheThumbnailIsTheStationsOwn(t *testing.T) {
	small := news.Image{URL: "https://kjzz.example/small.jpg", Width: 200, Height: 133}
	large := news.Image{URL: "https://kjzz.example/large.jpg", Width: 2400, Height: 1600}
	for _, c := range []struct {
		name      string
		images    []news.Image
		thumbnail news.Image
		want      string
	}{
		{"given", []news.Image{large}, small, `<media:thumbnail url="` + small.URL + `" width="200" height="133">`},
		{"not given", []news.Image{large}, news.Image{},
			`<media:thumbnail url="` + large.URL + `" width="2400" height="1600">`},
		{"no picture", nil, news.Image{}, ""},
	} {
		story := plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon)
		entry := &story.Items[0].Entry
		entry.Images, entry.Thumbnail = c.images, c.thumbnail
		for _, path := range []string{"/feed.rss", "/feed.atom"} {
			d, err := rendered(testEdition(t, story), path, Selection{})
			body := must(t, d, err)
			if n := strings.Count(body, "<media:thumbnail"); c.want == "" && n != 0 ||
				c.want != "" && (n != 1 || !strings.Contains(body, c.want)) {
				t.Errorf("%s, %s: want %q in\n%s", c.name, path, c.want, body)
			}
		}
	}
}

// A thumbnail whose address cannot be one is the fault of its story alone.
func TestTheGateLooksAtThumbnails(t *testing.T) {
	story := plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon)
	story.Items[0].Entry.Images = []news.Image{{URL: "https://krwg.example/a.jpg"}}
	story.Items[0].Entry.Thumbnail = news.Image{URL: "small.jpg"}
	d, err := rendered(testEdition(t, story, plainStory("ccccccccccccc", "krwg", "Snow", noon)), "/feed.rss", Selection{})
	if err != nil || len(d.LeftOut) != 1 || d.LeftOut[0].Story != story.ID {
		t.Errorf("%v, left out %+v", err, d.LeftOut)
	}
}
