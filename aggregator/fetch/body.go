package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// errTooLarge says that a body is larger than it may be, as it came or decoded.
var errTooLarge = errors.New("too large")

// codingError is a Content-Encoding that cannot be read, or is not there.
type codingError struct{ text string }

// Error says what was found and, where it matters, what is allowed.
func (e *codingError) Error() string { return e.text }

// readWholeBody reads and decodes a document. Size is what came over the wire. Room is called as by
// readBounded.
func (c *Client) readWholeBody(
	answer *http.Response, room func(bytes int64) error,
) (body []byte, size int64, err error) {
	coding, err := c.decoders.Coding(answer.Header.Values("Content-Encoding"))
	if err != nil {
		return nil, 0, err
	}
	if answer.ContentLength > c.maxSize {
		return nil, 0, errTooLarge
	}
	if coding == "" {
		body, err = readBounded(answer.Body, answer.ContentLength, c.maxSize, room)
		if err == nil {
			err = unsaidCoding(body)
		}
		return body, int64(len(body)), err
	}
	return c.decoders[coding].decodeBody(answer.Body, answer.ContentLength, c.maxSize, room)
}

// Decoders decodes documents, by the names of their codings. It may be used by many at once.
type Decoders map[string]*decoderPool

// NewDecoders makes decoders of gzip, brotli and zstd.
func NewDecoders() Decoders {
	return Decoders{
		"gzip": {coding: "gzip", make: func() (decoder, error) { return new(gzip.Reader), nil }},
		"br":   {coding: "br", make: func() (decoder, error) { return new(brotli.Reader), nil }},
		"zstd": {coding: "zstd", make: func() (decoder, error) {
			// One at a time: it decodes in the caller's goroutine and starts none.
			return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		}},
	}
}

// Coding returns the one coding of a document by its Content-Encoding, or "" for none. It fails
// where there are more, or one that is not decoded here.
func (d Decoders) Coding(contentEncoding []string) (string, error) {
	coding, err := contentCoding(contentEncoding)
	if err != nil {
		return "", err
	}
	if _, ok := d[coding]; !ok && coding != "" {
		return "", &codingError{fmt.Sprintf("Content-Encoding is %s: allowed are gzip, br and zstd",
			quotedText(coding))}
	}
	return coding, nil
}

// Decode decodes a document of a coding that [Decoders.Coding] gave and that is not "", up to a
// limit, both as it came and decoded. Its bytes count in the share of a delivery: without room for
// them, it fails with [ErrNoRoom].
func (d Decoders) Decode(coding string, from io.Reader, limit int64, share *DeliveryShare) ([]byte, error) {
	had := int64(0)
	body, _, err := d[coding].decodeBody(from, 0, limit, func(bytes int64) error {
		if !share.tryDecode(bytes - had) {
			return ErrNoRoom
		}
		had = bytes
		return nil
	})
	return body, err
}

// readHead reads the beginning of a document, decoded, up to a limit.
func (c *Client) readHead(answer *http.Response, limit int64) ([]byte, error) {
	coding, err := c.decoders.Coding(answer.Header.Values("Content-Encoding"))
	if err != nil || coding == "" {
		return readPart(answer.Body, limit, err)
	}
	pool := c.decoders[coding]
	d, err := pool.take()
	if err != nil {
		return nil, err
	}
	wire := &wireReader{from: answer.Body, left: c.maxSize}
	defer pool.giveBack(d, wire)
	return readPart(d, limit, d.Reset(wire))
}

// readPart reads up to a limit, unless there is an error already.
func readPart(from io.Reader, limit int64, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(from, limit))
}

// contentCoding returns the one coding of a document, or "" for none.
func contentCoding(values []string) (string, error) {
	coding := ""
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			switch name = strings.ToLower(strings.TrimSpace(name)); name {
			case "", "identity":
				continue
			case "x-gzip": // RFC 9110 8.4.1.3
				name = "gzip"
			}
			if coding != "" {
				return "", &codingError{fmt.Sprintf("Content-Encoding is %s in %s: one coding is allowed",
					quotedText(name), quotedText(coding))}
			}
			coding = name
		}
	}
	return coding, nil
}

