package publish

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/news"
)

var noon = time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)

// shelters is a story that KJZZ made, with everything that a story can have, and that AZPM carries.
func shelters() *news.Story {
	published := time.Date(2026, 2, 4, 21, 0, 0, 0, time.UTC)
	own := &news.Item{Number: 1, Station: "kjzz", Feed: "https://www.kjzz.org/rss.xml", TrustedDate: published,
		FirstSeen: published, Entry: news.Entry{
			GUID: "9d3f1a", URL: "https://www.kjzz.org/news/shelters", Title: "Border shelters run short of money",
			Summary: "<p>Three towns say winter funds end in March.</p>",
			Content: "<p>Beds are few.</p><p>Money is less.</p><p>This story is from the Fronteras Desk, a " +
				"collaboration of public radio stations, including KJZZ. Read more from the Fronteras Desk.</p>",
			Authors: []news.Person{{Name: "Ana Ruiz"}}, Published: published, Language: "en-US",
			Topics: []string{"Border", "Migration Policy"},
			Enclosures: []news.Enclosure{{URL: "https://dts.podtrac.com/redirect.mp3/kjzz.org/a.mp3?x=1&y=2",
				Type: "audio/mpeg", Length: 3920000, Duration: 245}},
			Images: []news.Image{{
				URL: "https://www.kjzz.org/shelter.jpg", Width: 1200, Height: 800, Alt: "A volunteer folds blankets",
				Caption: "A volunteer at a shelter in Nogales.", Credit: "Luz Vega",
			}},
			Rights: "© KJZZ", License: "https://creativecommons.org/licenses/by/4.0/",
			Podcast: &news.Podcast{
				Transcripts: []news.Transcript{{URL: "https://www.kjzz.org/a.vtt", Type: "text/vtt"}},
				Persons:     []news.Role{{Name: "Ana Ruiz", Role: "host"}},
				Chapters:    []news.Chapter{{URL: "https://www.kjzz.org/a.json", Type: "application/json+chapters"}},
			},
		}}
	copied := &news.Item{Number: 2, Station: "azpm", Feed: "https://news.azpm.org/rss.xml",
		TrustedDate: published.Add(time.Hour), FirstSeen: published.Add(time.Hour), Entry: news.Entry{
			URL: "https://news.azpm.org/p/1", Title: "Shelters are short of money", Content: "<p>Beds are few.</p>",
		}}
	return &news.Story{
		Number: 1, ID: "aaaaaaaaaaaaa", PublicID: "tag:fronteras.example,2026:aaaaaaaaaaaaa", Status: news.Live,
		Published: published,
		Modified:  published.Add(19*time.Hour + 30*time.Minute), FirstSeen: published, IDAssignedAt: published,
		Changed: noon, Sequence: 1, LeadItem: 1,
		Root: news.Root{Item: 1}, Origin: &news.Origin{Maker: news.Maker{Station: "kjzz", Name: "KJZZ"}, Rule: "O2"},
		Edges:   []news.Edge{{Item: 1, Confidence: news.Certain}, {Item: 2, Confidence: news.Probable}},
		Members: []uint64{1, 2}, Items: []*news.Item{own, copied},
	}
}

// plainStory is a story of one item of a station's.
func plainStory(id, station, title string, published time.Time) *news.Story {
	i := &news.Item{Number: 1, Station: station, Feed: "https://" + station + ".example/rss.xml",
		TrustedDate: published, FirstSeen: published, Entry: news.Entry{
			URL: "https://" + station + ".example/" + id, Title: title, Content: "<p>Text of " + id + ".</p>",
			Published: published,
		}}
	return &news.Story{
		ID: id, PublicID: "tag:fronteras.example,2026:" + id, Status: news.Live, Published: published,
		FirstSeen: published, IDAssignedAt: published,
		Changed: published, LeadItem: 1, Origin: &news.Origin{Maker: news.Maker{Station: station, Name: station}},
		Items: []*news.Item{i}, Members: []uint64{1},
	}
}

// withSound gives a story's item audio.
func withSound(s *news.Story, address string, seconds int) *news.Story {
	s.Items[0].Entry.Enclosures = []news.Enclosure{{URL: address, Type: "audio/mpeg", Duration: seconds}}
	return s
}

