package text

import "fronteras/aggregator/news"

// Limits of what is measured. They are first settings, to be corrected by what editors decide; none
// is configuration.
const (
	// MinCompared is how many words a text needs to be compared with others: shorter ones are alike
	// by chance.
	MinCompared = news.MeasuredWords
	// OpeningWords is how many words are the opening of a text: what a teaser shows of it.
	OpeningWords = 60
	// MinOpening is how many words an opening needs to be compared with others.
	MinOpening = 25

	maxWords         = 3000 // of a text that are measured: longer texts repeat themselves or are hostile
	shingle          = 5    // words in a run: three-word runs made different updates alike
	minLanguageWords = 40   // from which stop-words tell the language
	maxNumeral       = 12   // bytes of the longest word for a number, weekday or month, with diacritics
)
