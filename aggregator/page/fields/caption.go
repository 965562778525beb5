package fields

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// captionOf is what stands below a picture, and whose it is: in the nearest element around it that
// has either, and no other picture, headline or text of the story.
func captionOf(s *survey, img *html.Node) (caption, credit string) {
	within := img
	for left := maxCaptionAt; left > 0 && within.Parent != nil; left-- {
		within = within.Parent
		if s.around[within] || tree.IsElement(within, "article", "main", "body") || isBody(s, within) {
			return "", ""
		}
		if countPictures(within) > 1 && !tree.IsElement(within, "figure") {
			return "", ""
		}
		if caption, credit = captionIn(within); caption != "" || credit != "" {
			return caption, credit
		}
	}
	return "", ""
}

// isBody reports whether an element is the one that the layouts have for the text.
func isBody(s *survey, n *html.Node) bool {
	for _, m := range bodyMarks {
		for _, body := range s.marked[m.name] {
			if body == n {
				return true
			}
		}
	}
	return false
}

// countPictures counts the pictures in an element, up to two of different files.
func countPictures(n *html.Node) int {
	count, first := 0, ""
	for at, left := n, maxTextNodes; at != nil && left > 0 && count < 2; left-- {
		if tree.IsElement(at, "img", "amp-img") {
			name := tree.Attribute(at, "alt") + tree.Attribute(at, "src")
			if all := sourcesOf(at); len(all) > 0 {
				name = all[0].Address
			}
			if count == 0 || picture.FileOf(name) != first {
				count++
			}
			first = picture.FileOf(name)
		}
		at = tree.Following(at, n, false)
	}
	return count
}

// captionIn is the caption and the credit that an element holds.
func captionIn(n *html.Node) (caption, credit string) {
	for at, left := n, maxTextNodes; at != nil && left > 0; left-- {
		switch {
		case at.Type != html.ElementNode || at == n:
		case isUnseen(at):
			at = tree.Following(at, n, true)
			continue
		case isCreditElement(at):
			credit = joinCredit(credit, textWithout(at, maxName, isLabel))
			at = tree.Following(at, n, true)
			continue
		case caption == "" && (at.Data == "figcaption" || hasClass(at, captionClasses)):
			caption = strings.TrimSpace(textWithout(at, maxTitle, isBesideCaption))
		}
		at = tree.Following(at, n, false)
	}
	return parseCaption(caption, credit)
}

// isLabel reports an element that names the field next to it, as Drupal writes them.
func isLabel(n *html.Node) bool { return hasClass(n, labelClasses) }

func isBesideCaption(n *html.Node) bool { return isCreditElement(n) || isLabel(n) }

var labelClasses = tree.SetOf("field__label field-label visually-hidden")

func isCreditElement(n *html.Node) bool {
	if hasClass(n, creditClasses) {
		return true
	}
	for name := range strings.FieldsSeq(tree.Attribute(n, "itemprop")) {
		if name == "creditText" || name == "copyrightHolder" || name == "copyrightNotice" {
			return true
		}
	}
	return strings.EqualFold(tree.Attribute(n, "aria-label"), "image credit")
}

// joinCredit adds to a credit what another element says, unless it is said already: NPR prints each
// twice, Grove has the house in an element of its own.
func joinCredit(credit, more string) string {
	more = cleanCredit(more)
	switch low := lettersOf(more); {
	case credit == "":
		return more
	case low == "" || strings.Contains(lettersOf(credit), low):
		return credit
	case strings.Contains(low, lettersOf(credit)):
		return more
	}
	return credit + "/" + more
}

// parseCaption parts a caption and a credit: one at the caption's end is the credit, and what stands
// in both, or twice, stands once.
func parseCaption(caption, credit string) (string, string) {
	caption, credit = once(caption), cleanCredit(credit)
	if rest, ending := creditAtEnd(caption, credit); ending != "" {
		caption = rest
		if credit == "" || strings.Contains(lettersOf(ending), lettersOf(credit)) {
			credit = ending
		}
	}
	caption = once(caption)
	if lettersOf(caption) == lettersOf(credit) {
		caption = ""
	}
	if strings.Trim(caption, " .-–—") == "" {
		caption = ""
	}
	return text.Shorten(caption, maxSummary), text.Shorten(credit, maxName)
}

