package text

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// words is a text of that many words, each another, the first of that number.
func words(first, count int) string {
	list := make([]string, count)
	for n := range list {
		list[n] = fmt.Sprintf("w%d", first+n)
	}
	return strings.Join(list, " ")
}

func shinglesOf(text string) []uint64 { return Set(Shingles(nil, Tokens(nil, text))) }

func TestHeadlines(t *testing.T) {
	for name, c := range map[string]struct {
		title string
		want  Headline
	}{
		"case and marks do not count": {
			"“Rain”, at LAST!", Headline{"rain last", 3, []string{"rain", "last"}},
		},
		"diacritics do not count": {
			"Año de cañón", Headline{"ano canon", 3, []string{"ano", "canon"}},
		},
		"stop-words of both languages do not tell": {
			"The well and la noria", Headline{"well noria", 5, []string{"well", "noria"}},
		},
		"a headline of stop-words alone keeps them": {
			"Who we are", Headline{"who we", 3, []string{"who", "we", "are"}},
		},
		"words that deny stay": {
			"The wells will not run dry", Headline{"wells will not run dry", 6, []string{"wells", "run", "dry"}},
		},
		"apostrophes and the points of abbreviations part no words": {
			"U.S. wells aren’t the town's", Headline{"us wells arent towns", 5, []string{"us", "wells", "arent", "towns"}},
		},
		"numbers are words": {
			"Canvass: 41% counted", Headline{"canvass 41 counted", 3, []string{"canvass", "41", "counted"}},
		},
		"a headline without letters or digits has nothing": {"—", Headline{"", 0, nil}},
	} {
		have := HeadlineOf(c.title)
		if have.Text != c.want.Text || have.Count != c.want.Count || !slices.Equal(have.Words, c.want.Words) {
			t.Errorf("%s: %q is %+v, want %+v", name, c.title, have, c.want)
		}
	}
}

func TestHeadlineSimilarity(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want float64
	}{
		"equal headlines are alike":         {"Wells run dry", "Wells run dry", 1},
		"the order of words does not count": {"Dry wells run", "Wells run dry", 1},
		"an accent more does not count":     {"Agua para Sáric", "Agua para Saric", 1},
		"stop-words do not count":           {"The wells of Luna run dry", "Luna wells run dry", 1},
		"three words of five each are three fifths": {
			"Wells run dry near Deming", "Wells run dry again today", .6,
		},
		"a word told twice counts twice":                 {"Rain rain", "Rain", 2. / 3},
		"headlines without a common word have nothing":   {"Wells run dry", "Fence gap closed", 0},
		"two empty headlines have nothing in common":     {"", "", 0},
		"a headline and an empty one have nothing alike": {"Rain", "", 0},
	} {
		a, b := HeadlineOf(c.a), HeadlineOf(c.b)
		if have := a.Similar(b); math.Abs(have-c.want) > 1e-9 || have != b.Similar(a) {
			t.Errorf("%s: %.3f and %.3f, want %.3f", name, have, b.Similar(a), c.want)
		}
	}
}

func TestTextsShorterThanEightyWordsAreNotCompared(t *testing.T) {
	for _, c := range []struct{ words, want int }{{0, 0}, {79, 0}, {80, 76}, {81, 77}} {
		if have := len(shinglesOf(words(0, c.words))); have != c.want {
			t.Errorf("a text of %d words has %d runs of five, want %d", c.words, have, c.want)
		}
	}
}

func TestOnlyTheFirstThreeThousandWordsAreMeasured(t *testing.T) {
	if have := len(shinglesOf(words(0, 3000))); have != 2996 {
		t.Errorf("3000 words have %d runs, want 2996", have)
	}
	if !slices.Equal(shinglesOf(words(0, 3000)), shinglesOf(words(0, 3100))) {
		t.Error("the words after the first 3000 change what is compared")
	}
}

func TestContainment(t *testing.T) {
	long := words(0, 200)
	for name, c := range map[string]struct {
		a, b string
		want float64
	}{
		"a text is all in itself":                          {long, long, 1},
		"a trimmed copy is all in its original":            {words(0, 80), long, 1},
		"a copy with a lead of its own holds its original": {words(500, 30) + " " + long, long, 1},
		"capitals and marks do not count": {
			strings.ToUpper(strings.ReplaceAll(long, " ", ", ")), long, 1,
		},
		"one changed word costs five runs": {
			words(0, 40) + " other " + words(41, 39), words(0, 80), 71. / 76,
		},
		"half of the shorter text is half": {
			words(0, 80) + " " + words(500, 72), long, .51351351351,
		},
		"other texts have nothing in common":                  {words(500, 100), long, 0},
		"the same words in another order have nothing either": {reversed(long), long, 0},
		"a text too short to be measured has nothing":         {words(0, 79), long, 0},
	} {
		a, b := shinglesOf(c.a), shinglesOf(c.b)
		if have := Containment(a, b); math.Abs(have-c.want) > 1e-9 || have != Containment(b, a) {
			t.Errorf("%s: %.5f and %.5f, want %.5f", name, have, Containment(b, a), c.want)
		}
	}
}

func reversed(text string) string {
	list := strings.Fields(text)
	slices.Reverse(list)
	return strings.Join(list, " ")
}

func TestTokensAreTheWords(t *testing.T) {
	for _, text := range []string{"", "Rain at last", "¿Qué pasó en Nogales?", "A-7, 1.5 and “x”",
		"año AÑO", "end."} {
		if have, want := len(Tokens(nil, text)), len(Words(text)); have != want {
			t.Errorf("%q has %d tokens and %d words", text, have, want)
		}
	}
	if !slices.Equal(Tokens(nil, "AÑO Wet, 7"), Tokens(nil, "año wet 7")) {
		t.Error("case or marks change the tokens")
	}
	if slices.Equal(Tokens(nil, "ano"), Tokens(nil, "año")) {
		t.Error("letters with and without diacritics are one token")
	}
}

