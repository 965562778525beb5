package editors

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"
)

//go:embed templates
var files embed.FS

// page is what a handler shows.
type page struct {
	template string // the file in templates that defines its "main"
	title    string // a phrase, or a headline
	current  string // the path of the link in the navigation that it belongs to; "": none
	status   int    // 0: 200
	data     any
}

// view is what the templates see of a page and of who looks at it.
type view struct {
	Language string
	Desk     string // what it is called
	Title    string
	Who      string // is signed in: the name, and the station's; "": nobody is
	KeysOff  bool   // the script takes no keys
	Search   string // the words in the search field
	Nav      []navLink
	Done     *done // what was done before this page; nil: nothing
	Style    string
	Script   string
	Data     any
	base     string
	zone     *time.Location
}

// navLink is a link in the navigation.
type navLink struct {
	Path, Name string
	Current    bool
	Count      int // what waits there; 0: nothing, or it is not counted
}

// navigation lists the links of every page.
var navigation = []navLink{
	{Path: "/desk/", Name: "To decide"}, {Path: "/desk/stories", Name: "Stories"},
	{Path: "/desk/stations", Name: "Stations"}, {Path: "/desk/decisions", Name: "Decisions"},
	{Path: "/desk/account", Name: "Account"},
}

// T is a phrase in the page's language: see [translate].
func (v *view) T(phrase string, args ...any) string { return translate(v.Language, phrase, args...) }

// Path is a path of ours as a link to it has it: below the base of our addresses.
func (v *view) Path(path string) string { return v.base + path }

// Time writes a time in the desk's zone, in the page's language.
func (v *view) Time(t time.Time) string {
	t = t.In(v.zone)
	if v.Language == "es" {
		return fmt.Sprintf("%d de %s de %d, %s", t.Day(), spanishMonths[t.Month()-1], t.Year(), t.Format("15:04"))
	}
	return t.Format("January 2, 2006, 3:04 PM")
}

var spanishMonths = []string{
	"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
	"diciembre",
}

// Nonce is a new value for a form that can be sent twice.
func (v *view) Nonce() string { return newNonce() }

// newView says what every page shows.
func (s *Site) newView(r *request, p page) *view {
	v := &view{
		Language: r.language, Desk: r.settings.Desk.TitleIn(r.language), Data: p.data, base: r.settings.base(),
		KeysOff: hasKeysOff(r), Search: r.URL.Query().Get("words"), zone: zoneOf(r.settings.Desk),
	}
	v.Title = v.T(p.title)
	v.Style, v.Script = v.Path(stylePath()), v.Path(scriptPath())
	if r.editor == nil {
		return v
	}
	v.Who = r.editor.Name
	for _, station := range r.settings.Stations {
		if station.ID == r.editor.Station {
			v.Who += ", " + station.Brand
		}
	}
	for _, link := range navigation {
		shown := navLink{Path: v.Path(link.Path), Name: v.T(link.Name), Current: link.Path == p.current}
		if link.Path == rootPath && s.Source != nil && s.Source.CountOpen != nil {
			if n, err := s.Source.CountOpen(); err == nil { // what fails is said where the cases are shown
				shown.Count = n
			}
		}
		v.Nav = append(v.Nav, shown)
	}
	v.Done = s.doneBefore(r, v)
	return v
}

// templates holds each page's own with the layout around it, by the name of the file.
var templates = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	names, err := files.ReadDir("templates")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, file := range names {
		name, isPage := strings.CutSuffix(file.Name(), ".html")
		if !isPage || name == "layout" {
			continue
		}
		all[name] = template.Must(template.ParseFS(files, "templates/layout.html", "templates/"+file.Name()))
	}
	return all
})

// show answers with a page.
func (s *Site) show(w http.ResponseWriter, r *request, p page) {
	var b bytes.Buffer
	if err := templates()[p.template].ExecuteTemplate(&b, "layout", s.newView(r, p)); err != nil {
		// A refusal has nothing that can fail.
		s.Log.Error("writing a page for editors failed", "page", p.template, "err", err)
		http.Error(w, "this page could not be written", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", r.language)
	if p.status == 0 {
		p.status = http.StatusOK
	}
	w.WriteHeader(p.status)
	_, _ = w.Write(b.Bytes()) // if that fails, the browser has gone
}

// redirect leads to another of our pages, after a form or instead of a page.
func (s *Site) redirect(w http.ResponseWriter, r *request, path string) {
	// A path alone: no address is built of what a request says of its host.
	w.Header().Set("Location", r.settings.base()+path)
	w.WriteHeader(http.StatusSeeOther)
}

// notFound answers that there is no such page.
func (s *Site) notFound(w http.ResponseWriter, r *request) {
	s.refuse(w, r, http.StatusNotFound, "There is nothing at this address.")
}

// refuse answers with a page that says why nothing else is shown or done, in one of [translate]'s phrases.
func (s *Site) refuse(w http.ResponseWriter, r *request, status int, phrase string, args ...any) {
	title := "Not allowed"
	switch {
	case status == http.StatusNotFound:
		title = "Page not found"
	case status >= http.StatusInternalServerError:
		title = "Something failed"
	case r.Method == http.MethodPost:
		title = "Not done"
	}
	s.show(w, r, page{
		template: "notice", title: title, status: status, data: translate(r.language, phrase, args...),
	})
}

// fail answers that something of ours failed, and logs what.
func (s *Site) fail(w http.ResponseWriter, r *request, what string, err error) {
	s.Log.Error("a request for the editors' pages failed", "what", what, "err", err)
	s.refuse(w, r, http.StatusInternalServerError, "Something went wrong here.")
}
