package news

import "strings"

// PrimaryLanguage is the first subtag of a language tag (BCP 47), in lower case: es of es-MX.
func PrimaryLanguage(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary
}

// MatchLanguage finds among language tags the one for a language: its own, otherwise that of which it
// is a part (RFC 4647 3.4: es for es-MX), otherwise the first that has the primary language.
func MatchLanguage(tags []string, language string) (tag string, found bool) {
	if PrimaryLanguage(language) == "" {
		return "", false
	}
	for part := language; part != ""; part = part[:max(0, strings.LastIndexByte(part, '-'))] {
		for _, tag := range tags {
			if strings.EqualFold(tag, part) {
				return tag, true
			}
		}
	}
	for _, tag := range tags {
		if PrimaryLanguage(tag) == PrimaryLanguage(language) {
			return tag, true
		}
	}
	return "", false
}
