package lineage

import (
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/news"
)

// StoryPlan is a story while it is being put together.
type StoryPlan struct {
	origin.Coverage
	Kept   map[uint64]bool // items in it since it was published, though no edge leads to the root now
	Old    *news.Story     // the published story that it continues; nil: a new one
	Joined []*news.Story   // other published stories that end in it
}
