package link

import "strings"

// Family returns what comes before the last colon of a host rule's key, such as "kjzz:nid", or ""
// for another key. Within a family, different keys are different pages.
func Family(key string) string {
	if !madeByHostRule(key) {
		return ""
	}
	key, _, _ = strings.Cut(key, "#")
	return key[:max(0, strings.LastIndexByte(key, ':'))]
}

// IsRoot reports whether a key is that of a site's home page, or of its home page in a language
// ("/es"): such an address identifies no story.
func IsRoot(key string) bool {
	_, path, found := strings.Cut(key, "/")
	if !found {
		return false
	}
	path = strings.TrimSuffix(path, "/")
	return path == "" || len(path) == 2 && isASCIILetter(path[0]) && isASCIILetter(path[1])
}

// StoryLike reports whether a key has the form of a story's address: it may then be a claim. A host
// rule's key has it; another needs four digits in a row or a segment of three words, and must not
// end like a feed, a search, a section or somebody's page.
func StoryLike(key string) bool {
	if key == "" || IsRoot(key) {
		return false
	}
	if madeByHostRule(key) {
		return true
	}
	_, rest, _ := strings.Cut(key, "/")
	path := rest[:strings.IndexAny(rest+"?", "?#")]
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	last := len(segments) - 1
	if endings[strings.ToLower(segments[last])] || last > 0 && listings[strings.ToLower(segments[last-1])] {
		return false
	}
	if isHashedPath(path) {
		return false
	}
	for _, segment := range segments {
		if wordsInSlug(segment) >= 3 {
			return true
		}
	}
	return hasFourDigits(rest)
}

// endings lists last segments that no story's address has.
var endings = map[string]bool{
	"feed": true, "feeds": true, "rss": true, "rss.xml": true, "atom.xml": true,
	"tag": true, "tags": true, "topic": true, "topics": true, "category": true, "categories": true,
	"section": true, "author": true, "authors": true, "people": true, "search": true, "page": true,
	"archive": true, "podcasts": true, "shows": true, "programs": true, "donate": true,
	"live": true, "listen": true,
}

// listings lists segments below which there is a list, not a story.
var listings = map[string]bool{
	"tag": true, "topic": true, "category": true, "author": true, "people": true, "page": true,
}

// madeByHostRule reports whether a key was made by a host rule.
func madeByHostRule(key string) bool {
	return strings.IndexByte(key, '/') < 0 && strings.IndexByte(key, ':') >= 0
}

// isHashedPath reports the path of a key that was too long: nothing can be said of it.
func isHashedPath(path string) bool {
	return len(path) == 65 && path[0] == '~'
}

// wordsInSlug counts the words of a slug, joined by hyphens or underscores.
func wordsInSlug(slug string) int {
	n := 0
	for range strings.FieldsFuncSeq(slug, func(r rune) bool { return r == '-' || r == '_' }) {
		n++
	}
	return n
}

func hasFourDigits(s string) bool {
	run := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			run = 0
		} else if run++; run == 4 {
			return true
		}
	}
	return false
}

func isASCIILetter(c byte) bool {
	return 'a' <= lowerCaseByte(c) && lowerCaseByte(c) <= 'z'
}
