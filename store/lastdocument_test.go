package store

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

func TestTheLastDocumentSaysWhatCameOfItsItems(t *testing.T) {
	d := openDecisionDesk(t)
	ajo, kmsa := storetest.Feeds[0].URL, storetest.Feeds[1].URL
	last, err := d.LastDocument(kmsa, 10)
	d.must(err)
	if last.Entries != 2 || last.Left != 0 || len(last.Taken) != 2 {
		t.Fatalf("%+v", last)
	}
	for n, items := range []int{1, 2} {
		taken := last.Taken[n]
		if taken.Item.Station != "kmsa" || taken.Story == nil || len(taken.Story.Items) != items {
			t.Errorf("item %d: %+v in %+v", n+1, taken.Item, taken.Story)
		}
	}
	// What a later document no longer has is not shown, and what it has is, in its order.
	d.at = d.at.Add(time.Hour)
	d.save(0, storetest.Entry("ajo", "new", "Pumps rest", d.at), storetest.Entry("ajo", "rain", "Rain at last", d.at))
	last, err = d.LastDocument(ajo, 1)
	d.must(err)
	if last.Entries != 2 || len(last.Taken) != 1 || last.Taken[0].Item.Entry.Title != "Pumps rest" ||
		last.Taken[0].Story.ID != "" {
		t.Errorf("%+v", last)
	}
	// An item that was dropped is not shown.
	_, err = d.Forget(t.Context(), ajo, d.at, d.at, news.Ruling{Verb: news.Retract, When: d.at}, false)
	d.must(err)
	last, err = d.LastDocument(ajo, 10)
	d.must(err)
	for _, taken := range last.Taken {
		if taken.Item.Entry.Title == "Pumps rest" {
			t.Error("what was dropped is shown")
		}
	}
	if none, err := d.LastDocument("https://none.example/rss", 10); err != nil || none.Entries != 0 {
		t.Errorf("of a feed that is not known: %+v, %v", none, err)
	}
}
