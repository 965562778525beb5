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

// installedFeeds is where the feeds of the packaged configuration are, before somebody writes their
// own.
const installedFeeds = "/usr/share/fronteras/"

// initInput is what a first configuration is made from.
type initInput struct {
	title, url, contact string
	listen              string // empty for the default
	opml                string
	addresses           []string // of feeds, of pages that announce feeds, or of files
	private             bool     // feeds may be on loopback and private addresses
	force               bool
}

func newInitCommand(p *program) *cobra.Command {
	var in initInput
	c := &cobra.Command{
		Use: "init [ADDRESS...]", Short: "Write a first configuration",
		Long: "Write a first configuration from the addresses of feeds, of pages that link to feeds, and\n" +
			"from an OPML file. Every address is tried: at least one has to be readable. What is missing\n" +
			"is asked for on a terminal. If a configuration is replaced, its listen, proxies, store, control,\n" +
			"poll and backup are kept.",
		RunE: func(c *cobra.Command, args []string) error {
			go tuneGarbageCollector(c.Context())
			in.addresses = args
			if err := promptForMissing(p, &in); err != nil {
				return err
			}
			path := cmp.Or(p.config, "config.yaml")
			count, err := writeFirstConfig(c.Context(), p, path, in)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.Out, "%s: written, %s; next: fronteras check, then %s\n",
				path, pluralOf(count, "station"), nextStep(c.Context(), p, path))
			return err
		},
	}
	c.Flags().StringVar(&in.title, "title", "", "the desk's `name`")
	c.Flags().StringVar(&in.url, "url", "", "the `address` where the public will reach the desk")
	c.Flags().StringVar(&in.contact, "contact", "", "an `email` address that stations can write to")
	c.Flags().StringVar(&in.opml, "opml", "", "take the feeds of an OPML `file`")
	c.Flags().BoolVar(&in.private, "private-networks", false, "feeds may be on loopback and private addresses")
	c.Flags().BoolVar(&in.force, "force", false, "replace an existing configuration")
	return c
}

// promptForMissing asks for what was not given, if standard input is a terminal.
func promptForMissing(p *program, in *initInput) error {
	ask := func(value *string, question, flag string) error {
		if *value != "" {
			return nil
		}
		if !isTerminal(p.In) {
			return usageError{fmt.Errorf("--%s is missing", flag)}
		}
		fmt.Fprintf(p.Err, "%s: ", question)
		line, err := bufio.NewReader(p.In).ReadString('\n')
		if *value = strings.TrimSpace(line); *value == "" && errors.Is(err, io.EOF) {
			return usageError{fmt.Errorf("--%s is missing", flag)}
		}
		return err
	}
	var more string
	if len(in.addresses) > 0 || in.opml != "" {
		more = "none"
	}
	err := errors.Join(
		ask(&in.title, "Name of the desk", "title"),
		ask(&in.contact, "Email address that stations can write to", "contact"),
		ask(&more, "Addresses of the stations' feeds or pages, separated by spaces", "opml, or an address,"),
	)
	if len(in.addresses) == 0 && in.opml == "" {
		in.addresses = strings.Fields(more)
	}
	return err
}

// nextStep is the command that makes a daemon use a configuration that was written: systemd runs an
// installed daemon, and a running one takes it at a reload.
func nextStep(ctx context.Context, p *program, path string) string {
	c, err := config.Load(path, p.Getenv)
	if err != nil {
		return "fronteras serve"
	}
	installed := config.IsSystemFile(c.File)
	_, runs := findDaemonOfFile(ctx, c)
	switch {
	case installed && runs:
		return "systemctl reload fronteras"
	case installed:
		return "systemctl enable --now fronteras"
	case runs:
		return "send SIGHUP to the running daemon"
	}
	return "fronteras serve"
}

