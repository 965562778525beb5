package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
)

var update = flag.Bool("update", false, "write the golden files")

// expectGolden fails the test if a text is not that of a file in testdata.
func expectGolden(t *testing.T, file, text string) {
	t.Helper()
	file = "testdata/" + file
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs; -update writes it:\n%s", file, text)
	}
}

var when = time.Date(2031, 2, 4, 3, 12, 0, 0, time.UTC)

// facts are one of each kind.
func facts() []notify.Fact {
	phoenix := when.Add(-8 * time.Hour)
	story := func(id, title string, status news.Status) notify.Story {
		return notify.Story{ID: id, PublicID: "tag:fronteras.example,2031:" + id, Title: title, Status: status, By: "Radio Ajo",
			URL: "https://ajo.example/" + id, Origin: "Radio Ajo", Stations: []string{"ajo", "kmsa"},
			Names: []string{"Radio Ajo", "KMSA Mesilla"}, Desk: "https://fronteras.example/stories/" + id}
	}
	event := func(n uint64, kind news.NoticeKind) news.Event { return news.Event{Number: n, Kind: kind, When: when} }
	list := []notify.Fact{
		{Event: event(1, news.NoticeKilled), Words: "Kill:\nthe mine did not close.", Stories: []notify.Story{story("s1", "Mine closes after <fire> & flood", news.Held)}},
		{Event: event(2, news.NoticeWithdrawn), Stories: []notify.Story{story("s2", "Bridge opens", news.Retracted)}},
		{Event: event(3, news.NoticeWithdrawn), Stories: []notify.Story{story("s2", "Bridge opens", news.Held)}},
		{Event: event(4, news.NoticeFlood), Station: "KDEM Deming", StationID: "kdem", Feed: "https://kdem.example/rss",
			Stories: []notify.Story{story("s3", "Old story one", news.Held), story("s4", "Old story two", news.Held)}},
		{Event: event(5, news.NoticePair), Stories: []notify.Story{
			story("s5", "Council votes on water", news.Held), story("s6", "Water vote in council", news.Live)}},
		{Event: event(6, news.NoticeCorrected), Stories: []notify.Story{story("s7", "Rain in June", news.Live)}},
		{Event: event(7, news.NoticeIll), Station: "KDEM Deming", StationID: "kdem", Feed: "https://kdem.example/rss"},
		{Event: event(8, news.NoticeWell), Station: "KDEM Deming", StationID: "kdem", Feed: "https://kdem.example/rss"},
		{Event: event(9, news.NoticeBackup)},
		{Event: event(10, news.NoticeMissing), Stories: []notify.Story{story("s8", "Desert\u2028bloom\u202E early", news.Live)}},
	}
	for n := range list {
		f := &list[n]
		f.Open = true
		switch f.Kind {
		case news.NoticeKilled, news.NoticeFlood, news.NoticePair:
			f.Case = 10 + f.Number
		case news.NoticeIll, news.NoticeWell, news.NoticeBackup:
			f.Since = phoenix
			if f.Kind != news.NoticeBackup {
				f.Event.Feed = f.Feed
			}
		}
	}
	return list
}

func deskIn(t *testing.T, language, editors string) notify.Desk {
	t.Helper()
	zone, err := time.LoadLocation("America/Phoenix")
	if err != nil {
		t.Fatal(err)
	}
	return notify.Desk{Title: "Fronteras Desk", URL: "https://fronteras.example", Editors: editors, Language: language,
		Timezone: zone}
}

// What recipients read of each kind: in both languages, with editors' pages and without.
func TestNoticesSayWhatHappensAndWhereToGo(t *testing.T) {
	var b strings.Builder
	to := news.Recipient{Address: "mailto:night@desk.example"}
	for _, of := range []struct{ language, editors string }{
		{"en", "https://desk.example"}, {"es-MX", "https://desk.example"}, {"en", ""},
	} {
		fmt.Fprintf(&b, "=== language %s, editors %q\n\n", of.language, of.editors)
		for _, f := range facts() {
			r := to
			if f.Kind == news.NoticeMissing {
				r.Partner = "azpm"
			}
			n := notify.NewNotice(deskIn(t, of.language, of.editors), r, f)
			fmt.Fprintf(&b, "Subject: %s\nURL: %s\n%s\n", n.Subject, n.URL, n.Text)
		}
		digest := notify.NewDigest(deskIn(t, of.language, of.editors), to, facts(), when)
		fmt.Fprintf(&b, "--- together\nSubject: %s\nURL: %s\n%s\n", digest.Subject, digest.URL, digest.Text)
	}
	expectGolden(t, "notices.txt", b.String())
}

