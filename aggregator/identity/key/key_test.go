package key

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

const ajoFeed = "https://ajo.example/rss.xml"

func TestWhatAnItemIsFoundBy(t *testing.T) {
	d := desk.Directory(t)
	own := func(text string) Key { return Key{Feed: ajoFeed, Text: text} }
	everywhere := func(text string) Key { return Key{Text: text} }
	epochMinutes := func(e news.Entry) news.Entry { e.Published = time.Unix(36*60, 0); return e }
	for name, c := range map[string]struct {
		item *news.Item
		want []Key
	}{
		"its address, guid and date": {
			desk.Item("ajo", 1, epochMinutes(desk.Entry("ajo", "rain", "Rain", 0))),
			[]Key{everywhere("kajo.example/2031/02/rain"), own("gajo-rain"), own("d10")},
		},
		"without a guid, its headline as well": {
			desk.Item("ajo", 1, epochMinutes(desk.Entry("ajo", "rain", "Rain", 0, desk.GUID("")))),
			[]Key{everywhere("kajo.example/2031/02/rain"), own("d10"), own("tRain")},
		},
		"without a date, its headline": {
			desk.Item("ajo", 1, desk.Entry("ajo", "rain", "Rain", 0, desk.Undated)),
			[]Key{everywhere("kajo.example/2031/02/rain"), own("gajo-rain"), own("tRain")},
		},
		"every address and guid that it had": {
			&news.Item{Feed: ajoFeed, Links: []string{"https://ajo.example/a", "http://www.ajo.example/b"}, GUIDs: []string{"1", "2"}, Entry: news.Entry{Title: "Rain"}},
			[]Key{everywhere("kajo.example/a"), everywhere("kajo.example/b"), own("g1"), own("g2"), own("tRain")},
		},
		"an address and a guid of one key, once": {
			desk.Item("ajo", 1, epochMinutes(desk.Entry("ajo", "rain", "Rain", 0, desk.GUID("http://ajo.example/2031/02/rain/")))),
			[]Key{everywhere("kajo.example/2031/02/rain"), own("d10")},
		},
		"a guid that is unique in the world, in all feeds": {
			desk.Item("ajo", 1, epochMinutes(desk.Entry("ajo", "rain", "Rain", 0, desk.GUID("nx-s1-7")))),
			[]Key{everywhere("kajo.example/2031/02/rain"), everywhere("unpr:nx-s1-7"), own("d10")},
		},
		"its claims, those of before as well, and its audio": {
			&news.Item{
				Feed: ajoFeed, Claims: []news.Claim{{Key: "kmsa.example/a"}, {Key: "kmsa.example/b", Last: desk.Noon}},
				Entry: news.Entry{Title: "Rain", Enclosures: []news.Enclosure{{URL: "https://pdst.fm/e/cdn.ajo.example/rain.mp3"}}},
			},
			[]Key{everywhere("kkmsa.example/a"), everywhere("kkmsa.example/b"), everywhere("ecdn.ajo.example/rain.mp3"), own("tRain")},
		},
	} {
		if have := Of(d, c.item); !slices.Equal(have, c.want) {
			t.Errorf("an item is found by %s: %q, want %q", name, have, c.want)
		}
	}
}

func TestDatesAreFoundToTheMinute(t *testing.T) {
	at := func(second int) Key {
		return Date(ajoFeed, &news.Entry{Published: desk.Noon.Add(time.Duration(second) * time.Second)})
	}
	if at(0) != at(59) {
		t.Error("two seconds of one minute have two keys")
	}
	if at(59) == at(60) {
		t.Error("two minutes have one key")
	}
	if at(0) == Date("https://kmsa.example/rss.xml", &news.Entry{Published: desk.Noon}) {
		t.Error("two feeds have one key for a date")
	}
	if at(0) != Date(ajoFeed, &news.Entry{Updated: desk.Noon}) {
		t.Error("the date of an update does not stand in for that of publication")
	}
}

func TestGUIDsOfAnyOtherFormStayInTheirFeed(t *testing.T) {
	d := desk.Directory(t)
	for guid, want := range map[string][]Key{
		"":                          nil,
		"4711":                      {{Feed: ajoFeed, Text: "g4711"}},
		"4711 at http://www.x.test": {{Feed: ajoFeed, Text: "g4711 at x.test"}},
		"https://x.test/?p=1":       {{Text: "kx.test/?p=1"}},
		"http://[":                  {{Feed: ajoFeed, Text: "ghttp://["}},
		"tag:x.test,2031:1":         {{Text: "utag:x.test,2031:1"}},
	} {
		if have := GUID(d, ajoFeed, guid); !slices.Equal(have, want) {
			t.Errorf("guid %q has %q, want %q", guid, have, want)
		}
	}
}

