package cluster

import "time"

// Limits of what joins. They are first settings, to be corrected by what editors decide, and not
// configuration.
const (
	sameGUIDTitle  = .6 // headlines of items with one GUID (J3), or of a GUID that is claimed
	sameAudioTitle = .5 // headlines of items with one audio file (J4): a full hour is not its segment

	sameText   = .8                  // of the shorter text's five-word runs (J5)
	likelyText = .5                  // from which an editor is asked
	minWords   = 150                 // of each text that joins: shorter ones are wires and notices
	textWindow = 72 * time.Hour      // between the dates of two texts that join
	maxApart   = 14 * 24 * time.Hour // between the dates of what joins otherwise (V6)

	maxHops     = 2  // claims that are followed one after another
	templatedBy = 3  // headlines under one claim make it a template's
	maxUnlisted = 50 // unlisted hosts that are counted for a feed
	maxRejected = 32 // joins of an item that are kept though they were not made
)
