//go:build browser

package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestPagesOfEditorsAreAccessible has axe-core look at every kind of page, light and wide, then dark and on a phone, in
// both languages: also at what wrong forms are answered with.
func TestPagesOfEditorsAreAccessible(t *testing.T) {
	t.Parallel() // each test has a browser of its own
	b := newBrowser(t)
	for language, who := range map[string]string{"en": "ana", "es": "luz"} {
		t.Run(language, func(t *testing.T) {
			d := newBusyDesk(t)
			p := newPlayer(t, b, d, who, view{language, 1366, "light"}, true, false)
			for _, kind := range []string{"killed", "withdrawn", "flood", "pair", "feed", "other"} {
				p.look(kind, func() { p.open("/desk/cases/" + d.caseOf(kind, 0)) })
			}
			for _, path := range []string{"/desk/", "/desk/stations", "/desk/stations/yvpm", "/desk/account", "/desk/none",
				"/desk/decisions"} {
				p.look(path, func() { p.open(path) })
			}
			for _, path := range []string{"/desk/stories", "/desk/stories?words=copper", "/desk/stories?words=nobody-wrote-of-this",
				"/desk/stories?status=held", "/desk/stories?day=tomorrow"} {
				p.look(path, func() { p.open(path) })
			}
			for _, headline := range []string{busyJoined, busyLive, busyKilled[0], busyWithdrawn, busyFlood[0], busyPairs[0]} {
				p.look(headline, func() { p.open("/desk/stories/" + d.storiesCalled(headline)[0].ID) })
			}
			p.look("a story, without a reason", func() {
				p.open("/desk/stories/" + d.storiesCalled(busyLive)[0].ID)
				p.press(p.label("Withdraw"))
				p.isStatus(422)
			})
			p.look("a story that is not there", func() {
				p.open("/desk/stories/" + d.storiesCalled(busyLive)[0].ID)
				p.fill("textbox", p.label("Other story"), "https://nobody.example/")
				p.press(p.label("Join"))
				p.isStatus(422)
			})
			p.look("a story that was held", func() {
				p.open("/desk/stories/" + d.storiesCalled(busyLive)[0].ID)
				p.press(p.label("Hold"))
				p.isSaid("")
			})
			p.look("without a reason", func() {
				p.open("/desk/cases/" + d.caseOf("killed", 0))
				p.press(p.label("Withdraw"))
				p.isStatus(422)
			})
			p.look("without the word", func() {
				p.open("/desk/cases/" + d.caseOf("killed", 0))
				p.fill("textbox", p.label("Type PUBLISH to confirm"), "yes")
				p.press(p.label("Publish although killed"))
				p.isStatus(422)
			})
			p.look("nothing chosen", func() {
				p.open("/desk/cases/" + d.caseOf("flood", 0))
				p.press(p.label("Publish chosen"))
				p.isStatus(422)
			})
			p.look("changed", func() {
				p.open("/desk/cases/" + d.caseOf("pair", 0))
				if code, said := d.run("dismiss", d.caseOf("pair", 0)); code != 0 {
					p.t.Fatal(said)
				}
				p.press(p.label("Two stories"))
				p.isStatus(409)
			})
			p.look("decided", func() { p.open("/desk/cases/" + d.caseOf("pair", 0)) })
			p.look("done", func() {
				p.open("/desk/cases/" + d.caseOf("pair", 1))
				p.press(p.label("Hold both"))
				p.isSaid("")
			})
			p.look("held", func() { p.open("/desk/cases/" + d.caseOf("pair", 1)) })
			p.look("trusted", func() {
				p.open("/desk/stations/fronteriza")
				p.press(p.label("Trust again"))
				p.isSaid("")
			})
			p.look("decisions", func() { p.open("/desk/decisions") })

			// Whoever is not signed in sees these in the browser's language.
			p.signedIn = false
			tellBrowser(t, b.ctx, network.ClearBrowserCookies, cdp.Empty{})
			tellBrowser(t, b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
				Headers: network.Headers{"Accept-Language": language},
			})
			p.look("sign-in", func() { p.open("/desk/sign-in") })
			p.look("a link", func() { p.load(chromedp.Navigate(d.link(who))) })
			p.look("a wrong link", func() { p.open("/desk/sign-in/none"); p.isStatus(410) })
		})
	}
}

// look has axe-core look at what is opened, and reads what the console says. A form must not be sent twice for that, so
// it is opened once.
func (p *player) look(name string, open func()) {
	p.t.Helper()
	p.t.Run(name, func(t *testing.T) {
		outer := p.t
		p.t, p.d.t = t, t
		defer func() { p.t, p.d.t = outer, outer }()
		p.mu.Lock()
		p.console = nil
		p.mu.Unlock()
		p.see(1366, "light")
		open()
		if in := evaluate[string](t, p.ctx, `document.documentElement.lang`); in != p.language {
			t.Errorf("it is in %q", in)
		}
		for name, role := range map[string]string{"To decide": "link", "Stories": "link", "Stations": "link", "Decisions": "link",
			"Account": "link", "Search stories": "searchbox", "Search": "button", "Sign out": "button"} {
			if p.signedIn && len(p.findAll(role, p.label(name), 0)) == 0 {
				t.Errorf("it has no %s “%s”", role, p.label(name))
			}
		}
		for _, v := range []view{{p.language, 1366, "light"}, {p.language, 320, "dark"}} {
			p.see(v.width, v.scheme)
			for _, violation := range p.violations(t, axeAll) {
				t.Errorf("%s: axe: %s", v, violation)
			}
			if wide := evaluate[float64](t, p.ctx, `document.documentElement.scrollWidth`); wide > float64(v.width) {
				t.Errorf("%s: it is %v wide", v, wide)
			}
		}
		console, _ := p.said()
		console = slices.DeleteFunc(console, func(line string) bool {
			return strings.Contains(line, fmt.Sprintf("status of %d", p.status))
		})
		if len(console) > 0 {
			t.Errorf("the console says %q", console)
		}
	})
}

// see has pages drawn as wide, and light or dark.
func (p *player) see(width int64, scheme string) {
	p.t.Helper()
	tellBrowser(p.t, p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: viewHeight, DeviceScaleFactor: 1, Mobile: width < 600,
	})
	p.setMedia(p.t, "", scheme)
}

// isStatus fails the test unless the page came with a status.
func (p *player) isStatus(want int64) {
	p.t.Helper()
	if p.status != want {
		p.t.Fatalf("status %d, want %d; the page says %.2000s", p.status, want, p.text())
	}
}
