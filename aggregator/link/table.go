package link

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Table turns links into keys by the built-in rules and those of a configuration. It does not
// change, and may be used by many at once.
type Table struct {
	aliases   map[string]string
	keepSlash map[string]bool
	hash      string

	// The rules for a host are found under its name, otherwise under the nearest domain with a "*."
	// rule that it belongs to, otherwise in everywhere. Each list holds all that apply there, in
	// their order.
	exact      map[string][]*rule
	below      map[string][]*rule
	everywhere []*rule
}

// New makes a table of the built-in rules and further ones, which come first. It reports every
// fault it finds as a [*RuleError], joined by [errors.Join].
func New(rules Rules) (*Table, error) {
	rules, faults := rules.normalizeHosts()
	hosts := slices.Concat(rules.Hosts, builtin)
	compiled := make([]*rule, len(hosts))
	for i, h := range hosts {
		compiled[i] = compileHostRule(h, func(field, format string, args ...any) {
			faults.addFault(i, h.Name, field, format, args...)
		})
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("link rules: %w", err)
	}
	sum := sha256.Sum256(text)
	t := &Table{
		aliases:   rules.Aliases,
		keepSlash: make(map[string]bool),
		hash:      hex.EncodeToString(sum[:]),
	}
	for _, host := range rules.KeepSlash {
		t.keepSlash[host] = true
	}
	t.indexByHost(hosts, compiled)
	return t, nil
}

// BuiltIn returns the table of the built-in rules alone, for what is compared where no configuration
// is at hand.
var BuiltIn = sync.OnceValue(func() *Table {
	t, err := New(Rules{})
	if err != nil {
		panic(err) // the rules are literals, and tests compile them
	}
	return t
})

// Hash stands for the rules that the table was made of, the built-in ones excepted: for those there
// is [Version].
func (t *Table) Hash() string { return t.hash }

// indexByHost lists the rules by the hosts that they are for.
func (t *Table) indexByHost(hosts []HostRule, compiled []*rule) {
	applying := func(host string) (list []*rule) {
		for i, h := range hosts {
			if slices.ContainsFunc(h.Hosts, func(pattern string) bool { return patternCoversHost(pattern, host) }) {
				list = append(list, compiled[i])
			}
		}
		return list
	}
	t.exact, t.below = make(map[string][]*rule), make(map[string][]*rule)
	t.everywhere = applying("")
	for _, h := range hosts {
		for _, pattern := range h.Hosts {
			if domain, ok := strings.CutPrefix(pattern, "*."); ok {
				t.below[domain] = applying("." + domain) // any host below it
			} else if pattern != "*" {
				t.exact[pattern] = applying(pattern)
			}
		}
	}
}

// patternCoversHost reports whether a rule's host pattern covers a host. "*.domain" covers domain
// itself, for "www.domain" is below it and has the same keys.
func patternCoversHost(pattern, host string) bool {
	domain, ok := strings.CutPrefix(pattern, "*")
	return pattern == host || ok && strings.HasSuffix("."+host, domain)
}

// rulesForSite returns the rules that apply to a site, in order.
func (t *Table) rulesForSite(site string) []*rule {
	if list, ok := t.exact[site]; ok {
		return list
	}
	for domain, found := site, true; found; _, domain, found = strings.Cut(domain, ".") {
		if list, ok := t.below[domain]; ok {
			return list
		}
	}
	return t.everywhere
}
