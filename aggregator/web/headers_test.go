package web

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestOddPathsOutsideTheSiteAreRefusedWithoutARedirect(t *testing.T) {
	h := SecurityHeaders(slog.New(slog.DiscardHandler), http.NewServeMux())
	for _, path := range []string{"/websub/.", "/websub/../feed.rss", "/websub//in/x", "/websub/a%5Cb",
		"/websub/in/%00"} {
		if w := ask(h, "GET", path); w.Code != 404 || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d, %v", path, w.Code, w.Header())
		}
	}
}

func TestAPanicIsOneRequestsError(t *testing.T) {
	fault := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a fault") })
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	for name, h := range map[string]http.Handler{"the site": withHeaders(&Site{Log: logger}, fault),
		"what is outside it": SecurityHeaders(logger, fault)} {
		w := ask(h, "GET", "/a")
		if w.Code != http.StatusInternalServerError || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") ||
			strings.Contains(w.Body.String(), "fault") {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
	if n := strings.Count(log.String(), "a fault"); n != 2 {
		t.Errorf("%d of 2 faults are logged: %s", n, &log)
	}
	if n := strings.Count(log.String(), `at="web.TestAPanicIsOneRequestsError.func`); n != 2 {
		t.Errorf("where they happened is logged %d times: %s", n, &log)
	}
}
