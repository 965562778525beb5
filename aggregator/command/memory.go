package command

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may gather in memory before it is collected: so much, or the
// half of what is in use if that is more. The runtime's own rule, as much as is in
// use, collects a small desk's garbage too often, and lets a large one's grow to
// the size of what it needs.
const (
	garbage    = 24 << 20
	leastShare = 50   // percent of what is in use
	mostShare  = 1000 // until the first collection has told what is in use
	tendEvery  = time.Second
)

// tendMemory keeps to that until ctx ends. Where the environment sets GOGC, that
// holds instead.
func tendMemory(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	look := time.NewTicker(tendEvery)
	defer look.Stop()
	for {
		debug.SetGCPercent(share(inUse()))
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// share is the garbage that may gather, in percent of the bytes in use.
func share(inUse uint64) int {
	if inUse == 0 {
		return mostShare
	}
	return int(min(max(100*garbage/inUse, leastShare), mostShare))
}

// inUse is how many bytes the last collection left; 0 if there was none.
func inUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
