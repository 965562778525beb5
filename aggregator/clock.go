package aggregator

import (
	"sync"
	"time"
)

// jump is how far wall clock and passing time may part without being noticed.
const jump = 30 * time.Second

// clock notices that the wall clock was put forward or back, or that the machine
// slept: then less or more of its time has passed than of the process's.
type clock struct {
	mu   sync.Mutex
	last time.Time
}

// jumped is by how much the wall clock has jumped since the last call; 0 if not.
func (c *clock) jumped(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.last
	c.last = now
	if last.IsZero() {
		return 0
	}
	shift := now.Round(0).Sub(last.Round(0)) - now.Sub(last)
	if shift.Abs() < jump {
		return 0
	}
	return shift
}
