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

// Commands ask the running daemon through its control socket; if none runs, they open the store and
// answer themselves. Either way the same function answers.

const (
	aboutTimeout = 15 * time.Second // for daemons to say what they run: a busy one answers late
	lockTimeout  = time.Second      // for another process to release the store
)

// calls is what can be asked, by name: the names are those on the control socket.
func calls(a *app) map[string]web.Call {
	return map[string]web.Call{
		"about":     callOf(a, describeDaemon),
		"stories":   callOf(a, listStories),
		"waiting":   callOf(a, countWaitingItems),
		"judged":    callOf(a, listJudgements),
		"explain":   callOf(a, explainStory),
		"stations":  callOf(a, listStations),
		"poll":      callOf(a, pollFeeds),
		"rule":      callOf(a, ruleByCommand),
		"decisions": callOf(a, listDecisions),
		"cases":     callOf(a, listCases),
		"flagged":   callOf(a, listFlagged),
		"refold":    callOf(a, refoldStore),
		"forget":    callOf(a, forgetFeed),
		"backup":    callOf(a, streamBackup),
		"backedup":  callOf(a, noteBackup),
		"verify":    callOf(a, verifyStore),
		"damage":    callOf(a, listDamage),

		"recipients": callOf(a, listRecipients),
		"notifytest": callOf(a, testRecipient),
		"notifyon":   callOf(a, switchRecipientOn),

		"editors":      callOf(a, listEditors),
		"editoradd":    callOf(a, addEditor),
		"editorremove": callOf(a, removeEditor),
	}
}

// callOf makes a call of a function that answers one question about an app.
func callOf[Q, A any](a *app, answer func(context.Context, *app, Q) (A, error)) web.Call {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var q Q
		if err := json.Unmarshal(text, &q); err != nil {
			return nil, fmt.Errorf("question: %w", err)
		}
		result, err := answer(ctx, a, q)
		if errors.Is(err, store.ErrRecord) {
			err = fmt.Errorf("%w; fronteras verify lists what is damaged; to get it back, restore a backup", err)
		}
		return result, err
	}
}

// askDesk puts the answer of a call into answer, a pointer, or an [io.Writer] for a stream: from
// the daemon if one runs, otherwise from the store.
func (p *program) askDesk(ctx context.Context, name string, question, answer any) error {
	c, err := p.loadConfig()
	if err != nil {
		return err
	}
	if err = askDaemon(ctx, c, name, question, answer); !errors.Is(err, web.ErrNobody) {
		return err
	}
	if p.opened == nil { // it is read whole, so it is opened once, and closed with the command
		// Few calls need them, and say what fails without.
		_ = c.ReadSecrets(p.Getenv)
		p.opened, err = openApp(c, p.Env, store.Options{Wait: lockTimeout})
		if errors.Is(err, store.ErrBusy) {
			return fmt.Errorf("a daemon holds %s but does not answer on %s", c.Store, c.Control)
		}
		if err != nil {
			return err
		}
	}
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	result, err := calls(p.opened)[name](ctx, text)
	if err != nil {
		return err
	}
	if stream, ok := result.(web.Stream); ok {
		return stream.Send(answer.(io.Writer))
	}
	if text, err = json.Marshal(result); err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// askDaemon has the daemon of a configuration answer a call. It fails with [web.ErrNobody] if none
// runs.
func askDaemon(ctx context.Context, c *config.Config, name string, question, answer any) error {
	err := web.CallDaemon(ctx, c.Control, name, question, answer)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w%s", err, allowedUsersOf(c.Control))
	}
	if !errors.Is(err, web.ErrNobody) {
		return err
	}
	if socket, _, found := findDaemon(ctx, c, c.ControlElsewhere); found {
		return web.CallDaemon(ctx, socket, name, question, answer)
	}
	return err
}

// findDaemon finds the daemon that runs a configuration, on one of some sockets. A daemon that
// answers there may be another desk's, and closed to us.
func findDaemon(ctx context.Context, c *config.Config, sockets []string) (socket string, a aboutAnswer, found bool) {
	ctx, cancel := context.WithTimeout(ctx, aboutTimeout)
	defer cancel()
	for _, socket := range sockets {
		var a aboutAnswer
		err := web.CallDaemon(ctx, socket, "about", aboutQuestion{}, &a)
		if err == nil && (isSameFile(a.Config, c.File) || isSameFile(a.Store, c.Store)) {
			return socket, a, true
		}
	}
	return "", a, false
}

// findDaemonOfFile finds the daemon that was started with a configuration's file, wherever it
// listens: since then the file may have changed the socket.
func findDaemonOfFile(ctx context.Context, c *config.Config) (socket string, found bool) {
	sockets := []string{c.Control, config.SocketNextToStore(c.Store), config.SystemControl}
	sockets = append(sockets, c.ControlElsewhere...)
	socket, a, found := findDaemon(ctx, c, sockets)
	return socket, found && isSameFile(a.Config, c.File)
}

// allowedUsersOf says who may use a control socket, as the end of a line.
func allowedUsersOf(socket string) string {
	info, err := os.Stat(socket)
	if err != nil { // its folder is closed to us as well
		info, err = os.Stat(filepath.Dir(socket))
	}
	if err != nil {
		return ""
	}
	uid, gid := owner.FileOwner(info)
	if info.Mode().Perm()&0o070 != 0 && gid != 0 {
		if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
			return "; run it as root, or as a member of the group " + g.Name
		}
	}
	return "; run it as " + owner.UserName(uid)
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

func describeDaemon(_ context.Context, a *app, _ aboutQuestion) (aboutAnswer, error) {
	version, _ := buildVersion()
	return aboutAnswer{version, a.config.File, a.config.Store, a.address}, nil
}

// isSameFile reports whether two paths lead to one file.
func isSameFile(a, b string) bool {
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
