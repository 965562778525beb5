package aggregator_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Audio whose feed does not say how long it is, is asked for once, by HEAD, past
// whatever counts downloads.
func TestLengthsOfAudioAreAskedOnce(t *testing.T) {
	var heads, others atomic.Int32
	ajo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rss":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title>
				<item><title>Rain</title><link>http://ajo.example/1</link><guid isPermaLink="false">one</guid>
					<enclosure url="http://ajo.example/count/a.mp3?x=1" type="audio/mpeg"/></item>
				<item><title>Snow</title><link>http://ajo.example/2</link><guid isPermaLink="false">two</guid>
					<enclosure url="http://ajo.example/b.mp3" type="audio/mpeg" length="7"/></item>
				<item><title>Hail</title><link>http://ajo.example/3</link><guid isPermaLink="false">three</guid>
					<enclosure url="http://ajo.example/gone.mp3" type="audio/mpeg"/></item>
				</channel></rss><!-- %d -->`, time.Now().Unix())
		case "/count/a.mp3":
			http.Redirect(w, r, "/a.mp3", http.StatusFound)
		case "/a.mp3":
			if r.Method == http.MethodHead {
				heads.Add(1)
			} else {
				others.Add(1)
			}
			w.Header().Set("Content-Length", "4321")
		default:
			http.NotFound(w, r)
		}
	})
	inWorld(t, 15*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(2 * time.Hour)
		for guid, want := range map[string]news.Enclosure{
			"one":   {URL: "http://ajo.example/count/a.mp3?x=1", Type: "audio/mpeg", Length: 4321},
			"two":   {URL: "http://ajo.example/b.mp3", Type: "audio/mpeg", Length: 7},
			"three": {URL: "http://ajo.example/gone.mp3", Type: "audio/mpeg"},
		} {
			if have := w.story(guid).Items[0].Entry.Enclosures; len(have) != 1 || have[0] != want {
				t.Errorf("%s: %+v, want %+v", guid, have, want)
			}
		}
		if heads.Load() != 1 || others.Load() != 0 {
			t.Errorf("the audio was asked for %d times by HEAD, %d times otherwise", heads.Load(), others.Load())
		}
	})
}

// Nobody waits for the host of a recording: the story is out, and its length comes later or never.
// The length moves nothing that readers take as news, and a correction does not lose it.
func TestStoriesDoNotWaitForTheLengthsOfTheirAudio(t *testing.T) {
	var corrected, heads atomic.Int32
	ajo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := "It rained."
		if corrected.Load() > 0 {
			text = "It rained on the pass, for the first time in eleven months, and roads are closed."
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>News</title>
			<item><title>Rain</title><link>http://ajo.example/1</link><guid isPermaLink="false">one</guid>
			<description>%s</description><enclosure url="http://media.example/a.mp3" type="audio/mpeg"/></item>
			<item><title>Snow</title><link>http://ajo.example/2</link><guid isPermaLink="false">two</guid>
			<description>It snowed.</description><enclosure url="http://hangs.example/b.mp3" type="audio/mpeg"/></item>
			</channel></rss>`, text)
	})
	media := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		heads.Add(1)
		time.Sleep(8 * time.Second)
		w.Header().Set("Content-Length", "4321")
	})
	hangs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.example", Feeds: []news.Feed{
		{Station: "ajo", URL: "http://ajo.example/rss", Every: 15 * time.Minute}}}}
	handlers := hosts{"ajo.example": ajo, "media.example": media, "hangs.example": hangs}
	inWorldOf(t, stations, handlers, func(w *world) {
		time.Sleep(14 * time.Minute)
		w.mu.Lock()
		asked, announced := w.asked["ajo.example"][0], slices.Clone(w.announced)
		w.mu.Unlock()
		if len(announced) != 2 || announced[0].Sub(asked) > 14*time.Second {
			t.Fatalf("asked at %s, announced at %s", asked, announced)
		}
		story, other := w.story("one"), w.story("two")
		if length := story.Items[0].Entry.Enclosures[0].Length; length != 4321 {
			t.Errorf("the length is %d", length)
		}
		if !story.Modified.IsZero() || !story.Changed.After(story.PublishedAt) || other.Changed.After(other.PublishedAt) {
			t.Errorf("modified %s, changed %s, published %s; the other changed %s",
				story.Modified, story.Changed, story.PublishedAt, other.Changed)
		}
		if length := other.Items[0].Entry.Enclosures[0].Length; length != 0 {
			t.Errorf("the length of what hangs is %d", length)
		}
		corrected.Store(1)
		time.Sleep(2 * time.Hour)
		story = w.story("one")
		if e := story.Items[0].Entry; e.Enclosures[0].Length != 4321 || story.Modified.IsZero() || heads.Load() != 1 {
			t.Errorf("after a correction: %+v, modified %s, asked %d times", e, story.Modified, heads.Load())
		}
	})
}

// A desk without a daemon waits for lengths after its stories are out: nobody else would ask later.
func TestAPollWithoutADaemonBringsLengths(t *testing.T) {
	heads := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.Header().Set("Content-Length", "4321")
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title><item><title>Rain</title>
			<link>http://ajo.example/1</link><guid isPermaLink="false">one</guid>
			<enclosure url="http://ajo.example/a.mp3" type="audio/mpeg"/></item></channel></rss>`)
	})
	inWorldOf(t, ajoFeeds(1), hosts{"ajo.example": heads}, func(w *world) {
		w.stop()
		w.stop = func() {}
		client := fetch.NewClient(fetch.Options{UserAgent: "x", Timeout: time.Minute, MaxSize: 1 << 20, Dial: w.dial})
		defer client.CloseIdleConnections()
		desk, err := aggregator.New(aggregator.Options{
			Store: w.store, Client: client, Stations: w.stations, Concurrency: 1, OwnsAddress: w.rules.Own,
			Log: slog.New(slog.DiscardHandler), Changed: func(context.Context) {},
		})
		w.must(err)
		_, _, err = desk.Poll(w.t.Context(), "")
		w.must(err)
		if length := w.story("one").Items[0].Entry.Enclosures[0].Length; length != 4321 {
			t.Errorf("the length is %d", length)
		}
	})
}
