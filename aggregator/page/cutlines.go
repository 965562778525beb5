package page

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// Lines that are cut, in words.
const (
	maxLink      = 60  // nothing but a link
	minRepeated  = 8   // stood before
	minOutside   = 4   // not in the articleBody
	minSentence  = 12  // with a line of that many the text begins
	maxLoneTitle = 12  // a heading below which nothing stands
	maxTeaser    = 25  // a line below the title of a section of teasers
	maxBiography = 100 // a line below "About the author"
	maxTitleLine = 8   // a line that may be a section's title, though it is no heading
	headLines    = 2   // lines of text before which labels of the head may stand
)

// lineCutter says which lines of a text are none of it.
type lineCutter struct {
	lines   []*line
	labels  labels
	total   int       // words of all lines
	shares  []float64 // of each line's runs of words, those in the articleBody
	guided  int       // of that many lines the articleBody says whether they are text
	seen    map[uint64]bool
	begun   int    // lines of text so far
	section string // the furniture whose title was cut last
}

// cutLines cuts lines by what they say and where they stand.
func (c *cutting) cutLines(root *html.Node, labels labels) {
	r := newLineCutter(linesOf(root), labels)
	for i, l := range r.lines {
		if why := r.next(i); why != "" {
			c.cutLine(root, l, why)
			r.lines[i] = nil
		}
	}
	c.cutLoneHeadings(root, r.lines)
}

func newLineCutter(lines []*line, labels labels) *lineCutter {
	r := &lineCutter{lines: lines, labels: labels, shares: make([]float64, len(lines)), seen: map[uint64]bool{}}
	covered := 0
	for i, l := range lines {
		r.total += l.words
		if r.shares[i] = labels.guide.share(l.text); r.shares[i] > .5 {
			covered += l.words
		}
	}
	if len(labels.guide) >= minGuide && float64(covered) >= guideCovers*float64(r.total) {
		r.guided = len(lines)
		for !labels.whole && r.guided > 0 && r.shares[r.guided-1] <= .5 {
			r.guided-- // it may be text that was cut off
		}
	}
	return r
}

// next says what the line at i is, "" for text. It is asked about one line after another.
func (r *lineCutter) next(i int) string {
	l := r.lines[i]
	why := r.kind(i)
	switch {
	case why != "" && isKept(l.text):
		why = ""
	case why != "":
		if opensSection[why] && isTitle(l) {
			r.section = why
		}
	case r.section != "" && follows(l, r.section) && !isKept(l.text):
		why = r.section
	default:
		r.section = ""
	}
	r.seen[hashOf(l)] = true
	if why == "" && l.words >= minSentence && l.heading() == 0 {
		r.begun++
	}
	return why
}

// hashOf tells lines apart, however they are set.
func hashOf(l *line) uint64 { return text.Hash(strings.ToLower(l.text)) }

func (r *lineCutter) kind(i int) string {
	l := r.lines[i]
	switch {
	case l.words >= largePart(r.total):
		return ""
	case l.words >= minRepeated && r.seen[hashOf(l)] && !isQuestion(l.text): // interviewers ask again
		return "repeated"
	case isLink(l) && !r.isHeadingOfText(i), l.text == r.labels.address:
		return "link"
	case i < r.guided && l.heading() == 0 && l.words >= minOutside && r.shares[i] < guideMisses:
		return "outside"
	}
	if r.begun == 0 || r.begun < headLines && l.heading() == 0 {
		if why := r.labels.kind(l); why != "" {
			return why
		}
	}
	return furniture.Kind(l.text, 3*l.linked >= l.words)
}

// isLink reports whether a line is nothing but a link.
func isLink(l *line) bool { return l.words > 0 && l.words <= maxLink && 10*l.linked >= 9*l.words }

// isHeadingOfText reports whether a line is a heading above text that stands next to it.
func (r *lineCutter) isHeadingOfText(i int) bool {
	if r.lines[i].heading() == 0 || i+1 == len(r.lines) {
		return false
	}
	below := r.lines[i+1]
	return below.heading() == 0 && !isLink(below) && tree.IsWithin(below.parent, r.lines[i].container())
}

// opensSection lists the furniture whose title stands above lines of its kind.
var opensSection = map[string]bool{
	"related": true, "author": true, "newsletter": true, "comments": true, "trending": true,
}

// isTitle reports whether a line may be the title of a section: a heading, or a few words.
func isTitle(l *line) bool {
	return l.heading() > 0 || l.words <= maxTitleLine && l.linked == 0 && !isSentence(l.text)
}

// follows reports whether a line below the title of a section of furniture is of it: a link, an
// item of a list, or a few words. Below "About the author" it is also a paragraph.
func follows(l *line, section string) bool {
	switch {
	case l.heading() > 0:
		return false
	case section == "author":
		return l.words <= maxBiography
	case l.words > maxTeaser:
		return false
	case 3*l.linked >= l.words:
		return true
	}
	return !isSentence(l.text) && (l.words <= minSentence || l.within("li"))
}

// isQuestion reports whether a line ends in a question mark.
func isQuestion(s string) bool { return strings.HasSuffix(strings.TrimRight(s, "\"”’»"), "?") }

// cutLine takes a line out, and the line breaks behind it.
func (c *cutting) cutLine(root *html.Node, l *line, why string) {
	c.note(why, l.text, root)
	for after := l.nodes[len(l.nodes)-1].NextSibling; l.element() == nil && after != nil; {
		next := after.NextSibling
		if tree.IsElement(after, "br") {
			remove(after)
		} else if after.Type != html.TextNode || !isBlank(after.Data) {
			break
		}
		after = next
	}
	for _, n := range l.nodes {
		remove(n)
	}
}

// cutLoneHeadings cuts headings below which nothing stands: at the end, or above a heading of the
// same or a higher level. One that is a sentence is text.
func (c *cutting) cutLoneHeadings(root *html.Node, lines []*line) {
	const text, end = 8, 0
	below := end // the level of the heading that stands next
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		if l == nil {
			continue
		}
		level := l.heading()
		switch {
		case level == 0:
			below = text
		case below <= level && l.words <= maxLoneTitle && !isSentence(l.text) && !isKept(l.text):
			c.cutLine(root, l, "heading")
		default:
			below = level
		}
	}
}

// cutTranscript cuts what stands below a heading that says "Transcript", up to the next heading of
// its level.
func (c *cutting) cutTranscript(root *html.Node) {
	level := 0 // of the heading
	for _, l := range linesOf(root) {
		h := l.heading()
		switch {
		case level == 0 && h > 0 && transcript.MatchString(l.text):
			level = h
		case h > 0 && h <= level:
			level = 0
		}
		if level > 0 && !isKept(l.text) {
			c.cutLine(root, l, "transcript")
		}
	}
}

var transcript = regexp.MustCompile(`(?i)^(?:(?:read|full|interview|audio|complete)\s+)*(?:the )?transcript\W*$|` +
	`^transcripción(?: completa| de la entrevista)?\W*$`)
