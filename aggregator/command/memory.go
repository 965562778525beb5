package command

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"time"
)

// How much garbage may accumulate before it is collected: garbageFloor bytes, or half of what is in
// use if that is more. The runtime's own rule, as much as is in use, collects a small desk's
// garbage too often, and lets a large desk's memory double. Large documents are in use for a moment
// alone, and half of them as garbage would stay long after: memory beyond memoryFloor is given to
// what has been in use for a while.
const (
	garbageFloor   = 24 << 20
	minGCPercent   = 50   // of what is in use
	maxGCPercent   = 1000 // also until the first collection has shown what is in use
	tuningInterval = time.Second
	memoryFloor    = 224 << 20 // bytes, up to which garbage is not collected sooner
	whileInUse     = 30        // tuning intervals after which what is in use is no matter of a moment
)

// tuneGarbageCollector applies that until ctx ends. A GOGC in the environment is obeyed instead.
func tuneGarbageCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	limit := debug.SetMemoryLimit(-1)    // that of GOMEMLIMIT
	recent := make([]uint64, whileInUse) // in use at the end of each interval
	tick := time.NewTicker(tuningInterval)
	defer tick.Stop()
	for n := 0; ; n++ {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}} // what the last collection left; 0 if there was none
		metrics.Read(live)
		inUse := live[0].Value.Uint64()
		debug.SetGCPercent(garbagePercent(inUse))
		recent[n%whileInUse] = inUse
		debug.SetMemoryLimit(min(limit, memoryLimit(slices.Min(recent))))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// memoryLimit is the limit of memory for that many bytes that stay in use: far enough above them that collecting
// garbage does not become all that the process does.
func memoryLimit(inUse uint64) int64 {
	return max(memoryFloor, int64(min(inUse+inUse/2+32<<20, 1<<40)))
}

// garbagePercent is the garbage that may accumulate, in percent of the bytes in use.
func garbagePercent(inUse uint64) int {
	if inUse == 0 {
		return maxGCPercent
	}
	return int(min(max(100*garbageFloor/inUse, minGCPercent), maxGCPercent))
}
