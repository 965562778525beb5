package publish

import (
	"testing"

	"fronteras/aggregator/news"
)

func TestAPictureBesideAStationsDocumentIsTheDesks(t *testing.T) {
	e := &Edition{
		Desk:  news.Site{URL: "https://fronteras.example/desk"},
		Media: map[string][]string{"kmsa": {"a well.jpg", "well.jpg"}},
	}
	kmsa := news.Station{ID: "kmsa", URL: "https://www.kmsa.example", Hosts: []string{"media.kmsa.example"}}
	const own = "https://fronteras.example/desk/media/kmsa/"
	for address, want := range map[string]string{
		"https://www.kmsa.example/pictures/well.jpg":          own + "well.jpg",
		"https://kmsa.example/border/pictures/well.jpg":       own + "well.jpg",
		"http://media.kmsa.example/pictures/well.jpg":         own + "well.jpg",
		"https://www.kmsa.example/pictures/a%20well.jpg":      own + "a%20well.jpg",
		"https://www.kmsa.example/pictures/other.jpg":         "",
		"https://www.kmsa.example/well.jpg":                   "",
		"https://www.kmsa.example/pictures/2025/well.jpg":     "",
		"https://www.kmsa.example/pictures/well.jpg?w=300":    "",
		"https://ajo.example/pictures/well.jpg":               "",
		"https://www.kmsa.example.evil/pictures/well.jpg":     "",
		"https://www.kmsa.example/pictures/%zz":               "",
		"https://www.kmsa.example/pictures/../well.jpg":       "",
		"https://www.kmsa.example/pictures/%2e%2e%2fwell.jpg": "",
		"": "",
	} {
		if want == "" {
			want = address
		}
		if have := mediaAddress(e, kmsa, address); have != want {
			t.Errorf("%s is %s, want %s", address, have, want)
		}
		if have := mediaAddress(e, news.Station{ID: "ajo", URL: "https://www.kmsa.example"}, address); have != address {
			t.Errorf("%s of another station is %s", address, have)
		}
	}
	text := `<p>src="pictures"</p><img src="https://www.kmsa.example/pictures/well.jpg" alt=""/><img src="https://ajo.example/a.jpg"/>`
	want := `<p>src="pictures"</p><img src="` + own + `well.jpg" alt=""/><img src="https://ajo.example/a.jpg"/>`
	if have := withMedia(e, kmsa, text); have != want {
		t.Errorf("the text is %s", have)
	}
}

func TestPicturesBesideDocumentsChangeTheFingerprint(t *testing.T) {
	if Fingerprint(&Edition{}, "") == Fingerprint(&Edition{Media: map[string][]string{"kmsa": {"well.jpg"}}}, "") {
		t.Error("they do not")
	}
}
