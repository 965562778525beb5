//go:build systemd

// Package trial installs the package as a new operator does, on a bare Debian of its own
// under a real systemd, and runs the commands of docs/operation.md as they are printed
// there. packaging/try builds the packages and starts it; it takes root, debootstrap and
// systemd-container.
package trial

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What the package says of itself, and where it puts things.
const (
	settings = "/etc/fronteras/config.yaml"
	stored   = "/var/lib/fronteras/fronteras.db"
	socket   = "/run/fronteras/control.sock"
	backups  = "/var/backups/fronteras"
	dropins  = "/etc/systemd/system/fronteras.service.d"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv("TRIAL_STATIONS"); folder != "" {
		fmt.Fprintln(os.Stderr, serveStations(folder))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// trial is one operator's life with the package.
type trial struct {
	*machine
	page     *printed
	packaged string // the package, in this tree
	previous string // that of the version before
}

// TestPackage goes through it in order: each step finds what the steps before have left.
func TestPackage(t *testing.T) {
	x := &trial{page: readPage(t), packaged: os.Getenv("TRIAL_PACKAGE"), previous: os.Getenv("TRIAL_PREVIOUS")}
	if x.packaged == "" || x.previous == "" {
		t.Fatal("TRIAL_PACKAGE and TRIAL_PREVIOUS name no packages: start the trial with packaging/try")
	}
	x.machine = newMachine(t)
	x.settle(t)
	x.copyIn(t, x.packaged, "/root/"+filepath.Base(x.packaged), 0o644)
	x.copyIn(t, x.previous, "/root/"+filepath.Base(x.previous), 0o644)
	x.online(t, "apt-get -q update && apt-get -q -y --download-only install /root/"+filepath.Base(x.packaged))
	x.online(t, "adduser --disabled-password --gecos '' desk && adduser --disabled-password --gecos '' eve && adduser --disabled-password --gecos '' ann")
	defer x.halt(t)
	x.boot(t)

	x.needed(t, "installing", x.installs)
	x.needed(t, "the first five commands end in a merged feed", x.starts)
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"the daemon's files belong to it", x.owns},
		{"the first backup is made by itself, and is sound", x.backsUp},
		{"root's commands reach the daemon from any folder", func(t *testing.T) { x.rules(t, "root") }},
		{"a member of the group may use every command", x.admits},
		{"others are refused with words", x.refuses},
		{"root's commands on a stopped daemon's store leave it to the daemon", x.lends},
		{"a good file is taken at a reload", x.changes},
		{"a wrong file makes the reload fail, and the status says so until a good one comes", x.rejects},
		{"stopping succeeds while an operator's poll waits for a hanging station", x.stops},
		{"a backup is restored as printed", x.restores},
		{"a store that cannot be opened ends the start with the cause, and what to do", x.explains},
		{"the store moves to another disk as printed", x.moves},
		{"the configuration moves elsewhere as printed", x.configures},
		{"built from source it runs in a home directory, beside the packaged daemon", x.lodges},
		{"with the socket unit a restart refuses no connection", x.listens},
		{"after a reboot the same stories are served", x.reboots},
		{"installing the same package again keeps daemon and configuration", x.reinstalls},
		{"removing stops the daemon and leaves the data", x.removes},
		{"purging takes the configuration alone", x.purges},
		{"the previous package is upgraded, and its stories keep their ids", x.upgrades},
	} {
		x.run("root", "systemctl reset-failed fronteras") // a trial starts it more often than an operator
		t.Run(step.name, step.run)
	}
	t.Run("every printed command was run", func(t *testing.T) {
		if err := x.page.untried(); err != nil {
			t.Error(err)
		}
	})
	t.Run("README prints the same first commands", func(t *testing.T) {
		readme, err := os.ReadFile("../../README.md")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range x.page.blocks["install"] {
			if !strings.Contains(string(readme), line+"\n") {
				t.Errorf("README.md lacks %s", line)
			}
		}
	})
}

// needed runs a step without which the others say nothing.
func (x *trial) needed(t *testing.T, name string, run func(*testing.T)) {
	if !t.Run(name, run) {
		t.FailNow()
	}
}

