package store

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// damage turns a panic over a damaged file into ErrDamaged. It is deferred with
// debug.SetPanicOnFault(true) as its argument: a page that the file lacks is a
// fault of memory, which else ends the process. Panics that are not bbolt's go on.
func damage(before bool, err *error) {
	debug.SetPanicOnFault(before)
	fault := recover()
	if fault == nil {
		return
	}
	if _, memory := fault.(interface{ Addr() uintptr }); !memory && !inBolt() {
		panic(fault)
	}
	*err = broken("%v", fault)
}

// inBolt reports whether the panic under way was begun by bbolt, or by what it
// called: it stands on the stack right above the runtime's own functions.
func inBolt() bool {
	stack := make([]uintptr, 64)
	frames := runtime.CallersFrames(stack[:runtime.Callers(2, stack)])
	for panicked := false; ; {
		frame, more := frames.Next()
		own := strings.HasPrefix(frame.Function, "runtime.")
		if panicked && !own {
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt")
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return false
		}
	}
}

// guarded runs a transaction, and has whoever watches told of damage that it met.
func (s *Store) guarded(transaction func() error) (err error) {
	defer func() {
		if errors.Is(err, ErrDamaged) {
			select {
			case s.damaged <- fmt.Errorf("store %s: %w%s", s.path, err, advice(s.path, err)):
			default:
			}
		}
	}()
	defer damage(debug.SetPanicOnFault(true), &err)
	return transaction()
}

// Damaged gives the first damage that was met since the store was opened. Whoever
// holds the store must let go of it then: what it reads cannot be relied on.
func (s *Store) Damaged() <-chan error { return s.damaged }
