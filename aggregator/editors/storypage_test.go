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

// storySource finds the stories of the desk by their ids, and by words in their headlines.
func (d *fakeDesk) storySource() StorySource {
	return StorySource{
		FindStories: func(_ context.Context, f StoryFilter) (found FoundStories, err error) {
			if f.Words == "busy" {
				return found, ErrNoSearch
			}
			for _, s := range d.stories {
				lead := leadItem(s)
				if strings.Contains(lead.Entry.Title, f.Words) && (f.Station == "" || f.Station == lead.Station) &&
					(f.Status == "" || f.Status == s.Status) && !f.Flagged {
					found.Stories = append(found.Stories, s)
				}
			}
			if len(found.Stories) == len(d.stories) {
				found.Next = "there"
			}
			d.filter = f
			return found, nil
		},
		StoriesNamed: func(name string) (list []*news.Story, err error) {
			for _, s := range d.stories {
				if s.ID == name || s.PublicID == name || leadItem(s).Entry.URL == name || leadItem(s).Entry.GUID == name {
					list = append(list, s)
				}
			}
			return list, nil
		},
		CasesOf: func(id string) (list []news.Case, err error) {
			for _, c := range d.cases {
				if slices.Contains(c.Stories, id) {
					list = append(list, c)
				}
			}
			return list, nil
		},
		DecisionsOn: func(*news.Story) ([]news.Decision, error) {
			list := slices.Clone(d.past)
			slices.Reverse(list)
			return list, nil
		},
		Shown: func(s *news.Story) (ShownStory, error) {
			return ShownStory{"https://desk.example/stories/" + s.ID, leadItem(s).Entry.URL}, nil
		},
	}
}

func TestStoriesAreListedAsTheFieldsAsk(t *testing.T) {
	s, d := newTestDesk(t)
	page := bodyOf(t, ask(s, "GET", "/desk/stories", "", asAna))
	for _, want := range []string{
		`<label for="words">Words</label>`, `<label for="station">Station</label>`, `<label for="day">Day</label>`,
		`<label for="status">Status</label>`, `<option value="" selected>Any</option>`, `<option value="flagged">Flagged</option>`,
		`<a href="/desk/stories/st1">Pumps rest</a>`, `<a href="/desk/stories?after=there" rel="next">Earlier stories</a>`,
		`aria-current="page">Stories</a>`, `aria-label="Search stories"`, "<button>Search</button>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	page = bodyOf(t, ask(s, "GET", "/desk/stories?words=Old&station=kmsa&day=2026-10-01&status=held", "", asAna))
	if d.filter.Words != "Old" || d.filter.Station != "kmsa" || d.filter.Status != news.Held ||
		!d.filter.From.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) || d.filter.Before.Sub(d.filter.From) != 24*time.Hour ||
		strings.Count(page, `<li><div><p><a href="/desk/stories/`) != 2 || !strings.Contains(page, `<option value="held" selected>Held`) {
		t.Errorf("%+v: %s", d.filter, page)
	}
	page = bodyOf(t, ask(s, "GET", "/desk/stories?words="+url.QueryEscape("https://ajo.example/st3"), "", asAna))
	if strings.Count(page, `<li><div><p><a href="/desk/stories/`) != 1 || !strings.Contains(page, "Dam cracks") {
		t.Errorf("an address: %s", page)
	}
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"?words=" + strings.Repeat("a", 201): {422, `aria-invalid="true" aria-describedby="words-wrong"`},
		"?day=yesterday":                     {422, `aria-invalid="true" aria-describedby="day-wrong"`},
		"?words=busy":                        {503, "The search is not available now."},
		"?words=nothing":                     {200, "No story fits."},
		"?status=other&station=nobody":       {200, "No story fits."},
	} {
		answer := ask(s, "GET", "/desk/stories"+path, "", asAna)
		if body := bodyOf(t, answer); answer.StatusCode != want.status || !strings.Contains(body, want.text) {
			t.Errorf("%.30s: %d without %q: %s", path, answer.StatusCode, want.text, body)
		}
	}
	if page := bodyOf(t, ask(s, "GET", "/desk/stories", "", asLee)); !strings.Contains(page, ">Palabras</label>") ||
		!strings.Contains(page, "Retenidas") {
		t.Errorf("in Spanish: %s", page)
	}
}

