package text

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxPartWords  = 14 // of a part that is looked at
	maxNameWords  = 6  // of a person
	maxHouseWords = 6  // of a house next to a person without a mark
)

// isPersonName reports whether words are a person's name: two or more that begin with capitals, no
// word of an office or a house, no place. Where it stands behind another's name, what may be a
// newspaper's is none.
func isPersonName(words []string, behind bool) bool {
	for len(words) > 2 && honorifics[folded(words[0])] {
		words = words[1:]
	}
	if len(words) < 2 || len(words) > maxNameWords || placeBeginnings[folded(words[0])] || namesProgram(words) {
		return false
	}
	capitalized, capitals := 0, 0
	for n, w := range words {
		switch f := folded(w); {
		case !isNameWord(w), nobody[f], isPreposition(w), places[f],
			familyAndPaper[f] && (behind || n == 0 || len(words) > 3), isAcronym(w) && !hasVowel(f):
			return false
		case isCapitalized(w):
			capitalized++
		case !particles[f]:
			return false
		}
		if isUpper(w) {
			capitals++
		}
	}
	if papersAmong(words) > 1 { // "Delta Daily Post"
		return false
	}
	return capitalized > 1 && (capitals == capitalized || !isAcronym(words[0])) // "LOST Angeles" is no name
}

// namesProgram reports whether words are the name of a program that stations air: its items of one
// day have no person in common.
func namesProgram(words []string) bool {
	low := make([]string, len(words))
	for n, w := range words {
		low[n] = folded(w)
	}
	return programs[strings.Join(low, " ")]
}

// kindOfHouse says what words that are no person's name are. A newsroom must be clear by its words,
// or by fewer of them and the place where they stand.
func kindOfHouse(words []string, before Separator, joined bool) PartKind {
	the := strings.HasPrefix(words[0], "T") || before == AtPreposition
	if len(words) > 2 && folded(words[0]) == "the" {
		words = words[1:]
	} else {
		the = false
	}
	isDepartment := false
	for len(words) > 1 && departments[folded(words[len(words)-1])] { // "The Delta Ledger Staff"
		words, isDepartment = words[:len(words)-1], true
	}
	low := make([]string, len(words))
	for n, w := range words {
		low[n] = folded(w)
	}
	isSpanish := spanishHouses[low[0]] || len(low) > 1 && low[0] == "el" && spanishHouses[low[1]]
	hasAny := func(set map[string]bool) bool { return slices.ContainsFunc(low, func(w string) bool { return set[w] }) }
	ofNobody, ofSomebody := isDepartment || hasAny(nobody), false
	for n, w := range low {
		ofSomebody = ofSomebody || !nobody[w] && !familyAndPaper[w] && !particles[w] && isCapitalized(words[n])
	}
	last, first := low[len(low)-1], func(word string, then map[string]bool) bool {
		at := slices.Index(low, word)
		return at >= 0 && at+1 < len(low) && then[low[at+1]]
	}
	isApart := joined && (before == AtBar || before == InParentheses) || before == AtNothing
	switch {
	case len(words) == 1 && !ofNobody:
		return Unclear
	case len(words) == 1, hasAny(jobs), !isSpanish && hasPreposition(words):
		return Role
	case !ofSomebody:
	case isSpanish,
		surePapers[last],
		papersAmong(words) > 1,
		(papers[last] || familyAndPaper[last]) && (the || isApart):
		return Newspaper
	case first("news", newsHouses),
		first("media", newsHouses),
		first("public", publicHouses),
		sureOutlets[last],
		isApart && outlets[last],
		isApart && low[0] == "radio":
		return Outlet
	}
	if ofNobody {
		return Role
	}
	return Unclear
}

// papersAmong counts the words that newspapers' names have.
func papersAmong(words []string) (count int) {
	for _, w := range words {
		if f := folded(w); papers[f] || familyAndPaper[f] {
			count++
		}
	}
	return count
}

