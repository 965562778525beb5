package fetch

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsReadAndCapped(t *testing.T) {
	now := time.Date(2025, 10, 4, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"3600":                             time.Hour,
		" 3600 ":                           time.Hour,
		"Sat, 04 Oct 2025 13:00:00 GMT":    time.Hour,
		"Saturday, 04-Oct-25 13:00:00 GMT": time.Hour,
		"Sat Oct  4 13:00:00 2025":         time.Hour,
		"Sat, 4 Oct 2025 13:00:00 GMT":     time.Hour,
		"Sat, 04 Oct 2025 13:00:00 UTC":    time.Hour,
		"Sat, 04 Oct 2025 13:00:00 +0000":  time.Hour,
		"Sat, 04 Oct 2025 13:00:00 EST":    0,
		"Sat, 04 Oct 2025 11:00:00 GMT":    0,
		"0":                                0,
		"-5":                               0,
		"soon":                             0,
		"":                                 0,
		"99999999":                         14 * 24 * time.Hour,
		"999999999999999999999999":         14 * 24 * time.Hour,
		"Sun, 04 Oct 2026 13:00:00 GMT":    14 * 24 * time.Hour,
		"Thu, 31 Dec 2099 23:59:59 GMT":    14 * 24 * time.Hour,
	} {
		if have := RetryAfter(http.Header{"Retry-After": {text}}, now); have != want {
			t.Errorf("%q: %v, want %v", text, have, want)
		}
	}
}
