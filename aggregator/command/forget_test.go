package command

import (
	"testing"
	"time"
)

func TestATimeIsGivenAsOneADayOrAnAge(t *testing.T) {
	now := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"36h":                       now.Add(-36 * time.Hour),
		"0s":                        now,
		"2031-02-01":                time.Date(2031, 2, 1, 0, 0, 0, 0, time.UTC),
		"2031-02-01T15:04:05Z":      time.Date(2031, 2, 1, 15, 4, 5, 0, time.UTC),
		"2031-02-01T15:04:05-07:00": time.Date(2031, 2, 1, 22, 4, 5, 0, time.UTC),
	} {
		if have, err := timeOrAge(text, now, time.UTC); err != nil || !have.Equal(want) {
			t.Errorf("%s is %v, %v; want %v", text, have, err, want)
		}
	}
	for _, text := range []string{"", "-1h", "yesterday", "2031-02-30", "5", "2031-02-05", "2031-02-04T12:00:01Z"} {
		if have, err := timeOrAge(text, now, time.UTC); err == nil {
			t.Errorf("%q is %v", text, have)
		}
	}
}
