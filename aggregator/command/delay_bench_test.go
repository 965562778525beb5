package command

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the benchmark of delays publishes: the numbers of stories and stations; every fourth of them
// a second time by another station, fifty stories later.
const (
	delayStories  = 1000
	delayStations = 8
	delayCopied   = 4
	delayBurst    = 50
	delayLasts    = 100 * time.Second
	delayEvery    = time.Second           // poll.every
	delayPushed   = 10 * time.Second      // the same, where hubs push: some sixteen stories of a station
	delayLook     = 10 * time.Millisecond // between two requests of the reader
	delayPatience = 40 * time.Second      // for the last stories
)

// delayPaces lists how stories come: one after the other without a pause, or many at once and then
// none for a while, as is nearer to a desk's day.
var delayPaces = map[string]func(n int) time.Duration{
	"steady": func(n int) time.Duration { return time.Duration(n) * delayLasts / delayStories },
	"bursts": func(n int) time.Duration {
		const pause, within = 5 * time.Second, 200 * time.Millisecond
		return time.Duration(n/delayBurst)*pause + time.Duration(n%delayBurst)*within/delayBurst
	},
}

// BenchmarkDelay measures how long a story takes from its appearance at a station to the merged
// feed that the daemon serves, and to a subscriber of its hub: where the daemon polls the stations,
// and where their hubs push. Where it polls, the time is also counted from the first request that
// could have seen the story, for what is before that is the interval's. The daemon is a process of
// its own, with its store on the disk, and listens on loopback. The last lines are a table.
//
//	go test -run '^$' -bench Delay -benchtime 1x ./aggregator/command
func BenchmarkDelay(b *testing.B) {
	table := "\n| stories come | to the desk by | from | to | median ms | p99 ms | worst ms " +
		"|\n|---|---|---|---|---:|---:|---:|\n"
	for _, pace := range []string{"bursts", "steady"} {
		for _, way := range []string{"poll", "push"} {
			rows := ""
			b.Run(pace+"/"+way, func(b *testing.B) {
				for b.Loop() {
					p := newCoverage(b, way == "push")
					p.run(b, delayPaces[pace])
					rows = p.report(b, pace, way)
				}
			})
			table += rows
		}
	}
	fmt.Println(table)
}

// telling is one story as one station has it, and when it was seen where.
type telling struct {
	story, station int
	copied         bool
	appeared       time.Time // at the station
	offered        time.Time // in an answer to the daemon, or sent to it
	served         time.Time // in the merged feed
	delivered      time.Time // to the subscriber
}

// name is what a telling is known by in a document: a story's first by its title, a copy by the
// carrier that the document names.
func (t *telling) name() string {
	if t.copied {
		return fmt.Sprintf("Story %d, carried by s%d", t.story, t.station)
	}
	return fmt.Sprintf("Story %d", t.story)
}

// coverage is the stations with their hub, and the reader of the desk.
type coverage struct {
	port, desk string
	pushes     bool

	mu         sync.Mutex
	documents  [delayStations][]*telling // newest first
	all        map[string]*telling
	callbacks  map[string]subscribed // by station
	subscribed chan struct{}         // holds one for each subscription of the desk's
	strange    int                   // further stories of the merged feed
}

// subscribed is the desk's subscription at a station's hub.
type subscribed struct{ callback, secret string }

func newCoverage(b *testing.B, pushes bool) *coverage {
	p := &coverage{pushes: pushes, all: map[string]*telling{}, callbacks: map[string]subscribed{},
		subscribed: make(chan struct{}, delayStations)}
	mux := http.NewServeMux()
	mux.HandleFunc("/{station}/rss", p.feed)
	mux.HandleFunc("/{station}/hub", p.hub)
	mux.HandleFunc("/partner", p.partner)
	p.port = everyLoopback(b, mux)
	every := delayEvery
	if pushes { // polling continues, and is slower
		every = delayPushed
	}
	p.desk = serveDesk(b, func(desk string) string {
		text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\npoll: {every: %s, private_networks: true, "+
			"read_pages: false}\npublish: {stories: 300}\nstations:\n", desk, every)
		for n := range delayStations {
			text += fmt.Sprintf("  - {id: s%d, name: Radio %d, url: 'https://s%d.example', feeds: [{url: "+
				"'%s/rss'}]}\n", n, n, n, p.station(n))
		}
		return text
	})
	return p
}

// station is the address of a station, each on a host of its own.
func (p *coverage) station(n int) string {
	return fmt.Sprintf("http://127.0.3.%d:%s/s%d", n+1, p.port, n)
}

