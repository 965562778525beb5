package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
	"fronteras/store"
	"fronteras/store/storetest"
)

// desk is a desk in a bubble, with a real store, whose recipients' servers are of the test.
type desk struct {
	*store.Store
	t          *testing.T
	path       string
	recipients []news.Recipient
	log        bytes.Buffer
	stop       context.CancelFunc
	ended      chan struct{}

	mu     sync.Mutex
	posts  []post
	answer func(post) (status int, err error) // nil: 204
}

// post is a request that a recipient's server got.
type post struct {
	to     string
	at     time.Time
	header http.Header
	body   string
}

// begin is when the desk of each test begins.
var begin = time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)

// onDesk runs a test in a bubble, on a desk with recipients.
func onDesk(t *testing.T, recipients []news.Recipient, test func(*desk)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		d := &desk{t: t, path: filepath.Join(t.TempDir(), "store.db"), recipients: recipients}
		d.open()
		test(d)
		d.end()
		d.must(d.Close())
	})
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// open opens the store, and begins to deliver.
func (d *desk) open() {
	var err error
	rules := storetest.Rules(d.t)
	d.Store, err = store.Open(d.path, rules, store.Options{})
	d.must(err)
	made := 0
	d.must(d.Configure(d.t.Context(), store.Configuration{Rules: rules, Mark: "m", Feeds: storetest.Feeds,
		Notices: store.Notices{Recipients: d.recipients, Ill: 6 * time.Hour, Token: func() string {
			made++
			return fmt.Sprint("token", made)
		}}}, time.Now()))
	d.deliver()
}

// deliver runs a service until d.end.
func (d *desk) deliver() {
	service := &notify.Service{
		Store: d.Store, Recipients: d.recipients, Webhooks: notify.Webhooks{Transport: d},
		Log: slog.New(slog.NewTextHandler(&d.log, nil)), Fact: d.fact,
		Desk: func(news.Recipient) notify.Desk {
			return notify.Desk{Title: "Desk", URL: "https://desk.example", Editors: "https://desk.example", Language: "en"}
		},
	}
	var ctx context.Context
	ctx, d.stop = context.WithCancel(context.WithoutCancel(d.t.Context()))
	d.ended = make(chan struct{})
	go func() { defer close(d.ended); service.Run(ctx) }()
}

func (d *desk) end() {
	d.stop()
	<-d.ended
}

// fact is an event with its stories as they are now.
func (d *desk) fact(e news.Event) (notify.Fact, error) {
	f := notify.Fact{Event: e, Open: true, Feed: e.Feed, Station: "Radio Ajo"}
	for _, id := range e.Stories {
		story, err := d.Story(id)
		if err != nil {
			return f, err
		}
		lead := story.Items[0]
		s := notify.Story{ID: story.ID, Title: lead.Entry.Title, Status: story.Status,
			Stations: []string{lead.Station}, Holders: []string{lead.Station}}
		f.Stories = append(f.Stories, s)
		f.Open = e.Kind != news.NoticeWithdrawn || story.Status != news.Live
	}
	return f, nil
}

// RoundTrip is the recipients' servers.
func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p := post{to: r.URL.String(), at: time.Now(), header: r.Header, body: string(body)}
	d.mu.Lock()
	answer := d.answer
	d.mu.Unlock()
	status := http.StatusNoContent
	if answer != nil {
		status, err = answer(p)
	}
	d.mu.Lock()
	d.posts = append(d.posts, p)
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

// got are the posts since it was asked last, once nothing happens at the present time any more.
func (d *desk) got() []post {
	time.Sleep(2 * time.Second) // new events are looked for every second
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	posts := d.posts
	d.posts = nil
	return posts
}

func (d *desk) answers(how func(post) (int, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = how
}

// publish has the desk publish stories, and gives their ids.
func (d *desk) publish(names ...string) (ids []string) {
	d.t.Helper()
	feed := storetest.Feeds[0]
	var entries []news.Entry
	for _, name := range names {
		entries = append(entries, storetest.Entry("ajo", name, "Story of "+name, time.Now().Add(-time.Hour)))
	}
	_, err := d.Save(d.t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, Due: time.Now().Add(time.Hour)},
		&identity.Arrival{Feed: feed, At: time.Now(), Entries: entries}, nil)
	d.must(err)
	_, _, err = d.Settle(d.t.Context(), time.Now())
	d.must(err)
	for _, name := range names {
		found, err := d.Lookup("https://ajo.example/?p=" + name)
		d.must(err)
		ids = append(ids, found[0].ID)
	}
	return ids
}

// withdraw withdraws stories at once: an event each.
func (d *desk) withdraw(ids ...string) {
	d.t.Helper()
	_, err := d.Rule(d.t.Context(), news.Order{Verb: news.Retract, Stories: ids, Reason: "it is wrong"}, time.Now())
	d.must(err)
	_, _, err = d.Settle(d.t.Context(), time.Now())
	d.must(err)
}

