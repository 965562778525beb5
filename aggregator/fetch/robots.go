package fetch

import (
	"strings"
	"unsafe"
)

// robots holds the rules of a robots.txt that are for us (RFC 9309).
type robots struct{ rules []robotsRule }

type robotsRule struct {
	path  string
	allow bool
}

// agent is the name by which a robots.txt can mean us.
const agent = "fronteras"

// parseRobots takes the rules of the groups that name us, otherwise of those for all.
func parseRobots(text string) *robots {
	var ours, all robots
	named, mine, every, open := false, false, false, false
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line, _, _ = strings.Cut(line, "#")
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if !open {
				mine, every = false, false
			}
			open = true
			name, _, _ := strings.Cut(strings.ToLower(value), "/")
			mine = mine || name == agent
			every = every || name == "*"
			named = named || mine
		case "allow", "disallow":
			open = false
			rule := robotsRule{strings.Clone(value), strings.EqualFold(strings.TrimSpace(key), "allow")}
			if value == "" {
				continue
			}
			if mine {
				ours.rules = append(ours.rules, rule)
			}
			if every {
				all.rules = append(all.rules, rule)
			}
		}
	}
	if named {
		return &ours
	}
	return &all
}

// size is about how many bytes the rules take.
func (r *robots) size() int {
	bytes := cap(r.rules) * int(unsafe.Sizeof(robotsRule{}))
	for _, rule := range r.rules {
		bytes += len(rule.path)
	}
	return bytes
}

// allowsAddress reports whether an address may be asked for: the longest rule that fits decides,
// and of two as long the one that allows.
func (r *robots) allowsAddress(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	path := "/"
	if at := strings.IndexAny(rest, "/?"); at >= 0 {
		path = rest[at:]
	}
	best := robotsRule{allow: true}
	for _, rule := range r.rules {
		if ruleMatchesPath(rule.path, path) && (len(rule.path) > len(best.path) ||
			len(rule.path) == len(best.path) && rule.allow) {
			best = rule
		}
	}
	return best.allow
}

// ruleMatchesPath reports whether a path begins as a rule says; "*" stands for anything, and "$"
// for the end.
func ruleMatchesPath(rule, path string) bool {
	rule, end := strings.CutSuffix(rule, "$")
	parts := strings.Split(rule, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for n, part := range parts[1:] {
		if end && n == len(parts)-2 {
			return strings.HasSuffix(path, part)
		}
		at := strings.Index(path, part)
		if at < 0 {
			return false
		}
		path = path[at+len(part):]
	}
	return !end || path == ""
}