// taken is a request that a hook got.
type taken struct {
	header http.Header
	body   string
}

// sendTo sends a notice to a hook of the test, which answers with a status.
func sendTo(t *testing.T, r news.Recipient, n notify.Notice, status int) (taken, error) {
	t.Helper()
	var got taken
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		got = taken{q.Header.Clone(), string(body)}
		if status >= 300 && status < 400 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	r.Target = server.URL + "/hook/s3cret"
	err := notify.Webhooks{}.Send(t.Context(), r, n, when)
	if err != nil && strings.Contains(err.Error(), "s3cret") {
		t.Errorf("an error has the path of a hook: %v", err)
	}
	return got, err
}

// The bodies of all formats, as their services document them.
func TestHooksGetNoticesInTheirForm(t *testing.T) {
	var b strings.Builder
	all := facts()
	for _, as := range []news.RecipientFormat{news.AsJSON, news.AsSlack, news.AsDiscord, news.AsTeams, news.AsNtfy} {
		for _, f := range []notify.Fact{all[0], all[6]} {
			r := news.Recipient{Address: "file:hooks/one", As: as}
			got, err := sendTo(t, r, notify.NewNotice(deskIn(t, "en", "https://desk.example"), r, f), http.StatusOK)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "=== as %s\n", as)
			for _, name := range []string{"Content-Type", "Title", "Click", "Priority", "Webhook-Id", "Webhook-Timestamp"} {
				if value := got.header.Get(name); value != "" {
					fmt.Fprintf(&b, "%s: %s\n", name, value)
				}
			}
			var pretty any
			if json.Unmarshal([]byte(got.body), &pretty) == nil {
				var text strings.Builder
				e := json.NewEncoder(&text)
				e.SetIndent("", "  ")
				e.SetEscapeHTML(false)
				_ = e.Encode(pretty)
				got.body = strings.TrimRight(text.String(), "\n")
			}
			fmt.Fprintf(&b, "\n%s\n\n", got.body)
		}
	}
	expectGolden(t, "hooks.txt", b.String())
}

// A receiver that follows Standard Webhooks takes the signature.
func TestSignaturesAreThoseOfStandardWebhooks(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	r := news.Recipient{As: news.AsJSON, Secret: "whsec_" + base64.StdEncoding.EncodeToString(key)}
	got, err := sendTo(t, r, notify.NewNotice(deskIn(t, "en", ""), r, facts()[0]), http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(got.header.Get("webhook-id") + "." + got.header.Get("webhook-timestamp") + "." + got.body))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if have := got.header.Get("webhook-signature"); have != want {
		t.Errorf("signature %q, want %q", have, want)
	}
	if have := got.header.Get("webhook-timestamp"); have != fmt.Sprint(when.Unix()) {
		t.Errorf("timestamp %q", have)
	}
	r.Secret = ""
	if got, err = sendTo(t, r, notify.NewNotice(deskIn(t, "en", ""), r, facts()[0]), http.StatusOK); err != nil ||
		got.header.Get("webhook-signature") != "" {
		t.Errorf("without a secret: %v %v", got.header, err)
	}
}

func TestAnswersOfAHookSayWhatBecomesOfANotice(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 201: "", 204: "", 302: "fails", 308: "fails", 400: "fails", 404: "fails", 429: "fails", 500: "fails",
		410: "is gone",
	} {
		_, err := sendTo(t, hook, notify.NewNotice(deskIn(t, "en", ""), hook, facts()[0]), status)
		have := ""
		switch {
		case errors.As(err, new(*notify.PermanentError)):
			have = "is gone"
		case err != nil:
			have = "fails"
		}
		if have != want || errors.As(err, new(*notify.UnclearError)) {
			t.Errorf("%d: %q (%v), want %q", status, have, err, want)
		}
	}
}

