package htmlclean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// textOfMarkup is the text of markup, a line for each block: as much of it as a limit can need.
func textOfMarkup(fragment string, limit int) string {
	fragment, _ = mendMarkup(fragment)
	z := html.NewTokenizer(strings.NewReader(fragment))
	var out []byte
	skip := ""
	for len(out) < 2*limit {
		switch z.Next() {
		case html.ErrorToken:
			return string(out)
		case html.TextToken:
			if skip == "" {
				out = append(out, z.Token().Data...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, _ := z.TagName()
			switch part := elements[string(raw)].part; {
			case skip == "" && rawText[string(raw)]:
				skip = string(raw)
			case part != partInline && part != partKept:
				out = append(out, '\n')
			}
		case html.EndTagToken:
			if raw, _ := z.TagName(); string(raw) == skip {
				skip = ""
			}
		}
	}
	return string(out)
}

// rawText lists the elements whose content is not text for a reader.
var rawText = vocabulary.SetOf(
	"script", "style", "template", "noscript", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
)

// Text is HTML for a text of which nobody says that it is HTML: one without a tag is plain text, whose
// references are decoded.
func (c *Cleaner) Text(value string) string {
	value = WithoutWrapping(strings.TrimSpace(text.WithoutControls(value)))
	if strings.IndexByte(value, '\n') < 0 || hasTag(value) {
		return c.HTML(value)
	}
	return c.Plain(html.UnescapeString(JoinHalves(value)))
}

// hasTag reports whether a text holds a tag, or a comment.
func hasTag(s string) bool {
	f := tagFinder{s: s}
	for i := strings.IndexByte(s, '<'); i >= 0 && i+1 < len(s); {
		c := s[i+1]
		if c == '!' || c == '?' || c == '/' || vocabulary.IsNameStart(c) && c != '_' && !f.isStray(i) {
			return true
		}
		next := strings.IndexByte(s[i+1:], '<')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// Plain is a fragment that shows a plain text, in at most the limit's bytes: blank lines part
// paragraphs, and its lines stay lines.
func (c *Cleaner) Plain(value string) string { return c.plain(value, 2) }

// PlainText is [Cleaner.Plain] for one text of which nobody asks what was left out.
func PlainText(value string, limit int) string { return (&Cleaner{Limit: limit}).Plain(value) }

// Paragraphs is Plain, with one paragraph at least.
func (c *Cleaner) Paragraphs(value string) string { return c.plain(value, 1) }

// plain makes elements of the paragraphs of a text if it has as many.
func (c *Cleaner) plain(value string, least int) string {
	paragraphs := paragraphsOf(value)
	write := func(limit int) (string, toll) {
		w := &writer{limit: limit}
		for _, lines := range paragraphs {
			w.writeLines(lines, len(paragraphs) >= least)
		}
		return w.cleaned(), w.toll
	}
	out, lost := write(c.Limit)
	c.takeDown(lost, out, func(limit int) int {
		whole, _ := write(limit)
		return len(whole)
	})
	return out
}

func (w *writer) writeLines(lines []string, inParagraph bool) {
	if inParagraph {
		w.beginElement("p", nil)
	}
	for i, line := range lines {
		if i > 0 {
			w.writeVoid("br", nil)
		}
		w.writeText(line)
	}
	if inParagraph {
		w.endElement()
	}
}

// paragraphsOf parts a plain text into paragraphs of lines.
func paragraphsOf(value string) (paragraphs [][]string) {
	value = strings.TrimSpace(text.WithoutControls(value))
	written := strings.Split(strings.ReplaceAll(value, "\r\n", "\n"), "\n")
	indented := isIndented(written)
	var lines []string
	end := func() {
		if indented {
			lines = joinWrapped(lines)
		}
		if len(lines) > 0 {
			paragraphs = append(paragraphs, lines)
		}
		lines = nil
	}
	for _, line := range written {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		} else {
			end()
		}
	}
	end()
	return paragraphs
}

// isIndented reports whether all lines of a text but the first are indented: that was done with the
// markup around it.
func isIndented(lines []string) bool {
	for _, line := range lines[1:] {
		if line = strings.TrimRight(line, " \t\r"); line != "" && line[0] != '\t' && !strings.HasPrefix(line, "  ") {
			return false
		}
	}
	return true
}

// How long lines are that were broken because they were too long.
const (
	shortestWrapped = 50
	longestWrapped  = 120
)

// joinWrapped puts the lines of an indented paragraph together: all where each but the last is as long
// as one that was broken, otherwise those that go on in small letters.
func joinWrapped(lines []string) []string {
	all := true
	for i, line := range lines {
		if n := utf8.RuneCountInString(line); i < len(lines)-1 && (n < shortestWrapped || n > longestWrapped) {
			all = false
		}
	}
	if len(lines) == 0 {
		return nil
	}
	var joined []string
	from := 0
	for i := 1; i <= len(lines); i++ {
		if i < len(lines) {
			first, _ := utf8.DecodeRuneInString(lines[i])
			if unicode.IsLower(first) || all && unicode.IsLetter(first) {
				continue
			}
		}
		joined = append(joined, strings.Join(lines[from:i], " "))
		from = i
	}
	return joined
}