func TestWhichKeysJoinAcrossFeedsAndWhichPass(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		key           Key
		joins, passes bool
	}{
		"a story's address":          {Address("ajo.example/2031/02/rain"), true, false},
		"a home page":                {Address("ajo.example/"), false, false},
		"a feed's own address":       {Address("ajo.example/rss.xml"), false, false},
		"a guid of one feed":         {Key{Feed: ajoFeed, Text: "g4711"}, false, false},
		"a guid of all feeds":        {Key{Text: "unpr:nx-s1-7"}, true, false},
		"audio":                      {Key{Text: "ecdn.ajo.example/rain.mp3"}, true, false},
		"a date":                     {Key{Feed: ajoFeed, Text: "d10"}, false, false},
		"the words of a headline":    {HeadlineWords("wells run dry"), true, true},
		"a word of a wire's story":   {Wire("ap", "wells"), true, true},
		"a part of a text":           {Text([]uint64{8})[0], true, true},
		"somebody in a byline":       {Person("rosa vidal", false), true, true},
		"and at one station":         {PersonAt("ajo", "rosa vidal", 7, time.Unix(0, 0)), true, true},
		"a headline within its feed": {Headline(ajoFeed, &news.Entry{Title: "Rain"}), false, false},
	} {
		if have := c.key.CanJoin(d); have != c.joins {
			t.Errorf("%s joins: %t", name, have)
		}
		if have := c.key.IsTemporary(); have != c.passes {
			t.Errorf("%s passes: %t", name, have)
		}
	}
}

// Whenever an item was first seen in the last half year, one of the keys that are asked leads to it.
func TestTheKeysOfAPersonCoverHalfAYear(t *testing.T) {
	now := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
	for days := range 181 {
		own, found := PersonAt("ajo", "rosa vidal", uint64(days), now.AddDate(0, 0, -days)), false
		for _, keys := range PeriodsOfPerson("ajo", "rosa vidal", now) {
			found = found || slices.Contains(keys, own)
		}
		if !found {
			t.Errorf("nothing leads to an item of %d days ago", days)
		}
	}
	if PersonAt("ajo", "rosa vidal", 1, now) == PersonAt("ajo", "rosa vidal", 2, now) {
		t.Error("all items of a station have one key: too few are found")
	}
	if Person("rosa vidal", true) == Person("rosa vidal", false) {
		t.Error("what bears the desk's credit has the key of what does not")
	}
}

func TestOneHashInEightIsAKeyOfAText(t *testing.T) {
	keys := Text([]uint64{16, 1, 8, 7, 9, 16, 15})
	if want := []Key{{Text: "x\x00\x00\x00\x00\x00\x00\x00\x08"}, {Text: "x\x00\x00\x00\x00\x00\x00\x00\x10"}}; !slices.Equal(keys, want) {
		t.Errorf("%q, want %q", keys, want)
	}
	if len(Text(nil)) != 0 {
		t.Error("a text too short to be measured has keys")
	}
}

func TestTheThreeLongestWordsOfAHeadlineFindAWiresStory(t *testing.T) {
	for name, c := range map[string]struct{ words, want []string }{
		"the longest three":                 {[]string{"dry", "county", "wells", "run", "deming"}, []string{"county", "deming", "wells"}},
		"of equal length, by the alphabet":  {[]string{"wells", "canal", "fence", "agave"}, []string{"agave", "canal", "fence"}},
		"a word told twice counts once":     {[]string{"wells", "wells", "dry", "run"}, []string{"wells", "dry", "run"}},
		"all words of a headline of two":    {[]string{"dry", "wells"}, []string{"wells", "dry"}},
		"nothing of a headline of no words": {nil, nil},
	} {
		if have := LongestWords(c.words); !slices.Equal(have, c.want) {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestSearchAndMatches(t *testing.T) {
	d := desk.Directory(t)
	feeds := []string{ajoFeed, "https://kmsa.example/rss.xml"}
	item := &news.Item{
		Feed: ajoFeed, GUIDs: []string{"4711", "urn:uuid:0A1B2C3D-1111-4222-8333-ABCDEFABCDEF"},
		Links: []string{"https://ajo.example/old", "https://ajo.example/2031/02/rain"}, Claims: []news.Claim{{Key: "kmsa.example/2031/02/wells"}}, Entry: news.Entry{Title: "Rain"},
	}
	under := Of(d, item)
	for name, c := range map[string]struct {
		what           string
		keys           int
		found, matches bool
	}{
		"the present address":            {"https://ajo.example/2031/02/rain", 1, true, true},
		"the address in another form":    {" http://www.ajo.example/2031/02/rain/#comments ", 1, true, true},
		"an address that it had before":  {"ajo.example/old", 2, false, false},
		"the former address with scheme": {"https://ajo.example/old", 1, true, true},
		"a guid, in each feed":           {"4711", 2, true, true},
		"a guid in another form":         {"{0a1b2c3d-1111-4222-8333-abcdefabcdef}", 1, true, true},
		"a claim is found, and no match": {"https://kmsa.example/2031/02/wells", 1, true, false},
		"another guid":                   {"4712", 2, false, false},
		"another address":                {"https://ajo.example/2031/02/roads", 1, false, false},
		"nothing":                        {"  ", 0, false, false},
	} {
		keys := Search(d, c.what, feeds)
		if len(keys) != c.keys {
			t.Errorf("%s is looked for under %q, want %d keys", name, keys, c.keys)
		}
		if found := slices.ContainsFunc(keys, func(k Key) bool { return slices.Contains(under, k) }); found != c.found {
			t.Errorf("%s finds the item: %t", name, found)
		}
		if have := Matches(d, c.what, item); have != c.matches {
			t.Errorf("%s is the item's: %t", name, have)
		}
	}
}
