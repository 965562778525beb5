package feed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/panics"
)

// stoppedAfter is a context that ends when it has been asked so often whether it has.
type stoppedAfter struct {
	context.Context
	asked, most int
}

func (c *stoppedAfter) Err() error {
	if c.asked++; c.asked > c.most {
		return context.Canceled
	}
	return nil
}

// Reading asks every few KiB whether it is to end, in each of its steps, and ends then with nothing.
func TestReadingEndsWithItsContext(t *testing.T) {
	paragraphs := strings.Repeat("<p>It rained in the night.</p>", 300)
	for name, body := range map[string]string{
		"RSS":  inRSS(strings.Repeat("<item><title>Rain</title><description><![CDATA["+paragraphs+"]]></description></item>", 100)),
		"Atom": inAtom(strings.Repeat("<content type='html'><![CDATA["+paragraphs+"]]></content>", 100)),
		"JSON": strings.Replace(inJSON(""), `"items":[`,
			`"items":[`+strings.Repeat(`{"id":"1","content_html":"`+paragraphs+`"},`, 100), 1),
		"markup left unescaped": inItem("<description>" + strings.Repeat(paragraphs, 100)),
	} {
		t.Run(name, func(t *testing.T) {
			whole := &stoppedAfter{Context: t.Context(), most: 1 << 30}
			if _, err := Parse(whole, []byte(body), Context{}); err != nil {
				t.Fatal(err)
			}
			if least := len(body) / (128 << 10); whole.asked < least {
				t.Errorf("%d bytes ask %d times, want %d", len(body), whole.asked, least)
			}
			for most := range whole.asked {
				if raced && most%4 != 0 { // it takes ten times as long
					continue
				}
				c := &stoppedAfter{Context: t.Context(), most: most}
				if doc, err := Parse(c, []byte(body), Context{}); doc != nil || !errors.Is(err, context.Canceled) {
					t.Fatalf("ended when asked the %d. time: %v, %v", most+1, doc, err)
				}
				if c.asked > most+2 {
					t.Errorf("it went on: asked %d times after the end", c.asked-most)
				}
			}
		})
	}
}

func TestTimeGrowsWithTheDocument(t *testing.T) {
	for size, want := range map[int]time.Duration{
		0: 5 * time.Second, 4 << 20: 5 * time.Second, 5 << 20: 6 * time.Second, 16 << 20: 17 * time.Second,
	} {
		if got := timeFor(size); got != want {
			t.Errorf("%d bytes have %v, want %v", size, got, want)
		}
	}
}

func TestAPanicIsARefusalThatSaysWhere(t *testing.T) {
	doc, err := Parse(t.Context(), []byte(inItem("")), Context{Known: func(news.Digest) bool { panic("a fault of ours") }})
	var p *panics.Error
	if doc != nil || !errors.As(err, &p) {
		t.Fatalf("%v, %v", doc, err)
	}
	if !strings.Contains(err.Error(), "a fault of ours") || !strings.HasPrefix(p.Stack, "feed.TestAPanic") ||
		!strings.Contains(p.Stack, "feed.Parse feed.go:") || strings.Contains(p.Stack, "\n") || len(p.Stack) > 1000 {
		t.Errorf("%v, at %q", err, p.Stack)
	}
}
