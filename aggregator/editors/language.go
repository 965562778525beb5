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
// words; where args are given, they stand for its %s and %d. Where the first is 1, [singular] has the phrase.
func translate(in, phrase string, args ...any) string {
	if one := singular[phrase]; one != "" && len(args) > 0 && args[0] == 1 {
		phrase, args = one, args[1:]
	}
	if translated, ok := spanish[phrase]; ok && in == "es" {
		phrase = translated
	}
	if len(args) == 0 {
		return strings.ReplaceAll(phrase, "%%", "%")
	}
	return fmt.Sprintf(phrase, args...)
}

// singular holds what phrases that count something say of one, by the phrases for several.
var singular = map[string]string{
	"%d items:": "1 item:",
	"%d items were left out: the desk's filter for this feed does not take them.": "1 item was left out: the desk's " +
		"filter for this feed does not take it.",
	"%d items were left out: they wait for their pages, or are more than is taken in a day.": "1 item was left out: it " +
		"waits for its page, or is more than is taken in a day.",
	"%d more stories are left. What is decided here is about those above; the others come then.": "1 more story is left. " +
		"What is decided here is about those above; it comes then.",
	"%d more are not shown: decide some of these first.": "1 more is not shown: decide some of these first.",
	"That was too often. Try again in %d seconds.":       "That was too often. Try again in 1 second.",
	"That was too often. Try again in %d minutes.":       "That was too often. Try again in 1 minute.",
}
