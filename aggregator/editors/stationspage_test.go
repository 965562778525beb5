package editors

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// newStationDesk is a desk whose station KMSA has two feeds: one in order, whose address is a secret, and
// one that fails; Radio Ajo has none. What was polled is noted.
func newStationDesk(t *testing.T) (s *Site, d *fakeDesk, polled *[]string) {
	t.Helper()
	s, d = newTestDesk(t)
	noon := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	first, second := news.Feed{Station: "kmsa", URL: "https://kmsa.example/rss?key=hidden"},
		news.Feed{Station: "kmsa", URL: "https://kmsa.example/<b>", Only: news.Filter{Topics: []string{"water"}}}
	reports := []FeedReport{
		{Feed: first, Name: "kmsa.example", State: news.FeedState{
			Visited: noon, Success: noon, Changed: noon, Due: noon.Add(time.Hour), Items: 6,
			Repairs: []news.Repair{{Name: "entities", Count: 3, What: "line 7: a bare & was taken for &amp;"}},
			Losses:  []news.Loss{{What: "the feed, title: too long"}, {Title: "Dam", What: "item 2: too long"}},
		}, Flags: []news.Flag{{Kind: news.FlagGUIDDistrusted, Why: "I2"}}, Advice: []string{"2 redirects lead to it"}},
		{Feed: second, Name: second.URL, State: news.FeedState{
			Visited: noon, Failing: noon.Add(-time.Hour), Failures: 3, Kind: "timeout",
		}},
	}
	story := func(id string, status news.Status, items ...*news.Item) news.TakenItem {
		return news.TakenItem{Item: items[0], Story: &news.Story{ID: id, Status: status, LeadItem: items[len(items)-1].Number,
			Items: items}}
	}
	item := func(number uint64, station, title string, hold news.HoldKind) *news.Item {
		i := &news.Item{Number: number, Station: station, FirstSeen: noon.Add(-time.Hour), Entry: news.Entry{Title: title}}
		if hold != "" {
			i.Hold = &news.ItemHold{Kind: hold}
		}
		return i
	}
	fresh := item(1, "kmsa", "Rain <i>at last</i>", "")
	fresh.FirstSeen = noon
	taken := []news.TakenItem{
		story("st1", news.Live, fresh),
		story("st2", news.Live, item(2, "kmsa", "Wells", ""), item(3, "ajo", "Towns ask for water", "")),
		story("st3", news.Held, item(4, "kmsa", "Old news", news.HoldFlood)),
		story("", news.Live, item(5, "kmsa", "Just in", "")),
		story("st5", news.Retracted, item(6, "kmsa", "Wrong", "")),
		{Item: item(7, "kmsa", "", "")},
	}
	polled = new([]string)
	s.Source.StationSource = StationSource{
		Feeds: func(station string) ([]FeedReport, error) {
			if station == "ajo" {
				return nil, nil
			}
			return reports, nil
		},
		LastDocument: func(feed string, limit int) (news.LastDocument, error) {
			if feed == first.URL {
				return news.LastDocument{Entries: 6, Taken: taken[:min(limit, len(taken))]}, nil
			}
			return news.LastDocument{Entries: 9, Left: 9}, nil
		},
		FailedNotices: func(string) ([]FailedNotice, error) { return nil, ErrNone },
		Poll: func(_ context.Context, feed string) (bool, error) {
			*polled = append(*polled, feed)
			return true, nil
		},
	}
	return s, d, polled
}

