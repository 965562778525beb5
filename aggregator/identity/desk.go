// Package identity decides which items tell one story, who made it, and why.
package identity

import (
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Version is the number of the rules in this package. It rises with every
// change of what they decide.
const Version = 2

// Rules is what the rules must know of the configuration. It is immutable, and
// safe for use by many.
type Rules struct {
	Config
	stations map[string]*station
	rosters  map[string][]string     // ids of the stations whose reporter has that name, in lower case
	makers   map[string][]news.Maker // by host
	outside  []news.Outside          // the sources beyond the desk: the configured before the built-in
	names    names
	nothing  map[string]bool // keys of addresses that identify nothing on this desk

	// Of addresses, in one fold's own copy of the desk; else nil.
	keys, hosts map[string]string
}

// remembering is a copy of the desk for one fold alone, which works out the key and
// the host of each address once.
func (d *Rules) remembering() *Rules {
	own := *d
	own.keys, own.hosts = map[string]string{}, map[string]string{}
	return &own
}

// Config is what a Desk is made of.
type Config struct {
	Desk     news.Site
	Stations []news.Station
	Outside  []news.Outside // beside the built-in ones
	Links    *link.Table
	Credit   *credit.Credit
	Pages    bool          // heads of items' pages are read
	MaxAge   time.Duration // of what stands in the merged feed; 0: any
}

// station is a station with its place in the configuration.
type station struct {
	news.Station
	order int
}

// New prepares a desk's rules.
func New(c Config) *Rules {
	d := &Rules{
		Config: c, stations: map[string]*station{}, rosters: map[string][]string{}, makers: map[string][]news.Maker{}, nothing: map[string]bool{},
	}
	d.outside = slices.Concat(c.Outside, builtIn)
	d.ignore(c.Desk.URL)
	for n, s := range c.Stations {
		d.stations[s.ID] = &station{Station: s, order: n}
		for _, r := range s.Reporters {
			name := strings.ToLower(r)
			d.rosters[name] = append(d.rosters[name], s.ID)
		}
		for _, h := range stationHosts(s) {
			d.makers[h] = append(d.makers[h], stationMaker(s))
		}
		d.ignore(s.URL)
		for _, f := range s.Feeds {
			d.ignore(f.URL)
		}
	}
	for _, o := range d.outside {
		for _, h := range o.Hosts {
			d.makers[h] = append(d.makers[h], outsideMaker(o))
		}
	}
	d.names = d.compileNames()
	return d
}

// ignore notes an address that identifies nothing, such as a home page.
func (d *Rules) ignore(address string) {
	if key := d.key(address); key != "" {
		d.nothing[key] = true
	}
}

// key is the comparison key of a raw address, "" where it has none.
func (d *Rules) key(address string) string {
	k, ok := d.keys[address]
	if !ok {
		k = d.Links.Key(link.Clean("", address))
		if d.keys != nil {
			d.keys[address] = k
		}
	}
	return k
}

// host is the host of an address, as stations' hosts are written.
func (d *Rules) host(address string) string {
	h, ok := d.hosts[address]
	if !ok {
		h = link.Host(address)
		if d.hosts != nil {
			d.hosts[address] = h
		}
	}
	return h
}

// linkKey is the comparison key of a link, which is its key as an address, too.
func (d *Rules) linkKey(clean string) string {
	if k, ok := d.keys[clean]; ok {
		return k
	}
	return d.Links.Key(clean)
}

// stationHosts are a station's hosts, the one of its page among them.
func stationHosts(s news.Station) []string {
	hosts := s.Hosts
	if h := link.Host(s.URL); h != "" {
		hosts = append(hosts[:len(hosts):len(hosts)], h)
	}
	seen := map[string]bool{}
	var unique []string
	for _, h := range hosts {
		if !seen[h] {
			seen[h] = true
			unique = append(unique, h)
		}
	}
	return unique
}

func stationMaker(s news.Station) news.Maker { return news.Maker{Station: s.ID, Name: s.Name} }
func outsideMaker(o news.Outside) news.Maker { return news.Maker{Outside: o.ID, Name: o.Name} }

// ofHost is whose an address is: the station or outside source that lists its
// host, or a domain above it. None, or several that share it, give false.
func (d *Rules) ofHost(address string) (news.Maker, bool) {
	host := d.host(address)
	for host != "" {
		if makers := d.makers[host]; len(makers) > 0 {
			return makers[0], len(makers) == 1
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return news.Maker{}, false
}

// listed reports whether an address is on a host that anybody lists, be it that
// several stations share it.
func (d *Rules) listed(address string) bool {
	for host := d.host(address); host != ""; _, host, _ = strings.Cut(host, ".") {
		if len(d.makers[host]) > 0 {
			return true
		}
	}
	return false
}

// Own reports whether an address is on a station's hosts.
func (d *Rules) Own(station, address string) bool { return d.ownHost(address, station) }

// ownHost reports whether an address is on one of a station's hosts.
func (d *Rules) ownHost(address, station string) bool {
	for host := d.host(address); host != ""; _, host, _ = strings.Cut(host, ".") {
		for _, m := range d.makers[host] {
			if m.Station == station {
				return true
			}
		}
	}
	return false
}

// identifies reports whether an address can name a story at all: not a home
// page, a station's page, the desk's, nor a feed's own address.
func (d *Rules) identifies(key string) bool {
	return key != "" && !link.IsRoot(key) && !d.nothing[key]
}

// Host is the desk's host, under which it mints ids.
func (d *Rules) Host() string { return link.Host(d.Config.Desk.URL) }

// Sources are the outside sources that the desk knows, by id.
func (d *Rules) Sources() map[string]news.Outside {
	byID := map[string]news.Outside{}
	for _, o := range d.outside {
		if _, known := byID[o.ID]; !known {
			byID[o.ID] = o
		}
	}
	return byID
}
