package store

import (
	"path/filepath"
	"testing"

	"fronteras/aggregator/identity"
	"fronteras/store/storetest/sample"
	"fronteras/store/storetest/scenario"
)

// TestSampleOnTheRealStore plays weeks of feeds on a real store, as package identity plays them in memory.
func TestSampleOnTheRealStore(t *testing.T) {
	t.Parallel()
	s := sample.Generate(1, sample.Headlines)
	plan := sample.Plans(s)[5]
	p := sample.Play(t, s, plan, func(rules *identity.Rules) scenario.Desk {
		desk := open(t, filepath.Join(t.TempDir(), "store.db"), rules)
		t.Cleanup(func() {
			if err := desk.Close(); err != nil {
				t.Error(err)
			}
		})
		return played{desk, t}
	})
	f := sample.Measure(s, p)
	t.Logf("%s, %s: %s", s.Name, plan.Name, f.String())
	for _, fault := range f.Faults(sample.Headlines) {
		t.Error(fault)
	}
}
