package text

import (
	"strings"
	"unicode"
)

// LeadingSentences is the beginning of a paragraph, whose blanks are folded, for a place that takes so
// many characters: the whole sentences that fit. Where the first is longer, and where a paragraph of
// which the end is missing has no whole one, it is cut at a word, with "…". Where it is doubtful
// whether a sentence ends, it does not.
func LeadingSentences(paragraph string, characters int, endMissing bool) string {
	all := []rune(paragraph[:min(len(paragraph), lookedAt(characters))])
	seen := all[:min(len(all), 2*characters)]
	ends := sentenceEnds(seen)
	last := 0
	for _, end := range ends {
		if end <= characters {
			last = end
		}
	}
	whole := len(all) <= characters && !endMissing
	switch {
	case whole && (last == 0 || all[len(all)-1] != ':'):
		return string(all)
	case last > 0:
		return string(all[:last])
	}
	return cutAtWord(all, characters)
}

// Sentences parts a paragraph, whose blanks are folded, into its sentences: nothing of it is left out but
// the blanks between them. Where it is doubtful whether a sentence ends, it does not.
func Sentences(paragraph string) (sentences []string) {
	all := []rune(paragraph)
	from := 0
	add := func(to int) {
		if sentence := strings.TrimSpace(string(all[from:to])); sentence != "" {
			sentences = append(sentences, sentence)
		}
		from = to
	}
	for _, end := range sentenceEnds(all) {
		add(end)
	}
	add(len(all))
	return sentences
}

// lookedAt is how many bytes of a text the first so many characters, and what stands around their end,
// take at most.
func lookedAt(characters int) int { return 8 * characters }

// cutAtWord shortens a text to so many characters, of which the last is "…": it follows a word, and no
// other mark.
func cutAtWord(s []rune, characters int) string {
	if len(s) >= characters {
		end := characters - 1
		for end > characters/2 && !endsWordAt(s, end) {
			end--
		}
		if !endsWordAt(s, end) { // one long word
			end = characters - 1
		}
		s = s[:end]
	}
	text := strings.TrimRightFunc(string(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".…,;:–—-([{¿¡“«\"‘", r)
	})
	if text == "" {
		return ""
	}
	return text + "…"
}

// endsWordAt reports whether what stands at a place is behind a word: a blank, or a mark before one.
func endsWordAt(s []rune, at int) bool {
	return s[at] == ' ' || at+1 < len(s) && s[at+1] == ' ' && !unicode.IsLetter(s[at]) && !unicode.IsDigit(s[at])
}

// sentenceEnds returns the places behind a text's sentences. A place within quotes or brackets is none,
// unless there is no other: a quotation may go on in the next paragraph.
func sentenceEnds(s []rune) (ends []int) {
	var within []int
	open, straight, first := 0, false, 0 // first is where the sentence begins
	for at := 0; at < len(s); at++ {
		switch r := s[at]; r {
		case '“', '«', '(', '[':
			open++
		case '”', '»', ')', ']':
			open = max(open-1, 0)
		case '"':
			straight = !straight
		case '.', '!', '?', '…':
			end := at + 1
			for end < len(s) && isSentenceMark(s[end]) {
				end++
			}
			quoted := false
			for ; end < len(s) && isClosing(s[end], straight); end++ {
				switch s[end] {
				case '"':
					straight, quoted = false, true
				case '’', '\'':
				case ')', ']':
					open = max(open-1, 0)
				default:
					open, quoted = max(open-1, 0), true
				}
			}
			if (end == len(s) || s[end] == ' ') && endsSentenceAt(s, first, at, end, quoted) {
				if open == 0 && !straight {
					ends = append(ends, end)
				}
				within = append(within, end)
				first = end + 1
			}
			at = end - 1
		}
	}
	if len(ends) == 0 {
		return within
	}
	return ends
}

