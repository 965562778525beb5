package aggregator

import (
	"testing"
	"time"
	"unsafe"
)

// leapt is a time whose wall clock has leapt by whole seconds while no time has
// passed: a time holds both, and nothing but an operating system sets them apart.
func leapt(t time.Time, by time.Duration) time.Time {
	const wall, seconds, nanoseconds = 1 << 63, 1<<33 - 1, 1<<30 - 1 // see the source of time.Time
	words := (*struct {
		wall uint64
		ext  int64
	})(unsafe.Pointer(&t))
	if words.wall&wall == 0 {
		panic("no reading of the passing time")
	}
	s := (words.wall>>30&seconds + uint64(int64(by/time.Second))) & seconds
	words.wall = wall | s<<30 | words.wall&nanoseconds
	return t
}

// T10: that the wall clock was put back or forward is seen, by how much to the
// second; time that passes is no leap.
func TestT10LeapsAreSeen(t *testing.T) {
	for _, by := range []time.Duration{-24 * time.Hour, 24 * time.Hour, 366 * 24 * time.Hour, -366 * 24 * time.Hour, time.Minute} {
		var c clock
		start := time.Now()
		c.jumped(start)
		if have := c.jumped(leapt(start.Add(time.Minute), by)); have != by {
			t.Errorf("a leap of %v is seen as %v", by, have)
		}
		if have := c.jumped(leapt(start.Add(time.Hour), by)); have != 0 {
			t.Errorf("after a leap of %v, an hour that passes is seen as a leap of %v", by, have)
		}
	}
	var c clock
	start := time.Now()
	c.jumped(start)
	if have := c.jumped(leapt(start.Add(time.Hour), 20*time.Second)); have != 0 {
		t.Errorf("what a clock is slewed by is seen as a leap of %v", have)
	}
}
