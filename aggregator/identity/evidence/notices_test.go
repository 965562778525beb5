package evidence

import (
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
	"fronteras/aggregator/markup"
	desk "fronteras/store/storetest/desk"
)

// notice is a paragraph at the end of an item of Bisbee Public Radio's, headline "Dry wells", and
// what is read of it: the claims by sentences, the credit, the maker that nobody lists. In it
// "[words](name)" is a link to one of the addresses below.
type notice struct{ said, claims, credit, unlisted string }

var noticeLinks = map[string]string{
	"kmsa": "https://kmsa.example", "wells": "https://kmsa.example/2031/02/wells-run-dry-again",
	"other": "https://kmsa.example/2031/01/the-ferry-is-late", "kdem": "https://kdem.example/2031/02/wells-run-dry-here",
	"series": "https://kmsa.example/series/small-town-water-books", "project": "https://kmsa.example/projects/who-owns-the-water",
	"author": "https://kmsa.example/people/2101004/ana-maria-paz", "program": "https://kmsa.example/programs/the-long-noon-hour",
	"newsletter": "https://kmsa.example/newsletters/the-morning-well-report", "republish": "https://kmsa.example/republishing-guidelines-2031",
	"license": "https://creativecommons.org/licenses/by-nd/4.0/", "ledger": "https://delta-ledger.example",
	"ledgers": "https://delta-ledger.example/2031/02/dry-wells", "npr": "https://www.npr.org/2031/02/04/nx-s1-7700001/dry-wells",
	"propublica": "https://www.propublica.org/article/who-drank-the-wells", "bisbee": "https://bisbee.example",
	"own": "https://bisbee.example/2031/02/dry-wells",
}

const (
	wellsKey, ledgersKey = "kmsa.example/2031/02/wells-run-dry-again", "delta-ledger.example/2031/02/dry-wells"
	kdemKey, nprKey      = "kdem.example/2031/02/wells-run-dry-here", "npr:nx-s1-7700001"
	propublicaKey        = "propublica.org/article/who-drank-the-wells"
)

