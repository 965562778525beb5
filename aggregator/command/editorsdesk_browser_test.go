//go:build browser

package command

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// busyDesk is a desk whose feeds leave much to decide, with three editors: ana reads English, luz Spanish,
// and lee is a colleague.
type busyDesk struct {
	*editorDesk
	began time.Time
	cases []busyCase // as the command lists them
}

type busyCase struct {
	ID, Kind, State, Feed string
	Stories               []string
}

// busyStations are the stations of the desk, with the names that the pages show.
var busyStations = map[string]string{
	"kmsa": "KMSA Mesilla", "kdem": "KDEM Deming", "kara": "Arivaca Radio", "bisbee": "Bisbee Community Radio",
	"pasonorte": "Paso Norte Public Radio", "yvpm": "Yuma Valley Public Media", "fronteriza": "Radio Fronteriza",
}

// Headlines of what is to be decided.
var (
	busyPairs  = []string{"Council votes on the water rates", "School bond goes to the voters in May", "Night bus may run to Columbus"}
	busyKilled = []string{"Dam report warns of cracks", "Bridge report warns of rust"}
	busyFlood  = []string{
		"Fair opens with a mule", "Library lends seeds", "Choir sings in the mine", "Chile harvest begins", "Clinic moves downtown",
		"Rail club paints a caboose", "Bees return to " + busyLong,
	}
)

const (
	busyLong      = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenfabrik" // one word, wider than a phone
	busyWithdrawn = "Ferry stops at the lower landing"
	busyLive      = "Pelicans winter at Animas lake"
	busyJoined    = "Copper museum reopens with photographs"
	busyWrong     = "Copper prices fall at the smelter"
)

