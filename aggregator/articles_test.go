package aggregator_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// newsroom is a station's server: a feed of teasers, and article pages.
type newsroom struct {
	mu       sync.Mutex
	articles []*article // the newest first
	robots   string
	asked    []string // paths of pages, in order
	matched  int      // answers of 304 for pages
}

// article is a story as its page shows it.
type article struct {
	slug, title, text string
	topic             string
	author, byline    string // as the feed has them, and the page
	age               time.Duration
	status            int           // other than 200
	stalls            time.Duration // until it answers
}

func (n *newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.URL.Path == "/robots.txt" {
		fmt.Fprint(w, n.robots)
		return
	}
	if r.URL.Path == "/rss" {
		fmt.Fprint(w, `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>`)
		for _, a := range n.articles {
			fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/news/%s</link><guid isPermaLink="false">%s</guid>
				<description>A teaser about %s.</description><pubDate>%s</pubDate><dc:creator>%s</dc:creator></item>`, a.title, r.Host, a.slug, a.slug,
				a.title, time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC).Add(-a.age).Format(time.RFC1123Z), a.author)
		}
		fmt.Fprint(w, `</channel></rss>`)
		return
	}
	for _, a := range n.articles {
		if r.URL.Path != "/news/"+a.slug {
			continue
		}
		n.asked = append(n.asked, r.URL.Path)
		if a.stalls > 0 {
			n.mu.Unlock()
			select {
			case <-r.Context().Done():
			case <-time.After(a.stalls):
			}
			n.mu.Lock()
		}
		if a.status != 0 {
			w.WriteHeader(a.status)
			return
		}
		tag := fmt.Sprintf(`"%d"`, len(a.text))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			n.matched++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%[1]s</title>
			<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":%[1]q,"keywords":[%[3]q]}</script>
			</head><body><header><h1>%[1]s</h1></header><article><p class="byline">%[4]s</p><div class="entry-content">%[2]s</div></article></body></html>`,
			a.title, a.text, a.topic, a.byline)
		return
	}
	http.NotFound(w, r)
}

// change changes what the newsroom has.
func (n *newsroom) change(do func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	do()
}

// times is how often an article was asked for.
func (n *newsroom) times(slug string) (count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, path := range n.asked {
		if path == "/news/"+slug {
			count++
		}
	}
	return count
}

// reporting is a text of some paragraphs about a subject.
func reporting(subject string, paragraphs int) string {
	var b strings.Builder
	for k := range paragraphs {
		fmt.Fprintf(&b, "<p>%s: in its part number %d the county says that %s was counted by %d of its people, who walked the "+
			"river from the bridge to the old mill and wrote down all that they saw on that day.</p>", subject, k, subject, k+20)
	}
	return b.String()
}

// readers is a station whose article pages are read.
func readers(id string, more ...func(*news.Feed)) news.Station {
	f := news.Feed{Station: id, URL: "http://" + id + ".example/rss", Every: 15 * time.Minute, WholePages: true}
	for _, change := range more {
		change(&f)
	}
	return news.Station{ID: id, Name: strings.ToUpper(id), URL: "http://" + id + ".example/",
		Hosts: []string{id + ".example"}, Feeds: []news.Feed{f}}
}

func lead(s *news.Story) *news.Item { return s.Item(s.LeadItem) }

func TestAnArticlePageGivesItsStoryTheWholeText(t *testing.T) {
	kmsa := &newsroom{articles: []*article{{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}}}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		s := w.story("wells")
		i := lead(s)
		if !strings.Contains(markup.Text(i.Entry.Content), "in its part number 7") || i.AsFed().Content != "" ||
			!strings.Contains(i.Entry.Summary, "teaser") || i.Page.Verdict != news.VerdictUsed || lead(s).Hold != nil {
			t.Errorf("content %q, page %+v", i.Entry.Content, i.Page)
		}
		published := s.Published

		// It is read again after 1, 6 and 24 hours, with its validators, and then no more.
		time.Sleep(50 * time.Hour)
		if asked, matched := kmsa.times("wells"), kmsa.matched; asked != 4 || matched != 3 {
			t.Errorf("the page was asked for %d times, %d answers were 304", asked, matched)
		}
		if s = w.story("wells"); !s.Published.Equal(published) || !s.Modified.Equal(s.Published) && !s.Modified.IsZero() {
			t.Errorf("published %v, modified %v", s.Published, s.Modified)
		}
	})
}

