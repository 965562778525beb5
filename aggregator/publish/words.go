package publish

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// words holds what the pages say besides the stations' own words, in one language.
type words struct {
	pageWords
	Language                                         string
	Skip, All, Filters                               string
	Stations, Topics, Languages                      string
	By, And, AlsoOn, CarriedBy, Updated, Listen      string
	None, ShowAll                                    string
	Search, SearchStories, Older                     string
	Topic, LanguageOf, FromDay, ToDay                string
	AnyStation, AnyTopic, AnyLanguage                string
	NoneFound, OneFound, Found                       string // the last with a number
	Incomplete, CutWords, NoSearch                   string
	Pages, PreviousPage, NextPage                    string
	About, InOtherLanguages                          string
	Subscribe, SubscribeCMS, SubscribeFor            string
	SubscribePodcast, ForPartners, TakePart          string
	Withdrawn, WithdrawnBy, WithdrawnOn              string
	NotFound, NoStory, Nothing, BadFilters           string
	Status, StatusLead, Station, LeftOut             string
	LastVisit, LastSuccess, NextVisit, Items, Health string
	Well, Failing, Never, ChartTitle, ChartText      string
	Seconds, Minutes, Hours, Days, Ago, In, Soon     string
	Clock                                            string            // that the desk's is wrong
	BackupMade, BackupMissed, BackupNever            string            // the first two with a time
	Errors                                           map[string]string // kinds of failures in plain words
	UnknownFilter                                    map[string]string // by the filter, with a value that is not known
	months, longMonths, weekdays                     []string
	dayAndMonth                                      func(w words, t time.Time) string
	date                                             func(w words, t time.Time) string
	clock                                            func(t time.Time) string
}