// startsWithCallSign reports whether words are an American station's call sign, alone or with the
// words of a house or an office: "KRST", "KRST-FM", "KRST News".
func startsWithCallSign(words []string) bool {
	sign, band, _ := strings.Cut(words[0], "-")
	return len(sign) == 4 && (sign[0] == 'K' || sign[0] == 'W') && isUpper(sign) && isNameWord(sign) &&
		(band == "" || band == "FM" || band == "AM" || band == "TV") &&
		!slices.ContainsFunc(words[1:], func(w string) bool { return !nobody[folded(w)] || jobs[folded(w)] })
}

// IsHouseWord reports whether a word is one of offices, teams, houses and their subjects.
func IsHouseWord(w string) bool { return nobody[folded(w)] }

// splitAtWords divides a place at the words that join names.
func splitAtWords(s string, from, to int) (spans []word) {
	for _, w := range wordsIn(s, from, to) {
		if !isJoiner(s[w.from:w.to]) {
			continue
		}
		if strings.TrimSpace(s[from:w.from]) != "" {
			spans = append(spans, word{from, w.from - 1})
		}
		from = min(w.to+1, to)
	}
	if strings.TrimSpace(s[from:to]) != "" {
		spans = append(spans, word{from, to})
	}
	return spans
}

// isJoiner reports whether a word joins names; "Y." is an initial.
func isJoiner(w string) bool {
	return joiners[w] || len(w) > 1 && joiners[strings.ToLower(w)]
}

// isPreposition reports whether a word is no part of a name; "To" and "En" may be.
func isPreposition(w string) bool {
	return prepositions[w] || len(w) > 2 && prepositions[folded(w)]
}

// namesSubject reports whether an office says what of, and not for whom: the house may follow.
func namesSubject(office string) bool {
	return slices.ContainsFunc(strings.Fields(office), func(w string) bool { return subjectPrepositions[w] })
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(strings.TrimLeft(s, " "), " ")
	return w
}

func hasPreposition(words []string) bool { return slices.ContainsFunc(words, isPreposition) }

// isNameWord reports whether a word has only what names have.
func isNameWord(w string) bool {
	letters := false
	for _, r := range strings.TrimRight(w, ",") {
		switch {
		case unicode.IsLetter(r):
			letters = true
		case unicode.Is(unicode.M, r), strings.ContainsRune(".'’‘ʻ`-‐\"“”", r):
		default:
			return false
		}
	}
	return letters
}

func isCapitalized(w string) bool {
	at := strings.IndexFunc(w, unicode.IsLetter)
	if at < 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w[at:])
	return !unicode.IsLower(r)
}

func isUpper(w string) bool {
	return strings.IndexFunc(w, unicode.IsUpper) >= 0 && strings.IndexFunc(w, unicode.IsLower) < 0
}

// isAcronym reports whether a word is written in three capitals or more.
func isAcronym(w string) bool {
	w = strings.TrimSuffix(strings.Trim(w, ".,'’\"“”"), "'s")
	return isUpper(w) && utf8.RuneCountInString(w) > 2 && !strings.Contains(w, ".")
}

func hasVowel(w string) bool { return strings.ContainsAny(folded(w), "aeiouy") }

func setOf(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			set[w] = true
		}
	}
	return set
}

