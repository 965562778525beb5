package gather

import (
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// gathering is a neighborhood while it is being put together.
type gathering struct {
	*Source
	around    *evidence.Neighborhood
	gathered  map[uint64]*evidence.Evidence
	headlines map[string][]*news.Item // the written items by their headlines: they have no keys yet
	alike     [][2]uint64
	rulings   map[uint64]news.Ruling
	outgrown  map[uint64]*outgrown
	nearby    map[uint64]*evidence.Evidence // of items that were looked at and not gathered
}
