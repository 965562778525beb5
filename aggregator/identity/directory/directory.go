// Package directory knows the desk's stations and the sources outside it: whose an address, a name
// or a byline is, and which addresses name no story.
package directory

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/house"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Config is what a Directory is made of.
type Config struct {
	Site     news.Site
	Stations []news.Station
	Outside  []news.Outside // besides the built-in ones
	Links    *link.Table
	Credit   *credit.Credit
	Pages    bool          // heads of items' pages are read
	MaxAge   time.Duration // of what is in the merged feed; 0: any
}

// Directory is what the rules must know of the configuration. It is immutable and safe for use by
// many, except for what Remembering returns.
type Directory struct {
	Config
	house.Names
	FeedURLs       []string       // of the configuration
	OutsideSources []news.Outside // the configured before the built-in

	hidden       []news.Feed             // whose addresses hold a secret
	order        map[string]int          // of stations in the configuration, by id
	rosters      map[string][]string     // ids of the stations whose reporter has that name, see [text.PersonKey]
	makers       map[string][]news.Maker // by host
	unidentified map[string]bool         // keys of addresses that name no story

	wholePages map[string]bool // by feed: its items' article pages are read

	keys map[string]string // of addresses, where they are remembered; otherwise nil
}

// New prepares a directory.
func New(c Config) *Directory {
	d := &Directory{
		Config: c, order: map[string]int{}, rosters: map[string][]string{}, makers: map[string][]news.Maker{},
		unidentified:   map[string]bool{},
		wholePages:     map[string]bool{},
		OutsideSources: slices.Concat(c.Outside, builtIn),
	}
	d.ignoreAddress(c.Site.URL)
	for n, s := range c.Stations {
		d.order[s.ID] = n
		for _, r := range s.Reporters {
			name := text.PersonKey(r)
			d.rosters[name] = append(d.rosters[name], s.ID)
		}
		for _, h := range house.HostsOf(s) {
			d.makers[h] = append(d.makers[h], news.Maker{Station: s.ID, Name: s.Name})
		}
		d.ignoreAddress(s.URL)
		for _, f := range s.Feeds {
			d.ignoreAddress(f.URL)
			d.FeedURLs = append(d.FeedURLs, f.URL)
			d.wholePages[f.URL] = f.WholePages
			if f.Public != "" || link.HoldsSecret(f.URL) {
				d.hidden = append(d.hidden, f)
			}
		}
	}
	for n, o := range d.OutsideSources {
		for _, h := range o.Hosts {
			if n < len(c.Outside) || len(d.makers[h]) == 0 { // the configuration says whose a host is
				d.makers[h] = append(d.makers[h], OutsideMaker(o))
			}
		}
	}
	d.Names = house.New(c.Site, c.Stations, d.OutsideSources)
	return d
}

// Remembering is a copy of the directory for one goroutine, which works out the key of each address
// once.
func (d *Directory) Remembering() *Directory {
	own := *d
	own.keys = map[string]string{}
	return &own
}

// SharesFeedsSecret reports whether a text repeats what the address of a station's feed is kept
// secret for.
func (d *Directory) SharesFeedsSecret(station, text string) bool {
	return slices.ContainsFunc(d.hidden, func(f news.Feed) bool {
		return f.Station == station && link.SharesSecret(f, text)
	})
}

// ReadsPages reports whether the pages of a feed's items may be asked for.
func (d *Directory) ReadsPages(f news.Feed) bool { return f.Path == "" && (d.Pages || f.WholePages) }

// ReadsArticles reports whether the article pages of the items of the feed of that address are read
// whole.
func (d *Directory) ReadsArticles(feed string) bool { return d.wholePages[feed] }

// ignoreAddress notes an address that names no story, such as a home page.
func (d *Directory) ignoreAddress(address string) {
	if key := d.Key(address); key != "" {
		d.unidentified[key] = true
	}
}

// Key is the comparison key of a raw address, "" where it has none.
func (d *Directory) Key(address string) string {
	k, ok := d.keys[address]
	if !ok {
		k = d.Links.Key(link.Clean("", address))
		if d.keys != nil {
			d.keys[address] = k
		}
	}
	return k
}

