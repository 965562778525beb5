package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/config"
	"fronteras/aggregator/feed"
)

// first is what a first configuration is made of.
type first struct {
	title, url, contact string
	opml                string
	feeds               []string // addresses of feeds, or of pages that announce them
	force               bool
}

func (p *program) init() *cobra.Command {
	var f first
	c := &cobra.Command{
		Use: "init [ADDRESS...]", Short: "Write a first configuration",
		Long: "Write a first configuration: of the addresses of feeds, or of the pages that announce\n" +
			"them, and of an OPML file. What is not given is asked for on a terminal.",
		RunE: func(c *cobra.Command, args []string) error {
			f.feeds = args
			return p.runInit(c.Context(), f)
		},
	}
	c.Flags().StringVar(&f.title, "title", "", "the desk's `name`")
	c.Flags().StringVar(&f.url, "url", "", "the `address` where the public will reach the desk")
	c.Flags().StringVar(&f.contact, "contact", "", "a `mail` address that stations can write to")
	c.Flags().StringVar(&f.opml, "opml", "", "take the feeds of an OPML `file`")
	c.Flags().BoolVar(&f.force, "force", false, "replace a configuration that is there")
	return c
}

// runInit asks, looks at the feeds, and writes the file.
func (p *program) runInit(ctx context.Context, f first) error {
	if _, err := os.Stat(p.config); err == nil && !f.force {
		return fmt.Errorf("%s is there already: choose another with --config, or replace it with --force", p.config)
	}
	if err := p.questions(&f); err != nil {
		return err
	}
	if f.opml != "" {
		listed, err := readOPML(f.opml)
		if err != nil {
			return err
		}
		f.feeds = append(f.feeds, listed...)
	}
	stations := p.found(ctx, f)
	if len(stations) == 0 {
		return errors.New("no feed was found: a desk needs one at least")
	}
	text, err := writeConfig(f, stations)
	if err != nil {
		return err
	}
	if err := replace(p.config, text); err != nil {
		return err
	}
	if _, err := config.Load(p.config, p.Getenv); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Out, "%s: written, %d stations; next: fronteras check, then fronteras serve\n", p.config, len(stations))
	return err
}

// questions asks for what was not given, if there is somebody to ask.
func (p *program) questions(f *first) error {
	ask := func(value *string, question, flag string) error {
		if *value != "" {
			return nil
		}
		in, ok := p.In.(*os.File)
		if !ok || !terminal(in) {
			return usageError{fmt.Errorf("--%s is missing", flag)}
		}
		fmt.Fprintf(p.Err, "%s: ", question)
		line, err := bufio.NewReader(in).ReadString('\n')
		*value = strings.TrimSpace(line)
		return err
	}
	var more string
	if len(f.feeds) > 0 || f.opml != "" {
		more = "none"
	}
	err := errors.Join(
		ask(&f.title, "What is the desk called", "title"),
		ask(&f.contact, "A mail address that stations can write to", "contact"),
		ask(&more, "Addresses of the stations' feeds or pages, parted by blanks", "opml, or an address,"),
	)
	if len(f.feeds) == 0 && f.opml == "" {
		f.feeds = strings.Fields(more)
	}
	return err
}

// Shapes of what is written.
type (
	firstFeed    struct{ URL string }
	firstStation struct {
		ID    string
		Name  string
		URL   string
		Feeds []firstFeed
	}
	firstDesk struct {
		Title   string
		URL     string `yaml:"url,omitempty"`
		Contact string `yaml:"contact,omitempty"`
	}
	firstConfig struct {
		Desk     firstDesk
		Stations []*firstStation
	}
)

// found looks at each address, and sorts the feeds by the hosts that their pages
// are on. What cannot be read is written all the same, and named.
func (p *program) found(ctx context.Context, f first) []*firstStation {
	var list []*firstStation
	byHost, ids := map[string]*firstStation{}, map[string]bool{}
	client := newClient(config.Default(), f.feeds...)
	for _, address := range f.feeds {
		done := p.progress("trying " + address)
		feeds, err := announced(ctx, client, address)
		done()
		if err != nil {
			fmt.Fprintf(p.Err, "%s: %s\n", address, harmless(err.Error()))
			feeds = []foundFeed{{address, "", ""}}
		}
		for _, d := range feeds {
			page := cmp.Or(d.page, d.url)
			host := domainOf(page)
			s := byHost[host]
			if s == nil {
				u, _ := url.Parse(page) // domainOf has read it
				s = &firstStation{ID: unusedID(host, ids), Name: cmp.Or(d.title, host), URL: u.Scheme + "://" + u.Host}
				byHost[host] = s
				list = append(list, s)
			}
			s.Feeds = append(s.Feeds, firstFeed{d.url})
		}
	}
	return list
}

// foundFeed is a feed that was looked at.
type foundFeed struct{ url, title, page string }

// announced is the feed at an address, or those that the page there announces.
func announced(ctx context.Context, client *feed.Client, address string) ([]foundFeed, error) {
	facts, err := look(ctx, client, address)
	var page *feed.NotFeedError
	if errors.As(err, &page) && len(page.Feeds) > 0 {
		var list []foundFeed
		for _, a := range page.Feeds {
			if f, err := look(ctx, client, a); err == nil {
				list = append(list, f)
			}
		}
		if len(list) > 0 {
			return list[:1], nil // the first is the one that the station puts first
		}
	}
	return []foundFeed{facts}, err
}

// look reads one feed.
func look(ctx context.Context, client *feed.Client, address string) (foundFeed, error) {
	response, err := client.Fetch(ctx, feed.Request{URL: address})
	if err != nil {
		return foundFeed{}, err
	}
	d, err := feed.Parse(response.Body, feed.Context{ContentType: response.ContentType, Address: response.Address})
	if err != nil {
		return foundFeed{}, err
	}
	return foundFeed{address, d.Facts.Title, d.Facts.Link}, nil
}

// domainOf is the registrable domain of an address, or its host.
func domainOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(u.Hostname()); err == nil {
		return domain
	}
	return u.Hostname()
}

// unusedID makes a station's id of its domain.
func unusedID(domain string, used map[string]bool) string {
	name, _, _ := strings.Cut(domain, ".")
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	name = cmp.Or(strings.Trim(name, "-"), "station")
	id := name
	for n := 2; used[id]; n++ {
		id = fmt.Sprintf("%s-%d", name, n)
	}
	used[id] = true
	return id
}

// writeConfig writes the file.
func writeConfig(f first, stations []*firstStation) ([]byte, error) {
	text, err := yaml.Marshal(firstConfig{firstDesk{f.title, f.url, f.contact}, stations})
	if err != nil {
		return nil, err
	}
	head := "# A desk of the feeds that were found. Every further key is in the reference:\n" +
		"# fronteras-config(5), or config.yaml of the sources. Try it with fronteras check.\n\n"
	return append([]byte(head), text...), nil
}
