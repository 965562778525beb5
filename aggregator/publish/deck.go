package publish

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// deckLength is how long a deck is that no station wrote, in characters.
const deckLength = 240

// deckOf is what stands below a headline: the station's own summary, where that is more than the text
// cut somewhere; otherwise whole sentences of the text's first paragraph. It is empty where the text is
// a heading, a list or a picture alone. Both are cleaned fragments without the desk's credit; the
// summary is the text where there is no other.
func deckOf(summary, content string, images []news.Image) string {
	if content == "" {
		return openingSentences(summary, images)
	}
	own, endMissing := withoutCut(firstLine(linesOf(summary)))
	if own == "" {
		return openingSentences(content, images)
	}
	whole, _ := withoutCut(singleLine(strings.ReplaceAll(markup.Text(summary), "\n", " ")))
	running := linesOf(content)
	first := firstLine(running)
	isText := beginsSo(strings.Join(running, "\n"), whole) || beginsSo(markup.Text(content), whole)
	switch {
	case !isText && endMissing:
		return text.LeadingSentences(own, deckLength, true)
	case !isText:
		return own
	case own == first || endsSentence(own) && beginsSo(first, own):
		if own == whole && utf8.RuneCountInString(own) <= deckLength {
			return own
		}
	}
	return openingSentences(content, images)
}

// firstLine is the first of some paragraphs that is no furniture.
func firstLine(paragraphs []string) string {
	for _, p := range paragraphs {
		if line := singleLine(p); line != "" && furniture.Kind(line, false) == "" {
			return line
		}
	}
	return ""
}

// openingSentences are the sentences that a text begins with: of its first paragraph that has a whole
// one, and is no furniture, caption or title. Where there is none, the first of what may be a title.
func openingSentences(fragment string, images []news.Image) (title string) {
	for _, p := range linesOf(fragment) {
		line, endMissing := withoutCut(singleLine(p))
		if line == "" || isNoText(line, images) {
			continue
		}
		if endsSentence(line) || endMissing || utf8.RuneCountInString(line) >= titleLength {
			return text.LeadingSentences(line, deckLength, endMissing)
		}
		title = cmp.Or(title, line)
	}
	return title
}

// isNoText reports whether a paragraph stands around a text, or below a picture.
func isNoText(line string, images []news.Image) bool {
	if furniture.Kind(line, false) != "" || furniture.IsCorrection(line) {
		return true
	}
	kind := furniture.ComparedKind(line, strings.ToLower(line))
	return kind != "" && kind != "newsletter" || // a story may be about one
		slices.ContainsFunc(images, func(i news.Image) bool { return line == i.Caption || line == captionOf(i) })
}

// linesOf returns the lines of a fragment's paragraphs, without those that are titles by their type.
// What goes on behind a break, with a small letter, is one line.
func linesOf(fragment string) (lines []string) {
	end := -1
	for _, b := range markup.Paragraphs(fragment) {
		if isBoldTitle(fragment[b.Start:b.End], b.Text) {
			continue
		}
		r, _ := utf8.DecodeRuneInString(b.Text)
		goesOn := end >= 0 && unicode.IsLower(r) && !endsSentence(lines[len(lines)-1]) &&
			strings.HasPrefix(fragment[end:b.Start], "<br") && strings.Count(fragment[end:b.Start], "<") == 1
		if end = b.End; goesOn {
			lines[len(lines)-1] += " " + b.Text
			continue
		}
		lines = append(lines, b.Text)
	}
	return lines
}

// isBoldTitle reports whether a paragraph is a title that is set as text, all in bold.
func isBoldTitle(paragraph, plain string) bool {
	inner, opens := strings.CutPrefix(paragraph, "<p><strong>")
	inner, closes := strings.CutSuffix(inner, "</strong></p>")
	return opens && closes && !strings.Contains(inner, "<strong>") && utf8.RuneCountInString(plain) < titleLength
}

// endsSentence reports whether a line ends like a sentence.
func endsSentence(line string) bool {
	line = strings.TrimRight(line, "”’»)]'\" ")
	return strings.TrimRight(line, ".!?…") != line
}

// withoutCut takes off a text what says that the rest of it is elsewhere: "[…]", "...", "Read more".
// The end is missing where what is left does not end like a sentence.
func withoutCut(line string) (kept string, endMissing bool) {
	kept = line
	for range 3 {
		tail := len(kept) - min(len(kept), maxInvitation)
		at := invitation.FindStringSubmatchIndex(kept[tail:])
		if at == nil {
			at = cutMark.FindStringSubmatchIndex(kept[tail:])
		}
		if at == nil {
			break
		}
		kept = strings.TrimRight(kept[:tail+max(at[3], at[0])], " ")
	}
	return kept, kept != line && kept != "" && !endsSentence(kept)
}

// maxInvitation is how long the end of a text may be that leads to the rest, in bytes.
const maxInvitation = 256

var (
	// cutMark matches the mark of a text that was cut, behind nothing.
	cutMark = regexp.MustCompile(`()\s*(?:\[\s*(?:…|\.{2,})\s*\]|\(\s*(?:…|\.{2,})\s*\)|…|\.{3,}|\s\.{2})\s*$`)
	// invitation matches what leads to the rest of a text, behind the mark of its end or beginning with
	// a capital.
	invitation = regexp.MustCompile(`(?:([.!?…\])”"»])\s*(?i:[\[(]?\b(?:read (?:more|on|the (?:full|whole|rest))|` +
		`continue reading|keep reading|more|full story|(?:leer|lee|lea|ver) más|(?:seguir|sigue|continuar|continúa) ` +
		`leyendo)\b[^.!?]{0,100}?)|()\s(?:[\[(](?i:read more|continue reading|more|leer más|seguir leyendo)|` +
		`Read [Mm]ore|Continue [Rr]eading(?:\b[^.!?]{0,100}[→»›])?|Keep [Rr]eading|Leer [Mm]ás|Lee [Mm]ás|Seguir [Ll]eyendo|Sigue [Ll]eyendo))` +
		`\s*[\])→»›…]*\s*$`)
)

// beginsSo reports whether a text begins with the words of another; of the last the end may be missing.
func beginsSo(whole, beginning string) bool {
	words := text.Words(beginning)
	if len(words) == 0 {
		return true
	}
	have := text.Words(whole[:min(len(whole), 2*len(beginning)+64)])
	last := len(words) - 1
	return len(have) > last && slices.Equal(have[:last], words[:last]) && strings.HasPrefix(have[last], words[last])
}
