// Package compose writes stories down: their edges, flags, dates, words and ids. It compares and
// decides nothing; it looks up what was compared and decided.
package compose

import (
	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
)

// Composer is what stories are written down from.
type Composer struct {
	*evidence.Reader
	*evidence.Neighborhood
	Result *cluster.Result
	Found  cluster.Findings              // of all stages: the clusters, the plans and the origins
	PlanOf map[uint64]*lineage.StoryPlan // by item

	Retracted map[*lineage.StoryPlan]bool // what becomes of published stories
}
