package scenario

import (
	"strings"
	"testing"
)

// Each rule, flag and hold has a scenario in which it occurs.
func TestCoverageNamesRulesWithoutAScenario(t *testing.T) {
	names := []string{"I3", "J1", "V6", "V9", "flood", "held:flood"}
	sound := []Scenario{{Name: "01-gap", Shows: []string{"I3", "J1"}},
		{Name: "02-dam", Shows: []string{"V6", "V9", "flood", "held:flood"}}}
	seen := map[string]Played{
		"01-gap": {Seen: map[string]bool{"J1": true, "O5": true}},
		"02-dam": {Seen: map[string]bool{"V6": true, "oversize": true, "flood": true, "held:flood": true}},
	}
	if faults := Coverage(names, sound, seen); len(faults) > 0 {
		t.Errorf("faults %q", faults)
	}
	for name, c := range map[string]struct {
		scenarios []Scenario
		want      string
	}{
		"nothing shows a name": {sound[1:], "no scenario shows I3"},
		"a name that there is not": {append([]Scenario{{Name: "03-far", Shows: []string{"J7"}}}, sound...),
			`03-far shows "J7", which is no rule`},
		"a name does not occur": {append([]Scenario{{Name: "01-gap", Shows: []string{"V6"}}}, sound...),
			"01-gap is to show V6, which does not occur"},
		"a flag is no hold": {append([]Scenario{{Name: "01-gap", Shows: []string{"held:flood"}}}, sound...),
			"01-gap is to show held:flood"},
		"a head without names": {append([]Scenario{{Name: "04-far"}}, sound...), "04-far: its head does not say"},
	} {
		t.Run(name, func(t *testing.T) {
			if message := strings.Join(Coverage(names, c.scenarios, seen), "\n"); !strings.Contains(message, c.want) {
				t.Errorf("nothing says %q:\n%s", c.want, message)
			}
		})
	}
}

// A scenario's first paragraph says what it shows; the lines after it are played.
func TestAScenarioIsReadWithItsSteps(t *testing.T) {
	s := parseScenario("01-gap", "A copy names its original.\nShows: J1 O2 same-feed\n\nfeed ajo 12:00\n# what "+
		"follows\n  item gap | Gap closed | 11:00\nstories\n  Shows: nothing\n")
	if got := strings.Join(s.Shows, " "); got != "J1 O2 same-feed" {
		t.Errorf("it shows %q", got)
	}
	var lines []string
	for _, l := range s.lines {
		lines = append(lines, l.text)
	}
	if got := strings.Join(lines, "; "); got != "feed ajo 12:00; item gap | Gap closed | 11:00; stories; Shows: "+
		"nothing" || s.lines[1].number != 6 || !s.lines[1].indented {
		t.Errorf("it plays %q, the second line is %+v", got, s.lines[1])
	}
}