// installs runs the first printed command, and looks at what it has made.
func (x *trial) installs(t *testing.T) {
	if r := x.run("root", "curl -sS https://one.example/"); r.code == 0 {
		x.fatal(t, r, "the root knows the stations' authority before ca-certificates is there")
	}
	x.done(t, "root", x.page.lines(t, "install", 5)[0])
	x.done(t, "root", "curl -fsS -o /dev/null https://one.example/")
	if r := x.done(t, "root", "dpkg-query --show --showformat='${Depends}' fronteras"); !strings.Contains(r.out, "ca-certificates") {
		x.fatal(t, r, "without recommended packages no https feed could be read")
	}
	x.is(t, settings, "root:root 644")
	x.is(t, "/var/lib/fronteras", "fronteras:fronteras 750")
	x.is(t, backups, "fronteras:fronteras 750")
	x.active(t, "inactive")
	version, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(x.packaged), "fronteras_"), "-")
	if r := x.done(t, "root", "fronteras version"); !strings.HasPrefix(r.out, "fronteras "+version+" ") {
		x.fatal(t, r, "want version %s", version)
	}
	x.done(t, "root", "bash -c '. /usr/share/bash-completion/completions/fronteras; complete -p fronteras'")
	x.done(t, "root", "fronteras check")
	x.done(t, "root", "fronteras once --out /root/out")
	x.is(t, stored, "fronteras:fronteras 600")
	x.done(t, "root", "systemctl start fronteras")
	x.active(t, "active")
	x.done(t, "root", "systemctl stop fronteras")
	x.stoppedWell(t)
}

