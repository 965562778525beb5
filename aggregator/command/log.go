package command

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"
)

// logger writes to standard error what is at least so grave.
func (p *program) logger(least slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.Err, &slog.HandlerOptions{Level: least}))
}

// progress says on standard error what is under way, after a second and only on
// a terminal. Done takes it away.
func (p *program) progress(what string) (done func()) {
	if !terminal(p.Err) {
		return func() {}
	}
	begun, ended, gone := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-ended:
				if shown {
					fmt.Fprint(p.Err, "\r\x1b[K")
				}
				return
			case <-tick.C:
				shown = true
				fmt.Fprintf(p.Err, "\r%s … %ds", what, int(time.Since(begun).Seconds()))
			}
		}
	}()
	return func() {
		close(ended)
		<-gone
	}
}

// terminal reports whether a stream is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
