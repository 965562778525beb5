// Package hangup catches SIGHUP from the first moments of the process: a daemon that is told to
// reload while its other packages are still being initialized, which takes some milliseconds, is not
// ended by that. It imports nothing that would have to be initialized first.
package hangup

import (
	"os"
	"os/signal"
	"syscall"
)

var caught = catch()

func catch() chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c
}

// Requests are the hangups since the process began, as requests for a reload: what is not received
// yet counts once.
func Requests() <-chan os.Signal { return caught }

// EndProcess makes a hangup end the process again, as it does where nobody catches it; also one that
// has come already, with the status 129 that shells know.
func EndProcess() {
	signal.Reset(syscall.SIGHUP)
	select {
	case <-caught:
		os.Exit(128 + int(syscall.SIGHUP))
	default:
	}
}
