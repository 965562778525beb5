package publish

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// unescapePath is the path that a server sees of an address.
func unescapePath(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.Path, nil
}

// borderDesk is an edition in a zone behind UTC: a story is of the day before there.
func borderDesk(t testing.TB, stories ...*news.Story) *Edition {
	e := testEdition(t, stories...)
	e.Desk.Timezone = "America/Phoenix"
	return e
}

func TestADaysPageShowsItsStoriesAndLeadsToTheNearestDays(t *testing.T) {
	early := time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC) // the 27th in Phoenix
	e := borderDesk(t, plainStory("aaaaaaaaaaaaa", "kjzz", "Wells run dry", early))
	day, _ := e.Day("2026-11-27")
	span := news.Span{Stories: e.Stories}
	r := NewRenderer(*e)
	d, err := DayPage(r, day, span, 1, early.AddDate(0, 0, -3), early.AddDate(0, 0, 9), Locale{"es", true})
	body := must(t, d, err)
	inSequence(
		t,
		"the page",
		body,
		`<html lang="es">`,
		`<link rel="canonical" href="https://fronteras.example/es/days/2026-11-27">`,
		`hreflang="x-default" href="https://fronteras.example/days/2026-11-27"`,
		`<meta property="og:url" content="https://fronteras.example/es/days/2026-11-27">`,
		`<h1><time datetime="2026-11-27">viernes 27 de noviembre de 2026</time></h1>`,
		`<h2 class="headline"><a href="/es/stories/aaaaaaaaaaaaa">Wells run dry</a></h2>`,
		`20:30`,
		`<a rel="prev" href="/es/days/2026-11-24">← martes 24 de noviembre de 2026</a>`,
		`<a rel="next" href="/es/days/2026-12-06">domingo 6 de diciembre de 2026 →</a>`,
	)
	if strings.Contains(body, "noindex") || strings.Contains(body, "?page=") {
		t.Errorf("it is not listed, or has parts: %s", body)
	}
	span.More = true
	d, err = DayPage(r, day, span, 2, time.Time{}, time.Time{}, inEnglish)
	body = must(t, d, err)
	inSequence(
		t,
		"its second part",
		body,
		`<link rel="canonical" href="https://fronteras.example/days/2026-11-27?page=2">`,
		`<a href="/days/2026-11-27">← 1</a>`,
		`<a href="/days/2026-11-27?page=3">3 →</a>`,
	)
	if strings.Contains(body, `rel="prev"`) || strings.Contains(body, `rel="next"`) {
		t.Error("it leads to days that there are not")
	}
}

func TestADayWithoutStoriesLeadsToTheNearest(t *testing.T) {
	e := borderDesk(t)
	day, _ := e.Day("2026-11-27")
	d, err := NoDayPage(NewRenderer(*e), day, day.From.Add(-time.Hour), time.Time{}, inEnglish)
	body := must(t, d, err)
	inSequence(t, "the page", body, `content="noindex"`, "There are no stories of Friday, November 27, 2026.",
		`<li><a href="/days/2026-11-26">Thursday, November 26, 2026</a></li>`)
	if strings.Count(body, "/days/2026-11-2") != 3 { // and itself, for Open Graph and in Spanish
		t.Errorf("it leads elsewhere: %s", body)
	}
}

