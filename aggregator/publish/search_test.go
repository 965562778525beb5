package publish

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestAddressOfASearchIsReadBack(t *testing.T) {
	known := NewKnown()
	known.Stations["kmsa"], known.Stations["ajo"] = true, true
	for typed, want := range map[string]string{
		"q=wells":                            "q=wells",
		"to=2026-11-27&q=wells&station=kmsa": "q=wells&station=kmsa&to=2026-11-27",
		"q=%22run+dry%22+-ajo&from=2026-11-01&station=kmsa&station=ajo&for=ajo": "for=ajo&from=2026-11-01&q=%22run+dry%22+-ajo&" +
			"station=ajo&station=kmsa",
		"q=++wells%0A%09run+": "q=wells+run",
		"q=":                  "",
		"q=a&q=b":             "q=a",
		"q=a%26b%3Dc":         "q=a%26b%3Dc",
	} {
		values, err := url.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseSelection(values, known)
		if err != nil || s.Query() != want {
			t.Errorf("%s: %q, want %q, %v", typed, s.Query(), want, err)
		}
		if again := SelectionOf(s.Query()).Query(); again != want {
			t.Errorf("%s read back: %q", typed, again)
		}
	}
	for _, typed := range []string{"from=yesterday", "to=2026-13-01", "to=2026-1-1", "from=2026-02-30"} {
		values, _ := url.ParseQuery(typed)
		if _, err := ParseSelection(values, known); err == nil || !strings.Contains(err.Error(), "2026-11-27") {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

func TestDaysOfASearchAreThoseOfTheDesk(t *testing.T) {
	e := &Edition{Desk: news.Site{Timezone: "America/Phoenix"}}
	from, before := Bounds(e, Search{From: "2026-11-01", To: "2026-11-02"})
	if want := time.Date(2026, 11, 1, 7, 0, 0, 0, time.UTC); !from.Equal(want) {
		t.Errorf("from %v", from)
	}
	if want := time.Date(2026, 11, 3, 7, 0, 0, 0, time.UTC); !before.Equal(want) {
		t.Errorf("before %v", before)
	}
	if from, before = Bounds(e, Search{Words: "wells"}); !from.IsZero() || !before.IsZero() {
		t.Errorf("without days: %v, %v", from, before)
	}
}

func TestSnippetShowsTheFirstPlace(t *testing.T) {
	marks := func(_, text string, most int) (list [][2]int) {
		for at := 0; len(list) < most; {
			n := strings.Index(text[at:], "pozo")
			if n < 0 {
				break
			}
			list = append(list, [2]int{at + n, at + n + len("pozo")})
			at += n + len("pozo")
		}
		return list
	}
	word := func(parts []fragmentOfText) string {
		var b strings.Builder
		for _, p := range parts {
			if p.Marked {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	for name, of := range map[string]struct{ deck, plain, want string }{
		"in the deck":  {"El pozo se secó.", "Nada.", "El [pozo] se secó."},
		"in the text":  {"Agua.", "El pozo se secó.\nOtro pozo también.", "El [pozo] se secó. Otro [pozo] también."},
		"nowhere":      {"Agua.", "Nada.", ""},
		"far inside":   {"", strings.Repeat("ñandú ", 50) + "pozo " + strings.Repeat("ñandú ", 50), "… ñandú ñandú ñandú ñandú ñandú ñandú ñandú [pozo] " + strings.TrimSpace(strings.Repeat("ñandú ", 22)) + " …"},
		"one long run": {"", strings.Repeat("ñ", 500) + "pozo" + strings.Repeat("ñ", 500), "… [pozo] …"},
	} {
		if got := word(snippetOf(&Found{Marks: marks}, article{Deck: of.deck, Plain: of.plain})); got != of.want {
			t.Errorf("%s: %q, want %q", name, got, of.want)
		}
	}
}
