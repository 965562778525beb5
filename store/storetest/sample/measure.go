package sample

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// Figures are what is measured of a sample that was played.
type Figures struct {
	Items, Stories int // that the desk has

	Pairs, Joined, Answered int // tellings of one story by two stations; Answered: joined or flagged
	Equal, EqualJoined      int // those of which neither was rewritten
	Missed                  []string
	Wrong, Accused          []string // joins and makers at the end of any day
	LastAccused             int      // makers at the end

	Own, OwnNamed int // stories of one station alone, and those that name it
	Unnamed       []string
	Guessed       int // stories that name a station though nobody can tell

	Moved, MovedKept int // pages that got another address, and those that stayed one item
	MovedLost        []string

	ByImport int // questions to an editor on the days on which the desk began, or a station joined it
	Asked    int // on the others
	Days     int
	WorstDay Day // by what was asked

	Doubles, LastDoubles int // among the newest hundred: on the worst day, and at the end
	Has, LastHas         int // of the newest hundred for one station those that it has: likewise
}

// Measure counts.
func Measure(s *Sample, p *Played) (f Figures) {
	f.Items, f.Stories = len(p.Seen), len(p.Stories)
	f.countPairs(s, p)
	f.countMakers(s, p)
	f.countDays(p)
	return f
}

func (f *Figures) countPairs(s *Sample, p *Played) {
	byStory := map[string][]int{}
	for _, n := range slices.Sorted(maps.Keys(p.Seen)) {
		byStory[s.Items[n].Story] = append(byStory[s.Items[n].Story], n)
	}
	for _, name := range slices.Sorted(maps.Keys(byStory)) {
		for at, b := range byStory[name] {
			for _, a := range byStory[name][:at] {
				first, second := &s.Items[a], &s.Items[b]
				if first.Station == second.Station {
					if first.Until.Equal(second.From) && !first.Until.IsZero() {
						f.Moved++
						if p.Seen[a].Number == p.Seen[b].Number {
							f.MovedKept++
						} else {
							f.MovedLost = append(f.MovedLost, first.Address+" "+second.Address)
						}
					}
					continue
				}
				f.countPair(s, p, a, b)
			}
		}
	}
}

func (f *Figures) countPair(s *Sample, p *Played, a, b int) {
	joined, flagged := p.Story[a] == p.Story[b], p.Flagged[[2]int{a, b}]
	equal := !s.Items[a].Rewritten && !s.Items[b].Rewritten
	f.Pairs++
	if equal {
		f.Equal++
	}
	switch {
	case joined && equal:
		f.EqualJoined++
		fallthrough
	case joined:
		f.Joined++
		f.Answered++
		return
	case flagged:
		f.Answered++
	}
	f.Missed = append(f.Missed, fmt.Sprintf("flagged=%t rewritten=%t %s %s\n  %s\n  %s", flagged, !equal,
		s.Items[a].Address, s.Items[b].Address, headline(p.Seen[a]), headline(p.Seen[b])))
}

func headline(i *news.Item) string {
	return fmt.Sprintf("%s | %s | %s", i.Entry.Title, i.Entry.Byline, i.Entry.Published.Format("2 Jan 15:04"))
}

func (f *Figures) countMakers(s *Sample, p *Played) {
	for number, story := range p.Stories {
		maker, named := p.makerOf(s, number), ""
		for _, st := range s.Stations {
			if story.Origin.Made(st.ID) {
				named = st.ID
			}
		}
		switch {
		case maker == "":
			if named != "" {
				f.Guessed++
			}
		case maker != Network:
			if f.Own++; named == maker {
				f.OwnNamed++
			} else {
				f.Unnamed = append(f.Unnamed, headline(story.Items[0]))
			}
		}
	}
	slices.Sort(f.Unnamed)
}

func (f *Figures) countDays(p *Played) {
	for _, d := range p.Days {
		f.Wrong, f.Accused = append(f.Wrong, d.Wrong...), append(f.Accused, d.Accused...)
		f.LastAccused = len(d.Accused)
		has := 0
		for _, count := range d.Has {
			has = max(has, count)
		}
		f.Doubles, f.LastDoubles = max(f.Doubles, d.Doubles), d.Doubles
		f.Has, f.LastHas = max(f.Has, has), has
		if d.Import {
			f.ByImport += len(d.Raised)
			continue
		}
		f.Days++
		f.Asked += len(d.Raised)
		if len(d.Raised) > len(f.WorstDay.Raised) {
			f.WorstDay = d
		}
	}
	slices.Sort(f.Wrong)
	slices.Sort(f.Accused)
	f.Wrong, f.Accused = slices.Compact(f.Wrong), slices.Compact(f.Accused)
}

// AskedADay is what an editor is asked on an average day.
func (f *Figures) AskedADay() float64 { return float64(f.Asked) / float64(max(1, f.Days)) }

// String is the figures in a line.
func (f *Figures) String() string {
	return fmt.Sprintf("%d items, %d stories; pairs joined %s (of equal headlines %s), joined or flagged %s; "+
		"wrong joins %d; accused %d, in the end %d; own named %s; guessed %d; moved kept %s; "+
		"flags: import %d, a day %.1f, worst day %d; doubles of 100: worst %d, last %d; "+
		"for a station that has them: worst %d, last %d",
		f.Items, f.Stories, share(f.Joined, f.Pairs), share(f.EqualJoined, f.Equal), share(f.Answered, f.Pairs),
		len(f.Wrong), len(f.Accused), f.LastAccused, share(f.OwnNamed, f.Own), f.Guessed,
		share(f.MovedKept, f.Moved), f.ByImport, f.AskedADay(), len(f.WorstDay.Raised), f.Doubles, f.LastDoubles,
		f.Has, f.LastHas)
}