func testEdition(t testing.TB, stories ...*news.Story) *Edition {
	t.Helper()
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example", Description: "Border news", Language: "en",
		Contact: "desk@fronteras.example",
		Image:   "https://fronteras.example/logo.png",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
			"Read more from the {{.DeskLink}}.",
	}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	var stations []news.Station
	for _, id := range []string{"kjzz", "azpm", "krwg"} {
		stations = append(stations, news.Station{ID: id, Name: strings.ToUpper(id),
			Brand: strings.ToUpper(id) + " 91.5", URL: "https://" + id + ".example", Timezone: "America/Phoenix"})
	}
	return &Edition{
		Window: news.Window{Stories: stories}, Desk: desk, Stations: stations, Credit: words,
		Configured: noon.Add(-100 * time.Hour),
		MaxAge:     5 * time.Minute, Authority: "tag:fronteras.example,2026:",
		Facts: map[string]news.Facts{"https://www.kjzz.org/rss.xml": {Title: "KJZZ News",
			Link: "https://www.kjzz.org/"}},
		Podcast: Podcast{Category: []string{"News", "Daily News"}, Image: "https://fronteras.example/podcast.jpg"},
	}
}

// must gives a document's text.
func must(t testing.TB, d Document, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.LeftOut) > 0 {
		t.Fatalf("left out: %+v", d.LeftOut)
	}
	return string(d.Body)
}

// mergedPaths are the addresses of the merged feed's documents, feedPaths those of all feeds.
var (
	mergedPaths = map[string]string{"rss": "/feed.rss", "atom": "/feed.atom", "json": "/feed.json"}
	feedPaths   = map[string]string{
		"rss": "/feed.rss", "atom": "/feed.atom", "json": "/feed.json", "podcast": "/podcast.rss",
	}
)

// Locales of readers whose browser prefers a language.
var inEnglish, inSpanish = Locale{Language: "en"}, Locale{Language: "es"}

// rendered renders the newest document of the format with that path.
func rendered(e *Edition, path string, s Selection) (Document, error) {
	f, _, _ := FormatAt(path)
	return NewRenderer(*e).Render(f, s, inEnglish)
}

// renderedArchive renders the archive document at that path; what its recordings were given to is
// as it would be if nothing had been decided.
func renderedArchive(e *Edition, path string, a news.Archive, s Selection) (Document, error) {
	f, number, _ := FormatAt(path)
	a.Number = number
	keep := func(values map[string]string) (map[string]string, error) { return values, nil }
	return NewRenderer(*e).RenderArchive(f, a, s, keep)
}

// articlesAt returns the articles that the gate compares a document with.
func articlesAt(e *Edition, path string) []article {
	r := NewRenderer(*e)
	f, _, _ := FormatAt(path)
	return r.articlesOf(newestContents(&r.Edition, f, Selection{}).stories, Selection{})
}

// inSequence looks for texts, each after the one before.
func inSequence(t *testing.T, name, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		at := strings.Index(body, text)
		if at < 0 {
			t.Fatalf("%s: no %q here, or not in its place:\n%.2000s", name, text, body)
		}
		body = body[at+len(text):]
	}
}

