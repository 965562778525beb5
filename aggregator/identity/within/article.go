package within

import (
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// MaxReadings is how often the article page of an item is read in all.
const MaxReadings = 10

// Edited returns the article pages of known items whose entries have changed in headline, summary or
// date of update: they may have changed too. Items gives those of some numbers.
func Edited(d *directory.Directory, doc *Document, match *visit.Match,
	items func([]uint64) []*news.Item) (questions []visit.Question) {
	if !doc.Feed.WholePages {
		return nil
	}
	for _, e := range doc.Taken {
		place := e.Places[0]
		number := match.Items[place]
		if number == 0 || match.Sections[place] {
			continue
		}
		i := items([]uint64{number})[0]
		before := i.AsFed()
		if before.Title == e.Title && before.Summary == e.Summary && before.Updated.Equal(e.Updated) {
			continue
		}
		if q, may := ArticleQuestion(d, doc.Arrival, doc.Memory, i); may {
			questions = append(questions, q)
		}
	}
	return questions
}

// ArticleQuestion asks for the article page of a known item, unless it is old, has been read often
// enough, or is not at an address that may be read.
func ArticleQuestion(d *directory.Directory, a *visit.Arrival, m visit.Memory,
	i *news.Item) (q visit.Question, may bool) {
	address := i.AsFed().URL
	if !Identifies(d, a, m, d.Key(address)) || !d.Own(i.Station, address) || !i.Pruned.IsZero() {
		return q, false
	}
	if date := i.AsFed().Stated(); !date.IsZero() && a.At.Sub(date) > pageReach {
		return q, false
	}
	q = visit.Question{Head: visit.Head{Item: i.Number, Entry: i.AsFed().Digest}, URL: address, Article: true}
	if i.Page != nil {
		if i.Page.Reading.Count >= MaxReadings {
			return q, false
		}
		if i.Page.Article != nil {
			q.ETag, q.LastModified = i.Page.ETag, i.Page.LastModified
		}
	}
	return q, true
}
