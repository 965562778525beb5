package text

import (
	"slices"
	"strings"
	"testing"
)

// kinds shows what the parts of a byline name: + a person, ~ one who assisted, = a known name, # a newspaper,
// % another newsroom.
func kinds(parts []BylinePart) string {
	var list []string
	for _, p := range parts {
		switch p.Kind {
		case Person:
			list = append(list, "+"+PersonKey(p.Name))
		case Assistant:
			list = append(list, "~"+PersonKey(p.Name))
		case KnownName:
			list = append(list, "="+p.Text)
		case Newspaper:
			list = append(list, "#"+p.Text)
		case Outlet:
			list = append(list, "%"+p.Text)
		}
	}
	return strings.Join(list, " ")
}

func TestWhatBylinesName(t *testing.T) {
	known := func(s string) bool {
		return slices.Contains([]string{"KMSA", "KMSA's", "NPR", "AP", "Associated Press", "The Associated Press", "Reuters",
			"Grist", "Capital & Main", "Radio Ajo", "Luna Tribune", "The Luna Tribune", "Conversation"}, s)
	}
	for byline, want := range map[string]string{
		// people
		"Ana Ruiz":                      "+ana ruiz",
		"By ANA RUIZ":                   "+ana ruiz",
		"Por Inés Muñoz":                "+ines munoz",
		"By: Ana Ruiz":                  "+ana ruiz",
		"Dr. Ana Ruiz":                  "+ana ruiz",
		"Ana María de la Cruz Vega":     "+ana maria de la cruz vega",
		"Ana O’Neil-Ruiz":               "+ana o neil ruiz",
		"A Martínez":                    "+a martinez",
		"J.R. Ruiz":                     "+j r ruiz",
		"TJ Ruiz":                       "+tj ruiz",
		"LUIS M. PEÑA":                  "+luis m pena",
		"Bruce S.":                      "+bruce s",
		"Sammy Lee, Jr.":                "+sammy lee jr",
		"Sammy Lee Jr.":                 "+sammy lee jr",
		"Ana Ruiz, PhD":                 "+ana ruiz",
		"Ruiz, Ana":                     "+ana ruiz",
		"Ruiz, Ana María":               "+ana maria ruiz",
		"Ana Ruiz - Luis Peña ~ Mo Day": "+ana ruiz +luis pena +mo day",
		"Ana Ruiz – Luis Peña | Mo Day/Jo Low": "+ana ruiz +luis pena +mo day +jo low",
		"José Y. Peña":                          "+jose y pena",
		"Ana Ruiz, Luis Peña, and Mo Day":       "+ana ruiz +luis pena +mo day",
		"Ana Ruiz in Deming":                    "+ana ruiz",
		"To Nguyen and Y Lan":                   "+to nguyen +y lan",
		"Van Ruiz":                              "+van ruiz",
		"Bill Press and Lena Sun":               "+bill press +lena sun",
		"Jesse Newsom":                          "+jesse newsom",
		"Anna Webb":                             "+anna webb",
		"山田 太郎":                                 "+山田 太郎",
		"Story and photos by Ana Ruiz":          "+ana ruiz",
		"Photos by Luis Peña":                   "~luis pena",
		"Ana Ruiz, photos by Luis Peña, Mo Day": "+ana ruiz ~luis pena ~mo day",
		"Edited by Luis Peña; By Ana Ruiz":      "~luis pena +ana ruiz",
		"Ana Ruiz, edición de Luis Peña":        "+ana ruiz ~luis pena",

		// nobody
		"":                                  "",
		"Staff":                             "",
		"Web Producer":                      "",
		"WEB PRODUCER":                      "",
		"Robert Host":                       "",
		"Morning Edition Hosts":             "",
		"Digital Team":                      "",
		"News Desk":                         "",
		"Border Desk":                       "",
		"The Newsroom":                      "",
		"Staff and Wire Reports":            "",
		"Redacción Digital":                 "",
		"Equipo de Noticias":                "",
		"Corresponsal en Sonora":            "",
		"Universidad de Sonora":             "",
		"Salt University":                   "",
		"Museum of Salt":                    "",
		"Report for America corps member":   "",
		"ana ruiz":                          "",
		"web admin":                         "",
		"Ana":                               "",
		"Border 90.3":                       "",
		"ana@kmsa.example":                  "",
		"@ana":                              "",
		"XYZ Ruiz":                          "",
		"KRST Deming":                       "",
		"Various Authors":                   "",
		"Santa Fe":                          "",
		"New Mexico":                        "",
		"Lena Sun Staff":                    "",
		"The Ruiz Family":                   "",
		"A Story That Goes On For All Time": "",

		// a person with an affiliation that is no newsroom's
		"Ana Ruiz, Education Reporter":                       "+ana ruiz",
		"Ana Ruiz | Fronteras Senior Field Correspondent":    "+ana ruiz",
		"Ana Ruiz, Report for America corps member":          "+ana ruiz",
		"Ana Ruiz, Politics and Public Policy":               "+ana ruiz",
		"Ana Ruiz, Lecturer in Soils and Dry Land, Salt Lab": "+ana ruiz",
		"Ana Ruiz, New Mexico":                               "+ana ruiz",
		"Ana Ruiz | Deming":                                  "+ana ruiz",
		"Ana Ruiz - Salt University":                         "+ana ruiz",
		"Ana Ruiz, Senior Editor, and Luis Peña":             "+ana ruiz +luis pena",
		"Ana Ruiz (Newsroom)":                                "+ana ruiz",
		"Ana Ruiz | Local News":                              "+ana ruiz",
		"Ana Ruiz | Year in Review":                          "+ana ruiz",
		"Ana Ruiz - Education Desk":                          "+ana ruiz",
		"Ana Ruiz, Delta Ledger reporter":                    "+ana ruiz",
		"Ana Ruiz, Social Media":                             "+ana ruiz",

		// with a name that is known
		"Ana Ruiz (KMSA)":                "+ana ruiz =KMSA",
		"Ana Ruiz | KMSA":                "+ana ruiz =KMSA",
		"Ana Ruiz, KMSA":                 "+ana ruiz =KMSA",
		"Ana Ruiz of KMSA":               "+ana ruiz =KMSA",
		"Ana Ruiz with Grist":            "+ana ruiz =Grist",
		"KMSA's Ana Ruiz":                "=KMSA's +ana ruiz",
		"KMSA Ana Ruiz":                  "=KMSA +ana ruiz",
		"By ANA R. Associated Press":     "+ana r =Associated Press",
		"Ana Ruiz The Associated Press":  "+ana ruiz =The Associated Press",
		"Ana Ruiz Luna Tribune":          "+ana ruiz =Luna Tribune",
		"Ana Ruiz NPR":                   "+ana ruiz =NPR",
		"Ana Ruiz AP":                    "+ana ruiz =AP",
		"Ana Ruiz Reuters":               "+ana ruiz =Reuters",
		"ANA RUIZ Grist":                 "+ana ruiz =Grist",
		"Ana Maria Grist":                "+ana maria grist",
		"Ana Grist":                      "+ana grist",
		"Capital & Main":                 "=Capital & Main",
		"Ana Ruiz, Capital & Main":       "+ana ruiz =Capital & Main",
		"Ana Ruiz and Capital & Main":    "+ana ruiz =Capital & Main",
		"Radio Ajo":                      "=Radio Ajo",
		"Radio Ajo, Ana Ruiz":            "=Radio Ajo +ana ruiz",
		"KMSA/NPR":                       "=KMSA =NPR",
		"Friends of KMSA":                "",
		"Ana Ruiz, Luis Peña and KMSA":   "+ana ruiz +luis pena =KMSA",
		"Ana Ruiz | Conversation | KMSA": "+ana ruiz =Conversation =KMSA",

		// with a house by its words
		"Ana Ruiz | The Delta Ledger":           "+ana ruiz #The Delta Ledger",
		"Ana Ruiz | Delta Ledger":               "+ana ruiz #Delta Ledger",
		"Ana Ruiz, The Delta Ledger":            "+ana ruiz #The Delta Ledger",
		"Ana Ruiz, Delta Ledger":                "+ana ruiz",
		"Ana Ruiz, Delta Post":                  "+ana ruiz",
		"Ana Ruiz (Delta Post)":                 "+ana ruiz #Delta Post",
		"Ana Ruiz of the Delta Ledger":          "+ana ruiz #the Delta Ledger",
		"Ana Ruiz, Delta Times":                 "+ana ruiz #Delta Times",
		"The Delta Ledger":                      "#The Delta Ledger",
		"The Delta Ledger Staff":                "#The Delta Ledger Staff",
		"Delta Ledger":                          "",
		"Ana Ruiz - Delta News Service":         "+ana ruiz %Delta News Service",
		"Delta News Service":                    "%Delta News Service",
		"By ANA RUIZ Delta Wire Desk":           "+ana ruiz %Delta Wire Desk",
		"ANA RUIZ The Delta Ledger":             "+ana ruiz #The Delta Ledger",
		"Ana Ruiz / Delta News":                 "+ana ruiz %Delta News",
		"Ana Ruiz, Delta News":                  "+ana ruiz",
		"Ana Ruiz, Delta Public Radio":          "+ana ruiz %Delta Public Radio",
		"Ana Ruiz | Radio Delta":                "+ana ruiz %Radio Delta",
		"Ana Ruiz | Delta Media":                "+ana ruiz %Delta Media",
		"Ana Ruiz, Delta Media":                 "+ana ruiz",
		"Ana Ruiz | Agencia Delta":              "+ana ruiz #Agencia Delta",
		"Ana Ruiz | El Diario de Delta":         "+ana ruiz #El Diario de Delta",
		"The Morning News":                      "",
		"The Daily":                             "",
		"Ana Ruiz, The Evening Show":            "+ana ruiz",
		"Ana Ruiz, The Delta Ledger and AP":     "+ana ruiz #The Delta Ledger =AP",
		"Heath Ledger":                          "",
		"Ana Ruiz, KRST":                        "+ana ruiz %KRST",
		"Ana Ruiz | KRST-FM":                    "+ana ruiz %KRST-FM",
		"Ana Ruiz (KRST News)":                  "+ana ruiz %KRST News",
		"KRST News":                             "",
		"KRST":                                  "",
		"Ana Ruiz, KRST reporter":               "+ana ruiz",
		"ANA RUIZ, KURT":                        "+ana ruiz",
		"Ana Ruiz, KUR":                         "+ana ruiz",
		"Delta Daily Post":                      "#Delta Daily Post",
		"Ana Ruiz, Delta Daily Post":            "+ana ruiz #Delta Daily Post",
		"Ana Ruiz, Delta Media Services":        "+ana ruiz %Delta Media Services",
		"Texas Agenda":                          "",
		"Ana Ruiz | Delta Ledger City Reporter": "+ana ruiz",

		// programs and public bodies
		"All Things Considered":    "",
		"Fresh Air":                "",
		"Ana Ruiz, Snap Judgment":  "+ana ruiz",
		"Planet Money | Ana Ruiz":  "+ana ruiz",
		"Border Patrol":            "",
		"Superior Court":           "",
		"Water Resources":          "",
		"White House":              "",
		"Air Considered":           "+air considered",
		"Ana Money and Luz Planet": "+ana money +luz planet",
	} {
		if have := kinds(SplitByline(byline, CommasPart, known)); have != want {
			t.Errorf("%q names %q, want %q", byline, have, want)
		}
	}
}