// What is stored by a hash must be found under it by another process.
func TestHashesStayTheSame(t *testing.T) {
	if have := Tokens(nil, "a")[0]; have != 0xaf63dc4c8601ec8c { // of 64-bit FNV-1a, as published
		t.Errorf("the token of “a” is %#x", have)
	}
	for text, want := range map[string]uint64{"": 0xf52a15e9a9b5e89b, "Rain at last": 0x97a4928058a8cc83} {
		if have := Hash(text); have != want {
			t.Errorf("Hash(%q) = %#x, want %#x", text, have, want)
		}
	}
	if have := Shingles(nil, Tokens(nil, words(0, 80)))[0]; have != 0xd75840eee0a9d83e {
		t.Errorf("the first run is %#x", have)
	}
	if Hash("Rain at last") == Hash("Rain at lost") || Hash("a\x00") == Hash("a") {
		t.Error("texts that differ have one hash")
	}
}

func TestSetHoldsEachOnceAscending(t *testing.T) {
	if have := Set([]uint64{3, 1, 3, 2, 1}); !slices.Equal(have, []uint64{1, 2, 3}) {
		t.Errorf("%v", have)
	}
}

func TestLanguage(t *testing.T) {
	repeat := func(word string, n int) string { return strings.Repeat(word+" ", n) }
	for name, c := range map[string]struct{ text, want string }{
		"an English text":                               {repeat("the rain came with wind and it stayed", 5), "en"},
		"a Spanish text":                                {repeat("la lluvia con el viento y se quedaba", 6), "es"},
		"39 words say nothing":                          {repeat("the", 20) + words(0, 19), ""},
		"40 words say enough":                           {repeat("the", 20) + words(0, 20), "en"},
		"a tenth of stop-words is too little":           {repeat("the", 4) + words(0, 36), ""},
		"more than a tenth is enough":                   {repeat("the", 5) + words(0, 35), "en"},
		"Spanish needs more than a tenth as well":       {repeat("los", 4) + words(0, 36), ""},
		"twice as many English as Spanish is not clear": {repeat("the", 20) + repeat("los", 10) + words(0, 10), ""},
		"more than twice as many is": {
			repeat("the", 21) + repeat("los", 10) + words(0, 10), "en",
		},
		"twice as many Spanish as English is not clear": {repeat("los", 20) + repeat("the", 10) + words(0, 10), ""},
		"more than twice as many Spanish ones is": {
			repeat("los", 21) + repeat("the", 10) + words(0, 10), "es",
		},
		"words that both languages have speak for neither": {repeat("a", 20) + words(0, 20), ""},
		"names and numbers alone say nothing":              {words(0, 60), ""},
	} {
		if have := Language(Tokens(nil, c.text)); have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestNumerals(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"digits":                                        {"Crews closed 41 gaps in 2031.", "2031 41"},
		"groups and decimals are one number":            {"It cost 1,234.50 in all, or 7.", "123450 7"},
		"a comma behind a number is no part of it":      {"In 12, 13 and 14.", "12 13 14"},
		"number words become digits":                    {"Two wells, Twenty wells", "2 20"},
		"one is no number":                              {"One well, un pozo, uno", ""},
		"beyond twenty only the parts are known":        {"twenty-one", "20"},
		"Spanish number words":                          {"dos pozos, dieciséis casas, once, veinte", "11 16 2 20"},
		"weekdays":                                      {"on Monday and THURSDAY", "monday thursday"},
		"Spanish weekdays with diacritics":              {"el miércoles y el sábado", "miercoles sabado"},
		"months":                                        {"from January to septiembre", "january septiembre"},
		"May before a digit is a month":                 {"on May 5", "5 may"},
		"MAY in capitals before a digit is a month":     {"MAY 5", "5 may"},
		"may before a word is none":                     {"it may rain", ""},
		"may with a word before the digit is none":      {"it may take 5 days", "5"},
		"may behind a digit is none":                    {"5 may come", "5"},
		"March before a digit is a month":               {"March 3", "3 march"},
		"march before a word is none":                   {"they march to town", ""},
		"mayo and marzo are months wherever they stand": {"en mayo o marzo", "marzo mayo"},
		"a number inside a word counts":                 {"the 11th of B52", "11 52"},
		"no numerals":                                   {"Rain at last", ""},
	} {
		have := strings.Join(slices.Sorted(maps.Keys(Numerals(c.text))), " ")
		if have != c.want {
			t.Errorf("%s: %q has %q, want %q", name, c.text, have, c.want)
		}
	}
}

func TestNumeralsOfParagraphs(t *testing.T) {
	have := slices.Sorted(maps.Keys(Numerals("Two wells.", "On Monday, 3 more.")))
	if !slices.Equal(have, []string{"2", "3", "monday"}) {
		t.Errorf("%q", have)
	}
}

func TestMissingCountsWhatTheOtherLacks(t *testing.T) {
	a, b := Numerals("2 wells on Monday and 3 on Tuesday"), Numerals("2 wells on Monday, 4 in June")
	if have := Missing(a, b); have != 2 {
		t.Errorf("%d tokens of a are missing in b, want 2", have)
	}
	if have := Missing(a, a); have != 0 {
		t.Errorf("%d tokens of a are missing in itself", have)
	}
	if have := Missing(a, nil); have != 4 {
		t.Errorf("%d tokens of a are missing in a text without any, want 4", have)
	}
}
