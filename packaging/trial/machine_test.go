//go:build systemd

package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Bounds of what is waited for; none of it is measured.
const (
	lineWait = 5 * time.Minute
	bootWait = 2 * time.Minute
	soon     = 2 * time.Minute
)

// restarted is how systemd-nspawn ends with --keep-unit when the container reboots.
const restarted = 133

// machine is a Debian root in a folder, and the container that runs its systemd. The
// container has a network of its own, with nothing in it but the loopback interface.
type machine struct {
	root   string // the folder
	spawn  *exec.Cmd
	exited chan error
	init   int // the container's process 1, as seen from here
}

// newMachine makes a bare Debian root that boots. curl is what its operator brings along,
// iproute2 what the trial's own stations need. Nothing in it is of the project, and it
// knows no certificate authority.
func newMachine(t *testing.T) *machine {
	if os.Geteuid() != 0 {
		t.Fatal("the trial boots a Debian of its own: it must be started by root")
	}
	for tool, from := range map[string]string{"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "nsenter": "util-linux", "apt-get": "apt"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the trial cannot run: there is no %s; it is in the Debian package %s", tool, from)
		}
	}
	m := &machine{root: filepath.Join(t.TempDir(), "root")}
	args := []string{"--variant=minbase", "--include=systemd,systemd-sysv,dbus,curl,iproute2", release(t), m.root}
	if mirror := mirror(); mirror != "" {
		args = append(args, mirror)
	}
	if out, err := exec.Command("debootstrap", args...).CombinedOutput(); err != nil {
		t.Fatalf("the trial cannot run: debootstrap makes no Debian root (%v):\n%s", err, tail(string(out), 40))
	}
	settings, err := exec.Command("sh", "-c", `apt-config dump | grep -E '^Acquire::(Check|http)' || true`).Output()
	if err != nil {
		t.Fatalf("apt-config: %v", err)
	}
	m.write(t, "/etc/apt/apt.conf.d/90trial", string(settings))
	return m
}

// release is the Debian that this machine runs.
func release(t *testing.T) string {
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "VERSION_CODENAME="); ok {
			return strings.Trim(name, `"`)
		}
	}
	t.Fatal("/etc/os-release names no release")
	return ""
}

// mirror is where this machine's own apt takes Debian from; empty leaves it to debootstrap.
func mirror() string {
	out, err := exec.Command("apt-get", "indextargets", "--format", "$(SITE)", "Identifier: Packages", "Origin: Debian").Output()
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return first
}

// path is where a file of the machine is on this one.
func (m *machine) path(name string) string { return filepath.Join(m.root, name) }

