package bound

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the processor's time that the calling thread has taken.
func threadTime() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) // fails for no thread of one's own
	return time.Duration(t.Nano())
}
