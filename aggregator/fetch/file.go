package fetch

import (
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
func (c *Client) readFileFeed(r Request) (*Response, error) {
	body, err := c.readRegular(r.Path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	response := &Response{
		Address:  r.URL,
		ETag:     `"sha256-` + hex.EncodeToString(sum[:]) + `"`,
		Private:  true,
		Received: time.Now(),
		Size:     int64(len(body)),
	}
	if response.ETag == r.ETag && r.From == r.URL {
		response.NotModified = true
	} else {
		response.Body = body
	}
	return response, nil
}

var notRegular = &Error{Kind: KindFile, Reason: "not a regular file: nothing else is read"}

// readRegular reads a regular file, or what a link to one leads to. Anything else is not even
// opened.
func (c *Client) readRegular(path string) ([]byte, error) {
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
	body, err := readBounded(file, info.Size(), c.maxSize)
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
	return &Error{Kind: KindFile, Reason: reason, err: err}
}
