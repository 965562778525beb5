package command

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"

	"golang.org/x/net/html/charset"
)

// Bounds of an OPML file that init takes feeds of.
const (
	maxOPML        = 16 << 20
	maxOPMLAddress = 2 << 10
)

// readOPML lists the feeds of an OPML file. A file that is too large, or not a regular file, is an
// error.
func readOPML(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > maxOPML:
		return nil, fmt.Errorf("%s: %d bytes found, %d allowed", path, info.Size(), maxOPML)
	}
	feeds, err := parseOPML(f)
	if err != nil {
		return nil, fmt.Errorf("%s: not OPML: %w", path, err)
	}
	return feeds, nil
}

// parseOPML lists the feeds that an OPML document names, each once, in its order. It is a
// stranger's document: addresses that are not web addresses are left out, so that none can make the
// desk read a file.
func parseOPML(r io.Reader) (feeds []string, err error) {
	d := xml.NewDecoder(io.LimitReader(r, maxOPML))
	d.CharsetReader = charset.NewReaderLabel
	begun := false
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && begun:
			return feeds, nil
		case err != nil:
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !begun && start.Name.Local != "opml" {
			return nil, fmt.Errorf("its root is <%.40q>", start.Name.Local)
		}
		begun = true
		if start.Name.Local != "outline" {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "xmlUrl" && isWebAddress(a.Value) && !slices.Contains(feeds, a.Value) {
				feeds = append(feeds, a.Value)
			}
		}
	}
}

// isWebAddress reports whether a text is an http or https address without a user.
func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= maxOPMLAddress && (u.Scheme == "http" || u.Scheme == "https") &&
		u.Host != "" && u.User == nil
}
