package identity

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/news"
)

// Each case is a desk's day: visits, and the stories that are to come of them.
func TestAcrossFeeds(t *testing.T) {
	const gap, wells = "https://kmsa.example/2031/02/fence-gap", "https://kmsa.example/2031/02/dry-wells"
	for name, day := range map[string]func(*memoryStore){
		"two stories stay two": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30), entry("kmsa", "dry-wells", "Wells run dry", 20))
			m.visit("ajo", entry("ajo", "county-fair", "County fair opens", 10))
			m.expect("kmsa O5: kmsa*(I0)", "kmsa O5: kmsa*(I0)", "ajo O5: ajo*(I0)")
		},
		"a canonical link joins the copy": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30))
			m.visit("ajo", entry("ajo", "gap-closes", "Crews close gap in fence", 10, canonical(gap)))
			m.expect("kmsa O2: ajo(J1) kmsa*(I0)")
		},
		"the copy may come first": func(m *memoryStore) {
			m.visit("ajo", entry("ajo", "gap-closes", "Crews close gap in fence", 10, canonical(gap)))
			m.expect("kmsa O2: ajo*(J1)")
			m.settle()
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30))
			m.expect("kmsa O2: ajo(J1) kmsa*(I0)")
		},
		"two copies of an original that nobody has seen": func(m *memoryStore) {
			m.visit("ajo", entry("ajo", "canal", "Who pays for the canal", 10, canonical("https://www.propublica.org/article/who-pays-for-the-canal")))
			m.visit("kdem", entry("kdem", "canal", "Who pays for the canal?", 5, canonical("https://propublica.org/article/who-pays-for-the-canal?utm_source=x")))
			m.expect("propublica O2: ajo*(J1) kdem(J1)")
		},
		"a link to the original's page": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30))
			m.visit("bisbee", entry("bisbee", "x", "Gap in border fence is closed", 10, url(gap+"?utm_medium=feed")))
			m.expect("kmsa O2: bisbee(J1) kmsa*(I0)")
		},
		"a Spanish sentence, copy first": func(m *memoryStore) {
			m.visit("bisbee", entry("bisbee", "feria", "La feria del chile", 10, text(`<p>La feria abre el viernes.</p><p>Este reportaje fue publicado originalmente por <a href="https://kmsa.example/2031/03/feria-del-chile">KMSA</a>.</p>`)))
			m.expect("kmsa O2: bisbee*(J1)")
		},
		"a kept guid with a headline that agrees": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "p7781", "Dam report warns of cracks", 30, guid("https://kmsa.example/?p=7781")))
			m.visit("kdem", entry("kdem", "dam", "Dam report warns of new cracks", 10, guid("https://kmsa.example/?p=7781")))
			m.expect("kmsa O2: kdem(J1) kmsa*(I0)")
		},
		"a kept guid with another headline": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "p7781", "Dam report warns of cracks", 30, guid("https://kmsa.example/?p=7781")))
			m.visit("kdem", entry("kdem", "dam", "Library hours change in June", 10, guid("https://kmsa.example/?p=7781")))
			m.expect("kmsa O5: kmsa*(I0) !same-guid", "kmsa O3: kdem*(I0) !same-guid")
		},
		"a UUID in two feeds": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, guid("0000019c-5a1e-d8f5-a5fb-3c5c9a0d0000")))
			m.visit("ajo", entry("ajo", "wells", "Wells run dry in Luna County", 10, guid("urn:uuid:0000019C-5A1E-D8F5-A5FB-3C5C9A0D0000")))
			m.expect("kmsa O5: ajo(J3) kmsa*(I0)")
		},
		"a number in two feeds is no reason": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, guid("4711")))
			m.visit("ajo", entry("ajo", "wells", "Wells run dry", 10, guid("4711")))
			m.expect("kmsa O5: kmsa*(I0)", "ajo O5: ajo*(I0)")
		},
		"one audio, like headlines": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, audio("https://cdn.kmsa.example/wells.mp3")))
			m.visit("ajo", entry("ajo", "wells", "Why the wells run dry", 10, audio("https://dts.podtrac.com/redirect.mp3/cdn.kmsa.example/wells.mp3")))
			m.expect("kmsa O5: ajo(J4) kmsa*(I0)")
		},
		"program audio joins nothing": func(m *memoryStore) {
			hour := audio("https://cdn.ajo.example/noon-hour-0612.mp3")
			m.visit("ajo", entry("ajo", "a", "Noon: water", 40, hour), entry("ajo", "b", "Noon: schools", 30, hour))
			m.visit("kdem", entry("kdem", "noon", "Noon: water", 10, hour))
			m.expect("ajo O5: ajo*(I0)", "ajo O5: ajo*(I0)", "kdem O5: kdem*(I0)")
		},
		"no chains": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30, audio("https://cdn.kmsa.example/one.mp3")))
			m.visit("ajo", entry("ajo", "wells", "Wells run dry", 20, audio("https://cdn.kmsa.example/one.mp3"), audio("https://cdn.kmsa.example/two.mp3")))
			m.visit("kdem", entry("kdem", "wells", "Wells run dry", 10, audio("https://cdn.kmsa.example/two.mp3")))
			m.expect("kmsa O5: ajo(J4) kmsa*(I0) !same-audio", "kdem O5: kdem*(I0) !same-audio")
		},
		"a translation stays apart": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "dry-wells", "Wells run dry", 30, text("<p>The wells of the county have run dry, and the people who live there are waiting for the water that was promised to them in the spring by the state, which has not come, as it was said that it would before the end of the year.</p>")))
			m.visit("ajo", entry("ajo", "pozos", "Se secan los pozos", 10, canonical(wells), func(e *news.Entry) { e.Language = "es" }))
			m.expect("ajo O5: ajo*(I0) !claim-across-languages", "kmsa O5: kmsa*(I0)")
		},
		"a live blog is not its entry": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "vote", "Election night", 30, url("https://kmsa.example/live/election-2031")))
			m.visit("ajo", entry("ajo", "vote", "Count is halted", 10, canonical("https://kmsa.example/live/election-2031#entry-12")))
			m.expect("kmsa O2: ajo*(J1)", "kmsa O5: kmsa*(I0)")
		},
		"a template that claims one page for all": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 30))
			m.visit("ajo", entry("ajo", "a", "Rain at last", 10, canonical(gap)), entry("ajo", "b", "School board meets", 9, canonical(gap)), entry("ajo", "c", "Market returns", 8, canonical(gap)))
			m.expect("ajo O5: ajo*(I0)", "ajo O5: ajo*(I0)", "ajo O5: ajo*(I0)", "kmsa O5: kmsa*(I0)")
		},
		"a claim to a home page is none": func(m *memoryStore) {
			m.visit("ajo", entry("ajo", "a", "Rain at last", 10, canonical("https://kmsa.example/")))
			m.expect("ajo O5: ajo*(I0)")
		},
		"a claim to a host that nobody listed": func(m *memoryStore) {
			m.visit("ajo", entry("ajo", "a", "Rain at last", 10, canonical("https://valleypaper.example/2031/02/rain-at-last")))
			m.expect("?: ajo*(I0) !unlisted-origin")
		},
		"two feeds of one station are one carrier": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "wells", "Wells run dry", 30))
			m.visit("kmsa/podcast", entry("kmsa", "wells", "Wells run dry", 30, guid("prx_12_1b671a64-40d5-491e-99b0-da01ff1f3341")))
			m.expect("kmsa O5: kmsa(J2) kmsa*(I0)")
		},
		"a claim that is claimed": func(m *memoryStore) {
			m.visit("kmsa", entry("kmsa", "fence-gap", "Fence gap closed", 40))
			m.visit("ajo", entry("ajo", "gap", "Gap closed", 20, canonical(gap)))
			m.visit("kdem", entry("kdem", "gap", "Gap is closed", 10, canonical("https://ajo.example/2031/02/gap")))
			m.expect("kmsa O2: ajo(J1) kdem(J1) kmsa*(I0)")
		},
		"a circle of claims": func(m *memoryStore) {
			m.visit("ajo", entry("ajo", "gap-closed", "Gap closed", 20, canonical("https://kdem.example/2031/02/gap-closed")))
			m.visit("kdem", entry("kdem", "gap-closed", "Gap is closed", 10, canonical("https://ajo.example/2031/02/gap-closed")))
			m.expect("?: ajo(I0) kdem*(J1) !conflicting-claims !conflicting-claims")
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newStore(t)
			m.t = t
			day(m)
		})
	}
}

