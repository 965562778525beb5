package evidence

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
	desk "fronteras/store/storetest/desk"
)

func TestParagraphsThatAreNoPartOfTheStory(t *testing.T) {
	d := desk.Directory(t)
	with := func(begin string, words int) string {
		return begin + " " + desk.Words(0, words-len(strings.Fields(begin)))
	}
	for name, c := range map[string]struct {
		paragraph string
		cut       bool
	}{
		"a paragraph of the story":                 {"Wells run dry in Luna County.", false},
		"a copyright line":                         {"Copyright 2031 KMSA", true},
		"a copyright line of 40 words":             {with("Copyright 2031", 40), true},
		"a copyright line of 41 words is text":     {with("Copyright 2031", 41), false},
		"rights at the end":                        {"KMSA, all rights reserved", true},
		"rights in Spanish":                        {"KMSA, todos los derechos reservados", true},
		"a sentence about copyright":               {"The county holds the copyright of the map.", false},
		"who made a picture":                       {"Photo by Ana Paz", true},
		"who made a picture in Spanish":            {"Foto: Ana Paz", true},
		"courtesy of somebody":                     {"Courtesy of the county", true},
		"a picture credit of 25 words":             {with("Photo by", 25), true},
		"a picture credit of 26 words is text":     {with("Photo by", 26), false},
		"a sentence about a photo":                 {"Photo albums were lost in the flood.", false},
		"a newsletter":                             {"Sign up for our newsletter.", true},
		"a newsletter in Spanish":                  {"Suscríbete a nuestro boletín.", true},
		"a newsletter of 41 words is text":         {with("Sign up", 41), false},
		"a player":                                 {"▶ Listen to the story", true},
		"a player in Spanish":                      {"Escuche la entrevista", true},
		"a player of 25 words":                     {with("Listen", 25), true},
		"a player of 26 words is text":             {with("Listen", 26), false},
		"a sentence with listen in it":             {"The council did not listen.", false},
		"when it was published":                    {"Published February 4, 2031", true},
		"when it was updated in Spanish":           {"Actualizado: martes", true},
		"a date line of 14 words":                  {with("Last updated 4", 14), true},
		"a date line of 15 words is text":          {with("Last updated 4", 15), false},
		"published without a date":                 {"Published maps show the wells.", false},
		"a counter":                                {"1.2k views", true},
		"a counter in Spanish":                     {"12 vistas", true},
		"a counter the other way round":            {"Comments (12)", true},
		"a counter with a sentence":                {"12 views are in the report.", false},
		"where it was first published":             {"Originally published by KMSA.", true},
		"a paragraph with the desk's title":        {"More from the Fronteras Desk tomorrow.", true},
		"the desk's credit":                        {"This story is from the Fronteras Desk, a collaboration of public radio stations, including Border 90.3. Read more from the Fronteras Desk.", true},
		"our line about who carries it":            {"By Ana Paz. Carried by Radio Ajo.", true},
		"a correction":                             {"Correction: the hearing is on Monday.", false},
		"a correction that mentions a newsletter":  {"Correction: our newsletter had another date.", false},
		"a correction in Spanish that mentions it": {"Aclaración: el boletín tenía otra fecha.", false},
	} {
		p := Read(d, "<p>The first paragraph.</p><p>"+c.paragraph+"</p>")
		want := []string{"The first paragraph.", c.paragraph}
		if c.cut {
			want = want[:1]
		}
		if have := p.Story(nil); !slices.Equal(have, want) {
			t.Errorf("%s: %q is left", name, have)
		}
	}
}

func TestParagraphsThatRecurAreCut(t *testing.T) {
	d := desk.Directory(t)
	recurring := []uint64{text.Hash("Call us."), text.Hash("Correction: we were wrong.")}
	slices.Sort(recurring)
	have := Read(d, "<p>Wells.</p><p>Call us.</p><p>Correction: we were wrong.</p>").Story(recurring)
	if want := []string{"Wells.", "Correction: we were wrong."}; !slices.Equal(have, want) {
		t.Errorf("%q is left, want %q", have, want)
	}
}