func TestOneStoryInEveryFormat(t *testing.T) {
	e := testEdition(t, shelters())
	e.Closed = 2
	e.Hub = "https://fronteras.example/websub/hub"
	rss, err := rendered(e, "/feed.rss", Selection{})
	inSequence(t, "rss", must(t, rss, err),
		`<title>Fronteras Desk</title>`, `<link>https://fronteras.example/</link>`,
		`<description>Border news</description>`,
		`<atom:link href="https://fronteras.example/feed.rss" rel="self" type="application/rss+xml">`,
		`<atom:link href="https://fronteras.example/websub/hub" rel="hub">`,
		`<atom:link href="https://fronteras.example/archive/2.rss" rel="prev-archive"`,
		`<language>en</language>`, `<managingEditor>desk@fronteras.example (Fronteras Desk)</managingEditor>`,
		`<lastBuildDate>Thu, 05 Feb 2026 16:30:00 +0000</lastBuildDate>`, `<generator>`, `<docs>`, `<ttl>5</ttl>`,
		`<image>`,
		`<item>`, `<title>Border shelters run short of money</title>`,
		`<link>https://www.kjzz.org/news/shelters</link>`,
		`<description>Three towns say winter funds end in March.</description>`,
		`<content:encoded>&lt;figure&gt;&lt;img src=&#34;https://www.kjzz.org/shelter.jpg&#34; alt=&#34;A volunteer `+
			`folds blankets&#34;`,
		`A volunteer at a shelter in Nogales. (Luz Vega)&lt;/figcaption&gt;`, `Beds are few`,
		`By Ana Ruiz. Originally published by &lt;a `+
			`href=&#34;https://www.kjzz.org/news/shelters&#34;&gt;KJZZ&lt;/a&gt;.`, `including KJZZ 91.5.`,
		`<dc:creator>Ana Ruiz</dc:creator>`, `<category>Border</category>`, `<category>Migration Policy</category>`,
		`<guid isPermaLink="false">tag:fronteras.example,2026:aaaaaaaaaaaaa</guid>`,
		`<pubDate>Wed, 04 Feb 2026 21:00:00 +0000</pubDate>`,
		`<dcterms:modified>2026-02-05T16:30:00Z</dcterms:modified>`, `<dc:language>en-US</dc:language>`,
		`<dc:rights>© KJZZ</dc:rights>`,
		`<creativeCommons:license>`, `<source url="https://www.kjzz.org/rss.xml">KJZZ News</source>`,
		`<enclosure url="https://dts.podtrac.com/redirect.mp3/kjzz.org/a.mp3?x=1&amp;y=2" length="3920000" `+
			`type="audio/mpeg">`,
		`<media:content url="https://www.kjzz.org/shelter.jpg" type="image/jpeg" medium="image" width="1200" `+
			`height="800">`,
		`<media:title>A volunteer folds blankets</media:title>`,
		`<media:description>A volunteer at a shelter in Nogales.</media:description>`,
		`<media:credit role="photographer" scheme="urn:ebu">Luz Vega</media:credit>`,
		`<media:thumbnail url="https://www.kjzz.org/shelter.jpg"`)
	if n := strings.Count(string(rss.Body), "This story is from"); n != 1 {
		t.Errorf("%d credits", n)
	}
	atom, err := rendered(e, "/feed.atom", Selection{})
	inSequence(t, "atom", must(t, atom, err),
		`<id>tag:fronteras.example,2026:feed</id>`, `<updated>2026-02-05T16:30:00Z</updated>`, `rel="self"`,
		`rel="hub"`, `rel="prev-archive"`,
		`<entry xml:lang="en-US">`, `<id>tag:fronteras.example,2026:aaaaaaaaaaaaa</id>`, `<title type="text">`,
		`<updated>2026-02-05T16:30:00Z</updated>`,
		`<published>2026-02-04T21:00:00Z</published>`, `<name>Ana Ruiz</name>`, `<contributor>`,
		`<name>Luz Vega</name>`,
		`<link rel="alternate" type="text/html" href="https://www.kjzz.org/news/shelters">`,
		`<link rel="related" type="text/html" href="https://news.azpm.org/p/1" title="Also at AZPM">`,
		`<link rel="enclosure" type="audio/mpeg" href="https://dts.podtrac.com`, `length="3920000"`,
		`<link rel="license"`,
		`<summary type="text">`, `<content type="html">`, `<source>`, `<id>https://www.kjzz.org/rss.xml</id>`,
		`KJZZ News`, `<updated>`, `<name>KJZZ</name>`,
		`<category term="Migration Policy" label="Migration Policy">`, `<rights type="text">© KJZZ</rights>`,
		`<media:content url="https://www.kjzz.org/shelter.jpg" type="image/jpeg" medium="image" width="1200" `+
			`height="800">`, `<media:title>A volunteer folds blankets</media:title>`,
		`<media:description>A volunteer at a shelter in Nogales.</media:description>`,
		`<media:credit role="photographer" scheme="urn:ebu">Luz Vega</media:credit>`, `</media:content>`,
		`<media:thumbnail url="https://www.kjzz.org/shelter.jpg"`)
	if strings.Contains(string(atom.Body), `rel="via"`) {
		t.Error("a story whose origin is read has a via")
	}
	text, err := rendered(e, "/feed.json", Selection{})
	var f struct {
		FeedURL string `json:"feed_url"`
		NextURL string `json:"next_url"`
		Hubs    []struct{ Type, URL string }
		Items   []map[string]any
	}
	if err := json.Unmarshal([]byte(must(t, text, err)), &f); err != nil {
		t.Fatal(err)
	}
	if f.NextURL != "https://fronteras.example/archive/2.json" || len(f.Hubs) != 1 || f.Hubs[0].Type != "WebSub" {
		t.Errorf("next %q, hubs %v", f.NextURL, f.Hubs)
	}
	item := f.Items[0]
	for name, want := range map[string]string{
		"_desk": `map[carried_by:[map[id:azpm name:AZPM url:https://news.azpm.org/p/1]] confidence:probable ` +
			`origin:map[id:kjzz name:KJZZ url:https://www.kjzz.org/news/shelters]]`,
		"attachments": `[map[duration_in_seconds:245 mime_type:audio/mpeg size_in_bytes:3.92e+06 ` +
			`url:https://dts.podtrac.com/redirect.mp3/kjzz.org/a.mp3?x=1&y=2]]`,
		"authors": `[map[name:Ana Ruiz]]`, "tags": `[Border Migration Policy]`, "language": `en-US`,
		"image":          `https://www.kjzz.org/shelter.jpg`,
		"date_published": `2026-02-04T21:00:00Z`, "date_modified": `2026-02-05T16:30:00Z`,
		"summary": `Three towns say winter funds end in March.`,
	} {
		if have := fmt.Sprint(item[name]); have != want {
			t.Errorf("%s is %s, want %s", name, have, want)
		}
	}
	pod, err := rendered(e, "/podcast.rss", Selection{})
	inSequence(t, "podcast", must(t, pod, err),
		`<copyright>Fronteras Desk</copyright>`, `<itunes:author>`,
		`<itunes:image href="https://fronteras.example/podcast.jpg">`,
		`<itunes:category text="News">`, `<itunes:category text="Daily News">`,
		`<itunes:explicit>false</itunes:explicit>`, `<podcast:guid>`,
		`<podcast:locked owner="desk@fronteras.example">yes</podcast:locked>`,
		`<podcast:medium>podcast</podcast:medium>`,
		`<item>`, `<description>Three towns say winter funds end in March.`, `Beds are few.`,
		`Originally published by KJZZ.`, `Read more from the Fronteras Desk.</description>`,
		`<enclosure url="https://dts.podtrac.com`, `<itunes:author>Ana Ruiz, KJZZ</itunes:author>`,
		`<itunes:duration>245</itunes:duration>`,
		`<podcast:transcript url="https://www.kjzz.org/a.vtt" type="text/vtt">`,
		`<podcast:chapters url="https://www.kjzz.org/a.json"`,
		`<podcast:person role="host">Ana Ruiz</podcast:person>`)
	if strings.Contains(string(pod.Body), "media:content") || strings.Contains(string(pod.Body), "prev-archive") {
		t.Error("the podcast has media:content or archive links")
	}
	page, err := StoryPage(NewRenderer(*e), shelters(), inEnglish)
	inSequence(t, "page", must(t, page, err),
		`<meta name="robots" content="noindex">`, `<link rel="canonical" href="https://www.kjzz.org/news/shelters">`,
		`<meta property="og:url" content="https://www.kjzz.org/news/shelters">`,
		`<meta property="og:image:alt" content="A volunteer folds blankets">`, `"@type":"NewsArticle"`,
		`"isBasedOn":"https://www.kjzz.org/news/shelters"`,
		`"duration":"PT245S"`, `<h1>Border shelters run short of money</h1>`, `By Ana Ruiz`,
		`<time datetime="2026-02-04T21:00:00Z">Feb. 4, 2026, 2:00 p.m. MST</time>`,
		`Updated <time datetime="2026-02-05T16:30:00Z">`,
		`<audio controls preload="none"`,
		`<img loading="lazy" referrerpolicy="no-referrer" src="https://www.kjzz.org/shelter.jpg" alt="A volunteer `+
			`folds blankets" width="1200" height="800"/>`,
		`This story is from the Fronteras Desk`, `Also on <a href="https://news.azpm.org/p/1">AZPM</a>`, `© KJZZ`)
}

