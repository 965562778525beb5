package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// readFileFeed reads a file: feed. A hash of its bytes is its validator.
func (c *Client) readFileFeed(ctx context.Context, r Request) (*Response, error) {
	response := &Response{Address: r.URL, Private: true}
	body, err := c.readRegular(r.Path, func(bytes int64) error { return c.makeRoom(ctx, nil, response, bytes) })
	if err != nil {
		response.Release()
		return nil, err
	}
	sum := sha256.Sum256(body)
	response.ETag = `"sha256-` + hex.EncodeToString(sum[:]) + `"`
	response.Received, response.Size = time.Now(), int64(len(body))
	if response.ETag == r.ETag && r.From == r.URL {
		response.NotModified = true
		response.Release()
	} else {
		response.Body = body
	}
	return response, nil
}

var notRegular = &Error{Kind: KindFile, Reason: "not a regular file: nothing else is read"}

// readRegular reads a regular file, or what a link to one leads to. Anything else is not even
// opened.
func (c *Client) readRegular(path string, room func(bytes int64) error) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileFailure(err)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular
	}
	// It may have become a pipe since, which would be waited for.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fileFailure(err)
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return nil, fileFailure(err)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular
	}
	body, err := readBounded(file, info.Size(), c.maxSize, room)
	if errors.Is(err, errTooLarge) {
		return nil, &Error{Kind: KindTooLarge, Reason: fmt.Sprintf("the file is larger than the %d bytes allowed",
			c.maxSize), err: err}
	}
	if err != nil {
		return nil, fileFailure(err)
	}
	return body, nil
}

func fileFailure(err error) *Error {
	reason := err.Error()
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		reason = pathError.Err.Error()
	}
	if isShortage(err) {
		return &Error{Kind: KindShortage, Reason: reason, err: err}
	}
	return &Error{Kind: KindFile, Reason: reason, err: err}
}
