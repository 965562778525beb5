// Package lineartest asserts, in tests, that work on foreign bytes grows no faster than they do.
package lineartest

import (
	"context"
	"runtime/metrics"
	"testing"
	"time"

	"fronteras/aggregator/feed/bound"
)

const (
	times = 8         // as large is the large input
	most  = 4 * times // as much may it cost: the square costs 64 times, but a library may take another way
	tries = 20        // until what is too much counts: a machine may be busy

	// What costs no more for each byte of the large input is cheap, and is not measured again.
	cheapTime  = 150 * time.Nanosecond
	cheapBytes = 200

	// A small input counts as costing this at least.
	leastTime  = 200 * time.Microsecond
	leastBytes = 256 << 10
)

// Check fails t if work on an input of eight times a size takes more than 32 times the processor's
// time, or memory, that it takes on an input of that size.
func Check(t testing.TB, name string, size int, input func(size int) string, work func(string)) {
	t.Helper()
	small, large := input(size), input(times*size)
	took, bytes := measure(large, work)
	if took <= cheapTime*time.Duration(len(large)) && bytes <= cheapBytes*uint64(len(large)) {
		return
	}
	smallTook, smallBytes := measure(small, work)
	for range tries {
		if took <= most*max(smallTook, leastTime) && bytes <= most*max(smallBytes, leastBytes) {
			return
		}
		tookAgain, bytesAgain := measure(large, work)
		took, bytes = min(took, tookAgain), min(bytes, bytesAgain)
		tookAgain, bytesAgain = measure(small, work)
		smallTook, smallBytes = min(smallTook, tookAgain), min(smallBytes, bytesAgain)
	}
	t.Errorf("%s: %d bytes take %v and %d KiB, %d bytes take %v and %d KiB", name, len(small), smallTook,
		smallBytes>>10, len(large), took, bytes>>10)
}

// measure is what work takes: time of the processor, whatever else uses that, and bytes that were
// allocated meanwhile.
func measure(input string, work func(string)) (took time.Duration, bytes uint64) {
	allocated := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	w := bound.Begin(context.Background(), time.Hour)
	defer w.End()
	before := allocated()
	work(input)
	return w.Spent(), allocated() - before
}
