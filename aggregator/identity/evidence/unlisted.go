package evidence

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Unlisted is a maker whom an item's words name and nobody lists.
type Unlisted struct {
	Name string
	URL  string // of its site, where that is linked
	// Licensed is set where the words that name it give the license that the text is republished
	// under: they say what there is to say, and come with every text of that maker.
	Licensed bool
}

// Why says that an item is from an unlisted maker, and what an editor can do.
func (u Unlisted) Why() string {
	return "its text says that it is from " + Quote(u.Name) +
		", which is no station and no source of the configuration: list it, or say who made the story"
}

// unlistedMaker is the maker that an item's sentences of origin name and nobody lists. Where they
// name a listed one or the item's station, or lead to its hosts, they speak of that. Names are read
// with care, since nobody is credited then: a day, a place, a program, a platform or a person is no
// maker.
func unlistedMaker(d *directory.Directory, i *news.Item, sentences []sentence) (maker Unlisted) {
	for _, s := range sentences {
		if s.desk {
			continue
		}
		links := slices.Concat(s.links, s.others)
		if len(d.NamedIn(s.maker)) > 0 ||
			slices.ContainsFunc(links, func(l markup.Link) bool { return isOwnHost(d, i, l.URL) }) {
			return Unlisted{}
		}
		if maker.Name != "" || !s.isOfItem(i) || s.cms && len(links) == 0 {
			continue
		}
		maker.Name = makerNamed(d, i, s, links)
		for _, l := range links {
			if link.IsLicense(l.URL) {
				maker.Licensed = true
			} else if maker.URL == "" && !d.Listed(l.URL) {
				maker.URL = l.URL
			}
		}
	}
	if maker.Name == "" {
		return Unlisted{}
	}
	return maker
}

// isOwnHost reports whether an address is on a host of an item's station, or on that of its own
// page.
func isOwnHost(d *directory.Directory, i *news.Item, address string) bool {
	return d.Own(i.Station, address) ||
		!d.Foreign(i.Station, i.Entry.URL) && link.Host(i.Entry.URL) == link.Host(address) && link.Host(address) != ""
}

// isOfItem reports whether a sentence speaks of the text that it stands in for certain.
func (s *sentence) isOfItem(i *news.Item) bool {
	if s.about != "" {
		return likeHeadline(i, s.about)
	}
	return s.certain
}

func likeHeadline(i *news.Item, about string) bool {
	return text.HeadlineOf(about).Similar(text.HeadlineOf(i.Entry.Title)) >= aboutHeadline
}

// makerNamed is the proper name behind the verb of a sentence, if it can be a newsroom's.
func makerNamed(d *directory.Directory, i *news.Item, s sentence, links []markup.Link) string {
	said, by := s.maker, ""
	article := false
	if !s.cms {
		m := makerPreposition.FindStringSubmatchIndex(said)
		if m == nil {
			return ""
		}
		by, article, said = strings.ToLower(said[m[2]:m[3]]), m[4] >= 0, said[m[6]:]
	}
	name := properName(said)
	if name == "" || d.BeginsWithName(name) || isNobody(name) || isAuthor(i, name) || d.IsOwnForm(i.Station, name) {
		return ""
	}
	radio := callSign.MatchString(name) || ofRadio.MatchString(name)
	medium := radio || siteName.MatchString(name) || ofNewsroom.MatchString(name)
	if ofSound.MatchString(s.verb) { // programs are aired
		medium = radio
	}
	linked := slices.ContainsFunc(links, func(l markup.Link) bool {
		return strings.Contains(l.Text, name) || strings.Contains(name, l.Text)
	})
	switch first, _, several := strings.Cut(name, " "); {
	case medium:
		return name
	case ofSound.MatchString(s.verb):
		return ""
	case linked:
		return name
	case ofWork.MatchString(s.verb), atPlace[by] && !ofCopy.MatchString(s.verb):
		// people produce, and things are published in places and languages
		if !several || !article && !articles[first] {
			return ""
		}
	}
	return name
}