// EnclosureKeys returns the keys of an entry's enclosures, ascending: each once, in however many
// spellings the entry has it.
func (d *Directory) EnclosureKeys(e *news.Entry) []string {
	var keys []string
	for _, s := range e.Enclosures {
		keys = append(keys, d.Key(s.URL))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// makersListingHost returns those who list the host of an address, or the closest domain above it.
func (d *Directory) makersListingHost(address string) []news.Maker {
	for host := link.Host(address); host != ""; _, host, _ = strings.Cut(host, ".") {
		if makers := d.makers[host]; len(makers) > 0 {
			return makers
		}
	}
	return nil
}

// Owner is the station or outside source that lists the host of an address, or a domain above it.
// None, or several that share it, give false.
func (d *Directory) Owner(address string) (news.Maker, bool) {
	makers := d.makersListingHost(address)
	if len(makers) == 0 {
		return news.Maker{}, false
	}
	return makers[0], len(makers) == 1
}

// Listed reports whether an address is on a host that anybody lists, even if several stations share
// it.
func (d *Directory) Listed(address string) bool { return len(d.makersListingHost(address)) > 0 }

// Own reports whether an address is on one of a station's hosts.
func (d *Directory) Own(station, address string) bool {
	for host := link.Host(address); host != ""; _, host, _ = strings.Cut(host, ".") {
		if slices.ContainsFunc(d.makers[host], func(m news.Maker) bool { return m.Station == station }) {
			return true
		}
	}
	return false
}

// Foreign reports whether an address is on the hosts of another station or of an outside source.
func (d *Directory) Foreign(station, address string) bool {
	m, ok := d.Owner(address)
	return ok && m.Station != station && !d.Own(station, address)
}

// Identifies reports whether the address of a key can name a story at all: it is not a home page, a
// station's page, the desk's, nor a feed's own address.
func (d *Directory) Identifies(key string) bool {
	return key != "" && !link.IsRoot(key) && !d.unidentified[key]
}

// Ignores reports whether a key is one of the configuration's own addresses.
func (d *Directory) Ignores(key string) bool { return d.unidentified[key] }

// StoryPage is the id in the address of one of the desk's story pages, "" for other addresses.
func (d *Directory) StoryPage(address string) string {
	if !strings.Contains(address, "/stories/") {
		return ""
	}
	rest, found := strings.CutPrefix(d.Key(address), strings.TrimSuffix(d.Key(d.Site.URL), "/")+"/stories/")
	if !found || strings.Contains(rest, "/") {
		return ""
	}
	id, _, _ := strings.Cut(rest, "?")
	return id
}

// Maker is the station of that id as a maker.
func (d *Directory) Maker(id string) news.Maker {
	m := news.Maker{Station: id, Name: id}
	if n, ok := d.order[id]; ok {
		m.Name = d.Stations[n].Name
	}
	return m
}

// SectionOf is the part of an address that is called after an outside source by its initials, as
// npr-news is; "" for any other. Stations file there what they carry of it. The last part is the
// story's own.
func (d *Directory) SectionOf(address string) string {
	_, path, _ := strings.Cut(d.Key(address), "/")
	parts := strings.Split(strings.ToLower(path), "/")
	for _, part := range parts[:len(parts)-1] {
		first, _, _ := strings.Cut(part, "-")
		if slices.ContainsFunc(d.OutsideSources, func(o news.Outside) bool {
			return o.ID == first && slices.Contains(o.Bylines, strings.ToUpper(first))
		}) {
			return part
		}
	}
	return ""
}

// OutsideMaker is an outside source as a maker.
func OutsideMaker(o news.Outside) news.Maker { return news.Maker{Outside: o.ID, Name: o.Name} }

// MakerNamed is the station or outside source of that id.
func (d *Directory) MakerNamed(id string) (news.Maker, bool) {
	if _, ok := d.order[id]; ok {
		return d.Maker(id), true
	}
	o, ok := d.Sources()[id]
	return OutsideMaker(o), ok
}

// Compare orders makers as the configuration does, outside sources last.
func (d *Directory) Compare(a, b news.Maker) int {
	place := func(m news.Maker) int {
		if n, ok := d.order[m.Station]; ok {
			return n
		}
		return len(d.Stations)
	}
	return cmp.Or(place(a)-place(b), strings.Compare(a.Outside, b.Outside))
}

// Rosters returns the stations whose reporters an entry's byline names (O4): one of these persons,
// see [text.PersonKey], or a name as it is written.
func (d *Directory) Rosters(e *news.Entry, people []string) []string {
	var found []string
	add := func(name string) {
		for _, id := range d.rosters[name] {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	for _, p := range people {
		add(p)
	}
	for _, a := range e.Authors {
		add(text.PersonKey(a.Name))
	}
	for _, p := range text.SplitByline(e.Byline, text.CommasPart, nil) { // an office may be on a roster, too
		if !p.Kind.IsHuman() {
			add(text.PersonKey(p.Text))
		}
	}
	return found
}

// CalledLikeDesk reports whether a station has a title of the desk's as its name: then its name in a
// credit may mean the desk.
func (d *Directory) CalledLikeDesk(station string) bool {
	return station != "" && slices.ContainsFunc(d.Site.AllTitles(), func(title string) bool {
		return strings.EqualFold(d.Maker(station).Name, title)
	})
}

// Sources returns the outside sources by id.
func (d *Directory) Sources() map[string]news.Outside {
	byID := map[string]news.Outside{}
	for _, o := range d.OutsideSources {
		if _, known := byID[o.ID]; !known {
			byID[o.ID] = o
		}
	}
	return byID
}
