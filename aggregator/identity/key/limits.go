package key

import "time"

// Limits of keys. They are first settings, not configuration.
const (
	// that one key may lead to: what more have in common says nothing of any of them
	MaxItems      = 16
	MinTitleWords = 4                   // of a headline that is worth a key
	TextReach     = 7 * 24 * time.Hour  // for so long an item is found by its text
	TitleReach    = 30 * 24 * time.Hour // and by its headline: what recurs within a month is a show's title
	MaxPeople     = 4                   // of a byline that are worth keys
	// And by whom its byline names: who has not been seen at a station for so long may work elsewhere.
	SeenReach = 180 * 24 * time.Hour

	// The items of a station that name one person have keys by when they were first seen, in that many parts.
	seenPeriod = 30 * 24 * time.Hour
	seenParts  = 16

	sampled = 8 // one hash in eight is a key: two shared ones miss a copy once in 300,000
	// one hash in four of an opening is a key: of 25 words, one shared one misses four fifths once in 100
	openingSampled = 4
)
