package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/config"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/fetch"
)

// installedFeeds is where the feeds are of a configuration that is as the package
// brought it: nobody has made it theirs.
const installedFeeds = "/usr/share/fronteras/"

// first is what a first configuration is made of.
type first struct {
	title, url, contact string
	listen              string // empty for the default
	opml                string
	feeds               []string // addresses of feeds, or of pages that announce them, or files
	private             bool     // they may be on loopback and private addresses
	force               bool
}

func (p *program) init() *cobra.Command {
	var f first
	c := &cobra.Command{
		Use: "init [ADDRESS...]", Short: "Write a first configuration",
		Long: "Write a first configuration from the addresses of feeds, of pages that announce feeds,\n" +
			"and from an OPML file. Every address is tried: at least one has to be readable. What is\n" +
			"not given is asked for on a terminal. A configuration that is replaced hands on its\n" +
			"listen, store, control, poll and backup.",
		RunE: func(c *cobra.Command, args []string) error {
			f.feeds = args
			if err := p.questions(&f); err != nil {
				return err
			}
			path := cmp.Or(p.config, "config.yaml")
			count, err := p.writeFirst(c.Context(), path, f)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.Out, "%s: written, %s; next: fronteras check, then %s\n", path, plural(count, "station"), p.nextStep(c.Context(), path))
			return err
		},
	}
	c.Flags().StringVar(&f.title, "title", "", "the desk's `name`")
	c.Flags().StringVar(&f.url, "url", "", "the `address` where the public will reach the desk")
	c.Flags().StringVar(&f.contact, "contact", "", "a `mail` address that stations can write to")
	c.Flags().StringVar(&f.opml, "opml", "", "take the feeds of an OPML `file`")
	c.Flags().BoolVar(&f.private, "private-networks", false, "feeds may be on loopback and private addresses")
	c.Flags().BoolVar(&f.force, "force", false, "replace a configuration that is there")
	return c
}

// nextStep is the command that has a desk run with a configuration that was written: an
// installed daemon is systemd's, and one that runs takes it at a reload.
func (p *program) nextStep(ctx context.Context, path string) string {
	c, err := config.Load(path, p.Getenv)
	if err != nil {
		return "fronteras serve"
	}
	installed := config.IsSystem(c.File)
	_, runs := running(ctx, c)
	switch {
	case installed && runs:
		return "systemctl reload fronteras"
	case installed:
		return "systemctl enable --now fronteras"
	case runs:
		return "send the daemon that runs SIGHUP"
	}
	return "fronteras serve"
}

// writeFirst tries the addresses, and writes the configuration when it is known to be
// right: until then, what is at the path stays. It returns how many stations it has.
func (p *program) writeFirst(ctx context.Context, path string, f first) (stations int, err error) {
	kept, err := p.keptOf(path, f)
	if err != nil {
		return 0, err
	}
	some := []*firstStation{{ID: "first", Name: "First", Feeds: []firstFeed{{"file:first.xml"}}}}
	if _, err := p.configOf(path, f, kept, some); err != nil { // whatever the stations are
		if _, without := p.configOf(path, f, keptConfig{}, some); without == nil {
			return 0, fmt.Errorf("%s: what it says of listen, store, control, poll and backup would be kept, and is wrong: mend or delete it there: %w", path, withoutPlaces(err))
		}
		return 0, err
	}
	if f.opml != "" {
		listed, err := readOPML(f.opml)
		if err != nil {
			return 0, err
		}
		f.feeds = append(f.feeds, listed...)
	}
	if len(f.feeds) == 0 {
		return 0, errors.New("no address was given: a desk needs one feed at least")
	}
	list, read := p.found(ctx, f, kept, filepath.Dir(path))
	if read == 0 {
		return 0, fmt.Errorf("none of %s could be read: %s was not written", plural(len(f.feeds), "address"), path)
	}
	text, err := p.configOf(path, f, kept, list)
	if err != nil {
		return 0, err
	}
	return len(list), replace(path, text)
}

// withoutPlaces is the error of a configuration without its lines, which are those of a
// file that was not written.
func withoutPlaces(err error) error {
	var wrong *config.Error
	if !errors.As(err, &wrong) {
		return err
	}
	var texts []string
	for _, f := range wrong.Faults {
		texts = append(texts, f.Key+": "+f.Text)
	}
	return errors.New(strings.Join(texts, "; "))
}