// A GUID can be a number that others have in their headline: it hides none of them.
func TestAWordThatIsAlsoAGUIDFindsBoth(t *testing.T) {
	s, d := newTestDesk(t)
	d.stories[0].Items[0].Entry.GUID = "Old"
	page := bodyOf(t, ask(s, "GET", "/desk/stories?words=Old", "", asAna))
	if got := regexp.MustCompile(`/desk/stories/st\d`).FindAllString(page, -1); fmt.Sprint(got) !=
		"[/desk/stories/st1 /desk/stories/st4 /desk/stories/st5]" || d.filter.Limit != 49 {
		t.Errorf("%v are found", got)
	}
	d.stories[0].Items[0].Entry.GUID = "Old two"
	d.stories[4].PublicID = "Old"
	if page := bodyOf(t, ask(s, "GET", "/desk/stories?words=Old", "", asAna)); strings.Count(page, `href="/desk/stories/st`) != 1 {
		t.Errorf("a public id finds others: %s", page)
	}
	d.stories[1].ID, d.stories[1].Items[0].Entry.GUID = "", "waits"
	if page := bodyOf(t, ask(s, "GET", "/desk/stories?words=waits", "", asAna)); !strings.Contains(page, "No story fits.") {
		t.Errorf("a story without an id is listed: %s", page)
	}
}