var notices = []notice{
	// by position: the link inside the sentence, none of another
	{"This story was originally published by [KMSA](wells).", wellsKey, "", ""},
	{"This report was first published by KMSA. Read another [report](other) from the valley.", "", "kmsa", ""},
	{"This report was first published by KMSA! [Another report](other) is here.", "", "kmsa", ""},
	{"This report was first published by KMSA. “[Another](other)” is here.", "", "kmsa", ""},
	{"This report was first published by KMSA. 4 [reports](other) more are here.", "", "kmsa", ""},
	{"This report was first published by KMSA. read another [report](other).", "", "kmsa", ""},
	{"This report was first published by KMSA.Read another [report](other).", "", "kmsa", ""},
	{"This report was first published by KMSA… [Another](other) is here.", "", "kmsa", ""},
	{"This report was first published by KMSA | [Another report](other)", "", "kmsa", ""},
	{"This report was first published by KMSA; read another [report](other).", "", "kmsa", ""},
	{"This report was first published by KMSA — read another [report](other).", "", "kmsa", ""},
	{"This report was first published by KMSA, which also wrote of [the ferry](other).", "", "kmsa", ""},
	{"This report was first published by [KMSA](kmsa) and followed by [a second one](other).", "", "kmsa", ""},
	{"[Another report](other). This report was first published by KMSA.", "", "kmsa", ""},
	{"This report on [the ferry](other) was first published by KMSA.", "", "kmsa", ""},
	{"This report was first published by KMSA in the U.S. [Another report](other) is older.", "", "kmsa", ""},
	{"This report was first published by KMSA, 5 Canyon Dr. Read [another](other).", "", "kmsa", ""},
	{"This report was first published by KMSA at 6 a.m. [Another](other) is older.", "", "kmsa", ""},
	{"This report was first published by KMSA at 6 a.m. on Feb. 4, [here](wells).", wellsKey, "", ""},
	{"This report was first published by KMSA as No. 4 of [ten](wells).", wellsKey, "", ""},
	{"This report, by Sen. Ana Paz, was first published by [KMSA](wells).", wellsKey, "", ""},
	{"A version of [this story](wells) was originally published by KMSA.", wellsKey, "", ""},
	{"This [article](wells) first appeared on [KMSA](kmsa) and is republished here under a [Creative Commons license](license).", wellsKey, "", ""},
	{"This story was originally published by [KMSA](wells) and [KDEM](kdem).", wellsKey, "", ""},
	{"Originally published by [KMSA](wells).", wellsKey, "", ""},
	{"Originally published on Feb. 4, 2031, at [KMSA](wells).", wellsKey, "", ""},
	{"(This story first aired on [KMSA](wells).)", wellsKey, "", ""},
	{"Editor’s note: This story was first published by [KMSA](wells).", wellsKey, "", ""},
	{"This opinion piece originally appeared in [ProPublica](propublica).", propublicaKey, "", ""},

	// the next sentence, where it says so
	{"This article is republished from [KMSA](kmsa) under a [Creative Commons license](license). Read the [original article](wells).", wellsKey, "", ""},
	{"This story was originally produced by KMSA. Read the original story [here](wells).", wellsKey, "", ""},
	{"This story was originally produced by KMSA. [Read the original version](wells).", wellsKey, "", ""},
	{"This story was originally produced by KMSA. Read the original at [KMSA](wells).", wellsKey, "", ""},
	{"This story was originally produced by KMSA. Read the original article and [one on the ferry](other).", "", "kmsa", ""},
	{"This story was originally produced by KMSA. It is short. Read the original [article](wells).", "", "kmsa", ""},
	{"Read the original [article](wells).", "", "", ""},
	{"Este artículo fue publicado originalmente en [KMSA](kmsa). Lea el [original](wells).", wellsKey, "", ""},
	{"Esta nota fue publicada originalmente por KMSA. Lea la nota original [aquí](wells).", wellsKey, "", ""},

	// what subjects there are
	{"“Wells run dry again” was first published by [KMSA](wells), a station of the valley.", wellsKey, "", ""},
	{"“[Wells run dry again](wells)” was first published by KMSA.", wellsKey, "", ""},
	{"“Wells run dry again” was first published by KMSA.", "", "kmsa", ""},
	{"“The Long Drought” was first published by [Viking](npr) in 1939.", "", "", ""},
	{"“The Long Drought” was first published by [Viking](npr).", "", "", ""},
	{"“The Long Noon” first aired on NPR in 1979.", "", "", ""},
	{"“The Long Drought” was first published by the Delta Press.", "", "", ""},
	{"“Dry wells” was first published by the Delta Press.", "", "", "Delta Press"},
	{"First aired on NPR in 1979, the show has had many hosts.", "", "", ""},
	{"This story of a letter that was first published by [NPR](npr) ends well.", "", "", ""},
	{"This story of a letter first published by [NPR](npr) ends well.", "", "", ""},
	{"The photo was first published by [KMSA](wells).", "", "", ""},
	{"First reported by [KMSA](wells).", "", "", ""},
	{"Este reportaje fue publicado originalmente por [KMSA](wells).", wellsKey, "", ""},
	{"Esta historia se publicó por primera vez en [KMSA](wells).", wellsKey, "", ""},
	{"“Se secan los pozos” fue publicado originalmente por [KMSA](wells).", wellsKey, "", ""},
	{"Publicado originalmente por [KMSA](wells). Otra [nota](other).", wellsKey, "", ""},
	{"Esta nota fue publicada originalmente por KMSA. Otra [nota](other).", "", "kmsa", ""},

	// never an original
	{"This story was first published by KMSA for its [water series](series).", "", "kmsa", ""},
	{"This story was first published by KMSA in [Who Owns the Water](project).", "project", "kmsa", ""},
	{"This story was first published by KMSA in its [Water Books](other) series.", "", "kmsa", ""},
	{"This story was first published in [the Morning newsletter](other) of KMSA.", "", "kmsa", ""},
	{"This story was originally published by KMSA. [Sign up for its newsletter](newsletter).", "", "kmsa", ""},
	{"This story by [Ana Paz](author) was first published by KMSA.", "", "kmsa", ""},
	{"Republished from KMSA under its [guidelines](republish).", "", "kmsa", ""},
	{"This article first appeared on [The Delta Ledger](ledger) and is republished here under a [Creative Commons license](license).", "home", "", "The Delta Ledger"},

	// makers that nobody lists
	{"Reprinted from The Delta Ledger.", "", "", "The Delta Ledger"},
	{"Reprinted with permission of the Delta Ledger.", "", "", "Delta Ledger"},
	{"This story is reprinted from [The Delta Ledger](ledger), which shares its work. Its [first version](ledgers) has a map.", "home", "", "The Delta Ledger"},
	{"This story was originally published by the Delta Ledger.", "", "", "Delta Ledger"},
	{"This story was originally published by [Delta Ledger](ledgers).", ledgersKey, "", "Delta Ledger"},
	{"This story was originally published by Floodplain, which shares its work with KMSA.", "", "", "Floodplain"},
	{"This story was originally published by St. Louis Public Radio.", "", "", "St. Louis Public Radio"},
	{"This story about NPR was originally published by the Delta Ledger.", "", "", "Delta Ledger"},
	{"This story first appeared in High Delta News.", "", "", "High Delta News"},
	{"This story first appeared on delta-ledger.example.", "", "", "delta-ledger.example"},
	{"This story originally aired on KXYZ.", "", "", "KXYZ"},
	{"This story was first published by the nonprofit newsroom Searchlight Delta.", "", "", "Searchlight Delta"},
	{"This story was first published by our partners at The Delta Ledger.", "", "", "The Delta Ledger"},
	{"Originally published in the Delta Republic.", "", "", "Delta Republic"},
	{"This article, first published by the Delta Ledger, has been updated.", "", "", "Delta Ledger"},
	{"Esta nota fue publicada originalmente por el medio independiente Faro Norte.", "", "", "Faro Norte"},
	{"Este artículo fue publicado originalmente por el Diario del Delta.", "", "", "Diario del Delta"},
	{"Esta nota fue publicada originalmente en La Voz del Delta.", "", "", "La Voz del Delta"},
	{"Republicado con permiso de El Faro del Delta.", "", "", "El Faro del Delta"},

	// and what is no maker
	{"This story was originally published in 2019.", "", "", ""},
	{"This story was first published Tuesday.", "", "", ""},
	{"This story was first published on Feb. 4, 2031.", "", "", ""},
	{"This story was originally published in Spanish.", "", "", ""},
	{"This story was originally published on Facebook.", "", "", ""},
	{"This story originally aired on Morning Edition.", "", "", ""},
	{"This story originally aired on Oct. 3, 2030.", "", "", ""},
	{"This interview originally aired on 1A.", "", "", ""},
	{"This interview first aired on The Noon Show.", "", "", ""},
	{"This story first appeared in the Winter 2031 issue of our magazine.", "", "", ""},
	{"This post was originally published on Jan. 5 and has been updated.", "", "", ""},
	{"This story was first published by a reporter in Tucson.", "", "", ""},
	{"This story was first published in partnership with our listeners in Bisbee.", "", "", ""},
	{"This piece originally appeared in our newsletter.", "", "", ""},
	{"This story was originally broadcast on All Things Delta.", "", "", ""},
	{"This story was originally produced by Lena Ortiz.", "", "", ""},
	{"This story was first published in Tucson.", "", "", ""},
	{"This story was originally published by Bisbee Public Radio.", "", "bisbee", ""},
	{"This story originally aired on Border 90.3.", "", "", ""},
	{"This story originally aired on Bisbee Radio.", "", "", ""},
	{"This story was originally published by Friends of the Wells at [our site](bisbee).", "own home", "", ""},
	{"This story was originally published by a partner.", "", "", ""},
	{"The report was first published by the Department of Wells.", "", "", ""},
	{"Esta nota fue publicada originalmente en marzo.", "", "", ""},

	// what CMSs add
	{"The post [Wells run dry](wells) appeared first on [KMSA](kmsa).", wellsKey, "", ""},
	{"The post [NPR cuts staff](wells) first appeared on [KMSA](kmsa).", wellsKey, "", ""},
	{"The post NPR cuts staff appeared first on KMSA.", "", "kmsa", ""},
	{"La entrada [Se secan los pozos](wells) se publicó primero en [KMSA](kmsa).", wellsKey, "", ""},
	{"The post [Dry wells](own) appeared first on [Bisbee Public Radio](bisbee).", "own", "", ""},
	{"The post Dry wells appeared first on Bisbee Public Radio.", "", "", ""},
	{"The post Dry wells appeared first on Border News.", "", "", ""},
	{"The post [Dry wells](own) appeared first on [Border News](bisbee).", "own", "", ""},
	{"The post [Dry wells](ledgers) appeared first on [The Delta Ledger](ledger).", ledgersKey, "", "The Delta Ledger"},
	{"The post Dry wells appeared first on [The Delta Ledger](ledger).", "", "", "The Delta Ledger"},
}

