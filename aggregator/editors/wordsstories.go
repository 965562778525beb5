package editors

// spanishOfStories is what the pages of stories say.
var spanishOfStories = map[string]string{
	// The list.
	"Words":   "Palabras",
	"Station": "Emisora",
	"Day":     "Día",
	"Status":  "Estado",
	"Any":     "Cualquiera",
	"Flagged": "Con dudas",
	"Show":    "Mostrar",
	"At most %d characters can be searched for.": "Se pueden buscar como mucho %d caracteres.",
	"Type a day as 2031-02-04.":                  "Escriba un día como 2031-02-04.",
	"No story fits.":                             "Ninguna nota corresponde.",
	"also %s":                                    "también %s",
	"Earlier stories":                            "Notas anteriores",
	"The search is not available now. Try again in a moment.": "La búsqueda no está disponible ahora. Inténtelo de nuevo en un momento.",
	"The search is being set up: older stories may be missing.": "La búsqueda se está preparando: pueden faltar notas " +
		"anteriores.",
	"Few of the stories fit, so the list goes on on the next page.": "Pocas de las notas corresponden, así que la lista " +
		"sigue en la página siguiente.",

	// The page of a story.
	"Withdrawn by %s, %s.":                "Retirada por %s, %s.",
	"Published, in the archive only.":     "Publicada, solo en el archivo.",
	"Published":                           "Publicada",
	"Changed":                             "Cambiada",
	"Items":                               "Versiones",
	"gone from its feed":                  "ya no está en su canal",
	"The story shows its words.":          "La nota muestra sus palabras.",
	"Why it is here":                      "Por qué está aquí",
	"What partners show":                  "Lo que muestran las emisoras",
	"Its page at the desk":                "Su página en la redacción",
	"the page that the feeds link to":     "la página a la que llevan los canales",
	"Nothing: it has not been published.": "Nada: no se ha publicado.",
	"The feeds say that it is withdrawn. A partner that reads them takes it down.": "Los canales dicen que está " +
		"retirada. La emisora que los lee la quita.",
	"Publication":                            "Publicación",
	"Release":                                "Publicar",
	"Restore":                                "Publicar de nuevo",
	"Take out":                               "Sacar",
	"Origin":                                 "Origen",
	"Who made it":                            "Quién la hizo",
	"None of these":                          "Ninguna de estas",
	"Automatic":                              "Automático",
	"Change origin":                          "Cambiar origen",
	"Made by %s.":                            "La hizo %s.",
	"It is not stated who made it.":          "No consta quién la hizo.",
	"One story with another":                 "Una sola nota con otra",
	"Other story":                            "Otra nota",
	"Its address, its id or its GUID.":       "Su dirección, su clave o su GUID.",
	"Join":                                   "Unir",
	"History":                                "Historial",
	"Choose who made it.":                    "Elija quién la hizo.",
	"That is this story itself.":             "Es esta misma nota.",
	"Several stories have it: choose one.":   "La tienen varias notas: elija una.",
	"No story has this address, id or GUID.": "Ninguna nota tiene esa dirección, clave o GUID.",
	"Type the address, the id or the GUID of the other story.": "Escriba la dirección, la clave o el GUID de la otra nota.",

	// Why an item is part of a story.
	"That is no longer so, but what is published stays joined.": "Ya no es así, pero lo publicado sigue unido.",
	"Its own feed brought it, and nothing says that it is a copy.": "La trajo su propio canal, y nada dice que sea una " +
		"copia.",
	"It names the page of the original as its source, or both name one page.": "Nombra la página del original como su " +
		"fuente, o las dos nombran una misma página.",
	"Both have the same address.": "Las dos tienen la misma dirección.",
	"Both have the same id, and nearly the same headline or audio.": "Las dos tienen la misma clave, y casi el mismo titular " +
		"o audio.",
	"Both have the same audio, and much of the headline.": "Las dos tienen el mismo audio, y buena parte del titular.",
	"The texts are nearly the same, and a reporter, a wire, a credit or the audio is.": "Los textos son casi iguales, y " +
		"coincide un reportero, una agencia, un crédito o el audio.",
	"Both have one headline on one day, and a reporter or the end of the address in common.": "Las dos tienen un mismo " +
		"titular en un día, y un reportero o el final de la dirección en común.",
	"The openings of the texts are nearly the same, and the headline or a reporter is.": "Los comienzos de los textos son " +
		"casi iguales, y coincide el titular o un reportero.",
	"An editor joined it.": "La unió alguien de la redacción.",

	// Why somebody is thought to have made a story.
	"An editor said so.":                        "Lo dijo alguien de la redacción.",
	"The address of the original says so.":      "Lo dice la dirección del original.",
	"The words of the items credit them.":       "Las palabras de las versiones se la atribuyen.",
	"The bylines are on the list of reporters.": "Las firmas están en la lista de reporteros.",
	"Nobody else tells it, or it was first, and nobody credits anybody.": "Nadie más la cuenta, o fue la primera, y nadie " +
		"se la atribuye a nadie.",
}
