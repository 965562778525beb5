package evidence_test

import (
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

func TestWhatAStationTellsAsItsOwn(t *testing.T) {
	link := func(rel, url string) func(*news.Item) {
		return func(i *news.Item) { i.Entry.Links = append(i.Entry.Links, news.Link{Rel: rel, URL: url}) }
	}
	for name, c := range map[string]struct {
		more []func(*news.Item)
		own  bool
	}{
		"what says nothing of others":                  {nil, true},
		"what names its own page":                      {[]func(*news.Item){Claim(evidence.FromPage, "https://ajo.example/2031/02/gap-in-full")}, true},
		"what credits its own station":                 {[]func(*news.Item){By("Rosa Vidal (Radio Ajo)")}, true},
		"what credits it and another":                  {[]func(*news.Item){By("Rosa Vidal (Radio Ajo) and Max Dorn (KMSA)")}, true},
		"what bears the desk's credit":                 {[]func(*news.Item){Text("It rained.</p><p>This story is from the Fronteras Desk, a collaboration of public radio stations, including Radio Ajo. Read more from the Fronteras Desk.")}, true},
		"what names another's page":                    {[]func(*news.Item){Claim(evidence.FromPage, "https://kmsa.example/2031/02/fence")}, false},
		"what names a page of nobody's":                {[]func(*news.Item){Claim(evidence.FromFeed, "https://stranger.example/2031/02/fence")}, false},
		"what named another's page once":               {[]func(*news.Item){Claim(evidence.FromPage, "https://kmsa.example/2031/02/fence"), func(i *news.Item) { i.Claims[0].Last = Noon.Add(time.Hour) }}, true},
		"what names another's home page":               {[]func(*news.Item){Claim(evidence.FromPage, "https://kmsa.example/")}, true},
		"what credits another in its byline":           {[]func(*news.Item){By("Rosa Vidal (KMSA)")}, false},
		"what credits another in a sentence":           {[]func(*news.Item){Text("It rained.</p><p>This story was originally published by KMSA Mesilla.")}, false},
		"what credits a wire":                          {[]func(*news.Item){Text("PHOENIX (AP) — It rained.")}, false},
		"what is on another's host":                    {[]func(*news.Item){URL("https://kmsa.example/2031/02/fence")}, false},
		"what has another's guid":                      {[]func(*news.Item){GUID("https://kmsa.example/?p=7")}, false},
		"what was found at another's page":             {[]func(*news.Item){link("via", "https://kmsa.example/2031/02/fence")}, false},
		"what is the desk's page":                      {[]func(*news.Item){URL("https://fronteras.example/stories/abc")}, false},
		"what has the desk's page as its guid":         {[]func(*news.Item){GUID("https://fronteras.example/stories/abc")}, false},
		"what has an id that the desk made":            {[]func(*news.Item){GUID("tag:fronteras.example,2031:abc")}, false},
		"what has an id that its own station has made": {[]func(*news.Item){GUID("tag:ajo.example,2031:abc")}, true},
	} {
		e := Neighborhood([]*news.Item{Item(1, "ajo", "gap", c.more...)}, nil).Items[0]
		if have := evidence.TellsAsItsOwn(Desk, e); have != c.own {
			t.Errorf("%s is told as its own: %t", name, have)
		}
	}
}

func TestAPersonIsNamedAsTheBylineDoes(t *testing.T) {
	for byline, want := range map[string]string{"Rosa Vidal": "Rosa Vidal", "José Niño": "José Niño", "By ROSA VIDAL and Max Dorn": "ROSA VIDAL"} {
		e := Neighborhood([]*news.Item{Item(1, "ajo", "gap", By(byline))}, nil).Items[0]
		if have := evidence.PersonName(Desk, e, e.People[0]); have != want {
			t.Errorf("%s is named %q, want %q", byline, have, want)
		}
	}
}
