package admit

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// The feed is visited every quarter of an hour. Items 1 and 2 came before, item 3 comes now.
func TestClocksThatAreWrongByHours(t *testing.T) {
	const minute, hour = time.Minute, time.Hour
	before := func(offset time.Duration, by ...time.Duration) visit.Memory {
		m := visit.Memory{Since: lastHour.Since, Last: desk.Noon.Add(-15 * minute), Offset: offset}
		for n, b := range by {
			m.Ahead = append(m.Ahead, visit.Lead{Item: uint64(n + 1), By: b})
		}
		if offset > 0 {
			m.RaiseFlag(news.Flag{Kind: news.FlagClock})
		}
		return m
	}
	late := before(0, 7*hour, 7*hour)
	late.Last = desk.Noon.Add(-30*minute - time.Second)
	first := before(0, 7*hour, 7*hour)
	first.Last = time.Time{}
	intime := before(0, 7*hour, 7*hour)
	intime.Last = desk.Noon.Add(-30 * minute)
	for name, c := range map[string]struct {
		memory visit.Memory
		ahead  time.Duration // of the item that comes now
		offset time.Duration
		redate bool
	}{
		"three that are seven hours ahead":             {before(0, 7*hour, 7*hour), 7 * hour, 7 * hour, true},
		"the median is rounded up to the half hour":    {before(0, 6*hour+35*minute, 6*hour+40*minute), 6*hour + 50*minute, 7 * hour, true},
		"a median of a half hour stays":                {before(0, 5*hour+30*minute, 5*hour+30*minute), 5*hour + 30*minute, 5*hour + 30*minute, true},
		"two are too few":                              {before(0, 7*hour), 7 * hour, 0, false},
		"they differ by 45 minutes":                    {before(0, 7*hour, 7*hour+45*minute), 7 * hour, 7 * hour, true},
		"they differ by a minute more":                 {before(0, 7*hour, 7*hour+46*minute), 7 * hour, 0, false},
		"one is ahead by no more than clocks differ":   {before(0, 40*minute, 40*minute), 15 * minute, 0, false},
		"all are ahead by a little more than that":     {before(0, 40*minute, 40*minute), 16 * minute, hour, true},
		"they are ahead by seven days":                 {before(0, 168*hour, 168*hour), 168 * hour, 168 * hour, true},
		"they are ahead by more than an embargo":       {before(0, 168*hour, 168*hour), 168*hour + minute, 0, false},
		"one is behind":                                {before(0, 7*hour, 7*hour), -hour, 0, false},
		"the feed was not visited for two intervals":   {late, 7 * hour, 0, false},
		"the feed was visited two intervals ago":       {intime, 7 * hour, 7 * hour, true},
		"the feed was never visited before":            {first, 7 * hour, 0, false},
		"an offset that is known stays as it is":       {before(7*hour, 7*hour, 7*hour), 7*hour + 30*minute, 7 * hour, false},
		"it ends when three need nothing taken off":    {before(7*hour, -hour, 15*minute), 0, 0, false},
		"it does not end while one is still ahead":     {before(7*hour, -hour, 16*minute), 0, 7 * hour, false},
		"older leads than the last three do not count": {before(0, -hour, 7*hour, 7*hour), 7 * hour, 7 * hour, true},
	} {
		e := ajo("rain", -int(c.ahead/minute))
		m, redate := EstimateClockOffset(document(t, c.memory, e), c.memory, []*news.Item{desk.Item("ajo", 3, e)})
		if m.Offset != c.offset || (len(redate) > 0) != c.redate {
			t.Errorf("%s: %v is taken off and %v are dated again", name, m.Offset, redate)
		}
		if have := m.HasFlag(news.FlagClock); have != (c.offset > 0) {
			t.Errorf("%s: the feed is flagged: %t", name, have)
		}
		if c.redate && (!slices.Contains(redate, 2) || !slices.Contains(redate, 3)) {
			t.Errorf("%s: %v are dated again, and not all that were ahead", name, redate)
		}
		if len(m.Ahead) > 3 {
			t.Errorf("%s: %d leads are kept", name, len(m.Ahead))
		}
	}
}