func TestAChangedPageIsACorrectionAndIsReadOnForADay(t *testing.T) {
	wells := &article{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}
	kmsa := &newsroom{articles: []*article{wells}}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(30 * time.Minute)
		kmsa.change(func() { wells.text += "<p>Correction: an earlier version of this story named the wrong mill.</p>" })
		time.Sleep(time.Hour)
		s := w.story("wells")
		if !strings.Contains(lead(s).Entry.Content, "wrong mill") || s.Modified.Sub(s.Published) < 30*time.Minute {
			t.Errorf("modified %v after %v: %q", s.Modified, s.Published, lead(s).Entry.Content)
		}
		asked := kmsa.times("wells")
		time.Sleep(40 * time.Hour)
		if more := kmsa.times("wells") - asked; more != 3 {
			t.Errorf("it was read %d times more, want 3", more)
		}
	})
}

func TestAPageThatFailsDelaysNobody(t *testing.T) {
	kmsa := &newsroom{articles: []*article{
		{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells", 8), stalls: time.Hour},
		{slug: "mill", title: "The old mill turns again", status: 500, age: time.Hour},
		{slug: "vote", title: "Council votes on the bridge", text: reporting("Council votes on the bridge", 8), age: 2 * time.Hour},
	}}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(2 * time.Minute)
		for slug, whole := range map[string]bool{"wells": false, "mill": false, "vote": true} {
			s := w.story(slug)
			if lead(s).Hold != nil || s.IDAssignedAt.IsZero() || (lead(s).Entry.Content != "") != whole {
				t.Errorf("%s: held %v, content %q, page %+v", slug, lead(s).Hold, lead(s).Entry.Content, lead(s).Page)
			}
		}
		kmsa.change(func() {
			kmsa.articles[0].stalls, kmsa.articles[1].status = 0, 0
			kmsa.articles[1].text = reporting("The old mill turns again", 8)
		})
		time.Sleep(2 * time.Hour)
		for _, slug := range []string{"mill"} {
			s := w.story(slug)
			if lead(s).Entry.Content == "" || !s.Modified.IsZero() && s.Modified.After(s.Published) {
				t.Errorf("late text of %s: modified %v, content %q", slug, s.Modified, lead(s).Entry.Content)
			}
		}
	})
}

func TestPagesThatAVisitHasNoTimeForDelayTheirStoriesByOneVisit(t *testing.T) {
	kmsa := &newsroom{}
	for n := range 30 { // at two seconds a page a visit reaches ten
		title := fmt.Sprintf("Story %s of the lower river", strings.Repeat("x", n+1))
		kmsa.articles = append(kmsa.articles, &article{slug: fmt.Sprint("story-of-the-river-", n), title: title,
			text: reporting(title, 8), age: time.Duration(n) * time.Hour})
	}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		count := func() (published, held, whole int) {
			w.must(w.store.EachStory(func(s *news.Story) bool {
				i := s.Items[0]
				if i.Entry.Content != "" {
					whole++
				}
				if i.Hold != nil && i.Hold.Kind == news.HoldPage {
					held++
				} else {
					published++
				}
				return true
			}))
			return
		}
		time.Sleep(5 * time.Minute)
		published, held, whole := count()
		if v := w.visit("kmsa"); v.Awaiting != held {
			t.Errorf("%d wait, the feed's state says %d", held, v.Awaiting)
		}
		if published+held != 30 || published < 5 || held == 0 || whole != published {
			t.Errorf("after the first visit %d are published, %d held, %d have their text", published, held, whole)
		}
		time.Sleep(15 * time.Minute)
		if published, held, whole = count(); held != 0 || published != 30 || w.visit("kmsa").Awaiting != 0 {
			t.Errorf("after the second visit %d are published, %d held, %d have their text", published, held, whole)
		}
		time.Sleep(2 * time.Hour)
		if _, _, whole = count(); whole != 30 {
			t.Errorf("in the end %d have their text", whole)
		}
	})
}