// starts runs the other four of the first five commands.
func (x *trial) starts(t *testing.T) {
	before := x.settings(t, settings)
	lines := x.page.lines(t, "install", 5)
	r := x.done(t, "root", lines[1])
	if want := settings + ": written, 2 stations; next: fronteras check, then systemctl enable --now fronteras"; !strings.Contains(r.out, want) {
		x.fatal(t, r, "want %q", want)
	}
	x.is(t, settings, "root:root 644")
	after := x.settings(t, settings)
	for _, key := range []string{"listen", "store", "control", "backup"} {
		if before[key] == nil || fmt.Sprint(before[key]) != fmt.Sprint(after[key]) {
			t.Errorf("init made %s: %v of %v", key, after[key], before[key])
		}
	}
	if text := x.read(t, settings); !strings.Contains(text, "https://one.example/feed.xml") || strings.Contains(text, "/usr/share/fronteras") {
		t.Errorf("init wrote\n%s", text)
	}
	x.done(t, "root", lines[2])
	x.done(t, "root", lines[3])
	x.active(t, "active")
	if r := x.run("root", "systemctl is-enabled fronteras"); strings.TrimSpace(r.out) != "enabled" {
		x.fatal(t, r, "want enabled")
	}
	r = x.done(t, "root", lines[4])
	_, document, _ := strings.Cut(r.out, "<?xml")
	var feed struct {
		Items []struct {
			Title string `xml:"title"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte("<?xml"+document), &feed); err != nil {
		x.fatal(t, r, "want a feed: %v", err)
	}
	var titles []string
	for _, i := range feed.Items {
		titles = append(titles, i.Title)
	}
	slices.Sort(titles)
	if want := merged(); !slices.Equal(titles, want) {
		x.fatal(t, r, "the feed has %q, want %q", titles, want)
	}
}

// merged are the titles of the desk's stories: the copied one is not among them.
func merged() []string {
	titles := append(append([]string{original}, ownOfOne...), ownOfTwo...)
	slices.Sort(titles)
	return titles
}

func (x *trial) owns(t *testing.T) {
	x.is(t, stored, "fronteras:fronteras 600")
	x.is(t, socket, "fronteras:fronteras 660")
	if r := x.run("root", "systemctl show --property=StatusText --value fronteras"); !strings.Contains(r.out, "2 feeds") {
		x.fatal(t, r, "the unit's status does not count the feeds")
	}
}

func (x *trial) backsUp(t *testing.T) {
	var found string
	x.eventually(t, "a first backup stands in "+backups, func() (bool, string) {
		found = strings.TrimSpace(x.run("root", "find "+backups+" -type f -name '*.db'").out)
		return found != "" && !strings.Contains(found, "\n"), x.run("root", "ls -la "+backups).String()
	})
	x.is(t, found, "fronteras:fronteras 600")
	x.done(t, "root", "fronteras verify "+found)
	// The folder is made again where it is missing, at the next start.
	x.done(t, "root", "rm -rf "+backups)
	x.done(t, "root", "systemctl restart fronteras")
	x.is(t, backups, "fronteras:fronteras 750")
	x.eventually(t, "a backup stands in the new folder", func() (bool, string) {
		r := x.run("root", "find "+backups+" -type f -name '*.db'")
		return strings.TrimSpace(r.out) != "", r.String()
	})
}

// rules tries every command that speaks with the daemon, as somebody, and leaves all as it was.
func (x *trial) rules(t *testing.T, as string) {
	at := func(line string) result { t.Helper(); return x.done(t, as, "cd /tmp && "+line) }
	if r := at("fronteras stations"); !strings.Contains(r.out, "one") || !strings.Contains(r.out, "two") {
		x.fatal(t, r, "want both stations")
	}
	at("fronteras stations --json")
	at("fronteras poll")
	at("fronteras ready")
	if r := at("fronteras stories"); !strings.Contains(r.out, original) {
		x.fatal(t, r, "want %q", original)
	}
	before := x.stories(t, as)
	ferry, one, two := before[original], before[ownOfOne[0]], before[ownOfTwo[0]]
	if len(ferry.Items) != 2 {
		t.Fatalf("the copy has not joined its original: %+v", before)
	}
	if r := at("fronteras explain " + ferry.ID); !strings.Contains(r.out, copied) {
		x.fatal(t, r, "want %q", copied)
	}
	at("fronteras explain https://two.example/stories/ferry-back")
	for _, step := range []struct{ line, status string }{
		{"fronteras hold " + one.ID, "held"},
		{"fronteras release " + one.ID, "live"},
		{"fronteras retract " + one.ID + " --reason 'wrong county'", "retracted"},
		{"fronteras restore " + one.ID, "live"},
	} {
		at(step.line)
		if now := x.stories(t, as)[one.Title].Status; now != step.status {
			t.Errorf("%s: after %s the story is %q, want %q", as, step.line, now, step.status)
		}
	}
	at("fronteras join " + one.ID + " " + two.ID)
	if n := len(x.stories(t, as)); n != len(before)-1 {
		t.Errorf("%s: %d stories after a join, want %d", as, n, len(before)-1)
	}
	at("fronteras split " + one.ID + " " + two.Items[0].URL)
	after := x.stories(t, as)
	if !slices.Equal(ids(after), ids(before)) {
		t.Errorf("%s: stories after a split: %q, want %q", as, ids(after), ids(before))
	}
	at("fronteras origin " + ferry.ID + " one")
	at("fronteras refold --dry-run")
	copy := "/tmp/copy-of-" + as + ".db"
	at("fronteras backup " + copy)
	x.is(t, copy, as+":"+as+" 600")
	at("fronteras verify")
	at("fronteras verify " + copy)
	at("rm " + copy)
}

func (x *trial) admits(t *testing.T) {
	x.done(t, "root", x.page.lines(t, "group", 1)[0])
	x.rules(t, "desk")
}

func (x *trial) refuses(t *testing.T) {
	one := x.stories(t, "root")[ownOfOne[0]].ID
	for _, line := range []string{"fronteras stations", "fronteras stories", "fronteras explain " + one, "fronteras poll", "fronteras hold " + one, "fronteras backup copy.db", "fronteras verify", "fronteras refold"} {
		r := x.run("eve", line)
		if r.code != 1 || !strings.Contains(r.err, "permission denied") || strings.Contains(r.err, "goroutine") || strings.Count(r.err, "\n") != 1 {
			t.Errorf("want exit 1 and one line that says permission denied:\n%s", r)
		}
	}
	x.done(t, "eve", "fronteras check --offline")
	x.active(t, "active")
}

// lends has root use the store while no daemon does.
func (x *trial) lends(t *testing.T) {
	before := x.ids(t)
	x.done(t, "root", "systemctl stop fronteras")
	x.rulesAlone(t)
	x.is(t, stored, "fronteras:fronteras 600")
	if r := x.done(t, "root", "find /var/lib/fronteras ! -user fronteras"); r.out != "" {
		x.fatal(t, r, "files that are not the daemon's")
	}
	x.done(t, "root", "systemctl start fronteras")
	x.same(t, before)
}

func (x *trial) rulesAlone(t *testing.T) {
	one := x.stories(t, "root")[ownOfOne[0]].ID
	for _, line := range []string{
		"fronteras stations", "fronteras hold " + one, "fronteras release " + one, "fronteras refold", "fronteras verify",
		"fronteras backup /root/alone.db", "fronteras verify /root/alone.db", "fronteras once --out /root/out",
	} {
		x.done(t, "root", line)
	}
}

func (x *trial) changes(t *testing.T) {
	x.edit(t, settings, "title: Our Desk", "title: Our New Desk")
	for _, line := range x.page.lines(t, "change", 2) {
		x.done(t, "root", line)
	}
	x.eventually(t, "the new title is served", func() (bool, string) {
		r := x.run("root", "curl -sS http://127.0.0.1:8080/feed.rss")
		return strings.Contains(r.out, "Our New Desk"), r.String()
	})
	x.edit(t, settings, "title: Our New Desk", "title: Our Desk")
	x.done(t, "root", "systemctl reload fronteras")
}

func (x *trial) rejects(t *testing.T) {
	good := x.read(t, settings)
	x.refusesFile(t, settings, x.page.lines(t, "change", 2))
	// What takes a restart fails as well, and says so.
	for _, change := range []string{"s/^listen: .*/listen: 127.0.0.1:8099/", "s|^store: .*|store: /var/lib/fronteras/other.db|", "s|^control: .*|control: /run/fronteras/other.sock|"} {
		x.write(t, settings, good)
		x.done(t, "root", "sed -i '"+change+"' "+settings)
		if r := x.run("root", "systemctl reload fronteras"); r.code == 0 {
			x.fatal(t, r, "a reload succeeds although %s takes a restart", change)
		}
		if r := x.run("root", "journalctl --no-pager -o cat -u fronteras"); !strings.Contains(r.out, "was changed: that takes a restart") {
			x.fatal(t, r, "want it to say that it takes a restart")
		}
	}
	x.write(t, settings, good)
	x.done(t, "root", "systemctl reload fronteras")
	x.eventually(t, "the status is the ordinary one", func() (bool, string) {
		r := x.run("root", "systemctl show --property=StatusText --value fronteras")
		return !strings.Contains(r.out, "reload rejected") && strings.Contains(r.out, "2 feeds"), r.String()
	})
}

// refusesFile spoils a configuration and reloads it.
func (x *trial) refusesFile(t *testing.T, file string, lines []string) {
	t.Helper()
	text := x.read(t, file)
	x.write(t, file, text+"evry: 5m\n")
	fault := regexp.MustCompile(regexp.QuoteMeta(file) + fmt.Sprintf(`:%d\b.*evry`, strings.Count(text, "\n")+1))
	check := x.run("root", lines[0])
	if check.code != 78 || !fault.MatchString(check.err) {
		x.fatal(t, check, "want exit 78 and %s", fault)
	}
	x.done(t, "root", "journalctl --rotate && journalctl --vacuum-time=1s")
	if r := x.run("root", lines[1]); r.code == 0 {
		x.fatal(t, r, "a reload of a wrong file succeeds")
	}
	x.eventually(t, "the status says that the reload is rejected, and the journal why", func() (bool, string) {
		status := x.run("root", "systemctl show --property=StatusText --value fronteras")
		journal := x.run("root", "journalctl --no-pager -o cat -u fronteras")
		return strings.HasPrefix(status.out, "reload rejected") && fault.MatchString(journal.out), status.String() + journal.String()
	})
	if r := x.done(t, "root", "systemctl status --no-pager --full fronteras"); !strings.Contains(r.out, `Status: "reload rejected`) {
		x.fatal(t, r, "want the status to begin with reload rejected")
	}
	x.active(t, "active")
	x.done(t, "root", "curl -fsS -o /dev/null http://127.0.0.1:8080/feed.rss")
}

func (x *trial) stops(t *testing.T) {
	before := x.ids(t)
	x.done(t, "root", "touch "+lodging+"/hang")
	defer os.Remove(x.path(lodging + "/hang"))
	wait, _ := x.begin("root", "fronteras poll two")
	x.eventually(t, "the visit hangs", func() (bool, string) {
		_, err := os.Stat(x.path(lodging + "/hung"))
		return err == nil, "nobody waits for the station"
	})
	x.done(t, "root", "systemctl stop fronteras")
	x.stoppedWell(t)
	if r := wait(); r.code != 1 || !strings.Contains(r.err, "stop") || strings.Contains(r.err, "EOF") {
		x.fatal(t, r, "want exit 1, and that the daemon stops")
	}
	if err := os.Remove(x.path(lodging + "/hang")); err != nil {
		t.Fatal(err)
	}
	x.done(t, "root", "systemctl start fronteras")
	x.same(t, before)
}

func (x *trial) restores(t *testing.T) {
	before := x.stories(t, "root")
	for _, line := range x.page.lines(t, "backup", 3) {
		x.done(t, "root", line)
	}
	x.done(t, "root", "fronteras hold "+before[original].ID)
	for _, line := range x.page.lines(t, "restore", 3) {
		x.done(t, "root", line)
	}
	x.active(t, "active")
	x.is(t, stored, "fronteras:fronteras 600")
	after := x.stories(t, "root")
	if after[original].Status != "live" || !slices.Equal(ids(after), ids(before)) {
		t.Errorf("after the restore: %+v, before the backup: %+v", after, before)
	}
}

// explains has the daemon start where it may not write, and on a store of somebody else.
func (x *trial) explains(t *testing.T) {
	before, text := x.ids(t), x.read(t, settings)
	x.done(t, "root", "install -d -o fronteras -g fronteras /srv/elsewhere")
	x.edit(t, settings, "store: "+stored, "store: /srv/elsewhere/fronteras.db")
	x.startsNot(t, `/srv/elsewhere/fronteras.db: store is read-only.*store:`)
	x.write(t, settings, text)
	x.done(t, "root", "chown root: "+stored)
	x.startsNot(t, stored+`: .*permission.*chown`)
	x.done(t, "root", "chown fronteras: "+stored+" && systemctl restart fronteras")
	x.same(t, before)
}

// startsNot restarts the daemon, which must fail and say in one line what a pattern asks for.
func (x *trial) startsNot(t *testing.T, want string) {
	t.Helper()
	x.done(t, "root", "journalctl --rotate && journalctl --vacuum-time=1s")
	r := x.run("root", "systemctl restart fronteras")
	said := x.run("root", "systemctl stop fronteras; systemctl reset-failed fronteras; journalctl --no-pager -o cat -u fronteras").out
	if r.code == 0 || !regexp.MustCompile(want).MatchString(said) || strings.Contains(said, "store is full") || strings.Contains(said, "cp BACKUP") {
		x.fatal(t, r, "want a failure and %s:\n%s", want, said)
	}
}

func (x *trial) moves(t *testing.T) {
	before := x.ids(t)
	for _, line := range x.page.lines(t, "store", 8) {
		x.done(t, "root", line)
	}
	x.active(t, "active")
	x.same(t, before)
	x.is(t, "/srv/fronteras/fronteras.db", "fronteras:fronteras 600")
	if r := x.run("root", "test -e "+stored); r.code == 0 {
		t.Errorf("there is a store in the old place as well")
	}
	x.rules(t, "desk")
	x.back(t, "mv /srv/fronteras/fronteras.db "+stored, "sed -i 's|^store:.*|store: "+stored+"|' "+settings, "rm "+dropins+"/store.conf")
}

func (x *trial) configures(t *testing.T) {
	before := x.ids(t)
	for _, line := range x.page.lines(t, "configuration", 7) {
		x.done(t, "root", line)
	}
	x.active(t, "active")
	x.same(t, before)
	change := x.page.lines(t, "change", 2)
	x.refusesFile(t, "/opt/desk/config.yaml", []string{change[0] + " --config /opt/desk/config.yaml", change[1]})
	x.back(t, "rm "+dropins+"/configuration.conf", "rm -r /opt/desk")
}

// back undoes what a step has moved, while the daemon is stopped.
func (x *trial) back(t *testing.T, lines ...string) {
	t.Helper()
	x.done(t, "root", "systemctl stop fronteras")
	for _, line := range lines {
		x.done(t, "root", line)
	}
	x.done(t, "root", "systemctl daemon-reload && systemctl start fronteras")
}

// lodges builds the program in a copy of the tree, and runs it in the home of a user who
// is in no group.
func (x *trial) lodges(t *testing.T) {
	tree := t.TempDir()
	build := "git ls-files -z | xargs -0 cp --parents -t " + tree + " && cd " + tree + " && " + x.page.lines(t, "source", 1)[0]
	c := exec.Command("sh", "-ec", build)
	c.Dir = "../.."
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", build, err, tail(string(out), 40))
	}
	x.copyIn(t, filepath.Join(tree, "fronteras"), "/home/ann/fronteras", 0o755)
	lines := x.page.lines(t, "home", 5)
	for _, line := range lines[:3] {
		x.done(t, "ann", line)
	}
	wait, _ := x.begin("ann", lines[3]+" & echo $! > pid; wait $!")
	x.eventually(t, "the daemon at home is ready", func() (bool, string) {
		r := x.run("ann", "curl -fsS http://127.0.0.1:8081/readyz")
		return r.code == 0, r.String()
	})
	if r := x.done(t, "ann", lines[4]); !strings.Contains(r.out, original) {
		x.fatal(t, r, "want %q", original)
	}
	at := func(as, command string) string {
		var list []story
		r := x.done(t, as, command+" stories --json")
		if err := json.Unmarshal([]byte(r.out), &list); err != nil {
			x.fatal(t, r, "%v", err)
		}
		return byTitle(list)[original].Status
	}
	held := strings.Fields(x.done(t, "ann", "./fronteras stories --json | tr ',' '\\n' | sed -n 's/.*\"id\": *\"\\([^\"]*\\)\".*/\\1/p'").out)
	if len(held) == 0 {
		t.Fatal("the home has no stories")
	}
	for _, id := range held {
		x.run("ann", "./fronteras hold "+id)
	}
	if home, packaged := at("ann", "./fronteras"), at("root", "fronteras"); home != "held" || packaged != "live" {
		t.Errorf("held at home, the story is %q there and %q in the packaged daemon", home, packaged)
	}
	if r := x.done(t, "root", "find /home/ann ! -user ann ! -name fronteras; stat -c '%U %a' /home/ann/fronteras.db /home/ann/control.sock"); r.out != "ann 600\nann 600\n" {
		x.fatal(t, r, "want store and socket at home, ann's alone")
	}
	x.done(t, "ann", "kill $(cat pid)")
	if r := wait(); r.code != 0 {
		x.fatal(t, r, "the daemon at home ended badly")
	}
	x.done(t, "ann", "rm -rf fronteras.db config.yaml control.sock pid")
}

