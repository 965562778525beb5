package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sys/unix"
)

// longestValue is how much of a value is logged, in bytes.
const longestValue = 1 << 10

// logger writes to standard error what is at least so grave. Where that is the
// journal's, lines have its priorities and no time, which it notes itself.
func (p *program) logger(least slog.Level) *slog.Logger {
	journal := p.toJournal()
	lines := &lineWriter{out: p.Err}
	return slog.New(&lineHandler{slog.NewTextHandler(lines, &slog.HandlerOptions{Level: least, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch {
		case journal && (a.Key == slog.TimeKey || a.Key == slog.LevelKey):
			return slog.Attr{}
		case a.Value.Kind() == slog.KindString || a.Value.Kind() == slog.KindAny: // an error, say
			if text := a.Value.String(); len(text) > longestValue {
				a.Value = slog.StringValue(strings.ToValidUTF8(text[:longestValue], "") + "…")
			}
		}
		return a
	}}), lines, journal})
}

// toJournal reports whether standard error is the journal's stream (systemd.exec(5)).
func (p *program) toJournal() bool {
	f, ok := p.Err.(*os.File)
	if !ok {
		return false
	}
	var s unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &s); err != nil {
		return false
	}
	return p.Getenv("JOURNAL_STREAM") == fmt.Sprintf("%d:%d", s.Dev, s.Ino)
}

// lineHandler puts the journal's priority before each line.
type lineHandler struct {
	slog.Handler
	lines   *lineWriter
	journal bool
}

// Handle implements [slog.Handler].
func (h *lineHandler) Handle(ctx context.Context, r slog.Record) error {
	h.lines.mu.Lock()
	defer h.lines.mu.Unlock()
	if h.journal {
		h.lines.prefix = priority(r.Level)
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lineHandler{h.Handler.WithAttrs(attrs), h.lines, h.journal}
}

// WithGroup implements [slog.Handler].
func (h *lineHandler) WithGroup(name string) slog.Handler {
	return &lineHandler{h.Handler.WithGroup(name), h.lines, h.journal}
}

// priority is what the journal reads at the start of a line (sd-daemon(3)).
func priority(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return "<3>"
	case l >= slog.LevelWarn:
		return "<4>"
	case l >= slog.LevelInfo:
		return "<6>"
	}
	return "<7>"
}

// lineWriter writes lines in which nothing steers a terminal: the text handler
// quotes control characters, but lets some pass.
type lineWriter struct {
	out    io.Writer
	mu     sync.Mutex
	prefix string
}

// Write implements [io.Writer].
func (w *lineWriter) Write(line []byte) (int, error) {
	if _, err := w.out.Write([]byte(w.prefix + harmlessLine(string(line)))); err != nil {
		return 0, err
	}
	return len(line), nil
}

// harmlessLine escapes what is no printable character but the line's end.
func harmlessLine(line string) string {
	text, end := strings.CutSuffix(line, "\n")
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	if end {
		b.WriteByte('\n')
	}
	return b.String()
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
