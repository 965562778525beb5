package directory_test

import (
	"strings"
	"testing"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

func TestSourcesThatEveryDeskKnows(t *testing.T) {
	d := desk.Directory(t)
	for text, want := range map[string]string{
		"This article was originally published on The Conversation.":                    "theconversation",
		"This story was originally published by the Texas Tribune.":                     "texastribune",
		"Originally published by Grist.":                                                "grist",
		"Originally published by Capital & Main":                                        "capitalandmain",
		"Originally published by Capital and Main.":                                     "capitalandmain",
		"Originally published by Stateline, part of States Newsroom.":                   "stateline",
		"Originally published by Arizona Mirror, which is part of the States Newsroom.": "azmirror",
		"Originally published by Source NM":                                             "sourcenm",
		"Originally published by Source New Mexico and Arizona Mirror":                  "sourcenm azmirror",
		"News from the States":                                                          "statesnewsroom",
		"KFF Health News":                                                               "kff",
		"Inside Climate News, CalMatters and High Country News":                         "insideclimatenews calmatters highcountrynews",
		"COURTESY OF THE TEXAS TRIBUNE":                                                 "texastribune",

		// A collaborative's name names it, and none of the stations that it is made of.
		"Originally aired by the Mountain West News Bureau, a collaboration between KMSA and Radio Ajo.": "mountainwestnews",
		"Originally published by Harvest Public Media, a collaboration of public media newsrooms.":       "harvestpublicmedia",
		"Originally published by The Texas Newsroom, a public radio journalism network of KMSA":          "texasnewsroom",
		"Originally published by KDEM, an affiliate of NPR.":                                             "kdem",
		"Originally published by KDEM as a part of KMSA's series":                                        "kdem",
		"Originally published by KDEM in partnership with KMSA":                                          "kdem kmsa",
		"Originally published by the partnership of KMSA and KDEM":                                       "kmsa kdem",
		"Gulf States Newsroom": "gulfstatesnewsroom",
		"StateImpact Oklahoma": "stateimpact",

		// Names that are common words.
		"It is grist for the mill.":                          "",
		"Grist for the mill, said the mayor.":                "",
		"Join the conversation on our page.":                 "",
		"JOIN THE CONVERSATION":                              "",
		"He began the conversation again.":                   "",
		"The conversation began late.":                       "",
		"They drove along the stateline road.":               "",
		"Stateline Road is closed.":                          "",
		"Insurance from the marketplace":                     "",
		"The Health Insurance Marketplace opens":             "",
		"the capital and main street":                        "",
		"the largest newspaper in the world":                 "",
		"The vaccine has side effects.":                      "",
		"the nevada current":                                 "",
		"It follows high country news of the inside climate": "",
	} {
		if have := idsOf(d.NamedIn(text)...); have != want {
			t.Errorf("%q names %q, want %q", text, have, want)
		}
	}
	for address, want := range map[string]string{
		"https://azmirror.com/2031/02/04/wells/":         "azmirror",
		"https://www.texastribune.org/2031/02/04/wells/": "texastribune",
		"https://cronkitenews.azpbs.org/2031/02/wells/":  "cronkitenews",
		"https://stateimpact.npr.org/oklahoma/wells":     "stateimpact",
		"https://www.npr.org/2031/02/04/wells":           "npr",
	} {
		if m, one := d.Owner(address); m.Outside != want || !one {
			t.Errorf("%s belongs to %q (%t), want %q", address, m.Outside, one, want)
		}
	}
}

// A desk that has listed a source before it became known, or has it as a station, goes on with its
// own.
func TestTheConfigurationSaysWhoseAHostIs(t *testing.T) {
	c := desk.Config(t)
	c.Outside = append(c.Outside, news.Outside{ID: "mirror", Name: "Arizona Mirror", Hosts: []string{"azmirror.com"}})
	c.Stations[0].Hosts = append(c.Stations[0].Hosts, "grist.org")
	d := directory.New(c)
	if m, one := d.Owner("https://azmirror.com/2031/02/04/wells/"); m.Outside != "mirror" || !one {
		t.Errorf("the host of a source of the configuration belongs to %+v (%t)", m, one)
	}
	if m, one := d.Owner("https://grist.org/2031/02/04/wells/"); m.Station != "ajo" || !one {
		t.Errorf("the host of a station belongs to %+v (%t)", m, one)
	}
	if have := idsOf(d.NamedIn("by Arizona Mirror")...); have != "mirror" {
		t.Errorf("the name of a source of the configuration names %q", have)
	}
}

func TestBuiltInSourcesAreWellFormed(t *testing.T) {
	c := desk.Config(t)
	c.Outside = nil
	ids, hosts := map[string]bool{}, map[string]string{}
	for _, o := range directory.New(c).OutsideSources {
		if ids[o.ID] || o.ID != strings.ToLower(o.ID) || strings.ContainsAny(o.ID, " .") || o.Name == "" {
			t.Errorf("%+v: its id is another's, or none", o)
		}
		ids[o.ID] = true
		for _, h := range o.Hosts {
			if hosts[h] != "" || strings.HasPrefix(h, "www.") || strings.Contains(h, "/") {
				t.Errorf("%s lists %s, which %s lists, or is no host", o.ID, h, hosts[h])
			}
			hosts[h] = o.ID
		}
	}
}
