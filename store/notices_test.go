package store

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// heard is a desk with recipients of notices.
type heard struct {
	*council
	tokens int
}

var (
	nightDesk = news.Recipient{Address: "mailto:night@desk.example"}
	partner   = news.Recipient{Address: "mailto:web@ajo.example", Digest: "06:30", Partner: "ajo"}
)

func newHeard(t *testing.T, recipients ...news.Recipient) *heard {
	h := &heard{council: newCouncil(t)}
	h.listen(recipients...)
	return h
}

// listen configures the recipients.
func (h *heard) listen(recipients ...news.Recipient) {
	h.t.Helper()
	h.must(h.Configure(h.t.Context(), Configuration{
		Rules: storetest.Rules(h.t), Mark: "m", Feeds: storetest.Feeds,
		Notices: Notices{Recipients: recipients, Ill: 6 * time.Hour, Token: func() string {
			h.tokens++
			return "token-" + strconv.Itoa(h.tokens)
		}},
	}, h.now))
}

func (h *heard) kinds() (list []news.NoticeKind) {
	h.t.Helper()
	events, err := h.EventsAfter(0, 100)
	h.must(err)
	for _, e := range events {
		list = append(list, e.Kind)
	}
	return list
}

func (h *heard) expectEvents(when string, want ...news.NoticeKind) {
	h.t.Helper()
	if have := h.kinds(); !slices.Equal(have, want) {
		h.t.Errorf("%s: events %v, want %v", when, have, want)
	}
}

func TestADeskWithoutRecipientsKeepsNoEvents(t *testing.T) {
	h := &heard{council: newCouncil(t)}
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.a}, Reason: "it is wrong"})
	h.expectEvents("without recipients")
	h.listen(nightDesk)
	h.expectEvents("what was before is not told")
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.b}, Reason: "it is wrong"})
	h.expectEvents("what comes is", news.NoticeWithdrawn)
	h.listen()
	h.decide(news.Order{Verb: news.Restore, Stories: []string{h.b}})
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.b}, Reason: "it is wrong"})
	h.expectEvents("without recipients again")
}

// One withdrawal is one event, however it goes on; the next is another.
func TestAWithdrawalIsOneEventUntilTheStoryIsLiveAgain(t *testing.T) {
	h := newHeard(t, nightDesk)
	h.decide(news.Order{Verb: news.Hold, Stories: []string{h.a}})
	h.expectEvents("a hold is none")
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.a}, Reason: "it is wrong"})
	h.expectEvents("withdrawn", news.NoticeWithdrawn)
	h.decide(news.Order{Verb: news.Undo})
	h.decide(news.Order{Verb: news.Release, Stories: []string{h.a}})
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.a}, Reason: "it is wrong"})
	h.expectEvents("again", news.NoticeWithdrawn, news.NoticeWithdrawn)
	events, err := h.EventsAfter(1, 10)
	h.must(err)
	if len(events) != 1 || events[0].Number != 2 || !slices.Equal(events[0].Stories, []string{h.a}) ||
		events[0].Text != "The story was withdrawn by Fronteras Desk." {
		t.Errorf("%+v", events)
	}
}

func TestAPairIsOneEventOverDecisionsAndUndos(t *testing.T) {
	h := newHeard(t, nightDesk)
	const title = "Mayor names a new chief of police today"
	h.visit(0, storetest.Entry("ajo", "chief", title, h.now.Add(-time.Hour)))
	h.visit(1, storetest.Entry("kmsa", "police", title, h.now.Add(-3*time.Hour)))
	h.expectEvents("two have one headline", news.NoticePair)
	list, err := h.Cases(h.now)
	h.must(err)
	stories := list[len(list)-1].Stories
	h.decide(news.Order{Verb: news.Split, Stories: stories})
	h.decide(news.Order{Verb: news.Undo})
	h.expectEvents("decided and undone", news.NoticePair)
}

