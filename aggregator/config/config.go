// Package config reads config.yaml and refuses a wrong one.
//
// What is not written has a default, save for what nobody can guess: the desk's
// title, its url or contact, each station's id and name, and one feed at least.
// What is written must make sense: unknown and doubled keys, wrong types and values that
// cannot work are refused, all that are found at once.
package config

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Config is what a configuration file says, with every default filled in and
// every path absolute.
type Config struct {
	File    string // where it was read, absolute
	Desk    news.Site
	Listen  string // host:port
	Store   string // path of the store's file
	Control string // path of the control socket
	// ControlElsewhere are further paths on which a daemon of this configuration may
	// listen whose environment differs from ours; none where the file names the socket.
	ControlElsewhere []string
	// ControlLinks are where the daemon leaves links to its socket, for commands that
	// look there.
	ControlLinks []string
	Backup       Backup
	Poll         Poll
	Publish      Publish
	Podcast      Podcast

	// Stations stand in their order in the file. The host of a station's URL is
	// among its Hosts, its Brand is its Name where none is written, and each
	// feed has its Every.
	Stations []news.Station

	Links   link.Rules // accepted by link.New
	Outside []news.Outside
}

// Backup says which backups the daemon makes by itself.
type Backup struct {
	Every time.Duration // between two of them
	Keep  int           // how many stay in the folder
	To    string        // the folder; empty: none is made
}

// Poll says how feeds are visited.
type Poll struct {
	Every           time.Duration // between two visits of a feed that names no time of its own
	Timeout         time.Duration // of a whole exchange
	MaxSize         int64         // bytes of one document, after decompression
	Concurrency     int           // requests in flight
	PrivateNetworks bool          // feeds may live on loopback and private addresses
	ReadPages       bool          // the heads of new items' pages are read
}

// Publish says how much stands in a feed document.
type Publish struct {
	Stories int
	MaxAge  time.Duration // counted back from the newest story
}

// Podcast is the channel of podcast.rss. What is not written is the desk's.
type Podcast struct {
	Title      string
	Author     string
	Image      string
	Category   []string // Apple's category, then its subcategory if there is one
	Explicit   bool
	OwnerEmail string
}

// Load reads the configuration at path. Getenv looks up environment variables,
// as [os.Getenv] does: the store is in $STATE_DIRECTORY unless the file says
// otherwise. A configuration that cannot be read, or is wrong, is an [*Error].
func Load(path string, getenv func(string) string) (*Config, error) {
	text, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{File: path, Faults: []Fault{{Text: "no such file: name the configuration with --config, or write a first one with fronteras init"}}}
	case err != nil:
		return nil, &Error{File: path, Faults: []Fault{{Text: err.Error()}}}
	}
	return Parse(text, path, getenv)
}

// Parse reads a configuration's text as [Load] does that of the file at path, which
// need not be there.
func Parse(text []byte, path string, getenv func(string) string) (*Config, error) {
	r := &reader{}
	c := defaults()
	c.File = absolute(path)
	if root, ok := r.parse(text); ok {
		c.complete(c.read(root), filepath.Dir(c.File), getenv)
	}
	if len(r.faults) > 0 {
		return nil, &Error{File: path, Faults: r.sorted()}
	}
	return c, nil
}

// usualCredit is the credit of a desk that words none.
const usualCredit = "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
	"Read more from the {{.DeskLink}}."

// Default is the configuration of commands that work without a file: every
// default, no desk and no station.
func Default() *Config { return defaults() }

// defaults is the configuration of a file that says nothing.
func defaults() *Config {
	return &Config{
		Desk:   news.Site{Language: "en", Credit: usualCredit},
		Listen: "127.0.0.1:8080",
		Poll: Poll{
			Every:       15 * time.Minute,
			Timeout:     30 * time.Second,
			MaxSize:     16 << 20,
			Concurrency: 16,
			ReadPages:   true,
		},
		Publish: Publish{Stories: 100, MaxAge: 720 * time.Hour},
		Podcast: Podcast{Category: []string{"News"}},
	}
}

// read takes over what the file says.
func (c *Config) read(root value) members {
	return root.mapping(fields{
		"desk":     c.readDesk,
		"listen":   text(&c.Listen, checkListen),
		"store":    text(&c.Store, checkStore),
		"control":  text(&c.Control),
		"backup":   c.readBackup,
		"poll":     c.readPoll,
		"publish":  c.readPublish,
		"podcast":  c.readPodcast,
		"stations": c.readStations,
		"links":    c.readLinks,
	}, "desk", "stations")
}

// complete fills in what depends on other keys or on where the file lies.
func (c *Config) complete(m members, folder string, getenv func(string) string) {
	c.completeDesk(m)
	c.completePlaces(m, folder, getenv("STATE_DIRECTORY"))
	if c.Backup.To != "" {
		c.Backup.To = within(folder, c.Backup.To)
	}
	c.completePodcast()
	for i := range c.Stations {
		for j := range c.Stations[i].Feeds {
			feed := &c.Stations[i].Feeds[j]
			if !feed.Agreed {
				feed.Every = c.Poll.Every
			}
			if feed.Path != "" {
				feed.Path = within(folder, feed.Path)
			}
		}
	}
}

// completeDesk makes up the address of a desk that names none: where it listens.
// Whoever visits others says who it is, so one of url and contact is written.
func (c *Config) completeDesk(m members) {
	if c.Desk.URL != "" {
		return
	}
	c.Desk.URL = "http://" + reachable(c.Listen)
	visits := slices.ContainsFunc(c.Stations, func(s news.Station) bool {
		return slices.ContainsFunc(s.Feeds, func(f news.Feed) bool { return f.Path == "" })
	})
	if c.Desk.Contact == "" && visits && len(m.of.faults) == 0 { // a wrong one has been told already
		m.at("desk").fault("neither url nor contact found: stations learn from the User-Agent whom to write to, so one of them is needed")
	}
}

// reachable is where a server can be reached that listens on an address: one that
// stands for all of the machine's is not to be asked.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// maxSocket is the longest path that a Unix socket can have on Linux (unix(7)).
const maxSocket = 107

// completePlaces fills in where store and control socket are.
func (c *Config) completePlaces(m members, folder, state string) {
	if c.Store == "" {
		c.Store = placeOf(folder, state).store
	}
	c.Store = within(folder, c.Store)
	bare := placeOf(folder, "").control
	if c.Control != "" {
		c.Control = within(folder, c.Control)
	} else {
		c.Control = controlOf(c.Store)
		c.ControlElsewhere = elsewhere(c.Store, c.Control, bare)
	}
	c.ControlLinks = links(c.Store, c.Control, bare, len(c.ControlElsewhere) > 0)
	if n := len(c.Control); n > maxSocket {
		m.at("control").fault("%s is a path of %d bytes: a socket's path has %d at most", quote(c.Control), n, maxSocket)
	}
}

func (c *Config) completePodcast() {
	for _, d := range []struct {
		podcast *string
		desk    string
	}{
		{&c.Podcast.Title, c.Desk.Title},
		{&c.Podcast.Author, c.Desk.Title},
		{&c.Podcast.Image, c.Desk.Image},
		{&c.Podcast.OwnerEmail, c.Desk.Contact},
	} {
		if *d.podcast == "" {
			*d.podcast = d.desk
		}
	}
}

// within returns a path that may be relative to a folder.
func within(folder, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}

// absolute returns path as it is where the working directory is gone.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}
