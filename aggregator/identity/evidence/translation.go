package evidence

import (
	"regexp"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
)

// translation is a sentence that names the story in another language: "Translated from …", which
// says that it is the original, or "Read this story in English", which does not say which of the two
// came first.
type translation struct {
	directed bool
	links    []markup.Link // the first that can lead to the story; empty where none can
	maker    string        // words of "translated from …" that can name the original's maker
}

// translationWords lists parts of every sentence that is one, in lower case.
var translationWords = []string{"translat", "traduc", "english", "spanish", "español", "espanol", "inglés", "ingles"}

const (
	startOfSentence = `(?i)^[\s(\[*•–—-]*(?:(?:editor['’]s\s+note|nota\s+(?:del\s+editor|` +
		`de\s+la\s+redacción))\s*[:.–—-]\s*)?`
	storyNouns     = `(?:story|article|report|piece|post|version|column|essay|feature|interview)`
	storyNounsInES = `(?:artículo|historia|nota|reportaje|informe|pieza|noticia|texto|crónica|columna|versión|` +
		`entrevista|publicación|contenido)`
	languageNames = `(?:english|spanish|inglés|ingles|español|espanol|castellano)`
)

// directedPatterns find the beginning of a sentence that says that the text below it is a
// translation, up to where the original is named.
var directedPatterns = []*regexp.Regexp{
	regexp.MustCompile(startOfSentence + `(?:(?:this|the)\s+(?:[\pL’'-]+\s+){0,2}?` + storyNouns +
		`\s+(?:was|is|has\s+been)\s+|this\s+(?:was|is)\s+)?(?:originally\s+)?translated\s+` +
		`(?:(?:in)?to\s+` + languageNames + `\s+)?(?:by\s+.{1,60}?\s+)?from\s+`),
	regexp.MustCompile(startOfSentence + `(?:(?:this|` +
		`the)\s+(?:[\pL’'-]+\s+){0,2}?(?:` + storyNouns + `\s+)?is\s+)?` +
		`an?\s+(?:` + languageNames + `\s+)?translation\s+of\s+`),
	regexp.MustCompile(startOfSentence + `(?:(?:est[ea]|el|la)\s+` + storyNounsInES + `\s+(?:fue|es|ha\s+sido)\s+)?` +
		`traducid[oa]\s+(?:al\s+` + languageNames + `\s+)?(?:por\s+.{1,60}?\s+)?(?:del|de|desde)\s+`),
	regexp.MustCompile(startOfSentence + `(?:(?:est[ea]|el|la)\s+(?:` + storyNounsInES + `\s+)?es\s+)?` +
		`una\s+traducción\s+(?:al\s+` + languageNames + `\s+)?(?:del|de)\s+`),
	regexp.MustCompile(startOfSentence + `(?:(?:you\s+can\s+)?(?:read|see|find)|(?:lea|lee|leer|vea|ver|` +
		`consulte)(?:\s+aquí)?)\s+` +
		`(?:the|la|el)\s+(?:original(?:\s+` + storyNouns + `)?|(?:` + storyNounsInES + `\s+)?original)\s+` +
		`(?:in|en)\s+` + languageNames + `(?:\W|$)`),
}

// versionPattern finds a sentence that leads to the story in another language and no more.
var versionPattern = regexp.MustCompile(startOfSentence +
	`(?:(?:you\s+can\s+|click\s+(?:here\s+)?to\s+|haga\s+clic\s+(?:aquí\s+)?para\s+|para\s+|puede[s]?\s+)?` +
	`(?:read|view|find|listen\s+to|hear|lea|lee|leer|vea|ver|escuche|escucha|escuchar)\s+` +
	`(?:(?:this|the|it|la|el|est[ea])\s+)?(?:(?:` + storyNouns + `|` + storyNounsInES + `)\s+)?` +
	`(?:(?:here|aquí)\s+)?(?:in|en)\s+` + languageNames + `|` +
	`(?:(?:this|the|est[ea]|la|el)\s+)?(?:` + storyNouns + `|` +
	`` + storyNounsInES + `)\s+(?:is\s+(?:also\s+)?available\s+|` +
	`(?:también\s+)?está\s+disponible\s+)?(?:in|en)\s+` + languageNames + `|` +
	`(?:in|en)\s+` + languageNames + `\s*:)(?:\W|$)`)

// ofTranslator finds where, behind "translated from", somebody other than the original's maker is
// named, or nothing that can be one.
var ofTranslator = regexp.MustCompile(`(?i)\s(?:by|por|with|con|for|para|and|y|under|bajo)\s|[;|(]`)

// readTranslation reads a sentence, if it names the story in another language. End is where the
// original is named.
func readTranslation(said string) (directed bool, end int, found bool) {
	for _, pattern := range directedPatterns {
		if at := pattern.FindStringIndex(said); at != nil {
			return true, at[1], true
		}
	}
	return false, 0, versionPattern.MatchString(said)
}

// translationsOf reads the sentences of a block that name the story in another language.
func translationsOf(d *directory.Directory, b markup.Block) (list []translation) {
	for _, at := range sentenceSpans(b) {
		said := b.Text[at[0]:at[1]]
		directed, end, found := readTranslation(said)
		if !found {
			continue
		}
		t := translation{directed: directed}
		for _, l := range linksWithin(b.Links, at) {
			if link.StoryLike(d.Key(l.URL)) && !isOfTerms(said, l) {
				t.links = []markup.Link{l}
				break
			}
		}
		if directed {
			t.maker = said[end:]
			if at := ofTranslator.FindStringIndex(t.maker); at != nil {
				t.maker = t.maker[:at[0]]
			}
		}
		if len(t.links) > 0 || directed {
			list = append(list, t)
		}
	}
	return list
}

// beginsWithTranslation reports whether a short paragraph begins with a sentence that names the story
// in another language: it is none of the story's text.
func beginsWithTranslation(paragraph string) bool {
	if strings.Count(paragraph, " ") >= maxBoilerplateWords {
		return false
	}
	for _, at := range sentenceSpans(markup.Block{Text: paragraph}) {
		_, _, found := readTranslation(paragraph[at[0]:at[1]])
		return found
	}
	return false
}
