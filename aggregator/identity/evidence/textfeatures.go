package evidence

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/text"
)

// originSentences find the beginning of a sentence that says where a story was first published. Its
// subject is the story or nothing: a sentence about a photo is none, nor is "first reported by" or
// "as X reported".
var originSentences = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(?:[^.:]{0,40}:\s*)?(?:(?:a version of )?(?:this|the)\s+(?:story|article|report|piece|` +
		`interview|segment|episode)\b[^.]{0,60}?\s)?(?:(?:was|is|has been)\s+)?(?:(?:originally|first)` +
		`\s+(?:published|produced|aired|appeared)|republished|reprinted\s+from)\b`),
	regexp.MustCompile(`(?i)^(?:[^.:]{0,40}:\s*)?(?:(?:una versión de )?(?:este|esta|el|la)\s+(?:artículo|historia|` +
		`nota|reportaje|informe|pieza|entrevista|segmento|episodio|noticia)\s(?:[^.]{0,60}?\s)?)?(?:fue\s+|` +
		`ha sido\s+)?(?:publicad[oa]\s+(?:originalmente|por primera vez)|se\s+publicó\s+(?:originalmente|` +
		`por primera vez))`),
}

// sentence is one that says where a story was first published.
type sentence struct {
	text      string
	paragraph string // that it is in
	links     []markup.Link
	desk      bool // its paragraph holds the desk's title: nothing in it names an origin
}

// TextFeatures is a text in paragraphs, with the sentences that say where it was first published.
type TextFeatures struct {
	Blocks    []markup.Block
	Credited  bool // it has the desk's credit
	fragment  string
	traits    []attribution  // of the blocks
	own       []markup.Block // without the paragraphs that hold the desk's title
	sentences []sentence
}

// attribution is what a paragraph shows by its words alone.
type attribution struct {
	desk        bool // it holds the desk's title
	attribution bool // it may say where a story is from
	boilerplate bool // it is none of the story's text
}

// Read parts a text into paragraphs, and finds the sentences that say where it was first published:
// in the first and last two, the desk's credit not counted.
func Read(d *directory.Directory, fragment string) *TextFeatures {
	p := &TextFeatures{fragment: fragment, Blocks: markup.Blocks(fragment)}
	p.traits = make([]attribution, len(p.Blocks))
	desk := false
	for n, b := range p.Blocks {
		p.traits[n] = attributionOf(d, b.Text)
		desk = desk || p.traits[n].desk
		p.Credited = p.Credited || p.traits[n].desk && d.Credit.Is(b.Text)
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
	p.sentences = append(sentencesIn(p, false), sentencesIn(p, true)...)
	return p
}

func attributionOf(d *directory.Directory, text string) attribution {
	low := strings.ToLower(text)
	t := attribution{desk: d.Credit.NamesDesk(text), attribution: containsAnyOf(low, attributionVerbs)}
	t.boilerplate = t.desk || t.attribution && saysOrigin(text) || isBoilerplate(text, low)
	return t
}

// sentencesIn returns those that say where a story is from: in the paragraphs that hold the desk's
// title, or in the first and last two of those that do not.
func sentencesIn(p *TextFeatures, desk bool) (list []sentence) {
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
		for _, said := range splitSentences(b.Text) {
			if saysOrigin(said) {
				list = append(list, sentence{said, b.Text, linksInSentence(said, b.Links), desk})
			}
		}
	}
	return list
}

// Story returns the paragraphs of a text that are compared: without credits and origin lines,
// boilerplate, and the paragraphs that recur in its feed, given by their hashes, ascending. Notes
// of correction stay.
func (p *TextFeatures) Story(d *directory.Directory, recurring []uint64) []string {
	kept := make([]string, 0, len(p.Blocks))
	ours := d.Credit.Ours(p.fragment, p.Blocks)
	for n, b := range p.Blocks {
		_, own := slices.BinarySearch(ours, n)
		if !own && (IsCorrection(b.Text) ||
			!p.traits[n].boilerplate && !isRecurring(b.Text, recurring)) {
			kept = append(kept, b.Text)
		}
	}
	return kept
}

func isRecurring(paragraph string, recurring []uint64) bool {
	_, found := slices.BinarySearch(recurring, text.Hash(paragraph))
	return found
}

func saysOrigin(text string) bool {
	return !ofPicture.MatchString(text) && slices.ContainsFunc(originSentences, func(p *regexp.Regexp) bool {
		return p.MatchString(text)
	})
}

// ofPicture recognizes a sentence about a picture, which says nothing of the story.
var ofPicture = regexp.MustCompile(`(?i)^\W*(?:(?:the|this|la|el|esta?)\s+)?(?:photo|photograph|image|picture|` +
	`illustration|video|map|graphic|foto|fotografía|imagen|ilustración|mapa)s?\b`)

// attributionVerbs lists parts of the verbs in originSentences: a text without them is none.
var attributionVerbs = []string{"ublish", "ublic", "roduced", "aired", "ppeared", "eprinted"}

// splitSentences parts a paragraph at full stops that a capital follows.
func splitSentences(text string) []string {
	var parts []string
	for {
		at := sentenceEnd.FindStringSubmatchIndex(text)
		if at == nil {
			return append(parts, text)
		}
		parts = append(parts, text[:at[2]])
		text = text[at[3]:]
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?]["”’]?( )\p{Lu}`)

// linksInSentence returns the links whose words are in a sentence.
func linksInSentence(text string, links []markup.Link) []markup.Link {
	return slices.DeleteFunc(slices.Clone(links), func(l markup.Link) bool {
		return l.Text == "" || !strings.Contains(text, l.Text)
	})
}
