package editors

// spanishOfLayout holds the phrases of every page in Spanish, by their English words, as they stand in
// the templates and in this package. A test finds those that are missing, and those that nothing says.
var spanishOfLayout = map[string]string{
	// Every page.
	"To decide":        "Por decidir",
	"Stories":          "Notas",
	"Stations":         "Emisoras",
	"Decisions":        "Decisiones",
	"Account":          "Cuenta",
	"Search stories":   "Buscar notas",
	"Search":           "Buscar",
	"Sign out":         "Salir",
	"Undo":             "Deshacer",
	"Skip to the page": "Saltar al contenido",
	"The desk":         "La redacción",

	// What was done, beside Undo.
	"The stories are one now.":      "Las notas son ahora una sola.",
	"The stories are two now.":      "Las notas son ahora dos.",
	"Who made it has been changed.": "Se ha cambiado quién la hizo.",
	"Held.":                         "Retenida.",
	"Published.":                    "Publicada.",
	"Withdrawn.":                    "Retirada.",
	"Published again.":              "Publicada de nuevo.",
	"The feed is trusted again.":    "Se confía de nuevo en el canal.",
	"Left as it is.":                "Se deja como está.",
	"The decision has been undone.": "La decisión se ha deshecho.",

	// Refusals.
	"Page not found":                                   "Página no encontrada",
	"There is nothing at this address.":                "No hay nada en esta dirección.",
	"Not allowed":                                      "No permitido",
	"Not done":                                         "No se ha hecho",
	"Something failed":                                 "Algo ha fallado",
	"This page takes no such request.":                 "Esta página no admite esa petición.",
	"Something went wrong here.":                       "Algo ha fallado aquí.",
	"You are not signed in, so nothing was done.":      "No ha entrado, así que no se ha hecho nada.",
	"This is not how the forms of this page are sent.": "Los formularios de esta página no se envían así.",
	"What was sent is too long: %d KiB are allowed.":   "Lo enviado es demasiado largo: se permiten %d KiB.",
	"What was sent could not be read.":                 "No se pudo leer lo enviado.",
	"This was sent from a page of another site, or from an address of the desk that is not its own. " +
		"Nothing was done. Open the desk at %s and try again.": "Esto se envió desde una página de otro sitio, " +
		"o desde una dirección que no es la de la redacción. No se ha hecho nada. Abra la redacción en %s e inténtelo " +
		"de nuevo.",
	"The proxy says that you are somebody who is not an editor here.": "El proxy dice que usted es alguien que no " +
		"edita aquí.",
	"Back to what is to be decided": "Volver a lo que está por decidir",
}