// A document of a hundred copies joins a hundred stories: what is too much is
// what hangs together, not what comes at once.
func TestManyCopiesAtOnce(t *testing.T) {
	m := newStore(t)
	m.t = t
	var originals, copies []news.Entry
	for n := range 100 {
		slug := fmt.Sprintf("fence-gap-number-%d", n)
		originals = append(originals, entry("kmsa", slug, fmt.Sprint("Fence gap ", n), 100+n))
		copies = append(copies, entry("ajo", fmt.Sprint("gap-", n), fmt.Sprint("Gap ", n), 50+n, canonical("https://kmsa.example/2031/02/"+slug)))
	}
	m.visit("kmsa", originals...)
	m.settle()
	m.visit("ajo", copies...)
	for _, s := range m.all() {
		if len(s.Items) != 2 || len(s.Flags) > 0 {
			t.Fatalf("%s", line(s))
		}
	}
	if n := len(m.all()); n != 100 {
		t.Errorf("%d stories", n)
	}
}

// Where one thing leads to another through more stories than can be looked at
// together, nothing is joined, and an editor is told (V9).
func TestTooMuchHangsTogether(t *testing.T) {
	m := newStore(t)
	m.t = t
	sound := func(n int) func(*news.Entry) { return audio(fmt.Sprintf("https://cdn.example/%d.mp3", n)) }
	var one, two []news.Entry
	for n := range gather.MaxStories + 10 {
		one = append(one, entry("kmsa", fmt.Sprint("a", n), fmt.Sprint("Wells run dry ", n), 200+n, sound(2*n), sound(2*n+1)))
		two = append(two, entry("kdem", fmt.Sprint("b", n), fmt.Sprint("Something else ", n), 100+n, sound(2*n+1), sound(2*n+2)))
	}
	m.visit("kmsa", one...)
	m.visit("kdem", two...)
	m.settle()
	before := len(m.all())
	m.visit("ajo", entry("ajo", "wells", "Wells run dry 0", 10, sound(0)))
	checkInvariants(t, m, map[uint64]string{})
	if n := len(m.all()); n != before+1 {
		t.Errorf("%d stories became %d", before, n)
	}
	for _, s := range m.all() {
		if s.Items[0].Station == "ajo" && !strings.Contains(line(s), "!oversize") {
			t.Errorf("nobody was told: %s", line(s))
		}
	}
}
