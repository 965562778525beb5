package sample

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words writes headlines and sentences that nobody has written.
type words struct {
	r       *rand.Rand
	spanish bool
}

func list(text string) []string { return strings.Fields(text) }

var (
	nouns = list(`acequia airport airstrip almanac aquifer archive arena armory asphalt ballot bakery balcony
		bandshell barrier basin beacon bicycle birthplace blizzard boundary bridge budget burrow bypass cabin cactus
		campus canal canyon cannery cargo cattle ceasefire cemetery census charter chimney cistern clinic clocktower
		coalition cobalt compost contract copper corridor cottonwood courthouse coyote crater creek curfew dairy
		depot desert detour diesel dispatch dispensary district dormitory drought easement election elevator embassy
		engine estuary eviction falcon fairground fentanyl ferry festival fiddle flood foundry freeway furnace garage
		gazebo glacier granary granite grassland greenhouse groundwater gymnasium harvest hatchery hatchet headwater
		heatwave helicopter highway homestead hospital hotline hurricane hydrant immigrant incinerator inquest
		insurance irrigation jackrabbit jail juniper jury kiln kindergarten laboratory lagoon landfill lantern lawsuit
		ledger levee library lithium livestock lobby longhorn lottery mammoth mansion maple marina meadow measles
		melon mercury meteor midwife migrant mill mine monsoon monument mortgage mural museum nectar nursery
		observatory olive orchard orchestra ordinance overpass owl pantry parade passport pasture patrol payroll
		pecan pension petition pharmacy pipeline plaza plutonium pottery prairie precinct prison propane quarry
		quilt radar railway rainfall rampart ranch ravine recount referendum refinery refuge reservoir rodeo roof
		saddle sagebrush salmon sanctuary sandstone satellite school scooter seawall sediment sewer shelter shipyard
		silo skyline smelter snowpack solar sparrow stadium statute streetcar subsidy subway summit surgery syllabus
		tannery tariff telescope tenant terminal theater thermostat timber tornado tortoise tractor trailhead
		treaty trolley truce tuition tunnel turbine uranium vaccine vineyard volcano voucher wagon warehouse warrant
		waterfall watershed wetland wheat wildfire windmill winery wolf workshop zoo`)
	adjectives = list(`abandoned ancient angry borrowed brittle broken bruised bitter careful ceremonial chilly
		coastal contested costly crowded cracked damaged dangerous delayed disputed distant dusty eager empty
		endangered expensive faded federal forgotten fragile frozen gentle giant graceful greedy grim hidden historic
		hollow humble hungry idle illegal impatient improbable industrial invisible jagged lonely lucky massive
		mobile modest muddy narrow nervous noisy obscure outdated overdue painted patient peaceful permanent
		pointless polluted portable private proud quiet radioactive rapid rare reckless remote restless rural rusty
		sacred salty scarce secret shallow shrinking silent skeptical sleepy slippery soggy solemn sprawling stolen
		stubborn sturdy sudden sunken swollen temporary tiny toxic troubled unfinished unpaid unlikely unusual
		vacant vanished vast violent volunteer wealthy weary wooden worried`)
	verbs = list(`abandons absorbs advances approves audits avoids awakens bans blocks boosts borrows buries
		carries challenges charges claims closes collects condemns confronts crosses cuts defends delays demands
		denies designs doubles drains drops embraces escapes examines expands explores exposes extends fights films
		finds finishes floods follows forgets freezes gathers guards halts hauls heals hides honors hunts ignores
		imports inspects invents joins judges launches leaks leases limits loses maps measures mends misses moves
		names needs notices occupies opens orders outlasts owns paints pauses pays plants postpones predicts
		protects protests questions quits raises rebuilds recalls records recovers recycles refuses rejects relies
		remembers removes repairs replaces rescues resists restores rethinks returns reveals sells shakes shares
		shelters shrinks shutters skips slows spares splits stalls steers studies sues surrounds survives suspends
		swaps targets tests threatens trades transforms trims uncovers unites upends visits votes waits warns
		watches welcomes widens withdraws worries`)
	places = list(`Agua-Fria Arivaca Bisbee Bowie Caborca Cananea Cochise Clifton Dragoon Dudleyville Elfrida
		Florence Gleeson Globe Greenlee Hachita Hayden Huachuca Imuris Jerome Kearny Lordsburg Mammoth Mesilla Naco
		Nogales Oracle Oxbow Palominas Patagonia Pearce Portal Quartzsite Rillito Rodeo Safford Sasabe Sells Sonoita
		Solomon Sunsites Thatcher Tombstone Tubac Tumacacori Wenden Willcox Winkelman Yarnell Ysidro`)
	bodies = []string{"the Senate", "the state board", "the county", "Congress", "the White House", "a judge",
		"the Supreme Court", "the tribe", "the mayor", "the governor", "a jury", "the union", "the water district",
		"the school board", "the health department", "a farm co-op", "the ranchers", "the Pentagon", "the railroad",
		"the city council", "researchers", "hospital nurses", "a panel", "regulators", "the utility", "firefighters"}
	times = []string{"this week", "before winter", "after a long summer", "on Monday", "for a second year",
		"despite warnings", "overnight", "in a close vote", "with little notice", "as costs rise", "by the weekend",
		"one year later", "while others wait", "without a plan", "once again"}
	firstNames = list(`Abigail Adela Alonzo Amos Anselm Arlene Beatriz Benito Boris Brigid Calvin Carmela Cecily
		Chet Clarice Cyrus Dagmar Delphine Desmond Dolores Edmund Elspeth Emeka Enid Esteban Fabian Farah Felix
		Fiona Gideon Greta Gustavo Harriet Hector Ignacio Imogen Ingrid Isidro Jasper Jocasta Juno Kamal Keiko
		Lamar Leandra Lionel Ludmila Magnus Marcela Mateus Mercy Nadine Nestor Niamh Octavio Odile Orson Paloma
		Percy Petra Quentin Ramona Roscoe Rosalind Sabina Selwyn Sigrid Soledad Tadeo Tamsin Ulises Uma Valentin
		Vera Wendell Winifred Xavier Yolanda Yusuf Zelda`)
	lastNames = list(`Abernethy Aldana Amsel Arbogast Baca Balderrama Barrow Bellweather Benally Birnbaum Cantu
		Castañeda Chee Coolidge Cordero Dandridge Delgadillo Dorsey Eastlake Echeverria Ellsworth Escalante
		Fairweather Fenwick Figueroa Frobisher Galindo Garrity Goodluck Grijalva Halvorsen Hargrove Hidalgo Holloway
		Ibarra Iverson Jaramillo Jessop Kettering Kinlichee Lachlan Ledbetter Longoria Lovelace Macready Manuelito
		Mondragon Mulcahy Nakai Northrup Obregon Okafor Ostrander Pacheco Pennington Quintanilla Rademacher Rasmussen
		Redhouse Saldivar Silversmith Stanhope Tafoya Tolliver Underhill Urrutia Vandermeer Villaseñor Whitlock
		Winterbourne Yazzie Yellowhair Zaragoza Zimmerman`)

	spanishNouns = list(`acequia aduana almacén arroyo ayuntamiento barrio biblioteca bodega bosque calle camino
		canal carretera cementerio clínica cosecha cuenca desierto edificio escuela estadio fábrica feria ferrocarril
		frontera ganado granja hospital huerta incendio inundación jardín laguna ley mercado mina molino muralla museo
		nogal parque pozo presa presupuesto puente rancho refugio represa río sequía sindicato taller teatro tienda
		tormenta trigo túnel vacuna vivienda zanja`)
	spanishAdjectives = list(`abandonado amargo antiguo caro cercano costoso débil desierto difícil enorme escaso
		federal frágil grande histórico incierto inútil largo lejano lento local nuevo olvidado pequeño peligroso
		público reciente rural seco temporal triste vacío viejo`)
	spanishVerbs = list(`abandona aprueba busca cierra compra construye cuida defiende demora divide enfrenta
		espera estudia evita exige explora gana inaugura investiga limita mide niega ordena pierde pinta prohíbe
		protege recibe rechaza recuerda repara rescata restaura revisa salva suspende transforma vende vigila visita`)
)