// A feed that is read too seldom fails for a time before anybody hears of it, once; and of its end.
func TestAFeedIsIllOnceAndWellOnce(t *testing.T) {
	h := newHeard(t, nightDesk)
	visit := func(after time.Duration, failures int) {
		t.Helper()
		at := storetest.Begin.Add(after)
		feed := storetest.Feeds[0]
		v := news.FeedState{Feed: feed.URL, Station: feed.Station, Visited: at, Due: at.Add(time.Hour),
			Success: storetest.Begin, Failures: failures, Error: "503 from the server"}
		if failures == 0 {
			v.Success, v.Error = at, ""
		} else {
			v.Failing = storetest.Begin.Add(time.Hour)
		}
		_, err := h.Save(t.Context(), v, nil, nil)
		h.must(err)
	}
	visit(2*time.Hour, 1)
	visit(5*time.Hour, 2)
	h.expectEvents("not for long")
	visit(6*time.Hour, 3)
	visit(7*time.Hour, 4)
	h.expectEvents("for six hours", news.NoticeIll)
	visit(8*time.Hour, 0)
	visit(9*time.Hour, 0)
	h.expectEvents("it has success", news.NoticeIll, news.NoticeWell)
	events, err := h.EventsAfter(0, 10)
	h.must(err)
	if !events[0].Since.Equal(storetest.Begin) || events[0].Text != "The feed could not be read: 503 from the server." ||
		!events[1].Since.Equal(storetest.Begin) {
		t.Errorf("%+v", events)
	}
}

// A feed that fails is visited seldom: that it is ill is noted when it is, not at the next visit.
func TestAFeedIsIllBetweenItsVisits(t *testing.T) {
	h := newHeard(t, nightDesk)
	feed, begin := storetest.Feeds[0], storetest.Begin
	_, err := h.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Visited: begin.Add(3 * time.Hour),
		Due: begin.Add(9 * time.Hour), Success: begin, Failures: 4, Failing: begin.Add(time.Hour), Error: "503"}, nil, nil)
	h.must(err)
	h.must(h.NoteOutages(t.Context(), begin.Add(6*time.Hour-time.Second)))
	h.expectEvents("not yet")
	h.must(h.NoteOutages(t.Context(), begin.Add(6*time.Hour)))
	h.must(h.NoteOutages(t.Context(), begin.Add(7*time.Hour)))
	h.expectEvents("after six hours", news.NoticeIll)
	_, err = h.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Visited: begin.Add(9 * time.Hour),
		Due: begin.Add(10 * time.Hour), Success: begin.Add(9 * time.Hour)}, nil, nil)
	h.must(err)
	h.must(h.NoteOutages(t.Context(), begin.Add(30*time.Hour)))
	h.expectEvents("well", news.NoticeIll, news.NoticeWell)
}

func TestALapseOfBackupsIsOneEvent(t *testing.T) {
	h := newHeard(t, nightDesk)
	at := storetest.Begin
	lapse := func(after time.Duration) { h.must(h.NoteLapse(t.Context(), 48*time.Hour, at.Add(after))) }
	h.must(h.NoteBackup(t.Context(), at))
	lapse(47 * time.Hour)
	h.expectEvents("in time")
	lapse(48 * time.Hour)
	lapse(49 * time.Hour)
	h.expectEvents("too late", news.NoticeBackup)
	h.must(h.NoteBackup(t.Context(), at.Add(50*time.Hour)))
	lapse(60 * time.Hour)
	h.expectEvents("one was made", news.NoticeBackup)
	lapse(98 * time.Hour)
	h.expectEvents("and none since", news.NoticeBackup, news.NoticeBackup)
}

// A correction is told once an hour, if somebody carries the story.
func TestACorrectionOfACarriedStoryIsOneEventAnHour(t *testing.T) {
	h := newHeard(t, nightDesk)
	h.decide(news.Order{Verb: news.Join, Stories: []string{h.a, h.b}, Maker: "ajo"})
	h.expectEvents("what two stories become is new words for one", news.NoticeCorrected)
	correct := func(text string) {
		e := storetest.Entry("ajo", "council", "Council votes on water rates on Tuesday", storetest.Begin.Add(-time.Hour))
		e.Summary, e.Updated = "<p>"+text+"</p>", h.now
		e.Digest[0]++
		e.Digest[1] = byte(len(text))
		feed := storetest.Feeds[0]
		_, err := h.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: h.now.Add(time.Hour)},
			&identity.Arrival{Feed: feed, At: h.now, Whole: true, Entries: []news.Entry{e}}, nil)
		h.must(err)
		h.settle()
	}
	h.now = storetest.Begin.Add(2 * time.Hour)
	correct("The vote is on Wednesday, not on Tuesday, as was said before.")
	h.expectEvents("corrected", news.NoticeCorrected, news.NoticeCorrected)
	correct("The vote is on Thursday, not on Tuesday, as was said before by mistake.")
	h.expectEvents("again within the hour", news.NoticeCorrected, news.NoticeCorrected)
	h.now = h.now.Add(2 * time.Hour)
	correct("The vote is on Friday, not on Tuesday.")
	h.expectEvents("two hours later", news.NoticeCorrected, news.NoticeCorrected,
		news.NoticeCorrected)
}

