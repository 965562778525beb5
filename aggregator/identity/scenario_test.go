package identity_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"

	"fronteras/aggregator/identity"
	"fronteras/store/storetest/scenario"
)

var update = flag.Bool("update", false, "write what the scenarios end in to testdata/identity/outcomes.golden")

const (
	scenarios = "../../testdata/identity"
	golden    = scenarios + "/outcomes.golden"
)

// TestScenarios plays each of testdata/identity on a store in memory: documents over
// several polls, an editor's rulings, and the stories that come of them. Its README
// says how they are written.
func TestScenarios(t *testing.T) {
	for _, s := range scenario.ReadAll(t, scenarios) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			play(t, s)
		})
	}
}

// played is what came of the scenarios that were played already, by name.
var played sync.Map

func play(t *testing.T, s scenario.Scenario) scenario.Played {
	p := scenario.Play(t, s, func(rules *identity.Rules) scenario.Desk { return identity.NewMemoryDesk(t, rules) })
	if !t.Failed() {
		played.Store(s.Name, p)
	}
	return p
}

// all returns the scenarios and what came of each.
func all(t *testing.T) ([]scenario.Scenario, map[string]scenario.Played) {
	list, came := scenario.ReadAll(t, scenarios), map[string]scenario.Played{}
	for _, s := range list {
		if p, ok := played.Load(s.Name); ok {
			came[s.Name] = p.(scenario.Played)
		} else {
			came[s.Name] = play(t, s)
		}
	}
	return list, came
}

// Every rule, flag and hold is shown by a scenario.
func TestScenariosShowEveryRule(t *testing.T) {
	list, came := all(t)
	for _, fault := range scenario.Coverage(scenario.Names(), list, came) {
		t.Error(fault)
	}
}

// What scenarios end in changes with the rules' version only. With -update the file
// becomes what they end in now.
func TestScenarioOutcomes(t *testing.T) {
	_, came := all(t)
	now := scenario.Outcomes{Version: identity.Version, Of: map[string][]string{}}
	for name, p := range came {
		now.Of[name] = p.Outcome
	}
	file := scenario.Outcomes{Version: identity.Version}
	switch text, err := os.ReadFile(golden); {
	case err == nil:
		if file, err = scenario.ParseOutcomes(string(text)); err != nil {
			t.Fatalf("%s: %v", golden, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		t.Fatal(err)
	}
	if !*update {
		if differences := file.Differences(now); len(differences) > 0 {
			t.Error(strings.Join(differences, "\n"))
		}
		return
	}
	if refusals := file.Refusals(now); len(refusals) > 0 {
		t.Fatalf("nothing is written:\n%s", strings.Join(refusals, "\n"))
	}
	if t.Failed() {
		t.Fatal("nothing is written: a scenario does not come out as it says")
	}
	if err := os.WriteFile(golden, []byte(now.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