func union(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// What a word says of those who are named behind "by".
const (
	writing = iota + 1
	assisting
)

// crafts are the words for the work before "by".
var crafts = func() map[string]int {
	work := map[string]int{}
	for w := range setOf("story stories text words reporting report reported written article commentary analysis " +
		"essay " +
		"opinion column perspective interview narrated told hosted presented produced recorded audio script " +
		"contributed additional adicional " +
		"submitted texto textos reportaje reporte escrito escrita entrevista presentado producido historia nota " +
		"guion") {
		work[w] = writing
	}
	for w := range setOf("photo photos photograph photographs photography picture pictures image images video " +
		"videos " +
		"illustration illustrations illustrated graphic graphics art artwork map maps data edited editing " +
		"fact-checked " +
		"translated translation compiled reviewed foto fotos fotografia fotografias imagen imagenes ilustracion " +
		"ilustraciones editado editada edicion traducido traducida traduccion mapa mapas cover courtesy " +
		"photographed visuals shot filmed") {
		work[w] = assisting
	}
	return work
}()

var (
	joiners      = setOf("and & y with con +")
	particles    = setOf("de del la las los el le les van von der den da di do dos das du bin ibn ben al ter ten te")
	prepositions = setOf("of for at from via in on to the our your this about into para desde en sobre is es")
	// abbreviations end in a full stop that ends no sentence.
	abbreviations = setOf("col gen capt sgt maj adm cmdr dept univ assoc asst dir inc corp ltd ave blvd apdo esq hon")

	honorifics  = setOf("dr mr mrs ms mx prof rev sen rep gov sir dra sra srta lic ing")
	generations = setOf("jr sr ii iii iv")

	// nameSuffixes stand behind a name and a comma and belong to it.
	nameSuffixes = setOf("jr sr ii iii iv phd md ma mba esq jd dds rn facp mph msw dvm edd")

	// programs are names that look like a person's.
	programs = func() map[string]bool {
		names := map[string]bool{}
		for name := range strings.SplitSeq("all things considered|fresh air|planet money|latino usa|snap "+
			"judgment|living earth|"+
			"free speech|the pulse|hidden brain|ted radio hour|wait wait|code switch|on point|short wave|life kit|"+
			"consider this|pop culture happy hour|tiny desk|world cafe|mountain stage|story corps|native voice one|"+
			"freakonomics radio|think out loud|science friday|throughline|up first|here now|voice of america|"+
			"white house|red cross|law enforcement|wild things|vote smart|jane doe|john doe", "|") {
			names[name] = true
		}
		return names
	}()

	// jobs make an office of what stands next to them, be it a newsroom's name.
	jobs = setOf(
		"editor editors reporter reporters correspondent correspondents producer producers host hosts cohost " +
			"co-host anchor anchors intern interns fellow fellows director directors manager managers " +
			"coordinator columnist " +
			"columnists contributor contributors freelancer freelancers journalist journalists photographer " +
			"photographers " +
			"photojournalist videographer writer writers author authors admin administrator webmaster guest " +
			"guests member " +
			"members corps analyst critic meteorologist lecturer professor student students teacher researcher " +
			"researchers " +
			"scientist president chair chairman chairwoman chief founder ceo officer specialist strategist " +
			"assistant " +
			"associate contributing volunteer volunteers apprentice user subscriber editora editores editoras " +
			"reportero " +
			"reportera reporteros reporteras corresponsal corresponsales productor productora productores " +
			"periodista " +
			"periodistas enviado enviada colaborador colaboradora colaboradores director directora jefe jefa " +
			"fotografo " +
			"fotografa traductor traductora locutor locutora conductor conductora presentador presentadora " +
			"becario becaria " +
			"candidate poet laureate curator keeper artist biologist historian economist attorney archaeologist " +
			"ecologist geologist hydrologist librarian investigador investigadora curador curadora poeta artista " +
			"biologo biologa historiador historiadora economista " +
			"candidato candidata practicante invitado invitada autor autora autores profesor profesora estudiante " +
			"estudiantes " +
			"escritor escritora " +
			"comisionado voluntario voluntaria reports podcast newsletter",
	)

	// departments are parts of a house.
	departments = setOf("desk desks staff newsroom team teams bureau office reports crew redaccion equipo oficina")

	newsHouses = setOf(
		"service services wire network agency bureau collaborative cooperative collaboration group initiative",
	)
	publicHouses = setOf("radio media broadcasting television broadcasters")
	surePapers   = setOf(
		"times tribune gazette chronicle journal examiner inquirer enquirer newspaper newspapers newspress",
	)
	sureOutlets = setOf("newswire wire broadcasting")
	outlets     = setOf("news media network radio tv television fm magazine noticias")

	// papers are the words of newspapers' names that also mean something else.
	papers = setOf(
		"review dispatch observer register bulletin sentinel monitor mirror independent beacon democrat republic " +
			"republican globe telegraph guardian messenger argus mercury ledger herald courier standard " +
			"reflector newsline " +
			"lantern advocate reformer record citizen pioneer",
	)

	// familyAndPaper are families' names as well.
	familyAndPaper = setOf("sun star post press page senior daily weekly story mail")

	spanishHouses = setOf("agencia diario periodico semanario")
	agencies      = setOf("reuters bloomberg afp efe upi")

	articles = setOf("the el la los las")

	// houseAcronyms are newsrooms in letters that could be initials, or a word.
	houseAcronyms = union(agencies, setOf("ap bbc npr pbs cnn abc cbs nbc"))

	placeBeginnings = setOf(
		"new north south east west northern southern eastern western central san santa las los fort " +
			"saint port mount lake el upper lower greater downtown",
	)
	// subjectPrepositions stand in an office before its subject, and not before its house.
	subjectPrepositions = setOf("of in on de en")

	places = setOf("city county valley springs island islands nation tribe desert river state states america " +
		"mexico " +
		"arizona california texas nevada utah colorado oregon idaho montana wyoming kansas oklahoma sonora chihuahua")

	// nobody are the words that make no person of a part: of offices, teams and houses, and the subjects
	// that these are named by.
	nobody = union(
		jobs,
		departments,
		papers,
		setOf("staff newsroom newsrooms news newshour desk desks team teams crew web website online digital "+
			"internet "+
			"multimedia university universities institute college school schools center centre department museum "+
			"foundation "+
			"association society council committee commission office offices agency agencies bureau service "+
			"services network "+
			"networks radio television tv fm media show program programs project collaborative collaboration "+
			"cooperative "+
			"public broadcasting station stations studio studios production productions magazine newspaper "+
			"newspapers "+
			"company inc llc corp communications marketing release releases community contributed various "+
			"multiple anonymous "+
			"unknown none submitted sponsored content report update updates wire newswire newsletter calendar "+
			"events "+
			"listener listeners special general assignment executive managing deputy interim former breaking "+
			"local national "+
			"regional international world daytime evening weekend morning afternoon midday today tonight "+
			"education health "+
			"politics political policy government environment environmental climate energy investigative "+
			"investigations "+
			"investigation business economy economics economic arts culture cultural sports science technology "+
			"agriculture "+
			"rural housing immigration patrol court rescue enforcement resources customer relations unified "+
			"conservancy lab labs laboratory trust fund alliance coalition union authority hospital clinic archive "+
			"archives library observatory academy league club chamber ministry associated agence laboratorio "+
			"fideicomiso fondo alianza coalicion sindicato autoridad clinica archivo biblioteca "+
			"observatorio academia museo sociedad consejo comision "+
			"affairs transportation equity indigenous tribal opinion commentary "+
			"analysis feature "+
			"features audio video photo photos photography engagement audience social press-release site default "+
			"null "+
			"redaccion equipo noticias noticiero agencia sala prensa universidad instituto medios diario periodico "+
			"servicio servicios oficina escuela colegio comunicacion comunicaciones departamento centro "+
			"fundacion asociacion "+
			"especial general invitados voces emisora estacion publica publico comunitaria digitales contenido "+
			"informativo "+
			"informativos cultura salud educacion politica deportes ciencia economia frontera "+
			"board editorial agencias comunicado comunicados corresponsalia corresponsalias administrador "+
			"administradora administracion jefatura informacion coordinacion produccion programacion cabina "+
			"anonimo anonima",
			"times tribune gazette chronicle journal examiner inquirer enquirer"),
	)
)
