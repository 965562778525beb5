package web

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Levels of compression: every change compresses all documents in all codings, so
// a level that takes twice the time for a twentieth of the bytes is no bargain.
const (
	gzipLevel   = 4
	quickLevel  = 1 // of gzip: half the time, an eighth more bytes
	brotliLevel = 3
	zstdLevel   = zstd.SpeedDefault
)

// Sizes of what compressors look back at, and of what they are given at once.
const (
	zstdWindow = 1 << 20
	piece      = 64 << 10
	large      = 1 << 20 // somebody waits for one so large that is made when it is asked for
)

// packers lends out compressors: their tables are large, and as good for the next
// document.
type packers struct{ idle sync.Pool }

// packer compresses one document after another. The bytes depend on the document
// alone.
type packer struct {
	brotli, gzip resetter
	quick        resetter // gzip as well, at its first level
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
	q, err := gzip.NewWriterLevel(nil, quickLevel)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return &packer{brotli: brotli.NewWriterV2(nil, brotliLevel), gzip: g, quick: q, zstd: z}, nil
}

// form is a file's form in a coding, made if it is not there yet.
func (p *packers) form(f *file, coding int) (*form, error) {
	f.making.Lock()
	defer f.making.Unlock()
	if made := f.forms[coding].Load(); made != nil {
		return made, nil
	}
	one, ok := p.idle.Get().(*packer)
	if !ok {
		var err error
		if one, err = newPacker(); err != nil {
			return nil, err
		}
	}
	defer p.idle.Put(one)
	body, err := one.pack(codings[coding], f.body(), f.asked && len(f.body()) >= large)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", codings[coding], err)
	}
	return f.add(coding, body, sha256.Sum256(body)), nil
}

// all makes all forms of a file.
func (p *packers) all(f *file) error {
	for n := range codings {
		if _, err := p.form(f, n); err != nil {
			return err
		}
	}
	return nil
}

// pack compresses a body; quickly where somebody waits for a large one.
func (p *packer) pack(coding string, body []byte, quickly bool) ([]byte, error) {
	switch {
	case coding == "br":
		return compressed(p.brotli, body)
	case coding == "gzip" && quickly:
		return compressed(p.quick, body)
	case coding == "gzip":
		return compressed(p.gzip, body)
	}
	return bytes.Clone(p.zstd.EncodeAll(body, make([]byte, 0, len(body)/3))), nil
}

// compressed is what a compressor makes of a body.
func compressed(w resetter, body []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(body) / 3) // as much as it mostly becomes
	w.Reset(&b)
	for part := range slices.Chunk(body, piece) {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return bytes.Clone(b.Bytes()), err
}