func TestPartnersDocument(t *testing.T) {
	e := testEdition(t, shelters(), plainStory("bbbbbbbbbbbbb", "kjzz", "Rain", noon))
	d, err := rendered(e, "/feed.rss", Selection{For: []string{"azpm"}})
	body := must(t, d, err)
	if strings.Contains(body, "Border shelters") || !strings.Contains(body, "<title>Rain</title>") {
		t.Error("it holds what the partner carries, or lacks what it does not")
	}
	inSequence(t, "for azpm", body, `rel="self"`, `including AZPM 91.5.`)
	if d.Self != "https://fronteras.example/feed.rss?for=azpm" || !d.Modified.Equal(noon) {
		t.Errorf("self %s, modified %s", d.Self, d.Modified)
	}
}

// Validators remark on the namespace of tombstones, as on every one that they do not know.
func TestAtomWithoutTombstonesDeclaresNoNamespaceOfTheirs(t *testing.T) {
	d, err := rendered(testEdition(t, shelters()), "/feed.atom", Selection{})
	if body := must(t, d, err); strings.Contains(body, "tombstones") {
		t.Errorf("it is declared:\n%s", body)
	}
}

func TestWithdrawnAndJoined(t *testing.T) {
	withdrawn := shelters()
	withdrawn.Status, withdrawn.Withdrawn, withdrawn.WithdrawnBy, withdrawn.Changed = news.Retracted, noon, "KJZZ", noon
	rain := plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon.Add(-time.Hour))
	e := testEdition(t, rain)
	e.Left = []*news.Story{withdrawn}
	e.Gone = []news.Gone{
		{ID: withdrawn.PublicID, When: noon, Story: withdrawn},
		{ID: "tag:fronteras.example,2026:former", When: noon.Add(time.Hour), Story: rain},
		{ID: rain.PublicID, When: noon, Story: rain}, // it lives again
	}
	for _, s := range []Selection{{}, {For: []string{"azpm"}}} {
		d, err := rendered(e, "/feed.atom", s)
		body := must(t, d, err)
		inSequence(t, "atom", body, `<updated>2026-02-06T13:00:00Z</updated>`,
			`<at:deleted-entry ref="tag:fronteras.example,2026:aaaaaaaaaaaaa" when="2026-02-06T12:00:00Z">`, `<at:by>`,
			`<name>KJZZ</name>`, `<at:comment>Withdrawn by KJZZ</at:comment>`,
			`<at:deleted-entry ref="tag:fronteras.example,2026:former"`,
			`<at:comment>Now part of tag:fronteras.example,2026:bbbbbbbbbbbbb</at:comment>`, `<entry`)
		if strings.Count(body, "<at:deleted-entry") != 2 || strings.Contains(body, "Beds are few") {
			t.Error("a living story has a tombstone, or a withdrawn one its text")
		}
		if !strings.Contains(body, ` xmlns:at="http://purl.org/atompub/tombstones/1.0"`) {
			t.Error("the namespace of the tombstones is not declared")
		}
		if !d.Modified.Equal(noon.Add(time.Hour)) {
			t.Errorf("modified %s", d.Modified)
		}
	}
	text, err := rendered(e, "/feed.json", Selection{})
	if body := must(t, text, err); !strings.Contains(body, `"withdrawn": [
      {
        "id": "tag:fronteras.example,2026:aaaaaaaaaaaaa",
        "when": "2026-02-06T12:00:00Z"
      }
    ]`) {
		t.Errorf("_desk.withdrawn: %s", body)
	}
	elsewhere, err := rendered(e, "/feed.atom", Selection{Stations: []string{"krwg"}})
	if body := must(t, elsewhere, err); strings.Contains(body, "aaaaaaaaaaaaa") {
		t.Error("a station's document has a withdrawal of another station")
	}
	page, err := WithdrawnPage(NewRenderer(*e), withdrawn, inEnglish)
	if body := must(t, page, err); !strings.Contains(body, "Withdrawn by KJZZ on Feb. 6, 2026.") ||
		strings.Contains(body, "shelter") {
		t.Errorf("the page of a withdrawn story: %s", body)
	}
}

