package store

import (
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Judgement is how often editors judged in a week, in one way, what rules decided
// or asked.
type Judgement struct {
	Week  time.Time `json:"week"` // its Monday, in UTC
	What  string    `json:"what"` // as in Ruling.Judged
	Count int       `json:"count"`
}

// Judgements counts what editors' rulings said of the rules, a week each, the
// earliest first: from these the rules' numbers are corrected.
func (s *Store) Judgements() (list []Judgement, err error) {
	counts := map[Judgement]int{}
	err = s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketRulings).ForEach(func(_, text []byte) error {
			var r news.Ruling
			if err := decode(text, &r); err != nil {
				return err
			}
			for _, what := range r.Judged {
				counts[Judgement{Week: monday(r.When), What: what}]++
			}
			return nil
		})
	})
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
	return list, err
}

// monday is the beginning of a time's week.
func monday(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
