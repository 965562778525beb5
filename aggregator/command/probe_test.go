package command

import (
	"fmt"
	"os"
	"runtime/metrics"
	"time"
)

// probe has a command write down every second how many goroutines it has and how many bytes of its
// heap were in use after the last collection; not where path is empty.
func probe(path string) {
	if path == "" {
		return
	}
	go func() {
		values := []metrics.Sample{{Name: "/sched/goroutines:goroutines"}, {Name: "/gc/heap/live:bytes"}}
		for ; ; <-time.After(time.Second) {
			metrics.Read(values)
			text := fmt.Sprintln(values[0].Value.Uint64(), values[1].Value.Uint64())
			if os.WriteFile(path+".new", []byte(text), 0o600) == nil {
				_ = os.Rename(path+".new", path) // otherwise it is read a second later
			}
		}
	}()
}
