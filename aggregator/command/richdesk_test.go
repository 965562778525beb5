//go:build browser

package command

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// richStory is a story of the rich desk. One that has no other picture has one of 1200 by 800, of which its station
// gives a small one, too.
type richStory struct {
	station, title, deck, topic string

	picture   string // "none", or its size where it is another
	audio     int    // seconds
	carriedBy string // a station
}

// richStories are forty-four, so that more than a front page holds.
var richStories = []richStory{
	{station: "kmsa", title: "Acequia stewards open the gates a month early", topic: "Water", audio: 180,
		deck: "Snow left the high country in March. Stewards from three villages agreed to share what comes."},
	{station: "ajo", title: "Night bus", topic: "Transport", deck: "The last seat is free.", carriedBy: "kdem"},
	{station: "fronteriza", title: "La cooperativa de pescadores del alto Golfo vuelve al mar después de dos años",
		topic: "Frontera", audio: 247, deck: "Veintidós pangas salieron antes del amanecer con redes nuevas, y las " +
			"familias esperaron en la playa."},
	{station: "bisbee", title: "What a former copper town does with forty-one empty storefronts, a choir of nineteen " +
		"and one very patient landlord", topic: "Arts", picture: "800x1200", deck: "Tenants pay in concerts until spring."},
	{station: "kdem", title: "County clerks count ballots by hand, then again", topic: "Politics", picture: "none",
		deck: "The second count took eleven hours and found a difference of two."},
	{station: "kmsa", title: "Onion sheds look for packers", topic: "Farming", audio: 95,
		deck: "Growers near Hatch offer rides, breakfast and a bonus at the end of the season."},
	{station: "ajo", title: "Desert bighorn return to the Growler range", topic: "Nature", picture: "2400x800",
		deck: "Biologists released thirty animals with collars; a ranger heard the first lamb in May."},
	{station: "fronteriza", title: "Falta agua en las escuelas", topic: "Agua", picture: "none",
		deck: "Los directores piden pipas dos veces por semana."},
	{station: "kmsa", title: "A bridge between two Nogaleses gets its lights back", topic: "Border", carriedBy: "bisbee",
		deck: "Electricians of both cities worked on it together, each to the middle."},
	{station: "kdem", title: "Rockhounds meet", topic: "Arts", deck: "Agates, jaspers and a great deal of coffee."},
	{station: "bisbee", title: "Librarians lend out hand tools", topic: "Arts", audio: 61,
		deck: "Saws go out most, and all but one have come back."},
	{station: "ajo", title: "Clinic doctor retires after thirty-six summers of heatstroke", topic: "Health",
		deck: "Her successor has bought a second ice machine."},
	{station: "kmsa", title: "Pecan growers test a salty well", topic: "Water", picture: "none", audio: 310,
		deck: "Half of the orchard drinks from it until October."},
	{station: "fronteriza", title: "Músicos de tres municipios graban un disco en la antigua estación del ferrocarril",
		topic: "Cultura", deck: "El eco del andén se oye en cada pieza."},
	{station: "kdem", title: "Dust closes the interstate for the ninth time", topic: "Transport", picture: "600x600",
		deck: "Troopers ask drivers to pull over, switch off their lights and take the foot from the brake."},
	{station: "bisbee", title: "Mule deer in the pool", topic: "Nature", deck: "The lifeguard did not whistle."},
	{station: "ajo", title: "Tortilla factory moves across the street", topic: "Business",
		deck: "The oven went last, at night, on rollers borrowed from the mine museum."},
	{station: "kmsa", title: "Students map every shade tree of Las Cruces", topic: "Education", audio: 154,
		deck: "The poorest blocks have one for each forty people."},
	{station: "fronteriza", title: "Abre un comedor", topic: "Frontera",
		deck: "Sirve doscientas comidas al día a quienes esperan cita."},
	{station: "kdem", title: "Airfield for gliders turns ninety", topic: "History", picture: "none",
		deck: "A pilot who landed there in 1951 came back as a passenger."},
	{station: "bisbee", title: "Sewer line will be older than the state for two more years", topic: "Politics",
		deck: "Councilors put off the bond."},
	{station: "ajo", title: "Saguaro census finds more arms than expected", topic: "Nature", audio: 128,
		deck: "Volunteers counted for six weekends."},
	{station: "kmsa", title: "Mariachi teachers run out of trumpets", topic: "Education", carriedBy: "kdem",
		deck: "Enrollment has doubled since the state finals."},
	{station: "fronteriza", title: "Las aduanas cambian sus horarios a partir del lunes y los transportistas protestan " +
		"con una fila de ocho kilómetros", topic: "Frontera", deck: "Piden que el carril rápido abra a las cinco."},
	{station: "kdem", title: "Hot springs close", topic: "Health", picture: "none", deck: "Too hot."},
	{station: "bisbee", title: "Ironworkers raise the old headframe by a foot", topic: "History", audio: 73,
		deck: "It had sunk by that much since the pumps stopped."},
	{station: "ajo", title: "Two sisters keep the only laundromat within forty miles", topic: "Business",
		deck: "On Thursdays it is a concert hall."},
	{station: "kmsa", title: "Chile sorting goes to cameras", topic: "Farming", picture: "900x600",
		deck: "They see red and green, and ask people about the rest."},
	{station: "fronteriza", title: "Nace una biblioteca en Agua Prieta", topic: "Cultura", audio: 199,
		deck: "Los primeros mil libros llegaron en camión desde Hermosillo."},
	{station: "kdem", title: "Ranchers trade a windmill for panels", topic: "Water",
		deck: "The cattle noticed nothing; the crows complained."},
	{station: "bisbee", title: "A thousand stairs, one race", topic: "Sports",
		deck: "Runners came from nine states and a convent."},
	{station: "ajo", title: "Plaza fountain runs on Sundays", topic: "Water", picture: "none", deck: "For an hour."},
	{station: "kmsa", title: "Observatory asks neighbors to point their lamps down", topic: "Science", audio: 222,
		deck: "The county pays for shields until June."},
	{station: "fronteriza", title: "El tren no para", topic: "Transporte", deck: "Los vecinos juntan firmas."},
	{station: "kdem", title: "Firefighters learn Spanish on the night shift", topic: "Education",
		deck: "The first phrase was about hydrants."},
	{station: "bisbee", title: "Retired surveyor finds a mistake of eleven inches", topic: "Border", picture: "640x480",
		deck: "Both governments thanked him and changed nothing."},
	{station: "ajo", title: "Tumbleweed season comes early", topic: "Nature", deck: "Fences are the first to know."},
	{station: "kmsa", title: "Dairy closes after four generations", topic: "Farming", audio: 264,
		deck: "The cows went to Chaves County, the bell to the school."},
	{station: "fronteriza", title: "Maestras jubiladas dan clases por radio", topic: "Educación", picture: "none",
		deck: "Trescientos alumnos escuchan cada tarde."},
	{station: "kdem", title: "Museum of telephones rings every noon", topic: "History",
		deck: "Visitors may answer."},
	{station: "bisbee", title: "Beekeepers count their losses", topic: "Farming", deck: "Four hives of ten."},
	{station: "ajo", title: "Ambulance crew gets a second truck", topic: "Health", audio: 88,
		deck: "The first has gone around the earth eleven times."},
	{station: "kmsa", title: "River walk washed out", topic: "Nature", deck: "The bench is in the next county."},
	{station: "kdem", title: "Trains carry water to a town once more", topic: "Water",
		deck: "Six tank cars come on Mondays, as in 1934."},
}

