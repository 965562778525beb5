package page

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/news"
)

// MaxSize is how large an article page may be, in bytes without its coding. A larger one is refused.
const MaxSize = 2 << 20

// Source is the answer with an article page, and what is known of it.
type Source struct {
	Address  string         // it was answered at
	Header   http.Header    // Content-Type, Link
	Body     []byte         // without its coding
	Location *time.Location // of dates without a zone; nil: UTC
	Selectors
}

// Read reads the article that a page shows: its fields and its text. It fails where the page is not
// HTML, or exceeds a limit.
func Read(ctx context.Context, s Source) (*news.Article, error) {
	d, err := parse(ctx, s)
	if err != nil {
		return nil, err
	}
	defer d.work.End()
	f := readFields(d)
	removePlayers(d.root, d.base, f.entry.Enclosures)
	t := readText(d, f)
	if err := d.work.Err(); err != nil {
		return nil, err
	}
	a := &news.Article{Entry: f.entry, Way: t.way, Words: t.words, Paid: t.paid, From: f.from,
		Corrections: f.corrections, Cut: t.cut}
	a.Entry.Content = t.content
	for _, c := range t.cut {
		if c.Why == whyCopyright {
			a.Copyright = append(a.Copyright, c.Text)
		}
	}
	return a, nil
}

// whyCopyright is why a notice of copyright is cut. Whose story it is may stand there alone.
const whyCopyright = "copyright"

// document is a page as a tree. Reading its fields leaves the tree as it is.
type document struct {
	Source
	root *html.Node
	base string      // what its addresses are resolved against
	work *bound.Work // what reading it may take
}

// fields is what a page says besides its text.
type fields struct {
	entry       news.Entry        // without Content
	from        map[string]string // where each was found
	body        string            // the articleBody of JSON-LD, as text
	lead        *html.Node        // the element that shows the entry's picture; nil: none does
	sold        bool              // isAccessibleForFree is false
	corrections []string          // notes of correction outside the text, such as those of JSON-LD
}

// bodyText is the text of a page.
type bodyText struct {
	content string // cleaned HTML
	way     string
	words   int
	paid    string // why it counts as sold; content is empty then
	cut     []news.CutText
}
