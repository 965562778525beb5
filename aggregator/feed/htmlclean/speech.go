package htmlclean

import (
	"strings"

	"golang.org/x/text/language"

	"fronteras/aggregator/text"
)

// speech is the language of a text and the direction in which it runs, "" where it is not said. A
// text from right to left cannot be read in the other direction.
type speech struct{ dir, lang string }

// speechOf is what an element says of its text.
func speechOf(attrs []htmlAttr) (s speech) {
	for _, a := range attrs {
		switch a.name {
		case "dir":
			if d := strings.ToLower(strings.TrimSpace(a.value)); d == "rtl" || d == "ltr" || d == "auto" {
				s.dir = d
			}
		case "lang", "xml:lang":
			if s.lang == "" {
				s.lang = knownLanguage(a.value)
			}
		}
	}
	return s
}

// knownLanguage is a language that people speak: what is marked for its colors has languages, too
// (lang="php").
func knownLanguage(written string) string {
	tag := text.LanguageTag(written)
	base, _, _ := strings.Cut(tag, "-")
	if _, err := language.ParseBase(base); err != nil {
		return ""
	}
	return tag
}

// within is an element's own speech, or what the elements around say whose tags are left out, up to
// the first that is written.
func (own speech) within(around []openElement) speech {
	for i := len(around) - 1; i >= 0 && (own.dir == "" || own.lang == "") && !around[i].written; i-- {
		o := around[i].speech
		if own.dir == "" {
			own.dir = o.dir
		}
		if own.lang == "" {
			own.lang = o.lang
		}
	}
	return own
}

// appendTo writes the attributes.
func (s speech) appendTo(out []byte) []byte {
	if s.dir != "" {
		out = append(append(append(out, ` dir="`...), s.dir...), '"')
	}
	if s.lang != "" {
		out = append(append(append(out, ` lang="`...), s.lang...), '"')
	}
	return out
}

// length is how many bytes the attributes take.
func (s speech) length() (n int) {
	if s.dir != "" {
		n = len(` dir=""`) + len(s.dir)
	}
	if s.lang != "" {
		n += len(` lang=""`) + len(s.lang)
	}
	return n
}
