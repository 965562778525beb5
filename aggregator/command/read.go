package command

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/config"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// readEntry is an entry as `read --json` shows it. A guid says whether it is a
// permalink; an entry without a guid says nothing of it.
type readEntry struct {
	GUID      string `json:"guid,omitempty"`
	Permalink *bool  `json:"permalink,omitempty"`
	news.Entry
	Artwork *struct{} `json:"artwork,omitempty"` // not shown
	Digest  *struct{} `json:"digest,omitempty"`  // not shown
}

func (p *program) read() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "read URL|FILE", Short: "Show what is read in one feed", Args: args(cobra.ExactArgs(1)),
		Long: "Show what is read in one feed. What had to be mended is named on standard error,\n" +
			"with its place, so that the station's webmaster can be told.",
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := p.optional()
			if err != nil {
				return err
			}
			d, err := readFeed(c.Context(), cfg, args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			for _, r := range d.Repairs {
				fmt.Fprintf(p.Err, "%s: %s\n", args[0], harmless(r.String()))
			}
			if asJSON {
				return p.printJSON(readEntries(d.Entries))
			}
			return p.printEntries(d)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print an array of items for programs")
	return c
}

// readFeed fetches and parses what somebody names: an address or a file. A feed
// of the configuration is read as its station's.
func readFeed(ctx context.Context, c *config.Config, what string) (*feed.Document, error) {
	request, err := requestFor(what)
	if err != nil {
		return nil, err
	}
	response, err := newClient(c, what).Fetch(ctx, request)
	if err != nil {
		return nil, err
	}
	return feed.Parse(response.Body, contextOf(stationOf(c, request), response))
}

// requestFor asks for what somebody names on a command line: an address, or a file
// relative to the working directory, with file: or without.
func requestFor(what string) (fetch.Request, error) {
	if link.Resolve("", what) != "" {
		return fetch.Request{URL: what}, nil
	}
	path, err := filepath.Abs(cmp.Or(config.FilePath(what), what))
	return fetch.Request{URL: what, Path: path}, err
}

// stationOf is the station whose feed a request is for; the zero value if that
// is none of the desk's.
func stationOf(c *config.Config, request fetch.Request) news.Station {
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			if f.URL == request.URL || f.Path != "" && f.Path == request.Path {
				return s
			}
		}
	}
	return news.Station{}
}

// contextOf is what a station's document is read with.
func contextOf(s news.Station, r *fetch.Response) feed.Context {
	c := feed.Context{ContentType: r.ContentType, Address: r.Address, Language: s.Language}
	if s.Timezone != "" {
		c.Location, _ = time.LoadLocation(s.Timezone) // the configuration has only zones that can be loaded
	}
	return c
}

func readEntries(entries []news.Entry) []readEntry {
	shown := make([]readEntry, len(entries))
	for n, e := range entries {
		shown[n] = readEntry{GUID: e.GUID, Entry: e}
		if e.GUID != "" {
			shown[n].Permalink = &entries[n].Permalink
		}
	}
	return shown
}

// printEntries shows a document for people: an entry in a few lines.
func (p *program) printEntries(d *feed.Document) error {
	what := d.Facts.Format
	if d.Facts.Title != "" {
		what += " " + quoteLine(d.Facts.Title)
	}
	fmt.Fprintf(p.Out, "%s, %d items\n", harmless(what), len(d.Entries))
	for _, e := range d.Entries {
		date := "no date"
		if !e.Published.IsZero() {
			date = e.Published.UTC().Format("2006-01-02 15:04")
		}
		lines := []string{e.Title, date + "  " + e.Byline, e.URL}
		if e.GUID != e.URL {
			lines = append(lines, "guid "+e.GUID)
		}
		for _, s := range e.Enclosures {
			lines = append(lines, fmt.Sprintf("%s %s %d bytes", s.Type, s.URL, s.Length))
		}
		fmt.Fprintln(p.Out)
		for _, line := range lines {
			if _, err := fmt.Fprintln(p.Out, " ", strings.TrimSpace(harmless(line))); err != nil {
				return err
			}
		}
	}
	return nil
}

func quoteLine(text string) string { return "“" + text + "”" }
