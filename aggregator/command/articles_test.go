package command

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/news"
	"fronteras/testdata/articles/stationweb"
)

// articlesWalk is a copy of testdata/articles, whose stations are served on ports of their own.
type articlesWalk struct {
	t       *testing.T
	folder  string
	ports   *strings.Replacer // from the addresses that the page names to those of this walk
	config  string
	started time.Time

	mu    sync.Mutex
	asked map[string]int // requests to the stations, by host without port and path
}

// startArticlesWalk serves the stations until the test ends.
func startArticlesWalk(t *testing.T) *articlesWalk {
	t.Helper()
	w := &articlesWalk{t: t, folder: t.TempDir(), started: time.Now(), asked: map[string]int{}}
	for _, name := range []string{"config.yaml", "stations", "later"} {
		if err := copyTree(filepath.Join(root, "testdata", "articles", name), filepath.Join(w.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	ports := []string{"127.0.0.1:8080", "127.0.0.1:" + port}
	for station, host := range map[string]string{"kmsa": "127.0.0.2", "ajo": "127.0.0.3", "fronteriza": "127.0.0.4"} {
		listener, err := net.Listen("tcp", host+":0")
		if err != nil {
			t.Fatal(err)
		}
		site := stationweb.Handler(filepath.Join(w.folder, "stations", station), w.started)
		server := &http.Server{Handler: http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
			w.mu.Lock()
			w.asked[host+r.URL.Path]++
			w.mu.Unlock()
			site.ServeHTTP(answer, r)
		})}
		go server.Serve(listener)
		t.Cleanup(func() { server.Close() })
		ports = append(ports, host+":8090", listener.Addr().String())
	}
	w.ports = strings.NewReplacer(ports...)
	w.config = filepath.Join(w.folder, "config.yaml")
	text, err := os.ReadFile(w.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.config, []byte(w.ports.Replace(string(text))), 0o644); err != nil {
		t.Fatal(err)
	}
	return w
}

// run runs a command of the program, with the walk's configuration.
func (w *articlesWalk) run(args ...string) string {
	w.t.Helper()
	var out, errs bytes.Buffer
	getenv := func(name string) string {
		if name == "FRONTERAS_CONFIG" {
			return w.config
		}
		return os.Getenv(name)
	}
	if code := Run(w.t.Context(), args, Env{Out: &out, Err: &errs, Getenv: getenv}); code != 0 {
		w.t.Fatalf("%s: exit %d: %s", args, code, &errs)
	}
	return strings.ReplaceAll(out.String(), w.folder, "testdata/articles")
}

// play does what a command of the page does, and compares what it prints with what the page shows.
func (w *articlesWalk) play(c shown) {
	w.t.Helper()
	args, ours := strings.CutPrefix(c.line, "go run . ")
	switch {
	case ours && strings.HasPrefix(args, "serve"), c.line == "go run ./testdata/articles",
		c.line == "export FRONTERAS_CONFIG=testdata/articles/config.yaml":
	case c.line == "cp -r testdata/articles/later/* testdata/articles/stations/":
		if err := overlay(filepath.Join(w.folder, "later"), filepath.Join(w.folder, "stations")); err != nil {
			w.t.Fatal(err)
		}
	case c.line == "sleep 5":
		time.Sleep(5 * time.Second) // what is waited for is due after four, however slow the machine is
	case ours:
		list := strings.Fields(w.ports.Replace(args))
		if at := slices.Index(list, "--out"); at >= 0 {
			list[at+1] = filepath.Join(w.folder, list[at+1])
		}
		if have, want := w.run(list...), w.ports.Replace(c.output); !printsAsShown(have, want, variesWithArticles) {
			w.t.Errorf("%s prints\n%s\nthe page has\n%s", c.line, have, want)
		}
	default:
		w.t.Fatalf("%s: nobody knows how to play it", c.line)
	}
}

// What depends on the time of the walk, and on the ports of the stations.
var variesWithArticles = regexp.MustCompile(`\d{1,2} \w{3} \d{4} \d\d:\d\d|\b[a-z2-7]{13}\b|127\.0\.0\.1,\d{4}:|` +
	`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?`)

// document reads a document that `once` wrote, as a feed reader does.
func (w *articlesWalk) document(name, mediaType string) (entries []news.Entry, text string) {
	w.t.Helper()
	written, err := os.ReadFile(filepath.Join(w.folder, "out", name))
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := feed.Parse(w.t.Context(), written, feed.Context{ContentType: mediaType, Address: "http://127.0.0.1/" + name})
	if err != nil {
		w.t.Fatal(err)
	}
	return d.Entries, string(written)
}

// entryOf returns the entry whose headline begins so.
func entryOf(t *testing.T, entries []news.Entry, title string) news.Entry {
	t.Helper()
	for _, e := range entries {
		if strings.HasPrefix(e.Title, title) {
			return e
		}
	}
	t.Fatalf("no story %q", title)
	return news.Entry{}
}

const (
	ditch   = "A ditch near Faywood"
	library = "La biblioteca de Palomas"
)

// The second walk of docs/walkthrough.md, over HTTP: what it shows is so, and so is what an editor
// would find in the documents.
func TestADeskThatReadsArticlePagesGivesTheWholeStory(t *testing.T) {
	t.Parallel()
	_, page, found := strings.Cut(readWalkthrough(t), secondWalk)
	if !found {
		t.Fatal("the walkthrough has no second walk")
	}
	w := startArticlesWalk(t)
	days := strings.Split(page, "$ cp -r ")
	if len(days) != 2 {
		t.Fatalf("%d days are walked", len(days))
	}
	for _, c := range commandsShown(days[0] + "```") {
		w.play(c)
	}
	w.checkFirstDay()
	before := w.stories()
	for _, c := range commandsShown("```\n$ cp -r " + days[1]) {
		w.play(c)
	}
	w.checkCorrection(before)
	w.checkDaemon()
}

// checkFirstDay asserts what the documents give of the first day.
func (w *articlesWalk) checkFirstDay() {
	t := w.t
	var everything strings.Builder
	for _, document := range []struct{ name, mediaType string }{
		{"feed.rss", "application/rss+xml"}, {"feed.atom", "application/atom+xml"}, {"feed.json", "application/feed+json"},
		{"podcast.rss", "application/rss+xml"},
	} {
		entries, text := w.document(document.name, document.mediaType)
		everything.WriteString(text)
		podcast := document.name == "podcast.rss"
		if want := map[bool]int{true: 2, false: 5}[podcast]; len(entries) != want {
			t.Errorf("%s has %d stories, want %d", document.name, len(entries), want)
		}
		for title, want := range map[string]struct{ first, last, alt, credit, audio, author, topic string }{
			ditch: {"Water runs again in the Tres Álamos acequia", "We will see what I remember.", "People in rubber boots",
				"Luz Vega / KMSA", "/audio/tres-alamos-ditch.mp3", "Ana Paz", "Water"},
			library: {"La biblioteca municipal de Palomas cierra ahora", "los de poesía y los de motores.",
				"Una sala con lámparas verdes", "Marisol Quijada/Radio Fronteriza", "/wp-content/uploads/biblioteca.mp3",
				"Marisol Quijada", "Frontera"},
		} {
			e := entryOf(t, entries, title)
			if !strings.Contains(e.Content, want.first) || !strings.Contains(e.Content, want.last) {
				t.Errorf("%s: the text of %q is not whole: %s", document.name, title, e.Content)
			}
			if !strings.Contains(e.Content, `alt="`+want.alt) || !strings.Contains(e.Content, want.credit) {
				t.Errorf("%s: the picture of %q has no words: %s", document.name, title, e.Content)
			}
			if !slices.ContainsFunc(e.Enclosures, func(s news.Enclosure) bool { return strings.HasSuffix(s.URL, want.audio) }) {
				t.Errorf("%s: %q has the audio %v", document.name, title, e.Enclosures)
			}
			if !podcast && !slices.ContainsFunc(e.Authors, func(p news.Person) bool { return p.Name == want.author }) {
				t.Errorf("%s: %q is by %v", document.name, title, e.Authors)
			}
			if !slices.Contains(e.Topics, want.topic) {
				t.Errorf("%s: %q has the topics %v", document.name, title, e.Topics)
			}
			if document.name == "feed.rss" && (len(e.Images) == 0 || e.Images[0].Credit != want.credit ||
				!strings.HasPrefix(e.Images[0].Alt, want.alt) || e.Images[0].Caption == "") {
				t.Errorf("the picture of %q is %+v", title, e.Images)
			}
		}
		if podcast {
			continue
		}
		for title, teaser := range map[string]string{ // whose pages are not given away
			"Engineers look again":   "belong to nobody who could pay for their repair",
			"The night sky":          "where to stand, and what rises when",
			"What the plaza sounded": "Eleven minutes of tape",
		} {
			if e := entryOf(t, entries, title); !strings.Contains(e.Summary+e.Content, teaser) {
				t.Errorf("%s: %q lost its teaser: %+v", document.name, title, e)
			}
		}
	}
	for what, words := range map[string]string{
		"a network's text":               "ninety thousand dams",
		"a network's picture":            "dam-crest",
		"a network's audio":              "small-dams.mp3",
		"what is sold":                   "the hunter stands on the tailings",
		"a page that robots.txt forbids": "no robot has read it",
		"a topic that was not asked for": "Halcones",
		"a promo":                        "What an acequia is",
		"a newsletter":                   "Sign up for the KMSA newsletter",
		"a biography":                    "reports on the border and on whoever lives along it",
		"a share button":                 "Comparte esto",
		"a related story":                "estrena techo",
		"a picture for sharing":          "kmsa-share.jpg",
		"a live stream":                  "kmsa-live",
		"a player's link":                ">127.0.0.4<",
		"a notice of another's rights":   "Copyright 2026",
	} {
		if strings.Contains(everything.String(), words) {
			t.Errorf("the documents show %s: %q", what, words)
		}
	}
	for address, reason := range map[string]string{
		"http://127.0.0.2:8090/npr-news/engineers-look-again-at-small-dams": "the story is NPR's: the page is evidence alone",
		"http://127.0.0.3:8090/news/night-sky-over-mine":                    "its text is not used (paywall)",
		"http://127.0.0.3:8090/members/plaza-1961":                          "not read: robots.txt forbids it",
	} {
		if said := w.run("explain", w.ports.Replace(address)); !strings.Contains(said, "Article page: "+reason) {
			t.Errorf("the explanation of %s does not say %q:\n%s", address, reason, said)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked["127.0.0.3/robots.txt"] == 0 || w.asked["127.0.0.3/members/plaza-1961"] > 0 {
		t.Errorf("robots.txt was not obeyed: %v", w.asked)
	}
	for path, times := range w.asked {
		if strings.HasSuffix(path, ".jpg") {
			t.Errorf("a picture was asked for %d times: %s", times, path)
		}
	}
}

// story is a story as `stories --json` gives it.
type story struct {
	ID, Title           string
	Published, Modified time.Time
	Origin              *struct{ Station, Outside, Rule string }
	Items               []struct {
		Station string
		Edge    struct{ Rule string }
	}
}

// stories returns the stories by headline, and asserts whose they are and who carries them.
func (w *articlesWalk) stories() map[string]story {
	w.t.Helper()
	var list []story
	if err := json.Unmarshal([]byte(w.run("stories", "--json")), &list); err != nil {
		w.t.Fatal(err)
	}
	all := map[string]story{}
	for _, s := range list {
		all[s.Title] = s
		if strings.HasPrefix(s.Title, ditch) {
			rules := map[string]string{}
			for _, i := range s.Items {
				rules[i.Station] = i.Edge.Rule
			}
			if !maps.Equal(rules, map[string]string{"kmsa": "I0", "ajo": "J5"}) || s.Origin == nil ||
				s.Origin.Station != "kmsa" {
				w.t.Errorf("the copy did not join by its words: %+v", s)
			}
		}
		if strings.HasPrefix(s.Title, "Engineers") && (s.Origin == nil || s.Origin.Outside != "npr") {
			w.t.Errorf("a network's story is %+v", s.Origin)
		}
	}
	if len(all) != 5 {
		w.t.Errorf("%d stories, want 5", len(all))
	}
	return all
}

// checkCorrection asserts that the corrected story alone has changed, and how the documents say so.
func (w *articlesWalk) checkCorrection(before map[string]story) {
	t := w.t
	const note = "Correction: An earlier version of this story gave the wrong first name"
	now := w.stories()
	for title, s := range now {
		corrected := strings.HasPrefix(title, ditch)
		if was := before[title]; was.ID != s.ID || s.Modified.Equal(was.Modified) == corrected {
			t.Errorf("%q was modified at %s, and before at %s", title, s.Modified, was.Modified)
		}
	}
	for _, document := range []struct{ name, mediaType string }{
		{"feed.rss", "application/rss+xml"}, {"feed.atom", "application/atom+xml"}, {"feed.json", "application/feed+json"},
	} {
		entries, _ := w.document(document.name, document.mediaType)
		e := entryOf(t, entries, ditch)
		if !strings.Contains(e.Content, note) || strings.Contains(e.Content, "Rubén Escárcega") ||
			document.name != "feed.atom" && !e.Updated.Equal(now[e.Title].Modified.Truncate(time.Second)) ||
			e.Updated.Before(now[e.Title].Modified.Truncate(time.Second)) || // Atom's is not before it went out here
			!e.Published.Equal(now[e.Title].Published) {
			t.Errorf("%s shows the correction as %s, updated %s, want %s", document.name, e.Content, e.Updated,
				now[e.Title].Modified)
		}
	}
}

// checkDaemon serves the desk, and asserts what its story page shows.
func (w *articlesWalk) checkDaemon() {
	t := w.t
	c := command([]string{"fronteras", "serve", "--config", w.config})
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the daemon ended with %v", err)
		}
	})
	desk := w.ports.Replace("http://127.0.0.1:8080")
	if !eventually(func() bool { return strings.Contains(served(desk+"/feed.rss"), ditch) }) {
		t.Fatal("the daemon does not serve the story")
	}
	for title, s := range w.stories() {
		if !strings.HasPrefix(title, ditch) {
			continue
		}
		answer, err := http.Get(desk + "/stories/" + s.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("the story page answers %d, %v", answer.StatusCode, err)
		}
		for _, words := range []string{
			"Ramón Escárcega", "Correction: An earlier version", "Neighbors walk beside the first water", "Luz Vega / KMSA",
			"/dims/1760/ditch-walk.jpg", "/audio/tres-alamos-ditch.mp3", "Ana Paz", "Radio Ajo",
		} {
			if !strings.Contains(string(page), words) {
				t.Errorf("the story page lacks %q", words)
			}
		}
	}
}