func TestTheStationsSayHowTheirFeedsAreDoing(t *testing.T) {
	s, _, _ := newStationDesk(t)
	page := bodyOf(t, ask(s, "GET", "/desk/stations", "", asAna))
	for _, want := range []string{
		`<h2><a href="/desk/stations/kmsa">KMSA Mesilla</a></h2>`, `<h2><a href="/desk/stations/ajo">Radio Ajo</a></h2>`,
		"<p>kmsa.example<br>", ">OK</span>", "It has no feed.", `action="/desk/stations/kmsa"`,
		"Since Oct 1, 2026, 11:00 AM: the server did not respond in time (3 failures in a row)",
		`aria-current="page">Stations</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	if strings.Contains(page, "key=hidden") {
		t.Error("it shows a secret address")
	}
}

func TestTheStationSaysWhatCameOfItsItems(t *testing.T) {
	s, _, _ := newStationDesk(t)
	for as, wanted := range map[string][]string{
		asAna: {
			`<h2 id="feed-1">kmsa.example</h2>`, `<h2 id="feed-2">https://kmsa.example/&lt;b&gt;</h2>`, "6 items:",
			`<a href="/desk/stories/st1">Rain &lt;i&gt;at last&lt;/i&gt;</a>`, "<strong>New.</strong> A story of its own.",
			"Joined to “Towns ask for water”, with Radio Ajo.", "Held: the feed brought many stories at once.",
			"<p>Just in</p>", "It becomes a story when the visits under way have ended.", "Withdrawn.",
			"<p>Without a headline</p>", "Its story cannot be read.", "line 7: a bare &amp; was taken for &amp;amp; (3 times)",
			"2 redirects lead to it", "“Dam”: item 2: too long", "The feed gives one id to several stories.",
			"9 items were left out: the desk&#39;s filter for this feed does not take them.", "Nothing had to be repaired.",
			"There is nothing to advise.", "It has no undo.",
		},
		asLee: {
			"Desde el 1 oct 2026, 11:00: el servidor no respondió a tiempo (3 fallos seguidos)", "Unida a «Towns ask for water»",
			">Visitar ahora</button>", ">Confiar de nuevo</button>", "No se puede deshacer.", "Última visita",
			"Se dejaron fuera 9 notas", "El canal da la misma clave a varias notas.",
		},
	} {
		page := bodyOf(t, ask(s, "GET", "/desk/stations/kmsa", "", as))
		for _, want := range wanted {
			if !strings.Contains(page, want) {
				t.Errorf("%s: without %q: %s", as, want, page)
			}
		}
		if strings.Count(page, "<article") != 2 || namesRule(page) || strings.Contains(page, "Failed notices") ||
			strings.Contains(page, "key=hidden") {
			t.Errorf("%s: it has not an article for each feed, or a rule's name, a secret or notices: %s", as, page)
		}
	}
	for path, want := range map[string]int{
		"/desk/stations/none": 404, "/desk/stations/": 404, "/desk/stations/ajo": 200, "/desk/stations/kmsa/x": 404,
	} {
		answer := ask(s, "GET", path, "", asAna)
		if body := bodyOf(t, answer); answer.StatusCode != want || !strings.Contains(body, ">To decide</a>") {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, want)
		}
	}
}

func TestManyItemsAreCountedAndNotShown(t *testing.T) {
	s, _, _ := newStationDesk(t)
	s.Source.LastDocument = func(_ string, limit int) (d news.LastDocument, err error) {
		for n := range limit {
			d.Taken = append(d.Taken, news.TakenItem{Item: &news.Item{Number: uint64(n + 1)}})
		}
		d.Entries, d.Left = 3000, 7
		return d, nil
	}
	page := bodyOf(t, ask(s, "GET", "/desk/stations/kmsa", "", asAna))
	if !strings.Contains(page, "3000 items, the first 50 of them:") || !strings.Contains(page, "7 items were left out: they wait") {
		t.Error(page)
	}
}

func TestFailedNoticesAreShownWhereTheDeskSendsAny(t *testing.T) {
	s, _, _ := newStationDesk(t)
	var failed []FailedNotice
	s.Source.FailedNotices = func(station string) ([]FailedNotice, error) {
		if station != "kmsa" {
			return nil, errors.New("another station was asked for")
		}
		return failed, nil
	}
	if page := bodyOf(t, ask(s, "GET", "/desk/stations/kmsa", "", asAna)); !strings.Contains(page, "No notice has failed.") {
		t.Error(page)
	}
	failed = []FailedNotice{{Recipient: "https://cms.example", Kind: news.NoticeIll, Attempts: 4, Error: "status <500>",
		Since: time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)}}
	page := bodyOf(t, ask(s, "GET", "/desk/stations/kmsa", "", asLee))
	for _, want := range []string{"Avisos fallidos", "https://cms.example: Un canal que falla",
		"Fallaron 4 intentos: status &lt;500&gt;", "1 oct 2026, 09:00"} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
}

func TestAFeedIsPolledAndTrustedOnItsStationsPage(t *testing.T) {
	s, d, polled := newStationDesk(t)
	const secret = "https://kmsa.example/rss?key=hidden"
	form := url.Values{"do": {"poll"}, "feed": {"kmsa.example"}}
	answer := ask(s, "POST", "/desk/stations/kmsa", form.Encode(), asAna)
	location := answer.Header.Get("Location")
	if answer.StatusCode != 303 || location != "/desk/stations/kmsa?said=visited" || !slices.Equal(*polled, []string{secret}) {
		t.Fatalf("polled: %s, %s, %q", answer.Status, location, *polled)
	}
	if page := bodyOf(t, ask(s, "GET", location, "", asAna)); !strings.Contains(page,
		`<p role="status">The feed has been visited.</p>`) {
		t.Errorf("after it: %s", page)
	}
	form = url.Values{"do": {"trust"}, "feed": {"kmsa.example"}, "form": {"once"}}
	answer = ask(s, "POST", "/desk/stations/kmsa", form.Encode(), asAna)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/desk/stations/kmsa?done=7" || len(d.ordered) != 1 {
		t.Fatalf("trusted: %s, %v", answer.Status, d.ordered)
	}
	if o := d.ordered[0]; o.Verb != news.Trust || o.Feed != secret || o.User != "ana" || o.Via != news.ViaPage || o.Form == "" {
		t.Errorf("ordered is %+v", o)
	}
	d.past = []news.Decision{{Number: 7, Verb: news.Trust, Who: "ana", Feed: secret}}
	page := bodyOf(t, ask(s, "GET", "/desk/stations/kmsa?done=7", "", asAna))
	if !strings.Contains(page, `<p role="status">The feed is trusted again.</p>`) || strings.Contains(page, "/undo") {
		t.Errorf("after it: %s", page)
	}
}

