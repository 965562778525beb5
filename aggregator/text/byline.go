package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BylinePart is what stands between two places where a byline is parted.
type BylinePart struct {
	Text   string // as it is written, without "By" and the like
	Name   string // of a person: "Ana Ruiz" of "Ruiz, Ana"
	Kind   PartKind
	Before Separator
	Joined bool // it stands behind a person, as that person's affiliation does

	from, to int  // its place in the byline
	likeName bool // it has the form of a name, but stands where names do not follow
}

// PartKind is what a part of a byline names.
type PartKind int

// Kinds of parts. What could be several of them is unclear: a person who does not exist joins
// stories, and a house that does not exist takes a station's credit away.
const (
	Unclear   PartKind = iota // one word, or what could be anything
	Person                    // two words or more in the form of a name, none of them of an office or a house
	Assistant                 // a person who took the pictures, edited or translated
	Role                      // an office, a team, a school: nobody, and no newsroom either
	KnownName                 // what the caller knows
	Newspaper                 // a newspaper by its words: "The Delta Ledger"
	Outlet                    // another newsroom by its words: "Delta News Service"
)

// IsHuman reports whether a part names somebody.
func (k PartKind) IsHuman() bool { return k == Person || k == Assistant }

// Separator is what stands between a part and the one before it.
type Separator int

// Separators.
const (
	AtBeginning   Separator = iota
	AtComma                 // "Ana Ruiz, KMSA"
	AtWord                  // "and", "&", "y", "with", or another "by"
	AtSemicolon             // ";"
	AtBar                   // "|", "/", " - ", " ~ ", a dash
	InParentheses           // "Ana Ruiz (KMSA)"
	AtPreposition           // "Ana Ruiz of KMSA"
	AtNothing               // "Ana Ruiz Associated Press"
)

// Commas is what a comma in a byline means.
type Commas int

// What commas mean.
const (
	CommasPart   Commas = iota // names may follow: the element may be the only one for several
	CommasBelong               // none follows: there is an element for each
)

// SplitByline parts a byline at its separators, at a comma only where names follow ("Ruiz, Ana" and
// "Sam Lee, Jr." are one each), and says what each part names. What known reports is one whole,
// also in front of a name and behind it; known may be nil.
func SplitByline(s string, commas Commas, known func(string) bool) []BylinePart {
	if known == nil {
		known = func(string) bool { return false }
	}
	b := bylineReader{s: s, commas: commas, known: known, mixed: strings.IndexFunc(s, unicode.IsLower) >= 0}
	for _, piece := range splitAtMarks(s) {
		for _, piece := range splitAtBy(s, piece) {
			b.readPiece(piece)
		}
	}
	return b.parts
}