func TestAStationsPageShowsWhatItMadeAndThenWhatItCarries(t *testing.T) {
	made := plainStory("aaaaaaaaaaaaa", "kjzz", "Wells run dry", noon)
	filed := plainStory("bbbbbbbbbbbbb", "kjzz", "An old map", noon.Add(-time.Hour))
	filed.ArchiveOnly = true
	other := plainStory("ccccccccccccc", "krwg", "Not there", noon)
	carried := plainStory("ddddddddddddd", "krwg", "Night clinic stays", noon.Add(time.Hour))
	copied := *carried.Items[0]
	copied.Number, copied.Station = 77, "kjzz"
	carried.Items, carried.Members = append(carried.Items, &copied), append(carried.Members, 77)
	withdrawn := plainStory("eeeeeeeeeeeee", "kjzz", "Told in error", noon)
	withdrawn.Status = news.Retracted
	older := plainStory("fffffffffffff", "kjzz", "Years ago", noon.AddDate(-3, 0, 0))
	e := borderDesk(t, made, other, carried)
	e.Filed = []*news.Story{filed}
	for n := range e.Stations {
		if s := &e.Stations[n]; s.ID == "kjzz" {
			s.Feeds = []news.Feed{{Station: "kjzz", URL: "https://kjzz.example/feed"}}
			e.Facts = map[string]news.Facts{"https://kjzz.example/feed": {Image: "https://kjzz.example/logo.png"}}
		}
	}
	d, err := StationPage(NewRenderer(*e), "kjzz", []*news.Story{older, made, withdrawn}, true, Locale{"es", true})
	body := must(t, d, err)
	inSequence(
		t,
		"the page",
		body,
		`<link rel="canonical" href="https://fronteras.example/es/stations/kjzz">`,
		`href="/feed.rss?station=kjzz"`,
		`<img class="logo" src="https://kjzz.example/logo.png" alt=""`,
		`<h1>KJZZ</h1>`,
		`Sitio web`,
		`<a href="/feed.rss?station=kjzz">RSS</a>`,
		`De KJZZ`,
		"Wells run dry",
		"An old map",
		"Years ago",
		`De otros, en KJZZ`,
		"Night clinic stays",
		`<a rel="next" href="/es/search?station=kjzz">Notas anteriores →</a>`,
		`<code>https://fronteras.example/podcast.rss?station=kjzz</code>`,
	)
	main, _, _ := strings.Cut(body, "</main>")
	if strings.Contains(body, "Told in error") || strings.Contains(body, "Not there") ||
		strings.Count(main, `"headline"`) != 4 || strings.Contains(body, "noindex") {
		t.Errorf("it shows others too, or a story twice: %s", body)
	}
	e.Pictures = NoPictures
	d, err = StationPage(NewRenderer(*e), "kjzz", nil, false, inEnglish)
	if body := must(t, d, err); strings.Contains(body, "kjzz.example/logo.png") || strings.Contains(body, "/search?station") {
		t.Errorf("it asks the station for its logo, or leads to a search that is not there: %s", body)
	}
	quiet, err := StationPage(NewRenderer(*borderDesk(t)), "kjzz", nil, false, inEnglish)
	inSequence(
		t,
		"without stories",
		must(t, quiet, err),
		`content="noindex"`,
		"There are no stories here at the moment.",
	)
}

// A feed's picture whose address has what opens the feed is not shown.
func TestALogoTellsNoSecret(t *testing.T) {
	for image, want := range map[string]string{
		"https://kjzz.example/logo.png": "https://kjzz.example/logo.png", "": "", "/logo.png": "", "data:image/png,x": "",
		"https://user:word@kjzz.example/logo.png": "", "javascript:alert(1)": "",
		"https://kjzz.example/logo.png?token=4c1f7b2e9d": "",
	} {
		station := news.Station{
			ID:    "kjzz",
			URL:   "https://kjzz.example",
			Feeds: []news.Feed{{URL: "https://kjzz.example/f?token=4c1f7b2e9d"}},
		}
		e := &Edition{Facts: map[string]news.Facts{station.Feeds[0].URL: {Image: image}}}
		if have := logoOf(e, station); have != want {
			t.Errorf("%q is shown as %q, want %q", image, have, want)
		}
	}
}

func TestATopicsPageIsNamedAsStoriesNameIt(t *testing.T) {
	wells := plainStory("aaaaaaaaaaaaa", "kjzz", "Wells run dry", noon)
	wells.Items[0].Entry.Topics = []string{"Arts / Culture"}
	e := borderDesk(t, wells, plainStory("bbbbbbbbbbbbb", "kjzz", "Not there", noon))
	d, err := TopicPage(NewRenderer(*e), "arts-/-culture", nil, false, inEnglish)
	body := must(t, d, err)
	inSequence(t, "the page", body, `<link rel="canonical" href="https://fronteras.example/topics/arts-/-culture">`,
		`<a href="/es/topics/arts-/-culture" rel="alternate" hreflang="es" lang="es">Español</a>`,
		`<h1>Arts / Culture</h1>`, `<a href="/feed.rss?topic=arts-%2F-culture">RSS</a>`, "Wells run dry")
	if strings.Contains(body, "Not there") {
		t.Error("it shows other stories")
	}
	story, err := StoryPage(NewRenderer(*e), wells, inSpanish)
	inSequence(
		t,
		"the story's page",
		must(t, story, err),
		`<a href="/topics/arts-/-culture" rel="tag">Arts / Culture</a>`,
	)
	for key, want := range map[string]string{
		"water": "/topics/water", "100%": "/topics/100%25", "educación": "/topics/educaci%C3%B3n", "..": "/?topic=..",
		"a//b": "/?topic=a%2F%2Fb", `a\b`: "/?topic=a%5Cb", "a?b#c": "/topics/a%3Fb%23c",
	} {
		if have := topicLink(page{}, key); have != want {
			t.Errorf("the topic %q is at %s, want %s", key, have, want)
		}
	}
}

