// Package config reads config.yaml and rejects one that has an error.
//
// Every key has a default, except what nobody can guess: the desk's title, its url or contact, each
// station's id and name, and at least one feed. Unknown and doubled keys, wrong types and values
// that cannot work are errors, and all of them are reported at once.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Config is what a configuration file says, with every default filled in and every path absolute.
type Config struct {
	File   string // where it was read, absolute
	Desk   news.Site
	Listen string // host:port
	// Proxies are the addresses whose X-Forwarded-For is believed, for limits per client only.
	Proxies []netip.Prefix
	Store   string // path of the store's file
	Control string // path of the control socket
	// ControlElsewhere lists other paths where a daemon of this configuration may listen, because
	// its environment differs from ours; empty if the file names the socket.
	ControlElsewhere []string
	// ControlLinks lists where the daemon leaves links to its socket, for commands that look there.
	ControlLinks []string
	Backup       Backup
	Poll         Poll
	Publish      Publish
	Podcast      Podcast
	Page         Page
	// Crawlers is the address of the license for crawlers (an RSL document); empty: there is none.
	Crawlers string

	// Stations are in the order of the file. The host of a station's URL is one of its Hosts, its
	// Brand is its Name if the file names none, and each feed has its Every.
	Stations []news.Station

	Links   link.Rules // accepted by link.New
	Outside []news.Outside

	Editors Editors
	Mail    Mail
	Notify  Notify

	secrets []secretFile // that [Config.ReadSecrets] reads
}

// Backup says which backups the daemon makes automatically.
type Backup struct {
	Every time.Duration // between two of them
	Keep  int           // how many stay in the folder
	To    string        // the folder; empty: no backups
}

// Poll says how feeds are visited.
type Poll struct {
	Every           time.Duration // between two visits of a feed that names no time of its own
	Timeout         time.Duration // of a whole exchange
	MaxSize         int64         // bytes of one document, after decompression
	Concurrency     int           // requests in flight
	PrivateNetworks bool          // feeds may be on loopback and private addresses
	ReadPages       bool          // the heads of new items' pages are read
}

// Publish says how much is in a feed document.
type Publish struct {
	Stories int
	MaxAge  time.Duration // counted back from the newest story
}

// Podcast is the channel of podcast.rss. The defaults are the desk's.
type Podcast struct {
	Title      string
	Author     string
	Image      string
	Category   []string // Apple's category, then its subcategory if there is one
	Explicit   bool
	OwnerEmail string
}

// Pictures says which stories of a page of many are shown with their pictures.
type Pictures string

// The values of page.pictures.
const (
	AllPictures Pictures = "all"
	LeadPicture Pictures = "lead" // the first story's alone
	NoPictures  Pictures = "none" // here and on the stories' own pages: nothing is asked of stations
)

// Page says how the pages for people look.
type Page struct{ Pictures Pictures }

// Load reads the configuration at path. Getenv looks up environment variables, as [os.Getenv] does:
// the store is in $STATE_DIRECTORY unless the file says otherwise. It fails with an [*Error] if the
// file cannot be read or has an error.
func Load(path string, getenv func(string) string) (*Config, error) {
	text, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{File: path, Faults: []Fault{{
			Text: "no such file: name the configuration with --config, or write a first one with fronteras init",
		}}}
	case err != nil:
		return nil, &Error{File: path, Faults: []Fault{{Text: err.Error()}}}
	}
	return Parse(text, path, getenv)
}

// Parse reads a configuration's text as [Load] does that of the file at path, which need not be
// there.
func Parse(text []byte, path string, getenv func(string) string) (*Config, error) {
	r := &reader{}
	c := Default()
	c.File = path // it stays so if the working directory is gone
	if absolute, err := filepath.Abs(path); err == nil {
		c.File = absolute
	}
	if root, ok := r.parseYAML(text); ok {
		fillDefaults(c, readSections(c, root), filepath.Dir(c.File), getenv)
	}
	if len(r.faults) > 0 {
		return nil, &Error{File: path, Faults: r.sortedFaults()}
	}
	return c, nil
}

// defaultCredits holds the credit of a desk that does not word its own, by language. The one in
// defaultLanguage serves desks of other languages.
var defaultCredits = map[string]string{
	"en": "This story is from the {{.Desk}}, a collaboration of public radio stations, " +
		"including {{.Brand}}. Read more from the {{.DeskLink}}.",
	"es": "Esta nota es de {{.Desk}}, una colaboración de radios públicas en la que participa {{.Brand}}. " +
		"Más notas en {{.DeskLink}}.",
}

const defaultLanguage = "en"