func share(part, of int) string {
	return fmt.Sprintf("%d/%d=%.1f%%", part, of, 100*Ratio(part, of))
}

// Ratio is the part of a whole; of nothing it is all.
func Ratio(part, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(part) / float64(of)
}

// Differences says in what two ways of arriving end in something else: in joins, in flags that stand,
// in makers. They are compared as far as both saw the same.
func Differences(s *Sample, a, b *Played) (list []string) {
	one, two := ends(s, a, b), ends(s, b, a)
	for _, text := range slices.Sorted(maps.Keys(one)) {
		if !two[text] {
			list = append(list, fmt.Sprintf("only %s: %s", a.Plan.Name, text))
		}
	}
	for _, text := range slices.Sorted(maps.Keys(two)) {
		if !one[text] {
			list = append(list, fmt.Sprintf("only %s: %s", b.Plan.Name, text))
		}
	}
	return list
}

// ends lists what a sample ended in, of stories all of whose tellings another way of arriving has, too.
func ends(s *Sample, p, other *Played) map[string]bool {
	list, common := map[string]bool{}, map[uint64]string{}
	whole := map[string]bool{}
	for n := range s.Items {
		_, here := p.Seen[n]
		_, there := other.Seen[n]
		if was, known := whole[s.Items[n].Story]; !known || was {
			whole[s.Items[n].Story] = here && there
		}
	}
	for number, story := range p.Stories {
		var names []string
		all := true
		for _, n := range p.itemsOf(number) {
			names = append(names, s.Items[n].Address)
			all = all && whole[s.Items[n].Story]
		}
		if !all {
			continue
		}
		slices.Sort(names)
		common[number] = strings.Join(names, " ")
		origin := "nobody"
		if story.Origin != nil {
			origin = story.Origin.Name
		}
		list["by "+origin+": "+common[number]] = true
	}
	for pair, flags := range p.Standing {
		one, two := common[pair[0]], common[pair[1]]
		if one == "" || two == "" && pair[1] != 0 {
			continue
		}
		names := []string{one, two}
		slices.Sort(names)
		for _, g := range flags {
			list[string(g.Kind)+" "+strings.Join(names, " | ")] = true
		}
	}
	return list
}

// Details list what the figures count.
func (f *Figures) Details() string {
	var text strings.Builder
	for _, part := range []struct {
		what string
		list []string
	}{
		{"joined wrongly", f.Wrong}, {"not joined", f.Missed}, {"named as makers of what they only carry", f.Accused},
		{"not named as makers", f.Unnamed}, {"two items of one page", f.MovedLost},
		{"asked on the worst day", f.WorstDay.Raised},
	} {
		fmt.Fprintf(&text, "%s: %d\n", part.what, len(part.list))
		for _, line := range part.list {
			fmt.Fprintf(&text, "  %s\n", line)
		}
	}
	return text.String()
}

// limits are what must hold of a form. No join may be wrong in any.
type limits struct {
	joined, answered float64 // of the pairs, at least; answered: joined or flagged
	asked            float64 // of an editor on an average day, at most
	doubles          int     // among the newest hundred on any day, at most
	has              int     // of the newest hundred for a station those that it has, at most
}

// limitsOf holds what is wanted of feeds of each form. Where many stations write their own headlines and
// openings, no more than their parts of the pairs can be known.
var limitsOf = map[Form]limits{
	Headlines: {joined: .98, answered: .985, asked: 2, doubles: 3, has: 5},
	Teasers:   {joined: .55, answered: .85, asked: 2, doubles: 20, has: 30},
	Texts:     {joined: .65, answered: .95, asked: 2, doubles: 20, has: 30},
}

const (
	ownNamed = .95 // of the stories of one station that name it, at least
	accused  = .03 // of all stories in the end those that name who only carries them, at most
)

// Faults says which figures are not as they must be.
func (f *Figures) Faults(form Form) (list []string) {
	wanted := limitsOf[form]
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	fault(len(f.Wrong) > 0, "joined wrongly: %s", strings.Join(f.Wrong, "; "))
	fault(Ratio(f.Joined, f.Pairs) < wanted.joined, "%s of the pairs are joined", share(f.Joined, f.Pairs))
	fault(Ratio(f.Answered, f.Pairs) < wanted.answered, "%s of the pairs are joined or flagged",
		share(f.Answered, f.Pairs))
	fault(f.AskedADay() > wanted.asked, "an editor is asked %.1f times a day", f.AskedADay())
	fault(f.Doubles > wanted.doubles, "%d of the newest hundred are doubles", f.Doubles)
	fault(f.Has > wanted.has, "a station has %d of the newest hundred for it", f.Has)
	fault(Ratio(f.OwnNamed, f.Own) < ownNamed, "%s of the stories of one station name it", share(f.OwnNamed, f.Own))
	fault(float64(f.LastAccused) > accused*float64(f.Stories), "%d stories name who only carries them", f.LastAccused)
	fault(f.MovedKept < f.Moved, "a page got another address and became two items: "+
		"%s", strings.Join(f.MovedLost, "; "))
	return list
}
