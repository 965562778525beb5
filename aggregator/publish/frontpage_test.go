package publish

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// withPicture gives a story's item a picture.
func withPicture(s *news.Story, i news.Image) *news.Story {
	s.Items[0].Entry.Images = []news.Image{i}
	return s
}

// manyStories are stories of a station, an hour apart, the newest first.
func manyStories(n int, change func(int, *news.Story)) (list []*news.Story) {
	for k := range n {
		s := plainStory(fmt.Sprintf("story%02d", k), "kjzz", fmt.Sprintf("Story %02d", k), noon.Add(-time.Duration(k)*time.Hour))
		change(k, s)
		list = append(list, s)
	}
	return list
}

// frontOf renders the desk's page for an edition.
func frontOf(t *testing.T, e *Edition, s Selection) string {
	t.Helper()
	d, err := rendered(e, "/", s)
	return must(t, d, err)
}

// imgTag finds the pictures of stories.
var imgTag = regexp.MustCompile(`<img (?:src|loading)[^>]*>`)

func TestTheDesksPictureIsShownWhereTheDeskHasIt(t *testing.T) {
	e := testEdition(t, shelters())
	for image, want := range map[string]string{
		"https://fronteras.example/img/logo.png": `<img class="mark" src="/img/logo.png" alt="" width="72" height="72"`,
		"https://elsewhere.example/logo.png":     "",
		"https://fronteras.example.evil/l.png":   "",
		"":                                       "",
	} {
		e.Desk.Image = image
		if page := frontOf(t, e, Selection{}); strings.Contains(page, `class="mark"`) != (want != "") ||
			!strings.Contains(page, want) {
			t.Errorf("%q is not shown as it should be", image)
		}
	}
}

func TestTheFrontPageHasFortyStoriesBelowTheirDaysAndALinkToOlderOnes(t *testing.T) {
	e := testEdition(t, manyStories(45, func(int, *news.Story) {})...)
	e.Desk.Timezone = "America/Phoenix" // 12:00 UTC is 5:00 a.m. there
	page := frontOf(t, e, Selection{})
	inSequence(t, "the page", page,
		`<h1><a href="/">Fronteras Desk</a></h1>`, `<h2 class="date"><time datetime="2026-02-06">Friday, February 6</time></h2>`,
		`Story 00`, `<time datetime="2026-02-06T12:00:00Z">5:00 a.m.</time>`, `Story 05`,
		`<time datetime="2026-02-05">Thursday, February 5</time></h2>`, `Story 06`, `Story 29`,
		`<time datetime="2026-02-04">Wednesday, February 4</time></h2>`, `Story 30`, `Story 39`,
		`<a rel="next" href="/days/2026-02-04">Older: Wednesday, February 4 →</a>`)
	if strings.Contains(page, "Story 40") {
		t.Error("it has more than forty stories")
	}
	if all := frontOf(t, e, Selection{Stations: []string{"kjzz"}}); !strings.Contains(all, "Story 44") || strings.Contains(all, "/days/") {
		t.Error("a selection, which has no other page, is not there whole")
	}
	few := frontOf(t, testEdition(t, manyStories(40, func(int, *news.Story) {})...), Selection{})
	if strings.Contains(few, "/days/") {
		t.Error("a page with all stories leads to older ones")
	}
	quiet := testEdition(t, manyStories(3, func(int, *news.Story) {})...)
	quiet.Older = time.Date(2025, 12, 24, 3, 0, 0, 0, time.UTC) // it is archive only: the window ends before it
	quiet.Desk.Timezone = "America/Phoenix"
	if page := frontOf(t, quiet, Selection{}); !strings.Contains(page, `href="/days/2025-12-23"`) {
		t.Error("a page of a few stories does not lead to those of the archive")
	}
}

func TestTheLastOfAnOddNumberOfCardsTakesARow(t *testing.T) {
	for n, want := range []int{0, 0, 1, 0, 1} { // the first leads
		e := borderDesk(t, manyStories(n, func(int, *news.Story) {})...)
		if got := strings.Count(frontOf(t, e, Selection{}), ` row"`); got != want {
			t.Errorf("%d stories: %d cards take a row, want %d", n, got, want)
		}
	}
}

func TestDaysOfAnotherYearSayWhichInEachLanguage(t *testing.T) {
	e := testEdition(t, plainStory("new", "kjzz", "New", time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)),
		plainStory("old", "kjzz", "Old", time.Date(2025, 12, 31, 9, 0, 0, 0, time.UTC)))
	r := NewRenderer(*e)
	f, _, _ := FormatAt("/")
	for language, want := range map[string][]string{
		"en": {`>Friday, January 2</time>`, `>3:00 a.m.</time>`, `>Wednesday, December 31, 2025</time>`},
		"es": {`>viernes 2 de enero</time>`, `>03:00</time>`, `>miércoles 31 de diciembre de 2025</time>`},
	} {
		d, err := r.Render(f, Selection{}, Locale{Language: language})
		inSequence(t, language, must(t, d, err), want...)
	}
}

