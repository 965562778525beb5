package identity_test

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fronteras/aggregator/identity"
	"fronteras/store/storetest/sample"
	"fronteras/store/storetest/scenario"
)

// TestSample plays weeks of six stations' feeds, shaped as stations' feeds are in fact, through the
// rules: from several beginnings, and from each in several orders of visits. It holds what comes of them,
// and prints it with -v. These variables of the environment change what is played:
//
//	FRONTERAS_SAMPLE=FOLDER     that folder's feeds instead of our own; see [sample.ReadFolder]
//	FRONTERAS_SAMPLE_SEEDS=N    so many of our own
//	FRONTERAS_SAMPLE_DETAILS=1  each wrong join, missed pair, wrong maker, and the questions of the worst day
func TestSample(t *testing.T) {
	if folder := os.Getenv("FRONTERAS_SAMPLE"); folder != "" {
		s, err := sample.ReadFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		playAndMeasure(t, &s, sample.Headlines, sample.Plans(&s))
		return
	}
	seeds, err := strconv.Atoi(os.Getenv("FRONTERAS_SAMPLE_SEEDS"))
	if err != nil {
		seeds = 2
	}
	if raced {
		seeds = min(seeds, 1)
	}
	for seed := range uint64(seeds) {
		for _, form := range []sample.Form{sample.Headlines, sample.Teasers, sample.Texts} {
			s := sample.Generate(seed, form)
			plans := sample.Plans(s)
			beginning := int(seed%3) * 3 // of each seed another, in two orders
			playAndMeasure(t, s, form, plans[beginning+1:beginning+3])
		}
	}
}

// playAndMeasure plays a sample in some ways, and holds what comes of each.
func playAndMeasure(t *testing.T, s *sample.Sample, form sample.Form, plans []sample.Plan) {
	played := make([]*sample.Played, len(plans))
	whole := t.Run(s.Name, func(t *testing.T) {
		for n, plan := range plans {
			t.Run(plan.Name, func(t *testing.T) {
				t.Parallel()
				played[n] = sample.Play(t, s, plan, func(rules *identity.Rules) scenario.Desk {
					return identity.NewMemoryDesk(t, rules)
				})
			})
		}
	})
	if !whole {
		return
	}
	for n, p := range played {
		f := sample.Measure(s, p)
		name := s.Name + ", " + p.Plan.Name
		t.Logf("%s: %s", name, f.String())
		for _, fault := range f.Faults(form) {
			t.Errorf("%s: %s", name, fault)
		}
		if os.Getenv("FRONTERAS_SAMPLE_DETAILS") != "" {
			t.Log(f.Details())
		}
		if n > 0 && p.Plan.Import == played[n-1].Plan.Import {
			if differences := sample.Differences(s, played[n-1], p); len(differences) > 0 {
				t.Logf("%s: the order of visits changes %d:\n%s", name, len(differences),
					strings.Join(differences, "\n"))
			}
		}
	}
}

// The measure finds what is wrong: where the truth is another than what the rules do.
func TestTheMeasureFindsFaults(t *testing.T) {
	s := sample.Generate(1, sample.Texts)
	plan := sample.Plans(s)[5]
	play := func() *sample.Played {
		return sample.Play(t, s, plan, func(rules *identity.Rules) scenario.Desk {
			return identity.NewMemoryDesk(t, rules)
		})
	}
	before := play()
	sound := sample.Measure(s, before)
	var joined []int // a story that three stations tell
	for n := range s.Items {
		if len(joined) < 3 && before.Story[n] != 0 && s.Items[n].Maker == sample.Network {
			joined = slices.DeleteFunc(slices.Sorted(maps.Keys(before.Story)), func(other int) bool {
				return before.Story[other] != before.Story[n]
			})
		}
	}
	for _, n := range joined {
		s.Items[n].Maker = s.Items[joined[0]].Station
	}
	s.Items[joined[1]].Story = "another"
	f := sample.Measure(s, play())
	if len(f.Wrong) != len(sound.Wrong)+len(joined)-1 {
		t.Errorf("%d items that are joined with one that is another story: %d wrong joins, and %d before", len(joined),
			len(f.Wrong), len(sound.Wrong))
	}
	if f.Pairs != sound.Pairs-len(joined)+1 || f.Joined != sound.Joined-len(joined)+1 {
		t.Errorf("%d of %d pairs are joined, and were %d of %d", f.Joined, f.Pairs, sound.Joined, sound.Pairs)
	}
	if f.Own == sound.Own {
		t.Errorf("%d stories are a station's own, and were as many before one became so", f.Own)
	}
	if d := sample.Differences(s, before, before); len(d) > 0 {
		t.Errorf("one way of arriving is another than itself: %q", d)
	}
}
