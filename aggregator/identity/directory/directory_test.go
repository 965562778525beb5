package directory_test

import (
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// sharedHosts is the desk with a host that two stations list, and one below a station's that
// another lists.
func sharedHosts(t *testing.T) *directory.Directory {
	c := desk.Config(t)
	c.Stations[0].Hosts = append(c.Stations[0].Hosts, "valley.example")
	c.Stations[1].Hosts = append(c.Stations[1].Hosts, "valley.example", "kids.kmsa.example")
	return directory.New(c)
}

func TestWhoseAnAddressIs(t *testing.T) {
	d := sharedHosts(t)
	type answers struct {
		owner       string // of Owner, "" for none
		listed      bool
		own, others bool // asked for Radio Ajo
	}
	for name, c := range map[string]struct {
		address string
		want    answers
	}{
		"a page on a station's host is that station's":                  {"https://ajo.example/2031/02/rain", answers{"ajo", true, true, false}},
		"scheme, www and port do not count":                             {"http://www.ajo.example:8080/rain", answers{"ajo", true, true, false}},
		"a sub-domain of a station's host is that station's":            {"https://news.ajo.example/rain", answers{"ajo", true, true, false}},
		"a host that only ends alike is nobody's":                       {"https://notajo.example/rain", answers{"", false, false, false}},
		"another station's page is that station's":                      {"https://kmsa.example/rain", answers{"kmsa", true, false, true}},
		"the closest host that is listed decides":                       {"https://kids.kmsa.example/rain", answers{"bisbee", true, false, true}},
		"a page of an outside source of the configuration is that's":    {"https://sonorawire.example/rain", answers{"sonora", true, false, true}},
		"a page of a built-in source is that source's":                  {"https://www.propublica.org/article/canal", answers{"propublica", true, false, true}},
		"a host that two stations list is listed, and no one station's": {"https://valley.example/rain", answers{"", true, true, false}},
		"a host that nobody lists is nobody's":                          {"https://elsewhere.example/rain", answers{"", false, false, false}},
		"no address is nobody's":                                        {"", answers{"", false, false, false}},
	} {
		m, alone := d.Owner(c.address)
		owner := ""
		if alone {
			owner = m.Station + m.Outside
		}
		have := answers{owner, d.Listed(c.address), d.Own("ajo", c.address), d.Foreign("ajo", c.address)}
		if have != c.want {
			t.Errorf("%s: %+v, want %+v", name, have, c.want)
		}
	}
	if !d.Own("bisbee", "https://valley.example/rain") {
		t.Error("a host that two stations list is not the second one's own")
	}
	if d.Foreign("kmsa", "https://kids.kmsa.example/rain") {
		t.Error("a host below a station's own is called another's")
	}
	if d.Foreign("kdem", "https://valley.example/rain") {
		t.Error("a host that two others share is called another's, though nobody can say whose")
	}
}

func TestWhichAddressesNameNoStory(t *testing.T) {
	c := desk.Config(t)
	c.Stations[3].URL = "https://kmsa.example/news"
	d := directory.New(c)
	for name, c := range map[string]struct {
		address    string
		identifies bool
	}{
		"a story's page":                         {"https://ajo.example/2031/02/rain", true},
		"a page next to a feed":                  {"https://ajo.example/rss", true},
		"no address":                             {"", false},
		"a home page":                            {"https://elsewhere.example/", false},
		"a home page in a language":              {"https://ajo.example/es/", false},
		"a section of two letters is a home":     {"https://ajo.example/az", false},
		"a section of three letters is none":     {"https://ajo.example/esp", true},
		"a station's own page":                   {"https://www.kmsa.example/news/", false},
		"a page below a station's own page":      {"https://kmsa.example/news/rain", true},
		"the desk's own page":                    {"https://fronteras.example", false},
		"the address of a feed of the desk":      {"http://bisbee.example/rss.xml", false},
		"the same file name on an unlisted host": {"https://elsewhere.example/rss.xml", true},
	} {
		if have := d.Identifies(d.Key(c.address)); have != c.identifies {
			t.Errorf("%s identifies a story: %t, want %t", name, have, c.identifies)
		}
	}
	if !d.Ignores(d.Key("https://kmsa.example/news")) || d.Ignores(d.Key("https://elsewhere.example/")) {
		t.Error("what the configuration itself has as addresses, and what not, is mixed up")
	}
}

func TestStoryPagesOfTheDesk(t *testing.T) {
	d := desk.Directory(t)
	for address, want := range map[string]string{
		"https://fronteras.example/stories/abc234":            "abc234",
		"http://www.fronteras.example/stories/abc234/":        "abc234",
		"https://fronteras.example/stories/abc234?view=print": "abc234",
		"https://fronteras.example/stories/abc234/more":       "",
		"https://fronteras.example/abc234":                    "",
		"https://ajo.example/stories/abc234":                  "",
		"":                                                    "",
	} {
		if have := d.StoryPage(address); have != want {
			t.Errorf("%q is the page of %q, want %q", address, have, want)
		}
	}
}

func TestNamesOfMakers(t *testing.T) {
	c := desk.Config(t)
	c.Stations[2].Brand = "Deming NPR"
	c.Outside = append(c.Outside, news.Outside{ID: "luna", Name: "Luna's Own Wire", Bylines: []string{"Radio Luna"}})
	d := directory.New(c)
	for name, c := range map[string]struct{ text, want string }{
		"a station's name":                                   {"Radio Ajo reports", "ajo"},
		"a station's name in any case":                       {"from RADIO AJO and radio ajo", "ajo"},
		"a station's name as a possessive":                   {"Radio Ajo’s Ana Ruiz", "ajo"},
		"a part of a station's name is none":                 {"a radio in Ajo", ""},
		"a call sign":                                        {"reported by KMSA", "kmsa"},
		"a call sign in small letters is a word":             {"the kmsa valley", ""},
		"a call sign as a possessive":                        {"KMSA's Ana Paz", "kmsa"},
		"a call sign with FM":                                {"KMSA-FM reports", "kmsa"},
		"a call sign inside a word is none":                  {"KMSAX reports", ""},
		"a station's host":                                   {"read more at kmsa.example", "kmsa"},
		"two makers stand in the order of the text":          {"KMSA and Radio Ajo, and KMSA again", "kmsa ajo"},
		"an outside source by its byline":                    {"The Associated Press", "ap"},
		"the longest of several names wins":                  {"PRX's The World and NPR News", "theworld npr"},
		"a source of the configuration":                      {"via Sonora Wire", "sonora"},
		"a brand names nobody":                               {"on Border 90.3", ""},
		"a brand that holds a source's name does not either": {"on Deming NPR", ""},
		"next to its brand a source is still named":          {"on Deming NPR, from NPR", "npr"},
		"the desk's title names nobody":                      {"the Fronteras Desk", ""},
		"public radio names nobody":                          {"public radio Luna", ""},
		"apostrophes of both forms are one":                  {"Luna’s Own Wire", "luna"},
		"a name that holds public radio names its station":   {"Bisbee Public Radio", "bisbee"},
		"an NPR member station is not NPR":                   {"the NPR member station KDEM", "kdem"},
		"no maker":                                           {"Rain at last", ""},
	} {
		if have := idsOf(d.NamedIn(c.text)...); have != c.want {
			t.Errorf("%s: %q names %q, want %q", name, c.text, have, c.want)
		}
	}
}

// The desk's name in a credit says that a story is shared, even where a maker's name is a
// part of it.
func TestTheDesksTitleHidesTheNamesInIt(t *testing.T) {
	c := desk.Config(t)
	c.Site.Title = "Border KMSA Desk"
	d := directory.New(c)
	if have := idsOf(d.NamedIn("From the Border KMSA Desk")...); have != "" {
		t.Errorf("the desk's title names %q", have)
	}
	if have := idsOf(d.NamedIn("From the Border, KMSA")...); have != "kmsa" {
		t.Errorf("a part of the desk's title names %q", have)
	}
}

func idsOf(makers ...news.Maker) string {
	var ids []string
	for _, m := range makers {
		ids = append(ids, m.Station+m.Outside)
	}
	return strings.Join(ids, " ")
}

func TestANameThatIsAllOfAText(t *testing.T) {
	d := desk.Directory(t)
	for text, want := range map[string]string{
		"KMSA": "kmsa", " KMSA News ": "kmsa", "kmsa": "", "KMSA today": "", "by KMSA": "", "Border 90.3": "", "Fronteras Desk": "", "": "", "AP": "ap",
	} {
		m, named := d.Named(text)
		if have := m.Station + m.Outside; named != (want != "") || named && have != want {
			t.Errorf("%q names %q (%t), want %q", text, have, named, want)
		}
	}
}

// A station whose brand is its name is named by it, and so is one whose name is another's
// brand.
func TestABrandThatIsAName(t *testing.T) {
	c := desk.Config(t)
	c.Stations[0].Brand = "Radio Ajo"
	c.Stations[1].Brand = "KDEM Deming"
	d := directory.New(c)
	if have := idsOf(d.NamedIn("Radio Ajo and KDEM Deming")...); have != "ajo kdem" {
		t.Errorf("they name %q", have)
	}
}

func TestAStationCalledLikeTheDesk(t *testing.T) {
	c := desk.Config(t)
	c.Stations[1].Name = "FRONTERAS Desk"
	d := directory.New(c)
	for station, want := range map[string]bool{"bisbee": true, "ajo": false, "": false, "nobody": false} {
		if have := d.CalledLikeDesk(station); have != want {
			t.Errorf("%q is called like the desk: %t", station, have)
		}
	}
}

func TestRosters(t *testing.T) {
	c := desk.Config(t)
	c.Stations[0].Reporters = []string{"Ana Paz", "Eva Soto"}
	d := directory.New(c)
	for name, c := range map[string]struct {
		authors []string
		want    string
	}{
		"a reporter of one station":      {[]string{"Eva Soto"}, "ajo"},
		"without diacritics":             {[]string{"Éva Sotó"}, "ajo"},
		"in any case":                    {[]string{"LEE ORR"}, "kdem"},
		"a reporter of two stations":     {[]string{"Ana Paz"}, "ajo kmsa"},
		"each station stands there once": {[]string{"Eva Soto", "Ana Paz"}, "ajo kmsa"},
		"nobody's reporter":              {[]string{"Max Roe"}, ""},
		"a part of a name is nobody":     {[]string{"Ana"}, ""},
		"no byline":                      {nil, ""},
	} {
		e := &news.Entry{}
		for _, a := range c.authors {
			e.Authors = append(e.Authors, news.Person{Name: a})
		}
		if have := strings.Join(d.Rosters(e, nil), " "); have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestARosterKnowsAPersonNextToAnAffiliation(t *testing.T) {
	e := &news.Entry{Authors: []news.Person{{Name: "Lee Orr | Border 90.3"}}}
	if have := desk.Directory(t).Rosters(e, []string{"lee orr"}); !slices.Equal(have, []string{"kdem"}) {
		t.Errorf("%q is on the rosters of %q", e.Authors[0].Name, have)
	}
}

func TestMakersByID(t *testing.T) {
	c := desk.Config(t)
	c.Outside = append(c.Outside, news.Outside{ID: "npr", Name: "NPR of the configuration"})
	d := directory.New(c)
	for id, want := range map[string]string{"kmsa": "KMSA Mesilla", "sonora": "Sonora Wire", "bbc": "BBC", "npr": "NPR of the configuration"} {
		if m, ok := d.MakerNamed(id); !ok || m.Name != want {
			t.Errorf("%s is %q (%t), want %q", id, m.Name, ok, want)
		}
	}
	if _, ok := d.MakerNamed("nobody"); ok {
		t.Error("an unknown id is a maker")
	}
	if have := d.Maker("gone"); have != (news.Maker{Station: "gone", Name: "gone"}) {
		t.Errorf("a station that has left the configuration is %+v", have)
	}
	list := []news.Maker{{Outside: "npr"}, {Station: "kmsa"}, {Outside: "ap"}, {Station: "ajo"}}
	slices.SortFunc(list, d.Compare)
	if have := idsOf(list...); have != "ajo kmsa ap npr" {
		t.Errorf("makers are sorted %q", have)
	}
	if have := len(d.FeedURLs); have != 4 {
		t.Errorf("the desk has %d feeds, want 4", have)
	}
}

func TestARememberingDirectoryAnswersAlike(t *testing.T) {
	d := desk.Directory(t)
	own := d.Remembering()
	for range 2 {
		for _, address := range []string{"https://www.ajo.example/rain/", "https://elsewhere.example/", "", "no address"} {
			if d.Key(address) != own.Key(address) || d.Own("ajo", address) != own.Own("ajo", address) {
				t.Errorf("%q is another for a directory that remembers", address)
			}
		}
	}
}

const uuid = "0a1b2c3d-1111-4222-8333-abcdefabcdef"

func TestAliasesOfGUIDs(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"http and https":                      {"http://www.ajo.example/?p=1", "https://ajo.example/?p=1", true},
		"addresses with another number":       {"https://ajo.example/?p=1", "https://ajo.example/?p=2", false},
		"white space around":                  {" ajo-1\n", "ajo-1", true},
		"Drupal's with http and https":        {"1 at http://www.ajo.example", "1 at https://ajo.example/", true},
		"Drupal's with another number":        {"1 at https://ajo.example", "2 at https://ajo.example", false},
		"Drupal's on another host":            {"1 at https://ajo.example", "1 at https://kmsa.example", false},
		"a UUID in other spellings":           {"urn:uuid:" + uuid, "{" + strings.ToUpper(uuid) + "}", true},
		"another UUID":                        {uuid, uuid[:35] + "0", false},
		"other guids compare by letter":       {"Ajo-1", "ajo-1", false},
		"a UUID with something behind is one": {uuid + "-x", uuid, false},
	} {
		if have := d.Alias(c.a) == d.Alias(c.b); have != c.same {
			t.Errorf("%s: %q and %q are one: %t, want %t", name, d.Alias(c.a), d.Alias(c.b), have, c.same)
		}
	}
}

func TestUUIDs(t *testing.T) {
	for guid, want := range map[string]string{
		uuid:                                   uuid,
		"URN:UUID:" + strings.ToUpper(uuid):    uuid,
		"{" + uuid + "}":                       uuid,
		"00000000-0000-0000-0000-000000000000": "",
		"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF": "",
		uuid[:35]:                              "",
		"x" + uuid:                             "",
		"4711":                                 "",
	} {
		have, ok := directory.UUID(guid)
		if ok != (want != "") || ok && have != want {
			t.Errorf("the UUID of %q is %q (%t), want %q", guid, have, ok, want)
		}
	}
}

func TestGUIDsThatAreUniqueInTheWorld(t *testing.T) {
	d := sharedHosts(t)
	for name, c := range map[string]struct{ guid, want string }{
		"a UUID":                                   {"urn:uuid:" + strings.ToUpper(uuid), "uuid:" + uuid},
		"the nil UUID stands for nothing":          {"00000000-0000-0000-0000-000000000000", ""},
		"a tag":                                    {"tag:kmsa.example,2031:7", "tag:kmsa.example,2031:7"},
		"a tag in capitals":                        {"TAG:kmsa.example,2031:7", "TAG:kmsa.example,2031:7"},
		"a tag without a date is none":             {"tag:kmsa.example:7", ""},
		"a tag without its second part is none":    {"tag:kmsa.example,2031", ""},
		"PRX's, by its UUID":                       {"prx_96_" + strings.ToUpper(uuid) + "_12", "prx:" + uuid},
		"PRX's without the feed":                   {"prx_96_" + uuid, "prx:" + uuid},
		"PRX's without its number is none":         {"prx_" + uuid, ""},
		"NPR's":                                    {"nx-s1-5012345", "npr:nx-s1-5012345"},
		"NPR's Grove form":                         {"g-s1-41", "npr:g-s1-41"},
		"NPR's, of an edition":                     {"nx-s1-5012345-e1", "npr:nx-s1-5012345-e1"},
		"the address of NPR's page of that number": {"https://www.npr.org/2031/03/04/nx-s1-5012345-e1/gap", "npr:nx-s1-5012345-e1"},
		"and of a number of Grove's":               {"https://www.npr.org/sections/news/2031/03/04/g-s1-41/gap", "npr:g-s1-41"},
		"NPR's without a number is none":           {"nx-s1-fence", ""},
		"Grove's has no editions":                  {"g-s1-41-e1", ""},
		"CDS with a number of Grove's":             {"kmsa-g-s1-41", "cds:kmsa-g-s1-41"},
		"CDS with NPR's number of an edition":      {"npr-nx-s1-5012345-e1", "cds:npr-nx-s1-5012345-e1"},
		"CDS with a UUID":                          {"kjzz-" + uuid, "cds:kjzz-" + uuid},
		"CDS with NPR's number":                    {"npr-nx-s1-5012345", "cds:npr-nx-s1-5012345"},
		"an address on a station's host":           {"http://www.kmsa.example/?p=7", "kmsa.example/?p=7"},
		"an address on a source's host":            {"https://www.propublica.org/article/canal", "propublica.org/article/canal"},
		"an address on nobody's host is none":      {"https://elsewhere.example/?p=7", ""},
		"an address on a shared host is none":      {"https://valley.example/?p=7", ""},
		"an address on this machine is none":       {"http://localhost/?p=7", ""},
		"a station's home page is none":            {"https://kmsa.example/", ""},
		"a station's feed is none":                 {"https://kmsa.example/rss.xml", ""},
		"a number is none":                         {"4711", ""},
		"a short text is none":                     {"kmsa-4711", ""},
		"no guid is none":                          {"", ""},
		"white space around a guid does not count": {"  nx-s1-5012345 ", "npr:nx-s1-5012345"},
	} {
		if have := d.Global(c.guid); have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestSectionsThatAreCalledAfterAnOutsideSource(t *testing.T) {
	d := desk.Directory(t)
	for address, want := range map[string]string{
		"https://ajo.example/npr/2031-02-04/the-wells-are-dry":        "npr",
		"https://ajo.example/npr-news/2031-02-04/the-wells-are-dry":   "npr-news",
		"https://ajo.example/news/NPR-Top-Stories/the-wells-are-dry":  "npr-top-stories",
		"https://ajo.example/ap-news/the-wells-are-dry":               "ap-news",
		"https://ajo.example/news/2031-02-04/npr-cuts-ties":           "",
		"https://ajo.example/npr-cuts-ties":                           "",
		"https://ajo.example/apaches/npring/marketplace/the-wells":    "",
		"https://ajo.example/the-world/2031-02-04/the-wells-are-dry":  "",
		"https://npr.example/2031/02/the-wells-are-dry":               "",
		"https://ajo.example/marketplace-fair/2031/the-wells-are-dry": "",
		"":                                     "",
		"https://ajo.example":                  "",
		"https://ajo.example/?section=npr/x/y": "",
	} {
		if have := d.SectionOf(address); have != want {
			t.Errorf("%s is in %q, want %q", address, have, want)
		}
	}
}
