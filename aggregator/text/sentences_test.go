package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWholeSentencesFitAPlace(t *testing.T) {
	long := strings.Repeat("water and ", 8) + "sand." // 85 characters
	for name, c := range map[string]struct {
		text string
		room int
		want string
	}{
		"all of it fits":                      {"Rain fell. It was short.", 40, "Rain fell. It was short."},
		"the sentences that fit":              {"Rain fell. It was short. Nobody saw it.", 26, "Rain fell. It was short."},
		"questions and cries":                 {"Who pays? Nobody! The town waits for months.", 20, "Who pays? Nobody!"},
		"a first sentence that is longer":     {long, 40, "water and water and water and water and…"},
		"no mark before the ellipsis":         {"The town, the mayor, the council, and the rest of them all.", 33, "The town, the mayor, the council…"},
		"no end at all":                       {"Wells of the valley", 40, "Wells of the valley"},
		"no end, and too long":                {"Wells of the valley, a map in parts", 20, "Wells of the valley…"},
		"one long word":                       {strings.Repeat("a", 50), 20, strings.Repeat("a", 19) + "…"},
		"a title before a name":               {"Dr. Paz spoke. Sen. Roe left early that day.", 30, "Dr. Paz spoke."},
		"initials":                            {"J. R. Ortiz came. He left at once with them.", 20, "J. R. Ortiz came."},
		"the United States":                   {"The U.S. Army dug here. Nobody knew of it then.", 30, "The U.S. Army dug here."},
		"the United States at an end":         {"They left the U.S. The river had risen by then.", 30, "They left the U.S."},
		"an hour":                             {"At 9 a.m. Friday it rained. It stopped by the evening.", 30, "At 9 a.m. Friday it rained."},
		"a month":                             {"On Nov. 27 it rained. It stopped in the evening.", 30, "On Nov. 27 it rained."},
		"a place after an abbreviation":       {"It is the U.S. El Paso crossing. Trucks wait there.", 35, "It is the U.S. El Paso crossing."},
		"a decimal":                           {"It is 3.5 miles. They walk it each day of the week.", 30, "It is 3.5 miles."},
		"a version of a name":                 {"St. Ana flooded. The bridge of the town is closed.", 30, "St. Ana flooded."},
		"Junior in the middle":                {"Luis Roe Jr. Hall opened. It has two hundred seats.", 30, "Luis Roe Jr. Hall opened."},
		"a quotation goes on":                 {"“We have no water. We have no plan,” Paz said. It is dry.", 50, "“We have no water. We have no plan,” Paz said."},
		"a question that somebody asks":       {"“Who pays?” Roe asked. Nobody in the hall knew.", 30, "“Who pays?” Roe asked."},
		"a question that is a sentence":       {"“Who pays?” The hall was silent for a long time then.", 20, "“Who pays?”"},
		"straight quotes":                     {`"We have none. None at all," he said. It is dry now.`, 40, `"We have none. None at all," he said.`},
		"a quotation of several paragraphs":   {"“We have no water. We have no plan. We wait for it.", 20, "“We have no water."},
		"brackets":                            {"It rained (see the map. It is new). Roads are closed.", 40, "It rained (see the map. It is new)."},
		"Spanish":                             {"El Sr. López habló. ¿Quién paga? Nadie lo sabe todavía.", 33, "El Sr. López habló. ¿Quién paga?"},
		"Spanish cries":                       {"¡Llovió! ¡Por fin! Los pozos siguen secos este año.", 20, "¡Llovió! ¡Por fin!"},
		"Spanish states":                      {"Viajó a EE.UU. en tren. Volvió en mayo con su hija.", 30, "Viajó a EE.UU. en tren."},
		"guillemets":                          {"«No hay agua. No hay plan», dijo Paz. Es la sequía.", 40, "«No hay agua. No hay plan», dijo Paz."},
		"characters, not bytes":               {"Ñandúes así. Más allá del río hay otros más.", 12, "Ñandúes así."},
		"an ellipsis in the middle":           {"They waited… Then it rained. It was too late.", 30, "They waited… Then it rained."},
		"a number of an item":                 {"1. Fill the tank. 2. Close the lid and wait.", 20, "1. Fill the tank."},
		"what ends in a colon has a reason":   {"Rain fell. Three towns are cut off:", 60, "Rain fell."},
		"a paragraph that is an announcement": {"Three towns are cut off:", 60, "Three towns are cut off:"},
	} {
		have := LeadingSentences(c.text, c.room, false)
		if have != c.want || utf8.RuneCountInString(have) > c.room {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestOfATextWithoutItsEndTheWholeSentencesStay(t *testing.T) {
	for text, want := range map[string]string{
		"Rain fell. The council will":     "Rain fell.",
		"The council will meet in the":    "The council will meet in the…",
		"The council will meet in, and—":  "The council will meet in, and…",
		"Dr. Paz and Sen. Roe of the U.S": "Dr. Paz and Sen. Roe of the U.S…",
		"":                                "",
	} {
		if have := LeadingSentences(text, 60, true); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}

// FuzzLeadingSentences: what is shown is a beginning of the text, within its bound.
func FuzzLeadingSentences(f *testing.F) {
	f.Add("“Who pays?” Roe asked. Nobody (in the hall) knew…", 20)
	f.Add("EE.UU. \xff\xfe ¿y?", 3)
	f.Fuzz(func(t *testing.T, s string, room int) {
		room = 2 + max(room, -room)%300
		s = Fold(strings.ToValidUTF8(s, ""))
		have := LeadingSentences(s, room, false)
		if utf8.RuneCountInString(have) > room || !strings.HasPrefix(s, strings.TrimSuffix(have, "…")) {
			t.Errorf("%q of %q in %d", have, s, room)
		}
	})
}

func TestAParagraphIsPartedIntoItsSentences(t *testing.T) {
	for paragraph, want := range map[string][]string{
		"":                                   nil,
		"Wells of the valley":                {"Wells of the valley"},
		"Rain fell. It was short.":           {"Rain fell.", "It was short."},
		"Dr. Paz spoke. ¿Quién paga? Nadie":  {"Dr. Paz spoke.", "¿Quién paga?", "Nadie"},
		"“We wait. We hope,” Paz said. Rain": {"“We wait. We hope,” Paz said.", "Rain"},
		"At 9 a.m. Friday it rained… Then":   {"At 9 a.m. Friday it rained…", "Then"},
	} {
		if have := Sentences(paragraph); !slices.Equal(have, want) {
			t.Errorf("%q: %q, want %q", paragraph, have, want)
		}
	}
}
