package credit

import (
	"slices"
	"strings"

	"fronteras/aggregator/markup"
)

// looked is how many other blocks at a text's end its credit can stand before.
const looked = 4

// Strip takes the desk's credit and origin line off a cleaned fragment, whatever brand they were
// worded with, and however often they were added: it stops at the fourth block from the end that is
// neither. So it does with the line that says where a CMS's item appeared first, also at the end of
// a paragraph. What other paragraphs say stays.
func (c *Credit) Strip(fragment string) string {
	var kept strings.Builder
	next := 0 // where what is kept next begins
	blocks := markup.Blocks(fragment)
	for _, cut := range c.Cuts(fragment, blocks) {
		b := blocks[cut.Block]
		kept.WriteString(fragment[next:b.Start])
		if written := fragment[b.Start:b.End]; cut.At > 0 || !markup.Balanced(written) {
			kept.WriteString(markup.CutAt(fragment, b, cut.At))
		}
		next = b.End
	}
	kept.WriteString(fragment[next:])
	return strings.TrimSpace(kept.String())
}

// Cut says what of a block is none of the text that it stands in: what its own text has from At on.
type Cut struct{ Block, At int }

// Cuts returns what Strip takes off a cleaned fragment, given its blocks, in their order.
func (c *Credit) Cuts(fragment string, blocks []markup.Block) []Cut {
	var cuts []Cut
	others := 0
	for n, b := range slices.Backward(blocks) {
		if others == looked {
			break
		}
		if c.isOwnCredit(b, fragment[b.Start:b.End]) {
			cuts = append(cuts, Cut{Block: n})
			continue
		}
		lines := FindAppeared(b)
		if len(lines) > 0 {
			cuts = append(cuts, Cut{n, len(strings.TrimRight(b.Text[:lines[0].Start], " "))})
		}
		if len(lines) == 0 || lines[0].Start > 0 {
			others++
		}
	}
	slices.Reverse(cuts)
	return cuts
}

// isOwnCredit reports whether a block of a fragment, written like that, is the desk's.
func (c *Credit) isOwnCredit(b markup.Block, written string) bool {
	return (strings.HasPrefix(written, openingTag) || c.Is(b.Text) || isOriginLine(b.Text)) && markup.Balanced(written)
}

// Is reports whether a paragraph is the desk's credit: it names the desk and holds, in their order,
// four fifths of a template's fixed words, without being more than twice as long.
func (c *Credit) Is(paragraph string) bool {
	if !c.NamesDesk(paragraph) {
		return false
	}
	words := lowerCaseWords(paragraph)
	return slices.ContainsFunc(c.wordings, func(fixed []string) bool {
		return len(fixed) > 0 && len(words) < 2*len(fixed)+2*c.longest &&
			5*commonSubsequence(fixed, words) >= 4*len(fixed)
	})
}

// NamesDesk reports whether a text holds a title of the desk's, in any language, as it is written or in
// one case.
func (c *Credit) NamesDesk(text string) bool {
	return slices.ContainsFunc(c.titles, func(title string) bool { return strings.Contains(text, title) })
}

// commonSubsequence is the length of the longest common subsequence of two lists of words.
func commonSubsequence(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
