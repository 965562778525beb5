package directory

import (
	"testing"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

func TestADeskIsKnownByItsTitleInEveryLanguage(t *testing.T) {
	table, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Config{
		Links: table,
		Site: news.Site{Title: "Border Desk", URL: "https://desk.example",
			Titles: map[string]string{"en": "Border Desk", "es": "Mesa de la Frontera"}},
		Stations: []news.Station{{ID: "mesa", Name: "Mesa de la Frontera"}, {ID: "ajo", Name: "Radio Ajo"}},
	})
	for _, title := range []string{"Border Desk", "Mesa de la Frontera"} {
		if !d.IsOwnForm("ajo", title) {
			t.Errorf("%s is another house", title)
		}
	}
	if !d.CalledLikeDesk("mesa") || d.CalledLikeDesk("ajo") {
		t.Error("which station is called like the desk is not known")
	}
	alone := New(Config{Links: table, Site: news.Site{Title: "Border Desk", Titles: map[string]string{"es": "Mesa de la Frontera"}}})
	for _, title := range []string{"Border Desk", "Mesa de la Frontera"} {
		if maker, known := alone.Lookup(title); !known || maker != (news.Maker{}) {
			t.Errorf("%s: %+v, %v", title, maker, known)
		}
	}
}