func (x *trial) listens(t *testing.T) {
	before := x.ids(t)
	lines := x.page.lines(t, "socket", 4)
	for _, line := range lines[:3] {
		x.done(t, "root", line)
	}
	x.active(t, "active")
	wait, stop := x.begin("root", `touch asking; while test -e asking; do curl -sS -o /dev/null -w '%{http_code}\n' http://127.0.0.1:8080/feed.rss || echo failed $?; echo once >> asked; done`)
	defer stop()
	asked := func(more int) {
		t.Helper()
		seen := -1
		x.eventually(t, "visitors are answered", func() (bool, string) {
			text, _ := os.ReadFile(x.path("/root/asked"))
			n := strings.Count(string(text), "\n")
			if seen < 0 {
				seen = n
			}
			return n >= seen+more, fmt.Sprintf("%d requests have ended", n)
		})
	}
	asked(20)
	x.done(t, "root", lines[3])
	asked(20)
	x.done(t, "root", "rm asking")
	r := wait()
	if strings.Count(r.out, "200\n") != strings.Count(r.out, "\n") || r.out == "" {
		x.fatal(t, r, "not every request was answered while the daemon restarted")
	}
	x.same(t, before)
}

func (x *trial) reboots(t *testing.T) {
	before := x.ids(t)
	x.reboot(t)
	x.eventually(t, "the daemon serves after the reboot", func() (bool, string) {
		r := x.run("root", "curl -fsS http://127.0.0.1:8080/readyz")
		return r.code == 0, r.String()
	})
	x.same(t, before)
	x.rules(t, "desk")
}

