package furniture

import (
	"strings"
	"testing"
)

func TestLinesOfFurnitureAreTold(t *testing.T) {
	for line, want := range map[string]string{
		"Related": "related", "Related stories:": "related", "RELATED | The gates open": "related",
		"Read more: The gates open": "related",
		"Read more about the gates": "related", "See also: the gates": "related", "More from KMSA": "related",
		"More stories": "related", "Most popular": "related", "You might also like": "related", "Up next": "related",
		"Lee también: Las compuertas": "related", "Noticias relacionadas": "related", "Más sobre el río": "related",
		"También te puede interesar": "related", "Lo más leído": "related",
		"Sign up for the morning letter": "newsletter", "Subscribe to our podcast wherever you listen.": "newsletter",
		"Get the day's news in your inbox, with our newsletter": "newsletter",
		"Suscríbete a nuestro boletín.":                         "newsletter",
		"Donate":                                                "donate",
		"Donate now to keep the news coming.":                   "donate", "Support local journalism.": "donate",
		"Support KMSA": "donate", "Support for water reporting on KMSA comes from the Rio Fund.": "donate",
		"Make a tax-deductible gift today": "donate", "Become a sustaining member": "donate",
		"Haz una donación hoy":     "donate",
		"Hazte socio de Radio Ajo": "donate", "Apoya el periodismo de la frontera": "donate",
		"Follow us on Instagram": "share", "Follow Inés on Bluesky": "share", "Share this story": "share",
		"Facebook | Twitter | Email": "share", "Síguenos en Facebook": "share", "Comparte esta nota": "share",
		"Advertisement": "ad", "Sponsor Message": "ad", "Story continues below": "ad", "Publicidad": "ad",
		"Sponsored by the Mesilla Valley Bank": "ad",
		"Copyright 2031 KMSA":                  "copyright", "© 2031 Radio Ajo. All rights reserved.": "copyright",
		"Todos los derechos reservados":      "copyright",
		"Have a tip? Write to the newsroom.": "tip", "¿Tienes una pista? Escríbenos.": "tip",
		"By posting comments you agree to the rules.": "comments", "Comments (12)": "comments", "Leave a reply": "comments",
		"Deja un comentario": "comments",
		"Listen • 3:52":      "player", "Listen to this story": "player", "▶ Play": "player", "0:00 / 3:52": "player",
		"Escuchar la nota": "player", "Download": "player",
		"Photo: Paul Yazzie/KMSA": "picture", "(Photo by Paul Yazzie)": "picture", "Image 1 of 12": "picture",
		"Foto: Paul Yazzie": "picture", "Courtesy of the Yazzie family": "picture", "Enlarge this image": "picture",
		"4 min read": "reading time", "Tiempo de lectura: 4 minutos": "reading time", "About the author": "author",
		"Sobre la autora": "author", "Filed under: Water": "tags", "Etiquetas: agua, campo": "tags",
	} {
		if have := Kind(line, false); have != want {
			t.Errorf("%q is %q, want %q", line, have, want)
		}
	}
}

// A story's own sentence may begin with the words that furniture begins with.
func TestSentencesOfAStoryAreNoFurniture(t *testing.T) {
	for _, line := range []string{
		"Support for the bill grew on Tuesday.", "Support local ranchers gave the plan came late.",
		"Related to that is the question of meters.", "Copyright law is no part of it.",
		"Sponsored by Senator Ruiz, the bill would meter every well.", "Most popular among them was the old bridge.",
		"More great blue herons winter here than ever.",
		"More news came at noon, and none of it was good for the ranchers who waited.",
		"Follow the money, the old rule says.", "Follow him to the river and you will see.",
		"Donations paid for the billboards.",
		"Done a year early, the bridge opens on Friday.", "Read more slowly, the clerk told the room.",
		"Listen to the creek at night, she says.", "Play resumed after the rain.", "Subscribers get a letter in May.",
		"Photographs of the flood hang in the hall.", "Más de cien pozos están secos.", "Más de 40 pozos secos",
		"Publicidad engañosa es delito en el estado.", "Temas relacionados con el agua llenaron la sesión.",
		"Comparte el río con dos estados.", "10:30", "Comments from ranchers filled two hours.",
		"Have a look at the blue, he said.",
		"See the map for the wells.", "Watch the gates, he said.", "We rely on listeners and on luck, the manager said.",
		"Tags on the pumps name the owners.", "Apoya la mano en la piedra y escucha.",
	} {
		if have := Kind(line, false); have != "" {
			t.Errorf("%q is %q", line, have)
		}
	}
}

func TestALineThatIsMostlyALinkIsFurnitureSooner(t *testing.T) {
	for _, line := range []string{"Read the full report here", "More about the wells along the river",
		"Follow our coverage of the river",
		"Help pay for this work", "Escucha aquí la entrevista", "Más de nuestra serie"} {
		if Kind(line, true) == "" || Kind(line, false) != "" {
			t.Errorf("%q is %q with a link, %q without", line, Kind(line, true), Kind(line, false))
		}
	}
}

func TestALongLineIsNoFurniture(t *testing.T) {
	if have := Kind("Subscribe "+strings.Repeat("to the letter ", 20), false); have != "" {
		t.Errorf("%q", have)
	}
}

func TestOffersForTheRestOfATextAreTold(t *testing.T) {
	for _, line := range []string{
		"Subscribe to continue reading this story.", "To continue reading, please log in.", "Already a subscriber? Log in.",
		"This article is only available to subscribers.", "You have reached your limit of free articles this month.",
		"Sign up for an account to read the full story.", "Suscríbete para seguir leyendo.", "¿Ya eres suscriptor?",
		"Este contenido es exclusivo para suscriptores.", "Subscribers only",
		"Log in to access this content.", "Register to unlock.", "Become a member to continue reading this story.",
	} {
		if !IsOffer(line) {
			t.Errorf("%q is none", line)
		}
	}
	for _, line := range []string{
		"Subscribe to our newsletter.", "Sign up for the morning letter to keep up with the river.",
		"Join us to keep talking about it.",
		"Subscribers to the water bank get a letter.", "This story is available in Spanish.",
		"The article is about subscribers.",
		"Sign up for our newsletter to read more stories like this.", "Become a member to keep reading free for all.",
		"Register to access the full schedule of hearings.", "Join us on Friday to read the river's story.",
		"To read the map, begin at the bridge.", "Suscríbete a nuestro boletín.", "Members only met twice.",
	} {
		if IsOffer(line) {
			t.Errorf("%q is one", line)
		}
	}
}

func TestNotesOfCorrectionAreTold(t *testing.T) {
	for _, line := range []string{"Correction: The meeting was on Tuesday.", "CLARIFICATION: …",
		"Editor’s note: The college pays.",
		"An earlier version of this story gave the wrong day.", "Corrección: Fue el martes.", "Nota del editor: …",
		"Fe de erratas: …"} {
		if !IsCorrection(line) {
			t.Errorf("%q is none", line)
		}
	}
	if IsCorrection("Correct me if I am wrong, he said.") {
		t.Error("a sentence is one")
	}
}
