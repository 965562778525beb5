package aggregator

import (
	"net/http"
	"testing"
	"time"
)

func TestAHostRestsAfterAnErrorAsLongAsItAsks(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	after := http.Header{"Retry-After": {"60"}}
	for _, c := range []struct {
		status int
		header http.Header
		want   time.Duration
	}{
		{200, after, 0}, {302, after, 0}, {404, nil, 0}, {503, nil, 0}, {500, nil, 0}, {503, after, time.Minute}, {404, after, time.Minute},
		{429, after, time.Minute}, {429, nil, 24 * time.Hour}, {0, nil, 0},
	} {
		if have := restFor(c.status, c.header, now); have != c.want {
			t.Errorf("%d %v: %s, want %s", c.status, c.header, have, c.want)
		}
	}
}
