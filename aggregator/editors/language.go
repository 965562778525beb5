package editors

import (
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// languages are those of the pages; the first serves where no other does.
var languages = []string{"en", "es"}

// languageNames are the phrases for the languages.
var languageNames = map[string]string{"en": "English", "es": "Spanish"}

// maxAccept is how long a list of languages may be that is read, in bytes.
const maxAccept = 256

// chooseLanguage gives the language of an answer: the person's own, otherwise what the browser accepts,
// otherwise the desk's.
func chooseLanguage(own, accepted, desk string) string {
	if len(accepted) > maxAccept {
		accepted = ""
	}
	for _, list := range []string{own, accepted, desk} {
		tags, _, err := language.ParseAcceptLanguage(list)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, at, confidence := matcher().Match(tags...); confidence >= language.High {
			return languages[at]
		}
	}
	return languages[0]
}

var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, name := range languages {
		tags = append(tags, language.Make(name))
	}
	return language.NewMatcher(tags)
})

// translate gives a phrase of the pages in one of their languages. A phrase is named by its English
// words; where args are given, they stand for its %s and %d.
func translate(in, phrase string, args ...any) string {
	if translated, ok := spanish[phrase]; ok && in == "es" {
		phrase = translated
	}
	if len(args) == 0 {
		return strings.ReplaceAll(phrase, "%%", "%")
	}
	return fmt.Sprintf(phrase, args...)
}
