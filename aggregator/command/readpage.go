package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/merge"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
	"fronteras/aggregator/panics"
)

const (
	maxShownCuts = 50 // pieces that were left out of a page's text
	maxShownCut  = 80 // characters of one
)

// shownPage is an article page as `read --page --json` shows it.
type shownPage struct {
	URL         string            `json:"url"`
	Verdict     news.Verdict      `json:"verdict"`
	Reason      string            `json:"reason"`
	Way         string            `json:"way,omitempty"`
	Words       int               `json:"words"`
	Entry       readEntry         `json:"entry"`
	Corrections []string          `json:"corrections"`
	From        map[string]string `json:"from"`
	Cut         []news.CutText    `json:"cut"`
}

// readPage shows what is read from one article page: at an address, or in a file that has come from
// one.
func readPage(ctx context.Context, p *program, what, address string, asJSON bool) error {
	isAddress := link.Resolve("", what) != ""
	switch {
	case isAddress && address != "":
		return usageError{errors.New("--address is for a page in a file: this one has its own")}
	case address != "" && link.Clean("", address) == "":
		return usageError{fmt.Errorf("--address %s: an address of the web is needed", terminalSafe(address))}
	}
	cfg, err := p.loadConfigOrDefault()
	if err != nil {
		return err
	}
	desk, err := newApp(cfg)
	if err != nil {
		return err
	}
	r := newPageReader(desk, fetch.NewClient(clientOptions(cfg, what)))
	var shown shownPage
	if isAddress {
		shown, err = r.readAddress(ctx, what)
	} else {
		shown, err = r.readFile(ctx, what, link.Clean("", address))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if asJSON {
		return printJSON(p.Out, shown)
	}
	return printPage(p.Out, &shown)
}

// readArticle is what was read of an article page.
type readArticle struct {
	address string    // that answered
	page    news.Page // with its Article
	alone   string    // why it is evidence alone, and not published; "" where it is not
}

// pageReader reads article pages as the daemon does.
type pageReader struct {
	desk   *app
	client *fetch.Client
	pages  *fetch.Pages
}

func newPageReader(desk *app, client *fetch.Client) pageReader {
	return pageReader{desk, client, fetch.NewPages(client, fetch.NewHostLimiter(fetch.Limits{}), &fetch.PageServers{})}
}

// stationOf is the station on whose hosts an address is, nil if there is none.
func (r pageReader) stationOf(address string) *news.Station {
	for n, s := range r.desk.config.Stations {
		if r.desk.rules.Own(s.ID, address) {
			return &r.desk.config.Stations[n]
		}
	}
	return nil
}

// errForbidden says that robots.txt keeps us from a page.
var errForbidden = fmt.Errorf("%w: ask the station to allow it", fetch.ErrForbidden)

// readAddress shows the page at an address.
func (r pageReader) readAddress(ctx context.Context, address string) (shownPage, error) {
	read, err := r.ask(ctx, address)
	if err != nil {
		return shownPage{}, err
	}
	return showPage(read), nil
}

// ask asks for a page once, as robots.txt allows, and follows redirects on the hosts of its station;
// on its own host where it is no station's.
func (r pageReader) ask(ctx context.Context, address string) (read readArticle, err error) {
	station := r.stationOf(address)
	own := func(other string) bool {
		if station != nil {
			return r.desk.rules.Own(station.ID, other)
		}
		return link.Host(other) == link.Host(address)
	}
	answer, err := r.pages.Read(ctx, fetch.PageRequest{
		URL: address, Own: own,
		ReadHead: func(address string, header http.Header, body io.Reader) news.Page {
			whole, err := page.ReadWhole(body)
			if err != nil {
				return news.Page{Failure: err.Error()}
			}
			read, err = r.read(ctx, address, header, whole)
			if err != nil {
				return news.Page{Failure: err.Error()}
			}
			return read.page
		},
	})
	switch {
	case errors.Is(err, fetch.ErrForbidden):
		return readArticle{}, errForbidden
	case errors.Is(err, fetch.ErrNotAsked):
		return readArticle{}, errors.New("its server could not be asked: it does not answer, or wants rest")
	case err != nil:
		return readArticle{}, err
	}
	if failure := aggregator.ArticleFailure(answer); failure != "" {
		return readArticle{}, errors.New(failure)
	}
	return read, nil
}

// readFile reads a page in a file, which was at an address; "" if only the page can say.
func (r pageReader) readFile(ctx context.Context, what, address string) (shownPage, error) {
	request, err := requestFor(what)
	if err != nil {
		return shownPage{}, err
	}
	response, err := r.client.Fetch(ctx, request)
	if err != nil {
		return shownPage{}, err
	}
	header := http.Header{}
	switch strings.ToLower(filepath.Ext(request.Path)) {
	case ".html", ".htm", ".xhtml", ".shtml":
		if isText(response.Body) {
			header.Set("Content-Type", "text/html")
		}
	}
	if address == "" {
		address = canonicalIn(response.Body)
	}
	read, err := r.read(ctx, address, header, response.Body)
	if err != nil {
		return shownPage{}, err
	}
	return showPage(read), nil
}

// isText reports whether a document can be one of text, by its first bytes.
func isText(body []byte) bool { return strings.HasPrefix(http.DetectContentType(body), "text/") }

// canonicalIn is the address that a page calls its own, "" if it names none.
func canonicalIn(body []byte) string {
	header := http.Header{"Content-Type": {"text/html"}}
	return page.ReadHead("", header, bytes.NewReader(body)).Canonical
}

// read reads a page with the selectors of the station whose address it is.
func (r pageReader) read(
	ctx context.Context, address string, header http.Header, body []byte,
) (read readArticle, err error) {
	read.address = address
	source := page.Source{Address: address, Header: header, Body: body}
	s := r.stationOf(address)
	if s != nil {
		if s.Timezone != "" {
			source.Location, _ = time.LoadLocation(s.Timezone) // the configuration accepts only what can be loaded
		}
		if source.Selectors, err = page.ParseSelectors(s.Page.Body, s.Page.Drop); err != nil {
			return readArticle{}, err
		}
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a parser panicked: %w", panics.Recovered(v))
		}
	}()
	if read.page = page.ReadPage(ctx, source); read.page.Article == nil {
		return readArticle{}, errors.New(read.page.Failure)
	}
	if s != nil {
		seen := read.page
		seen.Verdict = news.VerdictUsed
		read.alone = r.desk.rules.WhyEvidenceAlone(s.ID, seen)
	}
	return read, nil
}

