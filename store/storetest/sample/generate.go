package sample

import (
	"cmp"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Form is how much of a story feeds show.
type Form int

// The forms in which feeds tell stories.
const (
	Headlines Form = iota // headline, byline and address
	Teasers               // and an opening of about sixty words; many stations write their own headlines
	Texts                 // and the whole text, with what each station cuts and adds
)

func (f Form) String() string { return [...]string{"headlines", "teasers", "texts"}[f] }

// rewritten is how many tellings have a headline of their own, and a text that was edited.
func (f Form) rewritten() float64 {
	if f == Headlines {
		return .002
	}
	return .3
}

// days is how long the sample is; texts take longer to read.
func (f Form) days() int {
	if f == Headlines {
		return 60
	}
	return 30
}

// firstDay is the first of the sample's days.
var firstDay = time.Date(2031, 9, 22, 0, 0, 0, 0, time.UTC)

const (
	networkADay   = 8 // stories that the network offers
	ownADay       = 2 // stories that stations make
	reportersHere = 5 // of a station
)

// outlets are the stations, with the part of the network's stories that each takes over.
var outlets = []struct {
	id, name, call, path string
	takes                float64
	roster               bool
}{
	{"ajo", "Radio Ajo", "Ajo", "", .85, true},
	{"bisbee", "Bisbee Public Radio", "BPR", "", .42, false},
	{"kdem", "KDEM Deming", "KDEM", "", .26, true},
	{"kmsa", "KMSA Mesilla", "KMSA", "/news", .18, true},
	{"globe", "Globe Community Radio", "GCR", "/npr", .02, false},
	{"kwil", "KWIL Willcox", "KWIL", "/news", .02, false},
}

// generator makes a sample.
type generator struct {
	words
	form     Form
	sample   Sample
	network  []string            // its reporters
	own      map[string][]string // each station's
	names    map[string]bool     // that a person has
	titles   map[string]bool     // that a story has
	pages    map[string]bool     // addresses that an item has
	stories  int
	english  bool // all that is made now
	outletOf map[string]int
}

// story is what is told.
type story struct {
	name, maker string
	perhaps     []string
	headline    string
	people      []string
	paragraphs  []string
	opening     []string // two sentences
	spanish     bool
}

// Generate makes a sample of a seed: the same one each time. Stations and people are invented. What
// it makes is like what stations publish: see docs/identity.md, "What it was measured on".
func Generate(seed uint64, form Form) *Sample {
	g := &generator{words: words{r: rand.New(rand.NewPCG(seed, 17))}, form: form, names: map[string]bool{},
		titles: map[string]bool{}, own: map[string][]string{}, outletOf: map[string]int{}, pages: map[string]bool{}}
	g.sample.Name = fmt.Sprintf("seed %d, %s", seed, form)
	for range 45 {
		g.network = append(g.network, g.newPerson())
	}
	for n, o := range outlets {
		for range reportersHere {
			g.own[o.id] = append(g.own[o.id], g.newPerson())
		}
		st := Station{ID: o.id, Name: o.name, URL: "https://" + o.id + ".example", Head: fmt.Sprintf(
			`<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" `+
				`xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"><channel><title>%s</title>`+
				`<link>https://%s.example</link><description>News</description><language>en-US</language>`,
			o.name, o.id)}
		if o.roster {
			st.Reporters = g.own[o.id]
		}
		g.sample.Stations = append(g.sample.Stations, st)
		g.outletOf[o.id] = n
	}
	for day := range form.days() {
		g.addDay(firstDay.AddDate(0, 0, day), day)
	}
	g.sample.sort()
	return &g.sample
}

func (g *generator) newPerson() string {
	for {
		if name := g.person(); !g.names[name] {
			g.names[name] = true
			return name
		}
	}
}

func (g *generator) chance(part float64) bool { return g.r.Float64() < part }

// newStory makes a story with a headline that no other has.
func (g *generator) newStory(maker string, people ...string) *story {
	g.stories++
	s := &story{name: fmt.Sprintf("s%04d", g.stories), maker: maker, people: people,
		spanish: !g.english && g.chance(.05)}
	g.spanish = s.spanish
	for s.headline == "" || g.titles[s.headline] || len(strings.Fields(s.headline)) < 7 {
		s.headline = g.headline()
	}
	g.titles[s.headline] = true
	s.paragraphs = g.paragraphs(170 + g.r.IntN(480))
	s.opening = []string{g.long(26), g.long(26)}
	g.spanish = false
	return s
}

func (g *generator) addDay(day time.Time, n int) {
	for range networkADay/2 + g.r.IntN(networkADay+1) {
		g.addNetworkStory(day)
	}
	for range g.r.IntN(2*ownADay + 1) {
		g.addOwnStory(day)
	}
	g.addDecoys(day, n)
}

func (g *generator) hour(from, to float64) time.Duration {
	return time.Duration((from + (to-from)*g.r.Float64()) * float64(time.Hour)).Truncate(time.Minute)
}

// addNetworkStory has stations take over a story of the network, now or within the day.
func (g *generator) addNetworkStory(day time.Time) {
	people, maker := g.colleagues(g.network), Network
	single := g.chance(.03)
	if single { // somebody who writes once: nobody can tell for whom
		people, maker = []string{g.newPerson()}, ""
	}
	s, at := g.newStory(maker, people...), day.Add(g.hour(4, 23))
	var takers []string
	for _, o := range outlets {
		if g.chance(o.takes) {
			takers = append(takers, o.id)
		}
	}
	if single || len(takers) == 0 {
		takers = []string{"ajo"}
	}
	for _, id := range takers {
		g.tell(s, id, at.Add(g.delay()))
	}
}

// colleagues are one to three reporters.
func (g *generator) colleagues(of []string) (people []string) {
	for want := 1 + g.r.IntN(10)/6 + g.r.IntN(10)/8; len(people) < want; {
		if name := g.pick(of); !slices.Contains(people, name) {
			people = append(people, name)
		}
	}
	return people
}

// delay is how much later than the maker a station publishes a story.
func (g *generator) delay() time.Duration {
	switch n := g.r.IntN(10); {
	case n < 5:
		return 0
	case n < 8:
		return g.hour(0, 3)
	default:
		return g.hour(3, 20)
	}
}

// addOwnStory has a station publish what its reporters made, and perhaps others take it over.
func (g *generator) addOwnStory(day time.Time) {
	id := outlets[[]int{0, 0, 0, 1, 2, 3, 3}[g.r.IntN(7)]].id
	s, at := g.newStory(id, g.colleagues(g.own[id])[:1]...), day.Add(g.hour(6, 20))
	g.tell(s, id, at)
	o := outlets[g.outletOf[id]]
	if !g.chance(.25) {
		return
	}
	for _, other := range outlets[:4] {
		if other.id == id || !g.chance(.5) {
			continue
		}
		switch {
		case g.chance(.5): // with credit
			g.tell(s, other.id, at.Add(g.hour(.5, 18)), func(t *telling) { t.byline = s.people[0] + " | " + o.name })
		case o.roster:
			g.tell(s, other.id, at.Add(g.hour(.5, 18)))
		}
	}
}

// telling is an item before it is written down.
type telling struct {
	headline, byline, slug string
	opening                []string
	paragraphs             []string
	rewritten              bool
	stays                  bool // its page gets no other address
}

// tell has a station publish a story. Later changes come last.
func (g *generator) tell(s *story, id string, at time.Time, changes ...func(*telling)) {
	o := outlets[g.outletOf[id]]
	t := &telling{headline: s.headline, byline: strings.Join(s.people, ", "), opening: slices.Clone(s.opening),
		paragraphs: slices.Clone(s.paragraphs)}
	g.spanish = s.spanish
	g.editHeadline(t, o.call)
	if s.maker == Network {
		g.editByline(t, s.people)
	}
	g.editText(t)
	if s.maker == Network && g.chance(.2) {
		t.paragraphs = append(t.paragraphs, "Copyright 2031 NPR. To see more, visit NPR.")
	}
	t.slug = cmp.Or(t.slug, slugOf(t.headline))
	for _, change := range changes {
		change(t)
	}
	if g.chance(.6) {
		t.paragraphs = append(t.paragraphs, "Support for "+o.name+" comes from listeners like you. Call the "+
			"newsroom "+
			"at 520-555-0134 with what we should look into next.")
	}
	g.spanish = false
	g.publish(s, o.id, o.path, at, t)
}

// publish writes an item down, and for a few of them the address that its page gets later that day.
func (g *generator) publish(s *story, id, path string, at time.Time, t *telling) {
	item := Item{Station: id, Published: at, From: at, Story: s.name, Maker: s.maker, Perhaps: s.perhaps,
		Rewritten: t.rewritten}
	addressed := func(slug string) Item {
		item.Address = "https://" + id + ".example" + path + "/" + at.Format(time.DateOnly) + "/" + slug
		for n := 2; g.pages[item.Address]; n++ {
			item.Address = fmt.Sprintf("https://%s.example%s/%s/%s-%d", id, path, at.Format(time.DateOnly), slug, n)
		}
		g.pages[item.Address] = true
		item.Element = g.element(item.Address, at, t)
		return item
	}
	if t.stays || !g.chance(.012) {
		g.sample.Items = append(g.sample.Items, addressed(t.slug))
		return
	}
	first := addressed(t.slug)
	item.From = at.Add(g.hour(1, 6))
	first.Until = item.From
	if g.chance(.2) {
		t.headline += " today"
		t.slug = slugOf(t.headline)
	} else {
		t.slug = strings.Join(strings.Split(t.slug, "-")[1:], "-")
	}
	g.sample.Items = append(g.sample.Items, first, addressed(t.slug))
}

func (g *generator) element(address string, at time.Time, t *telling) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n<item><title>%s</title><link>%s</link><guid>%s</guid><pubDate>%s</pubDate>",
		html.EscapeString(t.headline), address, address, at.Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	if t.byline != "" {
		fmt.Fprintf(&text, "<dc:creator>%s</dc:creator>", html.EscapeString(t.byline))
	}
	if g.form != Headlines {
		fmt.Fprintf(&text, "<description>%s</description>", html.EscapeString(strings.Join(t.opening, " ")))
	}
	if g.form == Texts {
		text.WriteString("<content:encoded>")
		for _, p := range append([]string{strings.Join(t.opening, " ")}, t.paragraphs...) {
			text.WriteString(html.EscapeString("<p>" + html.EscapeString(p) + "</p>"))
		}
		text.WriteString("</content:encoded>")
	}
	return text.String() + itemEnd
}