// feed answers with a station's last fifty tellings, unless they are known.
func (p *coverage) feed(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := stationAsked(r)
	tag := fmt.Sprintf(`"%d"`, len(p.documents[n]))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	for _, t := range p.documents[n] {
		if t.offered.IsZero() {
			t.offered = time.Now()
		}
	}
	io.WriteString(w, p.document(n))
}

func stationAsked(r *http.Request) (n int) {
	fmt.Sscanf(r.PathValue("station"), "s%d", &n)
	return n
}

// document is a station's feed now; the caller holds mu.
func (p *coverage) document(n int) string {
	var text strings.Builder
	text.WriteString(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Radio</title>` +
		`<link>https://s` + fmt.Sprint(n) + `.example/</link>`)
	if p.pushes {
		fmt.Fprintf(&text, `<atom:link rel="hub" href="%[1]s/hub"/><atom:link rel="self" href="%[1]s/rss"/>`,
			p.station(n))
	}
	list := p.documents[n]
	for _, t := range list[:min(len(list), 50)] {
		text.WriteString(t.item())
	}
	text.WriteString(item(fmt.Sprintf("Rain at last in the place of station %d", n), n+1) + "</channel></rss>")
	return text.String()
}

// item is a telling as its station writes it: a copy says whose it is.
func (t *telling) item() string {
	s := benchStoryOf(t.story, 0)
	home := fmt.Sprintf("https://s%d.example/2025/story-%d", t.story%delayStations, t.story)
	address, claim := home, ""
	if t.copied {
		address = fmt.Sprintf("https://s%d.example/carried/%d", t.station, t.story)
		claim = `<atom:link rel="canonical" href="` + home + `"/>`
	}
	return fmt.Sprintf(`<item><title>Story %d, %s</title><link>%s</link><guid isPermaLink="false">%s</guid>`+
		`<pubDate>%s</pubDate>%s<description><![CDATA[%s]]></description></item>`,
		t.story, s.title, address, address, t.appeared.UTC().Format(time.RFC1123Z), claim, s.content)
}

// hub takes the desk's subscription to a station's feed, and verifies it.
func (p *coverage) hub(w http.ResponseWriter, r *http.Request) {
	s := subscribed{r.FormValue("hub.callback"), r.FormValue("hub.secret")}
	topic, station := r.FormValue("hub.topic"), r.PathValue("station")
	w.WriteHeader(http.StatusAccepted)
	go func() {
		answer, err := http.Get(s.callback + "?" + url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic},
			"hub.challenge": {"x"}, "hub.lease_seconds": {"86400"}}.Encode())
		if err != nil || answer.StatusCode != http.StatusOK {
			return
		}
		answer.Body.Close()
		p.mu.Lock()
		p.callbacks[station] = s
		p.mu.Unlock()
		p.subscribed <- struct{}{}
	}()
}

// partner is the subscriber's callback.
func (p *coverage) partner(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	p.read(r.Body, func(t *telling) *time.Time { return &t.delivered })
}

// read notes when each telling was first seen in the merged feed.
func (p *coverage) read(body io.Reader, at func(*telling) *time.Time) {
	var document struct {
		Items []struct {
			Title string
			Desk  struct {
				Carried []struct{ ID string } `json:"carried_by"`
			} `json:"_desk"`
		}
	}
	now := time.Now()
	if err := json.NewDecoder(body).Decode(&document); err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.strange = 0
	seen := map[string]bool{}
	for _, i := range document.Items {
		name, _, _ := strings.Cut(i.Title, ",")
		if names := []string{name}; strings.HasPrefix(name, "Story") {
			if seen[name] {
				p.strange++
			}
			seen[name] = true
			for _, c := range i.Desk.Carried {
				names = append(names, name+", carried by "+c.ID)
			}
			for _, name := range names {
				if t := p.all[name]; t != nil && at(t).IsZero() {
					*at(t) = now
				}
			}
		}
	}
}

