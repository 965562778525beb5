package websub

import "testing"

func TestDeliveriesInMemoryHaveABoundInAllAndForEachCallback(t *testing.T) {
	const most = 16 << 20
	b := &bodyBudget{limit: 64 << 20, ofCallback: map[string]int64{}}
	var releases []func()
	for _, callback := range []string{"a", "b", "c"} {
		for range 2 {
			release, ok := b.reserve(callback, 8<<20, most)
			if !ok {
				t.Fatalf("%s: 8 MiB were refused with %d bytes in flight", callback, b.total)
			}
			releases = append(releases, release)
		}
		if _, ok := b.reserve(callback, 1, most); ok {
			t.Errorf("%s has more than 16 MiB in flight", callback)
		}
	}
	if _, ok := b.reserve("d", 16<<20, most); !ok {
		t.Error("the last 16 of 64 MiB were refused")
	}
	if _, ok := b.reserve("e", 1, most); ok {
		t.Error("more than 64 MiB are in flight")
	}
	for _, release := range releases {
		release()
	}
	if _, ok := b.reserve("a", 16<<20, most); !ok || b.total != 32<<20 {
		t.Errorf("after all were released, %d bytes are in flight", b.total)
	}
}
