package store

import (
	"fronteras/aggregator/news"
)

// LastDocument tells what a feed brought last and what came of it, with at most limit of its items. Of a
// feed that is not known, or brought nothing yet, it is empty.
func (l *leasing) LastDocument(feed string, limit int) (d news.LastDocument, err error) {
	err = l.view(func(tx *sealedTx) error {
		marks, err := readMarks(tx, feedNumber(tx, feed))
		if err != nil {
			return err
		}
		load := l.unreadable.storyLoader(tx, readStory)
		for _, m := range marks {
			d.Entries++
			if m.Item == 0 {
				d.Left++
				continue
			}
			if len(d.Taken) == limit {
				continue
			}
			i, err := readItem(tx, m.Item)
			if err != nil { // it was forgotten, or is damaged, which is said elsewhere
				continue
			}
			story, err := load(i.Story)
			if err != nil {
				return err
			}
			d.Taken = append(d.Taken, news.TakenItem{Item: i, Story: story})
		}
		return nil
	})
	return d, err
}
