package publish

import (
	"net/url"
	"strings"
)

// Locale is the language of a page, and whether its address says so.
type Locale struct {
	Language string // one of [Languages]
	InPath   bool   // the page's address begins with it, and so do those that the page links to
}

// Path is the address of a page in a locale: /es/days/2026-11-27 for /days/2026-11-27.
func (l Locale) Path(path string) string {
	if l.InPath {
		return "/" + l.Language + path
	}
	return path
}

// SplitLocale parts an address that begins with one of [Languages]: /es/search is /search in es. The
// rest of /es is empty. Of any other address ok is false.
func SplitLocale(path string) (language, rest string, ok bool) {
	for _, w := range languages {
		if after, found := strings.CutPrefix(path, "/"+w.Language); found && (after == "" || after[0] == '/') {
			return w.Language, after, true
		}
	}
	return "", "", false
}

// IsPage reports whether an address below the desk's belongs to the pages for people, which there
// are in each language, rather than to the documents for programs, which there are once.
func IsPage(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "", "days", "search", "stations", "status", "stories", "topics":
		return true
	case "archive", "podcast": // which have documents of feeds as well
		return !strings.Contains(path, ".")
	}
	return false
}

// otherLanguages lead from a page to itself in each other language.
func otherLanguages(p page, path string, s Selection) (list []pageLink) {
	for _, w := range languages {
		if w.Language != p.W.Language {
			there := p.linkTo(Locale{w.Language, true}.Path(path), s)
			list = append(list, pageLink{Language: w.Language, Name: languageName(w.Language), URL: there})
		}
	}
	return list
}

// inAllLanguages are the public addresses of a page in all languages, for search engines. Who follows
// the one without a language gets the page in the language that their browser prefers.
func inAllLanguages(e *Edition, path string, s Selection) (list []alternate) {
	for _, w := range languages {
		list = append(
			list,
			alternate{Language: w.Language, URL: e.publicAddress(Locale{w.Language, true}.Path(path), s)},
		)
	}
	return append(list, alternate{Language: "x-default", URL: e.publicAddress(path, s)})
}

// allLocales lists the locales that addresses of pages can have, that of none first.
func allLocales() []Locale {
	list := []Locale{{}}
	for _, w := range languages {
		list = append(list, Locale{w.Language, true})
	}
	return list
}

// escapePath is a value as it stands in the path of an address, with its slashes.
func escapePath(value string) string { return (&url.URL{Path: value}).EscapedPath() }
