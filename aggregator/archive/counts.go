package archive

import (
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// AddCounts adds a story to the counts of published stories, by times (-1 takes it off): how many
// there are of each status ("status live"), how many flags they have ("flags"), and how many edges
// of each rule and confidence ("edge J1 certain"). A story that has no id yet, or nil, counts
// nothing.
func AddCounts(counts map[string]int, s *news.Story, times int) {
	if s == nil || s.IDAssignedAt.IsZero() {
		return
	}
	counts["status "+string(s.Status)] += times
	counts["flags"] += times * len(s.Flags)
	for _, e := range s.Edges {
		counts["edge "+string(e.Rule)+" "+string(e.Confidence)] += times
	}
}

// Judgement is how often editors judged in a week, in one way, what rules decided or asked.
type Judgement struct {
	Week  time.Time `json:"week"` // its Monday, in UTC
	What  string    `json:"what"` // as in Ruling.Judged
	Count int       `json:"count"`
}

// CountJudgements counts what editors' rulings said of the rules, by week, the earliest first.
func CountJudgements(rulings []news.Ruling) (list []Judgement) {
	counts := map[Judgement]int{}
	for _, r := range rulings {
		if !r.Counts() {
			continue
		}
		for _, what := range r.Judged {
			counts[Judgement{Week: mondayOf(r.When), What: what}]++
		}
	}
	for j, n := range counts {
		j.Count = n
		list = append(list, j)
	}
	slices.SortFunc(list, func(a, b Judgement) int {
		if !a.Week.Equal(b.Week) {
			return a.Week.Compare(b.Week)
		}
		return strings.Compare(a.What, b.What)
	})
	return list
}

// mondayOf is the beginning of a time's week.
func mondayOf(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
