package merge

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// words are so many of a text about wells.
func words(n int) string {
	list := make([]string, n)
	for k := range n {
		list[k] = []string{"wells", "drill", "county", "river", "pumps"}[k%5] + string(rune('a'+k%26)) +
			string(rune('a'+k/26%26))
	}
	return strings.Join(list, " ")
}

var teaser = news.Entry{
	GUID: "kmsa-7", URL: "https://kmsa.example/wells", Title: "Wells run dry below Deming",
	Summary: "<p>Farmers drill deeper.</p>", Published: time.Date(2031, 2, 4, 9, 0, 0, 0, time.UTC),
	Digest: news.Digest{1},
}

func articleOf(fragment string) *news.Article {
	return &news.Article{Entry: news.Entry{Content: fragment}, Words: countWords(fragment), Way: news.WayLayout}
}

const right = "<p>Wells run dry below Deming, where farmers drill deeper.</p>"

func TestTextIsUsedWhereItShowsTheStoryAndIsLongerThanTheFeeds(t *testing.T) {
	whole := teaser
	whole.Content = "<p>" + words(300) + "</p>"
	for _, test := range []struct {
		name string
		fed  news.Entry
		a    *news.Article
		want news.Verdict
	}{
		{"a whole story", teaser, articleOf(right + "<p>" + words(200) + "</p>"), news.VerdictUsed},
		{"forty words", teaser, articleOf(right + "<p>" + words(31) + "</p>"), news.VerdictUsed},
		{"fewer than forty", teaser, articleOf(right + "<p>" + words(30) + "</p>"), news.VerdictShort},
		{"no text", teaser, articleOf(""), news.VerdictShort},
		{"the feed has more", whole, articleOf(right + "<p>" + words(200) + "</p>"), news.VerdictShort},
		{"another story", teaser, articleOf("<p>" + strings.Repeat("Council votes tonight on parking. ", 20) + "</p>"),
			news.VerdictWrong},
		{"no telling word in the headline", news.Entry{Title: "It is on"}, articleOf("<p>" + words(80) + "</p>"),
			news.VerdictUsed},
		{"accents do not matter", news.Entry{Title: "Sequía en Agua Prieta"},
			articleOf("<p>Sequia en agua prieta. " + words(80) + "</p>"), news.VerdictUsed},
	} {
		if verdict, reason := Judge(&test.fed, test.a); verdict != test.want || (reason == "") != (verdict == news.VerdictUsed) {
			t.Errorf("%s: %s (%s), want %s", test.name, verdict, reason, test.want)
		}
	}
	sold := articleOf(right + "<p>" + words(200) + "</p>")
	sold.Paid = "isAccessibleForFree is false"
	if verdict, reason := Judge(&teaser, sold); verdict != news.VerdictPaywall || reason != sold.Paid {
		t.Errorf("what is sold: %s (%s)", verdict, reason)
	}
}

func TestEachFieldHasTheValueThatWins(t *testing.T) {
	a := articleOf(right + "<p>" + words(100) + "</p>")
	a.From = map[string]string{"images": "layout"}
	a.Entry.Title, a.Entry.Summary = "Wells run dry below Deming as pumps fail", "<p>A deck.</p>"
	a.Entry.Byline, a.Entry.Authors = "Ana Paz", []news.Person{{Name: "Ana Paz"}}
	a.Entry.Published = teaser.Published.Add(time.Hour)
	a.Entry.Updated = teaser.Published.Add(3 * time.Hour)
	a.Entry.Topics = []string{"Water", "Farms"}
	a.Entry.Images = []news.Image{{URL: "https://img.example/wells.jpg", Alt: "A well", Credit: "Lee Orr"}}
	a.Entry.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/wells.mp3", Type: "audio/mpeg"}}
	a.Entry.License, a.Entry.Language = "https://creativecommons.org/licenses/by/4.0/", "en"

	e := Entry(teaser, a, UseAll)
	if e.GUID != teaser.GUID || e.URL != teaser.URL || !e.Published.Equal(teaser.Published) || e.Title != teaser.Title ||
		e.Summary != teaser.Summary {
		t.Errorf("the feed's own values were replaced: %+v", e)
	}
	if e.Content != a.Entry.Content || e.Byline != "Ana Paz" || !e.Updated.Equal(a.Entry.Updated) ||
		!slices.Equal(e.Topics, a.Entry.Topics) || !slices.Equal(e.Images, a.Entry.Images) || len(e.Enclosures) != 1 ||
		e.License == "" || e.Language != "en" {
		t.Errorf("values of the page are missing: %+v", e)
	}
	if e.Digest == teaser.Digest || e.Digest != Entry(teaser, a, UseAll).Digest {
		t.Error("the digest does not stand for both")
	}

	fed := teaser
	fed.Title, fed.Byline, fed.Authors = "Wells run dry below…", "Lee Orr", []news.Person{{Name: "Lee Orr"}}
	fed.Topics, fed.Published = []string{"water"}, time.Time{}
	fed.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/own.mp3"}}
	e = Entry(fed, a, UseFields)
	if e.Content != "" || e.Title != a.Entry.Title || e.Byline != "Lee Orr" || !e.Published.Equal(a.Entry.Published) ||
		!slices.Equal(e.Topics, []string{"water", "Farms"}) || e.Enclosures[0].URL != fed.Enclosures[0].URL {
		t.Errorf("all but the text: %+v", e)
	}

	desk := teaser
	desk.Byline, desk.Authors = "KMSA Newsroom", []news.Person{{Name: "KMSA Newsroom"}}
	if e = Entry(desk, a, UseFields); e.Byline != "Ana Paz" {
		t.Errorf("a byline of an office stayed: %q", e.Byline)
	}
	if e = Entry(teaser, a, UseNothing); !reflect.DeepEqual(e, teaser) {
		t.Errorf("nothing of the page was to be used: %+v", e)
	}
	e = Entry(teaser, a, UseEvidence)
	if e.Content != "" || e.Byline != "" || len(e.Images) != 0 || e.Unpublished == nil ||
		e.Unpublished.Content != a.Entry.Content || e.Unpublished.Byline != "Ana Paz" {
		t.Errorf("evidence alone: %+v, %+v", e, e.Unpublished)
	}
}

