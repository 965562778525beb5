package link

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rule is a HostRule ready for use.
type rule struct {
	path     *regexp.Regexp // nil: every path
	query    string
	key      []segment // nil: the rule gives no keys
	drop     []string
	fragment *regexp.Regexp // nil: none
	strip    string
	lower    bool
}

// segment is a part of a key: literal text, then a group if there is one.
type segment struct {
	literal string
	group   int // 0: none
}

// coversPath reports whether Drop and Fragment hold for a path.
func (r *rule) coversPath(path string) bool {
	return r.key != nil || r.path == nil || r.path.MatchString(path)
}

// appendPageKey appends the key of a page, if the rule gives one.
func (r *rule) appendPageKey(buf []byte, p page) ([]byte, bool) {
	groups := []string{""}
	if r.path != nil {
		groups = r.path.FindStringSubmatch(p.path)
		if groups == nil {
			return buf, false
		}
	}
	if r.query != "" {
		groups = append(groups, p.parameterValue(r.query))
	}
	for _, s := range r.key {
		buf = append(buf, s.literal...)
		if s.group == 0 {
			continue
		}
		id := groups[s.group]
		if id == "" || strings.ContainsAny(id, "/:") {
			return buf, false
		}
		if r.lower {
			id = strings.ToLower(id)
		}
		buf = append(buf, id...)
	}
	return buf, true
}

// compileHostRule reads a rule whose hosts have been checked. It reports each fault by its field.
func compileHostRule(h HostRule, fault func(field, format string, args ...any)) *rule {
	r := &rule{query: h.Query, drop: h.Drop, strip: h.Strip, lower: h.lower}
	groups := 0
	if h.Path != "" {
		re, err := regexp.Compile(h.Path)
		if err != nil {
			fault("path", "%q is not a pattern: %v", h.Path, err)
			return nil
		}
		r.path = re
		groups = re.NumSubexp()
	}
	if h.Query != "" {
		groups++
	}
	if h.Fragment != "" {
		re, err := regexp.Compile(h.Fragment)
		if err != nil {
			fault("fragment", "%q is not a pattern: %v", h.Fragment, err)
		}
		r.fragment = re
	}
	switch {
	case h.Key != "":
		key, err := parseKeyTemplate(h.Key, groups, h.Query != "")
		if err != nil {
			fault("key", "%v", err)
		}
		r.key = key
	case h.Query != "":
		fault("key", "missing: a rule with query needs one, such as %q", "name:$1")
	case len(h.Drop) == 0 && h.Fragment == "" && h.Strip == "":
		fault("key", "missing: a rule needs one of key, drop, fragment, strip")
	}
	if h.Strip != "" && h.Path == "" {
		fault("strip", "%q without path: only the paths that path matches are stripped", h.Strip)
	}
	if slices.Contains(h.Drop, "") {
		fault("drop", "an empty name: the names of parameters are needed")
	}
	return r
}

// parseKeyTemplate reads a key such as "npr:$2" for a rule with that number of groups; the last one
// is appended where it is a parameter's value and not named.
func parseKeyTemplate(key string, groups int, value bool) ([]segment, error) {
	var segments []segment
	rest, named := key, 0
	for rest != "" {
		literal, after, found := strings.Cut(rest, "$")
		for i := range len(literal) {
			if c := literal[i]; !unreserved[c] && c != ':' {
				return nil, fmt.Errorf("%q holds %q: a key holds letters, digits, -._~: and groups such as "+
					"$1", key, c)
			}
		}
		s := segment{literal: literal}
		if found {
			digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
			if digits != 1 || after[0] == '0' {
				return nil, fmt.Errorf("%q has a $ without a group's number from 1 to 9", key)
			}
			s.group = int(after[0] - '0')
			after = after[1:]
			if s.group > groups {
				return nil, fmt.Errorf("%q names group $%d, but the rule has %d", key, s.group, groups)
			}
			named = max(named, s.group)
		}
		segments = append(segments, s)
		rest = after
	}
	if value && named < groups {
		segments = append(segments, segment{group: groups})
		named = groups
	}
	if named == 0 {
		return nil, fmt.Errorf("%q names no group: all pages of the rule would be one", key)
	}
	if !strings.Contains(segments[0].literal, ":") {
		return nil, fmt.Errorf("%q has no family: write it as %q", key, "name:$1")
	}
	return segments, nil
}
