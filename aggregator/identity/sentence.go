package identity

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/markup"
)

// originSentences find the beginning of a sentence that says where a story was
// first published. Its subject is the story or nothing: a sentence about a
// photo is none, nor is "first reported by" or "as X reported".
var originSentences = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(?:[^.:]{0,40}:\s*)?(?:(?:a version of )?(?:this|the)\s+(?:story|article|report|piece|interview|segment|episode)\b[^.]{0,60}?\s)?(?:(?:was|is|has been)\s+)?(?:(?:originally|first)\s+(?:published|produced|aired|appeared)|republished|reprinted\s+from)\b`),
	regexp.MustCompile(`(?i)^(?:[^.:]{0,40}:\s*)?(?:(?:una versión de )?(?:este|esta|el|la)\s+(?:artículo|historia|nota|reportaje|informe|pieza|entrevista|segmento|episodio|noticia)\s(?:[^.]{0,60}?\s)?)?(?:fue\s+|ha sido\s+)?(?:publicad[oa]\s+(?:originalmente|por primera vez)|se\s+publicó\s+(?:originalmente|por primera vez))`),
}

// sentenceWords is how long a paragraph may be that says where a story is from.
const sentenceWords = 60

// sentence is one that says where a story was first published.
type sentence struct {
	text      string
	paragraph string // that it stands in
	links     []markup.Link
	desk      bool // its paragraph holds the desk's title: nothing in it names an origin
}

// prose is an item's text, read once in a fold.
type prose struct {
	fragment  string
	blocks    []markup.Block
	traits    []trait        // of the blocks
	own       []markup.Block // without the paragraphs that hold the desk's title
	sentences []sentence
	credited  bool // it bears the desk's credit
}

// trait is what a paragraph shows by its words alone.
type trait struct {
	desk      bool // it holds the desk's title
	verb      bool // it may say where a story is from
	surrounds bool // it is none of the story's text
}

// read parts a text into paragraphs, and finds the sentences that say where it
// was first published: in the first and last two, the desk's credit not counted.
func (d *Rules) read(fragment string) *prose {
	p := &prose{fragment: fragment, blocks: markup.Blocks(fragment)}
	p.traits = make([]trait, len(p.blocks))
	p.own = p.blocks
	shared := 0
	for n, b := range p.blocks {
		t := d.traitOf(b.Text)
		p.traits[n] = t
		switch {
		case t.desk:
			if shared == 0 {
				p.own = slices.Clone(p.blocks[:n])
			}
			shared++
			p.credited = p.credited || d.Credit.Is(b.Text)
		case shared > 0:
			p.own = append(p.own, b)
		}
	}
	p.findSentences(false, len(p.own))
	if shared > 0 {
		p.findSentences(true, shared)
	}
	return p
}

func (d *Rules) traitOf(text string) trait {
	pairs := pairsOf(text)
	t := trait{desk: d.Credit.NamesDesk(text), verb: pairs.hold(originVerbs)}
	t.surrounds = t.desk || t.verb && saysOrigin(text) || furnishes(text, pairs)
	return t
}

// findSentences finds those that say where a story is from: in the paragraphs that
// hold the desk's title, or in the first and last two of those that do not.
func (p *prose) findSentences(desk bool, count int) {
	place := 0
	for n, b := range p.blocks {
		if p.traits[n].desk != desk {
			continue
		}
		place++
		if !p.traits[n].verb || strings.Count(b.Text, " ") >= sentenceWords || !desk && place > 2 && place <= count-2 {
			continue
		}
		for _, text := range splitSentences(b.Text) {
			if saysOrigin(text) {
				p.sentences = append(p.sentences, sentence{text, b.Text, linksIn(text, b.Links), desk})
			}
		}
	}
}

func saysOrigin(text string) bool {
	return !ofPicture.MatchString(text) && slices.ContainsFunc(originSentences, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

// ofPicture recognises a sentence about a picture, which says nothing of the story.
var ofPicture = regexp.MustCompile(`(?i)^\W*(?:(?:the|this|la|el|esta?)\s+)?(?:photo|photograph|image|picture|illustration|video|map|graphic|foto|fotografía|imagen|ilustración|mapa)s?\b`)

// originVerbs are parts of the verbs in originSentences: a text without them is none.
var originVerbs = []string{"ublish", "ublic", "roduced", "aired", "ppeared", "eprinted"}

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

// linksIn are the links whose words stand in a sentence.
func linksIn(text string, links []markup.Link) []markup.Link {
	var in []markup.Link
	for _, l := range links {
		if l.Text != "" && strings.Contains(text, l.Text) {
			in = append(in, l)
		}
	}
	return in
}
