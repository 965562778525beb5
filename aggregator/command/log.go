package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/sys/unix"

	"fronteras/aggregator/link"
)

// maxLogValue is how much of a value is logged, in bytes.
const maxLogValue = 1 << 10

// newLogger logs to standard error, from a level on, addresses without their queries. If that is the
// journal's stream, lines have its priorities and no time, which the journal notes itself.
func newLogger(env Env, least slog.Level) *slog.Logger {
	journal := writesToJournal(env)
	replace := func(_ []string, a slog.Attr) slog.Attr {
		switch {
		case journal && (a.Key == slog.TimeKey || a.Key == slog.LevelKey):
			return slog.Attr{}
		case a.Value.Kind() == slog.KindString || a.Value.Kind() == slog.KindAny: // an error, say
			whole := a.Value.String()
			text := link.RedactText(whole) // whatever wrote it: a library's error, say
			if len(text) > maxLogValue {
				text = strings.ToValidUTF8(text[:maxLogValue], "") + "…"
			}
			if text != whole {
				a.Value = slog.StringValue(text)
			}
		}
		return a
	}
	lines := &lineWriter{out: env.Err}
	handler := slog.NewTextHandler(lines, &slog.HandlerOptions{Level: least, ReplaceAttr: replace})
	return slog.New(&lineHandler{handler, lines, journal})
}

// writesToJournal reports whether standard error is the journal's stream (systemd.exec(5)).
func writesToJournal(env Env) bool {
	f, ok := env.Err.(*os.File)
	if !ok {
		return false
	}
	var s unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &s); err != nil {
		return false
	}
	return env.Getenv("JOURNAL_STREAM") == fmt.Sprintf("%d:%d", s.Dev, s.Ino)
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
		h.lines.prefix = journalPriority(r.Level)
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

// journalPriority is what the journal reads at the start of a line (sd-daemon(3)).
func journalPriority(l slog.Level) string {
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

// lineWriter writes lines that cannot steer a terminal: the text handler quotes control characters,
// but lets some through.
type lineWriter struct {
	out    io.Writer
	mu     sync.Mutex
	prefix string
}

// Write implements [io.Writer].
func (w *lineWriter) Write(line []byte) (int, error) {
	if _, err := w.out.Write([]byte(w.prefix + escapeUnprintable(string(line)))); err != nil {
		return 0, err
	}
	return len(line), nil
}

// escapeUnprintable escapes every character that cannot be printed, except a line break at the end.
func escapeUnprintable(line string) string {
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
