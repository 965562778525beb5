//go:build browser

package command

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPagesOfEditorsTakeKeys has single keys do what buttons and links do, but not in fields, nor once they are off.
func TestPagesOfEditorsTakeKeys(t *testing.T) {
	b := newBrowser(t)
	d := newBusyDesk(t)
	p := newPlayer(t, b, d, "ana", view{"en", 1366, "light"}, true, false)
	focused := func() string { return evaluate[string](t, b.ctx, `document.activeElement.textContent`) }
	here := func() string { return evaluate[string](t, b.ctx, `location.pathname`) }

	// In the list, J and K go from case to case, and Enter opens one.
	p.open("/desk/")
	press(t, b.ctx, "jjk")
	if focused() != busyKilled[0] && focused() != busyKilled[1] {
		t.Errorf("the focus is on %q", focused())
	}
	press(t, b.ctx, "jjjk")
	p.load(chromedp.KeyEvent("\r"))
	flood := "/desk/cases/" + d.caseOf("flood", 0)
	if at := here(); at != flood && at != "/desk/cases/"+d.caseOf("withdrawn", 0) {
		t.Errorf("Enter opens %s", at)
	}
	// On pages of cases they lead on, and back.
	p.open(flood)
	p.load(chromedp.KeyEvent("j"))
	pair := "/desk/cases/" + d.caseOf("pair", 0)
	if here() != pair {
		t.Fatalf("J leads to %s", here())
	}
	p.load(chromedp.KeyEvent("k"))
	if here() != flood {
		t.Errorf("K leads to %s", here())
	}
	// In a field, a key is a letter.
	p.fill("textbox", "Reason", "nhj")
	if typed := p.call(p.find("textbox", "Reason", 0), `function() { return this.value }`); typed != "nhj" {
		t.Errorf("%q is typed", typed)
	}
	for key, verb := range map[string]string{"n": "split", "2": "join", "h": "hold"} {
		p.open(pair)
		p.load(chromedp.KeyEvent(key))
		p.isSaid("")
		p.isDecided(verb)
		p.load(chromedp.KeyEvent("u"))
		p.isSaid("")
		p.isDecided("undo")
	}
	// Turned off, they do nothing, and are not shown.
	p.open("/desk/account")
	p.press("Turn keys off")
	p.open(pair)
	press(t, b.ctx, "n1h")
	if shown := evaluate[bool](t, b.ctx, `[...document.querySelectorAll("kbd")].some(k => k.checkVisibility())`); shown ||
		here() != pair {
		t.Errorf("keys are shown (%t), or lead to %s", shown, here())
	}
	p.isDecided("undo")
}