func TestTopicsOfThePageDecideWhatIsTaken(t *testing.T) {
	kmsa := &newsroom{articles: []*article{
		{slug: "wells", title: "Wells run dry below Deming", topic: "Border", text: reporting("Wells run dry below Deming", 8)},
		{slug: "game", title: "The game ends in a draw", topic: "Sports", text: reporting("The game ends in a draw", 8), age: time.Hour},
		{slug: "late", title: "A page that fails at first", topic: "Border", status: 502, text: reporting("A page that fails at first", 8), age: time.Hour},
		{slug: "lost", title: "A page that nobody finds", topic: "Border", status: 404, age: time.Hour},
	}}
	only := func(f *news.Feed) { f.Only.Topics = []string{"Border"} }
	inWorldOf(t, []news.Station{readers("kmsa", only)}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		kmsa.change(func() { kmsa.articles[2].status = 0 })
		time.Sleep(time.Hour)
		if n := w.stories(); n != 2 || lead(w.story("late")).Entry.Content == "" || lead(w.story("wells")).Entry.Topics[0] != "Border" {
			t.Errorf("%d stories", n)
		}
		if n := kmsa.times("game"); n != 1 {
			t.Errorf("the page of what is not taken was asked for %d times", n)
		}
	})
}

func TestRobotsAndOtherHostsKeepUsFromArticles(t *testing.T) {
	kmsa := &newsroom{robots: "User-agent: *\nDisallow: /news/", articles: []*article{
		{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}}}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		s := w.story("wells")
		if len(kmsa.asked) != 0 || lead(s).Hold != nil || lead(s).Entry.Content != "" || !strings.Contains(lead(s).Page.Failure, "robots.txt") {
			t.Errorf("asked for %q; %+v", kmsa.asked, lead(s).Page)
		}
	})
}

func TestTwoPagesWithOneTextAreAWall(t *testing.T) {
	wall := "<p>Wells run dry. The mill turns.</p>" + reporting("Please sign in to go on", 8)
	kmsa := &newsroom{articles: []*article{
		{slug: "wells", title: "Wells run dry", text: wall},
		{slug: "mill", title: "The mill turns", text: wall, age: time.Hour},
	}}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		for _, slug := range []string{"wells", "mill"} {
			if i := lead(w.story(slug)); i.Entry.Content != "" || i.Page.Verdict != news.VerdictWrong {
				t.Errorf("%s: %q, %s %s", slug, i.Entry.Content, i.Page.Verdict, i.Page.Refusal)
			}
		}
	})
}

func TestWhatThreePagesShowIsCut(t *testing.T) {
	kmsa := &newsroom{}
	for n, title := range []string{"Wells run dry below Deming", "Council votes on the bridge", "The old mill turns again"} {
		kmsa.articles = append(kmsa.articles, &article{slug: fmt.Sprint("story-", n, "-of-the-river"), title: title,
			age: time.Duration(n) * time.Hour, text: reporting(title, 6) + "<p>KMSA airs the news of the valley at nine each morning.</p>"})
	}
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		for _, a := range kmsa.articles {
			if i := lead(w.story(a.slug)); strings.Contains(i.Entry.Content, "nine each morning") || i.Entry.Content == "" {
				t.Errorf("%s: %q", a.slug, i.Entry.Content)
			}
		}
	})
}

// Reading is switched on and off by a reload; the test's is a restart.
func TestArticlesAreReadFromTheReloadOnAndForgottenAfterIt(t *testing.T) {
	kmsa := &newsroom{articles: []*article{{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}}}
	stations := []news.Station{readers("kmsa", func(f *news.Feed) { f.WholePages = false })}
	inWorldOf(t, stations, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(time.Hour)
		if lead(w.story("wells")).Entry.Content != "" {
			t.Fatal("a page was read that its station did not agree to")
		}
		for _, whole := range []bool{true, false} {
			w.stations[0].Feeds[0].WholePages = whole
			w.restart()
			time.Sleep(time.Hour)
			s := w.story("wells")
			if got := lead(s).Entry.Content != ""; got != whole || s.Modified.After(s.Published) {
				t.Errorf("read %v: text %v, modified %v", whole, got, s.Modified)
			}
		}
	})
}

func TestWhatAHubDeliversWaitsForAVisitThatReadsItsPage(t *testing.T) {
	kmsa := &newsroom{articles: []*article{{slug: "mill", title: "The old mill turns again", text: reporting("The old mill turns again", 8)}}}
	every := func(f *news.Feed) { f.Every = time.Hour }
	inWorldOf(t, []news.Station{readers("kmsa", every)}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
		time.Sleep(5 * time.Minute)
		wells := &article{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}
		kmsa.change(func() { kmsa.articles = append([]*article{wells}, kmsa.articles...) })
		w.must(w.desk.Deliver(w.t.Context(), "http://kmsa.example/rss", []byte(`<rss version="2.0"><channel><title>News</title>
			<item><title>Wells run dry below Deming</title><link>http://kmsa.example/news/wells</link>
			<guid isPermaLink="false">wells</guid><description>A teaser about Wells run dry below Deming.</description>
			<pubDate>Sat, 11 Oct 2025 12:00:00 +0000</pubDate></item></channel></rss>`), "application/rss+xml"))
		time.Sleep(2 * time.Minute) // a visit is made soon, long before its hour
		s := w.story("wells")
		if i := s.Items[0]; i.Hold != nil || i.Entry.Content == "" || s.IDAssignedAt.IsZero() || !s.Modified.IsZero() {
			t.Errorf("held: %+v, modified %v, text %q", i.Hold, s.Modified, i.Entry.Content)
		}
	})
}