func TestArchiveDocuments(t *testing.T) {
	e := testEdition(t)
	e.Closed = 3
	a := news.Archive{Stories: []*news.Story{plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon)},
		Ended: noon.Add(time.Hour)}
	s := Selection{Topics: nil, For: []string{"azpm"}}
	for _, name := range []string{".rss", ".atom"} {
		d, err := renderedArchive(e, "/archive/2"+name, a, s)
		body := must(t, d, err)
		for rel, path := range map[string]string{"self": "archive/2", "prev-archive": "archive/1",
			"next-archive": "archive/3", "current": "feed"} {
			address := "https://fronteras.example/" + path + name + "?for=azpm"
			if !strings.Contains(body, `href="`+address+`" rel="`+rel) &&
				!strings.Contains(body, `rel="`+rel+`" type="application/atom+xml" href="`+address) {
				t.Errorf("%s: no %s to %s", name, rel, address)
			}
		}
		if !strings.Contains(body, "<fh:archive>") || !d.Modified.Equal(noon.Add(time.Hour)) {
			t.Errorf("%s: no fh:archive, or modified %s", name, d.Modified)
		}
	}
	d, err := renderedArchive(e, "/archive/2.json", a, s)
	if body := must(t, d, err); !strings.Contains(body,
		`"next_url": "https://fronteras.example/archive/1.json?for=azpm"`) {
		t.Errorf("json: %s", body)
	}
	e.Standalone = true
	alone, err := rendered(e, "/feed.atom", Selection{})
	if body := must(t, alone, err); strings.Contains(body, "archive") {
		t.Error("a document that stands alone links to the archive")
	}
}

