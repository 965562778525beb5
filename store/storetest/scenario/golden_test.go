package scenario

import (
	"reflect"
	"strings"
	"testing"
)

func newOutcomes(version int, of map[string][]string) Outcomes { return Outcomes{version, of} }

var (
	joined = []string{"kmsa O2: ajo J1, kmsa* I0 | Fence gap closed", "\tajo/gap J1 certain", "\tkmsa/gap I0 certain"}
	apart  = []string{"ajo O5: ajo* I0 | Gap closed", "\tajo/gap I0 certain", "kmsa O5: kmsa* I0 | Fence gap closed",
		"\tkmsa/gap I0 certain"}
)

// Outcomes may change together with the version of the rules, and not without it.
func TestChangedOutcomesAreRefusedWithoutANewVersion(t *testing.T) {
	file := newOutcomes(2, map[string][]string{"01-gap": joined})
	for name, c := range map[string]struct {
		now     Outcomes
		says    []string // what the failing test says
		refused bool     // -update writes nothing
	}{
		"nothing changed": {newOutcomes(2, map[string][]string{"01-gap": joined}), nil, false},
		"a decision changed, and the version did not": {
			newOutcomes(2, map[string][]string{"01-gap": apart}),
			[]string{"01-gap", "it was\n\t" + joined[0], "and is\n\t" + apart[0],
				"a decision changed: raise identity.Version, then run the test with -update"}, true,
		},
		"a decision changed, and the version went down": {
			newOutcomes(1, map[string][]string{"01-gap": apart}),
			[]string{"rules version 2", "identity.Version is 1", "a decision changed: raise identity.Version"},
			true,
		},
		"a decision changed under a new version": {
			newOutcomes(3, map[string][]string{"01-gap": apart}),
			[]string{"01-gap", "it was\n\t" + joined[0], "and is\n\t" + apart[0], "run the test with -update"},
			false,
		},
		"a new version decides the same": {
			newOutcomes(3, map[string][]string{"01-gap": joined}),
			[]string{"rules version 2", "identity.Version is 3", "run the test with -update"}, false,
		},
		"a scenario was added": {newOutcomes(2, map[string][]string{"01-gap": joined, "02-dam": apart}),
			[]string{"02-dam", "run the test with -update"}, false},
		"a scenario was removed": {newOutcomes(2, map[string][]string{"02-dam": apart}),
			[]string{"01-gap", "no such scenario", "02-dam"}, false},
		"one was added, and another changed": {
			newOutcomes(2, map[string][]string{"01-gap": apart, "02-dam": apart}),
			[]string{"02-dam", "01-gap", "raise identity.Version"}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			message := strings.Join(file.Differences(c.now), "\n")
			for _, want := range c.says {
				if !strings.Contains(message, want) {
					t.Errorf("nothing says %q:\n%s", want, message)
				}
			}
			if c.says == nil && message != "" {
				t.Errorf("it says: %s", message)
			}
			if c.now.Version > file.Version && strings.Contains(message, "raise identity.Version") {
				t.Errorf("the version is to be raised twice:\n%s", message)
			}
			if refusals := file.Refusals(c.now); len(refusals) > 0 != c.refused {
				t.Errorf("refused %t, want %t: %q", !c.refused, c.refused, refusals)
			}
		})
	}
}

func TestOutcomesAreReadAsWritten(t *testing.T) {
	o := newOutcomes(12, map[string][]string{"01-gap": joined, "02-dam": apart})
	text := o.String()
	if !strings.HasPrefix(text, "rules version 12\n") {
		t.Errorf("it begins %.40q", text)
	}
	if again, err := ParseOutcomes(text); err != nil || !reflect.DeepEqual(again, o) {
		t.Errorf("%+v, %v", again, err)
	}
	for _, text := range []string{"", "rules version\n", "version 2\n", "rules version two\n"} {
		if _, err := ParseOutcomes(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
