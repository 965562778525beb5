package fetch

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestALastModifiedThatCannotBeTrueIsNoValidator(t *testing.T) {
	const date = "Tue, 03 Feb 2026 10:00:00 GMT"
	for modified, kept := range map[string]bool{
		"Thu, 01 Jan 1970 00:00:00 GMT":    false,
		"Thu, 01 Jan 1970 00:00:00 +0000":  false,
		"Thursday, 01-Jan-70 00:00:00 GMT": false,
		"Thu Jan  1 00:00:00 1970":         false,
		"Wed, 31 Dec 1969 23:59:59 GMT":    false,
		"Mon, 01 Jan 0001 00:00:00 GMT":    false,
		"Wed, 30 Nov -0001 00:00:00 GMT":   false,
		"Thu, 01 Jan 1970 00:00:00 UTC":    false,
		"Sat, 31 Dec 1994 23:59:59 GMT":    false,
		"Tue, 03 Feb 2026 10:00:01 GMT":    false,
		"Tue, 03 Feb 2026 12:00:00 +0100":  false,
		"Fri, 01 Jan 2038 00:00:00 GMT":    false,
		"":                                 false,

		"Sun, 01 Jan 1995 00:00:00 GMT":   true,
		date:                              true,
		"Tue, 3 Feb 2026 09:00:00 GMT":    true,
		"Tue, 03 Feb 2026 10:30:00 +0100": true,
		"Fri, 10 Oct 2025 10:00:00 MST":   true,
		"Fri, 10 Oct 2031 10:00:00 MST":   true,
		"yesterday, 25:00 XYZ":            true,
		"2026-02-03":                      true,
		"1770112800":                      true,
	} {
		if got := keptDate(modified, date); (got != "") != kept || got != "" && got != modified {
			t.Errorf("%q is kept as %q", modified, got)
		}
	}
	if got := keptDate("Fri, 01 Jan 2038 00:00:00 GMT", ""); got == "" {
		t.Error("without a Date no Last-Modified is later")
	}
}

func TestADateThatCannotBeTrueIsNotSentBack(t *testing.T) {
	const unknown = "Thu, 01 Jan 1970 00:00:00 GMT"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Last-Modified", unknown)
	}))
	defer s.Close()
	client := NewClient(Options{PrivateNetworks: true, Timeout: time.Minute, MaxSize: 1 << 20})
	defer client.CloseIdleConnections()
	for _, stored := range []string{"", unknown} { // an earlier version stored it
		r, err := client.Fetch(context.Background(), Request{URL: s.URL, LastModified: stored, From: s.URL})
		if err != nil || r.NotModified || r.LastModified != "" {
			t.Errorf("with %q stored: %+v %v", stored, r, err)
		}
	}
}
