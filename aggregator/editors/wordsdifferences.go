package editors

import "maps"

// spanish holds all phrases in Spanish, by their English words.
var spanish = joined(spanishOfLayout, spanishOfDifferences, spanishOfPages, spanishOfStations, spanishOfStories)

func joined(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// spanishOfDifferences is what the pages say of two items side by side.
var spanishOfDifferences = map[string]string{
	"The headlines are the same.":             "Los titulares son iguales.",
	"The headlines differ.":                   "Los titulares son distintos.",
	"They were published at the same minute.": "Se publicaron en el mismo minuto.",
	"They were published %s apart, %s first.": "Se publicaron con %s de diferencia, primero %s.",
	"a minute":                      "un minuto",
	"%d minutes":                    "%d minutos",
	"%d hours":                      "%d horas",
	"%d days":                       "%d días",
	"Neither has a text.":           "Ninguna tiene texto.",
	"%s has no text to compare.":    "%s no tiene texto que comparar.",
	"No sentence is in both texts.": "Ninguna frase está en los dos textos.",
	"The texts are the same.":       "Los textos son iguales.",
	"1 of the %d sentences of %s is in both texts.":           "1 de las %d frases de %s está en los dos textos.",
	"%d of the %d sentences of %s are in both texts.":         "%d de las %d frases de %s están en los dos textos.",
	"Only %s has these numbers, days or months: %s.":          "Solo %s tiene estos números, días o meses: %s.",
	"Only %s has these names: %s.":                            "Solo %s tiene estos nombres: %s.",
	"Neither names who wrote it.":                             "Ninguna dice quién la escribió.",
	"Both are signed by %s.":                                  "Las dos las firma %s.",
	"%s names nobody who wrote it.":                           "%s no dice quién la escribió.",
	"%s is signed by %s.":                                     "La de %s la firma %s.",
	"%s is on the list of reporters of %s.":                   "%s está en la lista de reporteros de %s.",
	"Both have the same audio.":                               "Las dos tienen el mismo audio.",
	"Each has audio of its own.":                              "Cada una tiene su propio audio.",
	"Only %s has audio.":                                      "Solo %s tiene audio.",
	"Both have the same picture.":                             "Las dos tienen la misma imagen.",
	"Each has pictures of its own.":                           "Cada una tiene sus propias imágenes.",
	"Only %s has pictures.":                                   "Solo %s tiene imágenes.",
	"%s names the page of %s as its source.":                  "%s nombra la página de %s como su fuente.",
	"The text of %s names %s.":                                "El texto de %s nombra a %s.",
	"Neither names the other.":                                "Ninguna nombra a la otra.",
	"They are in different languages: %s is in %s, %s in %s.": "Están en idiomas distintos: %s en %s, %s en %s.",
	"English": "inglés",
	"Spanish": "español",
}
