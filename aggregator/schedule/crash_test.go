package schedule

import (
	"testing"
	"time"
)

func TestOneSuspectOfACrashIsVisitedAtATime(t *testing.T) {
	var g CrashGuard
	if g.MustWait(1, noon) {
		t.Error("a feed waits though no feed is suspected")
	}
	g.Suspect(1)
	g.Suspect(2)
	g.BeginVisit(3, noon.Add(time.Hour))
	if g.MustWait(1, noon) || g.MustWait(2, noon) {
		t.Error("a suspect waits for a feed that is none")
	}
	g.BeginVisit(1, noon.Add(time.Minute))
	if g.MustWait(1, noon) || !g.MustWait(2, noon) || g.MustWait(3, noon) {
		t.Errorf("waiting: %t, %t, %t; want the other suspect alone", g.MustWait(1, noon), g.MustWait(2, noon),
			g.MustWait(3, noon))
	}
	if g.MustWait(2, noon.Add(time.Minute)) {
		t.Error("a suspect waits for a visit whose lease has run out")
	}
	g.EndVisit(1)
	if g.MustWait(2, noon) {
		t.Error("a suspect waits for a visit that has ended")
	}
	g.BeginVisit(2, noon.Add(time.Minute))
	if g.MustWait(1, noon) {
		t.Error("a feed whose visit was saved is still suspected")
	}
}
