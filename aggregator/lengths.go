package aggregator

import (
	"context"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// What asking for the lengths of a visit's enclosures may take.
const (
	lengthsMost = 10
	lengthsWait = 15 * time.Second
)

// measure asks how long the audio of new entries is whose feed does not say it:
// podcast apps want to know (RSS enclosure). Each is asked once, for entries that
// are known do not come again; what is not answered stays unknown.
func (a *Aggregator) measure(ctx context.Context, f news.Feed, entries []news.Entry) {
	if f.Path != "" {
		return // a desk of files works without a network
	}
	ctx, cancel := context.WithTimeout(ctx, lengthsWait)
	defer cancel()
	asked := 0
	for n := range entries {
		for m := range entries[n].Enclosures {
			sound := &entries[n].Enclosures[m]
			if sound.Length > 0 || !strings.HasPrefix(sound.Type, "audio/") {
				continue
			}
			if asked++; asked > lengthsMost {
				return
			}
			length, err := a.Client.Length(ctx, sound.URL, a.hosts)
			if err != nil {
				return
			}
			sound.Length = length
		}
	}
}
