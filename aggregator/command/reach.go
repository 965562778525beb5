package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/owner"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// aboutWait is how long daemons may take to say what they run: a busy one answers late.
const aboutWait = 15 * time.Second

// lockWait is how long a command waits for another process to let go of the store.
const lockWait = time.Second

// ask has a call answered: by the daemon where one runs, else on the store
// itself. Either way the answer is the same.
func (p *program) ask(ctx context.Context, name string, question, answer any) error {
	c, err := p.load()
	if err != nil {
		return err
	}
	err = askDaemon(ctx, c, name, question, answer)
	if !errors.Is(err, web.ErrNobody) {
		return err
	}
	if err := p.openOnce(c); err != nil {
		return err
	}
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	return p.opened.answer(ctx, name, text, answer)
}

// openOnce opens the store of a configuration for the calls of a command that no daemon
// answers: it is read whole, so it is opened for the first, and closed with the command.
func (p *program) openOnce(c *config.Config) (err error) {
	if p.opened != nil {
		return nil
	}
	if p.opened, err = p.open(c, store.Options{Wait: lockWait}); errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("a daemon holds %s but does not answer on %s", c.Store, c.Control)
	}
	return err
}

// askDaemon has the daemon of a configuration answer a call. It fails with
// [web.ErrNobody] where none runs.
func askDaemon(ctx context.Context, c *config.Config, name string, question, answer any) error {
	err := web.Ask(ctx, c.Control, name, question, answer)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w%s", err, allowedOn(c.Control))
	}
	if !errors.Is(err, web.ErrNobody) {
		return err
	}
	if socket, _, found := daemonOn(ctx, c, c.ControlElsewhere); found {
		return web.Ask(ctx, socket, name, question, answer)
	}
	return err
}

// daemonOn finds the daemon that runs a configuration among those on some sockets. One
// that answers may be another desk's, and closed to us.
func daemonOn(ctx context.Context, c *config.Config, sockets []string) (socket string, a aboutAnswer, found bool) {
	ctx, cancel := context.WithTimeout(ctx, aboutWait)
	defer cancel()
	for _, socket := range sockets {
		var a aboutAnswer
		if web.Ask(ctx, socket, "about", aboutQuestion{}, &a) == nil && a.runs(c) {
			return socket, a, true
		}
	}
	return "", a, false
}

// running is the socket of the daemon that was started with a configuration's file,
// wherever it listens: the file may name another socket than it did then.
func running(ctx context.Context, c *config.Config) (socket string, found bool) {
	socket, a, found := daemonOn(ctx, c, append([]string{c.Control, config.BesideStore(c.Store), config.SystemControl}, c.ControlElsewhere...))
	return socket, found && sameFile(a.Config, c.File)
}

// allowedOn says who may use a control socket, as the end of a line.
func allowedOn(socket string) string {
	info, err := os.Stat(socket)
	if err != nil { // its folder is closed to us as well
		info, err = os.Stat(filepath.Dir(socket))
	}
	if err != nil {
		return ""
	}
	uid, gid := owner.Of(info)
	if info.Mode().Perm()&0o070 != 0 && gid != 0 {
		if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
			return "; run it as root, or as a member of the group " + g.Name
		}
	}
	return "; run it as " + owner.Name(uid)
}

// aboutQuestion asks a daemon what it runs.
type aboutQuestion struct{}

// aboutAnswer says what a daemon runs.
type aboutAnswer struct {
	Version string `json:"version"`
	Config  string `json:"config"` // path
	Store   string `json:"store"`  // path
	Listen  string `json:"listen"` // address of the public listener, with its port
}

// runs reports whether the daemon that answered so runs a configuration: the same
// file, or another for the same store.
func (a aboutAnswer) runs(c *config.Config) bool {
	return sameFile(a.Config, c.File) || sameFile(a.Store, c.Store)
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// about says what the daemon runs.
func (d *desk) about(context.Context, aboutQuestion) (aboutAnswer, error) {
	version, _ := versionOf()
	return aboutAnswer{version, d.config.File, d.config.Store, d.address}, nil
}

// answer calls one of the desk's calls in this process.
func (d *desk) answer(ctx context.Context, name string, question json.RawMessage, answer any) error {
	result, err := d.calls()[name](ctx, question)
	if err != nil {
		return err
	}
	if stream, ok := result.(web.Stream); ok {
		return stream.Send(answer.(io.Writer))
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// calls are what a desk can be asked, by name.
func (d *desk) calls() map[string]web.Call {
	return map[string]web.Call{
		"about":    call(d.about),
		"stories":  call(d.listStories),
		"waiting":  call(d.waiting),
		"judged":   call(d.judge),
		"explain":  call(d.explain),
		"stations": call(d.listStations),
		"poll":     call(d.pollNow),
		"rule":     call(d.rule),
		"refold":   call(d.refoldAll),
		"backup":   call(d.backup),
		"backedup": call(d.backedUp),
		"verify":   call(d.verify),
	}
}

// call makes a web.Call of a function of one question.
func call[Q, A any](f func(context.Context, Q) (A, error)) web.Call {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var q Q
		if err := json.Unmarshal(text, &q); err != nil {
			return nil, fmt.Errorf("question: %w", err)
		}
		return f(ctx, q)
	}
}
