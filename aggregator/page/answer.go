package page

import (
	"bytes"
	"context"
	"errors"
	"io"

	"fronteras/aggregator/news"
)

// ReadWhole reads an answer's body to its end, at most what a page may have and one byte more: that
// shows a page that is too large. It fails where the body breaks off.
func ReadWhole(body io.Reader) ([]byte, error) {
	whole, err := io.ReadAll(io.LimitReader(body, MaxSize+1))
	if err != nil {
		return nil, errors.New("the page did not end")
	}
	return whole, nil
}

// ReadPage reads what an answer says in its head, and the article that it shows. A page whose article
// cannot be read says why in Failure. Status, Moved and Asked are left to the caller.
func ReadPage(ctx context.Context, s Source) news.Page {
	p := ReadHead(s.Address, s.Header, bytes.NewReader(s.Body))
	article, err := Read(ctx, s)
	if err != nil {
		p.Failure = err.Error()
		return p
	}
	p.Article = article
	return p
}
