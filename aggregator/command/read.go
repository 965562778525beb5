package command

import (
	"cmp"
	"errors"
	"fmt"
	"io"
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

// readEntry is an entry as `read --json` shows it. An entry with a GUID says whether that is a
// permalink.
type readEntry struct {
	GUID      string `json:"guid,omitempty"`
	Permalink *bool  `json:"permalink,omitempty"`
	news.Entry
	Artwork   *struct{} `json:"artwork,omitempty"`   // not shown
	Thumbnail *struct{} `json:"thumbnail,omitempty"` // not shown
	Clean     *struct{} `json:"clean,omitempty"`     // not shown
	Digest    *struct{} `json:"digest,omitempty"`    // not shown
}

func newReadCommand(p *program) *cobra.Command {
	var asJSON, asPage bool
	var address string
	c := &cobra.Command{
		Use: "read URL|FILE", Short: "Show what is read from one feed, or from one article page",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Show what is read from one feed. What had to be repaired is listed on standard error, with its\n" +
			"place, for the station's webmaster.\n\n" +
			"With --page, show what is read from one article page, as the daemon reads those of stations with\n" +
			"text: page: its fields, where each was found, the text, what was cut from it, and whether it would\n" +
			"be used. The exit code is 0 whatever the verdict.",
		RunE: func(c *cobra.Command, args []string) error {
			go tuneGarbageCollector(c.Context())
			what := args[0]
			switch {
			case asPage:
				return readPage(c.Context(), p, what, address, asJSON)
			case c.Flags().Changed("address"):
				return usageError{errors.New("--address says where the page of --page is, which is missing")}
			}
			cfg, err := p.loadConfigOrDefault()
			if err != nil {
				return err
			}
			request, err := requestFor(what)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			response, err := fetch.NewClient(clientOptions(cfg, what)).Fetch(c.Context(), request)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			d, err := feed.Parse(c.Context(), response.Body, readingContext(configuredStation(cfg, request), response))
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			for _, r := range d.Repairs {
				fmt.Fprintf(p.Err, "%s: %s\n", what, terminalSafe(r.String()))
			}
			if !asJSON {
				return printDocument(p.Out, d)
			}
			shown := make([]readEntry, len(d.Entries))
			for n, e := range d.Entries {
				shown[n] = readEntry{GUID: e.GUID, Entry: e}
				if e.GUID != "" {
					shown[n].Permalink = &d.Entries[n].Permalink
				}
			}
			return printJSON(p.Out, shown)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of items; with --page, an object")
	c.Flags().BoolVar(&asPage, "page", false, "read an article page in place of a feed")
	c.Flags().StringVar(&address, "address", "", "with --page FILE: the `URL` of the page (default its canonical link)")
	return c
}

// requestFor requests what somebody types on a command line: an address, or a file relative to the
// working directory, with file: or without.
func requestFor(what string) (fetch.Request, error) {
	if link.Resolve("", what) != "" {
		return fetch.Request{URL: what}, nil
	}
	path, err := filepath.Abs(cmp.Or(config.FilePath(what), what))
	return fetch.Request{URL: what, Path: path}, err
}

// configuredStation is the station whose feed a request is for; the zero value if it is not a
// configured feed.
func configuredStation(c *config.Config, request fetch.Request) news.Station {
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			if f.URL == request.URL || f.Path != "" && f.Path == request.Path {
				return s
			}
		}
	}
	return news.Station{}
}

// readingContext is what a station's document is read with.
func readingContext(s news.Station, r *fetch.Response) feed.Context {
	c := feed.Context{ContentType: r.ContentType, Address: r.Address, Language: s.Language}
	if s.Timezone != "" {
		c.Location, _ = time.LoadLocation(s.Timezone) // the configuration accepts only zones that can be loaded
	}
	return c
}

// printDocument shows a document for people: a few lines per entry.
func printDocument(w io.Writer, d *feed.Document) error {
	what := d.Facts.Format
	if d.Facts.Title != "" {
		what += " " + quoteTitle(d.Facts.Title)
	}
	fmt.Fprintf(w, "%s, %s\n", terminalSafe(what), pluralOf(len(d.Entries), "item"))
	for _, e := range d.Entries {
		date := "no date"
		if !e.Published.IsZero() {
			date = formatMinute(&e.Published)
		}
		lines := []string{e.Title, date + "  " + e.Byline, e.URL}
		if e.GUID != e.URL {
			lines = append(lines, "guid "+e.GUID)
		}
		for _, s := range e.Enclosures {
			lines = append(lines, fmt.Sprintf("%s %s %d bytes", s.Type, s.URL, s.Length))
		}
		fmt.Fprintln(w)
		for _, line := range lines {
			if _, err := fmt.Fprintln(w, " ", strings.TrimSpace(terminalSafe(line))); err != nil {
				return err
			}
		}
	}
	return nil
}