// fromEnvironment writes a first configuration of what a container was told, where
// there is none yet. It does nothing where $FRONTERAS_FEEDS is empty.
func (p *program) fromEnvironment(ctx context.Context) error {
	path := cmp.Or(p.config, "config.yaml")
	feeds := strings.FieldsFunc(p.Getenv("FRONTERAS_FEEDS"), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	switch {
	case isThere(path):
		return nil
	case len(feeds) == 0 && p.Getenv("FRONTERAS_LISTEN") != "": // as the container image sets it
		return &config.Error{File: path, Faults: []config.Fault{{
			Text: "no such file: put a configuration there, or set FRONTERAS_TITLE, FRONTERAS_CONTACT and FRONTERAS_FEEDS to have one written",
		}}}
	case len(feeds) == 0:
		return nil
	}
	f := first{
		title: p.Getenv("FRONTERAS_TITLE"), contact: p.Getenv("FRONTERAS_CONTACT"), url: p.Getenv("FRONTERAS_URL"),
		listen: p.Getenv("FRONTERAS_LISTEN"), feeds: feeds, private: p.Getenv("FRONTERAS_PRIVATE_NETWORKS") == "true",
	}
	if f.title == "" || f.contact == "" {
		return fmt.Errorf("FRONTERAS_FEEDS is set: FRONTERAS_TITLE and FRONTERAS_CONTACT are needed too to write %s", path)
	}
	count, err := p.writeFirst(ctx, path, f)
	if err != nil {
		return err
	}
	p.config = path
	_, err = fmt.Fprintf(p.Err, "%s: written, %s\n", path, plural(count, "station"))
	return err
}

// plural is a number of things.
func plural(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "s"):
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
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
		if *value = strings.TrimSpace(line); *value == "" && errors.Is(err, io.EOF) {
			return usageError{fmt.Errorf("--%s is missing", flag)}
		}
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
		URL   string `yaml:"url,omitempty"`
		Feeds []firstFeed
	}
	firstDesk struct {
		Title   string
		URL     string `yaml:"url,omitempty"`
		Contact string `yaml:"contact,omitempty"`
	}
	firstConfig struct {
		Desk     firstDesk
		Kept     keptConfig `yaml:",inline"`
		Stations []*firstStation
	}
)

// keptConfig is what a new configuration takes over from the one that it replaces:
// what is this machine's, not the desk's.
type keptConfig struct {
	Listen  string        `yaml:"listen,omitempty"`
	Store   string        `yaml:"store,omitempty"`
	Control string        `yaml:"control,omitempty"`
	Backup  yaml.MapSlice `yaml:"backup,omitempty"`
	Poll    yaml.MapSlice `yaml:"poll,omitempty"`
}

// keptOf is what is kept of a configuration that is to be replaced, with what the new
// one is to have beside it. It fails where the one that is there must not be replaced.
func (p *program) keptOf(path string, f first) (kept keptConfig, err error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return kept, err
	default:
		c, err := config.Parse(text, path, p.Getenv)
		if !f.force && (err != nil || !asInstalled(c)) {
			return kept, fmt.Errorf("%s is there already: choose another with --config, or replace it with --force", path)
		}
		if err := yaml.Unmarshal(text, &kept); err != nil {
			fmt.Fprintf(p.Err, "%s: not readable, so nothing of it is kept\n", path)
			kept = keptConfig{}
		}
	}
	kept.Listen = cmp.Or(f.listen, kept.Listen)
	if f.private {
		kept.Poll = slices.DeleteFunc(kept.Poll, func(i yaml.MapItem) bool { return i.Key == "private_networks" })
		kept.Poll = append(kept.Poll, yaml.MapItem{Key: "private_networks", Value: true})
	}
	return kept, nil
}

// asInstalled reports whether a configuration is as the package brought it.
func asInstalled(c *config.Config) bool {
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			if !strings.HasPrefix(f.Path, installedFeeds) {
				return false
			}
		}
	}
	return true
}

