package identity

import (
	"strings"
	"time"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// bodyOf is the text of an entry that has more words.
func bodyOf(e *news.Entry) string {
	switch {
	case e.Summary == "" || len(e.Content) > 3*len(e.Summary): // markup is no more than that
		return e.Content
	case e.Content == "" || len(e.Summary) > 3*len(e.Content):
		return e.Summary
	case strings.Count(markup.Text(e.Content), " ") >= strings.Count(markup.Text(e.Summary), " "):
		return e.Content
	}
	return e.Summary
}

// sameMinute reports whether two entries state one date, to the minute.
func sameMinute(a, b *news.Entry) bool {
	s, t := stated(a), stated(b)
	return !s.IsZero() && !t.IsZero() && s.Unix()/60 == t.Unix()/60
}

// between is how far the dates of two entries lie apart, to the minute; 0 where
// one of them has none.
func between(a, b *news.Entry) time.Duration {
	s, t := stated(a), stated(b)
	if s.IsZero() || t.IsZero() || sameMinute(a, b) {
		return 0
	}
	return s.Sub(t).Abs()
}

// sameSegment reports whether two keys end in the same path segment, and that
// is a telling one.
func sameSegment(a, b string) bool {
	s, t := lastSegment(a), lastSegment(b)
	return s == t && len(s) > 3
}

func lastSegment(key string) string {
	key, _, _ = strings.Cut(key, "?")
	_, after, found := strings.Cut(key, "/")
	if !found {
		return ""
	}
	return after[strings.LastIndexByte(after, '/')+1:]
}