// withLinks writes a notice's links as HTML.
func withLinks(said string) string {
	for name, address := range noticeLinks {
		for {
			end := strings.Index(said, "]("+name+")")
			if end < 0 {
				break
			}
			begin := strings.LastIndex(said[:end], "[")
			said = said[:begin] + `<a href="` + address + `">` + said[begin+1:end] + "</a>" + said[end+len(name)+3:]
		}
	}
	return said
}

func TestNotices(t *testing.T) {
	d := desk.Directory(t)
	special := map[string]string{ // pages that can be no original: they are claimed in vain
		"home": "delta-ledger.example/", "own home": "bisbee.example/", "project": d.Key(noticeLinks["project"]), "own": d.Key(noticeLinks["own"]),
	}
	for _, n := range notices {
		for place, text := range map[string]string{
			"at the end":       "<p>Wells.</p><p>They are dry.</p><p>" + withLinks(n.said) + "</p>",
			"at the beginning": "<p>" + withLinks(n.said) + "</p><p>Wells.</p><p>They are dry.</p><p>All of them.</p><p>Dry.</p>",
		} {
			i := bisbee(desk.Text(text))
			var claims []string
			for _, c := range ListClaims(d, i, Read(d, Body(&i.Entry))) {
				if c.Source == FromSentence && c.Key != "kmsa.example/" {
					claims = append(claims, c.Key)
				}
			}
			want := n.claims
			if key := special[want]; key != "" {
				want = key
			}
			if place == "at the beginning" && strings.Contains(n.said, "The post") || strings.Contains(n.said, "La entrada") {
				continue // such a line stands at the end
			}
			e := NewReader(d).EvidenceOf(i, Feed{})
			var credit []string
			for _, m := range e.Credit.Makers {
				credit = append(credit, m.Station+m.Outside)
			}
			if have := strings.Join(claims, " "); have != want {
				t.Errorf("%s, %s: it claims %q, want %q", n.said, place, have, want)
			}
			if have := strings.Join(credit, " "); have != n.credit {
				t.Errorf("%s, %s: it credits %q, want %q", n.said, place, have, n.credit)
			}
			if e.Unlisted.Name != n.unlisted {
				t.Errorf("%s, %s: the maker that nobody lists is %q, want %q", n.said, place, e.Unlisted.Name, n.unlisted)
			}
		}
	}
}

