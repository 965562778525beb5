package evidence

import (
	"slices"
	"strings"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// TextFeatures is a text in paragraphs, with the sentences that say where it was first published.
// The line that a CMS put under it is no part of it.
type TextFeatures struct {
	Blocks    []markup.Block
	Credited  bool           // it has the desk's credit
	traits    []attribution  // of the blocks
	own       []markup.Block // without the paragraphs that hold the desk's title
	sentences []sentence

	translations []translation
}

// attribution is what a paragraph shows by its words alone.
type attribution struct {
	desk        bool // it holds the desk's title
	credit      bool // it is the desk's credit or origin line
	attribution bool // it may say where a story is from
	translation bool // it may name a story in another language
	boilerplate bool // it is none of the story's text
}

// Read parts a text into paragraphs, and finds the sentences that say where it was first published:
// in the first and last two, the desk's credit not counted, and in the lines of CMSs.
func Read(d *directory.Directory, fragment string) *TextFeatures {
	blocks := markup.Blocks(fragment)
	p := &TextFeatures{Blocks: blocks[:0]}
	p.traits = make([]attribution, 0, len(blocks))
	cuts := d.Credit.Cuts(fragment, blocks)
	desk := false
	var lines []sentence
	for n, b := range blocks {
		isCredit := false
		if len(cuts) > 0 && cuts[0].Block == n {
			said := appearedIn(b)
			lines = append(lines, said...)
			if isCredit = len(said) == 0; !isCredit {
				b = withoutEnd(b, cuts[0].At)
			}
			cuts = cuts[1:]
		}
		if b.Text == "" {
			continue
		}
		t := attributionOf(d, b.Text)
		t.credit = isCredit
		desk = desk || t.desk
		p.Credited = p.Credited || t.desk && d.Credit.Is(b.Text)
		p.Blocks, p.traits = append(p.Blocks, b), append(p.traits, t)
	}
	p.own = p.Blocks
	if desk {
		p.own = make([]markup.Block, 0, len(p.Blocks))
		for n, b := range p.Blocks {
			if !p.traits[n].desk {
				p.own = append(p.own, b)
			}
		}
	}
	p.sentences = slices.Concat(sentencesIn(d, p, false), sentencesIn(d, p, true), lines)
	p.translations = translationsIn(d, p)
	return p
}

// withoutEnd is a block without what its text has from a place on.
func withoutEnd(b markup.Block, at int) markup.Block {
	b.Text = b.Text[:at]
	b.Links = slices.DeleteFunc(slices.Clone(b.Links), func(l markup.Link) bool { return l.End > at })
	return b
}

func attributionOf(d *directory.Directory, text string) attribution {
	low := strings.ToLower(text)
	t := attribution{desk: d.Credit.NamesDesk(text)}
	short := strings.Count(text, " ") < maxAttributionWords
	t.attribution = short && containsAnyOf(low, attributionVerbs)
	t.translation = short && containsAnyOf(low, translationWords)
	t.boilerplate = t.desk || t.attribution && saysOrigin(text) || furniture.IsBoilerplate(text, low) ||
		t.translation && beginsWithTranslation(text)
	return t
}

// sentencesIn returns those that say where a story is from: in the paragraphs that hold the desk's
// title, or in the first and last two of those that do not.
func sentencesIn(d *directory.Directory, p *TextFeatures, desk bool) (list []sentence) {
	place := 0
	for n, b := range p.Blocks {
		if p.traits[n].desk != desk {
			continue
		}
		place++
		if !p.traits[n].attribution || len(b.Text) > maxAttributionBytes || len(b.Links) >= maxAttributionWords ||
			strings.Count(b.Text, " ") >= maxAttributionWords ||
			!desk && place > 2 && place <= len(p.own)-2 {
			continue
		}
		next := markup.Block{}
		if n+1 < len(p.Blocks) && len(p.Blocks[n+1].Text) <= maxAttributionBytes &&
			len(p.Blocks[n+1].Links) < maxAttributionWords {
			next = p.Blocks[n+1]
		}
		list = append(list, sentencesOf(d, b, next, desk)...)
	}
	return list
}

// translationsIn reads the sentences of the first and last two paragraphs that name the story in
// another language. A longer paragraph is text, whatever it says of languages.
func translationsIn(d *directory.Directory, p *TextFeatures) (list []translation) {
	place := 0
	for n, b := range p.Blocks {
		if p.traits[n].desk {
			continue
		}
		place++
		if p.traits[n].translation && len(b.Text) <= maxAttributionBytes &&
			len(b.Links) < maxAttributionWords && (place <= 2 || place > len(p.own)-2) {
			list = append(list, translationsOf(d, b)...)
		}
	}
	return list
}

// translatedFrom returns the makers that a text says it was translated from.
func translatedFrom(d *directory.Directory, p *TextFeatures) (makers []news.Maker) {
	for _, t := range p.translations {
		if t.maker == "" {
			continue
		}
		for _, m := range d.NamedIn(t.maker) {
			if !slices.Contains(makers, m) {
				makers = append(makers, m)
			}
		}
	}
	return makers
}

// Story returns the paragraphs of a text that are compared: without credits and origin lines,
// boilerplate, and the paragraphs that recur in its feed, given by their hashes, ascending. Notes
// of correction stay.
func (p *TextFeatures) Story(recurring []uint64) []string {
	kept := make([]string, 0, len(p.Blocks))
	for n, b := range p.Blocks {
		t := p.traits[n]
		isStory := furniture.IsCorrection(b.Text) || !t.boilerplate && !isRecurring(b.Text, recurring)
		if !t.credit && isStory {
			kept = append(kept, b.Text)
		}
	}
	return kept
}

func isRecurring(paragraph string, recurring []uint64) bool {
	_, found := slices.BinarySearch(recurring, text.Hash(paragraph))
	return found
}

// saysOrigin reports whether a paragraph begins with a sentence that says where a story was first
// published. A long one is text, whatever it begins with.
func saysOrigin(paragraph string) bool {
	if len(paragraph) > maxAttributionBytes || strings.Count(paragraph, " ") >= maxAttributionWords {
		return false
	}
	for _, at := range sentenceSpans(markup.Block{Text: paragraph}) {
		_, found := readSentence(paragraph[at[0]:at[1]])
		return found
	}
	return false
}

func containsAnyOf(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
