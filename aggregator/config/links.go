package config

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// linkPlaces remembers where the rules stand that link is to judge.
type linkPlaces struct {
	aliases members
	kept    map[string]value // by host
	rules   []members
}

func (c *Config) readLinks(v value) {
	places := linkPlaces{kept: make(map[string]value)}
	before := len(v.faults)
	v.mapping(fields{
		"aliases": func(v value) { places.aliases = c.readAliases(v) },
		"keep_slash": func(v value) {
			v.list(func(item value) {
				host := ""
				text(&host)(item)
				c.Links.KeepSlash = append(c.Links.KeepSlash, host)
				places.kept[host] = item
			})
		},
		"rules": func(v value) {
			v.list(func(item value) { places.rules = append(places.rules, c.readRule(item)) })
		},
		"outside": c.readOutsides,
	})
	if len(v.faults) > before {
		return // rules that were not read whole would be judged wrongly
	}
	if _, err := link.New(c.Links); err != nil {
		places.fault(v, err)
	}
}

// fault reports what link refuses, each where it stands.
func (p linkPlaces) fault(links value, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		links.fault("%v", err)
		return
	}
	for _, err := range joined.Unwrap() {
		var rule *link.RuleError
		switch errors.As(err, &rule); {
		case rule == nil:
			links.fault("%v", err)
		case rule.Rule >= 0:
			p.rules[rule.Rule].at(rule.Field).fault("%s", rule.Reason)
		case rule.Field == "aliases":
			p.aliases.at(rule.Name).fault("%s", rule.Reason)
		default:
			p.kept[rule.Name].fault("%s", rule.Reason)
		}
	}
}

func (c *Config) readAliases(v value) members {
	m, _ := v.members()
	c.Links.Aliases = make(map[string]string)
	for _, alias := range slices.Sorted(maps.Keys(m.values)) {
		var host string
		text(&host)(m.values[alias])
		c.Links.Aliases[alias] = host
	}
	return m
}

func (c *Config) readRule(v value) members {
	var h link.HostRule
	m := v.mapping(fields{
		"name":     text(&h.Name, checkLine),
		"hosts":    texts(&h.Hosts),
		"path":     text(&h.Path, checkLine),
		"query":    text(&h.Query, checkLine),
		"key":      text(&h.Key, checkLine),
		"drop":     texts(&h.Drop, checkLine),
		"fragment": text(&h.Fragment, checkLine),
		"strip":    text(&h.Strip, checkLine),
	})
	c.Links.Hosts = append(c.Links.Hosts, h)
	return m
}

func (c *Config) readOutsides(v value) {
	seen := make(map[string]value)
	v.list(func(item value) {
		var o news.Outside
		before := len(v.faults)
		m := item.mapping(fields{
			"id":       text(&o.ID, checkID),
			"name":     text(&o.Name, checkLine),
			"hosts":    texts(&o.Hosts, checkHost),
			"bylines":  texts(&o.Bylines, checkLine),
			"sections": texts(&o.Sections, checkSection),
			"dateline": text(&o.Dateline, checkLine),
		}, "id", "name")
		if first, doubled := seen[o.ID]; doubled && o.ID != "" {
			m.at("id").fault("%s is there already (line %d): each source needs an id of its own", quote(o.ID), first.line)
		}
		seen[o.ID] = m.at("id")
		if len(o.Hosts)+len(o.Bylines)+len(o.Sections)+len(o.Dateline) == 0 && len(v.faults) == before {
			item.fault("nothing to know the source by found: one of hosts, bylines, sections, dateline is needed")
		}
		o.Hosts = canonicalHosts(o.Hosts)
		for i, section := range o.Sections {
			o.Sections[i] = canonicalSection(section)
		}
		c.Outside = append(c.Outside, o)
	})
}

// canonicalSection returns "host/path/" with the host as it is compared.
func canonicalSection(section string) string {
	name, path, _ := strings.Cut(section, "/")
	host, err := link.ParseHost(name)
	if err != nil {
		return section
	}
	return host + "/" + strings.TrimSuffix(path, "/") + "/"
}
