package htmlclean

import (
	"fmt"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// Loss is something that a fragment says and that cleaning left out, though it is not markup that
// nobody misses.
type Loss struct {
	What    string // in words: bytes, words …
	Found   int    // how much was found; 0 if counting ended
	Allowed int    // 0 if it is not a limit that was reached
	Outcome string // what became of it
}

// What becomes of what is over a limit.
const (
	RestIsCut     = "the rest is cut"
	MarkupGivenUp = "its markup is given up, its text stays"
	LeftOut       = "it is left out"
)

// IsLimit reports whether a limit took it.
func (l Loss) IsLimit() bool { return l.Allowed > 0 || l.Outcome == MarkupGivenUp }

// leastLost is how many words a fragment loses at least, and more than half of all, until that is
// said: a label or two is not worth it.
const leastLost = 10

// toll is what cleaning left out.
type toll struct {
	full   bool // the limit is reached: nothing more is written
	unread int  // words in elements that show nobody what is in them
	losses []Loss
	mended string // see [Cleaner.Mended]
}

func (t toll) isNothing() bool { return !t.full && t.unread == 0 && t.losses == nil }

// takeDown takes down what was left out. How long the whole would have been is asked for with a
// limit, where it was cut.
func (c *Cleaner) takeDown(t toll, out string, lengthWithin func(limit int) int) {
	c.Losses = append(c.Losses, t.losses...)
	if c.Mended == "" {
		c.Mended = t.mended
	}
	if t.full {
		c.Losses = append(c.Losses, Loss{"bytes", found(lengthWithin(2*c.Limit), c.Limit), c.Limit, RestIsCut})
	}
	if t.unread < leastLost {
		return
	}
	if kept := len(strings.Fields(StripTags(out))); t.unread > kept {
		c.Losses = append(c.Losses, Loss{
			What:    fmt.Sprintf("%d of %d words are left", kept, kept+t.unread),
			Outcome: "the others are in elements that show nobody what is in them",
		})
	}
}

// found is a length that was measured up to twice a limit; 0 if it is longer.
func found(length, limit int) int {
	if length+len("…") >= 2*limit {
		return 0
	}
	return length
}

// maxLossesOfText is how many losses of one fragment are taken down.
const maxLossesOfText = 8

// lose takes down what is left out.
func (t *toll) lose(what string, found, allowed int, outcome string) {
	if len(t.losses) < maxLossesOfText {
		t.losses = append(t.losses, Loss{what, found, allowed, outcome})
	}
}

// codeElements lists the elements that hold no words.
var codeElements = vocabulary.SetOf("script", "style", "svg", "math", "template", "noscript")
