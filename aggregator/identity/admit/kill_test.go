package admit

import (
	"reflect"
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
	desk "fronteras/store/storetest/desk"
)

// notice is an entry with that headline and first line.
func notice(headline, line string) news.Entry {
	return desk.Entry("ajo", "notice", headline, 10, desk.Text("<p>"+line+"</p><p>Editors, take note.</p>"))
}

func TestNoticesOfAWire(t *testing.T) {
	r := evidence.NewReader(desk.Directory(t))
	for name, c := range map[string]struct {
		headline, line string
		want           string // the headline that it withdraws; "" for no notice
	}{
		"a kill":                          {"KILL: Canal wells run dry", "The story is wrong.", "canal wells run dry"},
		"a mandatory kill":                {"MANDATORY KILL – Canal wells run dry", "The story is wrong.", "canal wells run dry"},
		"a wire's slug":                   {"BC-US--KILL-Canal: Canal wells run dry", "The story is wrong.", "canal wells run dry"},
		"a story that is withdrawn":       {"Story withdrawn: Canal wells run dry", "The story is wrong.", "canal wells run dry"},
		"in the first line":               {"Editors", "KILL: Canal wells run dry", "canal wells run dry"},
		"in the first line, by a date":    {"Editors", "DEMING (SW) — MANDATORY KILL: Canal wells run dry", "canal wells run dry"},
		"alone in the first line":         {"Canal wells run dry", "MANDATORY KILL", "canal wells run dry"},
		"a story about a kill":            {"Kill the bill, say farmers", "The canal is dry.", ""},
		"a headline with kill in it":      {"Frost to KILL crops", "The canal is dry.", ""},
		"a word that begins like it":      {"KILLER bees in Ajo", "The canal is dry.", ""},
		"a story about a withdrawal":      {"County withdraws plan", "Story withdrawnness is no word.", ""},
		"a kill that stands further down": {"Canal wells run dry", "The canal is dry. KILL: another", ""},
	} {
		e := notice(c.headline, c.line)
		headline, is := KilledHeadline(&e, r.TextFeatures(&e))
		if is != (c.want != "") || headline.Text != c.want {
			t.Errorf("%s: it is one: %t, of %q", name, is, headline.Text)
		}
	}
}

func TestANoticeMeansWhatHasThreeFifthsOfItsHeadline(t *testing.T) {
	killed := text.HeadlineOf("Canal wells run dry today")
	for headline, want := range map[string]bool{"Canal wells run again soon": true, "Canal wells flow again soon": false} {
		if have := MeansHeadline(killed, text.HeadlineOf(headline)); have != want {
			t.Errorf("it means %q: %t", headline, have)
		}
	}
}

func TestANoticeIsNeverPublished(t *testing.T) {
	fresh := desk.Item("ajo", 7, notice("KILL: Canal wells run dry", "It is wrong."))
	fresh.Story, fresh.Hold = 0, &news.ItemHold{Kind: news.HoldFlood}
	if have := HoldKillNotice(fresh, desk.Noon); have.Hold.Kind != news.HoldNotice || !have.Hold.Since.Equal(fresh.FirstSeen) {
		t.Errorf("a notice is held %+v", have.Hold)
	}
	turned := desk.Item("ajo", 8, notice("KILL: Canal wells run dry", "It is wrong."))
	if have := HoldKillNotice(turned, desk.Noon); have.Hold.Kind != news.HoldKill || !have.Hold.Since.Equal(desk.Noon) {
		t.Errorf("a story that was turned into a notice is held %+v", have.Hold)
	}
	turned.Hold = &news.ItemHold{Kind: news.HoldKill}
	if HoldKillNotice(turned, desk.Noon) != nil {
		t.Error("a story that is killed already is killed again")
	}
}

func TestAKillTakesThePlaceOfWhatTheClockOrAFloodsReleaseWouldEnd(t *testing.T) {
	noon := desk.Noon
	kill, suspicion := news.ItemHold{Kind: news.HoldKill, Since: noon, Notice: 7},
		news.ItemHold{Kind: news.HoldWithdrawn, Since: noon.Add(-time.Hour)}
	for _, c := range []struct {
		name                   string
		hold, before           *news.ItemHold
		wantHold, wantedBefore *news.ItemHold // nil where nothing changes
	}{
		{"that is not held", nil, nil, &kill, nil},
		{"of an embargo", &news.ItemHold{Kind: news.HoldEmbargo, Until: noon.Add(time.Hour)}, nil, &kill, nil},
		{"of a flood", &news.ItemHold{Kind: news.HoldFlood, Until: noon.Add(time.Hour)}, nil, &kill, nil},
		{"of a doubtful migration", &news.ItemHold{Kind: news.HoldMigration}, nil, &kill, nil},
		{"that may be withdrawn", &suspicion, nil, &suspicion, &kill},
		{"that is killed", &news.ItemHold{Kind: news.HoldKill}, nil, nil, nil},
		{"that is killed, and may be withdrawn", &suspicion, &news.ItemHold{Kind: news.HoldKill}, nil, nil},
		{"that is a notice", &news.ItemHold{Kind: news.HoldNotice}, nil, nil, nil},
	} {
		item := desk.Item("kmsa", 9, desk.Entry("kmsa", "wells", "Canal wells run dry", 5))
		item.Hold, item.HeldBefore = c.hold, c.before
		have := HoldKilled(item, 7, noon)
		if (have == nil) != (c.wantHold == nil) || have != nil &&
			(!reflect.DeepEqual(have.Hold, c.wantHold) || !reflect.DeepEqual(have.HeldBefore, c.wantedBefore)) {
			t.Errorf("an item %s: %+v", c.name, have)
		}
	}
}

func TestANoticeThatCameFirst(t *testing.T) {
	r := evidence.NewReader(desk.Directory(t))
	story := desk.Item("kmsa", 9, desk.Entry("kmsa", "wells", "Canal wells run dry", 5))
	kill := desk.Item("ajo", 7, notice("KILL: Canal wells run dry", "It is wrong."))
	other := desk.Item("ajo", 6, notice("KILL: Fence gap closed", "It is wrong."))
	for name, c := range map[string]struct {
		notices []*news.Item
		held    bool
	}{
		"of that story":           {[]*news.Item{other, kill}, true},
		"of another story":        {[]*news.Item{other}, false},
		"that is no notice":       {[]*news.Item{desk.Item("ajo", 5, desk.Entry("ajo", "wells", "Canal wells run dry", 5))}, false},
		"that is the item itself": {[]*news.Item{desk.Item("ajo", 9, notice("KILL: Canal wells run dry", "It is wrong."))}, false},
		"that is not there":       {nil, false},
	} {
		have := KilledBefore(r, r.EvidenceOf(story, evidence.Feed{}), c.notices, desk.Noon)
		if (have != nil) != c.held || have != nil && *have.Hold != (news.ItemHold{Kind: news.HoldKill, Since: desk.Noon, Notice: kill.Number}) {
			t.Errorf("a notice %s: %+v", name, have)
		}
	}
	waiting := *story
	waiting.Hold = &news.ItemHold{Kind: news.HoldEmbargo, Until: desk.Noon.Add(time.Hour)}
	if have := KilledBefore(r, r.EvidenceOf(&waiting, evidence.Feed{}), []*news.Item{kill}, desk.Noon); have == nil ||
		have.Hold.Kind != news.HoldKill {
		t.Errorf("a story that waits for its date is %+v", have)
	}
}
