package markup

import (
	"html"
	"strings"
	"unicode/utf8"
)

// CutAt is a block of a fragment as it is written there, without what its text holds from a place
// on. Of the elements around what is left out, those tags stay that others need: what the rest of
// the fragment opens is closed, and nothing more.
func CutAt(fragment string, b Block, at int) string {
	written := fragment[b.Start:b.End]
	end := placeInMarkup(written, b.Text, at)
	return strings.TrimRight(written[:end], " \t\r\n") + unmatchedTags(written[end:])
}

// placeInMarkup is where a place in the text of a block is in its markup.
func placeInMarkup(written, folded string, at int) int {
	place, pos := 0, 0
	for pos < len(written) {
		if written[pos] == '<' {
			end := strings.IndexByte(written[pos:], '>')
			if end < 0 {
				break
			}
			if place >= at { // what stands there is left out with its tags
				return pos
			}
			pos += end + 1
			continue
		}
		unit := textUnit(written[pos:])
		next := foldedEnd(folded, place, html.UnescapeString(unit))
		if next > at {
			return pos
		}
		place = next
		pos += len(unit)
	}
	return len(written)
}

// longestReference is how long a character reference of HTML can be: &CounterClockwiseContourIntegral;
const longestReference = 40

// textUnit is the character reference, or the character, that a text begins with.
func textUnit(written string) string {
	if written[0] == '&' {
		if end := strings.IndexByte(written[:min(len(written), longestReference)], ';'); end > 0 {
			return written[:end+1]
		}
	}
	_, size := utf8.DecodeRuneInString(written)
	return written[:size]
}

// unmatchedTags returns the tags of a piece of a fragment whose other half is not in it.
func unmatchedTags(piece string) string {
	type tag struct{ name, written string }
	var open []tag
	var closing strings.Builder
	for pos := strings.IndexByte(piece, '<'); pos >= 0; pos = strings.IndexByte(piece, '<') {
		piece = piece[pos:]
		end := strings.IndexByte(piece, '>')
		if end < 0 {
			break
		}
		written := piece[:end+1]
		name, closes := tagName(written)
		switch {
		case voidElements[name]:
		case !closes:
			open = append(open, tag{name, written})
		case len(open) > 0 && open[len(open)-1].name == name:
			open = open[:len(open)-1]
		default:
			closing.WriteString(written)
		}
		piece = piece[end+1:]
	}
	for _, t := range open {
		closing.WriteString(t.written)
	}
	return closing.String()
}

// Without is a fragment without some of its blocks, in their order. Where a block is a part of an
// element that holds more, the element's tags stay.
func Without(fragment string, blocks []Block) string {
	if len(blocks) == 0 {
		return fragment
	}
	var kept strings.Builder
	next := 0
	for _, b := range blocks {
		kept.WriteString(fragment[next:b.Start])
		if !Balanced(fragment[b.Start:b.End]) {
			kept.WriteString(CutAt(fragment, b, 0))
		}
		next = b.End
	}
	kept.WriteString(fragment[next:])
	return strings.TrimSpace(kept.String())
}
