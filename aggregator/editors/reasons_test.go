package editors

import (
	"errors"
	"html"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// A case says what it is about: the name, the address or the time, in the words of editors.
func TestTheReasonOfACaseNamesWhatItIsAbout(t *testing.T) {
	for _, tt := range []struct {
		kind             news.FlagKind
		with, why        string
		english, spanish string
	}{
		{news.FlagUnlistedOrigin, "Sonora Mirror", "its text says that it is from “Sonora Mirror”, which is no station",
			"It names a source that the desk does not know: Sonora Mirror.",
			"Nombra una fuente que la redacción no conoce: Sonora Mirror."},
		{news.FlagAddressDistrusted, "", "several of its items have the address ajo.example/news: it identifies none of them",
			"Several stories of the feed have one address: ajo.example/news.",
			"Varias notas del canal tienen la misma dirección: ajo.example/news."},
		{news.FlagClaimsDistrusted, "", "several of its items name https://wire.example/ as their original: claims of that",
			"Several stories of the feed name one page as their source: https://wire.example/.",
			"Varias notas del canal nombran una página como su fuente: https://wire.example/."},
		{news.FlagUnlistedHost, "", "several of its items name originals on mirror.example, which belongs to no station",
			"Several stories of the feed name a source that the desk does not know: mirror.example.",
			"Varias notas del canal nombran una fuente que la redacción no conoce: mirror.example."},
		{news.FlagFutureDate, "x", "its date is 2031-02-04T18:00:00Z, which is still to come",
			"Its date is still to come: Feb 4, 2031, 6:00 PM.", "Su fecha aún no ha llegado: 4 feb 2031, 18:00."},
		{news.FlagClock, "", "its dates are ahead by 7h0m0s: that is taken off",
			"The feed's dates are ahead by 7 hours, which is taken off.", "Las fechas del canal están adelantadas 7 horas, que se descuentan."},
		{news.FlagWithdrawn, "x", "its station has withdrawn it: its page answered 410",
			"Its station has withdrawn the story: it is gone from its feed, and its page answered 410.",
			"Su emisora ha retirado la nota: ya no está en su canal, y su página respondió 410."},
		{news.FlagWithdrawn, "x", "it has left the middle of its feed, and its page could not be asked",
			"Its station may have withdrawn the story: it has left the middle of its feed.",
			"Quizá su emisora ha retirado la nota: desapareció de en medio de su canal."},
		{news.FlagWithdrawn, "x", "by J5 it is like a story that was withdrawn: release it if it is another",
			"It is like a story that was withdrawn.", "Se parece a una nota que se retiró."},
		// Words that are not known say what their kind says.
		{news.FlagWithdrawn, "x", "J5", "Its station has withdrawn the story, or may have.", "Su emisora ha retirado la nota, o quizá."},
		{news.FlagFutureDate, "x", "J5", "Its date is still to come.", "Su fecha aún no ha llegado."},
		{news.FlagNoLink, "", "its entry has no address", "It has no address at its station.", "No tiene dirección en su emisora."},
	} {
		s, d := newTestDesk(t)
		d.cases[5].Flags = []news.Flag{{Kind: tt.kind, With: tt.with, Why: tt.why}}
		for _, path := range []string{"/desk/cases/6", "/desk/"} {
			page := html.UnescapeString(bodyOf(t, ask(s, "GET", path, "", asAna)))
			if !strings.Contains(page, tt.english) || namesRule(page) {
				t.Errorf("%s: %s without %q, or it names a rule: %s", tt.kind, path, tt.english, page)
			}
			if page := bodyOf(t, ask(s, "GET", path, "", asLee)); !strings.Contains(page, tt.spanish) {
				t.Errorf("%s: %s without %q", tt.kind, path, tt.spanish)
			}
		}
	}
}

func TestACaseSaysAllThatIsAskedTheMostUrgentFirst(t *testing.T) {
	s, d := newTestDesk(t)
	d.cases[5].Flags = []news.Flag{{Kind: news.FlagNoLink}, {Kind: news.FlagFutureDate, Why: "V3"}, {Kind: news.FlagNoLink}}
	page := bodyOf(t, ask(s, "GET", "/desk/cases/6", "", asAna))
	if !strings.Contains(page, `<p>Its date is still to come.</p>
<ul class="facts"><li>It has no address at its station.</li></ul>`) {
		t.Errorf("the page of the case: %s", page)
	}
}

func TestEveryReasonAndEveryPhraseOfOneIsInSpanish(t *testing.T) {
	var phrases []string
	for _, w := range withdrawals {
		phrases = append(phrases, w.phrase)
	}
	for _, phrase := range reasonsOfFlags {
		phrases = append(phrases, phrase)
	}
	for _, phrase := range refusals {
		phrases = append(phrases, phrase)
	}
	for several, one := range singular {
		phrases = append(phrases, one)
		for _, language := range languages {
			if text := translate(language, several, 1); strings.Contains(text, "%") || text == translate(language, several, 2) {
				t.Errorf("of one, %q is %q", several, text)
			}
		}
	}
	for _, phrase := range phrases {
		if spanish[phrase] == "" {
			t.Errorf("%q is not in Spanish", phrase)
		}
	}
}

func TestWhatCannotBeDoneIsSaidInTheLanguageOfThePage(t *testing.T) {
	for why, want := range map[Refusal][2]string{
		RefusedSame:      {"They are one story already.", "Ya son una sola nota."},
		RefusedHeld:      {"An editor holds it already.", "Ya la retiene alguien de la redacción."},
		RefusedAutomatic: {"Nobody has said who made it: it is automatic already.", "Nadie ha dicho quién la hizo: ya es automático."},
	} {
		s, d := newTestDesk(t)
		d.refusal = &OrderError{errors.New("in English"), why}
		for n, who := range []string{asAna, asLee} {
			answer := ask(s, "POST", "/desk/cases/4", "do=hold&form=x", who)
			if body := bodyOf(t, answer); answer.StatusCode != 422 || !strings.Contains(body, want[n]) || strings.Contains(body, "in English") {
				t.Errorf("%s: %d without %q: %s", why, answer.StatusCode, want[n], body)
			}
		}
	}
	s, d := newTestDesk(t)
	d.past = []news.Decision{{Number: 4, Verb: news.Trust, Who: "lee", Feed: "https://kmsa.example/rss"}}
	d.refusal = &OrderError{errors.New("in English"), RefusedUndo}
	answer := ask(s, "POST", "/desk/decisions/4/undo", "form=x", asLee)
	if body := bodyOf(t, answer); answer.StatusCode != 422 || !strings.Contains(body, "no se puede deshacer") ||
		strings.Contains(body, "in English") {
		t.Errorf("a trust: %d: %s", answer.StatusCode, body)
	}
}