func TestOnePersonInAnElementForOne(t *testing.T) {
	for byline, want := range map[string]string{
		"Ana Ruiz, Luis Peña":          "+ana ruiz",
		"Ana Ruiz, Salt Lab":           "+ana ruiz",
		"Ruiz, Ana":                    "+ana ruiz",
		"Senior Editor, Ana Ruiz":      "+ana ruiz",
		"Ana Ruiz, The Delta Ledger":   "+ana ruiz #The Delta Ledger",
		"Ana Ruiz and Luis Peña, KMSA": "+ana ruiz +luis pena %KMSA",
	} {
		if have := kinds(SplitByline(byline, CommasBelong, nil)); have != want {
			t.Errorf("%q names %q, want %q", byline, have, want)
		}
	}
}

// What a byline is parted into stands in it, in its order, whatever its bytes are.
func FuzzSplitByline(f *testing.F) {
	for _, s := range []string{
		"Story, photos and video by Ana Ruiz (KMSA) and Luis Peña; Mo Day, Jr.", "Ruiz, Ana", ")(", "by by", "\xff, \xff y",
		"By ANA R. Associated Press", "Ana Ruiz - The Delta Ledger / x", ",,", "& &", "Fotos: Ana Ruiz of the Delta Ledger",
		"Ana Ruiz, Lecturer in Soils and Dry Land, Salt University", "Capital & Main", "(((", "the", "The The Post",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, one bool) {
		commas := CommasPart
		if one {
			commas = CommasBelong
		}
		end := 0
		for _, p := range SplitByline(s, commas, func(name string) bool { return strings.HasPrefix(name, "A") }) {
			if p.from < end || p.to < p.from || p.to > len(s) || !strings.HasPrefix(s[p.from:p.to], p.Text) || p.Text == "" {
				t.Fatalf("%q is parted into %+v behind %d", s, p, end)
			}
			end = p.to
			if p.Kind == Person && len(strings.Fields(PersonKey(p.Name))) < 2 {
				t.Fatalf("%q names the person %q", s, p.Name)
			}
		}
		if names := NamesIn(s, commas); len(names) == 0 != (strings.TrimSpace(s) == "") {
			t.Fatalf("%q names %v", s, names)
		}
	})
}
