// Package markup splits cleaned fragments of HTML into what readers see as paragraphs.
package markup

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/text"
)

// Block is a run of text that a reader sees as one paragraph or line.
type Block struct {
	Text  string // plain, its white space folded
	Links []Link
	// HTML[Start:End] of the fragment is the block. Where it is all of one paragraph element, that
	// element's tags are included.
	Start, End int
}

// Link is an anchor inside a block. Where it stands is known by position, since its words may stand
// elsewhere in the block as well: Text is Block.Text[Start:End]. An anchor that ends in another
// block has no text here.
type Link struct {
	URL, Text  string
	Start, End int
}

// lineBreaking lists the elements that end a line. Cleaned fragments hold no others.
var lineBreaking = map[string]bool{
	"p": true, "br": true, "hr": true, "h2": true, "h3": true, "h4": true, "blockquote": true, "pre": true,
	"ul": true, "ol": true, "li": true, "dl": true, "dt": true, "dd": true, "figure": true, "figcaption": true,
	"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true, "div": true,
}

// Blocks splits a cleaned fragment into its blocks, in order; blocks without text are left out. It
// relies on what the cleaner guarantees: balanced tags, and no bare angle bracket in texts and
// attributes.
func Blocks(fragment string) []Block {
	var (
		blocks = make([]Block, 0, 1+strings.Count(fragment, "</p>"))
		words  []byte // of the block
		links  = make([]Link, 0, strings.Count(fragment, "</a>"))
		own    int // where the links of the block begin
		start  int
		anchor = -1 // where the text of an open link began
		opened int  // length of the paragraph tag right before start
	)
	flush := func(end, next int, closing bool) {
		if t := text.Fold(string(words)); t != "" {
			b := Block{Text: t, Start: start, End: end}
			if own < len(links) {
				b.Links = links[own:len(links):len(links)]
				placeLinks(b.Links, string(words), t)
			}
			if opened > 0 && closing {
				b.Start, b.End = start-opened, next
			}
			blocks = append(blocks, b)
		}
		words, own, anchor, start, opened = words[:0], len(links), -1, next, 0
	}
	for pos := 0; pos < len(fragment); {
		open := strings.IndexByte(fragment[pos:], '<')
		if open < 0 {
			words = append(words, html.UnescapeString(fragment[pos:])...)
			break
		}
		open += pos
		words = append(words, html.UnescapeString(fragment[pos:open])...)
		end := strings.IndexByte(fragment[open:], '>')
		if end < 0 {
			break
		}
		end += open + 1
		name, closing := tagName(fragment[open:end])
		switch {
		case lineBreaking[name]:
			flush(open, end, closing && name == "p")
			if name == "p" && !closing {
				opened = end - open
			}
		case name == "a" && !closing:
			links = append(links, Link{URL: attributeValue(fragment[open:end], "href")})
			anchor = len(words)
		case name == "a" && anchor >= 0:
			links[len(links)-1].Start, links[len(links)-1].End = anchor, len(words)
			anchor = -1
		}
		pos = end
	}
	flush(len(fragment), len(fragment), false)
	return blocks
}

// Paragraphs are the blocks of a cleaned fragment that are running text: none of a heading, a list, a
// table, a picture or preformatted lines, and none of a quotation unless there is nothing else.
func Paragraphs(fragment string) []Block {
	blocks := Blocks(fragment)
	if running := outsideOf(blocks, fragment, true); len(running) > 0 {
		return running
	}
	return outsideOf(blocks, fragment, false)
}

// isApart lists the elements whose text is no running text.
var isApart = map[string]bool{
	"h2": true, "h3": true, "h4": true, "ul": true, "ol": true, "dl": true, "table": true, "figure": true, "pre": true,
}

