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

	// Signing in.
	"Sign in":        "Entrar",
	"Email":          "Correo electrónico",
	"Send me a link": "Enviarme un enlace",
	"If this address is an editor's, a link is on its way to it. It works once, within 15 minutes.": "Si esta " +
		"dirección es de alguien que edita, ya va un enlace hacia ella. Funciona una vez, durante 15 minutos.",
	"Type your email address, such as name@station.example.": "Escriba su correo electrónico, por ejemplo " +
		"nombre@emisora.example.",
	"A link brings you in, without a password.": "Se entra con un enlace, sin contraseña.",
	"Ask whoever runs this desk for a link: fronteras editor add prints one.": "Pida un enlace a quien administra esta " +
		"redacción: lo da fronteras editor add.",
	"This link signs in %s, in this browser.": "Con este enlace entra %s, en este navegador.",
	"This link does not work. It may have been used, or be too old: ask for another.": "Este enlace no " +
		"funciona. Puede que ya se haya usado o que sea demasiado viejo: pida otro.",
	"That was too often. Try again in %d seconds.": "Demasiadas veces. Inténtelo de nuevo en %d segundos.",
	"That was too often. Try again in %d minutes.": "Demasiadas veces. Inténtelo de nuevo en %d minutos.",
	"That was too often. Try again in 1 second.":   "Demasiadas veces. Inténtelo de nuevo en 1 segundo.",
	"That was too often. Try again in 1 minute.":   "Demasiadas veces. Inténtelo de nuevo en 1 minuto.",
	"[%s] Sign in":                           "[%s] Entrar",
	"Open this link to sign in to %s as %s:": "Abra este enlace para entrar en %s como %s:",
	"It works once, within %s.":              "Funciona una vez, durante %s.",
	"%d hours":                               "%d horas",
	"%d minutes":                             "%d minutos",
	"If you did not ask for it, you need do nothing.": "Si no lo ha pedido, no tiene que hacer nada.",

	// The account.
	"Sessions": "Sesiones",
	"Each browser in which you are signed in. One ends by itself after 30 days without use, and after 90 days.": "Cada " +
		"navegador en el que ha entrado. Una sesión termina sola tras 30 días sin uso, y a los 90 días.",
	"this browser":           "este navegador",
	"since %s, last used %s": "desde el %s, usada por última vez el %s",
	"End":                    "Terminar",
	"End all sessions":       "Terminar todas las sesiones",
	"A proxy signs you in, so there is no session to end here.": "Un proxy le identifica: aquí no hay ninguna " +
		"sesión que terminar.",
	"A browser that does not say its name": "Un navegador que no dice su nombre",
	"Keys":                                 "Teclas",
	"Single keys press the buttons that name them: N, 1, 2, H and U. J and K go down and up a list.": "Algunas teclas " +
		"pulsan los botones que las nombran: N, 1, 2, H y U. J y K bajan y suben por una lista.",
	"They are off in this browser.": "Están desactivadas en este navegador.",
	"Turn keys on":                  "Activar las teclas",
	"Turn keys off":                 "Desactivar las teclas",
	"The session has ended.":        "La sesión ha terminado.",
	"The keys are on.":              "Las teclas están activadas.",
	"The keys are off.":             "Las teclas están desactivadas.",
	"Language":                      "Idioma",
	"English":                       "inglés",
	"Spanish":                       "español",
	"You see these pages in %s.":    "Usted ve estas páginas en %s.",
	"Your name, address and language are in the desk's configuration.": "Su nombre, su dirección y su idioma están " +
		"en la configuración de la redacción.",

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
