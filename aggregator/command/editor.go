package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/editors"
	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
)

// editorQuestion asks for something about an editor.
type editorQuestion struct {
	Who string `json:"who"` // an id or email; of a removal also a session's id
}

// editorLink is a link that signs in once.
type editorLink struct {
	Address string `json:"address"`
	Mailed  bool   `json:"mailed"`
	Problem string `json:"problem,omitempty"` // why it was not mailed
}

type editorsQuestion struct{}

// editorAnswer is an editor, with the sessions.
type editorAnswer struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Email    string          `json:"email"`
	Sessions []sessionAnswer `json:"sessions"`
}

type sessionAnswer struct {
	ID    string    `json:"id"`
	Since time.Time `json:"since"`
	Seen  time.Time `json:"seen"`
	Agent string    `json:"agent"`
}

// removedAnswer says what was ended.
type removedAnswer struct {
	Sessions int `json:"sessions"`
}

// newEditorCommand returns the commands for who signs in.
func newEditorCommand(p *program) *cobra.Command {
	add := &cobra.Command{
		Use: "add WHO", Short: "Print a link that signs an editor in", Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Print a link that signs an editor in, once and within 24 hours, and mail it where the configuration\n" +
			"has a section mail. WHO is an id or email of editors.people.",
		RunE: func(c *cobra.Command, args []string) error {
			var l editorLink
			if err := p.askDesk(c.Context(), "editoradd", editorQuestion{args[0]}, &l); err != nil {
				return err
			}
			if l.Problem != "" {
				fmt.Fprintf(p.Err, "fronteras: the link was not mailed: %s\n", terminalSafe(l.Problem))
			}
			_, err := fmt.Fprintln(p.Out, l.Address)
			return err
		},
	}
	var asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "List editors and where they are signed in", Args: checkArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var all []editorAnswer
			if err := p.askDesk(c.Context(), "editors", editorsQuestion{}, &all); err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(p.Out)
				e.SetIndent("", "  ")
				return e.Encode(all)
			}
			return printEditors(p, all)
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	remove := &cobra.Command{
		Use: "remove WHO|SESSION", Short: "Sign an editor out everywhere, or end one session",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Sign an editor out everywhere, and take links back that were not used; or end one session, by its id.\n" +
			"Who is to stay out is also taken out of editors.people.",
		RunE: func(c *cobra.Command, args []string) error {
			var r removedAnswer
			if err := p.askDesk(c.Context(), "editorremove", editorQuestion{args[0]}, &r); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.Out, "%s ended\n", pluralOf(r.Sessions, "session"))
			return err
		},
	}
	c := &cobra.Command{
		Use: "editor", Short: "Sign editors in and out",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command editor %q; see fronteras editor --help", args[0])}
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("one of add, list, remove is missing; see fronteras editor --help")}
		},
	}
	c.AddCommand(add, list, remove)
	return c
}

// printEditors prints a line for each session, and for each editor who has none.
func printEditors(p *program, all []editorAnswer) error {
	rows := [][]string{{"WHO", "NAME", "EMAIL", "SESSION", "SINCE", "LAST USED", "BROWSER"}}
	for _, e := range all {
		if len(e.Sessions) == 0 {
			rows = append(rows, []string{e.ID, e.Name, e.Email, "-", "", "", ""})
		}
		for _, s := range e.Sessions {
			rows = append(rows, []string{
				e.ID, e.Name, e.Email, s.ID, formatMinute(&s.Since), formatMinute(&s.Seen), editors.BrowserName(s.Agent),
			})
		}
	}
	return printTable(p.Out, rows)
}

// editorCalled is the editor whom a name is of.
func editorCalled(a *app, who string) (news.DeskEditor, error) {
	people := a.config.Editors.People
	if len(people) == 0 {
		return news.DeskEditor{}, errors.New("the configuration lists no editors: write them under editors.people")
	}
	if e, ok := session.Find(people, who); ok {
		return e, nil
	}
	const shown = 20
	var ids []string
	for _, e := range people[:min(len(people), shown)] {
		ids = append(ids, e.ID)
	}
	return news.DeskEditor{}, fmt.Errorf("%q is no editor: editors.people has %s", who, strings.Join(ids, ", "))
}

// mailTimeout is how long a command waits for a mail server.
const mailTimeout = 30 * time.Second

// addEditor makes a link that signs an editor in, and mails it if mail is sent.
func addEditor(ctx context.Context, a *app, q editorQuestion) (editorLink, error) {
	e, err := editorCalled(a, q.Who)
	if err != nil {
		return editorLink{}, err
	}
	k := session.Keeper{Store: a.store}
	token, err := k.NewLink(ctx, e.ID, session.LinkFromCommand, "")
	if err != nil {
		return editorLink{}, err
	}
	a.log.Info("sign-in link", "editor", e.ID, "uid", askerUID(ctx))
	l := editorLink{Address: editors.LinkAddress(a.config.Editors.URL, token)}
	if a.send == nil {
		return l, nil
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	subject, text := editors.LinkMail(a.config.Desk, e, l.Address, session.LinkFromCommand)
	if err := a.send(ctx, e.Email, subject, text); err != nil {
		l.Problem = err.Error()
	}
	l.Mailed = l.Problem == ""
	return l, nil
}

// listEditors lists the editors of the configuration.
func listEditors(_ context.Context, a *app, _ editorsQuestion) ([]editorAnswer, error) {
	k, all := session.Keeper{Store: a.store}, []editorAnswer{}
	for _, e := range a.config.Editors.People {
		answer := editorAnswer{ID: e.ID, Name: e.Name, Email: e.Email, Sessions: []sessionAnswer{}}
		sessions, err := k.Of(e.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range sessions {
			answer.Sessions = append(answer.Sessions, sessionAnswer{
				s.ID, s.Since.Truncate(time.Second), s.Seen.Truncate(time.Second), s.Agent,
			})
		}
		all = append(all, answer)
	}
	return all, nil
}

// removeEditor ends all sessions of an editor, or one session.
func removeEditor(ctx context.Context, a *app, q editorQuestion) (removedAnswer, error) {
	k := session.Keeper{Store: a.store}
	e, err := editorCalled(a, q.Who)
	if err == nil {
		n, err := k.SignOutEditor(ctx, e.ID)
		a.log.Info("editor signed out", "editor", e.ID, "sessions", n, "uid", askerUID(ctx))
		return removedAnswer{n}, err
	}
	found, failed := k.EndByID(ctx, q.Who)
	switch {
	case failed != nil:
		return removedAnswer{}, failed
	case !found:
		return removedAnswer{}, fmt.Errorf("%w; nor is there a session with that id", err)
	}
	a.log.Info("session ended", "session", q.Who, "uid", askerUID(ctx))
	return removedAnswer{1}, nil
}
