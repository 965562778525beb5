//go:build readers

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadersTakeTheGoldenDocumentsForValid has other people's parsers and grammars of our own read
// the golden documents.
func TestReadersTakeTheGoldenDocumentsForValid(t *testing.T) {
	folder := filepath.Join(root, "testdata", "golden")
	for document, grammar := range map[string]string{"feed.rss": "rss", "feed.atom": "atom", "podcast.rss": "podcast",
		"stations.opml": "opml"} {
		t.Run(document, func(t *testing.T) {
			run(t, "xmllint", "--noout", filepath.Join(folder, document))
			run(t, "jing", "-c", filepath.Join(root, "testdata", "grammar", grammar+".rnc"),
				filepath.Join(folder, document))
		})
	}
	t.Run("feed.json", func(t *testing.T) {
		const script = `
const Ajv = require("ajv/dist/2020"), fs = require("fs"), read = path => JSON.parse(fs.readFileSync(path, "utf8"))
const valid = new Ajv({ allErrors: true }).compile(read(process.argv[1]))
if (!valid(read(process.argv[2]))) { console.log(JSON.stringify(valid.errors.slice(0, 5), null, 1)); process.exit(1) }`
		if out, err := node(t, script, "commonjs", filepath.Join(root, "testdata", "grammar", "feed.schema.json"),
			filepath.Join(folder, "feed.json")); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// TestReadersShowWhatTheDeskPublishes has programs of other people poll a desk while stories are
// corrected, withdrawn and restored. What each shows is a table in docs/partners.md.
func TestReadersShowWhatTheDeskPublishes(t *testing.T) {
	d := serveDeskToReaders(t)
	polls := make([]polling, 0, 16)
	for _, r := range readerPrograms {
		poll := r.open(t)
		for _, document := range r.documents {
			polls = append(polls, polling{reader: r.name, document: document, poll: poll, row: map[string]string{}})
		}
	}
	each := func(step string, try func(*testing.T, *polling)) {
		for n := range polls {
			p := &polls[n]
			t.Run(fmt.Sprintf("%s/%s/%s", step, p.reader, p.document), func(t *testing.T) { try(t, p) })
		}
	}
	each("1 first", func(t *testing.T, p *polling) {
		p.show(t, d)
		p.judgeFields(t, d.stories(p.document))
	})
	each("2 unchanged", func(t *testing.T, p *polling) {
		before := p.shown
		p.show(t, d)
		if have, want := links(p.shown), links(before); !slices.Equal(have, want) {
			t.Errorf("it shows %q, and showed %q", have, want)
		}
	})

	d.replace("testdata/stations/pasonorte.xml", "Bridge waits fall by half after new lanes open",
		"Bridge waits fall by a third after new lanes open", "for half an hour on most mornings, half of what",
		"for forty minutes on most mornings, two thirds of what", "2025-10-09T11:45:00-06:00", "2025-10-10T08:30:00-06:00")
	d.run("poll", "pasonorte")
	d.await(func(stories []publishedStory) bool {
		s := find(stories, "https://pasonorte.example/news/bridge-waits-fall")
		return s != nil && strings.Contains(s.Title, "by a third")
	})
	each("3 corrected", func(t *testing.T, p *polling) {
		p.show(t, d)
		p.judgeCorrection(t, find(d.stories(p.document), "https://pasonorte.example/news/bridge-waits-fall"))
	})

	const withdrawn = "https://radioajo.example/?p=8771" // with a recording: it is an episode, too
	taken := find(d.stories(""), withdrawn)
	d.run("retract", withdrawn, "--reason", "another plant")
	d.await(func(stories []publishedStory) bool { return find(stories, withdrawn) == nil })
	each("4 withdrawn", func(t *testing.T, p *polling) {
		p.show(t, d)
		p.row["withdrawal"] = "kept"
		if !slices.Contains(links(p.shown), taken.Link) {
			p.row["withdrawal"] = "gone"
		}
	})

	d.run("restore", withdrawn)
	d.await(func(stories []publishedStory) bool { return find(stories, withdrawn) != nil })
	each("5 restored", func(t *testing.T, p *polling) {
		p.show(t, d)
		if have, want := links(p.shown), linksOf(d.stories(p.document)); !slices.Equal(have, want) {
			t.Errorf("it shows %q, want %q", have, want)
		}
	})
	if !t.Failed() {
		compareTable(t, polls)
	}
}

// polling is a reader at work.
type polling struct {
	reader, document string
	poll             func(*testing.T, string) []seenStory
	shown            []seenStory
	row              map[string]string // of the table
}

// show polls, and looks that nothing is shown twice.
func (p *polling) show(t *testing.T, d *servedDesk) {
	t.Helper()
	p.shown = p.poll(t, d.address+"/"+p.document)
	if all := links(p.shown); len(slices.Compact(all)) != len(p.shown) {
		t.Errorf("it shows a story twice: %q", links(p.shown))
	}
}

func find(stories []publishedStory, id string) *publishedStory {
	for _, s := range stories {
		if s.ID == id {
			return &s
		}
	}
	return nil
}

// links are the addresses of stories, sorted: no two stories have one.
func links(stories []seenStory) (all []string) {
	for _, s := range stories {
		all = append(all, s.Link)
	}
	slices.Sort(all)
	return all
}

func linksOf(stories []publishedStory) (all []string) {
	for _, s := range stories {
		all = append(all, s.Link)
	}
	slices.Sort(all)
	return all
}

// way is one way in which readers show a field, and what the table says of it.
type way struct {
	says string
	is   func(have seenStory, want publishedStory) bool
}

var tags = regexp.MustCompile("<[^>]*>")

// columns are the fields of the table, with the ways in which a reader may show each. What is shown
// in none of them is wrong.
var columns = []struct {
	name string
	ways []way
}{
	{"title", []way{
		{"yes", func(have seenStory, want publishedStory) bool { return have.Title == want.Title }},
	}},
	{"author", []way{
		{"each", func(have seenStory, want publishedStory) bool {
			return slices.Equal(have.Authors, want.Authors) || len(have.Authors) == 1 &&
				have.Authors[0] == strings.Join(want.Authors, ", ")
		}},
		{"each, and the newsroom", func(have seenStory, want publishedStory) bool {
			return len(have.Authors) == 1 && (have.Authors[0] == strings.Join(want.Authors, ", ")+", "+want.Origin ||
				have.Authors[0] == want.Origin && slices.Equal(want.Authors, have.Authors))
		}},
		{"the first", func(have seenStory, want publishedStory) bool { return slices.Equal(have.Authors, want.Authors[:1]) }},
		{"the last", func(have seenStory, want publishedStory) bool {
			return slices.Equal(have.Authors, want.Authors[len(want.Authors)-1:])
		}},
		{"–", func(have seenStory, _ publishedStory) bool { return len(have.Authors) == 0 }},
	}},
	{"date", []way{
		{"first out", func(have seenStory, want publishedStory) bool { return have.Date == want.Date }},
	}},
	{"picture", []way{
		{"yes", func(have seenStory, want publishedStory) bool {
			return len(want.Pictures) == 0 && len(have.Pictures) == 0 ||
				len(want.Pictures) > 0 && slices.Contains(have.Pictures, want.Pictures[0])
		}},
		{"in the text", func(have seenStory, want publishedStory) bool {
			return len(have.Pictures) == 0 && (len(want.Pictures) == 0 ||
				strings.Contains(strings.ReplaceAll(have.Text, "&amp;", "&"), `src="`+want.Pictures[0]))
		}},
		{"–", func(have seenStory, want publishedStory) bool {
			return len(have.Pictures) == 0 && !strings.Contains(have.Text, "<img")
		}},
	}},
	{"audio", []way{
		{"yes", func(have seenStory, want publishedStory) bool { return slices.Equal(have.Audio, want.Audio) }},
		{"–", func(have seenStory, _ publishedStory) bool { return len(have.Audio) == 0 }},
	}},
	{"source", []way{
		{"yes", func(have seenStory, want publishedStory) bool { return have.Source == want.Source && have.Source != "" }},
		{"in the text", func(have seenStory, want publishedStory) bool {
			return have.Source == "" && strings.Contains(tags.ReplaceAllString(have.Text, ""), want.Origin)
		}},
	}},
}

// judgeFields says how the reader shows each field of the stories.
func (p *polling) judgeFields(t *testing.T, stories []publishedStory) {
	t.Helper()
	if have, want := links(p.shown), linksOf(stories); !slices.Equal(have, want) {
		t.Fatalf("it shows\n%q\nwant\n%q", have, want)
	}
	byLink := map[string]seenStory{}
	for _, s := range p.shown {
		byLink[s.Link] = s
	}
	for _, column := range columns {
		for n, way := range column.ways {
			at := slices.IndexFunc(stories, func(want publishedStory) bool { return !way.is(byLink[want.Link], want) })
			if at < 0 {
				p.row[column.name] = way.says
				break
			}
			if n == len(column.ways)-1 {
				have, want := byLink[stories[at].Link], stories[at].seenStory
				have.Text, want.Text, have.Deck, want.Deck = "", "", "", ""
				t.Errorf("%s: it shows %+v\nfor %+v", column.name, have, want)
			}
		}
	}
	for _, want := range stories {
		have := byLink[want.Link]
		if have.ID != "" && have.ID != want.ID {
			t.Errorf("%s: its id is %q, want %q", want.Title, have.ID, want.ID)
		}
		if have.Deck != "" && !strings.HasPrefix(have.Deck, want.Deck) {
			t.Errorf("%s: its deck is %q, want %q", want.Title, have.Deck, want.Deck)
		}
		if have.Text != "" && !strings.Contains(have.Text, "Fronteras") { // the desk's name, in either language
			t.Errorf("%s: its text has no credit: %q", want.Title, have.Text)
		}
	}
}

// judgeCorrection says what the reader shows of a story that was corrected.
func (p *polling) judgeCorrection(t *testing.T, want *publishedStory) {
	t.Helper()
	at := slices.IndexFunc(p.shown, func(s seenStory) bool { return s.Link == want.Link })
	if at < 0 {
		t.Fatalf("it does not show %s", want.Link)
	}
	switch have := p.shown[at]; {
	case have.Title != want.Title:
		p.row["correction"] = "not seen"
	case !strings.Contains(have.Text, "forty minutes"):
		t.Errorf("it shows the new title, and the text %q", have.Text)
	default:
		p.row["correction"] = "in place"
	}
}

// The table in docs/partners.md is between these lines.
const (
	tableBegins = "<!-- What readers show, as TestReaders of aggregator/command writes it. -->\n"
	tableEnds   = "<!-- end -->\n"
)

// compareTable holds the table that partners read against what was seen.
func compareTable(t *testing.T, polls []polling) {
	t.Helper()
	names := []string{"title", "author", "date", "picture", "audio", "source", "correction", "withdrawal"}
	var table strings.Builder
	fmt.Fprintf(&table, "\n| reader | document | %s |\n|---|---|%s\n", strings.Join(names, " | "),
		strings.Repeat("---|", len(names)))
	for _, p := range polls {
		fmt.Fprintf(&table, "| %s | `%s` |", p.reader, p.document)
		for _, name := range names {
			fmt.Fprintf(&table, " %s |", p.row[name])
		}
		table.WriteString("\n")
	}
	table.WriteString("\n")
	path := filepath.Join(root, "docs", "partners.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begins := strings.Cut(string(page), tableBegins)
	have, tail, ends := strings.Cut(rest, tableEnds)
	switch {
	case !begins || !ends:
		t.Fatalf("docs/partners.md lacks the line %q or %q", tableBegins, tableEnds)
	case *update:
		if err := os.WriteFile(path, []byte(head+tableBegins+table.String()+tableEnds+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	case have != table.String():
		t.Errorf("docs/partners.md says\n%s\nand what was seen is\n%s\nsee CONTRIBUTING.md", have, table.String())
	}
}