// editHeadline is what a station makes of a headline.
func (g *generator) editHeadline(t *telling, call string) {
	base := t.headline
	switch n := g.r.Float64(); {
	case n < g.form.rewritten():
		t.rewritten = true
		for t.headline == base || g.titles[t.headline] {
			t.headline = g.headline()
		}
		g.titles[t.headline] = true
		return
	case n > .96:
		t.headline = titleCase(base)
	case n > .92:
		t.headline = strings.NewReplacer("'", "’", " — ", " - ", "«", "“", "»", "”").Replace(base)
	case n > .905:
		t.headline = "NPR News: " + base
	case n > .89:
		t.headline = base + " | " + call
	case n > .88:
		t.headline = base + " : NPR"
	}
	t.slug = slugOf(base)
	if g.chance(.01) { // somebody shortened the address
		t.slug = strings.Join(strings.Split(t.slug, "-")[:4], "-")
	}
}

func titleCase(text string) string {
	fields := strings.Fields(text)
	for n, f := range fields {
		fields[n] = capital(f)
	}
	return strings.Join(fields, " ")
}

// editByline is what stations make of the network's bylines.
func (g *generator) editByline(t *telling, people []string) {
	names := slices.Clone(people)
	switch n := g.r.IntN(100); {
	case n < 8:
		if !t.rewritten && t.slug == slugOf(t.headline) { // else nothing but a reader knows them
			t.byline = ""
		}
	case n < 12:
		slices.Reverse(names)
		t.byline = strings.Join(names, ", ")
	case n < 16:
		t.byline = strings.Join(names, " and ")
	case n < 20:
		t.byline += " | NPR"
	case n < 23:
		t.byline += ", NPR"
	case n < 25:
		t.byline = "By " + t.byline
	case n < 28:
		t.byline = names[0]
	}
}

// editText is what a station makes of an opening and a text: it trims, it adds, it writes the opening
// again.
func (g *generator) editText(t *telling) {
	if g.chance(.04) {
		t.opening[1] = g.long(26)
	}
	if t.rewritten && g.chance(.1) {
		t.opening = []string{g.long(26), g.long(26)}
	}
	if g.chance(.4) {
		t.paragraphs = t.paragraphs[:max(3, len(t.paragraphs)*(60+g.r.IntN(40))/100)]
	}
	if g.chance(.25) {
		at := g.r.IntN(len(t.paragraphs) + 1)
		t.paragraphs = slices.Insert(t.paragraphs, at, g.sentence())
	}
}

var withoutMarks = transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)

// slugOf is the end of an address that a CMS makes of a headline.
func slugOf(headline string) string {
	plain, _, err := transform.String(withoutMarks, headline)
	if err != nil { // it does not fail on what is written here
		panic(err)
	}
	plain = strings.ReplaceAll(plain, "'", "")
	return strings.Join(strings.FieldsFunc(strings.ToLower(plain), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}