// unsaidCoding reports a body that is compressed though its header does not say so. Brotli has no
// mark to know it by.
func unsaidCoding(body []byte) error {
	for _, coding := range []struct{ name, mark string }{
		{"gzip", "\x1f\x8b\x08"},
		{"zstd", "\x28\xb5\x2f\xfd"},
	} {
		if bytes.HasPrefix(body, []byte(coding.mark)) {
			return &codingError{fmt.Sprintf("the document is %s, but Content-Encoding does not say so", coding.name)}
		}
	}
	return nil
}

// decoder is what gzip, brotli and zstd readers have in common.
type decoder interface {
	io.Reader
	Reset(io.Reader) error
}

// decoderPool keeps the decoders of one coding, whose buffers are large.
type decoderPool struct {
	coding string
	make   func() (decoder, error)
	idle   sync.Pool
}

// take gives a decoder that nobody uses.
func (p *decoderPool) take() (decoder, error) {
	if d, ok := p.idle.Get().(decoder); ok {
		return d, nil
	}
	return p.make()
}

// giveBack ends the use of a decoder that read from wire: it keeps that, but not the connection.
func (p *decoderPool) giveBack(d decoder, wire *wireReader) {
	wire.from = nil
	p.idle.Put(d)
}

// decodeBody reads a body through a decoder, both sides bounded. Expected is its length as it comes,
// or less than 1; room is called as by readBounded.
func (p *decoderPool) decodeBody(
	from io.Reader, expected, limit int64, room func(bytes int64) error,
) (body []byte, size int64, err error) {
	d, err := p.take()
	if err != nil {
		return nil, 0, err
	}
	wire := &wireReader{from: from, left: limit}
	defer p.giveBack(d, wire)
	err = d.Reset(wire)
	if err == nil {
		// Feeds shrink to about a quarter, but that is a guess.
		body, err = readBounded(d, min(4*expected, smallBody), limit, room)
	}
	if err == nil && wire.err == nil {
		err = errors.New("something follows its end")
	}
	switch {
	case wire.err != nil && !errors.Is(wire.err, io.EOF):
		err = wire.err // the network's fault, whatever the decoder made of it
	case err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, ErrNoRoom):
		err = &codingError{fmt.Sprintf("Content-Encoding is %s, but the document is not: %v", p.coding, err)}
	}
	return body, limit - wire.left, err
}

// wireReader is a body as it comes, up to a limit.
type wireReader struct {
	from io.Reader
	left int64
	err  error // what ended it
}

// Read implements [io.Reader]: it fails with errTooLarge once more than the limit has come, and
// from then on with what ended it.
func (w *wireReader) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if int64(len(p)) > w.left+1 {
		p = p[:w.left+1]
	}
	n, err := w.from.Read(p)
	if w.left -= int64(n); w.left < 0 {
		err = errTooLarge
	}
	w.err = err
	return n, err
}

// readBounded reads to the end into one buffer. Expected is how much there may be, or less than 1;
// of a larger document, no more than limit is read. Room is called before the buffer gets larger,
// with its size then; an error of it ends the reading.
func readBounded(from io.Reader, expected, limit int64, room func(bytes int64) error) ([]byte, error) {
	// What a header promises may not come. Not a power of two: doubled, it would end one byte
	// before a limit that is one, and be copied once more.
	const least = 9 << 10
	size := min(max(expected+1, least), smallBody)
	var buf []byte
	for {
		if len(buf) == cap(buf) {
			if len(buf) > 0 {
				size = largerBuffer(size, expected, limit)
			}
			if err := room(size); err != nil {
				return nil, err
			}
			buf = append(make([]byte, 0, size), buf...)
		}
		n, err := from.Read(buf[len(buf):min(int64(cap(buf)), limit+1)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, err
		}
	}
}

// largerBuffer is the size of the buffer after one that is full: twice as large, and from a
// megabyte on four times, since what is left behind is garbage; or what is expected.
func largerBuffer(size, expected, limit int64) int64 {
	switch {
	case size < smallBody:
		size *= 2
	case expected+1 > size:
		size = expected + 1
	default:
		size *= 4
	}
	return min(size, limit+1)
}
