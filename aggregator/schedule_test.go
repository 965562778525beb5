package aggregator

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestP4P5P26P31P35Due(t *testing.T) {
	at := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		every    time.Duration
		failures int
		answer   Answer
		chance   float64
		want     time.Duration
	}{
		"the interval":                    {15 * time.Minute, 0, Answer{}, 0, 15 * time.Minute},
		"chance only lengthens":           {time.Hour, 0, Answer{}, 1, 66 * time.Minute},
		"by half an hour at most":         {24 * time.Hour, 0, Answer{}, 1, 24*time.Hour + 30*time.Minute},
		"a public host at most a minute":  {time.Second, 0, Answer{}, 0, time.Minute},
		"a local one as written":          {time.Second, 0, Answer{Local: true}, 0, time.Second},
		"fresh for longer":                {15 * time.Minute, 0, Answer{Wishes: news.Wishes{Fresh: time.Hour}}, 0, time.Hour},
		"fresh for shorter":               {15 * time.Minute, 0, Answer{Wishes: news.Wishes{Fresh: time.Minute}}, 0, 15 * time.Minute},
		"fresh for a year":                {15 * time.Minute, 0, Answer{Wishes: news.Wishes{Fresh: 365 * 24 * time.Hour}}, 0, 24 * time.Hour},
		"one failure":                     {15 * time.Minute, 1, Answer{Failed: true}, 0, 30 * time.Minute},
		"three failures":                  {15 * time.Minute, 3, Answer{Failed: true}, 0, 2 * time.Hour},
		"many failures":                   {15 * time.Minute, 100, Answer{Failed: true}, 0, 24 * time.Hour},
		"a failure of a weekly feed":      {168 * time.Hour, 1, Answer{Failed: true}, 0, 168 * time.Hour},
		"429 waits twice as long":         {15 * time.Minute, 1, Answer{Failed: true, Status: 429}, 0, time.Hour},
		"410 rests a month":               {15 * time.Minute, 1, Answer{Failed: true, Status: 410}, 0, 30 * 24 * time.Hour},
		"the server's word is kept":       {15 * time.Minute, 1, Answer{Failed: true, RetryAfter: 5 * time.Hour}, 0, 5 * time.Hour},
		"but not for ever":                {15 * time.Minute, 1, Answer{Failed: true, RetryAfter: 1000 * time.Hour}, 0, 14 * 24 * time.Hour},
		"a short word does not hasten":    {15 * time.Minute, 1, Answer{Failed: true, RetryAfter: time.Second}, 0, 30 * time.Minute},
		"a local failure doubles as well": {time.Second, 2, Answer{Failed: true, Local: true}, 0, 4 * time.Second},
	} {
		c.answer.At = at
		due, _ := Due(news.Feed{Every: c.every}, c.failures, c.answer, c.chance)
		if have := due.Sub(at); have != c.want {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}
