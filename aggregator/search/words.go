package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/spanish"

	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// maxWordBytes is how much of a word counts; longer ones are cut.
const maxWordBytes = 60

// Terms begin with a byte that says what they are: a word's form in a language, or what a filter asks for.
const (
	plainWord    = 'x' // of a language whose forms are not known: as it is written
	englishWord  = 'e'
	spanishWord  = 's'
	ofStation    = '1' // made or carried by it
	ofTopic      = '2'
	ofLanguage   = '3' // or a form of it
	everyStory   = '4' // no more than this byte
	ofStatus     = '5' // of a story that is not published
	mostTopics   = 64  // of a story that can be asked for
	mostStations = 256
)

// word is a word of a text: its letters and digits without case and accents, and where it stands.
type word struct {
	folded     string
	start, end int // bytes
}

// wordsOf are the words of a text, each handed to do until it returns false: runs of letters and digits. An
// apostrophe within a word is none of it, and the s of an English possessive is not either.
func wordsOf(content string, do func(word) bool) {
	start, last := -1, 0 // last: the end of the last letter
	emit := func() bool {
		from := start
		start = -1
		folded := fold(content[from:last])
		return folded == "" || do(word{folded, from, last})
	}
	for at, r := range content {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) && start >= 0:
			if start < 0 {
				start = at
			}
			last = at + utf8.RuneLen(r)
			if r == utf8.RuneError {
				last = at + 1
			}
		case isApostrophe(r) && start >= 0 && last == at:
		case start >= 0:
			if !emit() {
				return
			}
		}
	}
	if start >= 0 {
		emit()
	}
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

// letters are those that have no accent to be taken off, and are written otherwise where there is no key for them.
var letters = strings.NewReplacer(
	"ß",
	"ss",
	"æ",
	"ae",
	"œ",
	"oe",
	"ø",
	"o",
	"đ",
	"d",
	"ł",
	"l",
	"ı",
	"i",
	"þ",
	"th",
	"ð",
	"d",
)

// fold is a word without case, accents and apostrophes.
func fold(w string) string {
	if strings.ContainsFunc(w, isApostrophe) {
		cut := strings.LastIndexFunc(w, isApostrophe)
		_, size := utf8.DecodeRuneInString(w[cut:])
		if after := w[cut+size:]; after == "s" || after == "S" {
			w = w[:cut]
		}
		w = strings.Map(func(r rune) rune {
			if isApostrophe(r) {
				return -1
			}
			return r
		}, w)
	}
	w = strings.ToLower(text.WithoutDiacritics(w))
	if !text.IsASCII(w) {
		w = letters.Replace(w)
		w = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Lm, r) || unicode.Is(unicode.Mn, r) { // ʻokina, and what a lower case brought
				return -1
			}
			return r
		}, w)
	}
	if len(w) > maxWordBytes {
		end := maxWordBytes
		for !utf8.RuneStart(w[end]) {
			end--
		}
		w = w[:end]
	}
	return w
}

// stemmer gives words the form under which all their forms are found. It remembers some, since a text says the same
// words again and again. It is for one goroutine.
type stemmer struct {
	env   *snowballstem.Env
	known map[string]string // by kind and word
}

// maxKnownStems is how many a stemmer remembers.
const maxKnownStems = 20_000

func newStemmer() *stemmer {
	return &stemmer{env: snowballstem.NewEnv(""), known: map[string]string{}}
}

// kindOf is how words of a language are stemmed.
func kindOf(language string) byte {
	switch news.PrimaryLanguage(language) {
	case "en":
		return englishWord
	case "es":
		return spanishWord
	}
	return plainWord
}

// term is the term of a folded word in a language.
func (s *stemmer) term(kind byte, folded string) string {
	key := string(kind) + folded
	if kind == plainWord {
		return key
	}
	if t, ok := s.known[key]; ok {
		return t
	}
	s.env.SetCurrent(withAccent(kind, folded))
	if kind == englishWord {
		english.Stem(s.env)
	} else {
		spanish.Stem(s.env)
	}
	stem := text.WithoutDiacritics(s.env.Current())
	if stem == "" {
		stem = folded
	}
	if len(s.known) >= maxKnownStems {
		clear(s.known)
	}
	t := string(kind) + stem
	s.known[key] = t
	return t
}

// withAccent gives the Spanish endings that are known by their accent theirs again: readers, and headlines in
// capitals, write without. The singular then has the stem of its plural.
func withAccent(kind byte, folded string) string {
	if kind != spanishWord {
		return folded
	}
	if before, ok := strings.CutSuffix(folded, "cion"); ok {
		return before + "ción"
	}
	for _, ending := range [...]string{"logia", "logias"} {
		if before, ok := strings.CutSuffix(folded, ending); ok {
			return before + strings.Replace(ending, "i", "í", 1)
		}
	}
	return folded
}

// kinds are all forms in which a word of a reader is looked for.
var kinds = [...]byte{englishWord, spanishWord, plainWord}
