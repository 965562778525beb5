package command

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"fronteras/aggregator/notify/mailtest"
)

// heardDesk is a desk with editors, whose recipients' servers are of the test.
type heardDesk struct {
	*editorDesk
	daemon *exec.Cmd
	mails  *mailtest.Server

	mu      sync.Mutex
	hooks   map[string]int // requests that were accepted, by their ids
	bodies  []string       // of those
	tried   []string       // ids of requests
	holding chan struct{}  // while it is not nil, servers take what comes and do not answer
	arrived chan string    // what came meanwhile
}

// newHeardDesk is a desk with these recipients, the last of which is the hook.
func newHeardDesk(t *testing.T, recipients ...string) *heardDesk {
	d := &heardDesk{editorDesk: newEditorDesk(t), hooks: map[string]int{}, arrived: make(chan string, 10)}
	d.mails = &mailtest.Server{Answer: func(word string) string {
		if word == "." && d.hold("mail") {
			return "cut"
		}
		return ""
	}}
	at := d.mails.Start(t, "127.0.0.1:0")
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Webhook-Id")
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		d.tried = append(d.tried, id)
		d.mu.Unlock()
		if d.hold("hook") {
			panic(http.ErrAbortHandler)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.hooks[id]++
		d.bodies = append(d.bodies, string(body))
	}))
	t.Cleanup(hook.Close)
	d.configurePair()
	text, err := os.ReadFile(d.file)
	if err != nil {
		t.Fatal(err)
	}
	text = fmt.Appendf(text, "mail: {smtp: 'smtp://%s', from: desk@fronteras.example}\nnotify:\n  to:\n", at)
	for _, r := range recipients {
		text = fmt.Appendf(text, "    - {%s}\n", r)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(d.file), "hook"), []byte(hook.URL+"/s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

func twoRecipients() []string {
	return []string{"address: 'mailto:night@desk.example', of: [pair, withdrawn]",
		"address: 'file:hook', as: json, of: [pair, withdrawn]"}
}

// hold reports, after the test has gone on, whether a server was to take something without an answer.
func (d *heardDesk) hold(what string) bool {
	d.mu.Lock()
	holding := d.holding
	d.mu.Unlock()
	if holding == nil {
		return false
	}
	d.arrived <- what
	<-holding
	return true
}

func (d *heardDesk) start() {
	d.t.Helper()
	d.daemon = startServe(d.t, d.file)
	if !eventually(func() bool { code, _ := d.get(nil, d.public+"/livez"); return code == http.StatusOK }) {
		d.t.Fatal("the daemon does not answer")
	}
}

func (d *heardDesk) end(by syscall.Signal) {
	d.t.Helper()
	_ = d.daemon.Process.Signal(by)
	if err := d.daemon.Wait(); err != nil && by != syscall.SIGKILL {
		d.t.Errorf("the daemon ended with %v", err)
	}
}

// list is what `notify list --json` prints.
func (d *heardDesk) list() (answer recipientsAnswer) {
	d.t.Helper()
	code, text := d.run("notify", "list", "--json")
	if err := json.Unmarshal([]byte(text), &answer); code != 0 || err != nil || len(answer.Recipients) != 2 {
		d.t.Fatalf("%d %v %s", code, err, text)
	}
	return answer
}

// settled waits until nothing waits for a recipient, and n messages were accepted by each.
func (d *heardDesk) settled(when string, n int) {
	d.t.Helper()
	if !eventually(func() bool {
		d.mu.Lock()
		hooks := len(d.bodies)
		d.mu.Unlock()
		if len(d.mails.Mails()) < n || hooks < n {
			return false
		}
		for _, r := range d.list().Recipients {
			if r.Waiting > 0 || r.Last == nil {
				return false
			}
		}
		return true
	}) {
		d.t.Fatalf("%s: %d mails, hooks %v, %+v", when, len(d.mails.Mails()), d.hooks, d.list())
	}
	if mails := len(d.mails.Mails()); mails != n || len(d.bodies) != n {
		d.t.Errorf("%s: %d mails, %d requests, want %d of each", when, mails, len(d.bodies), n)
	}
}

// storyIDs are the ids of the published stories.
func (d *heardDesk) storyIDs() (ids []string) {
	d.t.Helper()
	_, text := d.run("stories", "--json")
	for _, m := range regexp.MustCompile(`"id": "([a-z0-9]{13})"`).FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// A mail server and a hook get each notice once over kills: nothing is lost, nothing that was accepted is
// repeated, and what was not comes with the same id.
func TestNoticesArriveOnceOverAKill(t *testing.T) {
	t.Parallel()
	d := newHeardDesk(t, twoRecipients()...)
	d.start()
	d.settled("a pair", 1)
	first := d.mails.Mails()[0]
	if !strings.HasPrefix(first.Header.Get("Subject"), "[Test Desk] Pair: Council votes on the water rates") ||
		!strings.Contains(first.Body, d.public+"/desk/cases/1\n") || first.To != "night@desk.example" {
		t.Errorf("%v %s", first.Header, first.Body)
	}
	if !strings.Contains(d.bodies[0], `"type":"pair"`) || !strings.Contains(d.bodies[0], `"case":"1"`) {
		t.Errorf("%s", d.bodies[0])
	}

	// The daemon dies while both servers have a notice and have not said so.
	d.mu.Lock()
	d.holding = make(chan struct{})
	d.tried = nil
	d.mu.Unlock()
	story := d.storyIDs()[0]
	if code, said := d.run("retract", story, "--reason", "it is wrong"); code != 0 {
		t.Fatal(said)
	}
	<-d.arrived
	<-d.arrived
	d.end(syscall.SIGKILL)
	d.mu.Lock()
	close(d.holding)
	d.holding = nil
	d.mu.Unlock()
	if w := d.list().Recipients; w[0].Waiting != 1 || w[1].Waiting != 1 {
		t.Errorf("after the kill: %+v", w)
	}
	d.start()
	// The mail server had taken the mail before: it is the same.
	if !eventually(func() bool { return len(d.mails.Mails()) == 3 && len(d.bodiesNow()) == 2 }) {
		t.Fatalf("%d mails, %v", len(d.mails.Mails()), d.bodiesNow())
	}
	mails := d.mails.Mails()
	if a, b := mails[1].Header.Get("Message-Id"), mails[2].Header.Get("Message-Id"); a != b || a == "" {
		t.Errorf("the mail was repeated as another: %s, %s", a, b)
	}
	if len(d.tried) != 2 || d.tried[0] != d.tried[1] {
		t.Errorf("the request was repeated as another: %v", d.tried)
	}
	if !eventually(func() bool { w := d.list().Recipients; return w[0].Waiting == 0 && w[1].Waiting == 0 }) {
		t.Errorf("%+v", d.list())
	}

	// What was accepted is not repeated.
	d.end(syscall.SIGKILL)
	if code, said := d.run("restore", story); code != 0 { // nobody runs
		t.Fatal(said)
	}
	if code, said := d.run("retract", story, "--reason", "it is wrong"); code != 0 {
		t.Fatal(said)
	}
	d.start()
	if !eventually(func() bool { return len(d.mails.Mails()) >= 4 && len(d.bodiesNow()) >= 3 }) {
		t.Fatalf("what was decided while no daemon ran is not told")
	}
	d.end(syscall.SIGTERM)
	if len(d.mails.Mails()) != 4 || len(d.bodiesNow()) != 3 {
		t.Errorf("%d mails, %d requests", len(d.mails.Mails()), len(d.bodiesNow()))
	}
	for id, n := range d.hooks {
		if n != 1 {
			t.Errorf("%s was accepted %d times", id, n)
		}
	}
}

func (d *heardDesk) bodiesNow() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string{}, d.bodies...)
}

