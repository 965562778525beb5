package web

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Levels of compression: every change compresses all documents in all codings, so a level that
// takes twice the time for a twentieth of the bytes is not a bargain.
const (
	gzipLevel   = 4
	quickLevel  = 1 // of gzip: half the time, an eighth more bytes
	brotliLevel = 3
	zstdLevel   = zstd.SpeedDefault
)

// Sizes of what compressors look back at, and of what they are given at once.
const (
	zstdWindow = 1 << 20
	chunkSize  = 64 << 10
	largeFile  = 1 << 20 // of this size, a document that somebody waits for is compressed quickly
)

// compressors lends out compressors: their tables are large, and as good for the next document.
type compressors struct{ idle sync.Pool }

// compressor compresses one document after another. The bytes depend on the document alone.
type compressor struct {
	brotli, gzip resetter
	quick        resetter // gzip as well, at its first level
	zstd         *zstd.Encoder
}

type resetter interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newCompressor() (*compressor, error) {
	z, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
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
	return &compressor{
		brotli: brotli.NewWriterV2(nil, brotliLevel), gzip: untimedGzip{g}, quick: untimedGzip{q}, zstd: z,
	}, nil
}

// untimedGzip is a gzip writer whose headers say that no time is known (RFC 1952 2.3.1). The zero
// time, which a reset brings back, would be written as one in 2042.
type untimedGzip struct{ *gzip.Writer }

func (z untimedGzip) Reset(w io.Writer) {
	z.Writer.Reset(w)
	z.ModTime = time.Unix(0, 0)
}

// encodeFile gives a file's representation in a coding, made if it is not there yet.
func (c *compressors) encodeFile(f *file, coding int) (*representation, error) {
	f.encoding.Lock()
	defer f.encoding.Unlock()
	if made := f.representations[coding].Load(); made != nil {
		return made, nil
	}
	one, ok := c.idle.Get().(*compressor)
	if !ok {
		var err error
		if one, err = newCompressor(); err != nil {
			return nil, err
		}
	}
	defer c.idle.Put(one)
	body, err := one.compress(codings[coding], f.body(), f.filtered && len(f.body()) >= largeFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", codings[coding], err)
	}
	return f.addRepresentation(coding, body, sha256.Sum256(body)), nil
}

// encodeAll makes all representations of a file.
func (c *compressors) encodeAll(f *file) error {
	for n := range codings {
		if _, err := c.encodeFile(f, n); err != nil {
			return err
		}
	}
	return nil
}

// compress compresses a body; quickly if somebody waits for a large one.
func (c *compressor) compress(coding string, body []byte, quickly bool) ([]byte, error) {
	switch {
	case coding == "br":
		return writeThrough(c.brotli, body)
	case coding == "gzip" && quickly:
		return writeThrough(c.quick, body)
	case coding == "gzip":
		return writeThrough(c.gzip, body)
	}
	return bytes.Clone(c.zstd.EncodeAll(body, make([]byte, 0, len(body)/3))), nil
}

// writeThrough is what a compressor makes of a body.
func writeThrough(w resetter, body []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(body) / 3) // as much as it mostly becomes
	w.Reset(&b)
	for part := range slices.Chunk(body, chunkSize) {
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return bytes.Clone(b.Bytes()), err
}
