package cases

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

var noon = time.Date(2031, 2, 3, 12, 0, 0, 0, time.UTC)

func TestWhatAStoryAsksByItself(t *testing.T) {
	item := func(kind news.HoldKind) *news.Item {
		return &news.Item{Hold: &news.ItemHold{Kind: kind, Since: noon}}
	}
	flag := func(kind news.FlagKind, why string) news.Flag {
		return news.Flag{Kind: kind, Why: why, When: noon.Add(time.Hour)}
	}
	for name, c := range map[string]struct {
		story news.Story
		own   []news.Flag
		kind  news.CaseKind
		why   string
		waits bool
	}{
		"a live story without flags asks nothing": {story: news.Story{Status: news.Live}},
		"a kill holds it": {
			story: news.Story{Status: news.Held, Items: []*news.Item{item(news.HoldKill)}},
			own:   []news.Flag{flag(news.FlagWithdrawn, "a notice of its source says that it is withdrawn")},
			kind:  news.CaseKilled, why: "A notice of its source says that the story is withdrawn, so it is held.", waits: true,
		},
		"a kill that was released asks nothing": {
			story: news.Story{Status: news.Live, Items: []*news.Item{item(news.HoldKill)}},
		},
		"it has left its feed": {
			story: news.Story{Status: news.Held, Items: []*news.Item{item(news.HoldWithdrawn)}},
			own:   []news.Flag{flag(news.FlagWithdrawn, "its page answered 404")},
			kind:  news.CaseWithdrawn, why: "Its page answered 404.", waits: true,
		},
		"an embargo is no question": {
			story: news.Story{Status: news.Held, Items: []*news.Item{item(news.HoldEmbargo)}},
		},
		"a flood is its feed's question": {
			story: news.Story{Status: news.Held, Items: []*news.Item{item(news.HoldFlood)}},
		},
		"a wire's notice is held": {
			story: news.Story{Status: news.Held, Items: []*news.Item{item(news.HoldNotice)}},
			kind:  news.CaseOther, why: "It is a wire's notice, not news, and is held.", waits: true,
		},
		"the most urgent flag says why": {
			story: news.Story{Status: news.Live},
			own: []news.Flag{flag(news.FlagUnlistedOrigin, "it claims another's"), flag(news.FlagFutureDate,
				"its date is to come")},
			kind: news.CaseOther, why: "Its date is to come.",
		},
	} {
		q := OfStory(&c.story, c.own)
		if q.Kind != c.kind || q.Why != c.why || q.Waits != c.waits || q.Asks() == (c.kind == "") {
			t.Errorf("%s: %+v", name, q)
		}
	}
}

func TestWhatWaitsIsAskedUntilItIsAnsweredAndElseForAMonth(t *testing.T) {
	flags := []news.Flag{{Kind: news.FlagSameTitle, When: noon}}
	if until := OfPair(flags).Until(); !until.Equal(noon.Add(shownFor)) {
		t.Errorf("a pair is asked until %v", until)
	}
	if until := OfFlood([]time.Time{noon}, nil).Until(); !until.IsZero() {
		t.Errorf("a flood is asked until %v", until)
	}
	r := Record{Kind: news.CasePair, Asks: true, Until: noon}
	if a, b := r.State(noon.Add(-1)), r.State(noon); a != news.CaseOpen || b != news.CaseEnded {
		t.Errorf("%s before, %s after", a, b)
	}
}

