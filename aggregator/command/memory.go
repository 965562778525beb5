package command

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may accumulate before it is collected: garbageFloor bytes, or half of what is in
// use if that is more. The runtime's own rule, as much as is in use, collects a small desk's
// garbage too often, and lets a large desk's memory double.
const (
	garbageFloor   = 24 << 20
	minGCPercent   = 50   // of what is in use
	maxGCPercent   = 1000 // also until the first collection has shown what is in use
	tuningInterval = time.Second
)

// tuneGarbageCollector applies that until ctx ends. A GOGC in the environment is obeyed instead.
func tuneGarbageCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	tick := time.NewTicker(tuningInterval)
	defer tick.Stop()
	for {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}} // what the last collection left; 0 if there was none
		metrics.Read(live)
		debug.SetGCPercent(garbagePercent(live[0].Value.Uint64()))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// garbagePercent is the garbage that may accumulate, in percent of the bytes in use.
func garbagePercent(inUse uint64) int {
	if inUse == 0 {
		return maxGCPercent
	}
	return int(min(max(100*garbageFloor/inUse, minGCPercent), maxGCPercent))
}
