package lineartest

import (
	"strings"
	"testing"
)

// recorder takes down whether a check failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestSquaresAreTold(t *testing.T) {
	input := func(size int) string { return strings.Repeat("<", size) }
	square := &recorder{TB: t}
	Check(square, "square", 4<<10, input, func(s string) {
		for s != "" && strings.LastIndexByte(s, '>') < 0 {
			s = s[1:]
		}
	})
	if !square.failed {
		t.Error("a search to the end for each byte passes")
	}
	copies := &recorder{TB: t}
	Check(copies, "copies", 2<<10, input, func(s string) {
		joined := ""
		for i := range len(s) {
			joined += s[i : i+1]
		}
	})
	if !copies.failed {
		t.Error("a copy for each byte passes")
	}
	Check(t, "linear", 64<<10, input, func(s string) { _ = strings.ReplaceAll(s, "<", "&lt;") })
}
