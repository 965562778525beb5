package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAStationsPagePollsAndTrustsItsFeed has a daemon read a feed whose document is damaged, and then is gone: the page
// says what came of it, visits it, and trusts it again.
func TestAStationsPagePollsAndTrustsItsFeed(t *testing.T) {
	d := newEditorDesk(t)
	var visits atomic.Int32
	var gone atomic.Bool
	station := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/rss" {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		visits.Add(1)
		if gone.Load() {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>KDEM</title><item><title>Sun & rain</title>`+
			`<link>https://kdem.example/rain</link><guid>https://kdem.example/?p=1</guid></item></channel></rss>`)
	}))
	t.Cleanup(station.Close)
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: %s\npoll: {private_networks: true}\n"+
		"notify: {to: [{address: '%s/hook/secret', partner: kdem, of: [missing]}]}\nstations:\n"+
		"  - {id: kdem, name: KDEM Deming, feeds: [{url: '%s/rss?key=hidden', every: 24h}]}\n"+
		"  - {id: ajo, name: Radio Ajo, feeds: [{url: 'file:ajo.xml'}]}\n%s}\n", d.public,
		strings.TrimPrefix(d.public, "http://"), station.URL, station.URL, strings.Replace(twoEditors, "kmsa", "ajo", 1))
	if err := os.WriteFile(d.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.serve()
	ana := d.browser()
	d.do(ana, "POST", d.link("ana"))
	const path = "/desk/stations/kdem"
	page := func() string {
		code, text := d.get(ana, d.public+path)
		if code != 200 {
			t.Fatalf("%d: %s", code, text)
		}
		return text
	}
	// Its first visit may be a minute away.
	if code, location := d.post(ana, path, formOf(page(), path, "do", "poll")); code != 303 {
		t.Fatalf("the first poll: %d, %s", code, location)
	}
	if !eventually(func() bool { return strings.Contains(page(), "A story of its own.") }) {
		t.Fatalf("the item is no story: %s", page())
	}
	before := visits.Load()
	for _, want := range []string{
		">Sun &amp; rain</a>", "<strong>New.</strong>", ">OK</p>", "line 1: ", "write &amp; as &amp;amp;",
		"the server sends neither ETag nor Last-Modified",
	} {
		if !strings.Contains(page(), want) {
			t.Errorf("without %q: %s", want, page())
		}
	}
	if strings.Contains(page(), "key=hidden") || visits.Load() != before {
		t.Errorf("the page shows the secret address, or asked the station: %d visits", visits.Load()-before)
	}
	if !eventually(func() bool { return strings.Contains(page(), ": A story for a partner</p>") }) ||
		strings.Contains(page(), "/hook") || !strings.Contains(page(), "failed: ") {
		t.Errorf("a notice that its recipient refuses: %s", page())
	}
	if _, list := d.get(ana, d.public+"/desk/stations"); strings.Count(list, ">Poll now</button>") != 2 {
		t.Errorf("the list: %s", list)
	}

	gone.Store(true)
	code, location := d.post(ana, path, formOf(page(), path, "do", "poll"))
	if code != 303 || visits.Load() != before+1 {
		t.Fatalf("poll: %d, %s, %d visits", code, location, visits.Load()-before)
	}
	_, after := d.get(ana, d.public+location)
	for _, want := range []string{`<p role="status">The feed has been visited.</p>`, ": the server responded with 503",
		"the server has a fault of its own: tell the station&#39;s webmaster if it lasts"} {
		if !strings.Contains(after, want) {
			t.Errorf("after a failed visit without %q: %s", want, after)
		}
	}
	_, trust, _ := strings.Cut(after, `name="feed"`)
	form := formOf(`action="`+path+`"`+trust[strings.Index(trust, `action="`+path+`"`)+len(path)+9:], path, "do", "trust")
	if form.Get("form") == "" {
		t.Fatalf("no form trusts: %v", form)
	}
	for range 2 { // the second time, nothing is done
		if code, location = d.post(ana, path, form); code != 303 || !strings.HasPrefix(location, path+"?done=") {
			t.Fatalf("trust: %d, %s", code, location)
		}
	}
	if _, after = d.get(ana, d.public+location); !strings.Contains(after, "The feed is trusted again.") ||
		strings.Contains(after, "/undo") {
		t.Errorf("after a trust: %s", after)
	}
	if code, list := d.run("decisions", "--json"); code != 0 || strings.Count(list, `"trust"`) != 1 ||
		!strings.Contains(list, `"ana"`) {
		t.Errorf("the decisions: %s", list)
	}
	if code, _ := d.get(ana, d.public+"/desk/stations/none"); code != 404 {
		t.Errorf("a station that there is not: %d", code)
	}
}
