//go:build browser

package command

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// player is an editor at a browser, who finds what is on pages by its role and its accessible name alone.
type player struct {
	*browser
	t        *testing.T
	d        *busyDesk
	keyboard bool   // no mouse: Tab, Enter, Space and letters
	language string // of the pages
	signedIn bool
	acts     int   // links followed and forms sent
	status   int64 // of the answer that is shown
}

// maxLoad is how long a page may take to load, on a busy machine.
const maxLoad = 3 * time.Minute

// newPlayer signs an editor in.
func newPlayer(t *testing.T, b *browser, d *busyDesk, who string, v view, scripts, keyboard bool) *player {
	t.Helper()
	p := &player{browser: b, t: t, d: d, keyboard: keyboard, language: v.language}
	p.see(v.width, v.scheme)
	tellBrowser(t, b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts})
	tellBrowser(t, b.ctx, network.ClearBrowserCookies, cdp.Empty{})
	p.load(chromedp.Navigate(d.link(who)))
	p.press(p.label("Sign in"))
	p.signedIn = true
	return p
}

// label is a label in the page's language.
func (p *player) label(english string) string {
	if p.language == "en" {
		return english
	}
	spanish, known := spanishLabels[english]
	if !known {
		p.t.Fatalf("%q has no Spanish label in the test", english)
	}
	return spanish
}

// spanishLabels are the labels of the pages in Spanish.
var spanishLabels = map[string]string{
	"Sign in": "Entrar", "To decide": "Por decidir", "Stories": "Notas", "Stations": "Emisoras",
	"Decisions": "Decisiones", "Account": "Cuenta", "Sign out": "Salir", "Search stories": "Buscar notas", "Search": "Buscar", "Undo": "Deshacer",
	"Two stories": "Dos notas", "One story, %s made it": "Una nota, la hizo %s", "Hold both": "Retener ambas",
	"Reason": "Motivo", "Withdraw": "Retirar", "Type PUBLISH to confirm": "Escriba PUBLISH para confirmar",
	"Publish although killed": "Publicar a pesar del aviso", "Publish chosen": "Publicar las elegidas",
	"Withdraw all": "Retirar todas", "Poll now": "Visitar ahora", "Trust again": "Confiar de nuevo",
	"Kill notice": "Aviso de retirada", "Leave as it is": "Dejar como está",
	"Restore": "Publicar de nuevo", "Who made it": "Quién la hizo", "Change origin": "Cambiar origen", "Take out": "Sacar",
	"None of these": "Ninguna de estas", "Automatic": "Automático", "Hold": "Retener", "Join": "Unir", "Words": "Palabras",
	"Other story": "Otra nota", "Status": "Estado", "Show": "Mostrar", "Held": "Retenida", "Next case": "Caso siguiente", "Previous case": "Caso anterior",
}

// play has the editor do a task from a path on, in at most so many acts.
func (p *player) play(task string, most int, path string, do func()) {
	p.t.Helper()
	p.t.Run(task, func(t *testing.T) {
		outer := p.t
		p.t, p.d.t = t, t
		defer func() { p.t, p.d.t = outer, outer }()
		p.open(path)
		p.acts = 0
		do()
		if p.acts > most {
			t.Errorf("it takes %d acts, %d are allowed", p.acts, most)
		}
	})
}

// open opens a page of the desk.
func (p *player) open(path string) {
	p.t.Helper()
	p.load(chromedp.Navigate(p.d.public + path))
}

// load does what opens another page, and looks at that.
func (p *player) load(action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, maxLoad)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, action)
	if err != nil {
		p.t.Fatalf("no page came: %v; the page says %.2000s", err, p.text())
	}
	p.status = answer.Status
	seen := evaluate[struct {
		Width, Scroll float64
		Text          string
	}](p.t, p.ctx, `({ Width: innerWidth, Scroll: document.documentElement.scrollWidth, Text: document.body.innerText })`)
	if seen.Scroll > seen.Width {
		p.t.Errorf("%s is %v wide, of %v", answer.URL, seen.Scroll, seen.Width)
	}
	if code := ruleCode.FindString(seen.Text); code != "" {
		p.t.Errorf("%s says %s", answer.URL, code)
	}
}

// ruleCode matches names of rules, such as J5.
var ruleCode = regexp.MustCompile(`\b[IJOV][0-9]{1,2}\b`)