// writeConfigFromEnvironment writes a first configuration from a container's environment, if there
// is no configuration yet. It does nothing if $FRONTERAS_FEEDS is empty.
func writeConfigFromEnvironment(ctx context.Context, p *program) error {
	path := cmp.Or(p.config, "config.yaml")
	isSeparator := func(r rune) bool { return r == ',' || unicode.IsSpace(r) }
	feeds := strings.FieldsFunc(p.Getenv("FRONTERAS_FEEDS"), isSeparator)
	switch {
	case fileExists(path):
		return nil
	case len(feeds) == 0 && p.Getenv("FRONTERAS_LISTEN") != "": // as the container image sets it
		return &config.Error{File: path, Faults: []config.Fault{{
			Text: "no such file: put a configuration there, or set FRONTERAS_TITLE, FRONTERAS_CONTACT and " +
				"FRONTERAS_FEEDS to have one written",
		}}}
	case len(feeds) == 0:
		return nil
	}
	in := initInput{
		title: p.Getenv("FRONTERAS_TITLE"), contact: p.Getenv("FRONTERAS_CONTACT"), url: p.Getenv("FRONTERAS_URL"),
		listen: p.Getenv("FRONTERAS_LISTEN"), addresses: feeds,
		private: p.Getenv("FRONTERAS_PRIVATE_NETWORKS") == "true",
	}
	if in.title == "" || in.contact == "" {
		return fmt.Errorf("FRONTERAS_FEEDS is set: FRONTERAS_TITLE and FRONTERAS_CONTACT are needed too to write %s",
			path)
	}
	count, err := writeFirstConfig(ctx, p, path, in)
	if err != nil {
		return err
	}
	p.config = path
	_, err = fmt.Fprintf(p.Err, "%s: written, %s\n", path, pluralOf(count, "station"))
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

// keptConfig is what a new configuration keeps from the one that it replaces: what belongs to this
// machine, not to the desk.
type keptConfig struct {
	Listen  string        `yaml:"listen,omitempty"`
	Proxies []string      `yaml:"proxies,omitempty"`
	Store   string        `yaml:"store,omitempty"`
	Control string        `yaml:"control,omitempty"`
	Backup  yaml.MapSlice `yaml:"backup,omitempty"`
	Poll    yaml.MapSlice `yaml:"poll,omitempty"`
}

// writeFirstConfig tries the addresses, and writes the configuration once it is known to be right:
// until then, the file at the path stays. It returns the number of stations.
func writeFirstConfig(ctx context.Context, p *program, path string, in initInput) (stations int, err error) {
	kept, err := readKeptConfig(p, path, in)
	if err != nil {
		return 0, err
	}
	// What is wrong whatever the stations are is reported before anything is fetched.
	sample := []*firstStation{{ID: "first", Name: "First", Feeds: []firstFeed{{"file:first.xml"}}}}
	if _, err := formatFirstConfig(p, path, in, kept, sample); err != nil {
		if _, without := formatFirstConfig(p, path, in, keptConfig{}, sample); without == nil {
			return 0, fmt.Errorf("%s: its listen, proxies, store, control, poll and backup would be kept, "+
				"and have an error: fix or delete it there: %w", path, dropLines(err))
		}
		return 0, err
	}
	if in.opml != "" {
		listed, err := readOPML(in.opml)
		if err != nil {
			return 0, err
		}
		in.addresses = append(in.addresses, listed...)
	}
	if len(in.addresses) == 0 {
		return 0, errors.New("no address was given: a desk needs at least one feed")
	}
	list, read := findStations(ctx, p, in, kept, filepath.Dir(path))
	if read == 0 {
		return 0, fmt.Errorf("none of %s could be read: %s was not written",
			pluralOf(len(in.addresses), "address"), path)
	}
	text, err := formatFirstConfig(p, path, in, kept, list)
	if err != nil {
		return 0, err
	}
	return len(list), replaceFile(path, text)
}

// readKeptConfig is what is kept of the configuration at a path, and what the input adds to it. It
// fails if that configuration must not be replaced.
func readKeptConfig(p *program, path string, in initInput) (kept keptConfig, err error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return kept, err
	default:
		c, err := config.Parse(text, path, p.Getenv)
		if !in.force && (err != nil || !isAsInstalled(c)) {
			return kept, fmt.Errorf("%s exists already: choose another with --config, or replace it with "+
				"--force", path)
		}
		if err := yaml.Unmarshal(text, &kept); err != nil {
			fmt.Fprintf(p.Err, "%s: it cannot be read, so none of its settings are kept\n", path)
			kept = keptConfig{}
		}
	}
	kept.Listen = cmp.Or(in.listen, kept.Listen)
	if in.private {
		kept.Poll = slices.DeleteFunc(kept.Poll, func(i yaml.MapItem) bool { return i.Key == "private_networks" })
		kept.Poll = append(kept.Poll, yaml.MapItem{Key: "private_networks", Value: true})
	}
	return kept, nil
}

// isAsInstalled reports whether a configuration is as the package brought it.
func isAsInstalled(c *config.Config) bool {
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			if !strings.HasPrefix(f.Path, installedFeeds) {
				return false
			}
		}
	}
	return true
}

// formatFirstConfig is the text of the configuration. It fails if the file at path would have an
// error.
func formatFirstConfig(
	p *program, path string, in initInput, kept keptConfig, stations []*firstStation,
) ([]byte, error) {
	text, err := marshalFirstConfig(in, kept, stations)
	if err != nil {
		return nil, err
	}
	_, err = config.Parse(text, path, p.Getenv)
	return text, err
}