func TestPartnersHearOfWhatIsPublished(t *testing.T) {
	h := newHeard(t, nightDesk)
	h.visit(0, storetest.Entry("ajo", "first", "Rain comes at last to the desert", h.now))
	h.expectEvents("no partner listens")
	h.listen(nightDesk, partner)
	h.visit(1, storetest.Entry("kmsa", "second", "Snow comes at last to the mountains", h.now))
	h.expectEvents("one does", news.NoticeMissing)
}

// What was looked at for a recipient, and what waits for it, change together; what is accepted is gone.
func TestDeliveriesAreKeptUntilTheyAreAccepted(t *testing.T) {
	h := newHeard(t, nightDesk, partner)
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.a}, Reason: "it is wrong"})
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.b}, Reason: "it is wrong"})
	key := nightDesk.Key()
	events, err := h.EventsAfter(0, 10)
	h.must(err)
	var list []news.Delivery
	for _, e := range events {
		list = append(list, news.Delivery{Event: e, Since: h.now, Due: h.now})
	}
	h.must(h.QueueDeliveries(t.Context(), key, 2, list))
	h.must(h.QueueDeliveries(t.Context(), key, 2, list)) // by a process that died
	h.must(h.QueueDeliveries(t.Context(), partner.Key(), 2, nil))
	waiting := func() []news.Delivery {
		t.Helper()
		list, err := h.Deliveries(key)
		h.must(err)
		return list
	}
	if w := waiting(); len(w) != 2 || w[0].Event.Number != 1 || w[1].Event.Stories[0] != h.b {
		t.Fatalf("%+v", w)
	}
	later := h.now.Add(time.Hour)
	h.must(h.EndDeliveries(t.Context(), key, []uint64{1}, news.DeliveryEnd{Due: later, Error: "refused"}, h.now))
	h.must(h.EndDeliveries(t.Context(), key, []uint64{2}, news.DeliveryEnd{Accepted: true}, h.now))
	h.must(h.Close())
	h.open()
	h.listen(nightDesk, partner)
	if w := waiting(); len(w) != 1 || w[0].Attempts != 1 || !w[0].Due.Equal(later) || w[0].Error != "refused" {
		t.Errorf("%+v", w)
	}
	h.expectEvents("the one that was accepted is dropped", news.NoticeWithdrawn)
	h.must(h.EndDeliveries(t.Context(), key, []uint64{1}, news.DeliveryEnd{GivenUp: true}, later))
	h.expectEvents("given up")
	all, err := h.Recipients()
	h.must(err)
	if len(all) != 2 || all[0].Failed != 1 || !all[0].Last.Equal(h.now) || all[0].Waiting != 0 || all[0].Cursor != 2 {
		t.Errorf("%+v", all)
	}
}

func TestWhoUnsubscribesHearsNothingUntilTheAddressIsOnAgain(t *testing.T) {
	h := newHeard(t, nightDesk, partner)
	all, err := h.Recipients()
	h.must(err)
	found, err := h.RecipientWithToken(all[0].Token)
	if err != nil || found.Address != nightDesk.Address || all[0].Token == all[1].Token {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := h.RecipientWithToken("guessed"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a guessed token: %v", err)
	}
	h.must(h.SetRecipientOff(t.Context(), nightDesk.Address, h.now))
	h.decide(news.Order{Verb: news.Retract, Stories: []string{h.a}, Reason: "it is wrong"})
	h.must(h.QueueDeliveries(t.Context(), nightDesk.Key(), 1, []news.Delivery{{Event: news.Event{Number: 1}}}))
	if w, err := h.Deliveries(nightDesk.Key()); err != nil || len(w) != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	h.listen(partner)
	h.listen(partner, nightDesk)
	all, err = h.Recipients()
	h.must(err)
	if len(all) != 2 || all[1].Address != nightDesk.Address || all[1].Off.IsZero() {
		t.Errorf("after it was taken out and listed again: %+v", all)
	}
	h.must(h.SetRecipientOff(t.Context(), nightDesk.Address, time.Time{}))
	if all, err = h.Recipients(); err != nil || !all[1].Off.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	if err := h.SetRecipientOff(t.Context(), "mailto:nobody@desk.example", h.now); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown address: %v", err)
	}
}
