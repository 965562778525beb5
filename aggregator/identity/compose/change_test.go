package compose_test

import (
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

func TestWhichChangesReadersSee(t *testing.T) {
	entry := func() *news.Entry {
		e := Item(1, "kmsa", "fence", Text(Words(0, 40)+" on 12 roads"), Audio(sound), By("Rosa Vidal")).Entry
		e.Images = []news.Image{{URL: "https://kmsa.example/fence.jpg?w=300"}}
		return &e
	}
	reworded := func(n int) string { return "<p>" + Words(0, 40-n) + " " + Words(100, 100+n) + " on 12 roads</p>" }
	for _, c := range []struct {
		name   string
		change func(*news.Entry)
		want   bool
	}{
		{"nothing", func(*news.Entry) {}, false},
		{"a touched date", func(e *news.Entry) { e.Updated = Noon }, false},
		{"a word of the headline", func(e *news.Entry) { e.Title = "fences" }, true},
		{"a comma and capitals in the headline", func(e *news.Entry) { e.Title = "FENCE," }, false},
		{"a word of the deck", func(e *news.Entry) { e.Summary = "In brief: fence." }, true},
		{"the byline", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Luz Mora"}} }, true},
		{"the address of a reporter", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Rosa Vidal", URL: "https://kmsa.example/rosa"}} }, false},
		{"the picture", func(e *news.Entry) { e.Images = []news.Image{{URL: "https://kmsa.example/gap.jpg"}} }, true},
		{"the size of the picture", func(e *news.Entry) { e.Images = []news.Image{{URL: "https://kmsa.example/fence.jpg?w=900"}} }, false},
		{"a second picture", func(e *news.Entry) { e.Images = append(e.Images, news.Image{URL: "https://kmsa.example/gap.jpg"}) }, false},
		{"the audio", func(e *news.Entry) {
			e.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/audio/gap.mp3", Type: "audio/mpeg"}}
		}, true},
		{"the length of the audio", func(e *news.Entry) { e.Enclosures = []news.Enclosure{{URL: sound, Type: "audio/mpeg", Length: 9}} }, false},
		{"four words of the text", func(e *news.Entry) { e.Content = reworded(4) }, false},
		{"five words of the text", func(e *news.Entry) { e.Content = reworded(5) }, true},
		{"five words that are gone", func(e *news.Entry) { e.Content = "<p>" + Words(0, 35) + " on 12 roads</p>" }, true},
		{"the order of the words", func(e *news.Entry) { e.Content = "<p>on 12 roads " + Words(0, 40) + "</p>" }, false},
		{"a number", func(e *news.Entry) { e.Content = strings.Replace(e.Content, "12", "13", 1) }, true},
		{"a number that is gone", func(e *news.Entry) { e.Content = strings.Replace(e.Content, "12", "some", 1) }, true},
		{"a number more", func(e *news.Entry) { e.Content = strings.Replace(e.Content, "12 roads", "12 roads 9", 1) }, true},
		{"markup", func(e *news.Entry) { e.Content = "<div>" + e.Content + "</div>" }, false},
		{"a line of rights", func(e *news.Entry) { e.Content += "<p>© 2031 KMSA Mesilla. All rights reserved to the station.</p>" }, false},
		{"a short note of correction", func(e *news.Entry) { e.Content += "<p>Correction: a name.</p>" }, true},
		{"the name of a house after the headline", func(e *news.Entry) { e.Title = "fence | KMSA Mesilla" }, false},
		{"the name of a network before it", func(e *news.Entry) { e.Title = "NPR News: fence" }, false},
		{"the name of a house, and a word of the headline", func(e *news.Entry) { e.Title = "fences | KMSA Mesilla" }, true},
		{"what is no house's name after the headline", func(e *news.Entry) { e.Title = "fence | two are hurt" }, true},
		{"the name of a house in the byline", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Rosa Vidal, KMSA"}} }, false},
		{"the name of a house beside the byline", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Rosa Vidal"}, {Name: "Radio Ajo"}} }, false},
		{"another person beside the byline", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Rosa Vidal"}, {Name: "Luz Mora"}} }, true},
		{"another person with the name of a house", func(e *news.Entry) { e.Authors = []news.Person{{Name: "Luz Mora, KMSA"}} }, true},
		{"a session in the address of the audio", func(e *news.Entry) {
			e.Enclosures = []news.Enclosure{{URL: sound + "?session=b2", Type: "audio/mpeg"}}
		}, false},
		{"a counting prefix of the audio", func(e *news.Entry) {
			e.Enclosures = []news.Enclosure{{URL: strings.Replace(sound, "https://", "https://pdst.fm/e/", 1), Type: "audio/mpeg"}}
		}, false},
		{"a second audio file", func(e *news.Entry) {
			e.Enclosures = append(e.Enclosures, news.Enclosure{URL: "https://kmsa.example/audio/gap.mp3?session=b2"})
		}, true},
		{"a short line that is none", func(e *news.Entry) { e.Content += "<p>It was a name.</p>" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := entry()
			c.change(now)
			now.Digest[0]++ // as another entry has another
			d := compose.Composer{Reader: evidence.NewReader(Desk), Neighborhood: &evidence.Neighborhood{}}
			if have := d.IsSignificant("", entry(), now, false); have != c.want {
				t.Errorf("significant: %v", have)
			}
		})
	}
}

func TestWhenAStoryWasModified(t *testing.T) {
	updated := func(u time.Time) change { return func(i *news.Item) { i.Entry.Updated = u } }
	for _, c := range []struct {
		name   string
		item   *news.Item
		before string // the headline that it had
		old    func(s *news.Story)
		want   time.Time
	}{
		{"never, where nothing changed", Item(1, "kmsa", "fence"), "fence", nil, time.Time{}},
		{"when it was before, where nothing changed", Item(1, "kmsa", "fence"), "fence", func(s *news.Story) { s.Modified = Noon.Add(-9 * time.Minute) }, Noon.Add(-9 * time.Minute)},
		{"now, where it does not say", Item(1, "kmsa", "fence"), "gap", nil, Noon},
		{"when it says", Item(1, "kmsa", "fence", updated(Noon.Add(-time.Minute))), "gap", nil, Noon.Add(-time.Minute)},
		{"now, where what it says is not after its publication", Item(1, "kmsa", "fence", updated(Noon.Add(-time.Hour))), "gap", nil, Noon},
		{"now, where what it says is not after the last time", Item(1, "kmsa", "fence", updated(Noon.Add(-time.Minute))), "gap", func(s *news.Story) { s.Modified = Noon.Add(-time.Minute) }, Noon},
		{"now, where what it says is still to come", Item(1, "kmsa", "fence", updated(Noon.Add(1))), "gap", nil, Noon},
		{"now, where another is said to have made it", Item(1, "kmsa", "fence"), "fence", func(s *news.Story) { s.Origin = made("ajo") }, Noon},
	} {
		t.Run(c.name, func(t *testing.T) {
			old := Published(5, c.item)
			if old.Origin = made("kmsa"); c.old != nil {
				c.old(old)
			}
			n := Neighborhood([]*news.Item{c.item}, []*news.Story{old})
			was := c.item.Entry
			was.Title = c.before
			n.Before = map[uint64]*news.Entry{1: &was}
			if have := only(t, written(n, nil, made("kmsa"))).Modified; !have.Equal(c.want) {
				t.Errorf("%s, want %s", have, c.want)
			}
		})
	}
}

// Readers that remember a tombstone take nothing that is not later.
func TestAStoryThatGoesOutAgainIsNotModified(t *testing.T) {
	earlier := Noon.Add(-time.Hour)
	for _, c := range []struct {
		name  string
		was   news.Status
		is    news.Status
		since time.Time // of the withdrawal
		want  time.Time
	}{
		{"restored", news.Retracted, news.Live, Noon.Add(-time.Minute), Noon},
		{"restored within the second of its withdrawal", news.Retracted, news.Live, Noon, Noon.Add(time.Second)},
		{"released", news.Held, news.Live, time.Time{}, Noon},
		{"it was out", news.Live, news.Live, time.Time{}, time.Time{}},
		{"withdrawn", news.Live, news.Retracted, time.Time{}, time.Time{}},
		{"held after its withdrawal", news.Retracted, news.Held, Noon, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := Item(1, "kmsa", "fence")
			old := Published(5, i)
			old.Status, old.Withdrawn, old.Modified = c.was, c.since, earlier
			n := Neighborhood([]*news.Item{i}, []*news.Story{old})
			r := cluster.Build(Desk, n)
			plans, found := lineage.Plan(Desk, n, r)
			d := compose.Composer{Reader: evidence.NewReader(Desk), Neighborhood: n, Result: r, Found: r.And(found)}
			s := d.Story(plans[0], *old, origin.Decision{}, status.Status{Status: c.is})
			if !s.Modified.Equal(earlier) || !s.ShownAgain.Equal(c.want) {
				t.Errorf("modified %s, shown again %s, want %s", s.Modified, s.ShownAgain, c.want)
			}
		})
	}
}

// An origin is changed and set back: what is shown is what was shown before.
func TestAnOriginThatIsSetBackModifiesNothing(t *testing.T) {
	items := func(changes ...change) []*news.Item {
		return []*news.Item{Item(1, "kmsa", "fence", changes...), Item(2, "ajo", "gap", page("https://kmsa.example/2031/02/fence"))}
	}
	step := func(t *testing.T, old *news.Story, from, to string, before map[uint64]*news.Entry, changes ...change) *news.Story {
		all := items(changes...)
		was := *old
		was.Items, was.Origin = all, made(from)
		n := Neighborhood(all, []*news.Story{&was})
		n.Before = before
		return only(t, written(n, nil, made(to)))
	}
	first := Published(5, items()...)
	first.Modified, first.PublishedAt = Noon.Add(-40*time.Minute), Noon.Add(-30*time.Minute)
	first.IDAssignedAt = first.PublishedAt
	away := step(t, first, "kmsa", "ajo", nil)
	if !away.Modified.Equal(Noon) || away.LeadItem != 2 || !away.ShownAgain.IsZero() {
		t.Fatalf("another origin: modified %s, item %d", away.Modified, away.LeadItem)
	}
	back := step(t, away, "ajo", "kmsa", nil)
	if !back.Modified.Equal(first.Modified) || back.LeadItem != 1 || !back.ShownAgain.Equal(Noon) || len(back.Earlier) != 0 {
		t.Errorf("set back: modified %s, shown again %s, %+v", back.Modified, back.ShownAgain, back.Earlier)
	}
	again := step(t, back, "kmsa", "ajo", nil)
	if !again.Modified.Equal(Noon) {
		t.Errorf("changed once more: modified %s", again.Modified)
	}
	third := step(t, away, "ajo", "kdem", nil)
	if back := step(t, third, "kdem", "kmsa", nil); !third.Modified.Equal(Noon) || !back.Modified.Equal(first.Modified) {
		t.Errorf("set back over another: modified %s, then %s", third.Modified, back.Modified)
	}

	corrected := Item(1, "kmsa", "fence").Entry
	corrected.Title = "another headline"
	meanwhile := step(t, away, "ajo", "ajo", map[uint64]*news.Entry{1: &corrected})
	if back := step(t, meanwhile, "ajo", "kmsa", nil); !back.Modified.Equal(Noon) {
		t.Errorf("what was corrected while another was shown: modified %s", back.Modified)
	}
	for n := range 20 {
		away.Earlier = append(away.Earlier, news.Shown{LeadItem: uint64(n + 9)})
	}
	if many := step(t, away, "ajo", "kdem", nil); len(many.Earlier) != 8 {
		t.Errorf("%d are remembered", len(many.Earlier))
	}
}

// A correction that is dated before its story went out here moves what readers compare, all the same.
func TestACorrectionThatIsDatedBeforeItsStoryWentOutIsShownAgain(t *testing.T) {
	for _, c := range []struct {
		name      string
		out, says time.Time
		want      time.Time
	}{
		{"before", Noon.Add(-time.Minute), Noon.Add(-2 * time.Minute), Noon},
		{"at that time", Noon.Add(-time.Minute), Noon.Add(-time.Minute), Noon},
		{"after it", Noon.Add(-3 * time.Minute), Noon.Add(-2 * time.Minute), time.Time{}},
	} {
		i := Item(1, "kmsa", "fence", func(i *news.Item) { i.Entry.Updated = c.says })
		old := Published(5, i)
		old.Origin, old.PublishedAt = made("kmsa"), c.out
		n := Neighborhood([]*news.Item{i}, []*news.Story{old})
		was := i.Entry
		was.Title = "gap"
		n.Before = map[uint64]*news.Entry{1: &was}
		if s := only(t, written(n, nil, made("kmsa"))); !s.ShownAgain.Equal(c.want) || !s.Modified.Equal(c.says) {
			t.Errorf("%s: shown again %s, want %s; modified %s", c.name, s.ShownAgain, c.want, s.Modified)
		}
	}
}

func TestANoteOfCorrectionKeepsTheTimeWhenItWasFirstSeen(t *testing.T) {
	i := Item(1, "kmsa", "fence", func(i *news.Item) {
		i.Entry.Content = "<p>Correction: a name.</p><p>It rained.</p><p>Clarification: the road.</p>"
	})
	old := Published(5, i)
	old.Notes = []news.Note{{Text: "Correction: a name.", When: Noon.Add(-time.Hour)}, {Text: "Correction: that is gone.", When: Noon}}
	notes := only(t, written(Neighborhood([]*news.Item{i}, []*news.Story{old}), nil, nil)).Notes
	if len(notes) != 2 || !notes[0].When.Equal(Noon.Add(-time.Hour)) || !notes[1].When.Equal(Noon) || notes[1].Text != "Clarification: the road." {
		t.Errorf("%+v", notes)
	}
}

func TestAStoryThatWasModifiedBeforeItWasSeen(t *testing.T) {
	updated := func(minutes int) change {
		return func(i *news.Item) { i.TrustedUpdate = Noon.Add(time.Duration(minutes) * time.Minute) }
	}
	for _, c := range []struct {
		name  string
		items []*news.Item
		made  *news.Origin
		old   bool
		want  time.Time
	}{
		{"a quarter of an hour after its publication", []*news.Item{Item(1, "kmsa", "fence", updated(-45))}, made("kmsa"), false, Noon.Add(-45 * time.Minute)},
		{"a minute less", []*news.Item{Item(1, "kmsa", "fence", updated(-46))}, made("kmsa"), false, time.Time{}},
		{"it does not say", []*news.Item{Item(1, "kmsa", "fence")}, made("kmsa"), false, time.Time{}},
		{"before its publication", []*news.Item{Item(1, "kmsa", "fence", updated(-90))}, made("kmsa"), false, time.Time{}},
		{"nobody knows who made it", []*news.Item{Item(1, "kmsa", "fence", updated(-30))}, nil, false, Noon.Add(-30 * time.Minute)},
		{"a carrier says so of its copy", []*news.Item{Item(1, "ajo", "gap", updated(-30), page("https://kmsa.example/2031/02/fence"))}, made("kmsa"), false, time.Time{}},
		{"of a story that is published already", []*news.Item{Item(1, "kmsa", "fence", updated(-30))}, made("kmsa"), true, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var old []*news.Story
			if c.old {
				old = append(old, Published(5, c.items[0]))
				old[0].Origin = c.made
			}
			if have := only(t, written(Neighborhood(c.items, old), nil, c.made)).Modified; !have.Equal(c.want) {
				t.Errorf("%s, want %s", have, c.want)
			}
		})
	}
}