func TestEpisodes(t *testing.T) {
	const sound = "https://krwg.example/a.mp3"
	blocked := withSound(plainStory("eeeeeeeeeeeee", "krwg", "Blocked", noon.Add(-4*time.Hour)),
		"https://krwg.example/b.mp3", 0)
	blocked.Items[0].Entry.Podcast = &news.Podcast{Block: true}
	ofBlocked := withSound(plainStory("hhhhhhhhhhhhh", "locked", "Of a blocked feed", noon.Add(-7*time.Hour)),
		"https://locked.example/b.mp3", 0)
	film := plainStory("fffffffffffff", "krwg", "Film", noon.Add(-5*time.Hour))
	film.Items[0].Entry.Enclosures = []news.Enclosure{{URL: "https://krwg.example/c.mp4", Type: "video/mp4"}}
	long := withSound(plainStory("ggggggggggggg", "krwg", "Long", noon.Add(-6*time.Hour)), "https://krwg.example/d.mp3",
		0)
	long.Items[0].Entry.Content = "<p>" + strings.Repeat("Más palabras. ", 600) + "</p>"
	e := testEdition(t,
		withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Morning newscast", noon), "https://kjzz.example/news.mp3", 180),
		withSound(plainStory("bbbbbbbbbbbbb", "krwg", "Later", noon.Add(-time.Hour)), sound, 0),
		withSound(plainStory("ccccccccccccc", "azpm", "Morning newscast", noon.Add(-2*time.Hour)),
			"https://azpm.example/news.mp3", 200),
		withSound(plainStory("ddddddddddddd", "azpm", "Earlier", noon.Add(-3*time.Hour)), sound, 0),
		blocked, film, long, ofBlocked,
	)
	e.Facts[ofBlocked.Items[0].Feed] = news.Facts{Blocked: true}
	long.Items[0].Entry.Artwork = "https://krwg.example/d.jpg"
	d, err := rendered(e, "/podcast.rss", Selection{})
	body := must(t, d, err)
	read, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, i := range read.Items {
		titles = append(titles, i.Title)
		if n := len(i.Description); n > maxDescription {
			t.Errorf("a description of %d bytes", n)
		}
	}
	if want := []string{"Morning newscast (KJZZ)", "Morning newscast", "Earlier", "Long"}; !slices.Equal(titles, want) {
		t.Errorf("episodes %q, want %q", titles, want)
	}
	if !strings.Contains(read.Items[3].Description, "…\n\nOriginally published by KRWG.") {
		t.Errorf("the credit was cut: %.200s", body[len(body)-400:])
	}
	if n := strings.Count(body, `<itunes:image href="https://krwg.example/d.jpg"></itunes:image>`); n != 1 ||
		strings.Count(body, "<itunes:image") != 2 {
		t.Errorf("%d episodes have artwork, want that which had some", n)
	}
	filtered, err := rendered(e, "/podcast.rss", Selection{Stations: []string{"kjzz"}})
	if a, b := guidOf(body), guidOf(must(t, filtered, err)); a == b || len(a) != 36 || a[14] != '5' {
		t.Errorf("podcast:guid %s and, filtered, %s", a, b)
	}
}

// What was decided stays decided, though the story that it was for is in the window no more.
func TestEpisodesStayWhatTheyWere(t *testing.T) {
	later := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Morning newscast", noon), "https://kjzz.example/news.mp3",
		180)
	earlier := withSound(plainStory("bbbbbbbbbbbbb", "azpm", "Morning newscast", noon.Add(-time.Hour)),
		"https://azpm.example/news.mp3", 200)
	again := withSound(plainStory("ccccccccccccc", "krwg", "Repeat", noon), "https://azpm.example/news.mp3", 200)
	kept := NewRenderer(*testEdition(t, later, earlier)).Decisions
	e := testEdition(t, later, again)
	e.Decisions = kept
	d, err := rendered(e, "/podcast.rss", Selection{})
	body := must(t, d, err)
	if !strings.Contains(body, "<title>Morning newscast (KJZZ)</title>") || strings.Contains(body, "Repeat") {
		t.Errorf("%s", body)
	}
	again.Aliases = []news.Alias{{ID: earlier.ID}} // they were joined: the sound is its own now
	e = testEdition(t, later, again)
	e.Decisions = kept
	joined, err := rendered(e, "/podcast.rss", Selection{})
	if body := must(t, joined, err); !strings.Contains(body, "<title>Repeat</title>") {
		t.Errorf("%s", body)
	}
}

// The story that has a sound is withdrawn: another that has the same is played from then on, also
// when the withdrawal is long past, and when the first is back.
func TestSoundOfAWithdrawnStory(t *testing.T) {
	const sound = "https://azpm.example/news.mp3"
	store := map[string]string{}
	keep := func(values map[string]string) (map[string]string, error) {
		kept := map[string]string{}
		for name, value := range values {
			if store[name] == "" && value != "" {
				store[name] = value
			}
			kept[name] = store[name]
		}
		return kept, nil
	}
	first := withSound(plainStory("bbbbbbbbbbbbb", "azpm", "First", noon.Add(-time.Hour)), sound, 200)
	other := withSound(plainStory("ccccccccccccc", "krwg", "Other", noon), sound, 200)
	late := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Late", noon.Add(time.Hour)), sound, 200)
	withdrawn := *first
	withdrawn.Status = news.Retracted
	tombstone := []news.Gone{{ID: first.PublicID, When: noon, Story: &withdrawn}}
	for n, c := range []struct {
		stories []*news.Story
		gone    []news.Gone
		want    string
	}{
		{[]*news.Story{other, first}, nil, "First"},
		{[]*news.Story{other}, nil, ""}, // aged, or held: it has the sound still
		{[]*news.Story{late, other}, tombstone, "Other"},
		{[]*news.Story{late, other}, nil, "Other"},
		{[]*news.Story{late, other, first}, nil, "Other"},
		{[]*news.Story{late}, nil, ""},
	} {
		e := testEdition(t, c.stories...)
		e.Gone = c.gone
		var err error
		if e.Decisions, err = Decide(e, keep, nil); err != nil {
			t.Fatal(err)
		}
		d, err := rendered(e, "/podcast.rss", Selection{})
		f, err := gofeed.NewParser().ParseString(must(t, d, err))
		if err != nil {
			t.Fatal(err)
		}
		titles := ""
		for _, i := range f.Items {
			titles += i.Title
		}
		if titles != c.want {
			t.Errorf("%d: episodes %q, want %q", n, titles, c.want)
		}
	}
}

