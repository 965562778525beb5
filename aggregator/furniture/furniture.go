// Package furniture knows the lines that stand around a story's text and are none of it, in English
// and Spanish: in the texts of feeds, where they must not make two stories alike, and on pages,
// where they are cut.
package furniture

import (
	"regexp"
	"slices"
	"strings"
)

// use says where a rule counts.
type use int

const (
	compared  use = iota // left out where texts are compared; what is published keeps them
	cut                  // cut out of the text of a page
	cutLinked            // the same, where there is a link in the line
)

// rule is a kind of line.
type rule struct {
	use     use
	why     string
	words   int // longer lines are text
	pattern *regexp.Regexp
	one     []string // what the pattern matches holds one of these, in lower case; nil: it looks at the beginning alone
}

// rules lists them. A line that is cut begins with words that a sentence of a story hardly begins
// with: "Support for the bill grew" is one.
var rules = []rule{
	{compared, "copyright", 40, regexp.MustCompile(`(?i)^(?:©|\(c\)|copyright\b)|\ball rights reserved\b|` +
		`\btodos los derechos reservados\b`),
		[]string{"©", "(c)", "copyright", "rights reserved", "derechos reservados"}},
	{compared, "credit of a picture", 25, regexp.MustCompile(`(?i)^(?:photo(?:graph)?s?|images?|pictures?|courtesy|` +
		`fotos?|imagen|cortesía)\b[^.]{0,20}(?:\bby\b|\bcredits?\b|\bcourtesy\b|\bof\b|\bpor\b|\bde\b|:)`), nil},
	{compared, "newsletter", 40, regexp.MustCompile(`(?i)\b(?:newsletters?|sign up|subscribe|suscríb\w*|boletín)\b`),
		[]string{"newsletter", "sign up", "subscribe", "suscr", "bolet"}},
	{compared, "player", 25, regexp.MustCompile(`(?i)^(?:[▶►]\s*)?(?:listen|hear|download|play|escuch[ae]\w*|` +
		`descarg\w+)\b`), nil},
	{compared, "date", 14, regexp.MustCompile(`(?i)^(?:last )?(?:updated|published|posted|actualizad[oa]|` +
		`publicad[oa])\b(?:[^.]*\d|:)`), nil},
	{compared, "counter", 6, regexp.MustCompile(`(?i)^[\d.,]+k?\s+(?:comments?|shares?|views?|likes?|reads?|` +
		`comentarios?|vistas?)$`), nil},
	{compared, "counter", 6, regexp.MustCompile(`(?i)^(?:comments?|shares?|views?|likes?|comentarios?|` +
		`vistas?)\s*[:(]?\s*[\d.,]+\)?$`), nil},

	{cut, "related", 40, beginning(
		`related(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|posts?|reading|topics?|items?))?`+ends,
		`(?:read|see|hear|watch|find) (?:more|also|next)(?:`+ends+`| (?:about|at|from|here|in|on|stories)\b)`,
		`also (?:read|see)\b`, `see also\b`, `you (?:may|might) also like\b`, `don['’]t miss`+ends, `up next`+ends,
		`(?:more|latest) (?:from|stories|coverage|headlines|news)\b(?:[^.!?]{0,40}$|\s*:)`, `more on this\b`,
		`more (?:great|like this|top) ?(?:\w+ )?(?:stories|reads|news)`+ends,
		`recommended(?: (?:for you|reading|stories))?`+ends,
		`most (?:read|popular|viewed)(?: (?:stories|articles|news))?`+ends,
		`(?:lee|leer|lea|ver|vea|mira) (?:más|también)(?:`+ends+`| (?:sobre|en|aquí|historias|noticias)\b)`,
		`más (?:sobre|noticias|historias)\b[^.!?]{0,50}$`, `también (?:lee|lea|(?:te|le) puede)\b`,
		`(?:te|le) (?:puede interesar|recomendamos)\b`, `lo más (?:leído|visto)`+ends,
		`(?:(?:noticia|artículo|nota|historia|contenido|tema)s? )?relacionad[oa]s?`+ends,
	), nil},
	{cutLinked, "related", 40, beginning(
		`(?:read|see|hear|watch|listen|find|learn)\b.{0,40}\b(?:more|also|next|here)\b`, `click here\b`,
		`(?:lee|leer|lea|ver|vea|mira|escucha)\b.{0,40}?(?:más|también|aquí)`,
		`(?:más|more) (?:de|from|on|about)\b`,
	), nil},
	{cut, "newsletter", 40, beginning(
		`(?:sign up|subscribe)\b`, `(?:get|receive) (?:the|our|more|all)\b.{0,60}\b(?:newsletters?|inbox|email)\b`,
		`suscr[ií]b(?:e|a|ete|ase|irse)\b`, `reg[ií]str(?:ate|ese)\b`,
		`recib[ea] (?:nuestr[oa]|el|las)\b.{0,60}\b(?:boletín|correo|email)\b`,
	), nil},
	{cut, "donate", 40, beginning(
		`donate\b`, `support (?-i:[KWX][A-Z]{2,4})\b`, `support for .{2,60} (?:comes|is provided) (?:from|by)\b`,
		`support (?:our|your|local|public|independent|this|the|\w+['’]s) (?:\w+ )?`+
			`(?:journalism|news|newsroom|reporting|radio|media|work|stations?|coverage|programs?|`+
			`programming|mission)\b`,
		`(?:make|give) (?:a|your) (?:tax[- ]deductible )?(?:gift|donation|contribution)\b`,
		`(?:become|be) (?:a|an) (?:\w+ )?(?:member|sustainer|supporter)\b`,
		`we (?:need|depend on|rely on) your (?:support|help)\b`, `dona (?:a|ahora|hoy)\b`, `done (?:ahora|hoy)\b`,
		`ha(?:z|ga) (?:una|tu|su) donación\b`, `h[aá](?:z|ga)[st]e (?:miembro|soci[oa])\b`,
		`apoy[ae] (?:a|nuestro|el|este|la)\b.{0,60}\b(?:periodismo|noticias|radio|trabajo)\b`,
	), nil},
	{cutLinked, "donate", 40, beginning(`(?:please )?(?:support|help|give)\b`, `(?:apoy|ayud|don)[ae]\b`), nil},
	{cut, "share", 40, beginning(
		`follow us\b`, `follow (?:him|her|me|them) (?:on|at|@)`, `share (?:this|on|via)\b`, `share$`, `like us on\b`,
		`follow \S+(?: \S+)? on (?:x|twitter|facebook|instagram|threads|bluesky|mastodon)\b`, `s[ií]g(?:ue|a)nos\b`,
		`s[ií]g(?:ue|a) a .{2,40} en (?:x|twitter|facebook|instagram)\b`,
		`compart(?:e|a|ir)(?:`+ends+`| (?:en|est[ea]|por)\b)`,
		`(?:facebook|twitter|linkedin|email|whatsapp|print|imprimir)(?:[\s•|/,]+(?:facebook|twitter|linkedin|email|`+
			`whatsapp|print|imprimir|x|flipboard|reddit|pinterest|copy link))*$`,
	), nil},
	{cutLinked, "share", 40, beginning(`follow\b`, `s[ií]g(?:ue|a)\b`), nil},
	{cut, "ad", 40, beginning(
		`advert(?:isement)?s?`+ends, `sponsored(?: (?:by|content|message|post))?`+ends, `sponsored by\b[^.!?]{0,60}$`,
		`sponsor message\b`, `(?:publicidad|anuncio)`+ends, `(?:story|article|text) continues (?:below|after)\b`,
		`(?:la historia|el artículo) continúa (?:abajo|después|tras)\b`, `patrocinad[oa] por\b[^.!?]{0,60}$`,
		`skip (?:advertisement|ad)\b`,
	), nil},
	{cut, "copyright", 40, beginning(
		`copyright\b\W{0,4}(?:\d|©|\(c\))`, `©`, `\(c\)\s*\d`, `all rights reserved\b`,
		`todos los derechos reservados\b`,
	), nil},
	{cut, "tip", 40, beginning(
		`(?:do you )?(?:have|got) (?:a |any )?(?:news )?(?:tips?|questions? or comments?)\b`,
		`(?:send|email) (?:us )?(?:your |a )?(?:news )?tips?\b`,
		`(?:tienes?|tiene usted) (?:una pista|un dato|alguna pista|información sobre)\b`,
	), nil},
	{cut, "comments", 40, beginning(
		`by (?:posting|submitting) (?:a )?comments?\b`, `al (?:publicar|enviar) (?:un |sus )?comentarios?\b`,
		`(?:leave|post|add|write|view|show|read) (?:a |your |the |all )?(?:reply|comments?)\b`,
		`(?:comments?|comentarios?)\s*[:(]?\s*\d*\)?$`, `(?:deja|deje|escribe|escriba) (?:un|tu|su) comentario\b`,
		`join the conversation\b`,
	), nil},
	{cut, "player", 8, regexp.MustCompile(`(?i)^(?:[▶►]\s*)?(?:(?:listen|hear|play|audio|download|embed|` +
		`transcript|escuch[ae]r?|reproducir|descargar)(?: (?:now|live|again|here|mp3|audio|ahora|` +
		`to (?:this|the) (?:story|article|` +
		`interview|audio|episode|segment|conversation)|(?:la|el|esta|este) (?:historia|nota|audio|entrevista|` +
		`reportaje)))?\s*(?:[•·:|–—-]?\s*\(?\d{1,2}:\d\d(?::\d\d)?\)?)?|` +
		`\d{1,2}:\d\d(?::\d\d)?\s*[/|]\s*\d{1,2}:\d\d(?::\d\d)?)$`), nil},
	{cut, "picture", 25, beginning(
		`(?:photo(?:graph)?s?|images?|pictures?|fotos?|imagen|courtesy|cortesía)(?: (?:credits?|by|courtesy|por|de))?`+
			`(?: of)?\s*:`,
		`\(?(?:photo|image|picture|foto|imagen) (?:credit|by|courtesy|por|cortesía)\b`, `courtesy of\b[^.!?]{0,60}$`,
		`(?:enlarge|toggle|hide|ampliar) (?:this |esta )?(?:image|caption|imagen)\b`,
		`(?:image|photo|slide|foto|imagen)?\s*\d{1,3}\s*(?:/|of|de)\s*\d{1,3}$`,
	), nil},
	{cut, "reading time", 10, regexp.MustCompile(`(?i)^(?:(?:reading time|read time|tiempo de lectura)\b.*\d|` +
		`\d{1,3}(?:[- ]min(?:ute)?s?\.? (?:read|listen)|\s*min(?:uto)?s? (?:de lectura|para leer)))`), nil},
	{cut, "author", 8, beginning(
		`(?:about|meet) the (?:author|writer|reporter)s?\b`,
		`(?:sobre|acerca de) (?:el|la|los|las) (?:autor|autora|autores|periodista)\b`,
	), nil},
	{cut, "tags", 40, beginning(
		`(?:tags?|filed under|topics|categor(?:y|ies)|keywords|etiquetas?|temas|categorías?)\s*:`,
	), nil},
}

