package schedule

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestWhatAnotherReaderReadIsAskedForOnceWithoutValidators(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss"}
	v := news.FeedState{Feed: f.URL, ETag: `"a"`, LastModified: "yesterday", From: f.URL, Reader: 7}
	if c := RequestValidators(v, f, 7, noon); c.ETag != `"a"` || c.LastModified != "yesterday" {
		t.Errorf("by the same reader: %+v", c)
	}
	if c := RequestValidators(v, f, 8, noon); c.IsConditional() {
		t.Errorf("by another reader: %+v", c)
	}
	v = ApplyBody(v, Body{Given: Validators{ETag: `"b"`}, Address: f.URL, Whole: true, Reader: 8})
	if c := RequestValidators(v, f, 8, noon); c.ETag != `"b"` || c.LastModified != "" || v.From != f.URL {
		t.Errorf("after that: %+v", c)
	}
}

func TestAServerThatNeverAnswers304IsAskedByDateThenWithBothAgain(t *testing.T) {
	f := news.Feed{URL: "https://ajo.example/rss"}
	given := Validators{`"a"`, "yesterday"}
	v := news.FeedState{Feed: f.URL}
	byDate := Validators{LastModified: "yesterday"}
	for n, want := range []Validators{given, given, given, byDate, byDate, byDate, given} {
		v = ApplyBody(v, Body{Digest: news.Digest{1}, Given: given, Conditional: n > 0, Whole: true, Reader: 1})
		if c := RequestValidators(v, f, 1, noon); c != want {
			t.Errorf("after document %d: %+v, want %+v", n+1, c, want)
		}
	}
	if !v.NeverNotModified {
		t.Error("it is not noted that the server ignores validators")
	}
	if v = ApplyNotModified(v, Validators{}); v.NeverNotModified || v.RepeatedBodies != 0 || v.ETag != `"a"` {
		t.Errorf("after a 304: %+v", v)
	}
}

func TestTheValidatorsOfHalfADocumentAreNotKept(t *testing.T) {
	v := ApplyBody(news.FeedState{ETag: `"a"`, Reader: 1}, Body{Given: Validators{ETag: `"b"`}, Reader: 2})
	if v.ETag != `"a"` || v.Reader != 1 {
		t.Errorf("%+v", v)
	}
}

func TestAServerStuckOn304IsAskedWithoutValidators(t *testing.T) {
	const day = 24 * time.Hour
	f := news.Feed{URL: "https://ajo.example/rss"}
	for name, c := range map[string]struct {
		quiet, plain, gap time.Duration // since the last news; since the last unconditional request; usual
		want              bool
	}{
		"quiet for eight days":        {quiet: 8 * day, plain: 8 * day, gap: day, want: true},
		"quiet for seven":             {quiet: 7 * day, plain: 8 * day, gap: day},
		"asked plainly since":         {quiet: 8 * day, plain: 7 * day, gap: day},
		"as quiet as it usually is":   {quiet: 8 * day, plain: 8 * day, gap: 3 * day},
		"quiet for four usual pauses": {quiet: 12 * day, plain: 8 * day, gap: 3 * day, want: true},
	} {
		v := news.FeedState{
			ETag:              `"a"`,
			Changed:           noon.Add(-c.quiet),
			LastUnconditional: noon.Add(-c.plain),
			Gap:               c.gap,
		}
		if plain := !RequestValidators(v, f, 0, noon).IsConditional(); plain != c.want {
			t.Errorf("%s: asked without validators: %t", name, plain)
		}
	}
}
