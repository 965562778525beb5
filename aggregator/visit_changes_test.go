package aggregator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A feed whose items name other pages at each visit is told of once, and its document is asked for
// whole until all of it was taken.
func TestAFeedThatChangesTooMuchIsLoggedOnceADay(t *testing.T) {
	var visits, conditional atomic.Int32
	ajo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visit := visits.Add(1)
		if r.Header.Get("If-None-Match") != "" {
			conditional.Add(1)
		}
		w.Header().Set("ETag", `"one"`)
		var b strings.Builder
		b.WriteString(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>` +
			`<link>http://ajo.example/</link>`)
		for item := range 400 {
			fmt.Fprintf(&b, `<item><title>Item %[1]d</title><guid isPermaLink="false">%[1]d</guid>`, item)
			for n := range 5 {
				fmt.Fprintf(&b, `<atom:link rel="via" href="http://kmsa.example/2031/02/via-%d-%d-%d"/>`, item, visit, n)
			}
			b.WriteString(`</item>`)
		}
		fmt.Fprint(w, b.String(), `</channel></rss>`)
	})
	inWorld(t, time.Hour, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(7*time.Hour + 30*time.Minute)
		logged := strings.Count(w.log.String(), "a feed changes more than is taken in a day")
		if logged != 1 || visits.Load() < 6 {
			t.Errorf("after %d visits it is logged %d times", visits.Load(), logged)
		}
		if have := conditional.Load(); have != 3 {
			t.Errorf("%d requests were conditional: want those before the fourth document, which was not taken whole", have)
		}
	})
}
