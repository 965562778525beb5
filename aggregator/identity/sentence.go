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
	own       []markup.Block // without the paragraphs that hold the desk's title
	sentences []sentence
	credited  bool // it bears the desk's credit
}

// read parts a text into paragraphs, and finds the sentences that say where it
// was first published: in the first and last two, the desk's credit not counted.
func (d *Desk) read(fragment string) *prose {
	p := &prose{fragment: fragment, blocks: markup.Blocks(fragment)}
	var shared []markup.Block
	p.own = p.blocks
	for n, b := range p.blocks {
		switch named := d.Credit.NamesDesk(b.Text); {
		case named && shared == nil:
			p.own = slices.Clone(p.blocks[:n])
			fallthrough
		case named:
			shared = append(shared, b)
			p.credited = p.credited || d.Credit.Is(b.Text)
		case shared != nil:
			p.own = append(p.own, b)
		}
	}
	for _, b := range append(ends(p.own, 2), shared...) {
		if strings.Count(b.Text, " ") >= sentenceWords || !mayOrigin(b.Text) {
			continue
		}
		for _, text := range splitSentences(b.Text) {
			if saysOrigin(text) {
				p.sentences = append(p.sentences, sentence{text, b.Text, linksIn(text, b.Links), d.Credit.NamesDesk(b.Text)})
			}
		}
	}
	return p
}

// ends are the first and last n of the blocks, each once.
func ends(blocks []markup.Block, n int) []markup.Block {
	if len(blocks) <= 2*n {
		return blocks[:len(blocks):len(blocks)]
	}
	return append(blocks[:n:n], blocks[len(blocks)-n:]...)
}

func saysOrigin(text string) bool {
	return !ofPicture.MatchString(text) && slices.ContainsFunc(originSentences, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

// ofPicture recognises a sentence about a picture, which says nothing of the story.
var ofPicture = regexp.MustCompile(`(?i)^\W*(?:(?:the|this|la|el|esta?)\s+)?(?:photo|photograph|image|picture|illustration|video|map|graphic|foto|fotografía|imagen|ilustración|mapa)s?\b`)

// mayOrigin passes over, at little cost, texts that hold no verb of origin.
func mayOrigin(text string) bool { return pairsOf(text).hold(originVerbs) }

// originVerbs are parts of the verbs in originSentences.
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