func TestRecipientsUnsubscribeAndAreTestedAndOnAgain(t *testing.T) {
	t.Parallel()
	d := newHeardDesk(t, twoRecipients()...)
	d.start()
	defer d.end(syscall.SIGTERM)
	d.settled("a pair", 1)
	list := d.list().Recipients
	if r := list[0]; r.Address != "mailto:night@desk.example" || r.Off != nil || r.Failed != 0 {
		t.Errorf("%+v", r)
	}
	if r := list[1]; r.Address != "file:hook" || r.As != "json" {
		t.Errorf("%+v", r)
	}
	address := strings.Trim(d.mails.Mails()[0].Header.Get("List-Unsubscribe"), "<>")
	if !strings.HasPrefix(address, d.public+"/unsubscribe/") {
		t.Fatalf("%s", address)
	}
	if code, page := d.get(nil, address); code != 200 || !strings.Contains(page, ">Unsubscribe</button>") ||
		d.list().Recipients[0].Off != nil {
		t.Errorf("%d %s", code, page)
	}
	mailbox := &http.Client{}
	answer, err := mailbox.PostForm(address, url.Values{"List-Unsubscribe": {"One-Click"}})
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("%v %v", answer, err)
	}
	answer.Body.Close()
	if d.list().Recipients[0].Off == nil || d.list().Recipients[1].Off != nil {
		t.Errorf("%+v", d.list())
	}
	story := d.storyIDs()[0]
	d.run("retract", story, "--reason", "it is wrong")
	if !eventually(func() bool { return len(d.bodiesNow()) == 2 }) {
		t.Error("the other recipient hears nothing")
	}
	code, said := d.run("notify", "test", "night@desk.example")
	if code != 0 || !strings.Contains(said, "accepted; notices are off for this address") {
		t.Errorf("%d %s", code, said)
	}
	if mails := d.mails.Mails(); len(mails) != 2 || mails[1].Header.Get("Subject") != "[Test Desk] Test" {
		t.Errorf("%d mails", len(mails))
	}
	if code, said := d.run("notify", "on", "mailto:night@desk.example"); code != 0 || said != "on\n" {
		t.Errorf("%d %s", code, said)
	}
	d.run("restore", story)
	d.run("retract", story, "--reason", "it is wrong again")
	d.settledMails(3)
	for _, c := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"notify", "on", "file:hook"}, 0, "it was on\n"},
		{[]string{"notify", "test", "file:hook"}, 0, "accepted\n"},
		{[]string{"notify", "test", "mailto:who@desk.example"}, 1,
			`"mailto:who@desk.example" is no recipient: notify.to has mailto:night@desk.example, file:hook`},
		{[]string{"notify"}, 2, "one of list, test, on is missing"},
		{[]string{"notify", "of"}, 2, "unknown command"},
	} {
		if code, said := d.run(c.args...); code != c.code || !strings.Contains(said, c.said) {
			t.Errorf("%v: %d %s", c.args, code, said)
		}
	}
}