// PersonKey is a name as it is compared: without case, diacritics, punctuation and titles. Initials
// count: those who differ in one may be two.
func PersonKey(name string) string {
	words := Words(WithoutDiacritics(name))
	for len(words) > 2 && honorifics[words[0]] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// bylinePiece is a place in a byline whose parts are divided by commas and words.
type bylinePiece struct {
	from, to  int
	before    Separator
	assisting bool // it stands behind "photos by"
}

// splitAtMarks divides a byline at all marks but commas.
func splitAtMarks(s string) (pieces []bylinePiece) {
	from, before := 0, AtBeginning
	cut := func(to, next int, mark Separator) {
		if strings.TrimSpace(s[from:to]) != "" {
			pieces = append(pieces, bylinePiece{from: from, to: to, before: before})
		}
		from, before = next, mark
	}
	isBlank := func(i int) bool { return i < 0 || i >= len(s) || s[i] == ' ' }
	for i, r := range s {
		switch next := i + utf8.RuneLen(r); r {
		case ';':
			cut(i, next, AtSemicolon)
		case '|', '/', '•', '·', '—', '~', '[', ']', '{', '}':
			cut(i, next, AtBar)
		case '-', '–':
			if isBlank(i-1) || isBlank(next) {
				cut(i, next, AtBar)
			}
		case '(':
			cut(i, next, InParentheses)
		case ')':
			cut(i, next, AtNothing)
		case '.':
			if isBlank(next) && next < len(s) && endsSentence(s[from:i]) {
				cut(i, next, AtSemicolon)
			}
		}
	}
	cut(len(s), len(s), AtNothing)
	return pieces
}

// endsSentence reports whether a full stop behind a text ends a sentence: "Ana Ruiz. Luz Vega took the
// photographs." It ends an abbreviation behind a single word, and where it usually does.
func endsSentence(s string) bool {
	at := strings.LastIndexByte(s, ' ')
	if at < 0 || strings.TrimRight(s[:at], " ") == "" {
		return false
	}
	w := folded(s[at+1:])
	return len(w) > 2 && !strings.Contains(w, ".") && !honorifics[w] && !nameSuffixes[w] && !abbreviations[w] &&
		isNameWord(s[at+1:])
}

// word is a place in a byline without blanks.
type word struct{ from, to int }

// wordsIn returns the words between two places of a byline.
func wordsIn(s string, from, to int) (words []word) {
	for from < to {
		at := strings.IndexByte(s[from:to], ' ')
		if at < 0 {
			at = to - from
		}
		if at > 0 {
			words = append(words, word{from, from + at})
		}
		from += at + 1
	}
	return words
}

// folded is a word in the form of the lists of words.
func folded(word string) string {
	return strings.ToLower(WithoutDiacritics(strings.Trim(word, ".,:'’\"“”")))
}

// splitAtBy divides a piece at "by", which takes the words for the work before it along: "Story and
// photos by Ana Ruiz" is Ana Ruiz.
func splitAtBy(s string, piece bylinePiece) (pieces []bylinePiece) {
	words := wordsIn(s, piece.from, piece.to)
	first := 0 // word of the part that is not cut yet
	for n, w := range words {
		by := folded(s[w.from:w.to])
		isCraft := func(n int) bool { return n >= first && crafts[folded(s[words[n].from:words[n].to])] != 0 }
		switch {
		case n+1 == len(words): // it introduces nobody
			continue
		case by == "by" || by == "por", by == "de" && isCraft(n-1):
		case strings.HasSuffix(s[w.from:w.to], ":") && isCraft(n):
		default:
			continue
		}
		begin, writes, assists := n, false, false
		clause := beginOfClause(s, words[first:n]) + first
		for at := n; at >= first; at-- {
			text := s[words[at].from:words[at].to]
			craft := crafts[folded(text)]
			if craft == 0 && at != n && at < clause && !isJoiner(text) {
				break
			}
			begin, writes, assists = at, writes || craft == writing, assists || craft == assisting
		}
		if begin > first {
			one := piece
			one.to = words[begin-1].to
			pieces = append(pieces, one)
			piece.before = AtWord
		}
		piece.from, piece.assisting = words[n+1].from, assists && !writes
		first = n + 1
	}
	return append(pieces, piece)
}

// beginOfClause is the first word behind the last comma if it is one for the work: of "photographs for KMSA" before
// "by". Otherwise there is no such clause, and it is the number of the words.
func beginOfClause(s string, words []word) int {
	at := len(words)
	for at > 0 && s[words[at-1].to-1] != ',' {
		at--
	}
	for begin := at; begin < len(words); begin++ {
		switch w := s[words[begin].from:words[begin].to]; {
		case crafts[folded(w)] != 0:
			return at
		case !isJoiner(w):
			return len(words)
		}
	}
	return len(words)
}

// bylineReader collects the parts of a byline.
type bylineReader struct {
	s      string
	commas Commas
	known  func(string) bool
	parts  []BylinePart

	mixed     bool // the byline is not all in capitals
	assisting bool // of the piece that is read
	named     bool // it has named somebody
}

// readPiece parts a piece at commas and words.
func (b *bylineReader) readPiece(piece bylinePiece) {
	b.assisting, b.named = piece.assisting, false
	first, from, before := len(b.parts), piece.from, piece.before
	for segment := range strings.SplitSeq(b.s[piece.from:piece.to], ",") {
		b.readSegment(from, from+len(segment), before, first)
		from += len(segment) + 1
		if len(b.parts) > first {
			before = AtComma
		}
	}
	b.dropInstitutions(first)
	if b.turnAround(first); piece.before == InParentheses && len(b.parts) > first &&
		strings.HasPrefix(b.s[piece.to:], ")") {
		b.parts[len(b.parts)-1].to = piece.to + 1
	}
}

// readSegment reads what stands between two commas.
func (b *bylineReader) readSegment(from, to int, before Separator, first int) {
	if from, to = b.trim(from, to); from == to {
		return
	}
	start := len(b.parts)
	if before == AtComma && isJoiner(firstWord(b.s[from:to])) { // ", and Luis Peña"
		before = AtWord
	}
	if suffix := folded(b.s[from:to]); start > first && nameSuffixes[strings.ReplaceAll(suffix, ".", "")] {
		last := &b.parts[start-1]
		last.to, last.Text = to, b.s[last.from:to]
		if generations[suffix] && last.Name != "" {
			last.Name += " " + suffix
		}
		return
	}
	spans := splitAtWords(b.s, from, to)
	if len(spans) > 1 && b.known(b.s[from:to]) {
		spans = []word{{from, to}}
	}
	for n := 0; n < len(spans); n++ {
		span := spans[n]
		if n+1 < len(spans) && b.known(b.s[span.from:spans[n+1].to]) { // "Capital & Main"
			n++
			span.to = spans[n].to
		}
		b.readPart(span.from, span.to, before)
		if len(b.parts) > start {
			before = AtWord
		}
		// "Ponds and Public Policy" behind a comma, or behind "Lecturer in", is no list of names
		if p := b.parts[start:]; n == 0 && len(spans) > 1 && len(p) == 1 &&
			(p[0].Kind == Unclear && p[0].Before == AtComma && !b.isTurned(first, start) ||
				p[0].Kind == Role && hasPreposition(strings.Fields(p[0].Text))) {
			b.parts[start] = b.part(p[0].from, to, p[0].Before, Role, b.parts[:start])
			return
		}
	}
	for n := start; n < len(b.parts); n++ {
		p := &b.parts[n]
		if b.commas == CommasBelong && b.named && p.Before == AtComma && p.Kind.IsHuman() {
			p.Kind, p.Name, p.likeName = Unclear, "", true
		}
		b.named = b.named || p.Kind.IsHuman()
	}
}

// dropInstitutions makes no person of what stands behind an office that names its subject alone, and before no
// other office: "Ana Ruiz, Lecturer in Soils, Salt Lab".
func (b *bylineReader) dropInstitutions(first int) {
	for n := first + 1; n < len(b.parts); n++ {
		office, p := b.parts[n-1], &b.parts[n]
		if p.Before == AtComma && (p.Kind == Person || p.likeName) && office.Kind == Role && office.Joined &&
			namesSubject(office.Text) && !(n+1 < len(b.parts) && b.parts[n+1].Kind == Role) {
			p.Kind, p.Name, p.likeName, p.Joined = Unclear, "", false, true
		}
	}
}

// turnAround makes one person of "Ruiz, Ana".
func (b *bylineReader) turnAround(first int) {
	parts := b.parts[first:]
	if len(parts) < 2 || parts[1].Before != AtComma || len(parts) > 2 && parts[2].Before == AtComma {
		return
	}
	family, given := parts[0], parts[1]
	if !canBeFamily(family) || given.Kind != Person && !canBeFamily(given) || len(strings.Fields(given.Text)) > 3 {
		return
	}
	one := b.part(family.from, given.to, family.Before, Person, b.parts[:first])
	one.Name = given.Text + " " + family.Text
	b.parts = slices.Replace(b.parts, first, first+2, one)
}

// isTurned reports whether "Ruiz, Ana" has been read, and nothing else of its piece.
func (b *bylineReader) isTurned(first, given int) bool {
	return given == first+1 && canBeFamily(b.parts[first]) && canBeFamily(b.parts[given])
}

// canBeFamily reports whether a part is one word that can be a family's name.
func canBeFamily(p BylinePart) bool {
	w := strings.Fields(p.Text)
	return p.Kind == Unclear && len(w) == 1 && isNameWord(w[0]) && isCapitalized(w[0]) && !isAcronym(w[0])
}

// trim takes blanks, quotation marks and a full stop off a place.
func (b *bylineReader) trim(from, to int) (int, int) {
	const off = " \t\u00a0\"“”:"
	text := strings.TrimLeft(b.s[from:to], off)
	from, text = to-len(text), strings.TrimRight(text, off)
	if stop := strings.TrimSuffix(text, "."); len(stop)-strings.LastIndexAny(stop, " .") > len("Prof") {
		text = stop
	}
	return from, from + len(text)
}

// part makes a part of a place, behind others.
func (b *bylineReader) part(from, to int, before Separator, kind PartKind, others []BylinePart) BylinePart {
	p := BylinePart{Text: b.s[from:to], Kind: kind, Before: before, from: from, to: to}
	switch {
	case kind.IsHuman():
		p.Name = p.Text
	case len(others) > 0 && before != AtBeginning && before != AtSemicolon:
		last := others[len(others)-1]
		p.Joined = last.Joined || last.Kind.IsHuman() && before != AtWord
	}
	return p
}

func (b *bylineReader) add(from, to int, before Separator, kind PartKind) {
	if from, to = b.trim(from, to); from == to {
		return
	}
	if kind == Person && b.assisting {
		kind = Assistant
	}
	b.parts = append(b.parts, b.part(from, to, before, kind, b.parts))
}

// readPart adds what a part names: one name, or a person with a house next to it.
func (b *bylineReader) readPart(from, to int, before Separator) {
	words := wordsIn(b.s, from, to)
	if len(words) > maxPartWords {
		b.add(from, to, before, Role)
		return
	}
	if b.known(b.s[from:to]) {
		b.add(from, to, before, KnownName)
		return
	}
	joined := b.part(from, to, before, Unclear, b.parts).Joined
	isPerson := func(words []word) bool {
		return len(words) > 1 && isPersonName(b.textsOf(words), joined && before != AtWord)
	}
	if at := b.knownBehind(words, isPerson); at > 0 {
		b.add(from, words[at-1].to, before, Person)
		b.add(words[at].from, to, AtNothing, KnownName)
		return
	}
	if at := b.knownInFront(words, isPerson); at > 0 {
		b.add(from, words[at-1].to, before, KnownName)
		b.add(words[at].from, to, AtNothing, Person)
		return
	}
	if isPerson(words) {
		b.add(from, to, before, Person)
		return
	}
	for at := 2; at < len(words)-1; at++ {
		if w := folded(b.s[words[at].from:words[at].to]); w == "special" &&
			isPreposition(b.s[words[at+1].from:words[at+1].to]) && isPerson(words[:at]) {
			b.add(from, words[at-1].to, before, Person)
			b.add(words[at].from, to, AtPreposition, Role)
			return
		}
		if isPreposition(b.s[words[at].from:words[at].to]) && isPerson(words[:at]) {
			b.add(from, words[at-1].to, before, Person)
			if folded(b.s[words[at].from:words[at].to]) != "the" {
				at++
			}
			b.readPart(words[at].from, to, AtPreposition)
			return
		}
	}
	if at := b.endOfCapitals(words); at > 0 && isPerson(words[:at]) {
		b.add(from, words[at-1].to, before, Person)
		b.readPart(words[at].from, to, AtNothing)
		return
	}
	if joined && b.mixed && startsWithCallSign(b.textsOf(words)) {
		b.add(from, to, before, Outlet)
		return
	}
	b.add(from, to, before, kindOfHouse(b.textsOf(words), before, joined))
}

func (b *bylineReader) textsOf(words []word) []string {
	texts := make([]string, len(words))
	for n, w := range words {
		texts[n] = b.s[w.from:w.to]
	}
	return texts
}

// knownBehind is the place of a known name behind a person's, 0 where there is none. One ordinary
// word may be a name of that person's.
func (b *bylineReader) knownBehind(words []word, isPerson func([]word) bool) int {
	last := words[len(words)-1]
	for at := max(2, len(words)-maxHouseWords); at < len(words); at++ {
		if !b.known(b.s[words[at].from:last.to]) || !isPerson(words[:at]) {
			continue
		}
		if text := b.s[last.from:last.to]; at < len(words)-1 || isUpper(text) || agencies[folded(text)] ||
			b.endOfCapitals(words) == at {
			return at
		}
	}
	return 0
}

// knownInFront is the place of a person's name behind a known one: "KMSA's Ana Ruiz". It is 0 where
// there is none.
func (b *bylineReader) knownInFront(words []word, isPerson func([]word) bool) int {
	for at := min(len(words)-2, maxHouseWords); at > 0; at-- {
		name := b.s[words[0].from:words[at-1].to]
		owns := strings.HasSuffix(name, "'s") || strings.HasSuffix(name, "’s")
		if (owns || at > 1 || isUpper(name)) && b.known(name) && isPerson(words[at:]) {
			return at
		}
	}
	return 0
}

// endOfCapitals is the place where a byline in capitals goes on without: "ANA RUIZ Delta Wire". It
// is 0 where there is none.
func (b *bylineReader) endOfCapitals(words []word) int {
	at := 0
	for at < len(words) && isUpper(b.s[words[at].from:words[at].to]) {
		at++
	}
	if at < 2 || at == len(words) {
		return 0
	}
	return at
}
