//go:build browser

package command

import (
	"fmt"
	"strings"
	"testing"
)

// TestPagesOfEditorsServeTheirTasks has an editor do, on a real desk, what editors do, each task within its number of
// acts: links followed and forms sent. What the pages hold is found by its role and name, so the test knows no more of
// them than somebody who listens to them.
func TestPagesOfEditorsServeTheirTasks(t *testing.T) {
	t.Parallel() // each test has a browser of its own
	b := newBrowser(t)
	for _, way := range []struct {
		name              string
		width             int64
		scripts, keyboard bool
	}{
		{"mouse and scripts", 1366, true, false}, {"no scripts, a phone", 320, false, false},
		{"the keyboard alone, a phone", 320, true, true},
	} {
		for language, who := range map[string]string{"en": "ana", "es": "luz"} {
			t.Run(way.name+"/"+language, func(t *testing.T) {
				d := newBusyDesk(t)
				p := newPlayer(t, b, d, who, view{language, way.width, "light"}, way.scripts, way.keyboard)
				playCases(p)
				playStories(p)
			})
		}
	}
}

// playCases plays the tasks on pages of cases and decisions.
func playCases(p *player) {
	const desk = "/desk/"

	p.play("a pair is two stories", 2, desk, func() {
		p.follow(busyPairs[0])
		p.press(p.label("Two stories"))
		p.isSaid("")
		p.isDecided("split")
		p.isNow(busyPairs[0], "live live")
	})
	p.play("one story, the second station made it", 2, desk, func() {
		p.follow(busyPairs[1])
		second := "KDEM Deming"
		if text := p.call(p.findAll("article", "", 0)[1], `function() { return this.innerText }`); strings.Contains(text, "KMSA") {
			second = "KMSA Mesilla"
		}
		p.press(fmt.Sprintf(p.label("One story, %s made it"), second))
		p.isSaid("")
		p.isDecided("join")
		p.isNow(busyPairs[1], "live")
	})
	p.play("hold both", 2, desk, func() {
		p.follow(busyPairs[2])
		p.press(p.label("Hold both"))
		p.isSaid("")
		p.isDecided("hold")
		p.isNow(busyPairs[2], "held held")
	})
	p.play("withdraw a killed story, from the mail", 1, "/desk/cases/"+p.d.caseOf("killed", 0), func() {
		if len(p.findAll("region", p.label("Kill notice"), 0)) != 1 {
			p.t.Error("the notice is no region")
		}
		p.fill("textbox", p.label("Reason"), "AP has killed it")
		p.press(p.label("Withdraw"))
		p.isSaid("")
		if d := p.isDecided("retract"); d.Reason != "AP has killed it" {
			p.t.Errorf("the reason is %q", d.Reason)
		}
	})
	p.play("publish another although killed", 2, desk, func() {
		headline := busyKilled[0]
		if p.d.statusOf(headline) == "retracted" {
			headline = busyKilled[1]
		}
		p.follow(headline)
		p.fill("textbox", p.label("Type PUBLISH to confirm"), "PUBLISH")
		p.press(p.label("Publish although killed"))
		p.isSaid("")
		p.isDecided("release")
		p.isNow(headline, "live")
	})
	p.play("publish two of a flood, withdraw the rest", 3, desk, func() {
		p.follow(busyStations["yvpm"])
		p.tick(busyFlood[1])
		p.tick(busyFlood[4])
		p.press(p.label("Publish chosen"))
		p.isSaid("")
		p.isDecided("release")
		p.fill("textbox", p.label("Reason"), "old")
		p.press(p.label("Withdraw all"))
		p.isSaid("")
		p.isDecided("retract")
		for n, headline := range busyFlood {
			p.isNow(headline, map[bool]string{true: "live", false: "retracted"}[n == 1 || n == 4])
		}
	})
	p.play("undo a colleague's decision", 2, desk, func() {
		p.decideAs("lee")
		p.follow(p.label("Decisions"))
		p.pressIn(busyWithdrawn, p.label("Undo"))
		p.isSaid("")
		p.isDecided("undo")
		p.isNow(busyWithdrawn, "retracted")
	})
}

// decideAs has a colleague publish the story that its station has withdrawn.
func (p *player) decideAs(who string) {
	p.t.Helper()
	path := "/desk/cases/" + p.d.caseOf("withdrawn", 0)
	colleague := p.d.client(who)
	_, page := p.d.get(colleague, p.d.public+path)
	if code, where := p.d.post(colleague, path, formOf(page, path, "do", "publish", "confirm", "PUBLISH")); code != 303 {
		p.t.Fatalf("a colleague's decision: %d, %s", code, where)
	}
	p.isNow(busyWithdrawn, "live")
}

// playStories plays the tasks on pages of stories.
func playStories(p *player) {
	const desk = "/desk/"
	find := func(word, headline string) {
		p.t.Helper()
		p.fill("searchbox", p.label("Search stories"), word)
		p.press(p.label("Search"))
		p.follow(headline)
	}
	p.play("withdraw a story found by a word", 3, desk, func() {
		find("pelicans", busyLive)
		p.fill("textbox", p.label("Reason"), "they were cranes")
		p.press(p.label("Withdraw"))
		p.isSaid("")
		p.isDecided("retract")
		p.isNow(busyLive, "retracted")
	})
	p.play("restore it", 3, desk, func() {
		find("pelicans", busyLive)
		p.press(p.label("Restore"))
		p.isSaid("")
		p.isDecided("restore")
		p.isNow(busyLive, "live")
	})
	p.play("change who made a story", 3, desk, func() {
		find("pelicans", busyLive)
		p.choose(p.label("Who made it"), "KDEM Deming")
		p.press(p.label("Change origin"))
		p.isSaid("")
		p.isDecided("origin")
		p.isMadeBy(busyLive, "KDEM Deming")
	})
	p.play("back to automatic", 3, desk, func() {
		find("pelicans", busyLive)
		p.choose(p.label("Who made it"), p.label("Automatic"))
		p.press(p.label("Change origin"))
		p.isSaid("")
		p.isDecided("origin")
		p.isMadeBy(busyLive, "KMSA Mesilla")
	})
	p.play("take a wrong item out", 3, desk, func() {
		find("museum", busyJoined)
		p.pressIn(busyWrong, p.label("Take out"))
		p.isSaid("")
		p.isDecided("split")
		p.isNow(busyJoined, "live")
		p.isNow(busyWrong, "live")
	})
}