// A case goes through what editors decide, and comes back with what they take back.
func TestACaseFollowsWhatIsAskedAndDecided(t *testing.T) {
	pair := OfPair([]news.Flag{{Kind: news.FlagSameTitle, Why: "same headline", When: noon}})
	ruling := func(number uint64, verb news.Verb) *news.Ruling {
		return &news.Ruling{Number: number, Verb: verb, When: noon.Add(time.Duration(number) * time.Minute)}
	}
	type step struct {
		name     string
		question Question
		now      Now
		state    news.CaseState
		decision uint64
		notice   news.NoticeKind
	}
	for name, steps := range map[string][]step{
		"joined, and that undone": {
			{"it is asked", pair, Now{Time: noon}, news.CaseOpen, 0, news.NoticePair},
			{"an editor joins them", Question{}, Now{Time: noon, Ruling: ruling(3, news.Join)}, news.CaseDecided, 3, ""},
			{"a visit changes nothing", Question{}, Now{Time: noon}, news.CaseDecided, 3, ""},
			{"the join is undone", pair, Now{Time: noon, Ruling: ruling(4, news.Undo)}, news.CaseOpen, 0, ""},
		},
		"its ground goes and comes": {
			{"it is asked", pair, Now{Time: noon}, news.CaseOpen, 0, news.NoticePair},
			{"one of them is edited", Question{}, Now{Time: noon}, news.CaseEnded, 0, ""},
			{"and edited again", pair, Now{Time: noon}, news.CaseOpen, 0, ""},
		},
		"held, then released": {
			{"it is asked", pair, Now{Time: noon}, news.CaseOpen, 0, news.NoticePair},
			{"an editor holds both", pair, Now{Time: noon, Ruling: ruling(1, news.Hold), Bound: true}, news.CaseHeld, 1, ""},
			{"a visit finds both held", pair, Now{Time: noon, HoldStands: true}, news.CaseHeld, 1, ""},
			{"another story is held", pair, Now{Time: noon, Ruling: ruling(2, news.Hold), HoldStands: true}, news.CaseHeld,
				1, ""},
			{"both are released", pair, Now{Time: noon, Ruling: ruling(3, news.Release)}, news.CaseOpen, 0, ""},
			{"an editor says that they are two", Question{}, Now{Time: noon, Ruling: ruling(4, news.Split), Bound: true},
				news.CaseDecided, 4, ""},
		},
		"left as it is": {
			{"it is asked", pair, Now{Time: noon}, news.CaseOpen, 0, news.NoticePair},
			{"it is dismissed", pair, Now{Time: noon, Ruling: ruling(5, news.Dismiss), Bound: true}, news.CaseDecided, 5, ""},
			{"a visit still finds it", pair, Now{Time: noon, DismissalStands: true}, news.CaseDecided, 5, ""},
			{"that is undone", pair, Now{Time: noon, Ruling: ruling(6, news.Undo)}, news.CaseOpen, 0, ""},
		},
		"a case that becomes a kill is told once more": {
			{"it may be withdrawn", Question{Kind: news.CaseWithdrawn, Last: noon, Waits: true}, Now{Time: noon},
				news.CaseOpen, 0, ""},
			{"it is killed", Question{Kind: news.CaseKilled, Last: noon, Waits: true}, Now{Time: noon}, news.CaseOpen, 0,
				news.NoticeKilled},
			{"and still is", Question{Kind: news.CaseKilled, Last: noon, Waits: true}, Now{Time: noon}, news.CaseOpen, 0, ""},
		},
	} {
		var record *Record
		for _, s := range steps {
			next, notice := Next(record, s.question, s.now)
			record = next
			decision := record.Decision
			if record.State(noon) == news.CaseHeld {
				decision = record.Holds
			}
			if got := record.State(noon); got != s.state || decision != s.decision || notice != s.notice {
				t.Errorf("%s: when %s it is %s by %d, notice %q: %+v", name, s.name, got, decision, notice, record)
			}
		}
	}
}

func TestEditorsAreShownTheMostUrgentFirstAndWhatIsHeldLast(t *testing.T) {
	list := []news.Case{
		{Number: 1, Kind: news.CasePair, State: news.CaseOpen, Since: noon},
		{Number: 2, Kind: news.CaseKilled, State: news.CaseHeld, Since: noon},
		{Number: 3, Kind: news.CasePair, State: news.CaseOpen, Since: noon.Add(-time.Hour)},
		{Number: 4, Kind: news.CaseOther, State: news.CaseOpen, Since: noon},
		{Number: 5, Kind: news.CaseFeed, State: news.CaseOpen, Since: noon.Add(time.Hour)},
		{Number: 6, Kind: news.CaseKilled, State: news.CaseOpen, Since: noon},
		{Number: 7, Kind: news.CaseFlood, State: news.CaseOpen, Since: noon},
		{Number: 8, Kind: news.CaseWithdrawn, State: news.CaseOpen, Since: noon},
	}
	slices.SortFunc(list, Compare)
	var order []uint64
	for _, c := range list {
		order = append(order, c.Number)
	}
	if want := []uint64{6, 8, 7, 3, 1, 4, 5, 2}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}
