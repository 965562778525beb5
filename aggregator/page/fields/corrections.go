package fields

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// correctionsOf takes the notes of correction: those of JSON-LD, and those that the page shows.
func correctionsOf(f *findings) (all []string) {
	add := func(note string) {
		if note = text.Shorten(note, maxTitle); note == "" || len(all) == maxNotes {
			return
		}
		key := lettersOf(note)
		if !slices.ContainsFunc(all, func(other string) bool { return strings.Contains(lettersOf(other), key) }) {
			all = append(all, note)
		}
	}
	for n := f.Root; n != nil; {
		if n.Type == html.ElementNode && len(all) < maxNotes && isCorrection(n) && !f.isForeign(n) {
			add(noteText(n))
			n = tree.Following(n, f.Root, true)
			continue
		}
		n = tree.Following(n, f.Root, false)
	}
	for _, note := range f.data.corrections(f.article) {
		add(markupLine(note, maxTitle))
	}
	return all
}

// corrections returns the notes of correction of an object of JSON-LD: texts, or objects with one.
func (d *linkedData) corrections(o object) []string {
	all := o.texts("correction")
	for _, c := range d.objects(o["correction"]) {
		for _, name := range [...]string{"text", "description", "name"} {
			if s := c.text(name); s != "" {
				all = append(all, s)
				break
			}
		}
	}
	return all
}

// isCorrection reports an element that is a note of correction: by its class, by the words that it
// begins with, or by what it says.
func isCorrection(n *html.Node) bool {
	if isUnseen(n) ||
		tree.IsElement(n, "html", "body", "main", "article", "a", "span", "head", "meta", "link", "title") {
		return false
	}
	if hasClassWord(n, correctionWords) {
		s := shownText(n)
		return len(strings.Fields(s)) > 3 && len(s) < maxTitle
	}
	if tree.IsElement(n, "p", "li", "blockquote", "h2", "h3", "h4", "h5", "h6") ||
		tree.IsElement(n, "div", "aside", "section") && !hasBlocks(n) {
		s := shownText(n)
		words := strings.Fields(s)
		return len(words) > 3 && len(words) <= 150 && (correctionBegins.MatchString(s) ||
			maySayCorrection(s) && correctionSays.MatchString(s))
	}
	return false
}

// noteText is the text of a note of correction, whose heading ends with a colon.
func noteText(n *html.Node) string {
	whole := shownText(n)
	for at, left := tree.Following(n, n, false), maxKept; at != nil && left > 0; left-- {
		if tree.IsElement(at, "h2", "h3", "h4", "h5", "h6", "strong", "b") {
			head := shownText(at)
			rest, found := strings.CutPrefix(whole, head)
			if rest = strings.TrimSpace(rest); found && rest != "" && head != "" &&
				!strings.ContainsAny(head[len(head)-1:], ":.,—") && !strings.ContainsAny(rest[:1], ":.,—-") {
				return head + ": " + rest
			}
			break
		}
		if at.Type == html.TextNode && strings.TrimSpace(at.Data) != "" {
			break
		}
		at = tree.Following(at, n, false)
	}
	return whole
}

// hasBlocks reports whether an element has a block among its children.
func hasBlocks(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if tree.IsBlock(c) && c.Data != "br" {
			return true
		}
	}
	return false
}

// maySayCorrection looks for parts of words that correctionSays asks for: most paragraphs have none,
// and looking for these costs a tenth.
func maySayCorrection(s string) bool {
	return slices.ContainsFunc(correctionParts, func(part string) bool { return strings.Contains(s, part) })
}

var correctionParts = []string{
	"ersion", "ersión", "orrected", "pdated to", "orregid", "ctualizad", "VERSI", "CORRE", "UPDATED", "ACTUALIZ",
}

var (
	correctionBegins = regexp.MustCompile(`^(?i:\W{0,3}(?:corrections?|clarifications?|correcci[oó]n(?:es)?|` +
		`aclaraci[oó]n(?:es)?|rectificaci[oó]n|fe de erratas|erratum))\b` +
		`(?:[^:.]{0,60}[:—–]| -|,? (?:\p{Lu}\w+\.? \d{1,2}|\(|on |of |to ))`)
	correctionSays = regexp.MustCompile(`(?i)\b(?:(?:an?|the) (?:earlier|previous|prior|original) version of ` +
		`(?:this|the) (?:story|article|report|post|headline|photo caption|caption|piece)|` +
		`an (?:earlier|previous) version (?:incorrectly|wrongly|misstated|misidentified|misspelled|` +
		`gave|had|said|stated)|` +
		`this (?:story|article|report|post) (?:has been|was) ` +
		`(?:corrected|updated to correct|updated to clarify)|una versi[oó]n (?:anterior|previa) de (?:esta|este) ` +
		`(?:nota|historia|art[ií]culo|reportaje|informe)|` +
		`(?:esta|este) (?:nota|historia|art[ií]culo) (?:ha sido|fue) ` +
		`(?:corregid[oa]|actualizad[oa] para corregir))`)
)