// found looks at each address, and sorts the feeds by the hosts that their pages
// are on. What cannot be read is named, and listed all the same; read counts the rest.
func (p *program) found(ctx context.Context, f first, kept keptConfig, folder string) (list []*firstStation, read int) {
	c := config.Default()
	c.Desk.URL, c.Desk.Contact = f.url, f.contact
	c.Poll.PrivateNetworks = slices.ContainsFunc(kept.Poll, func(i yaml.MapItem) bool { return i.Key == "private_networks" && i.Value == true })
	client := newClient(c, f.feeds...)
	byHost, ids := map[string]*firstStation{}, map[string]bool{}
	for _, address := range f.feeds {
		done := p.progress("trying " + address)
		d, err := announced(ctx, client, address)
		done()
		if err != nil {
			fmt.Fprintf(p.Err, "%s: %s\n", address, harmless(err.Error()))
			var failure *fetch.Error
			switch advice := mend(err); {
			case errors.As(err, &failure) && failure.Kind == fetch.KindAddress:
				fmt.Fprintln(p.Err, "    if it is meant to live there: fronteras init --private-networks, or FRONTERAS_PRIVATE_NETWORKS=true in a container")
			case advice != "" && d.path == "":
				fmt.Fprintf(p.Err, "    %s\n", advice)
			}
		} else {
			read++
		}
		page := cmp.Or(d.page, d.url)
		host := domainOf(page)
		if siteOf(page) == "" { // a file that names no site is a station of its own
			host = filepath.Base(d.path)
		}
		s := byHost[host]
		if s == nil {
			s = &firstStation{ID: unusedID(host, ids), Name: cmp.Or(d.title, host), URL: siteOf(page)}
			byHost[host] = s
			list = append(list, s)
		}
		one := firstFeed{d.url}
		if d.path != "" {
			one.URL = fileAddress(d.path, folder)
		}
		if !slices.Contains(s.Feeds, one) {
			s.Feeds = append(s.Feeds, one)
		}
	}
	return list, read
}

// siteOf is the address of the site that a page is on; empty for a file.
func siteOf(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// fileAddress is how a configuration in a folder names a file.
func fileAddress(path, folder string) string {
	if top, err := filepath.Abs(folder); err == nil {
		if within, err := filepath.Rel(top, path); err == nil && filepath.IsLocal(within) {
			return "file:" + within
		}
	}
	return "file:" + path
}

// foundFeed is a feed that was looked at; path is a file's.
type foundFeed struct{ url, path, title, page string }

// announced is the feed at an address, or the one that the page there puts first.
func announced(ctx context.Context, client *fetch.Client, address string) (foundFeed, error) {
	facts, err := look(ctx, client, address)
	var page *feed.NotFeedError
	if errors.As(err, &page) {
		for _, a := range page.Feeds {
			if f, err := look(ctx, client, a); err == nil {
				return f, nil
			}
		}
	}
	return facts, err
}

// look reads one feed. Where it cannot be read, it is known by its address alone.
func look(ctx context.Context, client *fetch.Client, address string) (foundFeed, error) {
	request, err := requestFor(address)
	found := foundFeed{url: address, path: request.Path}
	if err != nil {
		return found, err
	}
	response, err := client.Fetch(ctx, request)
	if err != nil {
		return found, err
	}
	d, err := feed.Parse(response.Body, feed.Context{ContentType: response.ContentType, Address: response.Address})
	if err != nil {
		return found, err
	}
	found.title, found.page = d.Facts.Title, d.Facts.Link
	return found, nil
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

// configOf is the text of the file. It fails, as the file would, where that is wrong.
func (p *program) configOf(path string, f first, kept keptConfig, stations []*firstStation) ([]byte, error) {
	text, err := writeConfig(f, kept, stations)
	if err != nil {
		return nil, err
	}
	_, err = config.Parse(text, path, p.Getenv)
	return text, err
}

// writeConfig is the text of the file, right or wrong.
func writeConfig(f first, kept keptConfig, stations []*firstStation) ([]byte, error) {
	text, err := yaml.Marshal(firstConfig{firstDesk{f.title, f.url, f.contact}, kept, stations})
	head := "# A desk of the feeds that were found. Every further key is in the reference:\n" +
		"# fronteras-config(5), or config.yaml of the sources. Try it with fronteras check.\n\n"
	return append([]byte(head), text...), err
}