func TestTheNextVisitPublishesWhatWaitedForItsPage(t *testing.T) {
	stalling := func() *newsroom {
		return &newsroom{articles: []*article{
			{slug: "vote", title: "Council votes on the bridge", text: reporting("Council votes on the bridge", 8), stalls: 9 * time.Second},
			{slug: "mill", title: "The old mill turns again", text: reporting("The old mill turns again", 8), stalls: 9 * time.Second, age: time.Hour},
			{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8), age: 2 * time.Hour},
		}}
	}
	for _, reached := range []bool{true, false} {
		kmsa := stalling()
		inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
			time.Sleep(2 * time.Minute)
			if h := w.story("wells").Items[0].Hold; h == nil || h.Kind != news.HoldPage {
				t.Fatalf("held: %+v", h)
			}
			if !reached {
				kmsa.change(func() { kmsa.articles[2].status = http.StatusInternalServerError })
			}
			time.Sleep(25 * time.Minute) // a visit, and long before the clock would release it
			s := w.story("wells")
			if i := s.Items[0]; s.IDAssignedAt.IsZero() || i.Hold != nil || (i.Entry.Content != "") != reached {
				t.Errorf("reached %v: id at %v, held %+v, text %q", reached, s.IDAssignedAt, i.Hold, i.Entry.Content)
			}
		})
	}
}

// A feed that fails after it brought an item is no reason to keep the item forever.
func TestAnItemThatWaitsForAVisitThatNeverComesIsReleasedByTheClock(t *testing.T) {
	kmsa := &newsroom{articles: []*article{
		{slug: "vote", title: "Council votes on the bridge", text: reporting("Council votes on the bridge", 8), stalls: 9 * time.Second},
		{slug: "mill", title: "The old mill turns again", text: reporting("The old mill turns again", 8), stalls: 9 * time.Second, age: time.Hour},
		{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8), age: 2 * time.Hour},
	}}
	var down atomic.Bool
	server := http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if down.Load() {
			out.WriteHeader(http.StatusInternalServerError)
			return
		}
		kmsa.ServeHTTP(out, r)
	})
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": server}, func(w *world) {
		time.Sleep(2 * time.Minute)
		if h := w.story("wells").Items[0].Hold; h == nil || h.Kind != news.HoldPage {
			t.Fatalf("held: %+v", h)
		}
		down.Store(true)
		time.Sleep(time.Hour)
		if s := w.story("wells"); s.Items[0].Hold != nil || s.IDAssignedAt.IsZero() || s.Status != news.Live {
			t.Errorf("%+v, %s", s.Items[0].Hold, s.Status)
		}
	})
}

func TestWhyThereIsNoArticleSaysWhatThePageAnswered(t *testing.T) {
	for _, test := range []struct {
		answer news.Page
		want   string
	}{
		{news.Page{Status: 200, Article: &news.Article{}}, ""},
		{news.Page{Status: 200, Failure: "the page did not end"}, "the page did not end"},
		{news.Page{}, "there was no answer"},
		{news.Page{Status: 404}, "the answer was 404"},
		{news.Page{Status: 304}, "the answer was 304"}, // to a question without validators
		{news.Page{Status: 302}, "the answer was 302"}, // without an address
		{news.Page{Status: 302, Moved: "https://other.example/x"}, "it leads off the station's hosts, to https://other.example/x"},
		{news.Page{Status: 404, Moved: "https://kmsa.example/"}, "it leads to https://kmsa.example/, where the answer was 404"},
	} {
		if got := aggregator.ArticleFailure(test.answer); got != test.want {
			t.Errorf("%+v: %q, want %q", test.answer, got, test.want)
		}
	}
}

