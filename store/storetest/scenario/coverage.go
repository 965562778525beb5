package scenario

import (
	"fmt"
	"slices"

	"fronteras/aggregator/news"
)

// held stands before the name of a hold, since a flag may have that name, too.
const held = "held:"

// Names are all that scenarios are to show: rules, flags, and holds with "held:" before them.
func Names() (list []string) {
	for _, r := range news.Rules {
		list = append(list, string(r.Name))
	}
	for _, g := range news.Flags {
		if g.Name != news.FlagUnpublishable { // publishing raises it
			list = append(list, string(g.Name))
		}
	}
	for _, h := range news.Holds {
		list = append(list, held+string(h.Name))
	}
	return list
}

// unseen are the rules that leave no trace in what is stored.
var unseen = []string{string(news.I1), string(news.I2), string(news.I3), string(news.I4), string(news.I5)}

// Coverage compares what scenarios say that they show with the names that there are
// and with what occurred when they were played. It says in words what is wrong.
func Coverage(names []string, scenarios []Scenario, played map[string]Played) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	shown := map[string]bool{}
	for _, s := range scenarios {
		if len(s.Shows) == 0 {
			fault("%s: its head does not say what it shows", s.Name)
		}
		for _, name := range s.Shows {
			shown[name] = true
			switch {
			case !slices.Contains(names, name):
				fault("%s shows %q, which is no rule, flag or hold", s.Name, name)
			case !slices.Contains(unseen, name) && !ruleOccurred(name, played[s.Name].Seen):
				fault("%s is to show %s, which does not occur in it", s.Name, name)
			}
		}
	}
	for _, name := range names {
		if !shown[name] {
			fault("no scenario shows %s", name)
		}
	}
	return faults
}

// ruleOccurred reports whether a rule, flag or hold was seen.
func ruleOccurred(name string, seen map[string]bool) bool {
	if name == string(news.V9) { // it leaves a flag alone
		name = string(news.FlagOversize)
	}
	return seen[name]
}
