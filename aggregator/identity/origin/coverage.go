package origin

import (
	"strings"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// Coverage is the items that tell one story, as the rules see them.
type Coverage struct {
	Items   []*evidence.Evidence
	Cluster *cluster.Cluster
	Founder *evidence.Evidence // that the edges lead to; nil where it is unseen
}

func countStations(t Coverage) int {
	in := map[string]bool{}
	for _, i := range t.Items {
		in[i.Station] = true
	}
	return len(in)
}

func joinedNames(makers []news.Maker) string {
	names := make([]string, len(makers))
	for i, m := range makers {
		names[i] = m.Name
	}
	return strings.Join(names, " and ")
}
