package aggregator_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

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
