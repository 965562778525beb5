package editors

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// fakeDesk is what a source of a test shows, and what forms have ordered.
type fakeDesk struct {
	cases   []news.Case
	stories []*news.Story
	notices []news.KillNotice
	past    []news.Decision
	refusal error // of the next order
	ordered []news.Order
	filter  StoryFilter // of the stories that were listed last
}

func testStory(id, station, title, text string, status news.Status) *news.Story {
	return &news.Story{ID: id, Status: status, LeadItem: 1, Items: []*news.Item{{
		Number: 1, Station: station, Entry: news.Entry{
			Title: title, Content: text, URL: "https://" + station + ".example/" + id,
			Published: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC),
		},
	}}}
}

// newTestDesk is a desk with a case of each kind; each is numbered as its kind is listed.
func newTestDesk(t *testing.T) (*Site, *fakeDesk) {
	t.Helper()
	d := &fakeDesk{stories: []*news.Story{
		testStory("st1", "kmsa", "Pumps rest", "<p>The pumps rest. Nobody knows.</p>", news.Live),
		testStory("st2", "ajo", "The wells <b>rest</b>", "<p>The pumps rest. Ajo waits.</p>", news.Live),
		testStory("st3", "ajo", "Dam cracks", "<p>It cracks.</p>", news.Held),
		testStory("st4", "kmsa", "Old one", "", news.Held),
		testStory("st5", "kmsa", "Old two", "", news.Held),
	}}
	for n, c := range []news.Case{
		{Kind: news.CaseKilled, Stories: []string{"st3"}}, {Kind: news.CaseWithdrawn, Stories: []string{"st1"}},
		{Kind: news.CaseFlood, Feed: "https://kmsa.example/rss", Stories: []string{"st4", "st5"}},
		{Kind: news.CasePair, Stories: []string{"st1", "st2"}, Flags: []news.Flag{{Kind: news.FlagSameTitle, Why: "J5"}}},
		{Kind: news.CaseFeed, Feed: "https://kmsa.example/rss"}, {Kind: news.CaseOther, Stories: []string{"st2"}},
	} {
		c.Number, c.State, c.Since = uint64(n+1), news.CaseOpen, time.Date(2026, 10, 1, 0, n, 0, 0, time.UTC)
		d.cases = append(d.cases, c)
	}
	d.notices = []news.KillNotice{{Story: "st3", Source: "Desert Wire", Headline: "KILL: dam", Text: "Do not use."}}
	s := newTestSite(t)
	settings := *s.Settings()
	settings.Stations = []news.Station{
		{ID: "kmsa", Name: "KMSA Mesilla", Feeds: []news.Feed{{URL: "https://kmsa.example/rss"}}},
		{ID: "ajo", Name: "Radio Ajo"},
	}
	s.Settings = func() *Settings { return &settings }
	s.Decision = func(number uint64) (*news.Decision, error) {
		for _, p := range d.past {
			if p.Number == number {
				return &p, nil
			}
		}
		return nil, ErrNone
	}
	s.Source = d.source()
	return s, d
}

