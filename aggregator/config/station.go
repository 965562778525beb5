package config

import (
	"cmp"
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

// takenNames holds the places of what earlier stations have taken.
type takenNames struct {
	ids   map[string]value
	feeds map[string]value // by address, or by path
}

// readStations reads the list of stations. The fields of each are filled in as [Config] says,
// except for the feeds' Every.
func readStations(to *[]news.Station) func(value) {
	return func(v value) {
		taken := takenNames{make(map[string]value), make(map[string]value)}
		before := len(v.faults)
		v.readList(func(item value) { *to = append(*to, readStation(item, taken)) })
		if len(taken.feeds) == 0 && len(v.faults) == before {
			v.reportFault("no feed found: at least one station with a feed is needed")
		}
	}
}

func readStation(v value, taken takenNames) news.Station {
	var s news.Station
	var whole bool
	feeds := map[int]value{} // that name their own text, by place
	m := v.readMapping(fields{
		"id":        readText(&s.ID, checkID),
		"name":      readText(&s.Name, checkLine),
		"brand":     readText(&s.Brand, checkLine),
		"url":       readText(&s.URL, checkAddress),
		"hosts":     readTexts(&s.Hosts, checkHost),
		"language":  readText(&s.Language, checkLanguage),
		"timezone":  readText(&s.Timezone, checkTimezone),
		"rights":    readText(&s.Rights, checkLine),
		"reporters": readTexts(&s.Reporters, checkLine),
		"text":      readTextSource(&whole),
		"page":      readPageSelectors(&s.Page),
		"feeds": func(v value) {
			v.readList(func(item value) {
				f, own := readFeed(item, taken)
				if own.key != "" {
					feeds[len(s.Feeds)] = own
				}
				s.Feeds = append(s.Feeds, f)
			})
		},
	}, "id", "name")
	settleTextSources(m, &s, whole, feeds)
	if first, doubled := taken.ids[s.ID]; doubled && s.ID != "" {
		m.valueAt("id").reportFault("%s is already used (line %d): each station needs its own id",
			quoteShort(s.ID), first.line)
	} else {
		taken.ids[s.ID] = m.valueAt("id")
	}
	s.Brand = cmp.Or(s.Brand, s.Name)
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

// readFeed reads a feed. Where it names the source of its texts, text is the place of that; otherwise
// the zero value.
func readFeed(v value, taken takenNames) (f news.Feed, text value) {
	m := v.readMapping(fields{
		"url":    readText(&f.URL, checkFeed),
		"public": readText(&f.Public, checkAddress),
		"every":  readDuration(&f.Every, minEvery, maxEvery),
		"only":   readFilter(&f.Only),
		"skip":   readFilter(&f.Skip),
		"text":   readTextSource(&f.WholePages),
	}, "url")
	f.Agreed = m.isWritten("every")
	text = m.values["text"]
	if f.URL == "" {
		return f, text
	}
	f.Path = FilePath(f.URL)
	address := link.Resolve("", f.URL)
	if f.Path != "" {
		address = filepath.Clean(f.Path)
	}
	if first, doubled := taken.feeds[address]; doubled {
		m.valueAt("url").reportFault("%s is already listed (line %d): list each feed once",
			quoteShort(link.Redact(f.URL)), first.line)
	} else {
		taken.feeds[address] = m.valueAt("url")
	}
	return f, text
}

// FilePath returns the path in a file: address (RFC 8089), as it is written there; "" for any other
// address.
func FilePath(address string) string {
	path, ok := cutFileScheme(address)
	if !ok {
		return ""
	}
	// RFC 8089 allows file:/path and file:///path; anything else after two slashes is a host.
	if rest, ok := strings.CutPrefix(path, "///"); ok {
		return "/" + rest
	}
	return path
}

// cutFileScheme removes the scheme of a file: address. Schemes have no case (RFC 3986 3.1).
func cutFileScheme(address string) (path string, ok bool) {
	const scheme = "file:"
	if len(address) < len(scheme) || !strings.EqualFold(address[:len(scheme)], scheme) {
		return "", false
	}
	return address[len(scheme):], true
}

func readFilter(to *news.Filter) func(value) {
	return func(v value) {
		v.readMapping(fields{
			"topics": readTexts(&to.Topics, checkLine),
			"words":  readTexts(&to.Words, checkLine),
		})
	}
}