// showPage is what is shown of an article page. Its text is judged by its own title and description.
func showPage(read readArticle) shownPage {
	a := read.page.Article
	verdict, reason := merge.Judge(&news.Entry{Title: a.Entry.Title, Summary: a.Entry.Summary}, a)
	shown := shownPage{
		URL: read.address, Verdict: verdict, Reason: reason, Way: a.Way, Words: a.Words,
		Entry: readEntry{Entry: a.Entry}, From: a.From, Corrections: a.Corrections, Cut: a.Cut,
	}
	if a.Entry.Content == "" {
		shown.Way = ""
	}
	if shown.From == nil {
		shown.From = map[string]string{}
	}
	if verdict == news.VerdictUsed {
		shown.Reason = read.alone
		shown.From["content"] = a.Way
	} else {
		shown.Entry.Content = ""
		delete(shown.From, "content")
	}
	if shown.Corrections == nil {
		shown.Corrections = []string{}
	}
	shown.Cut = slices.Clone(shown.Cut[:min(len(shown.Cut), maxShownCuts)])
	if shown.Cut == nil {
		shown.Cut = []news.CutText{}
	}
	for n := range shown.Cut {
		if text := []rune(shown.Cut[n].Text); len(text) > maxShownCut {
			shown.Cut[n].Text = string(text[:maxShownCut-1]) + "…"
		}
	}
	return shown
}

// printPage shows a page for people: the verdict, the fields, the text in lines, and what was cut.
func printPage(w io.Writer, s *shownPage) error {
	e := &s.Entry
	var lines []string
	add := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			lines = append(lines, fmt.Sprintf("%-11s %s", label, value))
		}
	}
	from := func(field string) string {
		if where := s.From[field]; where != "" {
			return "  (" + where + ")"
		}
		return ""
	}
	verdict := string(s.Verdict)
	if s.Reason != "" {
		verdict += ": " + s.Reason
	}
	add("page", cmp.Or(s.URL, "no address"))
	add("verdict", verdict)
	add("text", fmt.Sprintf("%s, found by %s", pluralOf(s.Words, "word"), cmp.Or(s.Way, "nothing")))
	add("title", e.Title+from("title"))
	add("byline", e.Byline+from("byline"))
	for _, a := range e.Authors {
		add("author", strings.TrimSpace(a.Name+" "+a.URL))
	}
	if !e.Published.IsZero() {
		add("published", formatMinute(&e.Published)+from("published"))
	}
	if !e.Updated.IsZero() {
		add("updated", formatMinute(&e.Updated)+from("updated"))
	}
	add("topics", strings.Join(e.Topics, ", "))
	for _, i := range e.Images {
		add("picture", i.URL+from("images"))
		add("  alt", i.Alt)
		add("  caption", i.Caption)
		add("  credit", i.Credit)
	}
	for _, sound := range e.Enclosures {
		said := fmt.Sprintf("%s %s %s", sound.URL, sound.Type, playingTime(sound))
		add("audio", strings.Join(strings.Fields(said), " ")+from("enclosures"))
	}
	add("language", e.Language)
	add("rights", e.Rights)
	add("license", e.License)
	for _, note := range s.Corrections {
		add("correction", note)
	}
	lines = append(lines, linesOfText("summary", e.Summary)...)
	lines = append(lines, linesOfText("content", e.Content)...)
	if len(s.Cut) > 0 {
		lines = append(lines, "", "cut:")
	}
	for _, c := range s.Cut {
		lines = append(lines, fmt.Sprintf("  %s, %s: %s", c.Why, pluralOf(c.Words, "word"), c.Text))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, strings.TrimRight(terminalSafe(line), " ")); err != nil {
			return err
		}
	}
	return nil
}

// playingTime is how long sound plays, for people; "" if that is unknown.
func playingTime(s news.Enclosure) string {
	if s.Duration == 0 {
		return ""
	}
	return (time.Duration(s.Duration) * time.Second).String()
}

// linesOfText is a text for people: its name, and a line for each of its blocks.
func linesOfText(name, fragment string) []string {
	if fragment == "" {
		return nil
	}
	lines := []string{"", name + ":"}
	for line := range strings.SplitSeq(markup.Text(fragment), "\n") {
		lines = append(lines, "  "+line)
	}
	return lines
}
