package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

func (tr *trial) stateOfFeed(feed string) news.FeedState {
	tr.t.Helper()
	visits, err := tr.FeedStates()
	tr.mustSucceed(err)
	for _, v := range visits {
		if v.Feed == feed {
			return v
		}
	}
	tr.t.Fatalf("no visit of %s", feed)
	return news.FeedState{}
}

// claimVisit claims a visit that must be due.
func (tr *trial) claimVisit(now time.Time) news.FeedState {
	tr.t.Helper()
	v, _, ok, err := tr.Claim(tr.t.Context(), now, everyHostFree)
	if !ok || err != nil {
		tr.t.Fatalf("claim gave %q, %t, %v, want a due visit", v.Feed, ok, err)
	}
	return v
}

func visitIsClaimedOnce(t *testing.T, tr *trial) {
	now := Begin.Add(2 * time.Minute)
	given := map[string]bool{}
	for range Feeds {
		v := tr.claimVisit(now)
		if given[v.Feed] {
			t.Fatalf("claim gave %q twice", v.Feed)
		}
		given[v.Feed] = true
	}
	if v, wait, ok, err := tr.Claim(t.Context(), now, everyHostFree); ok || wait <= 0 || err != nil {
		t.Errorf("a leased visit was given: %q, wait %v, %v", v.Feed, wait, err)
	}
	leased, others, err := tr.Lease(t.Context(), []string{Feeds[0].URL, "https://nobody.example/"}, now)
	if len(leased) > 0 || len(others) != 1 || !others[0].Leased.After(now) || err != nil {
		t.Errorf("a leased visit was leased again: %+v, others %+v, %v", leased, others, err)
	}
}

func releasedVisitIsDue(t *testing.T, tr *trial) {
	before, now := tr.stateOfFeed(Feeds[0].URL), Begin.Add(2*time.Minute)
	leased, others, err := tr.Lease(t.Context(), []string{Feeds[0].URL, Feeds[1].URL}, now)
	if len(leased) != 2 || len(others) > 0 || !leased[0].Asked.Equal(now) || err != nil {
		t.Fatalf("leased %+v, others %+v, %v", leased, others, err)
	}
	tr.mustSucceed(tr.Release(t.Context(), []string{Feeds[0].URL, "https://nobody.example/"}))
	if v := tr.stateOfFeed(Feeds[0].URL); !v.Leased.IsZero() || !v.Due.Equal(before.Due) ||
		!v.Asked.Equal(before.Asked) {
		t.Errorf("given back it is %+v, want %+v", v, before)
	}
	if v := tr.claimVisit(now); v.Feed != Feeds[0].URL {
		t.Errorf("claim gave %q", v.Feed)
	}
}

func claimSaysHowLong(t *testing.T, tr *trial) {
	for _, f := range Feeds {
		tr.saveDocument(f, Begin)
	}
	_, wait, ok, err := tr.Claim(t.Context(), Begin.Add(20*time.Minute), everyHostFree)
	if ok || wait != 40*time.Minute || err != nil {
		t.Errorf("wait %v, %t, %v; want 40 minutes", wait, ok, err)
	}
	tr.claimVisit(Begin.Add(time.Hour))
}

// everyHostFree lets every host be asked.
func everyHostFree(string, bool) time.Duration { return 0 }

func claimPassesOverBusyHosts(t *testing.T, tr *trial) {
	now := Begin.Add(2 * time.Minute)
	busy := func(feed string, take bool) time.Duration {
		if feed == Feeds[0].URL {
			return 7 * time.Second
		}
		return 0
	}
	v, _, ok, err := tr.Claim(t.Context(), now, busy)
	if !ok || v.Feed != Feeds[1].URL || err != nil {
		t.Errorf("claim gave %q, %t, %v, want the feed whose host is free", v.Feed, ok, err)
	}
	if _, wait, ok, err := tr.Claim(t.Context(), now, busy); ok || wait != 7*time.Second || err != nil {
		t.Errorf("wait %v, %t, %v, want as long as the host is busy", wait, ok, err)
	}
	noHost := func(string, bool) time.Duration { return -1 }
	if _, wait, ok, err := tr.Claim(t.Context(), now, noHost); ok || wait <= 0 || err != nil {
		t.Errorf("wait %v, %t, %v, want until the lease runs out", wait, ok, err)
	}
}

func pauseHoldsLeases(t *testing.T, tr *trial) {
	until := Begin.Add(3 * time.Hour)
	pause := func(v news.FeedState) news.FeedState { return schedule.PauseVisit(v, until) }
	tr.mustSucceed(tr.UpdateStates(t.Context(), []string{Feeds[0].URL}, pause))
	leased, others, err := tr.Lease(t.Context(), []string{Feeds[0].URL}, Begin)
	if len(leased) > 0 || len(others) != 1 || !others[0].Paused.Equal(until) || err != nil {
		t.Errorf("leased in the pause: %+v, others %+v, %v", leased, others, err)
	}
	if leased, _, err := tr.Lease(t.Context(), []string{Feeds[0].URL}, until); len(leased) != 1 || err != nil {
		t.Errorf("leased %+v after the pause, %v", leased, err)
	}
}

