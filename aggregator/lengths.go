package aggregator

import (
	"context"
	"sync"
	"time"
)

// What lengths of audio may cost.
const (
	lengthsTime    = 15 * time.Second // those of one visit, once their turn has come
	maxLengths     = 10               // of one visit
	lengthsAtOnce  = 16               // visits whose lengths are asked
	lengthsWaiting = 64               // visits that wait for their turn, with those; others' stay unknown
)

// lengths asks for lengths of audio after visits, next to them: nothing waits for a host of audio.
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