// languages of the pages; the first serves readers who ask for no other.
var languages = []words{
	{
		pageWords: englishPages,
		Language:  "en", Skip: "Skip to the stories", All: "All stories",
		Filters:  "Filter stories",
		Stations: "Stations", Topics: "Topics", Languages: "Languages",
		By: "By", And: "and", AlsoOn: "Also on", CarriedBy: "Carried by", Updated: "Updated", Listen: "Listen",
		None: "No stories match these filters.", ShowAll: "Show all stories",
		Search: "Search", SearchStories: "Search stories", Older: "Older",
		Topic: "Topic", LanguageOf: "Language", FromDay: "From", ToDay: "To",
		AnyStation: "All stations", AnyTopic: "All topics", AnyLanguage: "All languages",
		NoneFound: "No stories were found. Try fewer or other words.", OneFound: "One story", Found: "%s stories",
		Incomplete:   "The index of older stories is being built, so results may be incomplete.",
		CutWords:     "Only the first words were searched for.",
		NoSearch:     "Search is not available at the moment. Please try again later.",
		Pages:        "Pages of results",
		PreviousPage: "Previous page", NextPage: "Next page",
		About:            "About this story",
		InOtherLanguages: "In other languages",
		Subscribe:        "Subscribe",
		SubscribeCMS:     "For a news reader or a station’s website, copy one of these addresses.",
		SubscribePodcast: "For a podcast app, add a show by URL and paste this address.",
		ForPartners:      "Feeds for partner stations",
		TakePart: "A public radio station takes part by giving the desk its feed, and may publish what its " +
			"partners make, with credit. Write to",
		SubscribeFor: "Each feed leaves out stories that the station made or already carries, and names the " +
			"station in the credit.",
		Withdrawn: "This story was withdrawn", WithdrawnBy: "Withdrawn by", WithdrawnOn: "on",
		NotFound: "Not found", NoStory: "There is no story at this address.",
		Nothing:    "There is nothing at this address.",
		BadFilters: "The filters of this address could not be read: they are too many, or not written as addresses are.",
		UnknownFilter: map[string]string{
			"for": "There is no partner station “%s” here.", "lang": "There are no stories in the language “%s” here.",
			"station": "There is no station “%s” here.", "topic": "There is no topic “%s” here.",
			"from": "“%s” is not a day. Write it as 2026-11-27.", "to": "“%s” is not a day. Write it as 2026-11-27.",
		},
		Status: "Status", StatusLead: "How each station’s feeds are doing.", Station: "Station",
		LeftOut:   "Stories left out because they would have broken the documents",
		LastVisit: "Last visit", LastSuccess: "Last success", NextVisit: "Next " +
			"visit", Items: "Items", Health: "Health",
		Well: "OK", Failing: "failures in a row", Never: "never", ChartTitle: "Stories per day",
		ChartText: "stories in the four weeks ending",
		Seconds:   "s", Minutes: "min", Hours: "h", Days: "days", Ago: "%s ago", In: "in %s", Soon: "now",
		Clock: "The desk’s clock seems to be wrong: most stations’ servers agree on another time. Dates are " +
			"not " +
			"checked against it for now.",
		BackupMade: "The last backup was made on %s.", BackupMissed: "No backup has been made since %s.",
		BackupNever: "No backup has been made yet.",
		Errors: map[string]string{
			"no such host": "no server has this name", "dns": "the server’s name could not be looked up",
			"network unreachable": "the network is unreachable",
			"connection refused":  "the server refused the connection", "tls": "a secure connection could not be " +
				"made",
			"timeout":           "the server did not respond in time",
			"connection broken": "the connection was cut off", "address refused": "the address is not allowed",
			"redirect":    "too many redirects",
			"http status": "the server responded with %s", "too large": "the document is too large",
			"content encoding": "the response could not be decompressed",
			"file":             "the file could not be read", "not a feed": "the document is not a feed",
			"no items":     "the feed has no items anymore",
			"not readable": "the feed could not be read",
		},
		months: []string{"Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.",
			"Dec."},
		longMonths: []string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
		weekdays: []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		dayAndMonth: func(w words, t time.Time) string {
			return w.weekdays[t.Weekday()] + ", " + w.longMonths[t.Month()-1] + " " + strconv.Itoa(t.Day())
		},
		date: func(w words, t time.Time) string {
			return w.months[t.Month()-1] + " " + strconv.Itoa(t.Day()) + ", " + strconv.Itoa(t.Year())
		},
		clock: func(t time.Time) string {
			return strings.NewReplacer("AM", "a.m.", "PM", "p.m.").Replace(t.Format("3:04 PM"))
		},
	},
	{
		pageWords: spanishPages,
		Language:  "es", Skip: "Saltar a las notas", All: "Todas las notas",
		Filters:  "Filtrar notas",
		Stations: "Emisoras", Topics: "Temas", Languages: "Idiomas",
		By: "Por", And: "y", AlsoOn: "También en", CarriedBy: "Difundida " +
			"por", Updated: "Actualizado", Listen: "Escuchar",
		None: "Ninguna nota coincide con estos filtros.", ShowAll: "Ver todas las notas",
		Search: "Buscar", SearchStories: "Buscar notas", Older: "Anteriores",
		Topic: "Tema", LanguageOf: "Idioma", FromDay: "Desde", ToDay: "Hasta",
		AnyStation: "Todas las emisoras", AnyTopic: "Todos los temas", AnyLanguage: "Todos los idiomas",
		NoneFound: "No se encontraron notas. Pruebe con menos palabras o con otras.", OneFound: "Una nota", Found: "%s notas",
		Incomplete:   "El índice de las notas anteriores se está construyendo: puede que falten resultados.",
		CutWords:     "Solo se buscaron las primeras palabras.",
		NoSearch:     "La búsqueda no está disponible en este momento. Inténtelo más tarde.",
		Pages:        "Páginas de resultados",
		PreviousPage: "Página anterior", NextPage: "Página siguiente",
		About:            "Sobre esta nota",
		InOtherLanguages: "En otros idiomas",
		Subscribe:        "Suscribirse",
		SubscribeCMS:     "Para un lector de noticias o el sitio web de una emisora, copie una de estas direcciones.",
		SubscribePodcast: "Para una aplicación de podcasts, agregue un programa por URL y pegue esta dirección.",
		ForPartners:      "Canales para emisoras asociadas",
		TakePart: "Una radio pública participa al compartir su canal con la redacción, y puede publicar lo que " +
			"hacen sus socias, con crédito. Escriba a",
		SubscribeFor: "Cada canal omite las notas que la emisora produjo o ya publica, y la nombra en el " +
			"crédito.",
		Withdrawn: "Esta nota fue retirada", WithdrawnBy: "Retirada por", WithdrawnOn: "el",
		NotFound: "Página no encontrada", NoStory: "No hay ninguna nota en esta dirección.",
		Nothing: "No hay nada en esta dirección.",
		BadFilters: "No se pudieron leer los filtros de esta dirección: son demasiados o no están escritos como en " +
			"una dirección.",
		UnknownFilter: map[string]string{
			"for": "Aquí no hay ninguna emisora asociada «%s».", "lang": "Aquí no hay notas en el idioma «%s».",
			"station": "Aquí no hay ninguna emisora «%s».", "topic": "Aquí no hay ningún tema «%s».",
			"from": "«%s» no es un día. Escríbalo así: 2026-11-27.", "to": "«%s» no es un día. Escríbalo así: 2026-11-27.",
		},
		Status: "Estado", StatusLead: "Cómo están los canales de cada emisora.", Station: "Emisora",
		LeftOut:   "Notas omitidas porque habrían dañado los documentos",
		LastVisit: "Última visita", LastSuccess: "Última lectura correcta", NextVisit: "Próxima visita",
		Items: "Notas", Health: "Estado",
		Well: "bien", Failing: "fallos seguidos", Never: "nunca", ChartTitle: "Notas por día",
		ChartText: "notas en las cuatro semanas que terminan el",
		Seconds:   "s", Minutes: "min", Hours: "h", Days: "días", Ago: "hace %s", In: "en %s", Soon: "ahora",
		Clock: "El reloj de la redacción parece estar mal: la mayoría de los servidores de las emisoras " +
			"coinciden en otra hora. Por ahora no se comparan las fechas con él.",
		BackupMade:   "La última copia de seguridad se hizo el %s.",
		BackupMissed: "No se ha hecho ninguna copia de seguridad desde el %s.",
		BackupNever:  "Todavía no se ha hecho ninguna copia de seguridad.",
		Errors: map[string]string{
			"no such host": "ningún servidor tiene ese nombre", "dns": "no se pudo consultar el nombre del servidor",
			"network unreachable": "no hay conexión a la red",
			"connection refused":  "el servidor rechazó la conexión",
			"tls":                 "no se pudo establecer una conexión segura",
			"timeout":             "el servidor no respondió a tiempo",
			"connection broken":   "la conexión se cortó", "address refused": "la dirección no está permitida",
			"redirect":    "demasiadas redirecciones",
			"http status": "el servidor respondió %s", "too large": "el documento es demasiado grande",
			"content encoding": "no se pudo descomprimir la respuesta",
			"file":             "no se pudo leer el archivo", "not a feed": "el documento no es un canal",
			"no items":     "el canal ya no tiene notas",
			"not readable": "no se pudo leer el canal",
		},
		months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
			"octubre", "noviembre", "diciembre"},
		weekdays: []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		dayAndMonth: func(w words, t time.Time) string {
			return w.weekdays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " de " + w.months[t.Month()-1]
		},
		date: func(w words, t time.Time) string {
			return strconv.Itoa(t.Day()) + " de " + w.months[t.Month()-1] + " de " + strconv.Itoa(t.Year())
		},
		clock: func(t time.Time) string { return t.Format("15:04") },
	},
}