// newBusyDesk runs it, with an address and port of its own.
func newBusyDesk(t *testing.T) *busyDesk {
	t.Helper()
	d := &busyDesk{editorDesk: newEditorDesk(t), began: time.Now()}
	text := fmt.Sprintf("desk: {title: {en: Border Desk, es: Redacción Frontera}, url: '%s', timezone: America/Denver}\n"+
		"listen: %s\nstations:\n", d.public, strings.TrimPrefix(d.public, "http://"))
	for _, id := range []string{"kmsa", "kdem", "kara", "bisbee", "pasonorte", "yvpm", "fronteriza"} {
		text += fmt.Sprintf("  - {id: %s, name: %s, url: 'https://%s.example', feeds: [{url: 'file:%s', every: 24h}]}\n", id,
			busyStations[id], id, busyFile(id))
	}
	text += "editors: {people: [{id: ana, name: Ana Paz, email: ana@kmsa.example, station: kmsa, language: en}, " +
		"{id: luz, name: Luz Vega, email: luz@kmsa.example, language: es}, {id: lee, name: Lee Orr, email: lee@kmsa.example}]}\n"
	if err := os.WriteFile(d.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.writeUsual()
	d.serve()
	d.poll()
	d.writeUnusual()
	d.poll()
	if !eventually(func() bool {
		_, metrics := d.get(nil, d.public+"/metrics")
		return strings.Contains(metrics, "fronteras_search_complete 1")
	}) {
		t.Fatal("the search index is not whole")
	}
	code, list := d.run("cases", "--json")
	if code != 0 {
		t.Fatalf("cases: %s", list)
	}
	if err := json.Unmarshal([]byte(list), &d.cases); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *busyDesk) poll() {
	d.t.Helper()
	if code, said := d.run("poll"); code != 0 {
		d.t.Fatalf("poll: %s", said)
	}
}

// caseOf is the number of the first case of a kind.
func (d *busyDesk) caseOf(kind string, skip int) string {
	d.t.Helper()
	for _, c := range d.cases {
		if c.Kind == kind {
			if skip == 0 {
				return c.ID
			}
			skip--
		}
	}
	d.t.Fatalf("there is no case of kind %s: %+v", kind, d.cases)
	return ""
}

// busyItem is an item of a feed: hours before the desk began.
type busyItem struct {
	slug, title, text string
	hours             int
	guid, more        string
}

// writeUsual writes what the feeds bring first: pairs, a story that is joined wrongly, and others.
func (d *busyDesk) writeUsual() {
	var kmsa, kdem []busyItem
	for n, title := range busyPairs {
		kmsa = append(kmsa, busyItem{slug: fmt.Sprintf("pair-%d", n), title: title, hours: 3 + n,
			text: fmt.Sprintf("It is decided on Tuesday. In Mesilla, %s people have asked to speak.", []string{"nine", "forty", "two"}[n])})
		kdem = append(kdem, busyItem{slug: fmt.Sprintf("pair-%d", n), title: title, hours: 4 + n,
			text: fmt.Sprintf("It is decided on Tuesday. Deming sends %s of its own.", []string{"a lawyer", "three teachers", "a driver"}[n])})
	}
	const guid = "https://kmsa.example/?p=museum"
	kmsa = append(kmsa, busyItem{slug: "copper-museum-reopens-today", title: busyJoined, hours: 8, guid: guid, text: "The museum is open again."},
		busyItem{slug: "pelicans", title: busyLive, hours: 9, text: "Three hundred pelicans winter at Animas lake."})
	kdem = append(kdem, busyItem{slug: "smelter", title: busyWrong, hours: 7, text: "The price of copper fell on Monday.",
		more: `<source url="https://kmsa.example/rss">KMSA Mesilla</source><atom:link xmlns:atom="http://www.w3.org/2005/Atom" ` +
			`rel="canonical" href="https://kmsa.example/news/copper-museum-reopens-today"/>`})
	d.writeFeed("kmsa", "", kmsa...)
	d.writeFeed("kdem", "", kdem...)
	d.writeFeed("kara", "",
		busyItem{slug: "dam", title: busyKilled[0], hours: 6, text: "PHOENIX (AP) — The dam has cracks that go through it, a report says."},
		busyItem{slug: "bridge", title: busyKilled[1], hours: 5, text: "PHOENIX (AP) — The bridge has rust that goes through it, a report says."})
	d.writeFeed("bisbee", "", busyItem{slug: "rain", title: "Rain fills the washes", hours: 10, text: "It rained."})
	d.writeFeed("fronteriza", "", busyItem{slug: "one", title: "Wells are measured", hours: 20, text: "All of them."})
	d.writeFeed("yvpm", "", busyItem{slug: "market", title: "Market moves indoors", hours: 10, text: "It is warmer there."})
	d.writeFeed("pasonorte", "", busyItem{slug: "ferry", title: busyWithdrawn, hours: 6, text: "The ferry stops there."},
		busyItem{slug: "lanes", title: "New lanes open on the bridge", hours: 12, text: "Two lanes opened."})
}

// writeUnusual writes what the feeds bring then: two kills, a flood, a withdrawal.
func (d *busyDesk) writeUnusual() {
	d.writeFeed("bisbee", "", busyItem{slug: "rain", title: "Rain fills the washes", hours: 10, text: "It rained."},
		busyItem{slug: "kill-1", title: "MANDATORY KILL: " + busyKilled[0], hours: 2, text: "PHOENIX (AP) — The story about the dam is withdrawn. Do not use it."},
		busyItem{slug: "kill-2", title: "MANDATORY KILL: " + busyKilled[1], hours: 1, text: "PHOENIX (AP) — The story about the bridge is withdrawn. Do not use it."})
	var same []busyItem // under one guid
	for n, title := range []string{"Wells are measured", "Goats graze the levee", "Post office closes at noon", "Mural is finished"} {
		same = append(same, busyItem{slug: fmt.Sprintf("page-%d", n), title: title, hours: 20 - n, guid: "story", text: title + " now."})
	}
	d.writeFeed("fronteriza", "", same...)
	flood := []busyItem{{slug: "market", title: "Market moves indoors", hours: 10, text: "It is warmer there."}}
	for n, title := range busyFlood {
		flood = append(flood, busyItem{slug: fmt.Sprintf("old-%d", n), title: title, hours: 240 + 24*n,
			text: fmt.Sprintf("This happened %d days ago, and nobody was told.", 10+n)})
	}
	d.writeFeed("yvpm", "", flood...)
	d.writeFeed("pasonorte", fmt.Sprintf(`<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" `+
		`ref="https://pasonorte.example/?p=ferry" when="%s"/>`, d.began.UTC().Format(time.RFC3339)),
		busyItem{slug: "lanes", title: "New lanes open on the bridge", hours: 12, text: "Two lanes opened."})
}

// busyFile is the name of a station's feed: of one, a long one without a place to break it.
func busyFile(station string) string {
	if station == "fronteriza" {
		return strings.Repeat("fronteriza", 12) + ".xml"
	}
	return station + ".xml"
}

// writeFeed writes a station's feed, with something more in its channel.
func (d *busyDesk) writeFeed(station, more string, items ...busyItem) {
	d.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title><link>https://%s.example/</link>%s`, busyStations[station],
		station, more)
	for _, i := range items {
		guid := i.guid
		if guid == "" {
			guid = fmt.Sprintf("https://%s.example/?p=%s", station, i.slug)
		}
		fmt.Fprintf(&b, "<item><title>%s</title><link>https://%s.example/news/%s</link><guid isPermaLink=\"false\">%s</guid>"+
			"<pubDate>%s</pubDate><description>%s</description>%s</item>\n", i.title, station, i.slug, guid,
			d.began.Add(-time.Duration(i.hours)*time.Hour).UTC().Format(time.RFC1123Z), i.text, i.more)
	}
	b.WriteString("</channel></rss>")
	if err := os.WriteFile(filepath.Join(filepath.Dir(d.file), busyFile(station)), []byte(b.String()), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// client is a browser without pages, in which an editor is signed in.
func (d *busyDesk) client(who string) *http.Client {
	d.t.Helper()
	c := d.browser()
	d.do(c, "POST", d.link(who))
	return c
}