func (x *trial) reinstalls(t *testing.T) {
	before, text := x.ids(t), x.read(t, settings)
	x.done(t, "root", strings.Replace(x.page.lines(t, "upgrade", 1)[0], "install", "reinstall", 1))
	if now := x.read(t, settings); now != text {
		t.Errorf("the configuration was changed to\n%s", now)
	}
	x.active(t, "active")
	x.same(t, before)
}

func (x *trial) removes(t *testing.T) {
	x.done(t, "root", x.page.lines(t, "remove", 1)[0])
	x.active(t, "inactive")
	if r := x.run("root", "command -v fronteras"); r.code == 0 {
		x.fatal(t, r, "the program is there still")
	}
	for _, left := range []string{settings, stored, backups + "/by-hand.db"} {
		if _, err := os.Stat(x.path(left)); err != nil {
			t.Error(err)
		}
	}
}

func (x *trial) purges(t *testing.T) {
	x.write(t, "/etc/fronteras/roster.txt", "the administrator's\n")
	x.write(t, "/etc/fronteras/fronteras.db", "a store where the first release put it\n")
	store, kept := x.read(t, stored), x.read(t, backups+"/by-hand.db")
	if r := x.done(t, "root", x.page.lines(t, "purge", 1)[0]); !strings.Contains(r.out, "/var/lib/fronteras stays") || !strings.Contains(r.out, backups+" stays") {
		x.fatal(t, r, "want to be told what stays")
	}
	if _, err := os.Stat(x.path(settings)); err == nil {
		t.Errorf("%s is there still", settings)
	}
	if x.read(t, stored) != store || x.read(t, backups+"/by-hand.db") != kept ||
		x.read(t, "/etc/fronteras/roster.txt") == "" || x.read(t, "/etc/fronteras/fronteras.db") == "" {
		t.Error("data has changed")
	}
	if r := x.run("root", "find /etc/systemd -name 'fronteras.*' ! -path '"+dropins+"'"); r.out != "" {
		x.fatal(t, r, "the units are enabled still")
	}
}