// Languages returns the languages that the pages are written in, the first by default.
func Languages() []string {
	var list []string
	for _, w := range languages {
		list = append(list, w.Language)
	}
	return list
}

// wordsOf returns the words of the language that stands for a tag: es for es-MX.
func wordsOf(tag string) words {
	for _, w := range languages {
		if matchesLanguage(tag, w.Language) {
			return w
		}
	}
	return languages[0]
}

// dateAndTime words a time as people at a place read it.
func (w words) dateAndTime(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return w.date(w, t) + ", " + w.clock(t) + " " + t.Format("MST")
}

// weekdayAndDate words the day of a time with its weekday, and with its year if that is not the one that goes without
// saying.
func (w words) weekdayAndDate(t time.Time, year int) string {
	day := w.dayAndMonth(w, t)
	switch {
	case t.Year() == year:
		return day
	case w.Language == "es":
		return day + " de " + strconv.Itoa(t.Year())
	}
	return day + ", " + strconv.Itoa(t.Year())
}

// Day words a date.
func (w words) Day(t time.Time) string { return w.date(w, t.UTC()) }

// JoinNames joins names as a sentence does.
func (w words) JoinNames(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + w.And + " " + names[len(names)-1]
}

// countStories says how many stories were found.
func (w words) countStories(n int) string {
	switch n {
	case 0:
		return w.NoneFound
	case 1:
		return w.OneFound
	}
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return fmt.Sprintf(w.Found, digits)
}
