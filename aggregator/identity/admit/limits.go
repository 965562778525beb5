package admit

import "time"

// Limits of the rules about what is published when. They are first settings, not configuration.
const (
	ahead     = 15 * time.Minute   // clocks differ by less: such a date is the time of the visit
	embargoed = 7 * 24 * time.Hour // a date further ahead is not believed
	recent    = 48 * time.Hour     // an older entry of a feed's first document is not announced

	importSize = 10          // new entries of one date make an import (oursqlcommunity-org/planet#99),
	importSpan = time.Minute // dated within so little time

	touchedSize = 3 // entries that say they were modified within importSpan, half of a document, do not count

	leads      = 3                // new items show that a feed's dates are wrong,
	leadSpread = 30 * time.Minute // if their leads differ by no more, besides the visits' interval
	leadStep   = 30 * time.Minute // zones differ by no less

	floodSize  = 5 // old new entries are not a flood,
	floodShare = 4 // nor is one entry in four of a document
	dailyNew   = 500
	dailySpan  = 24 * time.Hour // in which a feed's new items beyond dailyNew are held,
	maxHeld    = 5_000          // at most: more are not taken, or the store would grow without end
	dailyNames = 5_000          // that known items of a feed are given within dailySpan; others wait

	pageWait = 10 * time.Minute // beyond two intervals, an item waits for a visit that reads its page

	killTitle = .6 // how similar the headline of a story must be to that of a wire's notice
)

// epoch is older than any feed: an earlier date is a fault.
var epoch = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
