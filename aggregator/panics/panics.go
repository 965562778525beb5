// Package panics says what a recovered panic was, and where it happened.
package panics

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// An Error says that something panicked, and where.
type Error struct {
	Value any    // of the panic
	Stack string // the calls that led to it, the innermost first, on one line
}

// Error gives the value, without the stack.
func (e *Error) Error() string { return fmt.Sprint(e.Value) }

// Recovered makes an error of a value that recover gave. It is called by the function that was
// deferred.
func Recovered(value any) *Error { return &Error{value, panicStack()} }

// maxFrames is how many calls are shown: what a log line has room for.
const maxFrames = 10

// panicStack is where the panic happened that is being recovered from.
func panicStack() string {
	var counters [64]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(1, counters[:])])
	var calls []string
	for more := true; more && len(calls) < maxFrames; {
		var f runtime.Frame
		f, more = frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			calls = nil // what came before is the recovery
		case !strings.HasPrefix(f.Function, "runtime."):
			calls = append(calls, fmt.Sprintf("%s %s:%d", path.Base(f.Function), path.Base(f.File), f.Line))
		}
	}
	return strings.Join(calls, " < ")
}
