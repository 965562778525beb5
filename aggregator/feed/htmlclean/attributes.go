package htmlclean

import (
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// writtenAttribute is an attribute as a start tag writes it: tag[from:to] is its value, without
// quotes.
type writtenAttribute struct {
	name     string
	from, to int
	quote    byte // around the value, 0 if there is none
	valued   bool
}

// joinAttributes mends a start tag in which a text ends too early, because it holds quotes like
// those around it or has none: alt="A board that reads "ring twice" hangs there". Where it can be
// told where the text ends, its quotes are escaped; otherwise the attribute is emptied, for a
// fragment of a sentence says something else than the sentence.
func joinAttributes(tag string) string {
	attrs := readWritten(tag)
	for i, a := range attrs {
		if !a.valued || i+1 == len(attrs) || !goesOn(attrs[i+1:]) {
			continue
		}
		if a.quote == 0 {
			if !isText[a.name] {
				continue
			}
			return tag[:a.from] + `""` + tag[a.to:]
		}
		if end := textEnd(tag, a); end >= 0 {
			return tag[:a.from] + escapeQuote(tag[a.from:end], a.quote) + tag[end:]
		}
		return tag[:a.from] + tag[a.to:]
	}
	return tag
}

// isText lists the attributes that hold a sentence.
var isText = vocabulary.SetOf("alt", "title", "aria-label", "summary")

// readWritten reads the attributes of a start tag as an HTML parser does.
func readWritten(tag string) (all []writtenAttribute) {
	p := 1
	for p < len(tag) && !vocabulary.IsBlank(tag[p]) && tag[p] != '/' && tag[p] != '>' {
		p++
	}
	for {
		a, next := readOneWritten(tag, p)
		if next < 0 {
			return all
		}
		all = append(all, a)
		p = next
	}
}

// readOneWritten reads the attribute at p, and gives the place behind it; -1 if there is none.
func readOneWritten(tag string, p int) (a writtenAttribute, next int) {
	for p < len(tag) && (vocabulary.IsBlank(tag[p]) || tag[p] == '/') {
		p++
	}
	from := p
	for p < len(tag) && !vocabulary.IsBlank(tag[p]) && tag[p] != '/' && tag[p] != '>' && (tag[p] != '=' || p == from) {
		p++
	}
	if p == from {
		return a, -1
	}
	a.name, a.from, a.to = lowerLetters(tag[from:p]), p, p
	q := p
	for q < len(tag) && vocabulary.IsBlank(tag[q]) {
		q++
	}
	if q == len(tag) || tag[q] != '=' {
		return a, p
	}
	for q++; q < len(tag) && vocabulary.IsBlank(tag[q]); {
		q++
	}
	a.valued = true
	if q < len(tag) && (tag[q] == '"' || tag[q] == '\'') {
		a.quote, a.from = tag[q], q+1
		n := strings.IndexByte(tag[a.from:], a.quote)
		if n < 0 {
			a.to = len(tag)
			return a, len(tag)
		}
		a.to = a.from + n
		return a, a.to + 1
	}
	a.from = q
	for q < len(tag) && !vocabulary.IsBlank(tag[q]) && tag[q] != '>' {
		q++
	}
	a.to = q
	return a, q
}

// goesOn reports whether a tag goes on with words of a text and not with attributes: the next is one
// that HTML does not know, and has no value.
func goesOn(rest []writtenAttribute) bool {
	a := rest[0]
	return !a.valued && !isBareAttribute(a.name) || strings.ContainsAny(a.name, `"'`)
}

// isBareAttribute reports a name that may stand without a value: one of HTML, or one that a program
// has made.
func isBareAttribute(name string) bool {
	return bareAttributes[name] || strings.ContainsAny(name, "-:@") && !strings.ContainsAny(name, `"'`)
}

var bareAttributes = vocabulary.SetOf(
	"allowfullscreen", "alt", "async", "autoplay", "checked", "class", "compact", "controls", "crossorigin", "default",
	"defer", "disabled", "download", "height", "hidden", "href", "id", "inert", "ismap", "itemscope", "lang", "lazy",
	"loading", "loop", "muted", "name", "noshade", "nowrap", "open", "playsinline", "popover", "readonly", "required",
	"reversed", "selected", "sizes", "src", "srcset", "style", "title", "usemap", "width",
)

// textEnd is the place of the quote that ends a value for certain: the first behind which there is
// nothing but attributes, where the text up to there holds none. It is -1 if there is no such place.
func textEnd(tag string, a writtenAttribute) int {
	for p := a.to; p < len(tag); p++ {
		if tag[p] != a.quote {
			continue
		}
		if p > 0 && tag[p-1] == '=' { // it begins another attribute's value
			return -1
		}
		if areAttributes(tag[p+1:]) {
			return p
		}
	}
	return -1
}

// areAttributes reports whether the rest of a tag, behind a value, holds attributes alone.
func areAttributes(rest string) bool {
	if rest == "" || !vocabulary.IsBlank(rest[0]) && rest[0] != '/' && rest[0] != '>' {
		return false
	}
	for p := 0; ; {
		a, next := readOneWritten(rest, p)
		switch {
		case next < 0:
			return true
		case strings.ContainsAny(a.name, `"'`), !a.valued && !isBareAttribute(a.name):
			return false
		}
		p = next
	}
}

func escapeQuote(value string, quote byte) string {
	if quote == '"' {
		return strings.ReplaceAll(value, `"`, "&quot;")
	}
	return strings.ReplaceAll(value, "'", "&#39;")
}
