package within

import "time"

// Limits of the rules within a feed. They are first settings, to be corrected by what editors
// decide, and not configuration.
const (
	reuseMoved = 6 * time.Hour // that a date moves before a GUID may be used again (I1): corrections move it less
	sameText   = .9            // of the shorter text agrees where an entry under another GUID is the same (I3)
	movedSince = time.Hour     // before the last good visit an entry is dated that should be known (I5)
	movedLeast = 5             // such entries may be a new CMS,
	movedShare = 80            // percent of them, at least, are known items under new GUIDs
	aliased    = 5             // aliases in one document are worth a notice
	sharedBy   = 3             // items of a feed, or headlines of a document, make an address identify nothing
	// how old an entry may be for its page to be read: older copies were joined when they were new
	pageReach = 14 * 24 * time.Hour
)