func TestADiscordMessageIsCutAtItsBound(t *testing.T) {
	f := facts()[3]
	for n := range 100 {
		f.Stories = append(f.Stories, notify.Story{ID: fmt.Sprint(n), Title: strings.Repeat("ñ", 300)})
	}
	r := news.Recipient{As: news.AsDiscord}
	got, err := sendTo(t, r, notify.NewNotice(deskIn(t, "en", ""), r, f), http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	var body struct{ Content string }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || utf8.RuneCountInString(body.Content) != 2000 {
		t.Errorf("%d letters, %v", utf8.RuneCountInString(body.Content), err)
	}
}

func TestNoHeadlineIsALinkInDiscord(t *testing.T) {
	f := facts()[0]
	f.Stories[0].Title = "[Sign in](https://evil.example/desk/)"
	r := news.Recipient{As: news.AsDiscord}
	got, err := sendTo(t, r, notify.NewNotice(deskIn(t, "en", ""), r, f), http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	var body struct{ Content string }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || strings.Contains(body.Content, "](") ||
		!strings.Contains(body.Content, `[Sign in]\(https://evil.example/desk/)`) {
		t.Errorf("%q, %v", body.Content, err)
	}
}

// Partners hear of stories that they lack, and of what becomes of those that they have.
func TestPartnersHearOfTheirStories(t *testing.T) {
	partner := news.Recipient{Partner: "azpm", Of: news.PartnerNoticeKinds}
	carried := notify.Story{ID: "s", Status: news.Live, InFeed: true, Stations: []string{"ajo", "azpm"}, Holders: []string{"ajo", "azpm"}}
	made := notify.Story{ID: "s", Status: news.Live, InFeed: true, Stations: []string{"ajo"}, Holders: []string{"ajo", "azpm"}}
	other := notify.Story{ID: "s", Status: news.Live, InFeed: true, Stations: []string{"ajo"}, Holders: []string{"ajo"}}
	held := other
	held.Status = news.Held
	old := other
	old.InFeed = false
	for _, c := range []struct {
		name  string
		of    news.Recipient
		kind  news.NoticeKind
		story notify.Story
		sent  bool
		want  bool
	}{
		{"it lacks the story", partner, news.NoticeMissing, other, false, true},
		{"it carries the story", partner, news.NoticeMissing, carried, false, false},
		{"it made the story", partner, news.NoticeMissing, made, false, false},
		{"the story is in the archive only", partner, news.NoticeMissing, old, false, false},
		{"the story is held", partner, news.NoticeMissing, held, false, false},
		{"a story that it carries is corrected", partner, news.NoticeCorrected, carried, false, true},
		{"a story that it was sent is corrected", partner, news.NoticeCorrected, other, true, true},
		{"a story that it neither has nor was sent is corrected", partner, news.NoticeCorrected, other, false, false},
		{"one that it was sent is killed", partner, news.NoticeKilled, other, true, true},
		{"one that it does not know is withdrawn", partner, news.NoticeWithdrawn, other, false, false},
		{"a pair is none of its business", partner, news.NoticePair, carried, true, false},
		{"an editor hears of all", news.Recipient{Of: news.NoticeKinds}, news.NoticeCorrected, other, false, true},
		{"an editor hears of what is listed", news.Recipient{Of: []news.NoticeKind{news.NoticePair}}, news.NoticeKilled, other,
			false, false},
	} {
		f := notify.Fact{Event: news.Event{Kind: c.kind}, Stories: []notify.Story{c.story}}
		if have := notify.Hears(c.of, f, func(string) bool { return c.sent }); have != c.want {
			t.Errorf("%s: %v", c.name, have)
		}
	}
}

// Digests are made once a day, whatever the clocks do.
func TestDigestsAreMadeOnceADay(t *testing.T) {
	for _, zone := range []string{"America/Phoenix", "America/New_York", "America/Tijuana", "UTC", "Australia/Lord_Howe"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, clock := range []string{"00:00", "02:30", "01:30", "07:00", "23:59"} {
			at := notify.NextDigest(time.Date(2031, 1, 1, 12, 0, 0, 0, place), clock, place)
			days := 0
			for ; at.Year() == 2031; days++ {
				next := notify.NextDigest(at, clock, place)
				if d := next.Sub(at); d < 22*time.Hour || d > 26*time.Hour {
					t.Errorf("%s in %s: %v after %v", clock, zone, next, at)
				}
				if shown := at.In(place).Format("15:04"); shown != clock && clock != "02:30" && clock != "01:30" && clock != "00:00" {
					t.Errorf("%s in %s: made at %s", clock, zone, shown)
				}
				at = next
			}
			if days != 364 && days != 365 {
				t.Errorf("%s in %s: %d in a year", clock, zone, days)
			}
		}
	}
}

// FuzzOneLine: what documents say can neither end a line nor hide what follows.
func FuzzOneLine(f *testing.F) {
	for _, s := range []string{"a\r\nBcc: x", "\u202Eabc", "\xff\xfe", "a\u2028b", strings.Repeat("ñ ", 300), "\u00ad\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := notify.OneLine(s, 100)
		if !utf8.ValidString(line) || utf8.RuneCountInString(line) > 101 {
			t.Errorf("%q", line)
		}
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
				t.Errorf("%q has %U", line, r)
			}
		}
		if !strings.HasSuffix(line, "…") && notify.OneLine(line, 100) != line {
			t.Errorf("%q becomes %q", line, notify.OneLine(line, 101))
		}
	})
}

