package text

import "testing"

func TestHeadlinesThatNameAnEdition(t *testing.T) {
	for headline, want := range map[string]bool{
		"Weekday Morning Newscast: Monday, November 3":     true,
		"Monday’s newscast":                                true,
		"The Noon Report for Tuesday":                      true,
		"Border Hour – February 4, 2031":                   true,
		"‘Mesa Sounds’ for September 19, 2031: Two guests": true,
		"Sunday Puzzle: Three letters":                     true,
		"Noticias del mediodía: martes 4 de febrero":       true,
		"The river and its people, part 2":                 true,
		"The river and its people (2 of 5)":                true,
		"El río y su gente, parte dos":                     true,
		"Border Hour, episode 14":                          true,
		"Border Hour #14":                                  true,
		"Border Hour | Friday":                             true,
		"Valley Newscast with Ana Ruiz and crew":           true,
		"El noticiero de la tarde con Ana Ruiz":            true,
		"KMSA Morning News Brief, and a look at the river": true,

		"Council to vote on water rates on Tuesday":           false,
		"Food aid runs out Nov. 1, and towns do not know why": false,
		"14 wells run dry in a week":                          false,
		"Three new wells for the 2031 season":                 false,
		"May the rain come":                                   false,
		"Rain":                                                false,
		"The part I play":                                     false,
		"News of the briefest storm in years":                 false,
		"Newscasters on strike at three stations":             false,
		"": false,
		"Deputies arrest two in Monday’s fire near the old dam": false,
	} {
		if have := NamesEdition(headline); have != want {
			t.Errorf("%q names an edition: %t", headline, have)
		}
	}
}

func FuzzNamesEdition(f *testing.F) {
	f.Add("Weekday Morning Newscast: Monday, November 3")
	f.Fuzz(func(t *testing.T, headline string) {
		NamesEdition(headline)
		if h := HeadlineOf(headline); h.Text != "" && h.Similar(h) != 1 {
			t.Errorf("%q is not like itself", headline)
		}
	})
}

func TestOpenings(t *testing.T) {
	words := func(n int) (list []uint64) {
		for i := range n {
			list = append(list, uint64(i+1))
		}
		return list
	}
	for n, want := range map[int]int{0: 0, 24: 0, 25: 21, 60: 56, 61: 56, 3000: 56} {
		if have := len(Opening(nil, words(n))); have != want {
			t.Errorf("the opening of %d words has %d runs, want %d", n, have, want)
		}
	}
}
