//go:build browser

package command

import (
	"slices"
	"strings"
	"testing"
)

// TestPagesAreReachedByKeyboard goes through the front page by Tab, opens a player by Enter, and jumps over
// the top by the skip link.
func TestPagesAreReachedByKeyboard(t *testing.T) {
	b := newBrowser(t)
	d, _ := newRichDesk(t)
	b.open(t, d.address+"/", view{"en", 1366, "light"})

	// What has the focus, in the order of Tab, and whether that is seen.
	const focused = `(e => [[".skip", "skip"], ["[type=search]", "search"], ["form button", "button"],
		["article summary", "listen"], ["article :is(h2, h3) a", "story"], ["*", e.tagName]].find(s => e.matches(s[0]))[1] +
		(getComputedStyle(e).outlineStyle === "none" ? " unseen" : ""))(document.activeElement)`
	var stops []string
	for len(stops) < 80 && !slices.Contains(stops, "listen") {
		press(t, b.ctx, "\t")
		stops = append(stops, evaluate[string](t, b.ctx, focused))
	}
	order := slices.Compact(slices.DeleteFunc(slices.Clone(stops), func(stop string) bool {
		return stop == "A" || stop == "SUMMARY"
	}))
	if have := strings.Join(order, " "); !strings.HasPrefix(have, "skip search button story") ||
		!strings.HasSuffix(have, "listen") || strings.Contains(have, "unseen") {
		t.Fatalf("one comes to %q", stops)
	}
	const players = `[...document.querySelectorAll("article audio")].filter(a => a.checkVisibility()).length`
	before := evaluate[int](t, b.ctx, players)
	press(t, b.ctx, "\r")
	if after := evaluate[int](t, b.ctx, players); before != 0 || after != 1 {
		t.Errorf("%d players are shown, and %d once one is opened", before, after)
	}
	if _, requests := b.said(); slices.ContainsFunc(requests, func(r asked) bool { return r.what == "Media" }) {
		t.Error("audio is loaded before it is played")
	}

	b.open(t, d.address+"/", view{"en", 390, "light"})
	press(t, b.ctx, "\t")
	press(t, b.ctx, "\r")
	press(t, b.ctx, "\t")
	if !evaluate[bool](t, b.ctx, `document.activeElement.closest("main") !== null`) {
		t.Error("the skip link does not lead to the stories")
	}
}

// TestPagesInPrintHaveNoControls prints pages: the stories are there, what only works on a screen is not, and
// letters are dark on white, whatever the reader likes on a screen.
func TestPagesInPrintHaveNoControls(t *testing.T) {
	b := newBrowser(t)
	d, _ := newRichDesk(t)
	for path, says := range map[string]string{
		"/": "Night bus", d.story(t, "Onion sheds look for packers"): "Growers near Hatch",
	} {
		b.open(t, d.address+path, view{"en", 700, "dark"})
		b.setMedia(t, "print", "dark")
		seen := evaluate[struct {
			Text, Paper string
			Controls    []string
		}](t, b.ctx, `({ Text: document.body.innerText, Paper: getComputedStyle(document.body).backgroundColor,
			Controls: [...document.querySelectorAll("form, input, button, summary, audio, nav, footer, .skip")]
				.filter(e => e.checkVisibility()).map(e => e.cloneNode().outerHTML) })`)
		if !strings.Contains(seen.Text, says) || len(seen.Controls) > 0 || seen.Paper != "rgb(255, 255, 255)" {
			t.Errorf("%s: %q are printed, on %s, of %.200q", path, seen.Controls, seen.Paper, seen.Text)
		}
	}
}