func (d *desk) restore(ids ...string) {
	d.t.Helper()
	_, err := d.Rule(d.t.Context(), news.Order{Verb: news.Restore, Stories: ids}, time.Now())
	d.must(err)
	_, _, err = d.Settle(d.t.Context(), time.Now())
	d.must(err)
}

func names(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("n%03d", i))
	}
	return list
}

var hook = news.Recipient{Address: "https://cms.example/hook/s3cret", Target: "https://cms.example/hook/s3cret",
	As: news.AsJSON, Of: news.NoticeKinds}

func TestWhatHappensIsToldOnceAtOnce(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish("a", "b")
		if p := d.got(); len(p) != 0 {
			t.Errorf("before anything happened: %v", p)
		}
		d.withdraw(ids[0])
		p := d.got()
		if len(p) != 1 || !strings.Contains(p[0].body, `"type":"withdrawn"`) || !strings.Contains(p[0].body, ids[0]) {
			t.Fatalf("%v", p)
		}
		time.Sleep(100 * time.Hour)
		if p := d.got(); len(p) != 0 {
			t.Errorf("again: %v", p)
		}
		d.end()
		d.deliver()
		if p := d.got(); len(p) != 0 {
			t.Errorf("after a reload: %v", p)
		}
	})
}

// What fails is tried after the times of the contract, with one id, until it is accepted.
func TestWhatFailsIsTriedAgainWithTheSameID(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish("a")
		d.answers(func(p post) (int, error) { return http.StatusServiceUnavailable, nil })
		d.withdraw(ids[0])
		d.got()
		time.Sleep(20 * time.Hour)
		d.mu.Lock()
		tried := slices.Clone(d.posts)
		d.mu.Unlock()
		list, err := d.Deliveries(hook.Key())
		d.must(err)
		if len(list) != 1 || list[0].Error != "cms.example: 503 Service Unavailable" {
			t.Errorf("%+v", list)
		}
		want := []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 6 * time.Hour}
		for n, p := range tried {
			if p.header.Get("Webhook-Id") == "" || p.header.Get("Webhook-Id") != tried[0].header.Get("Webhook-Id") {
				t.Errorf("ids %q and %q", p.header.Get("Webhook-Id"), tried[0].header.Get("Webhook-Id"))
			}
			if n > 0 && n <= len(want) && p.at.Sub(tried[n-1].at) != want[n-1] {
				t.Errorf("attempt %d after %v, want %v", n+2, p.at.Sub(tried[n-1].at), want[n-1])
			}
		}
		if len(tried) != 8 { // without the first: after 5 s and what is above, and after 19 hours once more
			t.Errorf("%d attempts", len(tried))
		}
		d.answers(nil)
		time.Sleep(7 * time.Hour)
		if list, err = d.Deliveries(hook.Key()); err != nil || len(list) != 0 {
			t.Errorf("it was accepted, and waits: %v %v", list, err)
		}
		if strings.Contains(d.log.String(), "s3cret") {
			t.Errorf("the log has the path of a hook:\n%s", d.log.String())
		}
	})
}

func TestWhatFailsForThreeDaysIsGivenUp(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish("a")
		d.answers(func(post) (int, error) { return 0, errors.New("no route") })
		d.withdraw(ids[0])
		time.Sleep(67 * time.Hour)
		all, err := d.Recipients()
		d.must(err)
		if all[0].Waiting != 1 || all[0].Failed != 0 {
			t.Errorf("before three days are over: %+v", all[0])
		}
		time.Sleep(3 * time.Hour)
		if all, err = d.Recipients(); err != nil || all[0].Waiting != 0 || all[0].Failed != 1 {
			t.Errorf("after: %+v %v", all[0], err)
		}
	})
}

func TestARecipientThatIsGoneIsNotTriedAgain(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish("a", "b")
		d.answers(func(post) (int, error) { return http.StatusGone, nil })
		d.withdraw(ids[0])
		if p := d.got(); len(p) != 1 {
			t.Errorf("%d posts", len(p))
		}
		time.Sleep(80 * time.Hour)
		if p := d.got(); len(p) != 0 {
			t.Errorf("tried again: %d", len(p))
		}
		d.answers(nil)
		d.withdraw(ids[1]) // what comes later is another notice
		if p := d.got(); len(p) != 1 {
			t.Errorf("the next notice: %d posts", len(p))
		}
	})
}

// One recipient that hangs, or takes nothing, delays no other.
func TestOneRecipientDelaysNoOther(t *testing.T) {
	slow := hook
	slow.Address, slow.Target = "https://slow.example/", "https://slow.example/"
	onDesk(t, []news.Recipient{slow, hook}, func(d *desk) {
		d.answers(func(p post) (int, error) {
			if p.to == slow.Target {
				time.Sleep(15 * time.Second)
			}
			return http.StatusOK, nil
		})
		d.withdraw(d.publish("a")...)
		if p := d.got(); len(p) != 1 || p[0].to != hook.Target {
			t.Errorf("%v", p)
		}
		time.Sleep(20 * time.Second)
		if p := d.got(); len(p) != 1 || p[0].to != slow.Target {
			t.Errorf("%v", p)
		}
	})
}