// marshalFirstConfig is the text of the configuration, with or without an error.
func marshalFirstConfig(in initInput, kept keptConfig, stations []*firstStation) ([]byte, error) {
	text, err := yaml.Marshal(firstConfig{firstDesk{in.title, in.url, in.contact}, kept, stations})
	head := "# A desk of the feeds that were found. All other keys are in the reference:\n" +
		"# fronteras-config(5), or config.yaml of the sources. Try it with fronteras check.\n\n"
	return append([]byte(head), text...), err
}

// dropLines is the error of a configuration without line numbers, which are those of a file that
// was not written.
func dropLines(err error) error {
	var badConfig *config.Error
	if !errors.As(err, &badConfig) {
		return err
	}
	var texts []string
	for _, f := range badConfig.Faults {
		texts = append(texts, f.Key+": "+f.Text)
	}
	return errors.New(strings.Join(texts, "; "))
}

// findStations looks at each address, and groups the feeds by the hosts of their pages. An address
// that cannot be read is reported, and listed all the same; read counts the others.
func findStations(
	ctx context.Context, p *program, in initInput, kept keptConfig, folder string,
) (list []*firstStation, read int) {
	c := config.Default()
	c.Desk.URL, c.Desk.Contact = in.url, in.contact
	c.Poll.PrivateNetworks = slices.ContainsFunc(kept.Poll, func(i yaml.MapItem) bool {
		return i.Key == "private_networks" && i.Value == true
	})
	client := fetch.NewClient(clientOptions(c, in.addresses...))
	byHost, ids := map[string]*firstStation{}, map[string]bool{}
	for _, address := range in.addresses {
		done := showProgress(p.Err, "trying "+address)
		found, err := findFeed(ctx, client, address)
		done()
		if err == nil {
			read++
		} else {
			printUnreadable(p.Err, address, found.path != "", err)
		}
		page := cmp.Or(found.page, found.url)
		host := domainOf(page)
		if siteOf(page) == "" { // a file that names no site is a station of its own
			host = filepath.Base(found.path)
		}
		s := byHost[host]
		if s == nil {
			s = &firstStation{ID: newStationID(host, ids), Name: cmp.Or(found.title, host), URL: siteOf(page)}
			byHost[host] = s
			list = append(list, s)
		}
		one := firstFeed{found.url}
		if found.path != "" {
			one.URL = fileAddress(found.path, folder)
		}
		if !slices.Contains(s.Feeds, one) {
			s.Feeds = append(s.Feeds, one)
		}
	}
	return list, read
}

// printUnreadable says why an address cannot be read, and what to do about it.
func printUnreadable(w io.Writer, address string, isFile bool, err error) {
	fmt.Fprintf(w, "%s: %s\n", address, terminalSafe(err.Error()))
	var failure *fetch.Error
	switch {
	case errors.As(err, &failure) && failure.Kind == fetch.KindAddress:
		printAdvice(w, "if it is meant to be there: fronteras init --private-networks, "+
			"or FRONTERAS_PRIVATE_NETWORKS=true in a container")
	case !isFile:
		printAdvice(w, failureAdvice(err))
	}
}

// foundFeed is a feed that was inspected; path is set for a file.
type foundFeed struct{ url, path, title, page string }

// findFeed is the feed at an address, or the first readable one that the page there announces.
func findFeed(ctx context.Context, client *fetch.Client, address string) (foundFeed, error) {
	found, err := inspectFeed(ctx, client, address)
	var page *feed.NotFeedError
	if errors.As(err, &page) {
		for _, a := range page.Feeds {
			if f, err := inspectFeed(ctx, client, a); err == nil {
				return f, nil
			}
		}
	}
	return found, err
}

// inspectFeed reads one feed. If it cannot be read, only its address is known.
func inspectFeed(ctx context.Context, client *fetch.Client, address string) (foundFeed, error) {
	request, err := requestFor(address)
	found := foundFeed{url: address, path: request.Path}
	if err != nil {
		return found, err
	}
	response, err := client.Fetch(ctx, request)
	if err != nil {
		return found, err
	}
	d, err := feed.Parse(ctx, response.Body, feed.Context{ContentType: response.ContentType, Address: response.Address})
	if err != nil {
		return found, err
	}
	found.title, found.page = d.Facts.Title, d.Facts.Link
	return found, nil
}

// siteOf is the address of the site that a page is on; empty for a file.
func siteOf(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
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

// fileAddress is how a configuration in a folder names a file.
func fileAddress(path, folder string) string {
	if top, err := filepath.Abs(folder); err == nil {
		if within, err := filepath.Rel(top, path); err == nil && filepath.IsLocal(within) {
			return "file:" + within
		}
	}
	return "file:" + path
}

// newStationID makes a station's id from its domain, and notes it as used.
func newStationID(domain string, used map[string]bool) string {
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