func (w *words) pick(from []string) string { return from[w.r.IntN(len(from))] }

func (w *words) noun() string {
	if w.spanish {
		return w.pick(spanishNouns)
	}
	return w.pick(nouns)
}

func (w *words) adjective() string {
	if w.spanish {
		return w.pick(spanishAdjectives)
	}
	return w.pick(adjectives)
}

func (w *words) verb() string {
	if w.spanish {
		return w.pick(spanishVerbs)
	}
	return w.pick(verbs)
}

func (w *words) person() string { return w.pick(firstNames) + " " + w.pick(lastNames) }

var headlines = []string{
	"B V A N in P after N V N", "Why the A N of P V its N", "What to know about the A N that V P",
	"'The N is A': How P V an A N", "B V A N and A N T", "In P, A N V the N as B V",
	"How a N in P V the A N — and who V it",
	"P's A N V N, but B V", "B: A N V Q Ns", "Photos: A N V the N in P", "As N V, an A N V P T", "An A N V P. " +
		"Now B V",
	"Meet the A N that V N in P", "Q Ns later, the A N of P V", "Should B V the N? A N V T",
}

var spanishHeadlines = []string{
	"El N A de P V la N y el N", "Por qué el N de P V un N A", "Lo que hay que saber del N A que V P",
	"En P, un N A V el N sin N", "«El N es A»: cómo P V su N", "Q personas y un N A: P V su N",
}

