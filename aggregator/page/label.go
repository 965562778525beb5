package page

import (
	"regexp"
	"strings"

	"fronteras/aggregator/page/fields"
	"fronteras/aggregator/text"
)

// labels is what a page says of its story besides the text. A line of the text that says no more is
// none of it.
type labels struct {
	title   text.Headline
	byline  string
	authors []string
	address string
	guide   runs // of the articleBody
	whole   bool // the articleBody is not cut off
}

// A line at the top of a text, in words.
const (
	maxHeadline = 40 // that is the headline once more
	maxLabel    = 16 // a byline, a date
	maxDate     = 12 // a date that does not say what it is of

	maxLabelBytes = 1 << 10
)

func labelsOf(d *document, f fields.Fields) labels {
	l := labels{
		title: text.HeadlineOf(f.Entry.Title), byline: fold(f.Entry.Byline), address: d.Address,
		guide: runsOf(text.Tokens(nil, f.Body)), whole: isWhole(f.Body),
	}
	for _, a := range f.Entry.Authors {
		if a.Name != "" {
			l.authors = append(l.authors, fold(a.Name))
		}
	}
	return l
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// isWhole reports whether a text ends as texts do, and was not cut off.
func isWhole(s string) bool {
	s = strings.TrimRight(s, " \t\n\u00a0\"'”’»)]")
	return !strings.HasSuffix(s, "...") && s != "" && strings.ContainsAny(s[len(s)-1:], ".!?")
}

// isSentence reports whether a line ends as sentences do.
func isSentence(s string) bool { return sentenceEnd.MatchString(s[max(0, len(s)-lastBytes):]) }

// lastBytes is as much of a line's end as is looked at.
const lastBytes = 64

var sentenceEnd = regexp.MustCompile(`\pL{3,}[.!?][”"’)]?$`)

// kind says which label at the top of a story a line is, "" for none.
func (l *labels) kind(line *line) string {
	switch {
	case len(line.text) > maxLabelBytes:
		return ""
	case l.title.Text != "" && line.words <= maxHeadline && text.HeadlineOf(line.text).Text == l.title.Text:
		return "headline"
	case line.words > maxLabel:
		return ""
	case l.isByline(line.text):
		return "byline"
	case isDate(line.text):
		return "date"
	}
	return ""
}

// isByline reports whether a line names the authors.
func (l *labels) isByline(s string) bool {
	if byline.MatchString(s) {
		return true
	}
	low := fold(s)
	if strings.Contains(l.byline, " ") && strings.Contains(low, l.byline) && len(low) <= 2*len(l.byline)+20 {
		return true
	}
	for _, name := range l.authors {
		if strings.Contains(low, name) && len(low) <= len(name)+60 && !strings.ContainsAny(s, ".?!") {
			return true
		}
	}
	return false
}

var byline = regexp.MustCompile(`^(?:By|BY|by|Por|POR|Von|(?:Story|Written|Reported|Text|Words|Escrito|Texto)` +
	`(?: by| por))[:\s]\s*\p{Lu}`)

// isDate reports whether a short line above the text says when the story is from: it begins with
// "Published" or the like, or has a whole date and is no sentence.
func isDate(s string) bool {
	if !strings.ContainsAny(s, "0123456789") {
		return false
	}
	return stamped.MatchString(s) || dated.MatchString(s) && countWords(s) <= maxDate &&
		!strings.ContainsAny(s, "?!;") && !isSentence(s)
}

const months = `jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|` +
	`sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?`

var (
	stamped = regexp.MustCompile(`(?i)^(?:last |first )?(?:updated?|published|posted|aired|publicad[oa]|` +
		`actualizad[oa]|emitid[oa])\b.*\d`)
	dated = regexp.MustCompile(`(?i)\b(?:(?:` + months + `)\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|` +
		`\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?\pL{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d|` +
		`\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b`)
)
