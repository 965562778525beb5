package notify

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

// Bounds of foreign words in a notice.
const (
	maxLine    = 200  // letters of a headline or a name
	maxEntries = 200  // of a digest
	maxStories = 20   // of one event
	maxSubject = 150  // letters
	maxWhy     = 1000 // letters of what happened
)

// heads begin subjects: in English and Spanish.
var heads = map[news.NoticeKind][2]string{
	news.NoticeKilled:    {"Killed", "Anulada"},
	news.NoticeWithdrawn: {"Withdrawn", "Retirada"},
	news.NoticeFlood:     {"Flood", "Avalancha"},
	news.NoticePair:      {"Pair", "Par"},
	news.NoticeCorrected: {"Corrected", "Corregida"},
	news.NoticeIll:       {"Ill", "Con fallas"},
	news.NoticeWell:      {"Well", "Restablecida"},
	news.NoticeBackup:    {"Backup", "Respaldo"},
	news.NoticeMissing:   {"Missing", "Falta"},
}

// language chooses one of two texts.
func language(tag, english, spanish string) string {
	if news.PrimaryLanguage(tag) == "es" {
		return spanish
	}
	return english
}

// OneLine is foreign text as one line of at most so many letters, without signs that end lines, or hide or
// turn what follows.
func OneLine(text string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			space = n > 0
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			continue
		}
		if n >= most || space && n+1 >= most {
			return strings.TrimRight(b.String(), " ") + "…"
		}
		if space {
			b.WriteByte(' ')
			n++
			space = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// subjectOf is the subject of a notice of one event.
func subjectOf(d Desk, f Fact) string {
	head := language(d.Language, heads[f.Kind][0], heads[f.Kind][1])
	about := f.Station
	if len(f.Stories) > 0 && f.Kind != news.NoticeFlood {
		about = f.Stories[0].Title
	}
	line := "[" + OneLine(d.Title, maxLine) + "] " + head
	if about = OneLine(about, maxLine); about != "" {
		line += ": " + about
	}
	return OneLine(line, maxSubject)
}

// whatHappened says in one or two sentences what an event is.
func whatHappened(d Desk, f Fact) string {
	say := func(english, spanish string, values ...any) string {
		return fmt.Sprintf(language(d.Language, english, spanish), values...)
	}
	since := ""
	if !f.Since.IsZero() {
		since = formatTime(d, f.Since)
	}
	switch f.Kind {
	case news.NoticeKilled:
		return say("A notice of its source says that the story is withdrawn. It is held.",
			"Un aviso de su fuente dice que la nota fue retirada. Está retenida.")
	case news.NoticeWithdrawn:
		return withdrawalWords(f, say)
	case news.NoticeFlood:
		return say("%s brought more at once than it normally does. What came is held.",
			"%s trajo más de una vez que de costumbre. Lo que llegó está retenido.", OneLine(f.Station, maxLine))
	case news.NoticePair:
		return say("Two stories may be one.", "Dos notas pueden ser una.")
	case news.NoticeCorrected:
		return say("The story was corrected, and another station carries it.",
			"La nota fue corregida, y otra emisora la publica.")
	case news.NoticeIll:
		if since == "" {
			return say("The feed cannot be read.", "El canal no se puede leer.")
		}
		return say("The feed could not be read since %s.", "El canal no se ha podido leer desde %s.", since)
	case news.NoticeWell:
		return say("The feed can be read again. It could not since %s.",
			"El canal se puede leer de nuevo. No se podía desde %s.", since)
	case news.NoticeBackup:
		if since == "" {
			return say("No backup was ever made.", "Nunca se hizo un respaldo.")
		}
		return say("No backup was made since %s.", "No se ha hecho un respaldo desde %s.", since)
	case news.NoticeMissing:
		return say("The desk has published a story that you do not carry.",
			"La redacción publicó una nota que ustedes no tienen.")
	}
	return OneLine(f.Text, maxWhy)
}

// withdrawalWords say what is so of a withdrawal by now.
func withdrawalWords(f Fact, say func(english, spanish string, values ...any) string) string {
	status, by := news.Retracted, ""
	if len(f.Stories) > 0 {
		status, by = f.Stories[0].Status, OneLine(f.Stories[0].By, maxLine)
	}
	switch {
	case status == news.Held:
		return say("The story may have been withdrawn. It is held.",
			"La nota puede haber sido retirada. Está retenida.")
	case status == news.Live:
		return say("The story was withdrawn, and is published again.",
			"La nota fue retirada, y está publicada de nuevo.")
	case by == "":
		return say("The story was withdrawn.", "La nota fue retirada.")
	}
	return say("The story was withdrawn by %s.", "%s retiró la nota.", by)
}

func formatTime(d Desk, t time.Time) string {
	zone := d.Timezone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04 MST")
}

// whereToGo is the address of the page where a recipient reads on, and the command to type where there is
// none. Partners are led to the desk's public pages.
func whereToGo(d Desk, f Fact, partner bool) (address, command string) {
	story := ""
	if len(f.Stories) > 0 {
		story = f.Stories[0].ID
	}
	switch {
	case partner:
		if len(f.Stories) > 0 {
			return f.Stories[0].Desk, ""
		}
		return d.URL, ""
	case d.Editors != "" && f.Case != 0:
		return fmt.Sprintf("%s/desk/cases/%d", d.Editors, f.Case), ""
	case d.Editors != "" && story != "":
		return d.Editors + "/desk/stories/" + story, ""
	case d.Editors != "" && f.StationID != "":
		return d.Editors + "/desk/stations/" + f.StationID, ""
	case d.Editors != "":
		return d.URL + "/status", ""
	case f.Case != 0:
		return "", "fronteras stories --flagged"
	case story != "":
		return "", "fronteras explain " + story
	case f.Kind == news.NoticeBackup:
		return "", "fronteras backup FILE"
	}
	return "", "fronteras stations"
}

// entry is what one event says in a text: what happened, the stories, where to go.
func entry(d Desk, f Fact, partner bool) (text, address string) {
	var b strings.Builder
	b.WriteString(whatHappened(d, f) + "\n")
	if words := OneLine(f.Words, maxWhy); words != "" {
		b.WriteString("> " + words + "\n")
	}
	for at, s := range f.Stories {
		if at == maxStories {
			fmt.Fprintf(&b, language(d.Language, "And %d more.\n", "Y %d más.\n"), len(f.Event.Stories)-at)
			break
		}
		line := OneLine(s.Title, maxLine)
		if len(s.Names) > 0 {
			line += " (" + OneLine(strings.Join(s.Names, ", "), maxLine) + ")"
		}
		b.WriteString(line + "\n")
		if s.URL != "" {
			b.WriteString(OneLine(s.URL, maxWhy) + "\n")
		}
	}
	if f.Feed != "" && len(f.Stories) == 0 {
		b.WriteString(OneLine(f.Feed, maxWhy) + "\n")
	}
	address, command := whereToGo(d, f, partner)
	if address != "" {
		b.WriteString(address + "\n")
	}
	if command != "" {
		b.WriteString(command + "\n")
	}
	return b.String(), address
}

// NewNotice is the notice of one event.
func NewNotice(d Desk, r news.Recipient, f Fact) Notice {
	text, address := entry(d, f, r.Partner != "")
	n := Notice{ID: NoticeID(d, r, f.Number), Kind: f.Kind, When: f.When, Subject: subjectOf(d, f), Text: text,
		URL: address, Feed: f.Feed, Stories: f.Stories}
	if f.Case != 0 {
		n.Case = fmt.Sprint(f.Case)
	}
	return n
}

// NewDigest is one notice of several events: one entry a case. It has the id of the first event's.
func NewDigest(d Desk, r news.Recipient, facts []Fact, now time.Time) Notice {
	first := facts[0].Number
	facts = onePerCase(facts)
	n := Notice{ID: NoticeID(d, r, first) + "-d", Kind: KindDigest, When: now, URL: d.URL}
	if r.Partner == "" && d.Editors != "" {
		n.URL = d.Editors + "/desk/"
	}
	n.Subject = OneLine("["+OneLine(d.Title, maxLine)+"] "+fmt.Sprintf(
		language(d.Language, "%d notices", "%d avisos"), len(facts)), maxSubject)
	var b strings.Builder
	for at, f := range facts {
		if at == maxEntries {
			fmt.Fprintf(&b, language(d.Language, "\nAnd %d more.\n", "\nY %d más.\n"), len(facts)-at)
			break
		}
		if at > 0 {
			b.WriteString("\n")
		}
		text, _ := entry(d, f, r.Partner != "")
		b.WriteString(strings.TrimPrefix(subjectOf(Desk{Language: d.Language}, f), "[] ") + "\n" + text)
		n.Stories = append(n.Stories, f.Stories...)
	}
	n.Text = b.String()
	return n
}

// onePerCase keeps of several events of one case or feed, or of one kind about one story, the last.
func onePerCase(facts []Fact) (kept []Fact) {
	at := map[string]int{}
	for _, f := range facts {
		about := fmt.Sprint("event ", f.Number)
		switch {
		case f.Case != 0:
			about = fmt.Sprint("case ", f.Case)
		case f.Event.Feed != "":
			about = "feed " + f.Event.Feed
		case len(f.Stories) == 1:
			about = fmt.Sprint(f.Kind, " ", f.Stories[0].ID)
		}
		if n, known := at[about]; known {
			kept[n] = f
			continue
		}
		at[about] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// cutText cuts a text to a number of letters.
func cutText(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// KindTest is that of a notice that tells nothing.
const KindTest news.NoticeKind = "test"

// NewTest is a notice that says that it is a test.
func NewTest(d Desk, r news.Recipient, now time.Time) Notice {
	return Notice{
		ID: NoticeID(d, r, uint64(now.UnixNano())), Kind: KindTest, When: now, URL: d.URL,
		Subject: OneLine("["+OneLine(d.Title, maxLine)+"] "+language(d.Language, "Test", "Prueba"), maxSubject),
		Text: language(d.Language, "This is a test: notices of this desk arrive here.\n",
			"Esto es una prueba: los avisos de esta redacción llegan aquí.\n"),
	}
}