func isSentenceMark(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

// isClosing reports whether a mark behind a sentence's end belongs to that; a straight quote does where
// one is open.
func isClosing(r rune, open bool) bool {
	return r == '"' && open || strings.ContainsRune("”’»)]'", r)
}

// endsSentenceAt reports whether the mark at a place ends the sentence that began at first; end is
// behind it and what closes there, a quotation where quoted.
func endsSentenceAt(s []rune, first, at, end int, quoted bool) bool {
	next := wordsBehind(s, end, speakerWords)
	if len(next) == 0 {
		return true
	}
	opening := []rune(next[0])[0]
	if unicode.IsLower(opening) {
		return false
	}
	if quoted && s[at] != '.' && speaks(next) { // “Who pays?” Ruiz asked.
		return false
	}
	if s[at] != '.' || at+1 < end && isSentenceMark(s[at+1]) {
		return true
	}
	begin := at
	for begin > first && s[begin-1] != ' ' {
		begin--
	}
	word := strings.ToLower(strings.TrimLeft(string(s[begin:at]), "“«\"'‘’([¿¡—–-"))
	bare := WithoutDiacritics(word)
	switch {
	case bare == "", titlesAndUnits[bare]:
		return false
	case begin == first && strings.Trim(bare, "0123456789") == "": // the number of an item
		return false
	case len([]rune(word)) == 1 && !unicode.IsDigit([]rune(word)[0]), strings.Contains(bare, "."), mayEndSentence[bare]:
		return startsSentence(next)
	}
	return true
}

// wordsBehind returns the next words of a text, so many at most, without what opens before the first.
func wordsBehind(s []rune, from, count int) []string {
	words := strings.Fields(string(s[from:min(len(s), from+16*count)]))
	words = words[:min(len(words), count)]
	for len(words) > 0 {
		if words[0] = strings.TrimLeft(words[0], "“«\"'‘([¿¡—–-"); words[0] != "" {
			break
		}
		words = words[1:]
	}
	return words
}

// speakerWords is how many words behind a quotation may name who speaks.
const speakerWords = 5

// speaks reports whether words tell who said what stands before them: "Ruiz asked".
func speaks(words []string) bool {
	for n, w := range words {
		if n > 0 && speechVerbs[strings.ToLower(strings.TrimRight(w, ".,:;"))] {
			return true
		}
		if strings.ContainsAny(w, ".,;:!?") {
			return n == 0 && speechVerbs[strings.ToLower(strings.TrimRight(w, ".,:;"))]
		}
	}
	return false
}

// startsSentence reports whether words begin a sentence for sure: with a small word in a capital, which
// is not the article of a place ("El Paso").
func startsSentence(words []string) bool {
	low := strings.ToLower(WithoutDiacritics(strings.TrimRight(words[0], ",")))
	if placeArticles[low] && len(words) > 1 && isCapitalized(words[1]) {
		return false
	}
	return sentenceStarters[low]
}

var (
	// titlesAndUnits are abbreviations that something follows always, without the full stop.
	titlesAndUnits = setOf("dr mr mrs ms mx prof rev sen sens rep reps gov lt gen col capt sgt cpl maj adm cmdr pres " +
		"supt hon atty dist st ste mt ft vs v fig figs approx est nos núm num pag pags art arts av apdo dra sra srta " +
		"sres dres lic ing arq ud uds mons fr")
	// mayEndSentence are abbreviations that may stand at the end of a sentence.
	mayEndSentence = setOf(
		"jr sr inc corp ltd co cos bros llc etc no ave blvd rd hwy dept univ assn govt jan feb mar " +
			"apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat sun ariz calif colo conn dak fla ill " +
			"ind kan ky la mass md mich minn mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo ala ark del ga " +
			"son sin chih coah ene abr ago dic cia uu hrs hr min km kg lb lbs oz al",
	)
	sentenceStarters = setOf(
		"the a an in on at it its he she they we you i but and so then when while after before as " +
			"if for from this that these those there what who how why where most many some now still meanwhile however " +
			"last officials police voters residents nobody no none el la los las un una en con por para pero y se su sus " +
			"este esta estos estas eso si cuando mientras aunque segun ayer hoy mas nadie todos todas ella ellos tambien",
	)
	placeArticles = setOf("el la los las")
	speechVerbs   = setOf("said says asked asks told tells added adds wrote writes replied recalled explained noted " +
		"argued warned shouted dijo dice pregunta preguntó preguntaron dijeron agregó añadió respondió explicó señaló " +
		"contó recuerda recordó escribió advirtió")
)
