package command

import (
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// patience is how long a test waits for what is bound to come. It says nothing of how long that
// takes: the slowest machine has enough of it.
const patience = 2 * time.Minute

// eventually waits until something is so, and reports whether it is.
func eventually(so func() bool) bool {
	for deadline := time.Now().Add(patience); !so(); <-time.After(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// served is what an address serves now; empty where nothing does.
func served(address string) string {
	answer, err := http.Get(address)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return string(body)
}

// freePort is a port that nobody listens on, below those that the system gives out: one of these
// may have gone to somebody else, as the near end of a connection, before the daemon listens.
func freePort() (port string, err error) {
	for range 100 {
		port = strconv.Itoa(10_000 + rand.IntN(20_000))
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			return port, l.Close()
		}
	}
	return "", err
}