// run has all stories told, while a reader and a subscriber look for them.
func (p *coverage) run(b *testing.B, pace func(n int) time.Duration) {
	answer, err := http.PostForm(linkTo(b, p.desk+"/feed.json", "hub"),
		url.Values{"hub.mode": {"subscribe"}, "hub.topic": {p.desk + "/feed.json"},
			"hub.callback": {p.station(0)[:strings.LastIndex(p.station(0), "/")] + "/partner"}})
	if err != nil || answer.StatusCode != http.StatusAccepted {
		b.Fatalf("the hub answered %v, %v", answer, err)
	}
	answer.Body.Close()
	if p.pushes {
		for range delayStations {
			<-p.subscribed
		}
	}
	done := make(chan struct{})
	var reader, told sync.WaitGroup
	reader.Go(func() { p.look(done) })
	begun := time.Now()
	for n := range delayStories {
		<-time.After(time.Until(begun.Add(pace(n))))
		told.Go(func() { p.tell(&telling{story: n, station: n % delayStations}) })
		if copied := n - delayBurst; copied >= 0 && copied%delayCopied == 0 {
			station := (copied + 1 + copied/delayCopied%(delayStations-1)) % delayStations
			told.Go(func() { p.tell(&telling{story: copied, station: station, copied: true}) })
		}
	}
	told.Wait()
	for end := time.Now().Add(delayPatience); time.Now().Before(end) && !p.complete(); {
		<-time.After(100 * time.Millisecond)
	}
	close(done)
	reader.Wait()
}

// tell has a telling appear at its station, whose hub pushes the document.
func (p *coverage) tell(t *telling) {
	p.mu.Lock()
	t.appeared = time.Now()
	p.all[t.name()] = t
	p.documents[t.station] = append([]*telling{t}, p.documents[t.station]...)
	document, s := p.document(t.station), p.callbacks[fmt.Sprint("s", t.station)]
	if p.pushes {
		t.offered = t.appeared
	}
	p.mu.Unlock()
	for p.pushes && deliverSigned(s.callback, s.secret, document) != nil {
		<-time.After(100 * time.Millisecond) // as a hub does, but sooner
	}
}

// look reads the merged feed until done is closed.
func (p *coverage) look(done <-chan struct{}) {
	tag := ""
	for {
		select {
		case <-done:
			return
		case <-time.After(delayLook):
		}
		r, err := http.NewRequest(http.MethodGet, p.desk+"/feed.json", nil)
		if err != nil {
			continue
		}
		r.Header.Set("If-None-Match", tag)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			continue
		}
		if answer.StatusCode == http.StatusOK {
			tag = answer.Header.Get("ETag")
			p.read(answer.Body, func(t *telling) *time.Time { return &t.served })
		}
		answer.Body.Close()
	}
}

// complete reports whether all has arrived everywhere.
func (p *coverage) complete() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.all {
		if t.served.IsZero() || t.delivered.IsZero() {
			return false
		}
	}
	return true
}

// report gives the rows of one desk, and its metrics.
func (p *coverage) report(b *testing.B, pace, way string) (rows string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.strange > 0 {
		b.Errorf("%s, %s: %d stories stand twice in the merged feed", pace, way, p.strange)
	}
	row := func(from, to string, copied bool, begin, end func(*telling) time.Time) {
		var list []time.Duration
		for _, t := range p.all {
			if t.copied != copied {
				continue
			}
			if end(t).IsZero() {
				b.Errorf("%s, %s: %s did not reach the %s", pace, way, t.name(), to)
				continue
			}
			list = append(list, end(t).Sub(begin(t)))
		}
		slices.Sort(list)
		if len(list) == 0 {
			return
		}
		rows += fmt.Sprintf("| %s | %s | %s | %s | %d | %d | %d |\n", pace, way, from, to,
			list[len(list)/2].Milliseconds(), list[len(list)*99/100].Milliseconds(), list[len(list)-1].Milliseconds())
		if from != "its appearance" && !copied {
			b.ReportMetric(float64(list[len(list)/2].Milliseconds()),
				to[strings.LastIndexByte(to, ' ')+1:]+"-median-ms")
			b.ReportMetric(float64(list[len(list)-1].Milliseconds()), to[strings.LastIndexByte(to, ' ')+1:]+"-worst-ms")
		}
	}
	appeared, offered := func(t *telling) time.Time {
		return t.appeared
	}, func(t *telling) time.Time { return t.offered }
	served, delivered := func(t *telling) time.Time {
		return t.served
	}, func(t *telling) time.Time { return t.delivered }
	from := "the request that sees it"
	if way == "push" {
		from = "the hub's delivery"
	}
	row(from, "the merged feed", false, offered, served)
	row(from, "a subscriber", false, offered, delivered)
	row(from, "its carrier's name in the feed", true, offered, served)
	if way == "poll" {
		row("its appearance", "the merged feed", false, appeared, served)
		row("its appearance", "a subscriber", false, appeared, delivered)
	}
	return rows
}