func (p *player) text() string {
	return evaluate[string](p.t, p.ctx, `document.body ? document.body.innerText : ""`)
}

// find is what has a role and a name, within something or (0) anywhere on the page; what is not there fails the test.
func (p *player) find(role, name string, within cdp.BackendNodeID) cdp.BackendNodeID {
	p.t.Helper()
	all := p.findAll(role, name, within)
	if len(all) == 0 {
		p.t.Fatalf("there is no %s “%s”; the page says %.3000s", role, name, p.text())
	}
	return all[0]
}

// findAll lists what has a role and a name ("": any), in the order of the page.
func (p *player) findAll(role, name string, within cdp.BackendNodeID) (list []cdp.BackendNodeID) {
	p.t.Helper()
	if within == 0 {
		root, err := chromedp.Call(p.ctx, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			p.t.Fatal(err)
		}
		within = root.Root.BackendNodeID
	}
	found, err := chromedp.Call(p.ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		BackendNodeID: within, AccessibleName: name, Role: role,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, n := range found.Nodes {
		if !n.Ignored {
			list = append(list, n.BackendDOMNodeID)
		}
	}
	return list
}

// row is the article, list item or row that has a link, a heading or a checkbox of that name.
func (p *player) row(headline string) cdp.BackendNodeID {
	p.t.Helper()
	for _, role := range []string{"article", "row", "listitem"} {
		for _, row := range p.findAll(role, "", 0) {
			for _, inside := range []string{"link", "heading", "checkbox"} {
				if len(p.findAll(inside, headline, row)) > 0 {
					return row
				}
			}
		}
	}
	p.t.Fatalf("nothing has the headline “%s”; the page says %.3000s", headline, p.text())
	return 0
}

// follow follows a link.
func (p *player) follow(name string) { p.t.Helper(); p.act(p.find("link", name, 0)) }

// press presses a button that sends a form.
func (p *player) press(name string) { p.t.Helper(); p.act(p.find("button", name, 0)) }

// pressIn presses a button of the article, list item or row of a headline.
func (p *player) pressIn(headline, name string) {
	p.t.Helper()
	p.act(p.find("button", name, p.row(headline)))
}

// act activates what opens another page.
func (p *player) act(node cdp.BackendNodeID) {
	p.t.Helper()
	p.acts++
	if p.keyboard {
		p.tabTo(node)
		p.load(chromedp.KeyEvent("\r"))
		return
	}
	p.load(p.click(node))
}

// fill types into a field.
func (p *player) fill(role, name, text string) {
	p.t.Helper()
	p.focus(p.find(role, name, 0))
	press(p.t, p.ctx, text)
}

// choose chooses an option of a list.
func (p *player) choose(name, option string) {
	p.t.Helper()
	list := p.find("combobox", name, 0)
	p.focus(list)
	press(p.t, p.ctx, option)
	if chosen := p.call(list, `function() { return this.selectedOptions[0].label }`); chosen != option {
		p.t.Fatalf("“%s” is chosen, not “%s”", chosen, option)
	}
}

// tick ticks a checkbox.
func (p *player) tick(name string) {
	p.t.Helper()
	box := p.find("checkbox", name, 0)
	if p.keyboard {
		p.tabTo(box)
		press(p.t, p.ctx, " ")
	} else if err := chromedp.Do(p.ctx, p.click(box)); err != nil {
		p.t.Fatal(err)
	}
	if p.call(box, `function() { return String(this.checked) }`) != "true" {
		p.t.Fatalf("“%s” is not ticked", name)
	}
}

// focus leads to a field, by Tab or by a click.
func (p *player) focus(node cdp.BackendNodeID) {
	p.t.Helper()
	if p.keyboard {
		p.tabTo(node)
		return
	}
	tellBrowser(p.t, p.ctx, dom.Focus, dom.FocusParams{BackendNodeID: node})
}

// maxTabs is how many times Tab is pressed until something has the focus.
const maxTabs = 400

// tabTo presses Tab until something has the focus, which has to be seen.
func (p *player) tabTo(node cdp.BackendNodeID) {
	p.t.Helper()
	const state = `function() { return document.activeElement !== this ? "no" :
		getComputedStyle(this).outlineStyle === "none" ? "unseen" : "yes" }`
	for range maxTabs {
		press(p.t, p.ctx, "\t")
		switch p.call(node, state) {
		case "yes":
			return
		case "unseen":
			p.t.Errorf("it is not seen that the focus is there: %s", p.call(node, `function() { return this.outerHTML }`))
			return
		}
	}
	p.t.Fatalf("Tab does not lead to %s", p.call(node, `function() { return this.outerHTML }`))
}

// call calls a function on an element.
func (p *player) call(node cdp.BackendNodeID, function string) string {
	p.t.Helper()
	resolved, err := chromedp.Call(p.ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node})
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := chromedp.Run(p.ctx, chromedp.CallFunctionOn[string](function, func(c *runtime.CallFunctionOnParams) {
		c.ObjectID = resolved.Object.ObjectID
	}))
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// click clicks the middle of an element, which scrolls into view.
func (p *player) click(node cdp.BackendNodeID) chromedp.Action[chromedp.Void] {
	p.t.Helper()
	tellBrowser(p.t, p.ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node})
	boxes, err := chromedp.Call(p.ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
	if err != nil || len(boxes.Quads) == 0 {
		p.t.Fatalf("there is nothing to click: %v", err)
	}
	box := boxes.Quads[0]
	return chromedp.MouseClickXY((box[0]+box[4])/2, (box[1]+box[5])/2)
}

// isSaid fails the test unless the page says that something was done.
func (p *player) isSaid(what string) {
	p.t.Helper()
	said := evaluate[string](p.t, p.ctx, `[...document.querySelectorAll("[role=status]")].map(e => e.textContent).join(" ")`)
	if p.status != 200 || said == "" || what != "" && said != what {
		p.t.Fatalf("the page (%d) says “%s”, not “%s”: %.2000s", p.status, said, what, p.text())
	}
}

// busyDecision is a decision as programs get it.
type busyDecision struct {
	Number            uint64
	Verb, Who, Reason string
	Via               string
	Stories           []string
	Undone            *struct{ Who string }
}

// decisions lists them, the latest first.
func (d *busyDesk) decisions() (list []busyDecision) {
	d.t.Helper()
	code, text := d.run("decisions", "--json")
	if err := json.Unmarshal([]byte(text), &list); code != 0 || err != nil {
		d.t.Fatalf("%d, %v: %s", code, err, text)
	}
	return list
}

// isDecided fails the test unless the last decision is the editor's, on a page, and of that verb.
func (p *player) isDecided(verb string) busyDecision {
	p.t.Helper()
	list := p.d.decisions()
	if len(list) == 0 || list[0].Verb != verb || list[0].Via != "page" {
		p.t.Fatalf("the last decision is no %s: %+v; the page says %.2000s", verb, list, p.text())
	}
	return list[0]
}

// busyStory is a story as programs get it.
type busyStory struct {
	ID, Title, Status string
	Origin            *struct{ Name string }
}

// storiesCalled lists the stories with a headline.
func (d *busyDesk) storiesCalled(headline string) (list []busyStory) {
	d.t.Helper()
	code, text := d.run("stories", "--json", "--limit", "0")
	if err := json.Unmarshal([]byte(text), &list); code != 0 || err != nil {
		d.t.Fatalf("%d, %v: %s", code, err, text)
	}
	return slices.DeleteFunc(list, func(s busyStory) bool { return s.Title != headline })
}

// statusOf is whether stories with a headline are live, held or retracted.
func (d *busyDesk) statusOf(headline string) string {
	d.t.Helper()
	var states []string
	for _, s := range d.storiesCalled(headline) {
		states = append(states, s.Status)
	}
	return strings.Join(states, " ")
}

// isNow fails the test unless the stories with a headline are in these states.
func (p *player) isNow(headline, states string) {
	p.t.Helper()
	if got := p.d.statusOf(headline); got != states {
		p.t.Errorf("“%s” is %s, not %s", headline, got, states)
	}
}

// isMadeBy fails the test unless a station has made the story with a headline.
func (p *player) isMadeBy(headline, station string) {
	p.t.Helper()
	list := p.d.storiesCalled(headline)
	if len(list) != 1 || list[0].Origin == nil || list[0].Origin.Name != station {
		p.t.Errorf("“%s” is %+v, not made by %s", headline, list, station)
	}
}
