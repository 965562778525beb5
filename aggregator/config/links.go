package config

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// linkPlaces holds the places of the rules that package link checks.
type linkPlaces struct {
	aliases members
	kept    map[string]value // by host
	rules   []members
}

func readLinks(to *link.Rules, outside *[]news.Outside) func(value) {
	return func(v value) {
		places := linkPlaces{kept: make(map[string]value)}
		before := len(v.faults)
		v.readMapping(fields{
			"aliases": func(v value) {
				places.aliases, _ = v.splitMapping()
				to.Aliases = make(map[string]string)
				for _, alias := range slices.Sorted(maps.Keys(places.aliases.values)) {
					var host string
					readText(&host)(places.aliases.values[alias])
					to.Aliases[alias] = host
				}
			},
			"keep_slash": func(v value) {
				v.readList(func(item value) {
					host := ""
					readText(&host)(item)
					to.KeepSlash = append(to.KeepSlash, host)
					places.kept[host] = item
				})
			},
			"rules": func(v value) {
				v.readList(func(item value) {
					rule, m := readLinkRule(item)
					to.Hosts = append(to.Hosts, rule)
					places.rules = append(places.rules, m)
				})
			},
			"outside": readOutsides(outside),
		})
		if len(v.faults) > before {
			return // rules that were read in part would be judged wrongly
		}
		if _, err := link.New(*to); err != nil {
			places.reportFaults(v, err)
		}
	}
}

// reportFaults reports what link rejects, each in its place.
func (p linkPlaces) reportFaults(links value, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		links.reportFault("%v", err)
		return
	}
	for _, err := range joined.Unwrap() {
		var rule *link.RuleError
		switch errors.As(err, &rule); {
		case rule == nil:
			links.reportFault("%v", err)
		case rule.Rule >= 0:
			p.rules[rule.Rule].valueAt(rule.Field).reportFault("%s", rule.Reason)
		case rule.Field == "aliases":
			p.aliases.valueAt(rule.Name).reportFault("%s", rule.Reason)
		default:
			p.kept[rule.Name].reportFault("%s", rule.Reason)
		}
	}
}

func readLinkRule(v value) (link.HostRule, members) {
	var h link.HostRule
	m := v.readMapping(fields{
		"name":     readText(&h.Name, checkLine),
		"hosts":    readTexts(&h.Hosts),
		"path":     readText(&h.Path, checkLine),
		"query":    readText(&h.Query, checkLine),
		"key":      readText(&h.Key, checkLine),
		"drop":     readTexts(&h.Drop, checkLine),
		"fragment": readText(&h.Fragment, checkLine),
		"strip":    readText(&h.Strip, checkLine),
	})
	return h, m
}

func readOutsides(to *[]news.Outside) func(value) {
	seen := make(map[string]value)
	return func(v value) {
		v.readList(func(item value) {
			var o news.Outside
			before := len(v.faults)
			m := item.readMapping(fields{
				"id":       readText(&o.ID, checkID),
				"name":     readText(&o.Name, checkLine),
				"hosts":    readTexts(&o.Hosts, checkHost),
				"bylines":  readTexts(&o.Bylines, checkLine),
				"sections": readTexts(&o.Sections, checkSection),
				"dateline": readText(&o.Dateline, checkLine),
			}, "id", "name")
			if first, doubled := seen[o.ID]; doubled && o.ID != "" {
				m.valueAt("id").reportFault("%s is already used (line %d): each source needs its own id",
					quoteShort(o.ID), first.line)
			}
			seen[o.ID] = m.valueAt("id")
			if len(o.Hosts)+len(o.Bylines)+len(o.Sections)+len(o.Dateline) == 0 && len(v.faults) == before {
				item.reportFault("nothing that identifies the source found: " +
					"one of hosts, bylines, sections, dateline is needed")
			}
			o.Hosts = canonicalHosts(o.Hosts)
			for i, section := range o.Sections {
				o.Sections[i] = canonicalSection(section)
			}
			*to = append(*to, o)
		})
	}
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
