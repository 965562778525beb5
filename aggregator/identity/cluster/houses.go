package cluster

import (
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// flagUnlistedHouse raises a flag at an item whose byline names a newsroom that nobody lists, where
// nothing else says who made its story: no credit, no roster, no claim that counts.
func flagUnlistedHouse(r *Result, i *evidence.Evidence) {
	if len(i.Houses.Unlisted) == 0 || len(i.Credit.Makers) > 0 || len(i.Rosters) > 0 || r.of[i.Number].Claim != nil ||
		r.Flagged(i, news.FlagUnlistedOrigin) { // its text names one
		return
	}
	house := i.Houses.Unlisted[0]
	r.Flag(i, news.FlagUnlistedOrigin, house, "its byline names "+evidence.Quote(house)+
		", which is no station and no source: list it as a source outside if it made the story")
}