// Default is the configuration of a file that says nothing, for commands that work without one:
// every default, no desk and no station.
func Default() *Config {
	return &Config{
		Desk: news.Site{Language: defaultLanguage, Credit: defaultCredits[defaultLanguage],
			Credits: maps.Clone(defaultCredits)},
		Listen: "127.0.0.1:8080",
		Poll: Poll{
			Every: 15 * time.Minute, Timeout: 30 * time.Second, MaxSize: 16 << 20, Concurrency: 16, ReadPages: true,
		},
		Publish: Publish{Stories: 100, MaxAge: 720 * time.Hour},
		Podcast: Podcast{Category: []string{"News"}},
		Page:    Page{Pictures: AllPictures},
	}
}

// readSections reads the whole file into c.
func readSections(c *Config, root value) members {
	return root.readMapping(fields{
		"desk":     readDesk(&c.Desk),
		"listen":   readText(&c.Listen, checkListen),
		"proxies":  readProxies(&c.Proxies),
		"store":    readText(&c.Store, checkStore),
		"control":  readText(&c.Control),
		"backup":   readBackup(&c.Backup),
		"poll":     readPoll(&c.Poll),
		"publish":  readPublish(&c.Publish),
		"podcast":  readPodcast(&c.Podcast),
		"page":     readPage(&c.Page),
		"rights":   readRights(&c.Crawlers),
		"stations": readStations(&c.Stations),
		"links":    readLinks(&c.Links, &c.Outside),
		"editors":  readEditors(&c.Editors),
		"mail":     readMail(c),
		"notify":   readNotify(c),
	}, "desk", "stations")
}

// fillDefaults fills in what depends on other keys, or on where the file is.
func fillDefaults(c *Config, m members, folder string, getenv func(string) string) {
	if c.Desk.URL == "" {
		fillDeskURL(c, m)
	}
	if c.Desk.Timezone == "" && len(c.Stations) > 0 {
		c.Desk.Timezone = c.Stations[0].Timezone
	}
	c.Desk.Timezone = cmp.Or(c.Desk.Timezone, "UTC")
	fillPlaces(c, m, folder, getenv("STATE_DIRECTORY"))
	if c.Backup.To != "" {
		c.Backup.To = resolvePath(folder, c.Backup.To)
	}
	fillNotify(c)
	for _, do := range m.of.later {
		do(c, m)
	}
	c.Podcast.Title = cmp.Or(c.Podcast.Title, c.Desk.Title)
	c.Podcast.Author = cmp.Or(c.Podcast.Author, c.Desk.Title)
	c.Podcast.Image = cmp.Or(c.Podcast.Image, c.Desk.Image)
	c.Podcast.OwnerEmail = cmp.Or(c.Podcast.OwnerEmail, c.Desk.Contact)
	for i := range c.Stations {
		for j := range c.Stations[i].Feeds {
			feed := &c.Stations[i].Feeds[j]
			if !feed.Agreed {
				feed.Every = c.Poll.Every
			}
			if feed.Path != "" {
				feed.Path = resolvePath(folder, feed.Path)
			}
		}
	}
}

// fillDeskURL gives a desk without an address the one where it listens. A desk that visits others
// must say who it is, so it needs a url or a contact.
func fillDeskURL(c *Config, m members) {
	c.Desk.URL = "http://" + reachableAddress(c.Listen)
	visits := slices.ContainsFunc(c.Stations, func(s news.Station) bool {
		return slices.ContainsFunc(s.Feeds, func(f news.Feed) bool { return f.Path == "" })
	})
	if c.Desk.Contact == "" && visits && len(m.of.faults) == 0 { // a wrong one has been reported already
		m.valueAt("desk").reportFault("neither url nor contact found: one of them is needed, " +
			"so that stations see in the User-Agent whom to contact")
	}
}

// reachableAddress is where a server can be reached that listens on an address. An address that
// stands for all of the machine's is replaced by localhost.
func reachableAddress(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// fillPlaces fills in where store and control socket are.
func fillPlaces(c *Config, m members, folder, state string) {
	c.Store = resolvePath(folder, cmp.Or(c.Store, defaultStore(folder, state)))
	bare := controlSocketOf(defaultStore(folder, ""))
	if c.Control != "" {
		c.Control = resolvePath(folder, c.Control)
	} else {
		c.Control = controlSocketOf(c.Store)
		c.ControlElsewhere = otherSockets(c.Control, SocketNextToStore(c.Store), bare, SystemControl)
	}
	c.ControlLinks = otherSockets(c.Control, SocketNextToStore(c.Store))
	if len(c.ControlElsewhere) > 0 { // no socket is named: commands look without the daemon's environment
		c.ControlLinks = otherSockets(c.Control, SocketNextToStore(c.Store), bare)
		c.ControlLinks = slices.DeleteFunc(c.ControlLinks, isSystemSocket) // that is the installed daemon's
	}
	if n := len(c.Control); n > maxSocket {
		m.valueAt("control").reportFault("%s is a path of %d bytes: a socket's path may have %d at most",
			quoteShort(c.Control), n, maxSocket)
	}
}

// resolvePath returns a path that may be relative to a folder.
func resolvePath(folder, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}
