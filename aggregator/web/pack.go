package web

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"fronteras/aggregator/publish"
)

// Levels of compression: every change compresses all documents in all codings, so
// a level that takes twice the time for a twentieth of the bytes is no bargain.
const (
	gzipLevel   = 4
	brotliLevel = 3
	zstdLevel   = zstd.SpeedDefault
)

// Sizes of what compressors look back at, and of what they are given at once.
const (
	zstdWindow = 1 << 20
	piece      = 64 << 10
)

// packers lends out compressors: their tables are large, and as good for the next
// document.
type packers struct{ idle sync.Pool }

// packer compresses one document after another. The bytes depend on the document
// alone.
type packer struct {
	brotli, gzip resetter
	zstd         *zstd.Encoder
}

type resetter interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newPacker() (*packer, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	g, err := gzip.NewWriterLevel(nil, gzipLevel)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return &packer{brotli: brotli.NewWriterV2(nil, brotliLevel), gzip: g, zstd: z}, nil
}

// file makes a file of a document.
func (p *packers) file(d publish.Document) (*file, error) {
	one, ok := p.idle.Get().(*packer)
	if !ok {
		var err error
		if one, err = newPacker(); err != nil {
			return nil, err
		}
	}
	defer p.idle.Put(one)
	return one.file(d)
}

func (p *packer) file(d publish.Document) (*file, error) {
	f := newFile(d)
	br, err := compressed(p.brotli, d.Body)
	if err != nil {
		return nil, fmt.Errorf("br: %w", err)
	}
	gz, err := compressed(p.gzip, d.Body)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	f.add("br", br)
	f.add("zstd", bytes.Clone(p.zstd.EncodeAll(d.Body, make([]byte, 0, len(d.Body)/3))))
	f.add("gzip", gz)
	f.add("", d.Body)
	return f, nil
}

// compressed is a body in a coding.
func compressed(w resetter, body []byte) ([]byte, error) {
	var b bytes.Buffer
	w.Reset(&b)
	for part := range slices.Chunk(body, piece) {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return bytes.Clone(b.Bytes()), err
}
