package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// bisbee is an item of Bisbee Public Radio's, with changes.
func bisbee(changes ...desk.Change) *news.Item {
	return desk.Item("bisbee", 1, desk.Entry("bisbee", "dry-wells", "Dry wells", 10, changes...))
}

// withPage is an item whose page was read.
func withPage(i *news.Item, p news.Page) *news.Item {
	i.Page = &p
	return i
}

const wells = "https://kmsa.example/2031/02/wells"

func TestClaims(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		item *news.Item
		want string // "source key", one a claim
	}{
		"an item that says nothing claims nothing":                    {bisbee(), ""},
		"a canonical of its entry is a claim":                         {bisbee(desk.Link("canonical", wells)), "feed kmsa.example/2031/02/wells"},
		"a canonical is read from the item's address on":              {bisbee(desk.Link("canonical", "../01/wells")), "feed bisbee.example/2031/01/wells"},
		"a canonical that is no web address is none":                  {bisbee(desk.Link("canonical", "mailto:ana@kmsa.example")), ""},
		"a canonical of its page is a claim":                          {withPage(bisbee(), news.Page{Canonical: wells}), "page kmsa.example/2031/02/wells"},
		"a page without a canonical claims nothing":                   {withPage(bisbee(), news.Page{Status: 200}), ""},
		"a link in a sentence about its origin is a claim":            {bisbee(desk.Text(`<p>Originally published by <a href="` + wells + `">KMSA</a>.</p>`)), "sentence kmsa.example/2031/02/wells"},
		"a link next to that sentence is none":                        {bisbee(desk.Text(`<p>Originally published by KMSA. More on <a href="` + wells + `">the wells</a>.</p>`)), ""},
		"a link of a mention is none":                                 {bisbee(desk.Text(`<p>As <a href="` + wells + `">KMSA</a> reported, wells run dry.</p>`)), ""},
		"a link in our own origin line is a claim":                    {bisbee(desk.Text(`<p>Wells.</p><p>Originally published by <a href="` + wells + `">KMSA</a> for the Fronteras Desk.</p>`)), "sentence kmsa.example/2031/02/wells"},
		"an address on another station's host is a claim":             {bisbee(desk.URL(wells)), "link kmsa.example/2031/02/wells"},
		"an address on an outside source's host is a claim":           {bisbee(desk.URL("https://sonorawire.example/2031/wells")), "link sonorawire.example/2031/wells"},
		"an address on nobody's host is none":                         {bisbee(desk.URL("https://elsewhere.example/2031/wells")), ""},
		"a redirect to another station's host is a claim":             {withPage(bisbee(), news.Page{Moved: wells}), "link kmsa.example/2031/02/wells"},
		"a redirect to nobody's host is none":                         {withPage(bisbee(), news.Page{Moved: "https://elsewhere.example/wells"}), ""},
		"a link that it was found by is a hint":                       {bisbee(desk.Link("via", wells)), "via kmsa.example/2031/02/wells"},
		"JSON Feed's external address is a hint":                      {bisbee(desk.Link("external", wells)), "via kmsa.example/2031/02/wells"},
		"a source link is a hint":                                     {bisbee(desk.Link("source", wells)), "via kmsa.example/2031/02/wells"},
		"a related link is none":                                      {bisbee(desk.Link("related", wells)), ""},
		"a guid that is an address on another station's host is one":  {bisbee(desk.GUID("https://kmsa.example/?p=7")), "guid kmsa.example/?p=7"},
		"a guid that is an address on the station's own host is none": {bisbee(desk.GUID("https://bisbee.example/?p=7")), ""},
		"a guid that is an address on nobody's host is none":          {bisbee(desk.GUID("https://elsewhere.example/?p=7")), ""},
		"a guid that is no address is none":                           {bisbee(desk.GUID("kmsa.example")), ""},
		"one address from one source is one claim":                    {bisbee(desk.Link("canonical", wells), desk.Link("canonical", "http://www.kmsa.example/2031/02/wells/")), "feed kmsa.example/2031/02/wells"},
		"one address from two sources is two claims": {
			withPage(bisbee(desk.Link("canonical", wells)), news.Page{Canonical: wells}),
			"page kmsa.example/2031/02/wells, feed kmsa.example/2031/02/wells",
		},
	} {
		var have []string
		for _, claim := range ListClaims(d, c.item, Read(d, Body(&c.item.Entry))) {
			have = append(have, claim.Source+" "+claim.Key)
		}
		if strings.Join(have, ", ") != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestSourcesOfClaimsFromTheStrongest(t *testing.T) {
	order := []string{"desk", "page", "feed", "sentence", "link", "via", "guid"}
	for n := range order[1:] {
		if IsStronger(order[n], order[n+1]) >= 0 || IsStronger(order[n+1], order[n]) <= 0 {
			t.Errorf("%s is not stronger than %s", order[n], order[n+1])
		}
	}
}

func TestRestatedClaims(t *testing.T) {
	d := desk.Directory(t)
	before, now := desk.Noon.Add(-time.Hour), desk.Noon
	claim := func(source string, first, last time.Time) news.Claim {
		return news.Claim{Source: source, URL: wells, Key: "kmsa.example/2031/02/wells", First: first, Last: last}
	}
	none := time.Time{}
	for name, c := range map[string]struct {
		old      []news.Claim
		makes    bool // the item makes the claim in its feed now
		restated []news.Claim
	}{
		"a new claim begins now":                        {nil, true, []news.Claim{claim("feed", now, none)}},
		"one that stands keeps its beginning":           {[]news.Claim{claim("feed", before, none)}, true, []news.Claim{claim("feed", before, none)}},
		"one that is no longer made ends now":           {[]news.Claim{claim("feed", before, none)}, false, []news.Claim{claim("feed", before, now)}},
		"one that had ended keeps its end":              {[]news.Claim{claim("feed", before, before)}, false, []news.Claim{claim("feed", before, before)}},
		"one that is made again has no end any more":    {[]news.Claim{claim("feed", before, before)}, true, []news.Claim{claim("feed", before, none)}},
		"one of another source is another, and it ends": {[]news.Claim{claim("sentence", before, none)}, true, []news.Claim{claim("feed", now, none), claim("sentence", before, now)}},
	} {
		i := bisbee()
		if c.makes {
			i = bisbee(desk.Link("canonical", wells))
		}
		i.Claims = c.old
		if have := UpdateClaims(d, i, Read(d, Body(&i.Entry)), now); !slices.Equal(have, c.restated) {
			t.Errorf("%s: %+v, want %+v", name, have, c.restated)
		}
	}
}

// origin reports whether a text has a sentence that says where it was first published.
func origin(d *directory.Directory, html string) bool { return len(Read(d, html).sentences) > 0 }

func TestSentencesThatSayWhereAStoryIsFrom(t *testing.T) {
	d := desk.Directory(t)
	for _, said := range []string{
		"This story was originally published by KMSA.",
		"This article first appeared on KMSA.",
		"A version of this story was first published by KMSA.",
		"The interview originally aired on KMSA.",
		"This report by Ana Paz was originally produced by KMSA.",
		"Originally published at KMSA.",
		"Republished from KMSA with permission.",
		"Reprinted from KMSA.",
		"This story has been republished by permission of KMSA.",
		"Editor's note: This story was originally published by KMSA.",
		"Wells run dry. Originally published by KMSA.",
		"Este reportaje fue publicado originalmente por KMSA.",
		"Esta historia se publicó por primera vez en KMSA.",
		"La nota ha sido publicada originalmente en KMSA.",
		"Una versión de este artículo se publicó originalmente en KMSA.",
		"Publicado originalmente por KMSA.",
	} {
		if !origin(d, "<p>"+said+"</p>") {
			t.Errorf("%q is not read as a sentence about the origin", said)
		}
	}
	for _, said := range []string{
		"First reported by KMSA.",
		"As KMSA reported, wells run dry.",
		"KMSA originally published this story.",
		"The photo was originally published by KMSA.",
		"This image first appeared on KMSA.",
		"Foto: publicada originalmente por KMSA.",
		"El mapa se publicó originalmente en KMSA.",
		"Her novel was first published by KMSA.",
		"The list was originally published by the county.",
		"Publicado por KMSA.",
		"This story is about wells. It was published by KMSA.",
	} {
		if origin(d, "<p>"+said+"</p>") {
			t.Errorf("%q is read as a sentence about the origin", said)
		}
	}
}

func TestWhereASentenceAboutTheOriginStands(t *testing.T) {
	d := desk.Directory(t)
	const said = "<p>Originally published by KMSA.</p>"
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"in the first paragraph":              {said + paragraphs(5), true},
		"in the second":                       {paragraphs(1) + said + paragraphs(4), true},
		"in the third of six":                 {paragraphs(2) + said + paragraphs(3), false},
		"in the fourth of six":                {paragraphs(3) + said + paragraphs(2), false},
		"in the last but one":                 {paragraphs(4) + said + paragraphs(1), true},
		"in the last":                         {paragraphs(5) + said, true},
		"in the last but one before our line": {paragraphs(4) + said + paragraphs(1) + desk.Credit, true},
		"in a paragraph of sixty words":       {"<p>Originally published by " + desk.Words(0, 57) + "</p>", true},
		"in one of sixty-one":                 {"<p>Originally published by " + desk.Words(0, 58) + "</p>", false},
	} {
		if have := origin(d, c.text); have != c.want {
			t.Errorf("%s it counts: %t", name, have)
		}
	}
}

func paragraphs(count int) string {
	var b strings.Builder
	for n := range count {
		fmt.Fprintf(&b, "<p>Paragraph %d of the story.</p>", n)
	}
	return b.String()
}