func TestAStoryIsListedWithItsStations(t *testing.T) {
	s, d := newTestDesk(t)
	d.joinStories()
	list := func(who string) string { return bodyOf(t, ask(s, "GET", "/desk/stories?words=Pumps", "", who)) }
	if page := list(asAna); strings.Contains(page, "also Radio Ajo") {
		t.Error("a station is listed whose feed has it no more")
	}
	d.stories[0].Items[1].Gone = false
	for who, want := range map[string]string{asAna: "KMSA Mesilla", asLee: "</time> · también Radio Ajo · Publicada"} {
		if page := list(who); !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
}

// joinStories makes the second story's item one of the first's.
func (d *fakeDesk) joinStories() {
	one, other := d.stories[0], d.stories[1].Items[0]
	other.Number, other.Gone = 2, true
	one.Items = append(one.Items, other)
	one.Edges = []news.Edge{{Item: 1, Rule: news.I0, Why: "I0"}, {Item: 2, Rule: news.J5, Why: "J5 and more", Kept: true}}
	one.Origin = &news.Origin{Maker: news.Maker{Station: "kmsa", Name: "KMSA Mesilla"}, Rule: news.O2, Reason: "O2"}
	one.PublicID, one.PublishedAt = "tag:desk.example,2026:st1", time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	one.Published = one.PublishedAt
}

func TestThePageOfAStoryTellsWhatThereIsToKnow(t *testing.T) {
	s, d := newTestDesk(t)
	d.joinStories()
	d.past = []news.Decision{{Number: 4, Verb: news.Join, Who: "lee", Via: "command", Stories: []string{"st1"}, Reason: "one text"}}
	page := bodyOf(t, ask(s, "GET", "/desk/stories/st1", "", asAna))
	for _, want := range []string{
		"<h1>Pumps rest</h1>", "Published.", `<a href="/desk/cases/4">Are these one story?</a>`,
		`<h3 id="item-1">Pumps rest</h3>`, `<h3 id="item-2">The wells &lt;b&gt;rest&lt;/b&gt;</h3>`, "gone from its feed",
		"The texts are nearly the same, and a reporter, a wire, a credit or the audio is. That is no longer so",
		`<mark class="both">The pumps rest.</mark> <mark class="only">Ajo waits.</mark>`, "1 of the 2 sentences",
		`<button name="do" value="takeout:2">Take out</button>`, `href="https://desk.example/stories/st1"`,
		"tag:desk.example,2026:st1", "Made by KMSA Mesilla. The address of the original says so.",
		`<label for="maker">Who made it</label>`, `<option value="auto" selected>Automatic</option>`,
		`<option value="none">None of these</option>`, ">Change origin</button>", `<label for="other">Other story</label>`,
		">Join</button>", ">Withdraw</button>", ">Hold<kbd", "by a command", "one text", `action="/desk/decisions/4/undo"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("without %q: %s", want, page)
		}
	}
	for _, no := range []string{">Release", ">Restore"} {
		if strings.Contains(page, no) {
			t.Errorf("it has %q", no)
		}
	}
	if namesRule(page) {
		t.Errorf("it has the name of a rule: %s", page)
	}
	if strings.Count(page, "<article ") != 2 {
		t.Error("not an article for each item")
	}
	inSpanish := bodyOf(t, ask(s, "GET", "/desk/stories/st1", "", asLee))
	for _, want := range []string{">Sacar<", ">Quién la hizo<", ">Cambiar origen<", ">Unir<", ">Retener<", ">Retirar<", "Historial"} {
		if !strings.Contains(inSpanish, want) {
			t.Errorf("in Spanish without %q", want)
		}
	}
}

func TestWhatAnEditorSaidOfTheMakerIsChosen(t *testing.T) {
	s, d := newTestDesk(t)
	for name, tt := range map[string]struct {
		origin *news.Origin
		past   []news.Decision
		want   string
	}{
		"nothing":   {nil, nil, "auto"},
		"a station": {&news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"}, Rule: news.O1}, nil, "ajo"},
		"none":      {nil, []news.Decision{{Number: 1, Verb: news.Credit, Maker: news.NoMaker}}, "none"},
		"none, and then auto": {nil, []news.Decision{{Number: 1, Verb: news.Credit, Maker: news.NoMaker},
			{Number: 2, Verb: news.Credit, Maker: news.AutoMaker}}, "auto"},
		"none, undone": {nil, []news.Decision{{Number: 1, Verb: news.Credit, Maker: news.NoMaker, Undone: &news.Undoing{}}}, "auto"},
	} {
		d.stories[0].Origin, d.past = tt.origin, tt.past
		page := bodyOf(t, ask(s, "GET", "/desk/stories/st1", "", asAna))
		if !strings.Contains(page, fmt.Sprintf(`<option value="%s" selected>`, tt.want)) {
			t.Errorf("%s: %s is not chosen", name, tt.want)
		}
	}
}

func TestEachFormOfAStoryOrdersWhatItsButtonSays(t *testing.T) {
	for form, want := range map[string]string{
		"st1 do=withdraw&reason=wrong":   "retract [st1] maker= item=0 killed=false reason=wrong",
		"st1 do=hold":                    "hold [st1] maker= item=0 killed=false reason=",
		"st4 do=release":                 "release [st4] maker= item=0 killed=false reason=",
		"st3 do=release&confirm=PUBLISH": "release [st3] maker= item=0 killed=true reason=",
		"st1 do=origin&maker=ajo":        "origin [st1] maker=ajo item=0 killed=false reason=",
		"st1 do=origin&maker=none":       "origin [st1] maker=none item=0 killed=false reason=",
		"st1 do=origin&maker=auto":       "origin [st1] maker=auto item=0 killed=false reason=",
		"st1 do=takeout:2":               "split [st1] maker= item=2 killed=false reason=",
		"st1 do=join&other=+st2+":        "join [st1 st2] maker= item=0 killed=false reason=",
		"st1 do=join&other=" + url.QueryEscape("https://ajo.example/st3"): "join [st1 st3] maker= item=0 killed=false reason=",
		"st1 do=join:st5&other=shared":                                    "join [st1 st5] maker= item=0 killed=false reason=",
	} {
		s, d := newTestDesk(t)
		d.joinStories()
		id, fields, _ := strings.Cut(form, " ")
		status, location, body := send(t, s, "/desk/stories/"+id, fields)
		if status != 303 || len(d.ordered) != 1 {
			t.Errorf("%s: %d, %d orders: %s", form, status, len(d.ordered), body)
			continue
		}
		o := d.ordered[0]
		got := fmt.Sprintf("%s %v maker=%s item=%d killed=%t reason=%s", o.Verb, o.Stories, o.Maker, o.ItemNumber,
			o.AlthoughKilled, o.Reason)
		if got != want || o.User != "ana" || o.Via != news.ViaPage || o.Form == "" || o.Seen[id] == "" {
			t.Errorf("%s: %s by %s, %s, %v; want %s", form, got, o.User, o.Via, o.Seen, want)
		}
		if location != "/desk/cases/1?done=7" {
			t.Errorf("%s leads to %s", form, location)
		}
	}
}

func TestAWrongFormOfAStoryIsShownAsItWasTyped(t *testing.T) {
	s, d := newTestDesk(t)
	d.joinStories()
	d.stories[3].Items[0].Entry.GUID, d.stories[4].Items[0].Entry.GUID = "shared", "shared"
	for form, want := range map[string][]string{
		"st1 do=withdraw&reason=+":   {`aria-invalid="true" aria-describedby="reason-wrong"`, "A withdrawal needs a reason."},
		"st3 do=release&confirm=yes": {`value="yes" aria-invalid="true"`, "type PUBLISH in capital letters"},
		"st1 do=origin&maker=nobody": {"Choose who made it."},
		"st1 do=join":                {`aria-describedby="other-hint other-wrong" aria-invalid="true"`, "Type the address"},
		"st1 do=join&other=nowhere":  {`value="nowhere"`, "No story has this address, id or GUID."},
		"st1 do=join&other=st1":      {"That is this story itself."},
		"st1 do=join&other=shared":   {"Several stories have it: choose one.", `value="join:st4">Join`, `value="join:st5">Join`},
		"st1 do=publish":             {"Choose what is to be done."},
		"st1 reason=x":               {"Choose what is to be done."},
		"st3 do=withdraw&reason=" + strings.Repeat("ñ", 2001): {"at most 2000 characters"},
	} {
		id, fields, _ := strings.Cut(form, " ")
		status, _, body := send(t, s, "/desk/stories/"+id, fields)
		for _, text := range want {
			if status != 422 || !strings.Contains(body, text) {
				t.Errorf("%.60s: %d, without %q: %s", form, status, text, body)
			}
		}
	}
	if len(d.ordered) > 0 {
		t.Errorf("%v was ordered", d.ordered)
	}
}

// What the state of a story no longer allows was a form's of before: nothing that was seen then is so.
func TestAFormOfAnotherStateOfAStoryDoesNothing(t *testing.T) {
	s, d := newTestDesk(t)
	d.joinStories()
	for _, form := range []string{"st1 do=release", "st1 do=restore", "st4 do=hold", "st1 do=takeout:9", "st1 do=takeout:x"} {
		id, fields, _ := strings.Cut(form, " ")
		d.refusal, d.ordered = &ChangedError{Who: "lee"}, nil
		status, _, body := send(t, s, "/desk/stories/"+id, fields)
		if status != 409 || !strings.Contains(body, "Lee Orr has changed this") || len(d.ordered) != 1 ||
			d.ordered[0].Seen[id] != "changed" {
			t.Errorf("%s: %d, %v", form, status, d.ordered)
		}
	}
	d.refusal = &OrderError{Err: errors.New("they are one already")}
	if status, _, body := send(t, s, "/desk/stories/st1", "do=join&other=st3"); status != 422 ||
		!strings.Contains(body, "That could not be done: they are one already") {
		t.Errorf("%d: %s", status, body)
	}
}

func TestAStoryIsFoundByEveryNameOfIt(t *testing.T) {
	s, d := newTestDesk(t)
	d.joinStories()
	for path, want := range map[string]string{
		"/desk/stories/st1": "200 ", "/desk/stories/nowhere": "404 ",
		"/desk/stories/tag:desk.example,2026:st1": "303 /desk/stories/st1",
	} {
		answer := ask(s, "GET", path, "", asAna)
		if got := fmt.Sprintf("%d %s", answer.StatusCode, answer.Header.Get("Location")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if body := bodyOf(t, ask(s, "GET", "/desk/stories/nowhere", "", asAna)); !strings.Contains(body, ">To decide") {
		t.Error("an unknown story has no navigation")
	}
}

// A flood of more stories than a page shows is decided in parts: none that was not shown.
func TestAllOfALongFloodIsWhatThePageShows(t *testing.T) {
	s, d := newTestDesk(t)
	var ids []string
	for n := range 250 {
		id := fmt.Sprintf("fl%03d", n)
		ids = append(ids, id)
		d.stories = append(d.stories, testStory(id, "kmsa", "Old "+id, "", news.Held))
	}
	d.cases[2].Stories = ids
	page := bodyOf(t, ask(s, "GET", "/desk/cases/3", "", asAna))
	if !strings.Contains(page, "50 more stories are left.") || strings.Count(page, `type="checkbox"`) != 200 {
		t.Errorf("%d are shown", strings.Count(page, `type="checkbox"`))
	}
	if status, _, _ := send(t, s, "/desk/cases/3", "do=publish-all"); status != 303 || len(d.ordered[0].Stories) != 200 {
		t.Errorf("%d, %d are decided", status, len(d.ordered[0].Stories))
	}
	d.cases[2].Stories = ids[:201]
	for who, want := range map[string]string{asAna: "1 more story is left.", asLee: "Queda 1 nota más."} {
		if page := bodyOf(t, ask(s, "GET", "/desk/cases/3", "", who)); !strings.Contains(page, want) {
			t.Errorf("without %q", want)
		}
	}
}

func TestEveryPageSaysHowManyCasesWait(t *testing.T) {
	s, _ := newTestDesk(t)
	s.Source.CountOpen = func() (int, error) { return 6, nil }
	if page := bodyOf(t, ask(s, "GET", "/desk/account", "", asAna)); !strings.Contains(page,
		`<a href="/desk/">To decide<span class="n" aria-hidden="true">6</span></a>`) {
		t.Errorf("%s", page)
	}
}

func TestAHeldStoryIsCalledSoInSpanish(t *testing.T) {
	s, d := newTestDesk(t)
	d.stories[2].Status = news.Held
	page := bodyOf(t, ask(s, "GET", "/desk/cases/1", "", asLee))
	if !strings.Contains(page, " · Retenida</p>") {
		t.Error(page)
	}
}
