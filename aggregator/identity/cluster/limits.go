package cluster

import "time"

// Limits of what joins. They are first settings, to be corrected by what editors decide, and not
// configuration.
const (
	sameGUIDTitle  = .6 // headlines of items with one GUID (J3), or of a GUID that is claimed
	sameAudioTitle = .5 // headlines of items with one audio file (J4): a full hour is not its segment

	// of two items that claim one address which no item has (J1): of the headlines, or the texts
	sameOriginalTitle = .5
	sameOriginalText  = .3

	sameText   = .8             // of the shorter text's five-word runs (J5)
	likelyText = .5             // from which an editor is asked
	muchLonger = 1.5            // times the words of another, with further people in its byline: a round-up
	minWords   = 150            // of each text that joins: shorter ones are wires and notices
	textWindow = 72 * time.Hour // between the dates of two texts that join

	// J6: items that give a headline, a byline and an address, and little text
	sameHeadlineWindow = 24 * time.Hour // between the dates of two items with one headline that join
	minHeadlineWords   = 5              // of a headline that joins
	editedHeadline     = .5             // of the headline, where reporter and end of the address are the same
	// texts of minWords words under one headline that agree by less are two stories
	minTextOfHeadline = .3
	// openings that agree by less, of nobody in common, are two stories as well: two forecasts of one name
	otherOpening = .1

	// J7: openings, the first 60 words. From .5 on they have false pairs, even with .6 of the headline
	sameOpening    = .8
	openingTitle   = .6                  // of the headlines, where nobody is named by both
	openingReach   = 30 * 24 * time.Hour // between the dates of two openings that an editor is asked about
	wholeOpening   = 40                  // words in common from which an opening is more than a program's sentence
	slugOfHeadline = .6                  // of a headline in the end of an address that is made of it
	slugOfSentence = 8                   // words in the end of an address that are more than a program's name
	wordStem       = 5                   // letters of a word that all its forms have
	likelyHeadline = .8                  // headlines of one reporter's that an editor is asked about
	missingNumbers = 2                   // that each of two texts lacks of the other make them two reports
	maxApart       = 14 * 24 * time.Hour // between the dates of what joins otherwise (V6)

	maxHops     = 2  // claims that are followed one after another
	templatedBy = 3  // headlines under one claim make it a template's
	maxUnlisted = 50 // unlisted hosts that are counted for a feed
	maxRejected = 32 // joins of an item that are kept though they were not made
)
