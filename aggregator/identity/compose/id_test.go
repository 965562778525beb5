package compose_test

import (
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

func generator(used ...string) compose.IDGenerator {
	return compose.IDGenerator{Host: "fronteras.example", Year: 2031, Used: func(id string) bool {
		for _, u := range used {
			if u == id {
				return true
			}
		}
		return false
	}}
}

func TestSettlingGivesAStoryItsIDs(t *testing.T) {
	fresh := func(public string) *news.Story {
		return &news.Story{Status: news.Live, Published: Noon.Add(-time.Hour), Proposal: &news.Proposal{Key: "a key", Public: public}}
	}
	s := fresh("https://kmsa.example/?p=1")
	if !compose.Unsettled(s) || !compose.Settle(s, generator(), 7, Noon) || compose.Unsettled(s) {
		t.Error("a live story is published when it is settled")
	}
	if len(s.ID) != 13 || s.ID != strings.ToLower(s.ID) || s.PublicID != "https://kmsa.example/?p=1" || s.Sequence != 7 || s.Proposal != nil ||
		!s.IDAssignedAt.Equal(Noon) || !s.PublishedAt.Equal(Noon) || !s.Changed.Equal(Noon) || !s.Published.Equal(Noon.Add(-time.Hour)) {
		t.Errorf("%+v", s)
	}
	first := s.ID
	t.Run("another where the id is taken", func(t *testing.T) {
		s := fresh("")
		if compose.Settle(s, generator(first), 7, Noon); s.ID == first || s.PublicID != "tag:fronteras.example,2031:"+s.ID {
			t.Errorf("%+v", s)
		}
	})
	t.Run("the desk's own public id where the proposed one is taken", func(t *testing.T) {
		s := fresh("https://kmsa.example/?p=1")
		if compose.Settle(s, generator("https://kmsa.example/?p=1"), 7, Noon); s.PublicID != "tag:fronteras.example,2031:"+first {
			t.Errorf("%+v", s)
		}
	})
	t.Run("a held one its id alone, and the public one once it is live", func(t *testing.T) {
		s := fresh("")
		s.Status = news.Held
		if compose.Settle(s, generator(), 7, Noon) || s.ID != first || s.PublicID != "" || s.Sequence != 0 || s.Proposal == nil || compose.Unsettled(s) {
			t.Errorf("%+v", s)
		}
		s.Status = news.Live
		if !compose.Unsettled(s) || !compose.Settle(s, generator(first), 8, Noon.Add(time.Hour)) || s.ID != first || !s.IDAssignedAt.Equal(Noon) || s.PublicID == "" {
			t.Errorf("%+v", s)
		}
	})
	t.Run("no story is published later than it goes out", func(t *testing.T) {
		s := fresh("")
		s.Published = Noon.Add(time.Minute)
		if compose.Settle(s, generator(), 7, Noon); !s.Published.Equal(Noon) {
			t.Error(s.Published)
		}
	})
}

func TestTurnsAreByDateThenByWhatTheIDsAreMadeOf(t *testing.T) {
	story := func(when time.Time, key, tie string) compose.Turn {
		return compose.TurnOf(&news.Story{Published: when, Proposal: &news.Proposal{Key: key, Tie: tie}})
	}
	a := story(Noon, "a", "a")
	if a.Compare(story(Noon.Add(time.Millisecond), "a", "a")) >= 0 || a.Compare(story(Noon, "a", "a")) != 0 {
		t.Error("the earlier comes first")
	}
	for _, o := range []compose.Turn{story(Noon, "b", "a"), story(Noon, "a", "b")} {
		if a.Compare(o) == 0 || a.Compare(o) != -o.Compare(a) {
			t.Error("what is made of another key, or ties, has another turn")
		}
	}
	if compose.TurnOf(&news.Story{Published: Noon}).Key != 0 {
		t.Error("without a proposal it has no key")
	}
}

func TestWhatAStorysIDsWillBeMadeOf(t *testing.T) {
	const uuid = "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427"
	home := URL("https://kmsa.example/")
	for _, c := range []struct {
		name        string
		item        *news.Item
		made        *news.Origin
		memory      visit.Memory
		key, public string
	}{
		{"the address of its root", Item(1, "kmsa", "fence"), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"the claimed address", Item(1, "ajo", "fence", ofCanal), made("propublica"), visit.Memory{}, "propublica.org/article/who-pays-for-the-canal", ""},
		{"a global guid where the address identifies nothing", Item(1, "kmsa", "fence", home, GUID(uuid), Audio(sound)), nil, visit.Memory{}, "uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427", ""},
		{"else its audio", Item(1, "kmsa", "fence", home, Audio(sound)), nil, visit.Memory{}, "kmsa.example/audio/fence.mp3", ""},
		{"else its feed, guid and headline", Item(1, "kmsa", "fence", home), nil, visit.Memory{}, "https://kmsa.example/rss.xml\nkmsa-fence\nfence", ""},
		{"a guid on its host is its public id", Item(1, "kmsa", "fence", GUID("https://kmsa.example/?p=1")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", "https://kmsa.example/?p=1"},
		{"a tag: of its host", Item(1, "kmsa", "fence", GUID("tag:kmsa.example,2031:1")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", "tag:kmsa.example,2031:1"},
		{"a UUID", Item(1, "kmsa", "fence", GUID(uuid)), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", uuid},
		{"not the guid of a carrier", Item(1, "kmsa", "fence", GUID(uuid)), made("ajo"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not one that was used again", Item(1, "kmsa", "fence", GUID(uuid), func(i *news.Item) { i.Reused = true }), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not one of a feed whose guids are distrusted", Item(1, "kmsa", "fence", GUID(uuid)), made("kmsa"), visit.Memory{Untrusted: Noon}, "kmsa.example/2031/02/fence", ""},
		{"not one on another's host", Item(1, "kmsa", "fence", GUID("https://ajo.example/?p=1")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not a tag: of another's host", Item(1, "kmsa", "fence", GUID("tag:ajo.example,2031:1")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not its home page", Item(1, "kmsa", "fence", GUID("https://kmsa.example/")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not a bare UUID", Item(1, "kmsa", "fence", GUID(uuid[9:])), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not one with a space", Item(1, "kmsa", "fence", GUID("tag:kmsa.example,2031:a b")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"not one with an accent", Item(1, "kmsa", "fence", GUID("tag:kmsa.example,2031:año")), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
		{"one of 512 bytes", Item(1, "kmsa", "fence", GUID("tag:kmsa.example,2031:"+strings.Repeat("a", 490))), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", "tag:kmsa.example,2031:" + strings.Repeat("a", 490)},
		{"none of 513", Item(1, "kmsa", "fence", GUID("tag:kmsa.example,2031:"+strings.Repeat("a", 491))), made("kmsa"), visit.Memory{}, "kmsa.example/2031/02/fence", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood([]*news.Item{c.item}, nil)
			n.Memories["https://kmsa.example/rss.xml"] = c.memory
			p := only(t, written(n, nil, c.made)).Proposal
			if p.Key != c.key || p.Public != c.public || p.Language != "en" || p.Tie == "" {
				t.Errorf("%+v, want %q and %q", p, c.key, c.public)
			}
		})
	}
}