// unsubscribing is a desk with one recipient.
func unsubscribing(stopped *string) *notify.Unsubscribing {
	unknown := errors.New("unknown")
	return &notify.Unsubscribing{
		Unknown: unknown, Log: slog.New(slog.DiscardHandler),
		Known: func(token string) (news.RecipientState, error) {
			if token != "t0ken" {
				return news.RecipientState{}, unknown
			}
			state := news.RecipientState{Address: "mailto:night@desk.example"}
			if *stopped != "" {
				state.Off = when
			}
			return state, nil
		},
		Stop: func(_ context.Context, address string, _ time.Time) error { *stopped = address; return nil },
		Desk: func() notify.Desk { return notify.Desk{Title: "Fronteras <Desk>", Language: "en"} },
	}
}

func TestUnsubscribingTakesAPost(t *testing.T) {
	stopped := ""
	u := unsubscribing(&stopped)
	ask := func(method, path, body string) *http.Response {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		u.ServeHTTP(w, r)
		return w.Result()
	}
	text := func(r *http.Response) string {
		body, _ := io.ReadAll(r.Body)
		return string(body)
	}
	for _, method := range []string{"GET", "HEAD"} {
		r := ask(method, "/unsubscribe/t0ken", "")
		if body := text(r); r.StatusCode != 200 || stopped != "" ||
			method == "GET" && (!strings.Contains(body, "<button>Unsubscribe</button>") ||
				!strings.Contains(body, "Fronteras &lt;Desk&gt;") || strings.Contains(body, "night@")) {
			t.Errorf("%s: %d %q %s", method, r.StatusCode, stopped, body)
		}
		if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%v", r.Header)
		}
	}
	if r := ask("POST", "/unsubscribe/guessed", "List-Unsubscribe=One-Click"); r.StatusCode != 404 || stopped != "" {
		t.Errorf("a guessed token: %d %q", r.StatusCode, stopped)
	}
	if r := ask("PUT", "/unsubscribe/t0ken", ""); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT: %d", r.StatusCode)
	}
	if r := ask("POST", "/unsubscribe/t0ken", strings.Repeat("x", 1<<20)); r.StatusCode != 413 || stopped != "" {
		t.Errorf("a long body: %d %q", r.StatusCode, stopped)
	}
	for range 2 { // mail providers may post twice
		if r := ask("POST", "/unsubscribe/t0ken", "List-Unsubscribe=One-Click"); r.StatusCode != 200 ||
			stopped != "mailto:night@desk.example" || !strings.Contains(text(r), "no more notices") {
			t.Errorf("%d %q", r.StatusCode, stopped)
		}
	}
	if body := text(ask("GET", "/unsubscribe/t0ken", "")); strings.Contains(body, "<button>") {
		t.Errorf("the page of one who is unsubscribed: %s", body)
	}
}

func TestATitleOfNtfyIsEncoded(t *testing.T) {
	r := news.Recipient{As: news.AsNtfy}
	f := facts()[0]
	f.Stories[0].Title = "Niñez\nX-Evil: 1"
	got, err := sendTo(t, r, notify.NewNotice(deskIn(t, "es", ""), r, f), http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	title, err := new(mime.WordDecoder).DecodeHeader(got.header.Get("Title"))
	if err != nil || title != "[Fronteras Desk] Anulada: Niñez X-Evil: 1" || got.header.Get("X-Evil") != "" {
		t.Errorf("%q %v %v", title, err, got.header)
	}
}