var sentences = []string{
	"The A N near P V a N, and B V A N.", "B V N T, S said, while A N V P.",
	"“A N V N,” S said. “No N V this A N.”",
	"In P a N V Q Ns, A N V more.", "N V N; A N, once A, V the N of P.", "S V A N and V every N between P and P.",
	"Nobody V A N like S, whose N V Q Ns T.", "A N, A N and A N: P V all of it.", "That N V B, N by N, T.",
	"For S, an A N V more than N V N.", "Under A N the N of P V, S said.", "When N V, A N V too, and S V the N.",
	"B V the A N, though N from P V A N.", "Few Ns V as A as the N that V P T.",
}

var spanishSentences = []string{
	"El N A de P V un N, y S V la N.", "S V N y N mientras el N A V P.",
	"«Este N V la N», dijo S, «y nadie V el N A».",
	"En P un N V Q casas; otro N A V más.", "Cuando el N V, la N A de P V también.", "Ni N ni N: S V todo el N A.",
}

// fill puts words for the letters of a pattern.
func (w *words) fill(pattern string) string {
	var text strings.Builder
	for n, field := range strings.Split(pattern, " ") {
		if n > 0 {
			text.WriteByte(' ')
		}
		bare := strings.TrimFunc(field, func(r rune) bool { return unicode.IsPunct(r) && r != '’' && r != '\'' })
		bare = strings.Trim(bare, "'")
		bare, owner, owned := strings.Cut(bare, "'")
		word := bare
		switch bare {
		case "N":
			word = w.noun()
		case "Ns":
			word = w.noun() + "s"
		case "A":
			word = w.adjective()
		case "V":
			word = w.verb()
		case "P":
			word = w.pick(places)
		case "B":
			word = w.pick(bodies)
		case "T":
			word = w.pick(times)
		case "S":
			word = w.person()
		case "Q":
			word = fmt.Sprint(3 + w.r.IntN(900))
		}
		if owned {
			bare, word = bare+"'"+owner, word+"'"+owner
		}
		text.WriteString(strings.Replace(field, bare, word, 1))
	}
	filled := beforeConsonant.ReplaceAllString(text.String(), "${1}a $2")
	return capital(beforeVowel.ReplaceAllString(filled, "${1}an $2"))
}

// An article goes with the word after it.
var (
	beforeConsonant = regexp.MustCompile(`(?i)(\W|^)an ([^aeiou\W])`)
	beforeVowel     = regexp.MustCompile(`(?i)(\W|^)a ([aeiou])`)
)

// capital begins a text with a capital letter.
func capital(text string) string {
	at := strings.IndexFunc(text, unicode.IsLetter)
	if at < 0 {
		return text
	}
	first, size := utf8.DecodeRuneInString(text[at:])
	return text[:at] + string(unicode.ToUpper(first)) + text[at+size:]
}

func (w *words) headline() string {
	if w.spanish {
		return w.fill(w.pick(spanishHeadlines))
	}
	return w.fill(w.pick(headlines))
}

func (w *words) sentence() string {
	if w.spanish {
		return w.fill(w.pick(spanishSentences))
	}
	return w.fill(w.pick(sentences))
}

// paragraph is three or four sentences.
func (w *words) paragraph() string {
	var text []string
	for range 3 + w.r.IntN(2) {
		text = append(text, w.sentence())
	}
	return strings.Join(text, " ")
}

// paragraphs are a text of about that many words.
func (w *words) paragraphs(count int) (list []string) {
	for have := 0; have < count; {
		p := w.paragraph()
		list, have = append(list, p), have+len(strings.Fields(p))
	}
	return list
}

// long is a text of one or more sentences of at least that many words.
func (w *words) long(count int) string {
	text := w.sentence()
	for len(strings.Fields(text)) < count {
		text += " " + w.sentence()
	}
	return text
}
