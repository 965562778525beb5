package link

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rules is what a configuration says about addresses, in addition to the built-in rules.
type Rules struct {
	Aliases   map[string]string `json:",omitempty"` // a host to the host that serves the same pages
	KeepSlash []string          `json:",omitempty"` // hosts where a trailing slash matters
	Hosts     []HostRule        `json:",omitempty"`
}

// HostRule says what names a page on some hosts. Path and Fragment are RE2 patterns; the path they
// see has its escapes normalised, no dot segments and no trailing slash.
type HostRule struct {
	Name  string   `json:",omitempty"`
	Hosts []string `json:",omitempty"` // without "www."; "*.domain" is domain and every host below it

	// Key is the key of the pages that Path matches, where $1 is what its first group matched. With
	// Query, the only value of that parameter is one group more, and is appended where Key does not
	// name it. Keys look like "family:$1"; what comes before the last colon is the family, in which
	// different keys are different pages.
	Path  string `json:",omitempty"`
	Query string `json:",omitempty"`
	Key   string `json:",omitempty"`

	// Drop names parameters, and Fragment matches fragments, that name no page: anywhere on Hosts,
	// or, in a rule with Path and without Key, where Path matches. Strip is taken off the end of a
	// path that Path matches.
	Drop     []string `json:",omitempty"`
	Fragment string   `json:",omitempty"`
	Strip    string   `json:",omitempty"`

	lower bool // the groups mean the same in lower case
}

// RuleError is a fault in [Rules].
type RuleError struct {
	Rule   int    // index in Hosts, or -1
	Name   string // of the rule; of an alias or kept host, its host
	Field  string // "aliases", "keep_slash", or a rule's "name", "hosts", "path" …
	Reason string // what was found and what is allowed
}

// Error names the rule and its field, and says what is wrong with it.
func (e *RuleError) Error() string {
	if e.Rule < 0 {
		return fmt.Sprintf("%s: %q: %s", e.Field, e.Name, e.Reason)
	}
	return fmt.Sprintf("rule %d %q: %s: %s", e.Rule+1, e.Name, e.Field, e.Reason)
}

// faultList collects what is wrong with rules.
type faultList []error

func (f *faultList) addFault(rule int, name, field, format string, args ...any) {
	*f = append(*f, &RuleError{rule, name, field, fmt.Sprintf(format, args...)})
}

// normalizeHosts returns the rules with their hosts in the form in which they are compared, and
// what is wrong with names and hosts.
func (r Rules) normalizeHosts() (Rules, faultList) {
	var out Rules
	var faults faultList
	out.Aliases = checkAliases(r.Aliases, &faults)
	for _, name := range r.KeepSlash {
		host, err := parseSiteHost(name, out.Aliases)
		if err != nil {
			faults.addFault(-1, name, "keep_slash", "%v", err)
		}
		out.KeepSlash = append(out.KeepSlash, host)
	}
	slices.Sort(out.KeepSlash)
	names := make(map[string]bool)
	for _, h := range builtin {
		names[h.Name] = true
	}
	for i, h := range r.Hosts {
		switch {
		case h.Name == "":
			faults.addFault(i, h.Name, "name", "missing: each rule needs a name of its own")
		case names[h.Name]:
			faults.addFault(i, h.Name, "name", "%q is the name of another rule, or of a built-in one: each needs "+
				"its own", h.Name)
		}
		names[h.Name] = true
		h.Hosts = checkHosts(h.Hosts, out.Aliases, func(format string, args ...any) {
			faults.addFault(i, h.Name, "hosts", format, args...)
		})
		out.Hosts = append(out.Hosts, h)
	}
	return out, faults
}

// checkAliases reads the aliases: each leads from one host to another, in one step.
func checkAliases(aliases map[string]string, faults *faultList) map[string]string {
	out := make(map[string]string)
	for _, alias := range slices.Sorted(maps.Keys(aliases)) {
		from, err := parseSiteHost(alias, nil)
		if err != nil {
			faults.addFault(-1, alias, "aliases", "%v", err)
			continue
		}
		to, err := parseSiteHost(aliases[alias], nil)
		if err != nil {
			faults.addFault(-1, alias, "aliases", "%v", err)
			continue
		}
		if _, ok := out[from]; ok {
			faults.addFault(-1, alias, "aliases", "%q is an alias already: list each host once", from)
		}
		out[from] = to
	}
	for _, from := range slices.Sorted(maps.Keys(out)) {
		if end, ok := out[out[from]]; ok {
			faults.addFault(-1, from, "aliases", "leads to %q, which is an alias of %q: name the host that both "+
				"stand for", out[from], end)
		}
	}
	return out
}

// checkHosts reads the hosts of a rule.
func checkHosts(names []string, aliases map[string]string, fault func(format string, args ...any)) []string {
	if len(names) == 0 {
		fault("missing: a rule needs the hosts that it applies to")
	}
	hosts := make([]string, len(names))
	for i, name := range names {
		if name == "*" {
			fault("%q: a rule for all hosts would fold other people's pages, name the hosts", name)
			continue
		}
		domain, below := strings.CutPrefix(name, "*.")
		host, err := parseSiteHost(domain, aliases)
		if err != nil {
			fault("%v", err)
			continue
		}
		if below {
			host = "*." + host
		}
		hosts[i] = host
	}
	return hosts
}

// parseSiteHost reads a host as it appears in keys. No key has the host of an alias.
func parseSiteHost(name string, aliases map[string]string) (string, error) {
	host, err := ParseHost(name)
	if err != nil {
		return "", err
	}
	if canonical, ok := aliases[host]; ok {
		return "", fmt.Errorf("%q is an alias: name %q, which it stands for", host, canonical)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host, nil
}