func TestThePodcastsPageSaysHowToSubscribe(t *testing.T) {
	e := borderDesk(t, shelters())
	e.Podcast.Title = "Fronteras on the air"
	d, err := PodcastPage(NewRenderer(*e), Locale{"en", true})
	inSequence(t, "the page", must(t, d, err), `<link rel="canonical" href="https://fronteras.example/en/podcast">`,
		`<h1>Fronteras on the air</h1>`, `<a href="podcast://fronteras.example/podcast.rss">Apple Podcasts</a>`,
		`<a href="overcast://x-callback-url/add?url=https%3A%2F%2Ffronteras.example%2Fpodcast.rss">Overcast</a>`,
		`<a href="pktc://subscribe/fronteras.example/podcast.rss">Pocket Casts</a>`,
		`<code>https://fronteras.example/podcast.rss</code>`, `href="/en/stories/`, `<audio controls preload="none"`)
	e = borderDesk(t)
	e.Podcast.Title = e.Desk.Title
	d, err = PodcastPage(NewRenderer(*e), inSpanish)
	inSequence(t, "without episodes and a title of its own", must(t, d, err), "<h1>Podcast: Fronteras Desk</h1>",
		"Todavía no hay episodios.")
}

func TestRobotsAreToldOfTheSitemapAndTheLicense(t *testing.T) {
	e := borderDesk(t)
	if have, want := string(Robots(NewRenderer(*e)).Body), `User-agent: *
Disallow: /?
Disallow: /search
Disallow: /en/?
Disallow: /en/search
Disallow: /es/?
Disallow: /es/search

Sitemap: https://fronteras.example/sitemap.xml
`; have != want {
		t.Errorf("robots.txt:\n%s", have)
	}
	e.Desk.URL, e.Crawlers = "https://radio.example/border", "https://radio.example/license.xml"
	have := string(Robots(NewRenderer(*e)).Body)
	inSequence(t, "robots.txt", have, "License: https://radio.example/license.xml\n\nUser-agent: *\n",
		"Disallow: /border/?\nDisallow: /border/search\n", "Disallow: /border/es/search\n",
		"Sitemap: https://radio.example/border/sitemap.xml\n")
}

func TestTheSitemapListsPagesThatSearchEnginesMayList(t *testing.T) {
	wells := plainStory("aaaaaaaaaaaaa", "kjzz", "Wells run dry", noon)
	wells.Items[0].Entry.Topics, wells.Changed = []string{"Water & Power"}, noon.Add(time.Hour)
	e := borderDesk(t, wells)
	r := NewRenderer(*e)
	november, december := e.MonthOf(noon), e.MonthOf(noon.AddDate(0, -1, 0))
	d, err := Sitemap(r, []Period{november, december})
	index := must(t, d, err)
	inSequence(
		t,
		"the index",
		index,
		`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
		"<loc>https://fronteras.example/sitemap-pages.xml</loc>",
		"<loc>https://fronteras.example/sitemap-"+november.Name+".xml</loc>\n  <lastmod>"+formatISO(
			wells.Changed,
		)+"</lastmod>",
		"<loc>https://fronteras.example/sitemap-"+december.Name+".xml</loc>\n </sitemap>",
	)
	d, err = SitemapOfMonth(r, []DayChanged{{e.DayOf(noon), wells.Changed}})
	inSequence(
		t,
		"the month",
		must(t, d, err),
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
		"<loc>https://fronteras.example/days/"+e.DayOf(
			noon,
		).Name+"</loc>\n  <lastmod>"+formatISO(
			wells.Changed,
		)+"</lastmod>",
	)
	d, err = SitemapOfPages(r, []string{"quiet"})
	pages := must(t, d, err)
	inSequence(t, "the pages", pages, "<loc>https://fronteras.example/</loc>", "/archive</loc>", "/podcast</loc>",
		"/stations/kjzz</loc>", "/topics/quiet</loc>\n </url>", "/topics/water-&amp;-power</loc>")
	if strings.Contains(pages, "/stories/") || d.Type != "application/xml; charset=utf-8" {
		t.Errorf("it lists stories, or is %s: %s", d.Type, pages)
	}
	for _, body := range []string{index, pages} {
		if err := xml.Unmarshal([]byte(body), new(struct{})); err != nil {
			t.Error(err)
		}
	}
	var many []string
	for n := range maxSitemapURLs + 10 {
		many = append(many, fmt.Sprintf("topic-%d", n))
	}
	d, err = SitemapOfPages(r, many)
	if n := strings.Count(must(t, d, err), "<url>"); n != maxSitemapURLs {
		t.Errorf("a file of the sitemap lists %d addresses", n)
	}
}
