package identity

import (
	"fmt"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// Each hour's newscast has the GUID and the address of the last one.
func TestTheLatestOfManyEditionsUnderOneGUIDIsFound(t *testing.T) {
	for _, again := range []func(*news.Entry){
		title("News at this hour, corrected"), text("The bridge is closed, and so is the road."),
		func(e *news.Entry) { e.Published = e.Published.Add(5 * time.Minute) },
	} {
		m := newStore(t)
		edition := func(n int, more ...func(*news.Entry)) news.Entry {
			e := entry("ajo", "latest", fmt.Sprint("News at ", n), -60*n, guid("latest"),
				url("https://ajo.example/latest"), audio(fmt.Sprintf("https://ajo.example/%d.mp3", n)))
			for _, change := range more {
				change(&e)
			}
			return e
		}
		const editions = 40
		for n := range editions {
			m.visit("ajo", edition(n))
		}
		if len(m.items) != editions {
			t.Fatalf("%d items of %d editions", len(m.items), editions)
		}
		m.visit("ajo", edition(editions-1, again))
		if len(m.items) != editions {
			t.Error("a correction of the latest edition is another item")
		}
	}
}
