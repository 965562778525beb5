package text

import (
	"slices"
	"strings"
)

// SplitNames divides a byline that may name several: at ";", "and", "&", "y", and at commas where
// each part has two words or more, for "Ruiz, Ana" is one. What follows a name, such as Jr. or PhD,
// belongs to it.
func SplitNames(s string) []string {
	s = strings.TrimSpace(trimBy(s))
	var parts []string
	for _, piece := range strings.Split(s, ";") {
		for _, part := range splitAtWords(piece) {
			parts = append(parts, splitAtCommas(part)...)
		}
	}
	var names []string
	for _, p := range parts {
		if p = strings.Trim(trimBy(strings.TrimSpace(p)), " ,"); p != "" {
			names = append(names, p)
		}
	}
	return names
}

// trimBy takes off the word that a byline begins with.
func trimBy(s string) string {
	for _, by := range [...]string{"by ", "por "} {
		if len(s) > len(by) && strings.EqualFold(s[:len(by)], by) {
			return strings.TrimSpace(s[len(by):])
		}
	}
	return s
}

// splitAtWords divides at the words that join names, outside brackets.
func splitAtWords(s string) []string {
	if strings.Contains(s, "|") || strings.HasPrefix(s, "@") {
		return []string{s}
	}
	var parts []string
	for from, depth, i := 0, 0, 0; ; i++ {
		if i == len(s) {
			return append(parts, s[from:])
		}
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth > 0 {
				continue
			}
			for _, word := range [...]string{" and ", " & ", " y "} {
				if strings.HasPrefix(strings.ToLower(s[i:min(len(s), i+len(word))]), word) {
					parts = append(parts, s[from:i])
					from = i + len(word)
				}
			}
		}
	}
}

// nameSuffixes stand behind a name and a comma and belong to it.
var nameSuffixes = []string{
	"jr", "sr", "ii", "iii", "iv", "phd", "md", "ma", "mba", "esq", "jd", "dds", "rn", "facp",
}

func isNameSuffix(s string) bool {
	return slices.Contains(nameSuffixes, strings.ToLower(strings.ReplaceAll(s, ".", "")))
}

// splitAtCommas divides at commas where what is between them has two words or more each.
func splitAtCommas(s string) []string {
	if strings.IndexByte(s, ',') < 0 || strings.ContainsAny(s, "@|(") {
		return []string{s}
	}
	var parts []string
	var part []string // a name, and what belongs to it
	for _, p := range strings.Split(s, ",") {
		p = strings.TrimSpace(p)
		if len(part) > 0 && isNameSuffix(p) {
			part = append(part, p)
		} else if p != "" {
			if len(part) > 0 {
				parts = append(parts, strings.Join(part, ", "))
			}
			part = append(part[:0], p)
		}
	}
	if len(part) > 0 {
		parts = append(parts, strings.Join(part, ", "))
	}
	if slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(p, " ") }) {
		return []string{s}
	}
	return parts
}