// upgrades runs the package of the version before with a configuration as its operators
// wrote it, and installs the present one over it.
func (x *trial) upgrades(t *testing.T) {
	x.done(t, "root", "rm -rf /var/lib/fronteras /etc/fronteras "+backups)
	x.done(t, "root", "apt install ./"+filepath.Base(x.previous))
	const old = `# Our desk since the first release.
desk:
  title: Our Desk
  url: http://127.0.0.1:8080
  contact: desk@station.example
listen: 127.0.0.1:8080
store: /var/lib/fronteras/fronteras.db
stations:
  - id: one
    name: Station One
    url: https://one.example
    feeds: [{url: 'https://one.example/feed.xml'}]
  - id: two
    name: Station Two
    url: https://two.example
    feeds: [{url: 'https://two.example/feed'}]
`
	x.write(t, settings, old)
	// Else the first visits are spread over a minute, and that version has no poll that finds the daemon.
	x.done(t, "root", "install -d -o fronteras -g fronteras -m 750 /var/lib/fronteras && runuser -u fronteras -- fronteras once --config "+settings+" --out /tmp/previous")
	x.done(t, "root", "systemctl enable --now fronteras")
	x.eventually(t, "the previous version serves the stories", func() (bool, string) {
		r := x.run("root", "curl -fsS http://127.0.0.1:8080/feed.json")
		return r.code == 0 && strings.Contains(r.out, ownOfTwo[1]) && strings.Contains(r.out, original), r.String()
	})
	before, pid := x.ids(t), x.done(t, "root", "systemctl show --property=MainPID --value fronteras").out
	x.done(t, "root", x.page.lines(t, "upgrade", 1)[0])
	if now := x.read(t, settings); now != old {
		t.Errorf("the configuration was changed to\n%s", now)
	}
	x.active(t, "active")
	if now := x.done(t, "root", "systemctl show --property=MainPID --value fronteras").out; now == pid {
		t.Errorf("the old process runs still, %s", now)
	}
	x.same(t, before)
	x.rules(t, "desk")
	x.done(t, "root", "apt purge fronteras")
	if _, err := os.Stat(x.path("/etc/fronteras")); err == nil {
		t.Errorf("/etc/fronteras is there still")
	}
}