func TestBodyIsTheTextWithMoreWords(t *testing.T) {
	for name, c := range map[string]struct{ summary, content, want string }{
		"the content alone":                  {"", "a b", "a b"},
		"the summary alone":                  {"a b", "", "a b"},
		"the longer content":                 {"a b", "a b c", "a b c"},
		"the longer summary":                 {"a b c", "a b", "a b c"},
		"of equal length, the content":       {"a b", "c d", "c d"},
		"markup is no word":                  {"aa bb cc", "<p><b>a</b> b</p>", "aa bb cc"},
		"a content three times as long wins": {"a b c d", "<p>" + strings.Repeat("x", 30) + "</p>", "<p>" + strings.Repeat("x", 30) + "</p>"},
	} {
		if have := Body(&news.Entry{Summary: c.summary, Content: c.content}); have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestHeadlinesWithoutTheNamesOfHouses(t *testing.T) {
	r := NewReader(desk.Directory(t))
	for title, want := range map[string]string{
		"Dry wells | Bisbee Public Radio": "dry wells",
		"Dry wells - BISBEE":              "dry wells",
		"Dry wells – bisbee.example":      "dry wells",
		"Dry wells | KMSA":                "dry wells",
		"Dry wells : NPR":                 "dry wells",
		"NPR News: Dry wells":             "dry wells",
		"Border 90.3: Dry wells":          "dry wells",
		"Dry wells: NPR asks why":         "dry wells npr asks why",
		"KMSA":                            "kmsa",
		"Dry wells | Luna":                "dry wells luna",
		"Bisbee Public Radio | Dry wells": "dry wells",
		"Dry wells":                       "dry wells",
	} {
		i := bisbee(func(e *news.Entry) { e.Title = title })
		if have := r.Headline(i).Text; have != want {
			t.Errorf("%q is compared as %q, want %q", title, have, want)
		}
	}
}

func TestAddressesAndGUIDsThatAreCompared(t *testing.T) {
	r := NewReader(desk.Directory(t))
	const own = "https://bisbee.example/?p=7"
	item := func(change func(*news.Item), changes ...desk.Change) *news.Item {
		i := bisbee(changes...)
		change(i)
		return i
	}
	as := func(*news.Item) {}
	for name, c := range map[string]struct {
		item                *news.Item
		feed                Feed
		keys, globals, also string
	}{
		"all addresses that it had":                           {item(func(i *news.Item) { i.Links = []string{"https://bisbee.example/old", i.Entry.URL} }), Feed{}, "bisbee.example/old bisbee.example/2031/02/dry-wells", "", ""},
		"a guid that is an address of its station's":          {item(as, desk.GUID(own)), Feed{}, "bisbee.example/2031/02/dry-wells bisbee.example/?p=7", "bisbee.example/?p=7", ""},
		"a guid that is its address, once":                    {item(as, desk.GUID("https://bisbee.example/2031/02/dry-wells")), Feed{}, "bisbee.example/2031/02/dry-wells", "bisbee.example/2031/02/dry-wells", ""},
		"a guid of another's is none of its addresses":        {item(as, desk.GUID("https://kmsa.example/?p=7")), Feed{}, "bisbee.example/2031/02/dry-wells", "kmsa.example/?p=7", ""},
		"a guid of a feed without trust counts for nothing":   {item(as, desk.GUID(own)), Feed{Untrusted: true}, "bisbee.example/2031/02/dry-wells", "", ""},
		"a guid that was another's before counts for nothing": {item(func(i *news.Item) { i.Reused = true }, desk.GUID(own)), Feed{}, "bisbee.example/2031/02/dry-wells", "", ""},
		"a number is unique nowhere":                          {item(as, desk.GUID("4711")), Feed{}, "bisbee.example/2031/02/dry-wells", "", ""},
		"a claim on its station's host": {
			item(func(i *news.Item) {
				i.Claims = []news.Claim{{URL: "https://bisbee.example/a", Key: "bisbee.example/a"}}
			}), Feed{}, "bisbee.example/2031/02/dry-wells", "", "bisbee.example/a",
		},
		"a claim that is its address adds nothing": {
			item(func(i *news.Item) {
				i.Claims = []news.Claim{{URL: i.Entry.URL, Key: "bisbee.example/2031/02/dry-wells"}}
			}), Feed{}, "bisbee.example/2031/02/dry-wells", "", "",
		},
		"a claim that ended adds nothing": {
			item(func(i *news.Item) {
				i.Claims = []news.Claim{{URL: "https://bisbee.example/a", Key: "bisbee.example/a", Last: desk.Noon}}
			}), Feed{}, "bisbee.example/2031/02/dry-wells", "", "",
		},
		"a claim on another's host is none of its addresses": {
			item(func(i *news.Item) { i.Claims = []news.Claim{{URL: wells, Key: "kmsa.example/2031/02/wells"}} }), Feed{}, "bisbee.example/2031/02/dry-wells", "", "",
		},
		"a claim on its home page adds nothing": {
			item(func(i *news.Item) {
				i.Claims = []news.Claim{{URL: "https://bisbee.example/", Key: "bisbee.example/"}}
			}), Feed{}, "bisbee.example/2031/02/dry-wells", "", "",
		},
	} {
		e := r.EvidenceOf(c.item, c.feed)
		if keys, globals, also := strings.Join(e.Keys, " "), strings.Join(e.Globals, " "), strings.Join(e.Also, " "); keys != c.keys || globals != c.globals || also != c.also {
			t.Errorf("%s: addresses %q, guids %q, also %q", name, keys, globals, also)
		}
	}
	if !r.EvidenceOf(bisbee(desk.URL(wells)), Feed{}).Foreign || r.EvidenceOf(bisbee(), Feed{}).Foreign {
		t.Error("whether an item's link is on another's host is wrong")
	}
}

func TestOnlyAudioAndFilmAreCompared(t *testing.T) {
	i := bisbee(desk.Audio("https://dts.podtrac.com/redirect.mp3/cdn.bisbee.example/wells.mp3"), func(e *news.Entry) {
		for _, kind := range []string{"image/jpeg", "text/plain", "application/pdf", "video/mp4", ""} {
			e.Enclosures = append(e.Enclosures, news.Enclosure{URL: "https://cdn.bisbee.example/" + strings.ReplaceAll(kind, "/", "-"), Type: kind})
		}
	})
	have := NewReader(desk.Directory(t)).EvidenceOf(i, Feed{}).Audio
	if want := []string{"cdn.bisbee.example/wells.mp3", "cdn.bisbee.example/video-mp4", "cdn.bisbee.example/"}; !slices.Equal(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
}

func TestTheLanguageOfAnItem(t *testing.T) {
	r := NewReader(desk.Directory(t))
	english := "<p>" + strings.Repeat("the rain came with wind and it stayed ", 6) + "</p>"
	inSpanish := func(e *news.Entry) { e.Language = "es-MX" }
	marked := func(i *news.Item) *news.Item { i.Language = "es-MX"; return i }
	page := news.Page{Language: "fr"}
	for name, c := range map[string]struct {
		item *news.Item
		want string
	}{
		"its own mark counts first":            {marked(withPage(bisbee(desk.Text(english)), page)), "es"},
		"then its text":                        {withPage(bisbee(desk.Text(english), inSpanish), page), "en"},
		"then its page":                        {withPage(bisbee(inSpanish), page), "fr"},
		"then what its feed declares":          {bisbee(inSpanish), "es"},
		"without any of these it is not known": {bisbee(), ""},
	} {
		if have := r.EvidenceOf(c.item, Feed{}).Language; have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestWordsAreThoseOfTheStory(t *testing.T) {
	e := NewReader(desk.Directory(t)).EvidenceOf(bisbee(desk.Text("<p>"+desk.Words(0, 150)+"</p><p>Photo by Ana Paz</p>")), Feed{})
	if runs := e.Shingles(); e.Words != 150 || len(runs) != 146 {
		t.Errorf("%d words and %d runs, want 150 and 146", e.Words, len(runs))
	}
	for _, k := range e.Sample {
		if !k.IsTemporary() {
			t.Errorf("%q leads to the item forever", k)
		}
	}
	if len(e.Sample) == 0 {
		t.Error("a text of 150 words has no key")
	}
}

func TestKeysThatLeadToAnItemForATime(t *testing.T) {
	r := NewReader(desk.Directory(t))
	seen := desk.Noon.Add(-time.Hour)
	title := func(title string) desk.Change { return func(e *news.Entry) { e.Title = title } }
	for name, c := range map[string]struct {
		changes []desk.Change
		keys    []string // of the first kind
		days    []int    // how long each kind lasts
	}{
		"a short headline and text have none":   {[]desk.Change{title("Three words only")}, nil, nil},
		"a headline of four words, for a month": {[]desk.Change{title("Wells of Luna dry")}, []string{"hwells luna dry"}, []int{30}},
		"of a wire's story, the longest three words for a week": {
			[]desk.Change{title("Canal wells dry"), desk.Byline("AP")}, []string{"wap canal", "wap wells", "wap dry"}, []int{7},
		},
		"a station's credit leads to none": {[]desk.Change{title("Canal wells dry"), desk.Byline("KMSA")}, nil, nil},
	} {
		list := TemporaryKeys(r.EvidenceOf(bisbee(c.changes...), Feed{}), nil)
		var days []int
		for _, p := range list {
			days = append(days, int(p.Until.Sub(seen)/(24*time.Hour)))
		}
		var keys []string
		if len(list) > 0 {
			for _, k := range list[0].Keys {
				keys = append(keys, k.Text)
			}
		}
		if !slices.Equal(keys, c.keys) || !slices.Equal(days, c.days) {
			t.Errorf("%s: %q for %v days", name, keys, days)
		}
	}
}

func TestHowFarDatesLieApart(t *testing.T) {
	r := NewReader(desk.Directory(t))
	a, b := r.EvidenceOf(desk.Item("ajo", 1, desk.Entry("ajo", "a", "A", 10)), Feed{}), r.EvidenceOf(desk.Item("ajo", 2, desk.Entry("ajo", "b", "B", 70)), Feed{})
	undated := r.EvidenceOf(bisbee(desk.Undated), Feed{})
	if have, known := TimeApart(&a.Entry, &b.Entry); have != time.Hour || !known {
		t.Errorf("%v (%t), want an hour", have, known)
	}
	if have, known := TimeApart(&b.Entry, &a.Entry); have != time.Hour || !known {
		t.Errorf("the other way round %v (%t), want an hour", have, known)
	}
	if _, known := TimeApart(&a.Entry, &undated.Entry); known {
		t.Error("an item without a date is a known time apart")
	}
	none := time.Time{}
	if CompareDates(desk.Noon, none) >= 0 || CompareDates(none, desk.Noon) <= 0 || CompareDates(none, none) != 0 || CompareDates(desk.Noon, desk.Noon.Add(1)) >= 0 {
		t.Error("dates are not in order, those without last")
	}
}