func statesChangeTogether(t *testing.T, tr *trial) {
	before := tr.stateOfFeed(Feeds[1].URL)
	change := func(v news.FeedState) news.FeedState {
		v.Due, v.Wait, v.DelayReason = Begin.Add(3*time.Hour), 3*time.Hour, "a reason"
		return v
	}
	tr.mustSucceed(tr.UpdateStates(t.Context(), []string{Feeds[0].URL, "https://nobody.example/"}, change))
	tr.close()
	tr.open()
	if v := tr.stateOfFeed(Feeds[0].URL); !v.Due.Equal(Begin.Add(3*time.Hour)) || v.Wait != 3*time.Hour ||
		v.DelayReason != "a reason" {
		t.Errorf("the state is %+v", v)
	}
	if v := tr.stateOfFeed(Feeds[1].URL); !v.Due.Equal(before.Due) || v.DelayReason != "" {
		t.Errorf("the state of another feed is %+v", v)
	}
}

func dueTimeOfReturningFeedStays(t *testing.T, tr *trial) {
	first := tr.stateOfFeed(Feeds[0].URL).Due
	if want := schedule.FirstVisit(Feeds[0], Begin); !first.Equal(want) {
		t.Errorf("due at %s, want %s", first, want)
	}
	tr.mustSucceed(tr.Learn(t.Context(), Feeds[1:], Begin))
	tr.mustSucceed(tr.Learn(t.Context(), Feeds, Begin))
	if again := tr.stateOfFeed(Feeds[0].URL).Due; !again.Equal(first) {
		t.Errorf("due at %s, at first %s", again, first)
	}
}

func expiredLeaseIsGivenAgain(t *testing.T, tr *trial) {
	v := tr.claimVisit(Begin.Add(2 * time.Minute))
	tr.claimVisit(Begin.Add(2 * time.Minute))
	if again := tr.claimVisit(Begin.Add(24 * time.Hour)); again.Feed != v.Feed {
		t.Errorf("claim gave %q; want %q again", again.Feed, v.Feed)
	}
}

func interruptedVisitWaitsItsInterval(t *testing.T, tr *trial) {
	asked := Begin.Add(2 * time.Minute)
	v := tr.claimVisit(asked)
	tr.close()
	tr.open()
	tr.mustSucceed(tr.Learn(t.Context(), Feeds, asked.Add(time.Second)))
	if due := tr.stateOfFeed(v.Feed).Due; !due.Equal(asked.Add(time.Hour)) {
		t.Errorf("due at %s, want an hour after the visit was begun", due)
	}
}

func goneFeedRetires(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	tr.settleStories(Begin)
	tr.mustSucceed(tr.Learn(t.Context(), Feeds[1:], Begin))
	visits, err := tr.FeedStates()
	tr.mustSucceed(err)
	if len(visits) != 1 {
		t.Errorf("%d feeds are visited, want 1", len(visits))
	}
	tr.wantTitles("Rain")
	tr.mustSucceed(tr.Learn(t.Context(), Feeds, Begin.Add(48*time.Hour)))
	if saved := tr.saveDocument(Feeds[0], Begin.Add(48*time.Hour),
		Entry("ajo", "rain", "Rain", Begin)); saved.New != 0 {
		t.Error("an item of a feed that came back is new")
	}
}

func visitWithoutDocument(t *testing.T, tr *trial) {
	tr.saveDocument(Feeds[0], Begin, Entry("ajo", "rain", "Rain", Begin))
	before := tr.settleStories(Begin)
	v := tr.stateOfFeed(Feeds[0].URL)
	v.Due = Begin.Add(3 * time.Hour)
	saved, err := tr.Save(t.Context(), v, nil, nil)
	tr.mustSucceed(err)
	if after := tr.settleStories(Begin); after != before || saved.New+saved.Changed != 0 {
		t.Errorf("the revision went from %d to %d, %d new", before, after, saved.New)
	}
	if now := tr.stateOfFeed(Feeds[0].URL); now.ETag != v.ETag || !now.Due.Equal(v.Due) {
		t.Errorf("the visit is %+v, want %+v", now, v)
	}
}

func savedLaterIsFlushed(t *testing.T, tr *trial) {
	v := tr.claimVisit(Begin.Add(2 * time.Minute))
	v.Due, v.Success = Begin.Add(3*time.Hour), Begin.Add(2*time.Minute)
	tr.mustSucceed(tr.SaveLater(t.Context(), v))
	tr.mustSucceed(tr.Flush(t.Context()))
	if now := tr.stateOfFeed(v.Feed); !now.Due.Equal(v.Due) || !now.Success.Equal(v.Success) || !now.Leased.IsZero() {
		t.Errorf("the visit is %+v", now)
	}
}

func canceledSaveKeepsNothing(t *testing.T, tr *trial) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := tr.stateOfFeed(Feeds[0].URL)
	v.ETag = `"new"`
	_, err := tr.Save(ctx, v, &identity.Arrival{Feed: Feeds[0], At: Begin, Whole: true,
		Entries: []news.Entry{Entry("ajo", "rain", "Rain", Begin)}}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("saved with %v", err)
	}
	if tr.settleStories(Begin); len(tr.publishedTitles()) != 0 || tr.stateOfFeed(Feeds[0].URL).ETag != "" {
		t.Error("something was saved")
	}
}
