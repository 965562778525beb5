package command

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fronteras/aggregator/editors"
	"fronteras/aggregator/identity"
	"fronteras/store"
)

// configurePair makes the desk one of two stations that run one headline on one day.
func (d *editorDesk) configurePair() {
	d.t.Helper()
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: %s\nstations:\n", d.public,
		strings.TrimPrefix(d.public, "http://"))
	for n, station := range []string{"KMSA Mesilla", "KDEM Deming"} {
		id := strings.ToLower(strings.Fields(station)[0])
		text += fmt.Sprintf("  - {id: %s, name: %s, feeds: [{url: 'file:%s.xml'}]}\n", id, station, id)
		feed := fmt.Sprintf(`<rss version="2.0"><channel><title>%s</title><item><title>Council votes on the water rates</title>`+
			`<link>https://%s.example/%d</link><guid>https://%s.example/?p=%d</guid>`+
			`<pubDate>Thu, 01 Oct 2026 1%d:00:00 GMT</pubDate>`+
			`<description>It votes on Tuesday. The town number %d is where it does.</description></item></channel></rss>`,
			station, id, n+70, id, n+70, n, n)
		if err := os.WriteFile(filepath.Join(filepath.Dir(d.file), id+".xml"), []byte(feed), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := os.WriteFile(d.file, []byte(text+strings.Replace(twoEditors, "ajo", "kmsa", 1)+"}\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

var hiddenInForm = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// formOf is what the first form for a path on a page sends with some further fields.
func formOf(page, path string, fields ...string) url.Values {
	values := url.Values{}
	_, form, _ := strings.Cut(page, `action="`+path+`"`)
	form, _, _ = strings.Cut(form, "</form>")
	for _, m := range hiddenInForm.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], m[2])
	}
	for n := 0; n < len(fields); n += 2 {
		values.Set(fields[n], fields[n+1])
	}
	return values
}

// post sends a form: its status, and where it leads to with what it shows.
func (d *editorDesk) post(browser *http.Client, path string, values url.Values) (int, string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.public+path, strings.NewReader(values.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := browser.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Location")
}

func TestAPairIsDecidedOnItsPageAndTheDecisionUndone(t *testing.T) {
	d := newEditorDesk(t)
	d.configurePair()
	d.serve()
	ana, lee := d.browser(), d.browser()
	d.do(ana, "POST", d.link("ana"))
	d.do(lee, "POST", d.link("lee"))
	var path string
	if !eventually(func() bool {
		_, list := d.get(ana, d.public+"/desk/")
		path = regexp.MustCompile(`/desk/cases/\d+`).FindString(list)
		return strings.Contains(list, ">Council votes on the water rates</a>")
	}) {
		t.Fatal("the pair is no case")
	}
	_, page := d.get(ana, d.public+path)
	form := formOf(page, path, "do", "join:kdem")
	late := formOf(page, path, "do", "apart", "form", "another")
	if !strings.Contains(page, `<mark class="both">It votes on Tuesday.</mark>`) || form.Get("form") == "" {
		t.Fatalf("the page of the pair: %s", page)
	}
	code, location := d.post(ana, path, form)
	if code != 303 || !regexp.MustCompile(`^/desk/\?done=\d+$`).MatchString(location) {
		t.Fatalf("one story: %d, %s", code, location)
	}
	if again, where := d.post(ana, path, form); again != 303 || where != location {
		t.Errorf("the form sent twice: %d, %s", again, where)
	}
	if code, _ := d.post(lee, path, late); code != 409 {
		t.Errorf("a colleague's form of before: %d", code)
	}
	if code, list := d.run("stories", "--json"); code != 0 || strings.Count(list, "public_id") != 1 {
		t.Errorf("the stories: %s", list)
	}
	_, after := d.get(lee, d.public+location)
	if !strings.Contains(after, `<p role="status">The stories are one now.</p>`) || strings.Contains(after, path+`"`) {
		t.Errorf("after the decision: %s", after)
	}
	if _, decided := d.get(lee, d.public+path); !strings.Contains(decided, "Ana Paz decided this") {
		t.Errorf("the case: %s", decided)
	}
	_, decisions := d.get(lee, d.public+"/desk/decisions")
	undo := regexp.MustCompile(`/desk/decisions/\d+/undo`).FindString(decisions)
	if code, _ := d.post(lee, undo, formOf(decisions, undo)); code != 303 {
		t.Errorf("undo: %d", code)
	}
	if code, _ := d.post(ana, undo, url.Values{"form": {"again"}}); code != 409 {
		t.Errorf("undone twice: %d", code)
	}
	if _, list := d.get(ana, d.public+"/desk/"); !strings.Contains(list, path) {
		t.Errorf("the case is not open again: %s", list)
	}
	if _, decisions := d.get(ana, d.public+"/desk/decisions"); !strings.Contains(decisions, "Undone by Lee Orr") {
		t.Errorf("the decisions: %s", decisions)
	}
	if code, _ := d.post(ana, "/desk/decisions/99/undo", url.Values{"form": {"x"}}); code != 404 {
		t.Errorf("undo of nothing: %d", code)
	}
}

// The tasks of a story's page, on a real desk: each form as a browser sends it.
func TestAStoryIsFoundAndDecidedOnItsPage(t *testing.T) {
	d := newEditorDesk(t)
	d.configurePair()
	d.serve()
	ana := d.browser()
	d.do(ana, "POST", d.link("ana"))
	var paths []string
	find := func(query string) []string {
		_, list := d.get(ana, d.public+"/desk/stories?"+query)
		paths = regexp.MustCompile(`/desk/stories/[a-z0-9]{13}`).FindAllString(list, -1)
		return paths
	}
	if !eventually(func() bool { return len(find("words=council+water")) == 2 }) {
		t.Fatalf("%d stories are found", len(paths))
	}
	path := paths[0]
	send := func(fields ...string) string {
		t.Helper()
		_, page := d.get(ana, d.public+path)
		code, where := d.post(ana, path, formOf(page, path, fields...))
		if code != 303 {
			t.Fatalf("%v: %d", fields, code)
		}
		_, after := d.get(ana, d.public+where)
		return after
	}
	shows := func(when string, want ...string) {
		t.Helper()
		_, page := d.get(ana, d.public+path)
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: without %q: %s", when, text, page)
			}
		}
	}
	after := send("do", "withdraw", "reason", "it is wrong")
	if !strings.Contains(after, `<p role="status">Withdrawn.</p> <a href="`+path+`">`) {
		t.Errorf("after the withdrawal: %s", after)
	}
	shows("withdrawn", ">Restore</button>", "Withdrawn by ", "it is wrong")
	// What is withdrawn or held is found by its words as well.
	if !eventually(func() bool { return len(find("words=council&status=retracted")) == 1 }) || paths[0] != path {
		t.Errorf("withdrawn ones: %v", paths)
	}
	if n := len(find("words=council")); n != 2 {
		t.Errorf("%d of any status", n)
	}
	if _, found := d.get(nil, d.public+"/search?q=council"); strings.Contains(found, path[len("/desk/stories/"):]) {
		t.Error("the public finds what is withdrawn")
	}
	send("do", "restore")
	_, page := d.get(ana, d.public+path)
	if code, _ := d.post(ana, path, formOf(page, path, "do", "origin", "maker", "auto")); code != 422 {
		t.Errorf("automatic, which it is: %d", code)
	}
	send("do", "hold")
	shows("held", ">Release</button>", "Held: an editor has said so.")
	if n := len(find("status=held")); n != 1 {
		t.Errorf("%d are held", n)
	}
	send("do", "release")
	send("do", "origin", "maker", "kdem")
	shows("an editor says who made it", "Made by KDEM Deming. An editor said so.", `<option value="kdem" selected>`)
	send("do", "origin", "maker", "none")
	shows("none of these", "It is not stated who made it.", `<option value="none" selected>`)
	send("do", "origin", "maker", "auto")
	shows("automatic", `<option value="auto" selected>`)
	if !eventually(func() bool { return len(find("words=council")) == 2 }) {
		t.Fatalf("%d stories are found", len(paths))
	}
	other := paths[0]
	if other == path {
		other = paths[1]
	}
	send("do", "join", "other", other[len("/desk/stories/"):])
	if code, where := d.get(ana, d.public+path); code == 303 { // the older one goes on
		path, other = strings.TrimSpace(where), path
	}
	_, page = d.get(ana, d.public+path)
	out := regexp.MustCompile(`takeout:\d+`).FindAllString(page, -1)
	if len(out) != 2 || !strings.Contains(page, "An editor joined it.") {
		t.Fatalf("the joined story: %s", page)
	}
	if code, where := d.get(ana, d.public+other); code != 303 || strings.TrimSpace(where) != path {
		t.Errorf("the former id leads to %d %s", code, where)
	}
	send("do", out[1])
	shows("taken out", "The stories are two now.")
	if !eventually(func() bool { return len(find("words=council")) == 2 }) { // the index follows
		t.Errorf("%d stories after an item was taken out", len(paths))
	}
}

// What the store refuses, the pages say in words of their own where they have some.
func TestRefusalsAreThoseOfThePages(t *testing.T) {
	for want, err := range map[editors.Refusal]error{
		editors.RefusedSame:      fmt.Errorf("a and b are %w", identity.ErrSame),
		editors.RefusedHeld:      fmt.Errorf("story a is %w", identity.ErrHeld),
		editors.RefusedAutomatic: fmt.Errorf("story a: %w", identity.ErrAutomatic),
		editors.RefusedUndo:      fmt.Errorf("decision 1 %w", store.ErrNoUndo),
		"":                       identity.ErrNoStory,
	} {
		var refused *editors.OrderError
		if !errors.As(refusalOf(err), &refused) || refused.Why != want || !errors.Is(refused, err) {
			t.Errorf("%v: %+v", err, refused)
		}
	}
	if errors.As(refusalOf(store.ErrClosed), new(*editors.OrderError)) {
		t.Error("a store that is closed is the editor's fault")
	}
}
