package link

import "strings"

// Family returns what comes before the last colon of a host rule's key, such as "kjzz:nid", or ""
// for another key. Within a family, different keys are different pages.
func Family(key string) string {
	if !madeByHostRule(key) {
		return ""
	}
	key, _, _ = strings.Cut(key, "#")
	return key[:max(0, strings.LastIndexByte(key, ':'))]
}

// IsRoot reports whether a key is that of a site's home page, or of its home page in a language
// ("/es"): such an address identifies no story.
func IsRoot(key string) bool {
	_, path, found := strings.Cut(key, "/")
	if !found {
		return false
	}
	path = strings.TrimSuffix(path, "/")
	return path == "" || len(path) == 2 && isASCIILetter(path[0]) && isASCIILetter(path[1])
}

// StoryLike reports whether a key has the form of a story's address: it may then be a claim. A host
// rule's key has it; another needs four digits in a row or a segment of three words, and must not
// be the page of something that stories are listed under or published by: a feed, a search, a
// section, a series, a project, a program, a newsletter, somebody's page, a license or its terms.
func StoryLike(key string) bool {
	if key == "" || IsRoot(key) {
		return false
	}
	if madeByHostRule(key) {
		return true
	}
	host, rest, _ := strings.Cut(key, "/")
	path := rest[:strings.IndexAny(rest+"?", "?#")]
	segments := strings.Split(strings.ToLower(strings.TrimSuffix(path, "/")), "/")
	if isLicenser(host) || isHashedPath(path) || endsLikeHousekeeping(segments[len(segments)-1]) ||
		isBelowListing(segments) {
		return false
	}
	for _, segment := range segments {
		if wordsInSlug(segment) >= 3 {
			return true
		}
	}
	return hasFourDigits(rest)
}

// endings lists last segments that no story's address has, in lower case.
var endings = setOf(
	"feed feeds rss rss.xml atom.xml search page home index archive archives live listen donate give " +
		"support membership contact about about-us terms privacy staff team our-team section sections " +
		"tag tags topic topics category categories author authors people profiles series project projects program " +
		"programs show shows podcast podcasts newsletter newsletters subscribe signup sign-up license licenses " +
		"licence " +
		"licences republish republishing syndication reprints " +
		"buscar archivo en-vivo escuchar donar dona contacto acerca-de nosotros equipo seccion secciones " +
		"etiqueta etiquetas " +
		"tema temas categoria categorias autor autores personas serie proyecto proyectos programa programas " +
		"boletin " +
		"boletines suscribete licencia licencias republicar republica sindicacion",
)

// listings lists segments below which there is the page of a list, a person or a program, not a
// story: only what lies further below can be one.
var listings = setOf("tag tags topic topics category categories author authors people person profile profiles page " +
	"staff team contributor contributors series project projects program programs show shows podcast podcasts " +
	"collection " +
	"collections newsletter newsletters license licenses licence licences about donate republish " +
	"etiqueta etiquetas tema temas categoria categorias autor autores personas perfil perfiles serie proyecto " +
	"proyectos " +
	"programa programas boletin boletines licencia licencias")

// housekeeping lists words with which the addresses of terms and offers begin, and words that they
// hold in a few others.
var (
	housekeeping = []string{"republish", "reprint", "syndication-", "creative-commons", "sign-up", "subscribe",
		"newsletter", "terms-of", "terms-and", "privacy-policy", "suscrib", "boletin-", "republica", "terminos-"}
	ofRepublishing = setOf("republish republishing republication syndication republicar republicacion")
)

// maxTermsWords is how many words the last segment of the address of such terms has.
const maxTermsWords = 5

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// IsLicense reports whether an address is on a host that publishes licenses.
func IsLicense(link string) bool { return isLicenser(Host(link)) }

// isLicenser reports whether a host publishes licenses, not stories.
func isLicenser(host string) bool {
	return host == "creativecommons.org" || strings.HasSuffix(host, ".creativecommons.org")
}

// endsLikeHousekeeping reports whether a last segment is that of a list, or of a site's terms and
// offers.
func endsLikeHousekeeping(segment string) bool {
	if endings[segment] {
		return true
	}
	for _, begin := range housekeeping {
		if strings.HasPrefix(segment, begin) {
			return true
		}
	}
	if wordsInSlug(segment) > maxTermsWords {
		return false
	}
	for word := range strings.FieldsFuncSeq(segment, betweenWords) {
		if ofRepublishing[word] {
			return true
		}
	}
	return false
}

// isBelowListing reports whether an address is the next below a list, whatever number it has there
// ("/people/2101004/ana-paz") and whatever date of an edition follows ("/programs/noon/2031/03/04").
func isBelowListing(segments []string) bool {
	last := len(segments) - 1
	for last > 0 && isNumber(segments[last]) {
		last--
	}
	if last > 0 && len(segments[last-1]) > 4 && isNumber(segments[last-1]) {
		last--
	}
	return last > 0 && listings[segments[last-1]] || last < len(segments)-1 && listings[segments[last]]
}

func isNumber(segment string) bool {
	return segment != "" && strings.Trim(segment, "0123456789") == ""
}

// madeByHostRule reports whether a key was made by a host rule.
func madeByHostRule(key string) bool {
	return strings.IndexByte(key, '/') < 0 && strings.IndexByte(key, ':') >= 0
}

// isHashedPath reports the path of a key that was too long: nothing can be said of it.
func isHashedPath(path string) bool {
	return len(path) == 65 && path[0] == '~'
}

// wordsInSlug counts the words of a slug, joined by hyphens or underscores.
func wordsInSlug(slug string) int {
	n := 0
	for range strings.FieldsFuncSeq(slug, betweenWords) {
		n++
	}
	return n
}

func betweenWords(r rune) bool { return r == '-' || r == '_' }

func hasFourDigits(s string) bool {
	run := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			run = 0
		} else if run++; run == 4 {
			return true
		}
	}
	return false
}

func isASCIILetter(c byte) bool {
	return 'a' <= lowerCaseByte(c) && lowerCaseByte(c) <= 'z'
}