func (d *fakeDesk) source() *Source {
	return &Source{
		Cases: func() ([]news.Case, error) { return d.cases, nil },
		Case: func(number uint64) (news.Case, error) {
			for _, c := range d.cases {
				if c.Number == number {
					return c, nil
				}
			}
			return news.Case{}, ErrNone
		},
		Stories: func(ids []string) (list []*news.Story, err error) {
			for _, id := range ids {
				for _, s := range d.stories {
					if s.ID == id {
						list = append(list, s)
					}
				}
			}
			return list, nil
		},
		KillNotices: func(s *news.Story) (list []news.KillNotice, err error) {
			return slices.DeleteFunc(slices.Clone(d.notices), func(n news.KillNotice) bool { return n.Story != s.ID }), nil
		},
		Decisions: func(before uint64, limit int) (list []news.Decision, err error) {
			for _, p := range slices.Backward(d.past) {
				if (before == 0 || p.Number < before) && len(list) < limit {
					list = append(list, p)
				}
			}
			return list, nil
		},
		StorySource: d.storySource(),
		Decide: func(_ context.Context, o news.Order) (uint64, error) {
			d.ordered = append(d.ordered, o)
			return 7, d.refusal
		},
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// namesRule reports whether a page has the name of a rule, such as J5; the values of its forms may hold one by chance.
func namesRule(page string) bool {
	return regexp.MustCompile(`\b[IJOV][0-9]{1,2}\b`).MatchString(hiddenField.ReplaceAllString(page, ""))
}

// send opens a page and sends a form of it with its hidden fields and those that are given.
func send(t *testing.T, s *Site, path, form string) (status int, location, body string) {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range hiddenField.FindAllStringSubmatch(bodyOf(t, ask(s, "GET", path, "", asAna)), -1) {
		values.Set(m[1], m[2])
	}
	answer := ask(s, "POST", path, values.Encode(), asAna)
	return answer.StatusCode, answer.Header.Get("Location"), bodyOf(t, answer)
}

func TestEachFormOfACaseOrdersWhatItsButtonSays(t *testing.T) {
	for form, want := range map[string]string{
		"1 do=withdraw&reason=killed":               "retract [st3] maker= feed= case=1 killed=false reason=killed",
		"1 do=hold":                                 "hold [st3] maker= feed= case=1 killed=false reason=",
		"1 do=publish&confirm=PUBLISH":              "release [st3] maker= feed= case=1 killed=true reason=",
		"2 do=withdraw&reason=wrong":                "retract [st1] maker= feed= case=2 killed=false reason=wrong",
		"2 do=dismiss":                              "dismiss [] maker= feed= case=2 killed=false reason=",
		"3 do=publish-chosen&story=st5":             "release [st5] maker= feed= case=3 killed=false reason=",
		"3 do=publish-all":                          "release [https://kmsa.example/rss] maker= feed= case=3 killed=false reason=",
		"3 do=withdraw-chosen&story=st4&reason=old": "retract [st4] maker= feed= case=3 killed=false reason=old",
		"3 do=withdraw-all&reason=old":              "retract [https://kmsa.example/rss] maker= feed= case=3 killed=false reason=old",
		"4 do=apart":                                "split [st1 st2] maker= feed= case=4 killed=false reason=",
		"4 do=join:kmsa":                            "join [st1 st2] maker=kmsa feed= case=4 killed=false reason=",
		"4 do=join:ajo":                             "join [st1 st2] maker=ajo feed= case=4 killed=false reason=",
		"4 do=elsewhere":                            "join [st1 st2] maker=none feed= case=4 killed=false reason=",
		"4 do=hold":                                 "hold [st1 st2] maker= feed= case=4 killed=false reason=",
		"5 do=dismiss":                              "dismiss [] maker= feed= case=5 killed=false reason=",
		"5 do=trust":                                "trust [] maker= feed=https://kmsa.example/rss case=5 killed=false reason=",
		"6 do=dismiss":                              "dismiss [] maker= feed= case=6 killed=false reason=",
	} {
		s, d := newTestDesk(t)
		number, fields, _ := strings.Cut(form, " ")
		status, location, body := send(t, s, "/desk/cases/"+number, fields)
		if status != 303 || len(d.ordered) != 1 {
			t.Errorf("%s: %d, %d orders: %s", form, status, len(d.ordered), body)
			continue
		}
		o := d.ordered[0]
		got := fmt.Sprintf("%s %v maker=%s feed=%s case=%d killed=%t reason=%s", o.Verb, o.Stories, o.Maker, o.Feed, o.Case,
			o.AlthoughKilled, o.Reason)
		if got != want || o.User != "ana" || o.Via != news.ViaPage || o.Form == "" {
			t.Errorf("%s: %s by %s, %s, form %q; want %s", form, got, o.User, o.Via, o.Form, want)
		}
		if next := map[string]string{"1": "2", "3": "3"}[number]; next != "" && location != "/desk/cases/"+next+"?done=7" {
			t.Errorf("%s leads to %s", form, location)
		}
	}
}

// A form that is sent again as it was has one mark. What is chosen otherwise on a page that the browser has
// kept is another form, or it would be said to be done without being done.
func TestAFormsMarkTellsApartWhatIsSent(t *testing.T) {
	s, d := newTestDesk(t)
	marks := map[string]bool{}
	mark := func(path, form string) string {
		ask(s, "POST", path, form, asAna)
		if len(d.ordered) == 0 {
			t.Fatalf("%.80q orders nothing", form)
		}
		m := d.ordered[len(d.ordered)-1].Form
		marks[m] = true
		if len(m) > 100 { // it is kept for good, and read with each decision that follows
			t.Errorf("%.80q has a mark of %d bytes", form, len(m))
		}
		return m
	}
	const flood, one = "/desk/cases/3", "form=x&do=publish-chosen&story=st4"
	first := mark(flood, one)
	if again := mark(flood, one); again != first {
		t.Error("a form that is sent again is another")
	}
	for _, other := range []string{
		"form=x&do=publish-chosen&story=st5", "form=x&do=publish-chosen&story=st4&story=st5",
		"form=y&do=publish-chosen&story=st4", "form=x&do=withdraw-chosen&story=st4&reason=old",
		"form=x&do=withdraw-chosen&story=st4&reason=older", "form=" + strings.Repeat("F", 50_000) + "&do=publish-chosen&story=st4",
	} {
		mark(flood, other)
	}
	if len(marks) != 7 {
		t.Errorf("seven forms have %d marks", len(marks))
	}
	if m := mark(flood, "do=publish-chosen&story=st4"); m != "" {
		t.Errorf("a form without a mark has %q", m)
	}
}

func TestAFormShowsWhichStoriesItIsAbout(t *testing.T) {
	s, d := newTestDesk(t)
	send(t, s, "/desk/cases/4", "do=apart")
	send(t, s, "/desk/cases/3", "do=publish-chosen&story=st5")
	if got := d.ordered[0].Seen; len(got) != 2 || got["st1"] != d.stories[0].Seen() {
		t.Errorf("of a pair %v was seen", got)
	}
	if got := d.ordered[1].Seen; len(got) != 1 || got["st5"] != d.stories[4].Seen() {
		t.Errorf("of one of a flood %v was seen", got)
	}
}

func TestAWrongFormIsShownAsItWasTyped(t *testing.T) {
	s, d := newTestDesk(t)
	for form, want := range map[string][]string{
		"1 do=withdraw&reason=+":                            {`aria-invalid="true" aria-describedby="reason-wrong"`, "A withdrawal needs a reason."},
		"1 do=withdraw&reason=" + strings.Repeat("a", 2001): {`aria-invalid="true"`, "at most 2000 characters", strings.Repeat("a", 2001) + "</textarea>"},
		"1 do=publish&confirm=publish": {
			`value="publish" aria-invalid="true" aria-describedby="confirm-wrong"`, "type PUBLISH in capital letters",
		},
		"3 do=withdraw-chosen&story=st4": {"A withdrawal needs a reason.", `value="st4" checked`},
		"3 do=publish-chosen":            {"Choose at least one story."},
		"4 do=trust":                     {"Choose what is to be done."},
		"4 a=b":                          {"Choose what is to be done."},
	} {
		number, fields, _ := strings.Cut(form, " ")
		status, _, body := send(t, s, "/desk/cases/"+number, fields)
		for _, text := range want {
			if status != 422 || !strings.Contains(body, text) {
				t.Errorf("%.60s: %d, without %q", form, status, text)
			}
		}
	}
	if len(d.ordered) > 0 {
		t.Errorf("%v was ordered", d.ordered)
	}
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	for name, tt := range map[string]struct {
		refusal error
		status  int
		want    string
	}{
		"changed":           {&ChangedError{}, 409, "This has changed since you opened the page."},
		"changed by others": {&ChangedError{Who: "lee"}, 409, "Lee Orr has changed this"},
		"it is so already":  {&OrderError{Err: errors.New("they are two already")}, 422, "That could not be done: they are two already"},
		"the store fails":   {errors.New("disk full"), 500, "Something went wrong here."},
	} {
		s, d := newTestDesk(t)
		d.refusal = tt.refusal
		if status, _, body := send(t, s, "/desk/cases/4", "do=apart"); status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %d: %s", name, status, body)
		}
	}
}

func TestAllOfAFloodIsWhatItsPageShowed(t *testing.T) {
	s, d := newTestDesk(t)
	first := d.stories[4]
	d.stories = d.stories[:4]
	page := bodyOf(t, ask(s, "GET", "/desk/cases/3", "", asAna))
	d.stories = append(d.stories, first)
	values := url.Values{"do": {"publish-all"}}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		values.Set(m[1], m[2])
	}
	if got := ask(s, "POST", "/desk/cases/3", values.Encode(), asAna).StatusCode; got != 409 || len(d.ordered) > 0 {
		t.Errorf("%d, %v was ordered", got, d.ordered)
	}
}

