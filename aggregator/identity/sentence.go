package identity

import (
	"regexp"
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
	text  string
	links []markup.Link
	desk  bool // its paragraph holds the desk's title: nothing in it names an origin
}

// sentences finds them in the first and last two paragraphs, the desk's credit
// not counted.
func (d *Desk) sentences(blocks []markup.Block) []sentence {
	var found []sentence
	own, shared := d.divide(blocks)
	for _, b := range append(ends(own, 2), shared...) {
		if strings.Count(b.Text, " ") >= sentenceWords {
			continue
		}
		for _, text := range splitSentences(b.Text) {
			if saysOrigin(text) {
				found = append(found, sentence{text, linksIn(text, b.Links), d.Credit.NamesDesk(b.Text)})
			}
		}
	}
	return found
}

// divide parts the paragraphs that hold the desk's title from the others.
func (d *Desk) divide(blocks []markup.Block) (own, shared []markup.Block) {
	for _, b := range blocks {
		if d.Credit.NamesDesk(b.Text) {
			shared = append(shared, b)
		} else {
			own = append(own, b)
		}
	}
	return own, shared
}

// ends are the first and last n of the blocks, each once.
func ends(blocks []markup.Block, n int) []markup.Block {
	if len(blocks) <= 2*n {
		return blocks[:len(blocks):len(blocks)]
	}
	return append(blocks[:n:n], blocks[len(blocks)-n:]...)
}

func saysOrigin(text string) bool {
	for _, pattern := range originSentences {
		if pattern.MatchString(text) {
			return true
		}
	}
	return false
}

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