func TestItemsWithoutADateSayNothingOfAClock(t *testing.T) {
	m := lastHour
	m.Last = desk.Noon.Add(-15 * time.Minute)
	after, _ := EstimateClockOffset(document(t, m), m, []*news.Item{desk.Item("ajo", 3, ajo("rain", 0, desk.Undated))})
	if len(after.Ahead) != 0 {
		t.Errorf("kept are %+v", after.Ahead)
	}
}

func TestItemsThatWaitForADateAreDatedAgain(t *testing.T) {
	e := ajo("rain", -6*60)
	waiting := func(kind news.HoldKind) *news.Item {
		i := desk.Item("ajo", 3, e)
		i.Hold = &news.ItemHold{Kind: kind}
		return i
	}
	doc := document(t, lastHour, e)
	dated := RedateItems(doc, 7*time.Hour, waiting(news.HoldEmbargo))
	if dated == nil || dated.Hold != nil || !dated.TrustedDate.Equal(desk.Noon.Add(-time.Hour)) {
		t.Errorf("an embargo with the offset is %+v", dated)
	}
	dated = RedateItems(doc, time.Hour, waiting(news.HoldEmbargo))
	if dated == nil || dated.Hold == nil || !dated.Hold.Until.Equal(desk.Noon.Add(5*time.Hour)) {
		t.Errorf("an embargo beyond the offset is %+v", dated)
	}
	if RedateItems(doc, 7*time.Hour, waiting(news.HoldFlood)) != nil || RedateItems(doc, 7*time.Hour, desk.Item("ajo", 3, e)) != nil {
		t.Error("what waits for no date is dated again")
	}
}

func TestTimesOfModificationThatCanBeReliedOn(t *testing.T) {
	at := func(slug string, minutes, updated int) news.Entry {
		return ajo(slug, minutes, func(e *news.Entry) { e.Updated = desk.Noon.Add(-time.Duration(updated) * time.Minute) })
	}
	ancient := ajo("rain", 100, func(e *news.Entry) { e.Updated = time.Date(1989, 12, 31, 0, 0, 0, 0, time.UTC) })
	offset := lastHour
	offset.Offset = time.Hour
	for name, c := range map[string]struct {
		memory  visit.Memory
		entries []news.Entry
		want    time.Duration // of the first, before noon; negative: none
	}{
		"after its publication":              {lastHour, []news.Entry{at("rain", 100, 20)}, 20 * time.Minute},
		"at the visit":                       {lastHour, []news.Entry{at("rain", 100, 0)}, 0},
		"ahead of the visit":                 {lastHour, []news.Entry{at("rain", 100, -1)}, -1},
		"none":                               {lastHour, []news.Entry{ajo("rain", 100)}, -1},
		"before there were feeds":            {lastHour, []news.Entry{ancient}, -1},
		"in a feed that is ahead by an hour": {offset, []news.Entry{at("rain", 100, -40)}, 20 * time.Minute},
		"all of three have it":               {lastHour, []news.Entry{at("rain", 100, 20), at("snow", 90, 20), at("hail", 80, 20)}, -1},
		"all of three, a minute apart":       {lastHour, []news.Entry{at("rain", 100, 20), at("snow", 90, 21), at("hail", 80, 20)}, -1},
		"all of three, two minutes apart":    {lastHour, []news.Entry{at("rain", 100, 20), at("snow", 90, 22), at("hail", 80, 20)}, 20 * time.Minute},
		"two of two have it":                 {lastHour, []news.Entry{at("rain", 100, 20), at("snow", 90, 20)}, 20 * time.Minute},
		"three of seven have it":             {lastHour, append(series("other", 4, 300), at("rain", 100, 20), at("snow", 90, 20), at("hail", 80, 20)), 20 * time.Minute},
		"three of six have it":               {lastHour, append(series("other", 3, 300), at("rain", 100, 20), at("snow", 90, 20), at("hail", 80, 20)), -1},
	} {
		for _, reversed := range []bool{false, true} {
			entries := slices.Clone(c.entries)
			if reversed {
				slices.Reverse(entries)
			}
			list, _ := Decide(document(t, c.memory, entries...), allNew, 0)
			n := slices.IndexFunc(list, func(a Admission) bool { return a.GUID == "ajo-rain" })
			want := time.Time{}
			if c.want >= 0 {
				want = desk.Noon.Add(-c.want)
			}
			if have := list[n].TrustedUpdate; !have.Equal(want) {
				t.Errorf("%s, reversed %t: %s, want %s", name, reversed, have, want)
			}
		}
	}
}
