package publish

import (
	"strconv"
	"strings"
	"time"
)

// words are what the pages say beside the stations' own words, in one language.
type words struct {
	Language                                         string
	Skip, Latest, All, Filters                       string
	Stations, Topics, Languages                      string
	By, And, AlsoAt, Updated, Listen                 string
	None, ShowAll                                    string
	Original, About                                  string
	Subscribe, SubscribeCMS, SubscribeFor            string
	SubscribePodcast, ForPartners                    string
	Withdrawn, WithdrawnBy, WithdrawnOn              string
	NotFound, NoStory                                string
	Status, StatusLead, Station, LeftOut             string
	LastVisit, LastSuccess, NextVisit, Items, Health string
	Well, Failing, Never, ChartTitle, ChartText      string
	Seconds, Minutes, Hours, Days, Ago, In, Soon     string
	Clock                                            string            // that the desk's is wrong
	BackupMade, BackupMissed, BackupNever            string            // the first two with a time
	Errors                                           map[string]string // kinds of failures in plain words
	months                                           []string
	date                                             func(w words, t time.Time) string
	clock                                            func(t time.Time) string
}

// languages of the pages; the first serves where none is asked for that is here.
var languages = []words{
	{
		Language: "en", Skip: "Skip to the stories", Latest: "Latest stories", All: "All stories", Filters: "Choose stories",
		Stations: "Stations", Topics: "Topics", Languages: "Languages",
		By: "By", And: "and", AlsoAt: "Also at", Updated: "Updated", Listen: "Listen",
		None: "No stories match this choice yet.", ShowAll: "Show all stories",
		Original: "Read the original at", About: "About this story",
		Subscribe: "How to subscribe", SubscribeCMS: "For a news reader or a station’s website: copy one of these addresses.",
		SubscribePodcast: "For a podcast app: paste this address where the app adds a show by URL.",
		ForPartners:      "Addresses for partner stations", SubscribeFor: "Each leaves out what that station made or already carries, and words the credit with its name.",
		Withdrawn: "This story was withdrawn", WithdrawnBy: "Withdrawn by", WithdrawnOn: "on",
		NotFound: "Not found", NoStory: "There is no story at this address.",
		Status: "Status", StatusLead: "How the stations’ feeds are doing.", Station: "Station", LeftOut: "Stories left out, since they would break the documents",
		LastVisit: "Last visit", LastSuccess: "Last success", NextVisit: "Next visit", Items: "Items", Health: "Health",
		Well: "well", Failing: "failures in a row", Never: "never", ChartTitle: "Stories a day", ChartText: "stories in the four weeks to",
		Seconds: "s", Minutes: "min", Hours: "h", Days: "days", Ago: "%s ago", In: "in %s", Soon: "now",
		Clock:      "This desk’s clock seems to be wrong: most stations’ servers agree on another time. No date is judged by it.",
		BackupMade: "The last backup was made on %s.", BackupMissed: "No backup has been made since %s.", BackupNever: "No backup has been made yet.",
		Errors: map[string]string{
			"no such host": "no server has this name", "dns": "the server’s name could not be looked up", "network unreachable": "the network could not be reached",
			"connection refused": "the server refused the connection", "tls": "the connection could not be secured", "timeout": "the server did not answer in time",
			"connection broken": "the answer broke off", "address refused": "the address may not be visited", "redirect": "the address leads elsewhere too often",
			"http status": "the server answered %s", "too large": "the document is too large", "content encoding": "the answer could not be unpacked",
			"file": "the file could not be read", "not a feed": "the document is no feed", "no items": "the document has no items any more",
			"not readable": "the document could not be read",
		},
		months: []string{"Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."},
		date: func(w words, t time.Time) string {
			return w.months[t.Month()-1] + " " + strconv.Itoa(t.Day()) + ", " + strconv.Itoa(t.Year())
		},
		clock: func(t time.Time) string {
			return strings.NewReplacer("AM", "a.m.", "PM", "p.m.").Replace(t.Format("3:04 PM"))
		},
	},
	{
		Language: "es", Skip: "Saltar a las notas", Latest: "Últimas notas", All: "Todas las notas", Filters: "Elegir notas",
		Stations: "Emisoras", Topics: "Temas", Languages: "Idiomas",
		By: "Por", And: "y", AlsoAt: "También en", Updated: "Actualizado", Listen: "Escuchar",
		None: "Todavía no hay notas para esta selección.", ShowAll: "Ver todas las notas",
		Original: "Leer el original en", About: "Sobre esta nota",
		Subscribe: "Cómo suscribirse", SubscribeCMS: "Para un lector de noticias o el sitio de una emisora: copie una de estas direcciones.",
		SubscribePodcast: "Para una aplicación de podcasts: pegue esta dirección donde la aplicación agrega un programa por URL.",
		ForPartners:      "Direcciones para las emisoras asociadas", SubscribeFor: "Cada una omite lo que esa emisora hizo o ya publica, y la nombra en el crédito.",
		Withdrawn: "Esta nota fue retirada", WithdrawnBy: "Retirada por", WithdrawnOn: "el",
		NotFound: "No encontrada", NoStory: "No hay ninguna nota en esta dirección.",
		Status: "Estado", StatusLead: "Cómo están los canales de las emisoras.", Station: "Emisora", LeftOut: "Notas omitidas porque dañarían los documentos",
		LastVisit: "Última visita", LastSuccess: "Último éxito", NextVisit: "Próxima visita", Items: "Notas", Health: "Estado",
		Well: "bien", Failing: "fallos seguidos", Never: "nunca", ChartTitle: "Notas por día", ChartText: "notas en las cuatro semanas hasta el",
		Seconds: "s", Minutes: "min", Hours: "h", Days: "días", Ago: "hace %s", In: "en %s", Soon: "ahora",
		Clock:      "El reloj de esta mesa parece estar mal: la mayoría de los servidores de las emisoras coinciden en otra hora. Ninguna fecha se juzga por él.",
		BackupMade: "La última copia de seguridad se hizo el %s.", BackupMissed: "No se ha hecho ninguna copia de seguridad desde el %s.", BackupNever: "Todavía no se ha hecho ninguna copia de seguridad.",
		Errors: map[string]string{
			"no such host": "ningún servidor tiene ese nombre", "dns": "no se pudo consultar el nombre del servidor", "network unreachable": "no se pudo llegar a la red",
			"connection refused": "el servidor rechazó la conexión", "tls": "no se pudo asegurar la conexión", "timeout": "el servidor no respondió a tiempo",
			"connection broken": "la respuesta se cortó", "address refused": "esa dirección no se puede visitar", "redirect": "la dirección redirige demasiadas veces",
			"http status": "el servidor respondió %s", "too large": "el documento es demasiado grande", "content encoding": "no se pudo descomprimir la respuesta",
			"file": "no se pudo leer el archivo", "not a feed": "el documento no es un canal", "no items": "el documento ya no tiene notas",
			"not readable": "no se pudo leer el documento",
		},
		months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		date: func(w words, t time.Time) string {
			return strconv.Itoa(t.Day()) + " de " + w.months[t.Month()-1] + " de " + strconv.Itoa(t.Year())
		},
		clock: func(t time.Time) string { return t.Format("15:04") },
	},
}

// Languages are those that the pages are written in, the first by default.
func Languages() []string {
	var list []string
	for _, w := range languages {
		list = append(list, w.Language)
	}
	return list
}

// wordsOf are the words of the language that stands for a tag: es for es-MX.
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

// Day words a date.
func (w words) Day(t time.Time) string { return w.date(w, t.UTC()) }

// JoinNames joins names as a sentence does.
func (w words) JoinNames(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + w.And + " " + names[len(names)-1]
}
