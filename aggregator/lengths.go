package aggregator

import (
	"context"
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// What lengths of audio may cost.
const (
	lengthsTime    = 15 * time.Second // those of one visit, once their turn has come
	maxLengths     = 10               // of one visit
	lengthsAtOnce  = 16               // visits whose lengths are asked
	lengthsWaiting = 64               // visits that wait for their turn, with those; others' stay unknown
)

// lengths asks for lengths of audio after visits, beside them: nothing waits for a host of audio.
type lengths struct {
	waiting, asking chan struct{} // each holds one for each visit

	ctx  context.Context
	end  context.CancelFunc // of all that is asked
	mu   sync.Mutex         // held while work is added or ended
	work sync.WaitGroup
}

func newLengths() *lengths {
	l := &lengths{waiting: make(chan struct{}, lengthsWaiting), asking: make(chan struct{}, lengthsAtOnce)}
	l.ctx, l.end = context.WithCancel(context.Background())
	return l
}

// begin does something when its turn has come, unless too much waits already or all has ended.
func (l *lengths) begin(do func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return
	}
	select {
	case l.waiting <- struct{}{}:
	default:
		return
	}
	l.work.Go(func() {
		defer func() { <-l.waiting }()
		select {
		case l.asking <- struct{}{}:
		case <-l.ctx.Done():
			return
		}
		defer func() { <-l.asking }()
		do(l.ctx)
	})
}

// stop ends what is asked; nothing is begun afterwards.
func (l *lengths) stop() {
	l.mu.Lock()
	l.end()
	l.mu.Unlock()
	l.work.Wait()
}

// wait waits until all that has begun is done, or ctx ends, which ends it.
func (l *lengths) wait(ctx context.Context) {
	defer context.AfterFunc(ctx, l.end)()
	l.work.Wait()
}

// measureLater asks how long the audio of a saved visit's new entries is if their feed does not say
// it: podcast apps want to know (RSS enclosure). Each is asked once, since known entries do not come
// again; what is not answered stays unknown, and so does what a stop interrupts.
func (a *Aggregator) measureLater(f news.Feed, p poll) {
	if f.Path != "" || p.arrival == nil { // a desk of files works without a network
		return
	}
	var entries []news.Digest
	for _, e := range p.arrival.Entries {
		if slices.ContainsFunc(e.Enclosures, news.Enclosure.IsUnmeasured) {
			entries = append(entries, e.Digest)
		}
	}
	if len(entries) > 0 {
		publicOnly := !p.answer.Private
		a.lengths.begin(func(ctx context.Context) { a.measureAudio(ctx, f, entries, publicOnly) })
	}
}

// measureAudio asks for the lengths of entries' audio by HEAD, and saves them.
func (a *Aggregator) measureAudio(ctx context.Context, f news.Feed, entries []news.Digest, publicOnly bool) {
	found := a.askLengths(ctx, f, entries, publicOnly)
	if len(found) == 0 {
		return
	}
	revised, err := a.Store.SaveLengths(ctx, f.URL, found, time.Now())
	switch {
	case err != nil && ctx.Err() == nil:
		a.Log.Warn("lengths of audio not saved", "station", f.Station, "feed", a.feedName(f.URL), "err", err.Error())
	case revised:
		a.settler.recordNews(false, time.Now())
	}
}

// askLengths asks for the lengths of audio of entries that the desk has taken.
func (a *Aggregator) askLengths(
	ctx context.Context, f news.Feed, entries []news.Digest, publicOnly bool,
) (found []news.AudioLength) {
	ctx, cancel := context.WithTimeout(ctx, lengthsTime)
	defer cancel()
	wanted, err := a.Store.UnmeasuredAudio(f.URL, entries)
	if err != nil { // the next visit reports it
		return nil
	}
	for _, audio := range wanted[:min(len(wanted), maxLengths)] {
		if audio.Bytes, err = a.Client.EnclosureLength(ctx, audio.URL, publicOnly, a.hosts); err != nil {
			break
		}
		if audio.Bytes > 0 {
			found = append(found, audio)
		}
	}
	return found
}
