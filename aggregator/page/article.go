package page

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/fields"
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
	f := fields.Read(fields.Page{Root: d.root, Base: d.base, Address: d.Address, Location: d.Location})
	removePlayers(d.root, d.base, f.Entry.Enclosures)
	t := readText(d, f)
	if err := d.work.Err(); err != nil {
		return nil, err
	}
	a := &news.Article{Entry: f.Entry, Way: t.way, Words: t.words, Paid: t.paid, From: f.From,
		Corrections: f.Corrections, Cut: t.cut}
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

// bodyText is the text of a page.
type bodyText struct {
	content string // cleaned HTML
	way     string
	words   int
	paid    string // why it counts as sold; content is empty then
	cut     []news.CutText
}
