//go:build browser

package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// browserPage is a page that the browser opens, in each language.
type browserPage struct {
	name     string
	path     string
	says     string // in whichever language
	status   int    // 0: 200
	pictures int    // at least so many are shown
}

// TestPagesWorkInABrowser opens the pages of a desk of forty pictured stories, whose stations are slow
// to send pictures, and of the sample desk, narrow and wide, light and dark, in each language: what they
// show, what they ask others for, what moves when pictures arrive, what the console says, and what
// axe-core has against them.
func TestPagesWorkInABrowser(t *testing.T) {
	b := newBrowser(t)
	t.Run("rich", func(t *testing.T) {
		d, stations := newRichDesk(t)
		stations.pause.Store(int64(200 * time.Millisecond))
		if !eventually(func() bool {
			_, body := getAnswer(d.address + "/metrics")
			return strings.Contains(body, "fronteras_search_complete 1") &&
				strings.Contains(body, fmt.Sprintf("fronteras_search_stories %d\n", len(d.stories)))
		}) {
			t.Fatal("the search index is not whole")
		}
		withdrawn := d.story(t, "Beekeepers count their losses")
		d.command(t, "retract", strings.TrimPrefix(withdrawn, "/stories/"), "--reason", "it is wrong")
		for _, page := range []browserPage{
			{name: "front", path: "/", says: "Acequia stewards open the gates", pictures: 25},
			{name: "filtered", path: "/?station=fronteriza&lang=es", says: "Falta agua en las escuelas", pictures: 3},
			{name: "unknown filter", path: "/?topic=nobody-wrote-of-this", says: "nobody-wrote-of-this", status: 404},
			{name: "story", path: d.story(t, richStories[0].title), says: "Snow left the high", pictures: 1},
			{name: "story, tall picture", path: d.story(t, richStories[3].title), says: "Tenants pay in concerts", pictures: 1},
			{name: "story, no picture", path: d.story(t, "Falta agua en las escuelas"), says: "dos veces por semana"},
			{name: "story, carried", path: d.story(t, "Night bus"), says: "KDEM Deming", pictures: 1},
			{name: "withdrawn", path: withdrawn, says: "Fronteras Desk", status: 410},
			{name: "status", path: "/status", says: "bisbee"},
			{name: "search", path: "/search?q=gates&lang=en&from=2020-01-01", says: "Acequia stewards open the gates", pictures: 1},
			{name: "search for all", path: "/search", says: "Night bus", pictures: 10},
			{name: "search without success", path: "/search?q=nobody-wrote-of-this", says: "nobody-wrote-of-this"},
			{name: "search of no day", path: "/search?q=gates&from=yesterday", says: "yesterday", status: 400},
			{name: "unknown address", path: "/nothing", says: "Fronteras Desk", status: 404},
			{name: "day without stories", path: "/days/2031-01-01", says: "2031", status: 404},
			{name: "archive", path: "/archive", says: "KMSA"},
			{name: "station", path: "/stations/kmsa", says: "KMSA", pictures: 1},
			{name: "podcast", path: "/podcast", says: "Apple Podcasts"},
		} {
			b.tryPage(t, d, page, []int64{1366, 390, 320, 2200})
		}
	})
	t.Run("sample", func(t *testing.T) {
		d := newSampleDesk(t)
		for _, page := range []browserPage{
			{name: "front", path: "/", says: "Copper museum reopens, photographs and all", pictures: 5},
			{name: "story", path: d.story(t, "Wells run dry along the lower Mimbres"), says: "Elena Barraza", pictures: 1},
			{name: "story, in Spanish", path: d.story(t, "La cosecha de chile llega tarde"), says: "Julián", pictures: 1},
			{name: "status", path: "/status", says: "KMSA"},
			{name: "day", path: "/days/2025-10-08", says: "Copper museum reopens"},
			{name: "year", path: "/archive/2025", says: "2025"},
			{name: "month", path: "/archive/2025/10", says: "2025"},
			{name: "topic", path: "/topics/water", says: "Wells run dry"},
		} {
			b.tryPage(t, d, page, []int64{1366, 320})
		}
	})
}

// tryPage opens a page in all views.
func (b *browser) tryPage(t *testing.T, d *desk, page browserPage, widths []int64) {
	for _, language := range []string{"en", "es"} {
		for _, width := range widths {
			v := view{language, width, "light"}
			t.Run(fmt.Sprintf("%s/%s", page.name, v), func(t *testing.T) {
				checkSight(t, page, v, b.open(t, d.address+inLanguage(language)+page.path, v))
				console, requests := b.said()
				for _, line := range console {
					if page.status == 0 || !strings.Contains(line, fmt.Sprintf("status of %d", page.status)) {
						t.Errorf("the console says %q", line)
					}
				}
				for _, r := range requests {
					if r.host != "127.0.0.1" && (r.what != "Image" || !isStation(r.host)) {
						t.Errorf("it asks %s for something (%s)", r.host, r.what)
					}
				}
				for _, violation := range b.violations(t, axeAll) {
					t.Errorf("axe: %s", violation)
				}
				b.setMedia(t, "", "dark")
				for _, violation := range b.violations(t, axeColors) {
					t.Errorf("axe, in the dark: %s", violation)
				}
			})
		}
	}
}

// inLanguage begins the addresses of pages in a language. English is what the browser accepts.
func inLanguage(language string) string {
	if language == "en" {
		return ""
	}
	return "/" + language
}

// checkSight says what is not as it should be with a page.
func checkSight(t *testing.T, page browserPage, v view, seen sight) {
	t.Helper()
	if want := max(page.status, 200); seen.Status != want || seen.Language != v.language {
		t.Errorf("status %d, in %q, want %d", seen.Status, seen.Language, want)
	}
	if !strings.Contains(seen.Text, page.says) {
		t.Errorf("it does not say %q: %.300q", page.says, seen.Text)
	}
	if seen.Scroll > float64(v.width) {
		t.Errorf("it is %v wide, for %q", seen.Scroll, seen.Wide)
	}
	if seen.Scripts > 0 || seen.Headings != 1 {
		t.Errorf("%d scripts, %d h1", seen.Scripts, seen.Headings)
	}
	for _, shift := range seen.Shifts {
		t.Errorf("what is drawn moves: %s", shift)
	}
	if seen.Pictures < page.pictures {
		t.Errorf("%d pictures, want %d", seen.Pictures, page.pictures)
	}
	for _, fault := range seen.Faults {
		t.Errorf("picture: %s", fault)
	}
}

// isStation reports whether a host is that of a station's pictures: one of the rich desk's, for the sample desk serves
// its stations' pictures itself.
func isStation(host string) bool {
	id, here := strings.CutSuffix(host, ".localhost")
	return here && slices.ContainsFunc(richStations, func(s richStation) bool { return s.id == id })
}
