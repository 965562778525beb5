package evidence

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
)

// sentence is one that says where a story was first published.
type sentence struct {
	text      string
	paragraph string        // that it is in
	links     []markup.Link // that may lead to the original, the likeliest first
	others    []markup.Link // the rest of its links
	about     string        // the headline in quotes that it speaks of; "" where it speaks of the story itself
	before    string        // its words before the verb
	verb      string
	maker     string // its words behind the verb, as far as they can name a maker
	certain   bool   // it speaks of the text that it stands in, and of nothing else
	cms       bool   // a CMS wrote it, naming the site that it runs
	desk      bool   // its paragraph holds the desk's title: nothing in it names an origin
}

// origins find the beginning of a sentence that says where a story was first published. Its subject
// is the story, a headline in quotes, or nothing: a sentence about a photo is none, nor is "first
// reported by" or "as X reported".
var origins = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^[\s(\[*•–—-]*(?:[^.:]{0,40}:\s*)?(?:` +
		`(?:an?\s+(?:[\w-]+\s+)?version\s+of\s+)?(?:(?P<this>this)\s+(?:[\pL&'’-]+\s+){0,3}?|the\s+)` +
		`(?P<noun>story|article|report|piece|interview|segment|episode|post|column|commentary|essay|analysis|` +
		`feature|` +
		`coverage)(?P<mid>[^\pL\d\s].{0,60}?|\s.{0,60}?)??\s+|` +
		`(?P<it>this)\s+|["“«](?P<quote>[^"“”«»]{3,200})["”»],?\s+)?` +
		`(?P<aux>(?:was|is|were|are|has\s+been|had\s+been)\s+)?(?P<verb>` +
		`(?:originally|first)\s+(?:co-?)?(?:published|produced|aired|appeared|broadcast|posted|printed|ran)|` +
		`(?:co-?)?(?:published|produced|aired|appeared|broadcast|posted|printed|ran)\s+(?:originally|first)|` +
		`republished|reprinted|reposted)(?:[\s,.:)]|$)`),
	regexp.MustCompile(`(?i)^[\s(\[*•–—-]*(?:[^.:]{0,40}:\s*)?(?:` +
		`(?:una\s+versión\s+de\s+)?(?:(?P<this>este|esta)|el|la)\s+` +
		`(?P<noun>artículo|historia|nota|reportaje|informe|pieza|entrevista|segmento|episodio|noticia|texto|` +
		`crónica|` +
		`columna|contenido|publicación)(?P<mid>[^\pL\d\s].{0,60}?|\s.{0,60}?)??\s+|` +
		`["“«](?P<quote>[^"“”«»]{3,200})["”»],?\s+)?` +
		`(?P<aux>(?:fue|es|ha\s+sido|había\s+sido)\s+)?(?P<verb>` +
		`(?:publicad|producid|emitid|transmitid|difundid)[oa]\s+(?:originalmente|inicialmente|primero|` +
		`por\s+primera\s+vez)|` +
		`(?:originalmente|inicialmente)\s+(?:publicad|producid|emitid|transmitid|difundid)[oa]|` +
		`se\s+(?:publicó|emitió|transmitió|difundió)\s+(?:originalmente|inicialmente|primero|` +
		`por\s+primera\s+vez)|` +
		`(?:apareció|salió)\s+(?:originalmente|inicialmente|primero|por\s+primera\s+vez)|` +
		`republicad[oa]|reproducid[oa]|reimpres[oa])(?:[\s,.:)]|$)`),
}

// attributionVerbs lists parts of the verbs in origins: a text without them is none.
var attributionVerbs = []string{"ubli", "roduc", "aired", "ppear", "printed", "roadcast", "posted", " ran ", "miti",
	"difundi", "pareci", "salió", "eimpres"}

// reading is what a sentence of origin is made of, by the places of its parts.
type reading struct {
	noun, quote    [2]int // of the subject; empty where it is another
	verb, end      int    // where the verb begins and ends
	stop           int    // where what is said of the maker ends
	certain, alone bool   // see sentence; it has no subject
}

// readSentence reads a sentence, if it says where a story was first published.
func readSentence(text string) (r reading, found bool) {
	if ofPicture.MatchString(text) {
		return r, false
	}
	for _, pattern := range origins {
		m := pattern.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		group := func(name string) (place [2]int, words string) {
			if n := 2 * pattern.SubexpIndex(name); n >= 0 && m[n] >= 0 {
				return [2]int{m[n], m[n+1]}, text[m[n]:m[n+1]]
			}
			return place, ""
		}
		_, this := group("this")
		_, it := group("it")
		_, mid := group("mid")
		_, aux := group("aux")
		verb, said := group("verb")
		noun, subject := group("noun")
		r = reading{noun: noun, verb: verb[0], end: verb[1]}
		r.quote, _ = group("quote")
		r.alone = subject == "" && it == "" && r.quote == [2]int{}
		r.stop = r.end + clauseEnd(text[r.end:])
		finite := aux != "" || activeVerb.MatchString(said)
		switch mid = strings.TrimSpace(mid); {
		case r.alone:
			if r.certain = aux == ""; !r.certain || ofAnother.MatchString(text[r.end:]) {
				return r, false // "is republished" without a subject; "First aired in 1968, the show …"
			}
		case this != "" && relativeAlone.MatchString(mid): // "This story, which was first published by …"
			r.certain = true
		case strings.HasPrefix(mid, ",") && strings.HasSuffix(mid, ","):
			r.certain = this != ""
		case relative.MatchString(mid), mid != "" && !finite: // "This story of a letter that was first published …"
			return r, false
		default:
			r.certain = finite && (this != "" || it != "" || mid == "" && ofOneself.MatchString(subject))
		}
		return r, true
	}
	return r, false
}

var (
	activeVerb = regexp.MustCompile(`(?i)appeared|aired|\bran\b|^se\s|apareció|salió`)
	relative   = regexp.MustCompile(`(?i)(?:^|[\s,])(?:which|that|who|whose|whom|where|when|que|cual|quien|` +
		`cuy[oa]s?|donde)(?:[\s,]|$)`)
	relativeAlone = regexp.MustCompile(`(?i)^,?\s*(?:which|que)$`)
	// ofOneself matches what "the" stands before where a notice speaks of the text below it: the
	// report is somebody's that the story is about.
	ofOneself = regexp.MustCompile(`(?i)^(?:story|article|piece|column|post|artículo|nota|reportaje|publicación)$`)
	// ofAnother matches the main clause behind a participle: its subject was first published.
	ofAnother = regexp.MustCompile(`(?i)^[^,]{0,120},\s+(?:the|it|its|his|her|he|she|they|their|el|los|las|su|sus)\s`)
)

// ofPicture recognizes a sentence about a picture, which says nothing of the story.
var ofPicture = regexp.MustCompile(`(?i)^\W*(?:(?:the|this|la|el|esta?)\s+)?(?:photo|photograph|image|picture|` +
	`illustration|video|map|graphic|foto|fotografía|imagen|ilustración|mapa)s?\b`)

// clauseEnd is where, behind the verb, what is said of the maker ends: at another clause, in which
// other stories may be named.
func clauseEnd(rest string) int {
	if at := otherClause.FindStringSubmatchIndex(rest); at != nil {
		return max(at[2], at[4]) // of two groups one matched, the other is at -1
	}
	return len(rest)
}

var otherClause = regexp.MustCompile(`([;|]|\s[–—]\s|,?\s(?:which|that|who|whose|where|while|but|after|before|` +
	`because|alongside|including|followed\s+by|along\s+with|together\s+with|as\s+part\s+of|carried\s+by|read|see|` +
	`with\s+(?:the\s+)?(?:support|help|funding|assistance|additional)|que|quien|cuy[oa]s?|donde|pero|junto\s+con|` +
	`como\s+parte\s+de|con\s+(?:el\s+)?(?:apoyo|ayuda))\s|\s(?:and|y)\s+(?:(?:can|may|is|was|has|have|then|later|` +
	`also|` +
	`followed|inspired|led|won|describes?|tells?|a|an|another|our|its|fue|es|ha|también|luego|un|una|otr[oa])\s|` +
	`(?:the|el|la)\s+[a-zñáéíóú]))|\S(\s(?:for|para)\s)`)

// sentencesOf reads a block's sentences: those that say where a story was first published. Behind
// one that does, the next counts with it where it says "Read the original article".
func sentencesOf(d *directory.Directory, b, next markup.Block, isDesks bool) (list []sentence) {
	spans := sentenceSpans(b)
	for n, at := range spans {
		said := b.Text[at[0]:at[1]]
		r, found := readSentence(said)
		if !found {
			continue
		}
		s := sentence{
			text: said, paragraph: b.Text, before: said[:r.verb], verb: said[r.verb:r.end], maker: said[r.end:r.stop],
			about: said[r.quote[0]:r.quote[1]], certain: r.certain, desk: isDesks,
		}
		s.chooseLinks(d, r, linksWithin(b.Links, at))
		if n+1 < len(spans) {
			s.addOriginal(b, spans[n+1])
		} else if after := sentenceSpans(next); len(after) > 0 {
			s.addOriginal(next, after[0])
		}
		list = append(list, s)
	}
	return list
}

// linksWithin returns the links that begin in a part of a block, by their places in that.
func linksWithin(links []markup.Link, part [2]int) (list []markup.Link) {
	for _, l := range links {
		if l.Text != "" && part[0] <= l.Start && l.Start < part[1] {
			l.Start, l.End = l.Start-part[0], l.End-part[0]
			list = append(list, l)
		}
	}
	return list
}

// chooseLinks sorts a sentence's links by whether they may lead to the original: those on the maker,
// up to the first that can be a story; if none can, those on the subject.
func (s *sentence) chooseLinks(d *directory.Directory, r reading, links []markup.Link) {
	canBeStory := func(l markup.Link) bool { return link.StoryLike(d.Key(l.URL)) }
	decided := false
	for _, l := range links {
		if !decided && r.end <= l.Start && l.Start < r.stop && !isOfTerms(s.text, l) {
			s.links = append(s.links, l)
			decided = canBeStory(l)
		}
	}
	for _, l := range links {
		onSubject := overlaps(l, r.noun) || overlaps(l, r.quote)
		switch {
		case !decided && onSubject && l.Start < r.verb:
			s.links = append(s.links, l)
			decided = canBeStory(l)
		case l.Start < r.end || r.stop <= l.Start || isOfTerms(s.text, l):
			s.others = append(s.others, l)
		}
	}
}

func overlaps(l markup.Link, part [2]int) bool { return l.Start < part[1] && part[0] < l.End }

// isOfTerms reports whether a link in a sentence leads to terms, a series, a newsletter or the like:
// by its own words, and by those around it.
func isOfTerms(text string, l markup.Link) bool {
	before := text[:l.Start]
	if cut := len(before) - 40; cut > 0 {
		before = before[cut:]
	}
	return ofTerms.MatchString(l.Text) || beforeTerms.MatchString(before) ||
		behindTerms.MatchString(text[min(l.End, len(text)):])
}

var (
	ofTerms = regexp.MustCompile(`(?i)\b(?:licen[sc]es?|creative\s+commons|CC[\s-]BY|newsletters?|series|` +
		`guidelines|` +
		`sign\s+up|subscribe|donate|republish|podcasts?|licencias?|serie|bolet[ií]n|suscr[ií]\w*|proyecto)(?:\W|$)`)
	beforeTerms = regexp.MustCompile(`(?i)(?:\bunder\s+(?:an?|the|its)?|\bsign\s+up\s+(?:for|to)|\bsubscribe\s+to|` +
		`\b(?:part|episode)\s+of|\bseries|\bnewsletters?|\bproject|\bfor\s+(?:its|their|the)|\bbajo\s+(?:una|la)?|` +
		`\bparte\s+de|\bserie|\bproyecto|\bpara\s+su)[\s"“‘:,]*(?:the\s+|its\s+|our\s+|la\s+|el\s+|` +
		`su\s+)?["“‘]?$`)
	behindTerms = regexp.MustCompile(`(?i)^["”’]?\s+(?:newsletters?|series|project|initiative|collaboration|` +
		`program|` +
		`podcast|licen[sc]e|guidelines)\b`)
)

// addOriginal takes the link of a sentence that says "Read the original article".
func (s *sentence) addOriginal(b markup.Block, at [2]int) {
	said := b.Text[at[0]:at[1]]
	place := readOriginal.FindStringIndex(said)
	if place == nil {
		return
	}
	for _, l := range linksWithin(b.Links, at) {
		if overlaps(l, [2]int{place[0], place[1] + len(" h")}) && !isOfTerms(said, l) {
			s.links = append([]markup.Link{l}, s.links...)
			return
		}
	}
}

var readOriginal = regexp.MustCompile(`(?i)^[\s(\[*]*(?:(?:you|please|puede|puedes)\s+(?:can\s+)?)?(?:(?:read|see|` +
	`view|find)\s+(?:the|its|our)\s+original(?:\s+(?:article|story|version|piece|post|report|reporting))?|` +
	`(?:lea|lee|leer|consulte|vea)\s+` +
	`(?:aquí\s+)?(?:el|la)\s+(?:(?:artículo|nota|historia|reportaje|versión|texto|publicación)\s+)?original)` +
	`(?:\s*,?\s+(?:here|aquí|at|on|in|from|by|en|de)(?:\s+(?:the|el|la))?(?:\W|$))?`)

// appearedIn reads the lines that CMSs put at the end of a block.
func appearedIn(b markup.Block) (list []sentence) {
	for _, line := range credit.FindAppeared(b) {
		s := sentence{
			text: b.Text[line.Start:line.End], paragraph: b.Text[line.Start:line.End],
			before: b.Text[line.Start:line.TitleEnd], verb: b.Text[line.TitleEnd:line.SiteStart],
			maker: b.Text[line.SiteStart:line.SiteEnd], certain: true, cms: true,
		}
		for _, l := range b.Links {
			switch {
			case l.Text == "" || l.Start < line.Start || line.End <= l.Start:
			case l.Start < line.TitleEnd:
				s.links = append(s.links, l)
			default:
				s.others = append(s.others, l)
			}
		}
		list = append(list, s)
	}
	return list
}

// sentenceSpans parts a block into sentences. A sentence that is parted wrongly loses what it says;
// two that are taken for one put words into each other's mouth: so every sign that can end a
// sentence does, but in an abbreviation that cannot stand at the end of one.
func sentenceSpans(b markup.Block) (spans [][2]int) {
	text, begin := b.Text, 0
	cut := func(end, next int) {
		if begin < end {
			spans = append(spans, [2]int{begin, end})
		}
		begin = next
	}
	links := b.Links // those that end behind what was read
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch r {
		case '.', '!', '?', '…':
			end := at + size
			for end < len(text) {
				closer, size := utf8.DecodeRuneInString(text[end:])
				if !strings.ContainsRune(`.!?…"'”’»)]*`, closer) {
					break
				}
				end += size
			}
			for len(links) > 0 && links[0].End <= at {
				links = links[1:]
			}
			inLink := len(links) > 0 && links[0].Start <= at && end < links[0].End
			if endsSentence(text, begin, at, end, inLink) {
				cut(end, end)
			}
			at = end
			continue
		case '|', '•', '·', '»', '▶', '►':
			cut(at, at+size)
		}
		at += size
	}
	cut(len(text), len(text))
	for n, s := range spans { // blanks belong to none
		trimmed := strings.TrimLeft(text[s[0]:s[1]], " ")
		spans[n][0] = s[1] - len(trimmed)
	}
	return spans
}

// endsSentence reports whether the sign at a place of a text, which goes with what closes there,
// ends the sentence that begins at another.
func endsSentence(text string, begin, at, end int, inLink bool) bool {
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[end:min(len(text), end+8)], " "))
	if end < len(text) && text[end] != ' ' { // "Ajo.Read" ends one, "ajo.example" does not
		return text[at] != '.' || unicode.IsUpper(next) && endsInWord(text[begin:at])
	}
	if text[at] != '.' || end != at+1 {
		return true
	}
	words := strings.Fields(text[max(begin, runeStart(text, at-40)):at])
	if len(words) == 0 {
		return true
	}
	word := strings.TrimLeft(words[len(words)-1], `"'“‘(`)
	behind := "" // the word before it
	if len(words) > 1 {
		behind = words[len(words)-2]
	}
	short := utf8.RuneCountInString(word) == 1 || strings.Contains(word, ".") || abbreviations[word]
	switch {
	case unicode.IsLower(next):
		return !short && !beforeNumbers[word]
	case unicode.IsDigit(next):
		return !beforeNumbers[word]
	case titles[word], inLink && short:
		return false
	}
	return !(beginNames[word] || utf8.RuneCountInString(word) == 1) || !beforeNames[behind]
}

// endsInWord reports whether a text ends in two letters: an initial is no word.
func endsInWord(text string) bool {
	last, size := utf8.DecodeLastRuneInString(text)
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-size])
	return unicode.IsLetter(last) && unicode.IsLetter(before)
}

// runeStart is the place where the character begins that a place of a text is in; 0 before its
// beginning.
func runeStart(text string, at int) int {
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return max(at, 0)
}

var (
	// abbreviations that a small letter may follow in one sentence
	abbreviations = wordSet("St Dr Mr Mrs Ms Jr Sr Inc Co Corp Ltd vs etc approx Sra Ud Uds pág")
	// beginNames can stand at the end of a sentence, but not behind a word of beforeNames
	beginNames  = wordSet("St Ste Dr Ft Mt Sta Sto")
	beforeNames = wordSet("by from of at on in and por de en y del")
	// titles stand before names alone
	titles = wordSet("Mr Mrs Ms Sen Gov Rep Prof Rev Sra")
	// beforeNumbers stand before numbers
	beforeNumbers = wordSet("No Nos Vol Jan Feb Aug Sept Oct Nov Dec Núm núm ene feb ago sept oct nov dic")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
