package publish

import (
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// episodeIn is the item of the podcast with that title.
func episodeIn(t *testing.T, e *Edition, title string) string {
	t.Helper()
	d, err := rendered(e, "/podcast.rss", Selection{})
	for _, item := range strings.Split(must(t, d, err), "<item>")[1:] {
		if strings.Contains(item, "<title>"+title+"</title>") {
			return item
		}
	}
	t.Fatalf("no episode %q", title)
	return ""
}

// The item's word counts first, then its feed's, then that of another telling with the same audio, then
// the desk's.
func TestWhoSaysWhetherAnEpisodeIsExplicit(t *testing.T) {
	explicit, clean := func(e *news.Entry) { e.Podcast = &news.Podcast{Explicit: true} }, func(e *news.Entry) { e.Clean = true }
	silent := func(*news.Entry) {}
	for name, c := range map[string]struct {
		item  func(*news.Entry)
		feed  string
		other func(*news.Entry)
		desk  bool
		want  string
	}{
		"nobody, and the desk is not":       {silent, "", silent, false, "false"},
		"nobody, and the desk is":           {silent, "", silent, true, "true"},
		"the feed says yes":                 {silent, "true", silent, false, "true"},
		"the feed says no":                  {silent, "false", explicit, true, "false"},
		"the item says yes":                 {explicit, "false", clean, false, "true"},
		"the item says no":                  {clean, "true", explicit, true, "false"},
		"another telling says yes":          {silent, "", explicit, false, "true"},
		"another telling says no":           {silent, "", clean, true, "false"},
		"an item with other words but none": {func(e *news.Entry) { e.Podcast = &news.Podcast{Season: 2} }, "true", silent, false, "true"},
	} {
		s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 60)
		carry(s, "azpm", "https://kjzz.example/rain.mp3", c.other)
		c.item(&s.Items[0].Entry)
		e := testEdition(t, s)
		e.Podcast.Explicit = c.desk
		e.Facts[s.Items[0].Feed] = news.Facts{Explicit: c.feed}
		if item := episodeIn(t, e, "Rain"); !strings.Contains(item, "<itunes:explicit>"+c.want+"</itunes:explicit>") {
			t.Errorf("%s: not %s in %s", name, c.want, item)
		}
	}
}

// carry gives a story a station's item with audio.
func carry(s *news.Story, station, audio string, change func(*news.Entry)) {
	i := &news.Item{Number: uint64(len(s.Items) + 1), Station: station, Feed: "https://" + station + ".example/rss.xml",
		TrustedDate: noon, FirstSeen: noon, Entry: news.Entry{Title: s.Items[0].Entry.Title,
			URL: "https://" + station + ".example/copy", Enclosures: []news.Enclosure{{URL: audio, Type: "audio/mpeg"}}}}
	change(&i.Entry)
	s.Items, s.Members = append(s.Items, i), append(s.Members, i.Number)
}

func TestAnEpisodeSaysWhatItsStationSays(t *testing.T) {
	s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 60)
	s.Items[0].Entry.Podcast = &news.Podcast{Type: "trailer", Season: 3, Episode: 14}
	plain := withSound(plainStory("bbbbbbbbbbbbb", "kjzz", "Sand", noon), "https://kjzz.example/sand.mp3", 60)
	e := testEdition(t, s, plain)
	inSequence(t, "episode", episodeIn(t, e, "Rain"), "<itunes:episodeType>trailer</itunes:episodeType>",
		"<itunes:season>3</itunes:season>", "<itunes:episode>14</itunes:episode>")
	if item := episodeIn(t, e, "Sand"); strings.Contains(item, "episodeType") || strings.Contains(item, "itunes:season") ||
		strings.Contains(item, "itunes:episode>") {
		t.Errorf("what no station said: %s", item)
	}
}

// What the played item lacks is taken from a telling with the same audio, and from no other.
func TestDetailsComeFromATellingWithTheSameAudio(t *testing.T) {
	rich := func(e *news.Entry) {
		e.Enclosures[0].Duration, e.Enclosures[0].Length = 251, 4000000
		e.Podcast = &news.Podcast{Type: "bonus", Season: 9, Transcripts: []news.Transcript{{URL: "https://azpm.example/t.vtt"}},
			Chapters: []news.Chapter{{URL: "https://azpm.example/c.json"}}, Persons: []news.Role{{Name: "Mo Day", Role: "host"}}}
	}
	details := []string{"<itunes:duration>251<", `length="4000000"`, "t.vtt", "c.json", "Mo Day", ">bonus<"}
	for name, c := range map[string]struct {
		audio string
		want  bool
	}{
		"the same":                    {"https://kjzz.example/rain.mp3", true},
		"in another scheme":           {"http://kjzz.example/rain.mp3", true},
		"behind a prefix that counts": {"https://dts.podtrac.com/redirect.mp3/kjzz.example/rain.mp3", true},
		"another":                     {"https://kjzz.example/other.mp3", false},
		"another by its query":        {"https://kjzz.example/rain.mp3?id=2", false},
	} {
		s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 0)
		carry(s, "azpm", c.audio, rich)
		e := testEdition(t, s)
		item := episodeIn(t, e, "Rain")
		for _, d := range details {
			if strings.Contains(item, d) != c.want {
				t.Errorf("%s: %s is there: %t, want %t: %s", name, d, !c.want, c.want, item)
			}
		}
		if strings.Contains(item, "itunes:season") {
			t.Errorf("%s: it has the number of another show: %s", name, item)
		}
		d, err := rendered(e, "/feed.json", Selection{})
		if body := must(t, d, err); strings.Contains(body, `"duration_in_seconds": 251`) != c.want {
			t.Errorf("%s: %s", name, body)
		}
	}
	s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 60)
	s.Items[0].Entry.Authors = []news.Person{{Name: "Ana Ruiz"}}
	s.Items[0].Entry.Podcast = &news.Podcast{Transcripts: []news.Transcript{{URL: "https://kjzz.example/own.vtt"}}}
	carry(s, "azpm", "https://kjzz.example/rain.mp3", rich)
	item := episodeIn(t, testEdition(t, s), "Rain")
	if !strings.Contains(item, "<itunes:duration>60<") || strings.Contains(item, "t.vtt") || strings.Contains(item, "Mo Day") ||
		!strings.Contains(item, `<podcast:person role="reporter">Ana Ruiz<`) {
		t.Errorf("what the item has itself is not replaced: %s", item)
	}
	s.Items[0].Entry.Podcast = nil
	s.Items[1].Gone = true
	if item := episodeIn(t, testEdition(t, s), "Rain"); strings.Contains(item, "t.vtt") {
		t.Errorf("a telling that is gone says nothing: %s", item)
	}
}