// More than ten a minute become one, and none is lost.
func TestMoreThanTenAMinuteBecomeOneMessage(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish(names(60)...)
		d.withdraw(ids[:9]...)
		if p := d.got(); len(p) != 9 {
			t.Errorf("nine are sent as %d", len(p))
		}
		d.withdraw(ids[9:40]...)
		p := d.got()
		if len(p) != 1 || strings.Count(p[0].body, `"status":"retracted"`) != 31 {
			t.Fatalf("31 more are sent as %d", len(p))
		}
		d.withdraw(ids[40:]...)
		if p := d.got(); len(p) != 0 {
			t.Errorf("an eleventh message within the minute")
		}
		time.Sleep(time.Minute)
		if p = d.got(); len(p) != 1 || strings.Count(p[0].body, `"status":"retracted"`) != 20 {
			t.Errorf("a minute later: %d", len(p))
		}
	})
}

// A process that dies after a recipient took a message, and before that was marked, sends the same message
// with the same id: a recipient that knows it takes nothing twice, and misses nothing.
func TestAMessageStaysTheSameUntilItIsMarked(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		ids := d.publish(names(30)...)
		d.answers(func(post) (int, error) { return 0, errors.New("cut") }) // it may have been taken
		d.withdraw(ids[:20]...)
		first := d.got()
		if len(first) != 1 {
			t.Fatalf("%d messages", len(first))
		}
		d.end()
		d.must(d.Close())
		d.answers(nil)
		d.open()
		d.withdraw(ids[20:]...)
		time.Sleep(5 * time.Minute)
		taken := map[string]string{first[0].header.Get("Webhook-Id"): first[0].body}
		told := map[string]int{}
		for _, p := range append(first, d.got()...) {
			id := p.header.Get("Webhook-Id")
			if was, known := taken[id]; known && storiesOf(t, was) != storiesOf(t, p.body) {
				t.Errorf("another message has the id %s", id)
			}
			taken[id] = p.body
		}
		for _, body := range taken {
			for _, id := range strings.Fields(storiesOf(t, body)) {
				told[id]++
			}
		}
		for _, id := range ids {
			if told[id] != 1 {
				t.Errorf("%s is told %d times", id, told[id])
			}
		}
	})
}

// storiesOf are the ids of the stories in a webhook's body.
func storiesOf(t *testing.T, body string) string {
	t.Helper()
	var b struct {
		Data struct {
			Stories []struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	var ids []string
	for _, s := range b.Data.Stories {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func digestAt(clock, zone string) news.Recipient {
	r := hook
	r.Digest, r.Timezone = clock, zone
	return r
}

// A digest tells at its time what is not decided by then, and is not sent without anything.
func TestADigestTellsWhatIsLeftAtItsTime(t *testing.T) {
	morning := digestAt("07:00", "America/Phoenix") // 14:00 UTC
	onDesk(t, []news.Recipient{morning}, func(d *desk) {
		ids := d.publish("a", "b", "c")
		d.withdraw(ids[0])
		d.withdraw(ids[1])
		d.restore(ids[1])
		if p := d.got(); len(p) != 0 {
			t.Errorf("before its time: %v", p)
		}
		time.Sleep(time.Until(time.Date(2031, 2, 4, 14, 0, 0, 0, time.UTC)))
		p := d.got()
		if len(p) != 1 || storiesOf(t, p[0].body) != ids[0] || !p[0].at.Equal(time.Date(2031, 2, 4, 14, 0, 0, 0, time.UTC)) {
			t.Fatalf("%v", p)
		}
		d.withdraw(ids[2])
		d.restore(ids[2])
		time.Sleep(24 * time.Hour)
		if p := d.got(); len(p) != 0 {
			t.Errorf("an empty one: %v", p)
		}
		// What happens while the daemon does not run, before the time of the digest, is in it, late.
		d.withdraw(ids[1])
		d.end()
		time.Sleep(24 * time.Hour)
		d.deliver()
		if p := d.got(); len(p) != 1 || storiesOf(t, p[0].body) != ids[1] {
			t.Errorf("late: %v", p)
		}
	})
}

// A message that is being taken when the daemon stops is marked.
func TestWhatIsBeingSentAtAStopIsMarked(t *testing.T) {
	onDesk(t, []news.Recipient{hook}, func(d *desk) {
		d.answers(func(post) (int, error) { time.Sleep(3 * time.Second); return http.StatusOK, nil })
		d.withdraw(d.publish("a")...)
		time.Sleep(2 * time.Second)
		d.end()
		d.deliver()
		time.Sleep(time.Minute)
		if p := d.got(); len(p) != 1 {
			t.Errorf("sent %d times", len(p))
		}
	})
}