// ends is what stands behind the words of a title: nothing, or a mark.
const ends = `(?:\s*[:|—-]|[.…]*$)`

// beginning makes a pattern of what a line may begin with, after marks.
func beginning(parts ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[^\pL\pN©(]*(?:` + strings.Join(parts, "|") + `)`)
}

// maxWords is how many words a line of furniture has at most: a longer one is text, whatever it
// mentions.
const maxWords = 40

// maxBytes is how long a line of a page's furniture is at most.
const maxBytes = 1 << 10

// IsBoilerplate reports whether a paragraph, given as it is and in lower case, is none of the
// story's text where texts are compared.
func IsBoilerplate(paragraph, low string) bool { return ComparedKind(paragraph, low) != "" }

// ComparedKind says in a word what such a paragraph is, "" where it is text.
func ComparedKind(paragraph, low string) string {
	count := strings.Count(paragraph, " ") + 1
	if count > maxWords {
		return ""
	}
	for _, r := range rules {
		if r.use == compared && count <= r.words && (r.one == nil || containsAnyOf(low, r.one)) &&
			r.pattern.MatchString(paragraph) {
			return r.why
		}
	}
	return ""
}

// Kind says what furniture of a page a line is, in a word; "" where it may be text. A line that is a
// link for a third or more is furniture sooner.
func Kind(line string, linked bool) string {
	count := strings.Count(line, " ") + 1
	if count > maxWords || len(line) > maxBytes {
		return ""
	}
	for _, r := range rules {
		if (r.use == cut || r.use == cutLinked && linked) && count <= r.words && r.pattern.MatchString(line) {
			return r.why
		}
	}
	return ""
}

func containsAnyOf(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// IsCorrection reports whether a paragraph begins like a note of correction.
func IsCorrection(paragraph string) bool {
	return slices.ContainsFunc(corrections, func(begin string) bool {
		return len(paragraph) >= len(begin) && strings.EqualFold(paragraph[:len(begin)], begin)
	})
}

var corrections = []string{"correction", "clarification", "an earlier version", "editor's note", "editor’s note",
	"corrección", "aclaración", "nota del editor", "nota de la editora", "nota de la redacción", "fe de erratas"}
