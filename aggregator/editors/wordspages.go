package editors

// spanishOfPages is what the pages of cases and decisions say.
var spanishOfPages = map[string]string{
	// Lists.
	"Nothing is to be decided.":     "No hay nada por decidir.",
	"Held":                          "Retenidas",
	"Live":                          "Publicada",
	"Withdrawn":                     "Retirada",
	"Without a headline":            "Sin titular",
	"Nothing has been decided yet.": "Todavía no se ha decidido nada.",
	"Earlier decisions":             "Decisiones anteriores",
	"and %d more":                   "y %d más",
	"by a command":                  "por un comando",
	"Undone by %s, %s":              "La deshizo %s, %s",

	// The page of a case.
	"Is this story to be published?":     "¿Se publica esta nota?",
	"Has this story been withdrawn?":     "¿Se ha retirado esta nota?",
	"Are these stories to be published?": "¿Se publican estas notas?",
	"Are these one story?":               "¿Son una sola nota?",
	"Is this feed in order?":             "¿Está bien este canal?",
	"Is this story in order?":            "¿Está bien esta nota?",
	"Kill notice":                        "Aviso de retirada",
	"on its site":                        "en su sitio",
	"The text goes on.":                  "El texto sigue.",
	"In both texts":                      "En los dos textos",
	"in this one only":                   "solo en este",
	"%s decided this, %s: %s":            "%s decidió esto, %s: %s",
	"%s holds this since %s: %s":         "%s retiene esto desde el %s: %s",
	"Nothing is left to decide: what was asked has settled itself.": "Ya no queda nada por decidir: la pregunta se " +
		"resolvió sola.",

	// What can be done.
	"Two stories":               "Dos notas",
	"One story, %s made it":     "Una nota, la hizo %s",
	"One story, made elsewhere": "Una nota, hecha en otra parte",
	"Hold both":                 "Retener ambas",
	"Hold":                      "Retener",
	"Keep holding":              "Seguir reteniendo",
	"Withdraw":                  "Retirar",
	"Reason":                    "Motivo",
	"Publish":                   "Publicar",
	"Publish although killed":   "Publicar a pesar del aviso",
	"Type PUBLISH to confirm":   "Escriba PUBLISH para confirmar",
	"%d more stories are left. What is decided here is about those above; the others come then.": "Quedan %d notas más. Lo " +
		"que se decide aquí es sobre las de arriba; las demás vienen después.",
	"%d more are not shown: decide some of these first.": "No se muestran %d más: decida primero algunas de estas.",
	"1 more story is left. What is decided here is about those above; it comes then.": "Queda 1 nota más. Lo que se decide " +
		"aquí es sobre las de arriba; la otra viene después.",
	"1 more is not shown: decide some of these first.": "No se muestra 1 más: decida primero algunas de estas.",
	"Publish chosen":  "Publicar las elegidas",
	"Publish all":     "Publicar todas",
	"Withdraw chosen": "Retirar las elegidas",
	"Withdraw all":    "Retirar todas",
	"Leave as it is":  "Dejar como está",
	"Trust again":     "Confiar de nuevo",

	"Other cases":           "Otros casos",
	"Previous case":         "Caso anterior",
	"Next case":             "Caso siguiente",
	"How the feed is doing": "Cómo va el canal",
	"On the story's own page it can be withdrawn, held or published, joined with another, and parted.": "En la página de la " +
		"nota se puede retirar, retener o publicar, unir con otra y separar.",

	// What was wrong.
	"Choose what is to be done.":                                                  "Elija qué se ha de hacer.",
	"Choose at least one story.":                                                  "Elija al menos una nota.",
	"A withdrawal needs a reason.":                                                "Una retirada necesita un motivo.",
	"A reason has at most %d characters.":                                         "Un motivo tiene como mucho %d caracteres.",
	"To publish a killed story, type PUBLISH in capital letters.":                 "Para publicar una nota con aviso de retirada, escriba PUBLISH en mayúsculas.",
	"That could not be done: %s":                                                  "No se pudo hacer. El motivo, en inglés: %s",
	"This has changed since you opened the page. Nothing was done.":               "Esto ha cambiado desde que abrió la página. No se ha hecho nada.",
	"%s has changed this since you opened the page. Nothing was done.":            "%s ha cambiado esto desde que usted abrió la página. No se ha hecho nada.",
	"They are one story already.":                                                 "Ya son una sola nota.",
	"An editor holds it already.":                                                 "Ya la retiene alguien de la redacción.",
	"Nobody has said who made it: it is automatic already.":                       "Nadie ha dicho quién la hizo: ya es automático.",
	"Trusting a feed again has no undo: what it had been caught at is forgotten.": "Confiar de nuevo en un canal no se puede deshacer: lo que se le había anotado está olvidado.",
	"%s has undone this already. Nothing was done.":                               "%s ya lo ha deshecho. No se ha hecho nada.",

	// Why a case is asked.
	"A notice of its source says that the story is withdrawn, so it is held.": "Un aviso de su fuente dice que la nota " +
		"se retira, así que está retenida.",
	"Its station has withdrawn the story, or may have.":        "Su emisora ha retirado la nota, o quizá.",
	"The feed brought many stories at once, so they are held.": "El canal trajo muchas notas a la vez, así que están retenidas.",
	"Its station has withdrawn the story: its feed says that it is deleted.": "Su emisora ha retirado la nota: su canal " +
		"dice que está borrada.",
	"Its station has withdrawn the story: it is gone from its feed, and its page answered %s.": "Su emisora ha retirado " +
		"la nota: ya no está en su canal, y su página respondió %s.",
	"Its station has withdrawn the story: it is gone from its feed, and its page could not be asked.": "Su emisora ha " +
		"retirado la nota: ya no está en su canal, y no se pudo preguntar a su página.",
	"Its station may have withdrawn the story: its page answered %s.": "Quizá su emisora ha retirado la nota: su página " +
		"respondió %s.",
	"Its station may have withdrawn the story: its feed says that it is deleted.": "Quizá su emisora ha retirado la nota: " +
		"su canal dice que está borrada.",
	"Its station may have withdrawn the story: it has left the middle of its feed, and its page answered %s.": "Quizá su " +
		"emisora ha retirado la nota: desapareció de en medio de su canal, y su página respondió %s.",
	"Its station may have withdrawn the story: it has left the middle of its feed.": "Quizá su emisora ha retirado la " +
		"nota: desapareció de en medio de su canal.",
	"A notice of its source says that the story is withdrawn.": "Un aviso de su fuente dice que la nota se retira.",
	"It is like a story that was withdrawn.":                   "Se parece a una nota que se retiró.",
	"A feed of another station says that it is deleted: %s. Nothing was done.": "Un canal de otra emisora dice que está " +
		"borrada: %s. No se ha hecho nada.",
	"The feed's dates are ahead by %s, which is taken off.": "Las fechas del canal están adelantadas %s, que se descuentan.",
	"The two may be one story.":                             "Las dos pueden ser una sola nota.",
	"Something about the feed is odd.":                      "Algo del canal es raro.",
	"It is a wire's notice, not news, and is held.":         "Es un aviso de agencia, no una nota, y está retenido.",
	"Something about the story is odd.":                     "Algo de la nota es raro.",
	"The two texts are nearly the same, but not enough speaks for one story.": "Los dos textos son casi iguales, pero no " +
		"hay bastante a favor de que sean una sola nota.",
	"Both have nearly the same headline.":                                    "Las dos tienen casi el mismo titular.",
	"Both feeds call them by the same id, but the headlines differ.":         "Los dos canales les dan la misma clave, pero los titulares son distintos.",
	"One station brought both, and they look like one.":                      "Una emisora trajo las dos, y parecen una.",
	"The stations name different makers.":                                    "Las emisoras nombran a autores distintos.",
	"It says that it comes from a story in another language.":                "Dice que viene de una nota en otro idioma.",
	"It names a source that the desk does not know.":                         "Nombra una fuente que la redacción no conoce.",
	"What made an item part of this story is gone from its feed.":            "Lo que unía un artículo a esta nota ya no está en su canal.",
	"What the feeds say now contradicts what an editor decided.":             "Lo que los canales dicen ahora contradice lo que decidió la redacción.",
	"Too many stories look alike at once, so none of them were joined.":      "Demasiadas notas se parecen a la vez, así que no se unió ninguna.",
	"Its date is still to come.":                                             "Su fecha aún no ha llegado.",
	"It was withdrawn, and is back in its feed.":                             "Se retiró, y ha vuelto a su canal.",
	"It has no address at its station.":                                      "No tiene dirección en su emisora.",
	"It could not be published.":                                             "No se pudo publicar.",
	"The feed gives one id to several stories.":                              "El canal da la misma clave a varias notas.",
	"The feed gave the id of an older story to a new one.":                   "El canal dio la clave de una nota anterior a una nueva.",
	"Several stories of the feed name one page as their source.":             "Varias notas del canal nombran una página como su fuente.",
	"Several stories of the feed have one address.":                          "Varias notas del canal tienen la misma dirección.",
	"Several stories of the feed name a source that the desk does not know.": "Varias notas del canal nombran una fuente que la redacción no conoce.",
	"Many known stories of the feed came under new addresses.":               "Muchas notas conocidas del canal llegaron con direcciones nuevas.",
	"Many stories of the feed may be known ones under new addresses.":        "Muchas notas del canal pueden ser conocidas con direcciones nuevas.",
	"The feed's dates are ahead by hours.":                                   "Las fechas del canal están adelantadas varias horas.",
}