// richStations are the stations of the rich desk, by id.
var richStations = []richStation{
	{"kmsa", "KMSA Mesilla Public Radio", "KMSA", "en", "Ana Paz"}, {"ajo", "Radio Ajo", "Ajo 88.9", "en", "Rosa Ibarra"},
	{"kdem", "KDEM Deming", "KDEM", "en", "Lee Orr"},
	{"bisbee", "Bisbee Community Radio", "Border 90.3", "en", "Jo Tafoya"},
	{"fronteriza", "Radio Fronteriza", "Radio Fronteriza", "es", "Julián Armendáriz"},
}

// richSite is what the stations of the rich desk serve: feeds and pictures, these after a pause.
type richSite struct {
	port  string
	pause atomic.Int64
	end   time.Time // when the newest story was published
}

func (s *richSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if id, found := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".rss"); found {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		fmt.Fprint(w, s.feed(id))
		return
	}
	var number, width, height int
	if n, _ := fmt.Sscanf(r.URL.Path, "/pictures/%d-%dx%d.jpg", &number, &width, &height); n < 3 {
		http.NotFound(w, r)
		return
	}
	time.Sleep(time.Duration(s.pause.Load()))
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Write(richPicture(number, width, height))
}

// richPicture is a hill before a sky, in colors of its own.
func richPicture(number, width, height int) []byte {
	picture, dye := image.NewRGBA(image.Rect(0, 0, width, height)), rand.New(rand.NewPCG(uint64(number), 1))
	sky := color.RGBA{uint8(120 + dye.IntN(120)), uint8(130 + dye.IntN(80)), uint8(120 + dye.IntN(120)), 255}
	hill := color.RGBA{uint8(60 + dye.IntN(120)), uint8(40 + dye.IntN(80)), uint8(20 + dye.IntN(60)), 255}
	peak := width/4 + dye.IntN(width/2)
	for x := range width {
		ridge := height/3 + abs(x-peak)*height/width
		for y := range height {
			if y < ridge {
				picture.SetRGBA(x, y, sky)
			} else {
				picture.SetRGBA(x, y, hill)
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 60}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func abs(n int) int { return max(n, -n) }

// feed is a station's feed: the stories that it made, and those that it carries.
func (s *richSite) feed(station string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" `+
		`xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" `+
		`xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title><link>http://%s.localhost:%s/</link>`,
		station, s.port)
	for number, story := range richStories {
		if story.station == station || story.carriedBy == station {
			s.writeItem(&b, number, station)
		}
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

func (s *richSite) writeItem(b *strings.Builder, number int, station string) {
	story := richStories[number]
	at := func(station, path string) string {
		return fmt.Sprintf("http://%s.localhost:%s%s", station, s.port, path)
	}
	made := at(story.station, fmt.Sprintf("/news/%d", number))
	element := func(name, text string) {
		fmt.Fprintf(b, "<%s>", name)
		xml.EscapeText(b, []byte(text))
		fmt.Fprintf(b, "</%s>\n", name)
	}
	published := s.end.Add(-time.Duration(number) * 137 * time.Minute)
	b.WriteString("<item>")
	element("title", story.title)
	element("description", story.deck)
	element("content:encoded", richText(number, story))
	element("category", story.topic)
	for _, s := range richStations {
		if s.id == story.station {
			element("dc:creator", s.reporter)
		}
	}
	if station == story.station {
		element("link", made)
	} else {
		element("link", at(station, fmt.Sprintf("/partners/%d", number)))
		fmt.Fprintf(b, `<atom:link rel="canonical" href="%s"/>`, made)
		published = published.Add(time.Hour)
	}
	element("guid", fmt.Sprintf("%s-%d", station, number))
	element("pubDate", published.Format(time.RFC1123Z))
	if story.picture != "none" {
		size := cmp.Or(story.picture, "1200x800")
		width, height, _ := strings.Cut(size, "x")
		fmt.Fprintf(b, `<media:content url="%s" type="image/jpeg" medium="image" width="%s" height="%s">`+
			`<media:description>A hill and the sky, as seen from post %d</media:description>`+
			`<media:credit>Luz Vega</media:credit>`, at(story.station, fmt.Sprintf("/pictures/%d-%s.jpg", number, size)),
			width, height, number)
		if story.picture == "" {
			fmt.Fprintf(b, `<media:thumbnail url="%s" width="300" height="200"/>`,
				at(story.station, fmt.Sprintf("/pictures/%d-300x200.jpg", number)))
		}
		b.WriteString("</media:content>")
	}
	if story.audio > 0 {
		fmt.Fprintf(b, `<enclosure url="%s" length="%d" type="audio/mpeg"/>`+
			`<itunes:duration xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">%d</itunes:duration>`,
			at(story.station, fmt.Sprintf("/audio/%d.mp3", number)), story.audio*16_000, story.audio)
	}
	b.WriteString("</item>\n")
}

// richText is a text of five paragraphs that no other story has.
func richText(number int, story richStory) string {
	words, dice := strings.Fields(richWords), rand.New(rand.NewPCG(uint64(number), 2))
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p>", story.deck)
	for range 5 {
		b.WriteString("<p>")
		for range 4 {
			sentence := make([]string, 6+dice.IntN(12))
			for n := range sentence {
				sentence[n] = words[dice.IntN(len(words))]
			}
			sentence[0] = strings.ToUpper(sentence[0][:1]) + sentence[0][1:]
			b.WriteString(strings.Join(sentence, " ") + ". ")
		}
		b.WriteString("</p>")
	}
	return b.String()
}

const richWords = `arroyo barn bell bench bridge bucket canal canyon chapel coffee copper cotton county court crew ` +
	`ditch dog door drum dust engine fence ferry field fiddle flood garden gate glass goat grain gravel guitar hall ` +
	`harvest hill horse ice iron juniper kitchen ladder lamp ledger letter library mesa meter mine mirror mule needle ` +
	`oak oven paint paper pipe plaza plow porch pump quarry rail rain ranch ridge river road roof rope saddle salt sand ` +
	`school seed shade shovel signal silver smoke snow stairs station stone storm stove street sugar table tank tent ` +
	`timber tower track tractor trail truck tunnel valley wagon wall water wheel window winter wire wood wool yard`

type richStation struct{ id, name, brand, language, reporter string }

// newRichDesk runs a desk with the stations of the rich desk, and gives its address once all stories are out.
func newRichDesk(t *testing.T) (*desk, *richSite) {
	t.Helper()
	site := &richSite{end: time.Now().Add(-time.Hour).Truncate(time.Minute)}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	site.port = server.URL[strings.LastIndex(server.URL, ":")+1:]
	d := newDesk(t, func(address, port string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "listen: 127.0.0.1:%s\n"+
			"desk: {title: Fronteras Desk, url: '%s', description: News of the border from public radio stations,\n"+
			"  contact: desk@fronteras.example, timezone: America/Denver}\n"+
			"poll: {every: 1h, private_networks: true, read_pages: false}\nstations:\n", port, address)
		for _, s := range richStations {
			fmt.Fprintf(&b, "  - {id: %s, name: %s, brand: %s, url: 'http://%s.localhost:%s', language: %s, "+
				"timezone: America/Denver, reporters: [%s], feeds: [{url: '%s/%s.rss'}]}\n",
				s.id, s.name, s.brand, s.id, site.port, s.language, s.reporter, server.URL, s.id)
		}
		return b.String()
	})
	if have := len(d.stories); have != len(richStories) {
		t.Fatalf("the rich desk has %d stories, want %d", have, len(richStories))
	}
	return d, site
}