// is checks owner, group and mode of a file.
func (x *trial) is(t *testing.T, name, want string) {
	t.Helper()
	if r := x.run("root", "stat -c '%U:%G %a' "+name); strings.TrimSpace(r.out) != want {
		x.fatal(t, r, "%s: want %s", name, want)
	}
}

// active checks whether the daemon runs.
func (x *trial) active(t *testing.T, want string) {
	t.Helper()
	if r := x.run("root", "systemctl is-active fronteras"); strings.TrimSpace(r.out) != want {
		x.fatal(t, r, "want %s", want)
	}
}

// stoppedWell checks how the daemon ended.
func (x *trial) stoppedWell(t *testing.T) {
	t.Helper()
	if r := x.done(t, "root", "systemctl show --property=ActiveState,Result,ExecMainStatus fronteras"); r.out != "Result=success\nExecMainStatus=0\nActiveState=inactive\n" {
		x.fatal(t, r, "the daemon ended badly")
	}
}

// settings are the keys of a configuration.
func (x *trial) settings(t *testing.T, name string) (keys map[string]any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(x.read(t, name)), &keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

// edit changes a file as an editor does.
func (x *trial) edit(t *testing.T, name, old, with string) {
	t.Helper()
	text := x.read(t, name)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q:\n%s", name, old, text)
	}
	x.write(t, name, strings.Replace(text, old, with, 1))
}

