package config

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Bounds of the time between two visits of a feed.
const (
	minEvery = time.Second
	maxEvery = 168 * time.Hour
)

// stationReader knows what earlier stations have taken.
type stationReader struct {
	ids   map[string]value
	feeds map[string]value // by address, or by path
}

func (c *Config) readStations(v value) {
	seen := stationReader{make(map[string]value), make(map[string]value)}
	before := len(v.faults)
	v.list(func(item value) {
		c.Stations = append(c.Stations, seen.station(item))
	})
	if len(seen.feeds) == 0 && len(v.faults) == before {
		v.fault("no feed found: at least one station with a feed is needed")
	}
}

func (seen stationReader) station(v value) news.Station {
	var s news.Station
	m := v.mapping(fields{
		"id":        text(&s.ID, checkID),
		"name":      text(&s.Name, checkLine),
		"brand":     text(&s.Brand, checkLine),
		"url":       text(&s.URL, checkAddress),
		"hosts":     texts(&s.Hosts, checkHost),
		"language":  text(&s.Language, checkLanguage),
		"timezone":  text(&s.Timezone, checkTimezone),
		"rights":    text(&s.Rights, checkLine),
		"reporters": texts(&s.Reporters, checkLine),
		"feeds":     func(v value) { v.list(func(item value) { s.Feeds = append(s.Feeds, seen.feed(item)) }) },
	}, "id", "name")
	if first, doubled := seen.ids[s.ID]; doubled && s.ID != "" {
		m.at("id").fault("%s is there already (line %d): each station needs an id of its own", quote(s.ID), first.line)
	} else {
		seen.ids[s.ID] = m.at("id")
	}
	if s.Brand == "" {
		s.Brand = s.Name
	}
	s.URL = link.Resolve("", s.URL)
	if host := link.Host(s.URL); host != "" {
		s.Hosts = append(s.Hosts, host)
	}
	s.Hosts = canonicalHosts(s.Hosts)
	for i := range s.Feeds {
		s.Feeds[i].Station = s.ID
	}
	return s
}

// canonicalHosts returns hosts as they are compared, each once.
func canonicalHosts(names []string) []string {
	var hosts []string
	for _, name := range names {
		if host, err := link.ParseHost(name); err == nil && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

func (seen stationReader) feed(v value) news.Feed {
	var f news.Feed
	m := v.mapping(fields{
		"url":   text(&f.URL, checkFeed),
		"every": duration(&f.Every, minEvery, maxEvery),
		"only":  readFilter(&f.Only),
		"skip":  readFilter(&f.Skip),
	}, "url")
	f.Agreed = m.has("every")
	if f.URL == "" {
		return f
	}
	f.Path = FilePath(f.URL)
	address := link.Resolve("", f.URL)
	if f.Path != "" {
		address = filepath.Clean(f.Path)
	}
	if first, doubled := seen.feeds[address]; doubled {
		m.at("url").fault("%s is there already (line %d): each feed stands once", quote(f.URL), first.line)
	} else {
		seen.feeds[address] = m.at("url")
	}
	return f
}

// FilePath returns the path in a file: address (RFC 8089), as it is written there;
// "" for another address.
func FilePath(address string) string {
	path, ok := cutFile(address)
	if !ok {
		return ""
	}
	// RFC 8089 allows file:/path and file:///path; anything else after two
	// slashes is a host.
	if rest, ok := strings.CutPrefix(path, "///"); ok {
		return "/" + rest
	}
	return path
}

// cutFile takes the scheme off a file: address. Schemes have no case (RFC 3986 3.1).
func cutFile(address string) (path string, ok bool) {
	const scheme = "file:"
	if len(address) < len(scheme) || !strings.EqualFold(address[:len(scheme)], scheme) {
		return "", false
	}
	return address[len(scheme):], true
}

func readFilter(to *news.Filter) func(value) {
	return func(v value) {
		v.mapping(fields{
			"topics": texts(&to.Topics, checkLine),
			"words":  texts(&to.Words, checkLine),
		})
	}
}