func guidOf(body string) string {
	_, rest, _ := strings.Cut(body, "<podcast:guid>")
	guid, _, _ := strings.Cut(rest, "<")
	return guid
}

func TestTheGateLeavesAFaultyStoryOut(t *testing.T) {
	bad := plainStory("bbbbbbbbbbbbb", "krwg", "Bad", noon)
	bad.Items[0].Entry.URL = "https://krwg.example/a b"
	e := testEdition(t, plainStory("aaaaaaaaaaaaa", "krwg", "Good", noon), bad)
	for name, path := range mergedPaths {
		d, err := rendered(e, path, Selection{})
		if err != nil || len(d.LeftOut) != 1 || d.LeftOut[0].Story != bad.ID || d.LeftOut[0].Rule != "address" {
			t.Errorf("%s: left out %+v, %v", name, d.LeftOut, err)
		}
		if body := string(d.Body); !strings.Contains(body, "Good") || strings.Contains(body, "Bad") {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestGateSeesFaults(t *testing.T) {
	e := testEdition(t, plainStory("aaaaaaaaaaaaa", "krwg", "Good", noon))
	list := articlesAt(e, "/feed.rss")
	rss, err := rendered(e, "/feed.rss", Selection{})
	body := must(t, rss, err)
	for rule, damage := range map[string][2]string{
		"well-formed": {"</item>", ""}, "namespace": {`xmlns:dc="http://purl.org/dc/elements/1.1/"`, ""},
		"guid": {`isPermaLink="false"`, `isPermaLink="true"`},
		"date": {"+0000</pubDate>", "PST</pubDate>"}, "source": {`<source url="https`, `<source url="ftps`},
		"read back": {"<title>Good", "<title>Other"},
		"required":  {"<description>Border news</description>", ""}, "utf-8": {"Good", "\xff"},
	} {
		if !strings.Contains(body, damage[0]) {
			t.Fatalf("nothing to damage for %s", rule)
		}
		if fault := checkRSS([]byte(strings.Replace(body, damage[0], damage[1], 1)), list); fault == nil ||
			fault.Rule != rule {
			t.Errorf("%s: the gate says %v", rule, fault)
		}
	}
	if fault := checkRSS([]byte(body), list); fault != nil {
		t.Errorf("a good document: %v", fault)
	}
}

// There is no rssCloud.
func TestDocumentsNameTheHubAlone(t *testing.T) {
	e := testEdition(t, shelters())
	e.Hub = "https://fronteras.example/websub/"
	for name, path := range feedPaths {
		d, err := rendered(e, path, Selection{})
		if body := must(t, d, err); strings.Contains(body, "<cloud") || strings.Count(body, e.Hub) != 1 ||
			d.Hub != e.Hub {
			t.Errorf("%s: %.600s", name, body)
		}
	}
}

// The podcast is paged (RFC 5005 3): older episodes are on pages of the archive's stories, each
// sound once.
func TestPodcastPages(t *testing.T) {
	e := testEdition(t, withSound(plainStory("aaaaaaaaaaaaa", "krwg", "New", noon), "https://krwg.example/a.mp3", 0))
	e.Closed = 3
	asks := func(values map[string]string) (map[string]string, error) {
		if name := "sound https://krwg.example/b.mp3"; values[name] != "" {
			values[name] = "ddddddddddddd"
		}
		return values, nil
	}
	a := news.Archive{Stories: []*news.Story{
		withSound(plainStory("bbbbbbbbbbbbb", "krwg", "Again", noon.Add(-time.Hour)), "https://krwg.example/b.mp3", 0),
		withSound(plainStory("ccccccccccccc", "krwg", "Old", noon.Add(-2*time.Hour)), "https://krwg.example/c.mp3", 0),
		plainStory("eeeeeeeeeeeee", "krwg", "Silent", noon),
	}}
	for n, links := range map[int]map[string]string{
		0: {"self": "/podcast.rss", "next": "/podcast/3.rss"}, 3: {"self": "/podcast/3.rss", "first": "/podcast.rss",
			"previous": "/podcast.rss", "next": "/podcast/2.rss"},
		2: {"self": "/podcast/2.rss", "first": "/podcast.rss", "previous": "/podcast/3.rss", "next": "/podcast/1.rss"},
		1: {"self": "/podcast/1.rss", "first": "/podcast.rss", "previous": "/podcast/2.rss"},
	} {
		s, titles := Selection{Languages: []string{"en"}}, "New"
		d, err := rendered(e, "/podcast.rss", s)
		if n > 0 {
			a.Number, titles = n, "Old"
			podcast, _, _ := FormatAt("/podcast.rss")
			d, err = NewRenderer(*e).RenderArchive(podcast, a, s, asks)
		}
		f, err := gofeed.NewParser().ParseString(must(t, d, err))
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]string{}
		for _, l := range f.Extensions["atom"]["link"] {
			have[l.Attrs["rel"]] = l.Attrs["href"]
		}
		for rel, path := range links {
			links[rel] = "https://fronteras.example" + path + "?lang=en"
		}
		if !maps.Equal(have, links) || len(f.Items) != 1 || f.Items[0].Title != titles {
			t.Errorf("page %d: links %v, want %v; %d items", n, have, links, len(f.Items))
		}
	}
}

// What is wrong in a long text is seen as it is in a short one.
func TestGateSeesFaultsInLongTexts(t *testing.T) {
	story := withSound(plainStory("aaaaaaaaaaaaa", "krwg", "Good", noon), "https://krwg.example/a.mp3", 60)
	story.Items[0].Entry.Content = "<p>" + strings.Repeat("More than a kilobyte. ", 300) + "The end</p>"
	e := testEdition(t, story)
	podcast, err := rendered(e, "/podcast.rss", Selection{})
	body := must(t, podcast, err)
	list := articlesAt(e, "/podcast.rss")
	for damage, rule := range map[string]string{
		"The \x01": "well-formed", "The <b>": "well-formed", "The &nbsp;": "well-formed", "The \uffff": "well-formed",
		"The": "", "The &amp;": "",
	} {
		fault := checkPodcast([]byte(strings.ReplaceAll(body, "The end", damage+" end")), list)
		if (fault == nil) != (rule == "") || fault != nil && fault.Rule != rule {
			t.Errorf("%q: the gate says %v, want %q", damage, fault, rule)
		}
	}
	if fault := checkPodcast([]byte(strings.Replace(body, "<description>More",
		"<description>"+strings.Repeat("m", 300)+"More", 1)), list); fault == nil || fault.Rule != "description" {
		t.Errorf("a description of more than 4000 bytes: the gate says %v", fault)
	}
}

// FuzzDocuments has stations write what they like: every document passes the gate with every story
// in it, and one made of fragments is as one written in one go.
func FuzzDocuments(f *testing.F) {
	f.Add("Title", "Deck", "Text", "Name", "Topic")
	f.Add("\x00\x1b]]>--?>", "</p><b>", "<p>\xff\ufffe</p>", "\u202eevil", "</script><!--\u2028")
	f.Add("&amp;lt;b&amp;gt; &lt;b&gt; <b>", "", "", "", " ")
	f.Add("", "a\rb", "<p>a&nbsp;b&#0;</p>", "a\tb", "-")
	f.Fuzz(func(t *testing.T, title, deck, text, name, topic string) {
		s := withSound(plainStory("aaaaaaaaaaaaa", "krwg", title, noon), "https://krwg.example/a.mp3", 3)
		e := &s.Items[0].Entry
		e.Summary, e.Content, e.Authors = deck, text, []news.Person{{Name: name}}
		e.Topics, e.Rights = []string{topic}, deck
		e.Images = []news.Image{{URL: "https://krwg.example/a.jpg", Alt: title, Caption: deck, Credit: name}}
		ed, partner := testEdition(t, s), Selection{For: []string{"azpm"}}
		r := NewRenderer(*ed)
		for _, path := range feedPaths {
			format, _, _ := FormatAt(path)
			d, err := r.Render(format, Selection{}, Locale{})
			must(t, d, err)
			whole, err := rendered(testEdition(t, s), path, partner)
			want := must(t, whole, err)
			if d, err = r.Render(format, partner, Locale{}); must(t, d, err) != want {
				t.Errorf("of fragments:\n%s\nin one go:\n%s", d.Body, want)
			}
		}
		page, err := StoryPage(NewRenderer(*ed), s, inSpanish)
		must(t, page, err)
	})
}