// story is what `fronteras stories --json` tells of one.
type story struct {
	ID, Title, Status string
	Items             []struct{ URL string }
}

// stories asks the daemon, or the store, by title.
func (x *trial) stories(t *testing.T, as string) map[string]story {
	t.Helper()
	r := x.done(t, as, "fronteras stories --json")
	var list []story
	if err := json.Unmarshal([]byte(r.out), &list); err != nil {
		x.fatal(t, r, "%v", err)
	}
	return byTitle(list)
}

func byTitle(list []story) map[string]story {
	titles := map[string]story{}
	for _, s := range list {
		titles[s.Title] = s
	}
	return titles
}

func ids(stories map[string]story) (list []string) {
	for _, s := range stories {
		list = append(list, s.ID)
	}
	slices.Sort(list)
	return list
}

// ids are what the public sees of the stories: their ids and titles.
func (x *trial) ids(t *testing.T) []string {
	t.Helper()
	r := x.done(t, "root", "curl -fsS http://127.0.0.1:8080/feed.json")
	var feed struct {
		Items []struct{ ID, Title string }
	}
	if err := json.Unmarshal([]byte(r.out), &feed); err != nil || len(feed.Items) == 0 {
		x.fatal(t, r, "want stories (%v)", err)
	}
	var list []string
	for _, i := range feed.Items {
		list = append(list, i.ID+" "+i.Title)
	}
	slices.Sort(list)
	return list
}

// same checks that the public sees the same stories under the same ids as before.
func (x *trial) same(t *testing.T, before []string) {
	t.Helper()
	x.eventually(t, "the stories are served", func() (bool, string) {
		r := x.run("root", "curl -fsS http://127.0.0.1:8080/feed.json")
		return r.code == 0, r.String()
	})
	if now := x.ids(t); !slices.Equal(now, before) {
		t.Errorf("served are now\n%s\nbefore\n%s", strings.Join(now, "\n"), strings.Join(before, "\n"))
	}
}