// outsideOf returns the blocks that stand in no element that is apart, where asked in no quotation either.
func outsideOf(blocks []Block, fragment string, quotations bool) (list []Block) {
	depth, next := 0, 0
	take := func(to int) { // the blocks that begin before a place
		for ; next < len(blocks) && blocks[next].Start < to; next++ {
			if depth == 0 {
				list = append(list, blocks[next])
			}
		}
	}
	for pos := 0; pos < len(fragment); {
		open := strings.IndexByte(fragment[pos:], '<')
		if open < 0 {
			break
		}
		open += pos
		end := strings.IndexByte(fragment[open:], '>')
		if end < 0 {
			break
		}
		pos = open + end + 1
		if name, closing := tagName(fragment[open:pos]); isApart[name] || quotations && name == "blockquote" {
			take(pos) // a block begins behind the tag before it, or with its own
			if closing {
				depth = max(depth-1, 0)
			} else {
				depth++
			}
		}
	}
	take(len(fragment) + 1)
	return list
}

// placeLinks gives a block's links their words, and their places in its text in exchange for those
// in the words that it was folded from.
func placeLinks(links []Link, words, folded string) {
	read, written := 0, 0 // as much of the words makes as much of the folded text
	for n := range links {
		l := &links[n]
		if l.Start == l.End {
			l.Start, l.End = 0, 0
			continue
		}
		written = foldedEnd(folded, written, words[read:l.Start])
		begin := written
		written = foldedEnd(folded, written, words[l.Start:l.End])
		read = l.End
		l.Text = strings.TrimSpace(folded[begin:written])
		l.Start = begin + strings.Index(folded[begin:written], l.Text)
		l.End = l.Start + len(l.Text)
	}
}

// foldedEnd is the place in a folded text behind some words of what it was folded from, which stand
// there from a place on.
func foldedEnd(folded string, from int, words string) int {
	for len(words) > 0 {
		r, size := utf8.DecodeRuneInString(words)
		switch {
		case !unicode.IsSpace(r):
			from += size
		case from < len(folded) && folded[from] == ' ':
			from++ // the first of several; after it there is a word
		}
		words = words[size:]
	}
	return from
}

// HasBlocks reports whether a cleaned fragment holds an element that cannot be in a paragraph.
func HasBlocks(fragment string) bool {
	for rest := fragment; ; {
		_, after, found := strings.Cut(rest, "<")
		if !found {
			return false
		}
		tag, more, _ := strings.Cut(after, ">")
		if name, _ := tagName(tag); lineBreaking[name] && name != "br" {
			return true
		}
		rest = more
	}
}

// Text is the fragment's text, one line a block.
func Text(fragment string) string {
	var lines []string
	for _, b := range Blocks(fragment) {
		lines = append(lines, b.Text)
	}
	return strings.Join(lines, "\n")
}

// tagName reads the name of a tag in lower case, and whether the tag ends an element.
func tagName(tag string) (name string, closing bool) {
	tag = strings.TrimPrefix(tag, "<")
	tag, closing = strings.CutPrefix(tag, "/")
	for end := range len(tag) {
		if c := tag[end]; c <= ' ' || c == '/' || c == '>' {
			return strings.ToLower(tag[:end]), closing
		}
	}
	return strings.ToLower(tag), closing
}

// attributeValue reads the value of a double-quoted attribute of a tag.
func attributeValue(tag, name string) string {
	_, rest, found := strings.Cut(tag, " "+name+`="`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// Balanced reports whether each element that a piece of a cleaned fragment opens is closed in it,
// and none that it did not open.
func Balanced(piece string) bool {
	var open []string
	for pos := strings.IndexByte(piece, '<'); pos >= 0; {
		end := strings.IndexByte(piece[pos:], '>')
		if end < 0 {
			return false
		}
		name, closing := tagName(piece[pos : pos+end+1])
		switch {
		case voidElements[name]:
		case !closing:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return false
		default:
			open = open[:len(open)-1]
		}
		piece = piece[pos+end+1:]
		pos = strings.IndexByte(piece, '<')
	}
	return len(open) == 0
}

// voidElements lists the elements of cleaned fragments that have no end tag.
var voidElements = map[string]bool{"br": true, "hr": true, "img": true}