func TestADecidedCaseSaysWhoDecidedItAndTakesNoOtherAnswer(t *testing.T) {
	s, d := newTestDesk(t)
	d.cases[3].State, d.cases[3].Decision = news.CaseDecided, 4
	d.past = []news.Decision{{Number: 4, Verb: news.Split, Who: "lee", When: time.Date(2026, 10, 2, 9, 5, 0, 0, time.UTC)}}
	page := bodyOf(t, ask(s, "GET", "/desk/cases/4", "", asAna))
	for _, want := range []string{
		"Lee Orr decided this, Oct 2, 2026, 9:05 AM: The stories are two now.", `action="/desk/decisions/4/undo"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	if strings.Contains(page, `name="do"`) {
		t.Error("it can be decided again")
	}
	ask(s, "POST", "/desk/cases/4", "do=hold&form=x&seen.st1="+url.QueryEscape(d.stories[0].Seen()), asAna)
	if len(d.ordered) != 1 || d.ordered[0].Seen["st1"] == d.stories[0].Seen() {
		t.Errorf("ordered is %v, which would count", d.ordered)
	}
	ask(s, "POST", "/desk/cases/4", "do=hold&form=y", asAna) // which does not say what it showed
	if seen := d.ordered[1].Seen; len(seen) != 2 || seen["st1"] == d.stories[0].Seen() || seen["st2"] == "" {
		t.Errorf("ordered is %v, which would count", d.ordered[1])
	}
}

func TestThePageOfAPairShowsBothSides(t *testing.T) {
	s, _ := newTestDesk(t)
	page := bodyOf(t, ask(s, "GET", "/desk/cases/4", "", asAna))
	for _, want := range []string{
		`<mark class="both">The pumps rest.</mark> <mark class="only">Nobody knows.</mark>`,
		`<mark class="both">The pumps rest.</mark> <mark class="only">Ajo waits.</mark>`,
		`>Two stories<kbd aria-hidden="true">N</kbd></button>`, `>One story, KMSA Mesilla made it<kbd`,
		`>One story, Radio Ajo made it<kbd`, `>One story, made elsewhere</button>`, `>Hold both<kbd`,
		"The wells &lt;b&gt;rest&lt;/b&gt;", "1 of the 2 sentences of KMSA Mesilla is in both texts.",
		"Both have nearly the same headline.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	if namesRule(page) || strings.Count(page, "<article>") != 2 {
		t.Error("it has the name of a rule, or not two articles")
	}
	inSpanish := bodyOf(t, ask(s, "GET", "/desk/cases/4", "", asLee))
	for _, want := range []string{">Dos notas<", ">Una nota, la hizo Radio Ajo<", ">Retener ambas<", "¿Son una sola nota?"} {
		if !strings.Contains(inSpanish, want) {
			t.Errorf("in Spanish without %q", want)
		}
	}
}

func TestAKilledStoryIsPublishedByAWordOnly(t *testing.T) {
	s, d := newTestDesk(t)
	page := bodyOf(t, ask(s, "GET", "/desk/cases/1", "", asAna))
	notice, story := strings.Index(page, `aria-label="Kill notice"`), strings.Index(page, "<article>")
	if notice < 0 || story < notice || !strings.Contains(page, "Do not use.") ||
		!strings.Contains(page, `<label for="confirm">Type PUBLISH to confirm</label>`) {
		t.Errorf("the notice is not above the story: %s", page)
	}
	d.notices = nil
	page = bodyOf(t, ask(s, "GET", "/desk/cases/1", "", asAna))
	if !strings.Contains(page, ">Publish</button>") || strings.Contains(page, "confirm") {
		t.Errorf("without a notice: %s", page)
	}
}

func TestCasesAreListedByState(t *testing.T) {
	s, d := newTestDesk(t)
	d.cases[5].State = news.CaseHeld
	page := bodyOf(t, ask(s, "GET", "/desk/", "", asAna))
	at := -1
	for _, want := range []string{
		`<a href="/desk/cases/1">Dam cracks</a>`, `<a href="/desk/cases/2">Pumps rest</a>`,
		`<a href="/desk/cases/3">KMSA Mesilla</a>`, `<a href="/desk/cases/4">Pumps rest</a>`, "<h2>Held</h2>",
		`<a href="/desk/cases/6">The wells`,
	} {
		next := strings.Index(page, want)
		if next < at || next < 0 {
			t.Errorf("%q is not where it is to be: %s", want, page)
		}
		at = next
	}
	for path, want := range map[string]int{
		"/desk/cases/1": 200, "/desk/cases/9": 404, "/desk/cases/x": 404, "/desk/cases/": 404, "/desk/decisions": 200,
		"/desk/decisions/9/undo": 405,
	} {
		if got := ask(s, "GET", path, "", asAna).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestDecisionsAreListedAndUndone(t *testing.T) {
	s, d := newTestDesk(t)
	noon := time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC)
	for n := range uint64(60) {
		d.past = append(d.past, news.Decision{Number: n + 1, Verb: news.Hold, Who: "ana", Via: news.ViaPage, When: noon,
			Stories: []string{"st1", "st2"}, Reason: fmt.Sprintf("reason %d;", n+1)})
	}
	d.past[59].Undone = &news.Undoing{Number: 61, Who: "lee", When: noon}
	d.past[58].Verb, d.past[58].Via, d.past[58].Who = news.Trust, "command", "root"
	page := bodyOf(t, ask(s, "GET", "/desk/decisions", "", asAna))
	for _, want := range []string{
		"Undone by Lee Orr, Oct 2, 2026, 12:00 PM", "root, by a command", `action="/desk/decisions/58/undo"`, "reason 11;",
		`href="/desk/decisions?before=11"`, `<a href="/desk/stories/st1">Pumps rest</a> and 1 more: Held.`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	if strings.Contains(page, "/59/undo") || strings.Contains(page, "/60/undo") || strings.Contains(page, "reason 10;") {
		t.Error("what is undone or has no undo can be undone, or the page is too long")
	}
	if page := bodyOf(t, ask(s, "GET", "/desk/decisions?before=11", "", asAna)); !strings.Contains(page, "reason 10;") {
		t.Error("the next page does not go on")
	}
	answer := ask(s, "POST", "/desk/decisions/58/undo", "form=x", asAna)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/desk/cases/1?done=7" || d.ordered[0].Decision != 58 ||
		d.ordered[0].Verb != news.Undo {
		t.Errorf("%s, ordered is %v", answer.Status, d.ordered)
	}
	d.refusal = &OrderError{Err: errors.New("decision 60 is undone already")}
	if got := ask(s, "POST", "/desk/decisions/60/undo", "form=y", asAna); got.StatusCode != 409 {
		t.Errorf("undone twice: %s", got.Status)
	}
	// Two undo it at once: what the page knows of it is older than what the order meets.
	reads := 0
	s.Decision = func(uint64) (*news.Decision, error) {
		reads++
		d := news.Decision{Number: 57, Verb: news.Hold}
		if reads > 1 {
			d.Undone = &news.Undoing{Number: 62, Who: "lee", When: noon}
		}
		return &d, nil
	}
	if got := ask(s, "POST", "/desk/decisions/57/undo", "form=z", asAna); got.StatusCode != 409 ||
		!strings.Contains(bodyOf(t, got), "Lee Orr has undone this already") {
		t.Errorf("undone meanwhile: %s", got.Status)
	}
	s.Decision = func(uint64) (*news.Decision, error) { return nil, ErrNone }
	if got := ask(s, "POST", "/desk/decisions/99/undo", "form=y", asAna); got.StatusCode != 404 {
		t.Errorf("what is not there: %s", got.Status)
	}
}

func TestACaseLeadsToTheOneBeforeAndTheOneAfter(t *testing.T) {
	s, d := newTestDesk(t)
	d.cases[1].State, d.cases[5].State = news.CaseDecided, news.CaseHeld
	for path, want := range map[string]struct{ previous, next string }{
		"/desk/cases/1": {"", "/desk/cases/3"}, "/desk/cases/2": {"/desk/cases/1", "/desk/cases/3"},
		"/desk/cases/4": {"/desk/cases/3", "/desk/cases/5"}, "/desk/cases/5": {"/desk/cases/4", ""},
		"/desk/cases/6": {"/desk/cases/5", ""},
	} {
		page := bodyOf(t, ask(s, "GET", path, "", asAna))
		for label, to := range map[string]string{"k\">Previous case": want.previous, "j\">Next case": want.next} {
			link := `href="` + to + `" data-key="` + label
			if to != "" && !strings.Contains(page, link) || to == "" && strings.Contains(page, label) {
				t.Errorf("%s: %q is to lead to %q: %s", path, label, to, page)
			}
		}
	}
}

func TestTheCaseOfAFeedSaysThatATrustHasNoUndo(t *testing.T) {
	s, _ := newTestDesk(t)
	page := bodyOf(t, ask(s, "GET", "/desk/cases/5", "", asAna))
	if !strings.Contains(page, "It has no undo. <a href=\"/desk/stations/kmsa\">") ||
		!strings.Contains(page, `aria-describedby="trust">Trust again</button>`) {
		t.Error(page)
	}
	if page := bodyOf(t, ask(s, "GET", "/desk/cases/6", "", asAna)); strings.Contains(page, "undo") ||
		!strings.Contains(page, "it can be withdrawn") {
		t.Error(page)
	}
}