// A server that answers 404 for a while says nothing about its stories once it answers again, whatever
// it said when it was asked in between.
func TestAStoryIsBackAsSoonAsItsArticlePageIs(t *testing.T) {
	for name, during := range map[string]int{"between, not found": 0, "between, the server fails": http.StatusBadGateway} {
		kmsa := &newsroom{articles: []*article{
			{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}}}
		inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
			time.Sleep(30 * time.Minute)
			kmsa.change(func() { kmsa.articles[0].status = http.StatusNotFound })
			time.Sleep(time.Hour) // it has been read again
			s := w.story("wells")
			if s.Status != news.Held || !strings.Contains(flags(s), "withdrawn") {
				t.Fatalf("%s: %s, flags %s", name, s.Status, flags(s))
			}
			for _, f := range s.Flags {
				if f.Why != "its page answered 404" {
					t.Errorf("%s: its feed shows it, and the flag says that %s", name, f.Why)
				}
			}
			if during == 0 { // its headline changes, so its page is read at once
				kmsa.change(func() { kmsa.articles[0].status, kmsa.articles[0].title = 0, "Wells run dry south of Deming" })
				time.Sleep(20 * time.Minute)
			} else { // it was asked for the last time, and then read as planned
				kmsa.change(func() { kmsa.articles[0].status = during })
				time.Sleep(2 * time.Hour)
				kmsa.change(func() { kmsa.articles[0].status = 0 })
				time.Sleep(4 * time.Hour)
			}
			if s = w.story("wells"); s.Status != news.Live || lead(s).Absence != nil || lead(s).Hold != nil || flags(s) != "" {
				t.Errorf("%s: %s, flags %q, item %+v", name, s.Status, flags(s), lead(s))
			}
		})
	}
}

func TestAnArticlePageThatLeadsToTheHomePageIsGone(t *testing.T) {
	kmsa := &newsroom{articles: []*article{
		{slug: "wells", title: "Wells run dry below Deming", text: reporting("Wells run dry below Deming", 8)}}}
	var away atomic.Bool
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case away.Load() && r.URL.Path == "/news/wells":
			http.Redirect(w, r, "/", http.StatusFound)
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, "<!doctype html><title>KMSA</title><article>%s</article>", reporting("Wells run dry below Deming", 9))
		default:
			kmsa.ServeHTTP(w, r)
		}
	})
	inWorldOf(t, []news.Station{readers("kmsa")}, map[string]http.Handler{"kmsa.example": handler}, func(w *world) {
		time.Sleep(30 * time.Minute)
		away.Store(true)
		time.Sleep(time.Hour)
		if s := w.story("wells"); s.Status != news.Held || strings.Contains(lead(s).Entry.Content, "part number 8") {
			t.Errorf("%s: %q", s.Status, lead(s).Entry.Content)
		}
		time.Sleep(2 * time.Hour)
		if s := w.story("wells"); s.Status != news.Retracted {
			t.Errorf("not there twice: %s", s.Status)
		}
	})
}

// Feeds often name the reporter alone, and pages the house too.
func TestTheBylineOfAPageSaysWhoMadeAStoryWhoseReporterTheFeedNames(t *testing.T) {
	for byline, maker := range map[string]string{
		"By Ana Paz": "", "": "", "By Ana Paz, KMSA": "", "By Ana Paz, NPR": "npr", "By Ana Paz | NPR": "npr",
		"By NPR": "npr", "By Ana Paz, AJO": "ajo", "By Ana Paz | AJO": "ajo", "By AJO": "ajo",
	} {
		kmsa := &newsroom{articles: []*article{{slug: "wells", title: "Wells run dry below Deming", author: "Ana Paz",
			byline: byline, text: reporting("Wells run dry below Deming", 8)}}}
		stations := []news.Station{readers("kmsa"), {ID: "ajo", Name: "AJO", URL: "http://ajo.example/"}}
		inWorldOf(t, stations, map[string]http.Handler{"kmsa.example": kmsa}, func(w *world) {
			time.Sleep(5 * time.Minute)
			s := w.story("wells")
			i := lead(s)
			if s.Origin == nil || cmp.Or(s.Origin.Outside, s.Origin.Station) != cmp.Or(maker, "kmsa") || len(s.Origin.With) > 0 {
				t.Errorf("%q: made by %+v", byline, s.Origin)
			}
			if (i.Entry.Content == "") != (maker == "npr") || i.Entry.Byline != "Ana Paz" {
				t.Errorf("%q: %s, content %q, byline %q", byline, i.Page.Refusal, i.Entry.Content, i.Entry.Byline)
			}
		})
	}
}