func TestOnePictureFileIsOnePicture(t *testing.T) {
	page := []news.Image{{URL: "https://cdn.example/dims4/resize/1760x1180/?url=https%3A%2F%2Fs3.example%2Fa%2Fdry-well.jpg",
		Alt: "A dry well", Caption: "A well.", Credit: "Ana Paz / KMSA"}}
	for _, fed := range []string{
		"https://cdn.example/dims4/resize/300x200/?url=https%3A%2F%2Fs3.example%2Fa%2Fdry-well.jpg",
		"https://kmsa.example/files/dry-well-300x200.jpg", "https://kmsa.example/files/dry-well-scaled.jpg?itok=3",
	} {
		own := []news.Image{{URL: fed, Width: 300}}
		got := joinPictures(own, page, "layout")
		want := []news.Image{{URL: fed, Width: 300, Alt: "A dry well", Caption: "A well.", Credit: "Ana Paz / KMSA"}}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %+v", fed, got)
		}
	}
	other := []news.Image{{URL: "https://kmsa.example/files/council-hall.jpg"}}
	if got := joinPictures(other, page, "layout"); len(got) != 2 || got[0] != page[0] {
		t.Errorf("another file: %+v", got)
	}
	if got := joinPictures(other, page, "opengraph"); !slices.Equal(got, other) {
		t.Errorf("a picture for sharing replaced the feed's: %+v", got)
	}
	if got := joinPictures(nil, page, "opengraph"); !slices.Equal(got, page) {
		t.Errorf("a picture for sharing is better than none: %+v", got)
	}
}

func TestWhatThreePagesShowIsNoneOfTheStories(t *testing.T) {
	a := articleOf(right + "<p>Hear it at nine.</p><p>" + words(50) + "</p>")
	a.Entry.Images = []news.Image{{URL: "https://kmsa.example/files/tower-logo.png"}, {URL: "https://kmsa.example/well-head.jpg"}}
	a.Entry.Enclosures = []news.Enclosure{{URL: "https://kmsa.example/theme.mp3"}}
	recurring := text.Set([]uint64{text.Hash("Hear it at nine."), pictureMark("https://kmsa.example/files/tower-logo-300x300.png"),
		audioMark("https://kmsa.example/theme.mp3")})
	got := Without(a, recurring)
	if strings.Contains(got.Entry.Content, "nine") || got.Words != a.Words-4 || len(got.Entry.Images) != 1 ||
		len(got.Entry.Enclosures) != 0 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(a.Entry.Content, "nine") || len(a.Entry.Images) != 2 {
		t.Error("the article was changed")
	}
	a.Corrections = []string{"Hear it at nine."}
	if got = Without(a, recurring); !strings.Contains(got.Entry.Content, "nine") {
		t.Error("a note of correction was cut")
	}
	for _, mark := range recurring {
		if !slices.Contains(Marks(a), mark) {
			t.Errorf("%d is not among the marks", mark)
		}
	}
}