var (
	// makerPreposition finds what stands before a maker's name, with what kind of a house it is.
	makerPreposition = regexp.MustCompile(`(?i)(?:^|\s)(by|from|courtesy\s+of|permission\s+of|of|in|on|at|por|de|` +
		`del|en)\s+(?:((?-i:the|our|el|la|los|las))\s+)?(?:(?-i:a|an|nonprofit|non-profit|independent|` +
		`investigative|` +
		`nonpartisan|local|regional|student|tribal|community|digital|online|public|radio|weekly|daily|news|` +
		`newsroom|` +
		`newspaper|outlet|organization|site|website|magazine|partner|partners|station|publication|wire|medio|` +
		`diario|` +
		`periódico|revista|agencia|sitio|organización|emisora|semanario|independiente|aliado|socio)\s+){0,5}` +
		`["“«‘]?((?-i:[\p{Lu}\d]|[a-z0-9-]+\.[a-z]))`)
	ofSound  = regexp.MustCompile(`(?i)aired|broadcast|\bran\b|mitid|mitió|difund`)
	ofWork   = regexp.MustCompile(`(?i)\bproduc`)
	ofCopy   = regexp.MustCompile(`(?i)^re`)
	siteName = regexp.MustCompile(`^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
	callSign = regexp.MustCompile(`\b[KW][A-Z]{2,3}(?:-(?:FM|AM|TV))?\b`)
	ofRadio  = regexp.MustCompile(`(?i)\b(?:radio|public\s+(?:media|broadcasting))\b`)
	// ofNewsroom recognizes the name of a newsroom among those of people and places.
	ofNewsroom = regexp.MustCompile(
		`(?i)\b(?:news(?:room|paper|line|day|week)?|times|post|journal|ledger|herald|tribune|` +
			`sun|star|gazette|chronicle|courier|daily|weekly|press|review|magazine|observer|record|register|` +
			`republic|independent|` +
			`today|report(?:er)?|media|wire|monitor|sentinel|dispatch|examiner|bulletin|beacon|mirror|voice|` +
			`network|service|` +
			`conversation|lookout|watch|standard|mercury|telegraph|globe|guardian|advocate|citizen|messenger|` +
			`inquirer|` +
			`diario|noticias|prensa|periódico|revista|semanario|crónica|agencia|gaceta|heraldo|imparcial|` +
			`universal)(?:\W|$)`,
	)
	articles = wordSet("The El La Los Las")
	atPlace  = map[string]bool{"in": true, "on": true, "at": true, "of": true, "en": true, "de": true, "del": true}
)

// properName is the name that a text begins with: words with capitals, and what joins such; or a
// host. It is "" where the text begins otherwise.
func properName(said string) string {
	words := strings.Fields(strings.TrimLeft(said, ` "“«‘(`))
	end := 0 // words of the name
	for n, word := range words {
		bare := strings.TrimRight(word, `.,;:!?"”»’)]*`)
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(bare, `"“«‘(`))
		switch {
		case bare == "":
			return joinName(words[:end])
		case unicode.IsUpper(first), n > 0 && unicode.IsDigit(first), n == 0 && siteName.MatchString(bare):
			end = n + 1
		case n == 0 || !joinsNames[bare]:
			return joinName(words[:end])
		}
		isShort := strings.HasSuffix(word, ".") && (beginNames[bare] || utf8.RuneCountInString(bare) == 1)
		if bare != word && end == n+1 && !isShort {
			break
		}
		if n > maxNameWords {
			return ""
		}
	}
	return joinName(words[:end])
}

// maxNameWords is how many words a maker's name may have.
const maxNameWords = 10

var joinsNames = wordSet("of and & the for de del la las los el y")

func joinName(words []string) string {
	return strings.Trim(strings.Join(words, " "), ` .,;:!?"“”«»‘’()[]*`)
}

// isNobody reports whether a name is that of a day, a language, a platform or a program, not of a
// newsroom.
func isNobody(name string) bool {
	low := strings.ToLower(name)
	first, _, _ := strings.Cut(low, " ")
	return nobody[strings.Trim(first, ".,")] || programs.MatchString(low)
}

var (
	nobody = wordSet(
		"monday tuesday wednesday thursday friday saturday sunday january february march april may june " +
			"july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec " +
			"spring summer fall " +
			"autumn winter lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo " +
			"junio julio agosto " +
			"septiembre octubre noviembre diciembre english spanish español inglés facebook twitter instagram " +
			"tiktok " +
			"youtube x medium substack linkedin bluesky threads whatsapp spotify apple podcast tv season episode " +
			"part volume page " +
			"permission our us we i he she they here this that nuestra nuestro",
	)
	programs = regexp.MustCompile(
		`^(?:npr['’]s\s+)?(?:the\s+)?(?:morning edition|all things considered|weekend (?:edition|` +
			`all)|here (?:&|and) now|fresh air|1a\b|on point|science friday|the takeaway|latino usa|wait wait|` +
			`ted radio|` +
			`consider this|up first|planet money|radiolab|this american life|throughline|code switch|` +
			`hidden brain|the moth|snap judgment|` +
			`living on earth|on the media|reveal\b|car talk|native america calling|to the best of our|` +
			`freakonomics|world cafe|` +
			`(?:bbc )?newshour|short wave|life kit|(?:the )?daily show)`,
	)
)

// isAuthor reports whether a name is in an item's byline: a person's.
func isAuthor(i *news.Item, name string) bool {
	return strings.EqualFold(i.Entry.Byline, name) || slices.ContainsFunc(i.Entry.Authors, func(p news.Person) bool {
		return strings.EqualFold(p.Name, name)
	})
}
