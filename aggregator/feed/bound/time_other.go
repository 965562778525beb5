//go:build !linux

package bound

import "time"

// busy is how many times as long as alone a thread may take where its own time is not known.
const busy = 6

var started = time.Now()

// threadTime stands for the processor's time: a part of what has passed, since others may have had
// the rest.
func threadTime() time.Duration { return time.Since(started) / busy }
