package aggregator_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// What a document from a public address names is asked for at public addresses alone, though
// private networks are allowed: pages with their robots.txt, lengths of audio, what the feed says
// that it is. A document from a private address may name private ones.
func TestAPublicDocumentLeadsToNoPrivateAddress(t *testing.T) {
	document := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title>
			<item><title>Rain</title><link>http://inside.example/2025/10/rain-on-the-pass</link>
			<guid isPermaLink="false">one</guid><enclosure url="http://inside.example/a.mp3" type="audio/mpeg"/></item>
			<item><title>Snow</title><link>http://pages.public.example/2025/10/snow-on-the-pass</link>
			<guid isPermaLink="false">two</guid><enclosure url="http://pages.public.example/b.mp3" type="audio/mpeg"/>
			</item></channel></rss>`)
	}
	for _, c := range []struct {
		host string
		want []string // that is asked inside
	}{
		{"ajo.public.example", nil},
		{"ajo.example", []string{"GET /2025/10/rain-on-the-pass", "GET /robots.txt", "HEAD /a.mp3"}},
	} {
		page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<!doctype html><title>x</title>") })
		inside, outside := &counter{Handler: page, nearer: time.Hour}, &counter{Handler: page, nearer: time.Hour}
		stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://" + c.host,
			Hosts: []string{"inside.example", "pages.public.example"},
			Feeds: []news.Feed{{Station: "ajo", URL: "http://" + c.host + "/rss", Every: 15 * time.Minute}}}}
		handlers := hosts{c.host: http.HandlerFunc(document), "inside.example": inside, "pages.public.example": outside}
		inWorldOf(t, stations, handlers, func(w *world) {
			time.Sleep(2 * time.Hour)
			w.desk.SameFeed(w.t.Context(), "http://"+c.host+"/rss", "http://inside.example/rss", &news.Facts{}, c.want == nil)
			asked, _ := inside.list()
			asked = slices.DeleteFunc(asked, func(line string) bool { return line == "GET /rss" && c.want != nil })
			slices.Sort(asked)
			if !slices.Equal(slices.Compact(asked), c.want) {
				t.Errorf("%s: inside was asked for %q, want %q", c.host, asked, c.want)
			}
			if outside.count("GET /2025/") != 1 || outside.count("HEAD ") != 1 {
				t.Errorf("%s: outside was asked for %q", c.host, outside.asked)
			}
			if w.stories() != 2 || w.visit("ajo").Failures != 0 {
				t.Errorf("%s: %d stories, %+v", c.host, w.stories(), w.visit("ajo"))
			}
		})
	}
}

// An address that a feed's public server has named in its place counts as one that a document names.
func TestAMovedPublicFeedIsNotFollowedInside(t *testing.T) {
	inside := &counter{Handler: http.NotFoundHandler(), nearer: time.Hour}
	moved := true
	outside := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rss" && moved {
			w.Header().Set("Location", "http://new.public.example/rss")
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title><item><title>Rain</title>
			<guid isPermaLink="false">one</guid></item></channel></rss><!-- %d -->`, time.Now().Unix())
	})
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.public.example", Feeds: []news.Feed{{
		Station: "ajo", URL: "http://ajo.public.example/rss", Every: 12 * time.Hour}}}}
	feed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title><item><title>Rain</title>
			<guid isPermaLink="false">one</guid></item></channel></rss><!-- %d -->`, time.Now().Unix())
	})
	inWorldOf(t, stations, hosts{"ajo.public.example": outside, "new.public.example": feed}, func(w *world) {
		time.Sleep(30 * 24 * time.Hour)
		if to := w.visit("ajo").MovedTo; to != "http://new.public.example/rss" {
			t.Fatalf("moved to %q", to)
		}
		w.mu.Lock()
		w.rebound = map[string]bool{"new.public.example": true} // its name leads inside from now on
		w.handlers["new.public.example"] = inside
		w.mu.Unlock()
		time.Sleep(3 * 24 * time.Hour)
		if n := inside.count("GET "); n > 0 {
			t.Errorf("inside was asked %d times", n)
		}
		if v := w.visit("ajo"); v.Failures == 0 && v.MovedTo != "" {
			t.Errorf("%+v", v)
		}
	})
}