// write puts a file that everybody may read into the root.
func (m *machine) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(m.path(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path(name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read is the text of a file of the root.
func (m *machine) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(m.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// copyIn copies a file of this machine into the root.
func (m *machine) copyIn(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	m.write(t, to, string(text))
	if err := os.Chmod(m.path(to), mode); err != nil {
		t.Fatal(err)
	}
}

// online runs a command in the root with this machine's network, before it boots.
func (m *machine) online(t *testing.T, line string) {
	t.Helper()
	c := exec.Command("chroot", m.root, "/bin/sh", "-ec", line)
	c.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, tail(string(out), 40))
	}
}

// boot starts the container and waits until its systemd is done with the start.
func (m *machine) boot(t *testing.T) {
	t.Helper()
	console, err := os.OpenFile(filepath.Join(filepath.Dir(m.root), "console"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer console.Close()
	m.spawn = exec.Command("systemd-nspawn", "-D", m.root, "--machine=fronteras-trial", "--private-network", "--register=no", "--keep-unit", "--boot")
	m.spawn.Stdout, m.spawn.Stderr = console, console
	if err := m.spawn.Start(); err != nil {
		t.Fatalf("the trial cannot run: systemd-nspawn does not start: %v", err)
	}
	m.exited, m.init = make(chan error, 1), 0
	go func(spawn *exec.Cmd, exited chan<- error) { exited <- spawn.Wait() }(m.spawn, m.exited)
	said := func() string {
		text, _ := os.ReadFile(console.Name())
		return tail(string(text), 40)
	}
	for end := time.Now().Add(bootWait); ; time.Sleep(100 * time.Millisecond) {
		select {
		case err := <-m.exited:
			t.Fatalf("the trial cannot run: systemd-nspawn ended while the container booted: %v\n%s", err, said())
		default:
		}
		if m.init == 0 {
			m.init = first(m.spawn.Process.Pid)
		}
		if m.init != 0 {
			state := strings.TrimSpace(m.run("root", "systemctl is-system-running").out)
			if state == "running" || state == "degraded" {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("the trial cannot run: the container does not boot within %s\n%s", bootWait, said())
		}
	}
}

// first finds the process that is number 1 in the container that nspawn runs, or 0.
func first(nspawn int) int {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, "status"))
		if err != nil {
			continue // it has ended since
		}
		of := map[string][]string{}
		for line := range strings.Lines(string(text)) {
			if key, value, ok := strings.Cut(line, ":"); ok {
				of[key] = strings.Fields(value)
			}
		}
		inside := of["NSpid"]
		if len(inside) == 0 || inside[len(inside)-1] != "1" || len(of["Name"]) == 0 || of["Name"][0] != "systemd" {
			continue
		}
		if parent, _ := strconv.Atoi(of["PPid"][0]); parent == nspawn {
			pid, _ := strconv.Atoi(filepath.Base(folder))
			return pid
		}
	}
	return 0
}

// reboot restarts the container as its operator would.
func (m *machine) reboot(t *testing.T) {
	t.Helper()
	m.run("root", "systemctl reboot")
	select {
	case err := <-m.exited:
		var ended *exec.ExitError
		if !errors.As(err, &ended) || ended.ExitCode() != restarted {
			t.Fatalf("the container did not reboot: %v", err)
		}
	case <-time.After(bootWait):
		t.Fatalf("the container does not go down within %s", bootWait)
	}
	m.boot(t)
}

// halt ends the container, if it runs.
func (m *machine) halt(t *testing.T) {
	if m.spawn == nil {
		return
	}
	m.run("root", "systemctl poweroff")
	select {
	case <-m.exited:
	case <-time.After(bootWait):
		t.Errorf("the container does not go down within %s", bootWait)
		m.spawn.Process.Kill()
		<-m.exited
	}
}

// result is what a command line has done.
type result struct {
	as, line string
	out, err string
	code     int
}

func (r result) String() string {
	return fmt.Sprintf("%s: %s\nexit %d\n%s%s", r.as, r.line, r.code, r.out, r.err)
}

// command is one line in a login shell of a user of the container. Questions are answered
// with yes.
func (m *machine) command(ctx context.Context, as, line string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	c := exec.CommandContext(ctx, "nsenter", "-t", strconv.Itoa(m.init), "-a", "/usr/bin/env", "-i",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TERM=dumb",
		"runuser", "--login", as, "-c", line)
	c.Stdin = strings.NewReader("y\n")
	c.WaitDelay = time.Second
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	return c, &out, &errs
}

// run runs one line, whatever comes of it. With -v the line is printed, and how long it took.
func (m *machine) run(as, line string) result {
	ctx, cancel := context.WithTimeout(context.Background(), lineWait)
	defer cancel()
	c, out, errs := m.command(ctx, as, line)
	began := time.Now()
	err := c.Run()
	if testing.Verbose() {
		fmt.Fprintf(os.Stderr, "%s: %s (%.1f s, exit %d)\n", as, line, time.Since(began).Seconds(), c.ProcessState.ExitCode())
	}
	r := result{as: as, line: line, out: out.String(), err: errs.String(), code: c.ProcessState.ExitCode()}
	if err != nil && r.code <= 0 {
		r.err += err.Error()
	}
	return r
}

// done runs one line, which must exit with 0.
func (m *machine) done(t *testing.T, as, line string) result {
	t.Helper()
	r := m.run(as, line)
	if r.code != 0 {
		m.fatal(t, r, "want exit 0")
	}
	return r
}

// begin starts a line that goes on until it is waited for.
func (m *machine) begin(as, line string) (wait func() result, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	c, out, errs := m.command(ctx, as, line)
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	wait = func() result {
		select {
		case <-ended:
		case <-time.After(lineWait):
			cancel()
			<-ended
		}
		return result{as: as, line: line, out: out.String(), err: errs.String(), code: c.ProcessState.ExitCode()}
	}
	return wait, cancel
}

// fatal ends a test with what a command has said, and with what the daemon has.
func (m *machine) fatal(t *testing.T, r result, format string, args ...any) {
	t.Helper()
	t.Fatalf("%s\n%s\n%s", fmt.Sprintf(format, args...), r, m.state())
}

// state is what the unit and the journal say now.
func (m *machine) state() string {
	return m.run("root", "systemctl status --no-pager --full --lines=0 fronteras; journalctl --no-pager --output=cat --lines=40 -u fronteras").String()
}

// eventually waits until a condition holds; what it returns otherwise goes into the failure.
func (m *machine) eventually(t *testing.T, what string, holds func() (bool, string)) {
	t.Helper()
	for end := time.Now().Add(soon); ; time.Sleep(200 * time.Millisecond) {
		ok, found := holds()
		if ok {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s\n%s\n%s", soon, what, found, m.state())
		}
	}
}

// tail is the end of a text.
func tail(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
