package aggregator

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"fronteras/aggregator/news"
	"fronteras/aggregator/panics"
)

// panicking is a body that its reader panics over.
type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("a fault of ours") }

func TestPanicsAreLoggedWithTheirPlace(t *testing.T) {
	var out bytes.Buffer
	a := &Aggregator{Options: Options{Log: slog.New(slog.NewTextHandler(&out, nil))}}
	page := a.readHead("https://ajo.example/rain?key=SESAME", http.Header{"Content-Type": {"text/html"}}, panicking{})
	if page != (news.Page{}) {
		t.Errorf("the page says %+v", page)
	}
	line := out.String()
	for _, part := range []string{"a parser panicked", "a fault of ours", "ajo.example/rain", "panic_test.go:"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q is not in %q", part, line)
		}
	}
	if strings.Contains(line, "SESAME") {
		t.Errorf("a query is in %q", line)
	}
	out.Reset()
	a.logPanic(nil)
	a.logPanic(errors.New("not a feed"))
	if out.Len() > 0 {
		t.Errorf("%q is no panic", out.String())
	}
	a.logPanic(fmt.Errorf("reading: %w", &panics.Error{Value: "x", Stack: "y"}))
	if !strings.Contains(out.String(), "panic=x at=y") {
		t.Errorf("%q", out.String())
	}
}