func TestALineOfACMSIsNoPartOfTheText(t *testing.T) {
	d := desk.Directory(t)
	for _, n := range notices {
		text := strings.Join(Read(d, "<p>Wells are dry. "+withLinks(n.said)+"</p>").Story(nil), "\n")
		cms := strings.HasPrefix(n.said, "The post") || strings.HasPrefix(n.said, "La entrada")
		if cms != (text == "Wells are dry.") {
			t.Errorf("%s: the text is %q", n.said, text)
		}
	}
}

func TestANoticeMayGoOnInTheNextParagraph(t *testing.T) {
	d := desk.Directory(t)
	i := bisbee(desk.Text(withLinks("<p>Wells.</p><p>This article is republished from KMSA.</p><p>Read the [original article](wells).</p>")))
	if claims := ListClaims(d, i, Read(d, Body(&i.Entry))); len(claims) != 1 || claims[0].Key != wellsKey {
		t.Errorf("it claims %v", claims)
	}
}

// Whatever a sentence is made of, it is read in time in proportion to its length.
func TestReadingSentencesIsLinear(t *testing.T) {
	d := desk.Directory(t)
	for _, pattern := range []string{"This story ", "This story, ", "The report by ", "originally published by ", "“a” ", "“", "A. ", "a.m. ",
		"and the ", "by The ", "The Delta ", "was first published by St. ", "; ", "reprinted from ", `<a href="https://a.example/">A.</a> `,
		"read the original ", "The post ", "first published by A and ", ", which "} {
		for _, begin := range []string{"", "This story was first published by ", "“"} {
			lineartest.Check(t, begin+pattern, 4<<10, func(size int) string {
				return begin + strings.Repeat(pattern, size/len(pattern))
			}, func(said string) {
				i := bisbee(desk.Text(said))
				for _, b := range markup.Blocks(said) {
					for _, s := range sentencesOf(d, b, b, false) {
						makerNamed(d, i, s, nil)
					}
				}
			})
		}
	}
}

func FuzzSentences(f *testing.F) {
	for _, n := range notices {
		f.Add("<p>" + withLinks(n.said) + "</p>")
	}
	d := desk.Directory(f)
	f.Fuzz(func(t *testing.T, text string) {
		i := bisbee(desk.Text(text))
		p := Read(d, text)
		for _, s := range p.sentences {
			for _, l := range s.links {
				if l.Text == "" {
					t.Fatalf("%q has the link %v in %q", text, l, s.text)
				}
			}
			if !strings.Contains(s.paragraph, s.text) || !strings.Contains(s.text, s.maker) {
				t.Fatalf("%q of %q", s.text, s.paragraph)
			}
		}
		NewReader(d).EvidenceOf(i, Feed{})
	})
}