func (d *heardDesk) settledMails(n int) {
	d.t.Helper()
	if !eventually(func() bool { return len(d.mails.Mails()) >= n }) {
		d.t.Errorf("%d mails, want %d", len(d.mails.Mails()), n)
	}
}

// Whoever asks for a link gets it by mail, if the address is an editor's; nobody learns whether it is.
func TestALinkIsMailedToEditorsAlone(t *testing.T) {
	t.Parallel()
	d := newHeardDesk(t, twoRecipients()...)
	d.start()
	defer d.end(syscall.SIGTERM)
	d.settledMails(1) // of the pair
	browser := d.browser()
	if code, page := d.get(browser, d.public+"/desk/sign-in"); code != 200 || !strings.Contains(page, "Send me a link") {
		t.Fatalf("%d %s", code, page)
	}
	for _, email := range []string{"nobody@kmsa.example", "ana@kmsa.example"} {
		if code, where := d.post(browser, "/desk/sign-in", url.Values{"email": {email}}); code != 303 ||
			where != "/desk/sign-in?sent=1&to=" {
			t.Errorf("%s: %d %s", email, code, where)
		}
	}
	d.settledMails(2)
	m := d.mails.Mails()[1]
	link := regexp.MustCompile(regexp.QuoteMeta(d.public) + `/desk/sign-in/\S+`).FindString(m.Body)
	if m.To != "ana@kmsa.example" || link == "" || m.Header.Get("List-Unsubscribe") != "" ||
		m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Fatalf("%v %s", m.Header, m.Body)
	}
	if code, where := d.do(browser, "POST", link); code != 303 || !strings.HasPrefix(where, "/desk/") {
		t.Errorf("%d %s", code, where)
	}
	if code, page := d.get(browser, d.public+"/desk/"); code != 200 || !strings.Contains(page, "Ana Paz") {
		t.Errorf("%d %s", code, page)
	}
	if code, said := d.run("editor", "add", "lee"); code != 0 || strings.Count(said, "\n") != 1 {
		t.Errorf("%d %s", code, said)
	}
	d.settledMails(3)
	if len(d.mails.Mails()) != 3 {
		t.Errorf("%d mails", len(d.mails.Mails()))
	}
}

// A partner hears of the stories that it lacks, and of what becomes of those that it has or was told of.
func TestAPartnerHearsOfWhatItLacks(t *testing.T) {
	t.Parallel()
	d := newHeardDesk(t, "address: 'file:hook', partner: kdem")
	d.start()
	defer d.end(syscall.SIGTERM)
	ids := map[string]string{} // by station
	if !eventually(func() bool {
		var stories []storyAnswer
		_, text := d.run("stories", "--json")
		if json.Unmarshal([]byte(text), &stories) != nil || len(stories) != 2 {
			return false
		}
		for _, s := range stories {
			ids[s.Items[0].Station] = s.ID
		}
		return len(d.bodiesNow()) > 0
	}) {
		t.Fatal("it hears nothing")
	}
	has := func(kind, id string) bool {
		for _, body := range d.bodiesNow() {
			if strings.Contains(body, `"type":"`+kind+`"`) && strings.Contains(body, `"id":"`+id+`"`) {
				return true
			}
		}
		return false
	}
	if !has("missing", ids["kmsa"]) || has("missing", ids["kdem"]) {
		t.Errorf("%v: %v", ids, d.bodiesNow())
	}
	for n, station := range []string{"kmsa", "kdem"} { // it was told of the one, and carries the other
		d.run("retract", ids[station], "--reason", "it is wrong")
		if !eventually(func() bool { return len(d.bodiesNow()) == n+2 }) || !has("withdrawn", ids[station]) {
			t.Errorf("it does not hear of the withdrawal of %s's: %v", station, d.bodiesNow())
		}
	}
	if !strings.Contains(d.bodiesNow()[0], `"url":"`+d.public+"/stories/"+ids["kmsa"]+`"`) {
		t.Errorf("a partner is led elsewhere: %s", d.bodiesNow()[0])
	}
}