// once is a text that is not printed twice in a row.
func once(s string) string {
	s = strings.TrimSpace(s)
	if half := len(s) / 2; len(s)%2 == 1 && half > 0 && s[half] == ' ' && s[:half] == s[half+1:] {
		return s[:half]
	}
	return s
}

// creditAtEnd cuts a credit off the end of a caption: the known one, or what is by its form one.
func creditAtEnd(caption, known string) (rest, credit string) {
	if m := bracketEnd.FindStringSubmatchIndex(caption); m != nil {
		inside := strings.TrimSpace(caption[m[2]:m[3]])
		if known != "" && lettersOf(inside) == lettersOf(known) || creditForm.MatchString(inside) {
			return strings.TrimSpace(caption[:m[0]]), cleanCredit(inside)
		}
	}
	if m := labelEnd.FindStringSubmatchIndex(caption); m != nil {
		return strings.TrimSpace(strings.TrimRight(caption[:m[0]], " |–—-(")), cleanCredit(caption[m[2]:m[3]])
	}
	if before, found := strings.CutSuffix(caption, known); found && known != "" {
		return strings.TrimRight(before, " |–—-/(©"), known
	}
	return caption, ""
}

var (
	// bracketEnd is what stands in brackets at the end of a caption.
	bracketEnd = regexp.MustCompile(`[(\[]([^()\[\]]{2,200})[)\]]\s*\.?$`)
	// creditForm is what a credit in brackets looks like: "Ana Ruiz/KMSA", "Courtesy of the city".
	creditForm = regexp.MustCompile(`^[^/]{2,100}\S ?/ ?[^/]{2,100}$|` +
		`^(?i:photo|photos|photograph|image|courtesy|cortes[ií]a|foto|fotos|fotograf[ií]a|credit|cr[eé]dito|` +
		`illustration|via|©)\b|(?i)\bvia (?:AP|Getty|Reuters)|` +
		`^(?:AP|Reuters|AFP|EFE|NPR|Getty Images)$`)
	// labelEnd is a credit behind its label at the end of a caption.
	labelEnd = regexp.MustCompile(`[\s|(–—-](?i:(?:photo|image|picture|photography)(?: credit| courtesy)?|` +
		`credit|courtesy|foto|fotograf[ií]a|imagen|cr[eé]dito)s?(?: ?: ?| (?:by|de|por) )` +
		`([^:.()]{3,80}(?:\.[^:.()]{1,20})?)[).]?$`)
	creditLabel = regexp.MustCompile(`^(?i:(?:(?:photo|image|picture|photography|photographer)s?` +
		`(?: credit| courtesy)?|credits?|foto|fotos|fotograf[ií]a|imagen|cr[eé]ditos?|` +
		`illustration|illustrator|graphic)\s*:\s*|` +
		`(?:photo|image|picture) credit\s+|` +
		`(?:photos?|photograph|photographs|image|images|fotos?|fotograf[ií]a)\s+(?:by|de|por)\s+|©\s*)`)
)

// cleanCredit takes labels and brackets off a credit.
func cleanCredit(s string) string {
	s = strings.TrimSpace(s)
	for range 3 {
		before := s
		s = strings.TrimSpace(strings.Trim(s, "|–—- "))
		if len(s) > 1 && (s[0] == '(' && s[len(s)-1] == ')' || s[0] == '[' && s[len(s)-1] == ']') &&
			strings.Count(s, "(") < 2 {
			s = strings.TrimSpace(s[1 : len(s)-1])
		}
		s = s[len(creditLabel.FindString(s)):]
		if s = once(s); s == before {
			break
		}
	}
	return s
}