func TestAPollThatTakesLongIsSaidToGoOn(t *testing.T) {
	s, _, _ := newStationDesk(t)
	s.Source.Poll = func(context.Context, string) (bool, error) { return false, nil }
	answer := ask(s, "POST", "/desk/stations/kmsa", "do=poll&feed=kmsa.example", asAna)
	page := bodyOf(t, ask(s, "GET", answer.Header.Get("Location"), "", asAna))
	if answer.StatusCode != 303 || !strings.Contains(page, "The feed is being visited") {
		t.Errorf("%s: %s", answer.Status, page)
	}
}

func TestWhatAStationsPageCannotDoIsSaid(t *testing.T) {
	for form, tt := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"do=poll&feed=kmsa.example":       {&OrderError{Err: errors.New("before noon")}, 422, "That could not be done: before noon"},
		"do=trust&feed=kmsa.example":      {&OrderError{Err: errors.New("no such feed")}, 422, "That could not be done: no such feed"},
		"do=trust&feed=kmsa.example&a=1":  {&ChangedError{}, 409, "This has changed"},
		"do=poll&feed=kmsa.example&a=2":   {errors.New("disk full"), 500, "Something went wrong here."},
		"do=trust&feed=kmsa.example&a=3":  {errors.New("disk full"), 500, "Something went wrong here."},
		"do=poll&feed=gone.example":       {nil, 409, "This has changed since you opened the page. Nothing was done."},
		"do=forget&feed=kmsa.example":     {nil, 422, "Choose what is to be done."},
		"feed=https://kmsa.example/other": {nil, 422, "Choose what is to be done."},
	} {
		s, d, _ := newStationDesk(t)
		d.refusal = tt.err
		s.Source.Poll = func(context.Context, string) (bool, error) { return true, tt.err }
		answer := ask(s, "POST", "/desk/stations/kmsa", form, asAna)
		if body := bodyOf(t, answer); answer.StatusCode != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %s: %s", form, answer.Status, body)
		}
	}
	s, _, polled := newStationDesk(t)
	if got := ask(s, "POST", "/desk/stations/none", "do=poll", asAna); got.StatusCode != 404 || len(*polled) > 0 {
		t.Errorf("a station that there is not: %s", got.Status)
	}
	s.Source.LastDocument = func(string, int) (news.LastDocument, error) { return news.LastDocument{}, errors.New("gone") }
	if got := ask(s, "GET", "/desk/stations/kmsa", "", asAna); got.StatusCode != 500 {
		t.Errorf("what cannot be read: %s", got.Status)
	}
}

func TestTheWordsOfAStationsPageAreInSpanish(t *testing.T) {
	for _, words := range []map[string]string{namesOf(reasonsOfHolds), namesOf(noticeNames)} {
		for name, phrase := range words {
			if spanish[phrase] == "" {
				t.Errorf("%s: %q is not in Spanish", name, phrase)
			}
		}
	}
	for _, hold := range news.Holds {
		if reasonsOfHolds[hold.Name] == "" {
			t.Errorf("nothing is said of the hold %s", hold.Name)
		}
	}
}

// The commands' advice stands in these files, each sentence as one text or as parts that are joined.
func TestTheAdviceOnFeedsIsInSpanish(t *testing.T) {
	joined := regexp.MustCompile(`"\s*\+\s*"`)
	sentence := regexp.MustCompile(`(?m)(?::|return)\s+"([^"%]{12,})",?$`)
	said := 0
	for _, path := range []string{"../advice.go", "../feed/damage/repair.go"} {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sentence.FindAllStringSubmatch(joined.ReplaceAllString(string(source), ""), -1) {
			if said++; spanishAdvice[m[1]] == "" {
				t.Errorf("%s says %q, which is not in Spanish", path, m[1])
			}
		}
	}
	if said != len(spanishAdvice) {
		t.Errorf("%d sentences are in the code, %d in Spanish", said, len(spanishAdvice))
	}
	if a := adviceIn("es", "2 redirects lead to it"); a.Language != "en" {
		t.Errorf("what has values is in %s", a.Language)
	}
}

func namesOf[K ~string](m map[K]string) map[string]string {
	all := map[string]string{}
	for name, phrase := range m {
		all[fmt.Sprint(name)] = phrase
	}
	return all
}