func TestTheFirstStoryWithAPictureLeadsAndItsPictureIsLoadedFirst(t *testing.T) {
	pictured := func(k int, s *news.Story) {
		if k > 0 {
			withPicture(s, news.Image{URL: fmt.Sprintf("https://kjzz.example/%d.jpg", k), Alt: "A dam", Credit: "Luz Vega"})
			s.Items[0].Entry.Thumbnail = news.Image{URL: fmt.Sprintf("https://kjzz.example/%d-300x200.jpg", k), Width: 300}
		}
	}
	e := testEdition(t, manyStories(5, pictured)...)
	page := frontOf(t, e, Selection{})
	inSequence(t, "the page", page,
		`<article class="lead pictured">`, `<figcaption>Luz Vega</figcaption>`, `Story 01`, `<article class="card">`, `Story 00`,
		`<article class="card pictured">`, `Story 02`, `Story 04`)
	want := []string{`<img src="https://kjzz.example/1.jpg" alt="A dam" width="1200" height="800" loading="eager" ` +
		`fetchpriority="high" decoding="async" referrerpolicy="no-referrer">`}
	for k := 2; k < 5; k++ {
		want = append(want, fmt.Sprintf(`<img src="https://kjzz.example/%d-300x200.jpg" alt="A dam" width="240" height="160" `+
			`loading="lazy" decoding="async" referrerpolicy="no-referrer">`, k))
	}
	if have := imgTag.FindAllString(page, -1); !slices.Equal(have, want) {
		t.Errorf("its pictures are\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(page, `<meta property="og:image" content="https://kjzz.example/1.jpg">`) {
		t.Error("the picture that leads is not the page's")
	}
	e.Pictures = LeadPicture
	if have := imgTag.FindAllString(frontOf(t, e, Selection{}), -1); !slices.Equal(have, want[:1]) {
		t.Errorf("with the lead's picture alone there are %q", have)
	}
	e.Pictures = NoPictures
	page = frontOf(t, e, Selection{})
	if imgTag.MatchString(page) {
		t.Error("without pictures there are some")
	}
	inSequence(t, "without pictures", page, `<article class="lead">`, `Story 00`, `Story 01`)
}

func TestWhatIsNoPictureOfAStoryIsNotShownBesideIt(t *testing.T) {
	for name, c := range map[string]struct {
		picture news.Image
		shown   bool
	}{
		"a photograph":                {news.Image{URL: "https://kjzz.example/2026/dam.jpg"}, true},
		"a large photograph":          {news.Image{URL: "https://kjzz.example/2026/dam.jpg", Width: 1200, Height: 800}, true},
		"one upright":                 {news.Image{URL: "https://kjzz.example/2026/dam.jpg", Width: 600, Height: 900}, true},
		"a mural of a logo":           {news.Image{URL: "https://kjzz.example/logo-mural.jpg", Caption: "The mural."}, true},
		"a village called Iconoclast": {news.Image{URL: "https://kjzz.example/iconoclast.jpg"}, true},
		"a counter":                   {news.Image{URL: "https://stats.example/c.gif", Width: 1, Height: 1}, false},
		"a button":                    {news.Image{URL: "https://kjzz.example/share.png", Width: 32, Height: 32}, false},
		"a banner":                    {news.Image{URL: "https://kjzz.example/give.jpg", Width: 970, Height: 90}, false},
		"a face":                      {news.Image{URL: "https://secure.gravatar.com/avatar/1a2b?s=512"}, false},
		"a face of our own":           {news.Image{URL: "https://kjzz.example/avatars/ana.jpg"}, false},
		"a logo":                      {news.Image{URL: "https://kjzz.example/img/KJZZ-Logo_2020.png"}, false},
		"a drawing":                   {news.Image{URL: "https://kjzz.example/mark.svg"}, false},
		"an emoji":                    {news.Image{URL: "https://s.w.example/images/core/emoji/72x72/1f600.png"}, false},
		"the picture of the feed":     {news.Image{URL: "https://kjzz.example/feed.jpg"}, false},
		"what is no address":          {news.Image{URL: "https://%zz/"}, false},
	} {
		e := testEdition(t, withPicture(plainStory("one", "kjzz", "One", noon), c.picture))
		e.Facts = map[string]news.Facts{"https://kjzz.example/rss.xml": {Image: "https://kjzz.example/feed.jpg"}}
		if shown := imgTag.MatchString(frontOf(t, e, Selection{})); shown != c.shown {
			t.Errorf("%s is shown: %v", name, shown)
		}
	}
}

func TestAPictureAtManyStoriesOfAStationIsItsMark(t *testing.T) {
	mark := news.Image{URL: "https://kjzz.example/on-air.jpg"}
	for name, c := range map[string]struct {
		stories int
		picture func(k int) news.Image
		want    int
	}{
		"at all":                  {8, func(int) news.Image { return mark }, 0},
		"at each third":           {9, func(k int) news.Image { return pick(k%3 == 0, mark, own(k)) }, 6},
		"at two":                  {8, func(k int) news.Image { return pick(k < 2, mark, own(k)) }, 8},
		"at few of many":          {32, func(k int) news.Image { return pick(k < 4, mark, own(k)) }, 32},
		"with words for each":     {8, func(k int) news.Image { return news.Image{URL: mark.URL, Alt: fmt.Sprint("Dam ", k)} }, 8},
		"in other sizes for each": {8, func(k int) news.Image { return news.Image{URL: fmt.Sprint(mark.URL, "?w=", 300+k)} }, 0},
	} {
		e := testEdition(t, manyStories(c.stories, func(k int, s *news.Story) { withPicture(s, c.picture(k)) })...)
		if have := len(imgTag.FindAllString(frontOf(t, e, Selection{}), -1)); have != c.want {
			t.Errorf("%s: %d pictures, want %d", name, have, c.want)
		}
	}
}

func own(k int) news.Image { return news.Image{URL: fmt.Sprintf("https://kjzz.example/%d.jpg", k)} }

func pick(first bool, a, b news.Image) news.Image {
	if first {
		return a
	}
	return b
}

func TestAPageOfAStoryWithoutPicturesAsksForNone(t *testing.T) {
	s := withPicture(shelters(), news.Image{URL: "https://kjzz.example/dam.jpg", Caption: "The dam."})
	s.Items[0].Entry.Content = `<p>Beds are few.</p><figure><img src="https://kjzz.example/bed.jpg"/>` +
		`<figcaption>A bed.</figcaption></figure><p>An <img src="https://kjzz.example/inline.jpg" alt=""/> here.</p>`
	e := testEdition(t, s)
	page, err := StoryPage(NewRenderer(*e), s, Locale{Language: "en"})
	with := must(t, page, err)
	for _, img := range imgTag.FindAllString(with, -1) {
		if !strings.Contains(img, `loading="lazy" referrerpolicy="no-referrer"`) || !strings.Contains(img, ` class="unmeasured"`) {
			t.Errorf("%s may jump, or tells its server what is read", img)
		}
	}
	e.Pictures = NoPictures
	page, err = StoryPage(NewRenderer(*e), s, Locale{Language: "en"})
	without := must(t, page, err)
	if imgTag.MatchString(without) || strings.Contains(without, "<figure") || !strings.Contains(without, "Beds are few") {
		t.Error("it asks for pictures, or has lost its text")
	}
	if have := len(imgTag.FindAllString(with, -1)); have != 3 {
		t.Errorf("with pictures it has %d", have)
	}
}

func TestTheMediaTypesOfFeedsAreInTheBytesAsTheyAre(t *testing.T) {
	e := testEdition(t, shelters())
	page, err := StoryPage(NewRenderer(*e), shelters(), Locale{Language: "en"})
	for name, body := range map[string]string{"front": frontOf(t, e, Selection{}), "story": must(t, page, err)} {
		for _, kind := range []string{"application/rss+xml", "application/atom+xml", "application/feed+json"} {
			if !strings.Contains(body, `<link rel="alternate" type="`+kind+`" title="`) {
				t.Errorf("%s: no %s", name, kind)
			}
		}
	}
}

func TestAStoryWithoutTextHasNoEmptyTags(t *testing.T) {
	s := plainStory("bare", "kjzz", "Bare", noon)
	s.Items[0].Entry.Content = ""
	withPicture(s, news.Image{URL: "https://kjzz.example/dam.jpg"})
	e := testEdition(t, s)
	e.Desk.Description = ""
	page, err := StoryPage(NewRenderer(*e), s, Locale{Language: "en"})
	empty := regexp.MustCompile(`<(meta [^>]*content=""|p class="deck"></p>|p [^>]*></p>)`)
	for name, body := range map[string]string{"front": frontOf(t, e, Selection{}), "story": must(t, page, err)} {
		if found := empty.FindString(body); found != "" {
			t.Errorf("%s: %s", name, found)
		}
	}
}

func TestAStorysPageNamesItsOriginalOnce(t *testing.T) {
	page, err := StoryPage(NewRenderer(*testEdition(t, shelters())), shelters(), Locale{Language: "en"})
	_, body, _ := strings.Cut(must(t, page, err), "<main")
	for text, want := range map[string]int{
		`href="https://www.kjzz.org/news/shelters"`: 1, `href="https://news.azpm.org/p/1"`: 1, `class="badge`: 1,
		`Originally published by`: 1, `Also on`: 1,
	} {
		if have := strings.Count(body, text); have != want {
			t.Errorf("%s is there %d times", text, have)
		}
	}
}
