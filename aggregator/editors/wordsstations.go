package editors

// spanishOfStations is what the pages of stations say.
var spanishOfStations = map[string]string{
	"The feed has been visited.": "Se ha visitado el canal.",
	"The feed is being visited, which takes a while. Load the page again to see what came of it.": "Se está " +
		"visitando el canal y tarda un poco. Vuelva a cargar la página para ver el resultado.",

	// How a feed is doing.
	"OK":                                  "Bien",
	"Not visited yet":                     "Aún no se ha visitado",
	"Since %s: %s":                        "Desde el %s: %s",
	"Since %s: %s (%d failures in a row)": "Desde el %s: %s (%d fallos seguidos)",
	"Last visit":                          "Última visita",
	"Last success":                        "Última lectura correcta",
	"Next visit":                          "Próxima visita",
	"Poll now":                            "Visitar ahora",
	"It has no feed.":                     "No tiene ningún canal.",
	"Trust again lets the feed's ids, links and named sources count again, and forgets what it was caught at. It has no undo.": "" +
		"Confiar de nuevo hace que las claves, los enlaces y las fuentes que nombra el canal vuelvan a contar, y olvida " +
		"lo que se le había anotado. No se puede deshacer.",

	// What it brought last.
	"Items read last":            "Lo último que se leyó",
	"Nothing has been read yet.": "Aún no se ha leído nada.",
	"%d items:":                  "%d notas:",
	"1 item:":                    "1 nota:",
	"1 item was left out: the desk's filter for this feed does not take it.": "Se dejó fuera 1 nota: el filtro de la " +
		"redacción para este canal no la toma.",
	"1 item was left out: it waits for its page, or is more than is taken in a day.": "Se dejó fuera 1 nota: espera a " +
		"su página, o es más de lo que se toma en un día.",
	"%d items, the first %d of them:": "%d notas, las primeras %d:",
	"%d items were left out: the desk's filter for this feed does not take them.": "Se dejaron fuera %d notas: el " +
		"filtro de la redacción para este canal no las toma.",
	"%d items were left out: they wait for their pages, or are more than is taken in a day.": "Se dejaron fuera %d " +
		"notas: esperan a sus páginas, o son más de las que se toman en un día.",
	"New":                       "Nueva",
	"Its story cannot be read.": "Su nota no se puede leer.",
	"It becomes a story when the visits under way have ended.": "Será una nota cuando terminen las visitas en curso.",
	"Held: %s":                                               "Retenida: %s",
	"an editor has said so.":                                 "lo ha dicho alguien de la redacción.",
	"Joined to “%s”, with %s.":                               "Unida a «%s», con %s.",
	"One story, with %s.":                                    "Una sola nota, con %s.",
	"A story of its own, in the archive only.":               "Una nota propia, solo en el archivo.",
	"A story of its own.":                                    "Una nota propia.",
	"its date is still to come.":                             "su fecha aún no ha llegado.",
	"the feed brought many stories at once.":                 "el canal trajo muchas notas a la vez.",
	"it may be a known story under a new address.":           "puede ser una nota conocida con una dirección nueva.",
	"its station may have withdrawn it.":                     "quizá la haya retirado su emisora.",
	"a notice of its source says that it is withdrawn.":      "un aviso de su fuente dice que se retira.",
	"it is a wire's notice, not news.":                       "es un aviso de agencia, no una nota.",
	"its page was not reached; the next visit publishes it.": "no se llegó a su página; la próxima visita la publica.",
	"Not taken":                   "Lo que no se tomó",
	"Repairs that reading made":   "Reparaciones al leerlo",
	"Nothing had to be repaired.": "No hubo que reparar nada.",
	"%s (%d times)":               "%s (%d veces)",
	"What could be better":        "Lo que se puede mejorar",
	"There is nothing to advise.": "No hay nada que aconsejar.",

	// Notices.
	"Failed notices":            "Avisos fallidos",
	"No notice has failed.":     "No ha fallado ningún aviso.",
	"%d attempts failed: %s":    "Fallaron %d intentos: %s",
	"An attempt failed: %s":     "Falló un intento: %s",
	"A killed story":            "Una nota con aviso de retirada",
	"A flood":                   "Una avalancha",
	"A pair":                    "Una pareja",
	"A withdrawn story":         "Una nota retirada",
	"A correction":              "Una corrección",
	"A feed that fails":         "Un canal que falla",
	"A feed that is well again": "Un canal que vuelve a estar bien",
	"A missing backup":          "Una copia de seguridad que falta",
	"A story for a partner":     "Una nota para una emisora asociada",
}
