package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
)

// ruleQuestion asks for a decision. The user is a note only: the socket knows for certain who asks.
type ruleQuestion struct {
	Verb           news.Verb `json:"verb"`
	Stories        []string  `json:"stories,omitempty"`
	Item           string    `json:"item,omitempty"`
	Maker          string    `json:"maker,omitempty"`
	Feed           string    `json:"feed,omitempty"`
	Case           uint64    `json:"case,omitempty"`
	Decision       uint64    `json:"decision,omitempty"`
	AlthoughKilled bool      `json:"although_killed,omitempty"`
	Reason         string    `json:"reason,omitempty"`
	User           string    `json:"user,omitempty"`
}

// decided is what came of a decision: the state of the stories and feeds that it was about.
type decided struct {
	Number  uint64       `json:"number"`
	Verb    news.Verb    `json:"verb"`
	Undoes  uint64       `json:"undoes,omitempty"`
	Stories []decidedFor `json:"stories"`
	Feeds   []string     `json:"feeds"` // that are trusted again, or whose flags were dismissed
}

// decidedFor is a story after a decision.
type decidedFor struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Status news.Status `json:"status"`
	Items  int         `json:"items"`
	Origin string      `json:"origin"` // empty if not stated
}

// rulingCommand is a command with which an editor overrules the rules.
type rulingCommand struct {
	use, short, long string
	count            cobra.PositionalArgs
	question         func(args []string) (ruleQuestion, error)
	killed           bool // it can publish what was killed
	withOrigin       bool // it can say who made the story
	needsReason      bool
}

// rulingCommandsList is the table of those commands.
func rulingCommandsList() []rulingCommand {
	onStories := func(verb news.Verb) func([]string) (ruleQuestion, error) {
		return func(args []string) (ruleQuestion, error) { return ruleQuestion{Verb: verb, Stories: args}, nil }
	}
	return []rulingCommand{
		{use: "join A B", short: "Merge two stories", count: cobra.ExactArgs(2), question: onStories(news.Join),
			withOrigin: true},
		{use: "apart A B", short: "Say that two stories are not one", count: cobra.ExactArgs(2),
			question: onStories(news.Split)},
		{use: "split STORY ITEM", short: "Split an item off a story", count: cobra.ExactArgs(2),
			question: func(args []string) (ruleQuestion, error) {
				return ruleQuestion{Verb: news.Split, Stories: args[:1], Item: args[1]}, nil
			}},
		{use: "origin STORY STATION|none|auto", short: "Set who made a story", count: cobra.ExactArgs(2),
			long: "Set who made a story: a station or an outside source, by its id; none of those that the desk knows;\n" +
				"or auto, after which the rules find that again.",
			question: func(args []string) (ruleQuestion, error) {
				return ruleQuestion{Verb: news.Credit, Stories: args[:1], Maker: args[1]}, nil
			}},
		{use: "retract STORY|FEED...", count: cobra.MinimumNArgs(1), question: onStories(news.Retract), needsReason: true,
			short: "Withdraw stories, or everything that a feed's flood or doubtful migration holds"},
		{use: "restore STORY...", short: "Publish withdrawn stories again", count: cobra.MinimumNArgs(1),
			question: onStories(news.Restore), killed: true},
		{use: "hold STORY...", short: "Hold stories until they are released", count: cobra.MinimumNArgs(1),
			question: onStories(news.Hold)},
		{use: "release STORY|FEED...", count: cobra.MinimumNArgs(1), question: onStories(news.Release), killed: true,
			short: "Publish held stories, or everything that a feed's flood or doubtful migration holds"},
		{use: "trust FEED|STATION", short: "Trust a feed's or a station's GUIDs, links and source claims again",
			count: cobra.ExactArgs(1),
			question: func(args []string) (ruleQuestion, error) {
				return ruleQuestion{Verb: news.Trust, Feed: args[0]}, nil
			}},
		{use: "dismiss CASE", short: "Leave as it is what a case asks", count: cobra.ExactArgs(1),
			question: func(args []string) (ruleQuestion, error) {
				n, err := numberOf("case", args[0])
				return ruleQuestion{Verb: news.Dismiss, Case: n}, err
			}},
		{use: "undo [NUMBER]", short: "Undo a decision, by default your last one", count: cobra.MaximumNArgs(1),
			long: "Undo a decision: it stops counting, what was decided later stands, and questions that it answered\n" +
				"are asked again. NUMBER is the decision's, as decisions shows it; by default it is the last one of the\n" +
				"user who runs the command. An undo can be undone, a trust cannot.",
			question: func(args []string) (ruleQuestion, error) {
				q := ruleQuestion{Verb: news.Undo}
				var err error
				if len(args) > 0 {
					q.Decision, err = numberOf("decision", args[0])
				}
				return q, err
			}},
	}
}

// newRulingCommands returns the commands with which an editor overrules the rules.
func newRulingCommands(p *program) []*cobra.Command {
	var commands []*cobra.Command
	for _, r := range rulingCommandsList() {
		var reason, maker string
		var killed bool
		c := &cobra.Command{
			Use: r.use, Short: r.short, Long: r.long, Args: checkArgs(r.count),
			RunE: func(c *cobra.Command, args []string) error {
				q, err := r.question(args)
				if err != nil {
					return usageError{err}
				}
				if q.Reason = strings.TrimSpace(reason); r.needsReason && q.Reason == "" {
					return usageError{errors.New("a withdrawal needs a reason: give --reason TEXT")}
				}
				if r.withOrigin {
					q.Maker = maker
				}
				q.AlthoughKilled, q.User = killed, userName()
				var d decided
				if err := p.askDesk(c.Context(), "rule", q, &d); err != nil {
					return safeError(err)
				}
				_, err = fmt.Fprint(p.Out, decidedText(d))
				return err
			},
		}
		c.Flags().StringVar(&reason, "reason", "", "the `reason`, for the log; it is not published")
		if r.withOrigin {
			c.Flags().StringVar(&maker, "origin", "", "who made it: the id of a `station` or outside source, or none")
		}
		if r.killed {
			c.Flags().BoolVar(&killed, "although-killed", false,
				"publish it although its wire has killed it or its own newsroom has withdrawn it")
		}
		commands = append(commands, c)
	}
	return commands
}

// safeError is an error whose lines may quote documents, as a terminal may show it.
func safeError(err error) error {
	if errors.As(err, new(usageError)) || !strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r > '~' }) {
		return err
	}
	lines := strings.Split(err.Error(), "\n")
	for n, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		lines[n] = indent + terminalSafe(strings.TrimLeft(line, " "))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// decidedText shows a story or feed a line, then how the decision is undone.
func decidedText(d decided) string {
	var text strings.Builder
	for _, s := range d.Stories {
		origin := "origin not stated"
		if s.Origin != "" {
			origin = "origin " + s.Origin
		}
		fmt.Fprintf(&text, "%s %s, %s, %s: %s\n",
			s.ID, s.Status, pluralOf(s.Items, "item"), terminalSafe(origin), terminalSafe(s.Title))
	}
	for _, f := range d.Feeds {
		state := "is left as it is"
		if d.Verb == news.Trust {
			state = "is trusted again"
		}
		fmt.Fprintf(&text, "%s %s\n", terminalSafe(f), state)
	}
	switch d.Verb {
	case news.Trust:
		fmt.Fprintf(&text, "Decision %d. A trust has no undo.\n", d.Number)
	case news.Undo:
		fmt.Fprintf(&text, "Decision %d: decision %d no longer counts. To undo that: fronteras undo %d\n", d.Number,
			d.Undoes, d.Number)
	default:
		fmt.Fprintf(&text, "Decision %d. To undo it: fronteras undo %d\n", d.Number, d.Number)
	}
	return text.String()
}

// userName is the name of the user who runs a command, "" if it is not known. It is for the log.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

// askerUID is the user who asks: whoever is at the other end of the control socket or, where there is
// none, who runs the command.
func askerUID(ctx context.Context) int {
	if uid, ok := web.PeerUID(ctx); ok {
		return uid
	}
	return os.Getuid()
}

// ruleByCommand decides what a command asks for.
func ruleByCommand(ctx context.Context, a *app, q ruleQuestion) (decided, error) {
	return decide(ctx, a, news.Order{
		Verb: q.Verb, Stories: q.Stories, Item: q.Item, Maker: q.Maker, Feed: q.Feed, Case: q.Case, Decision: q.Decision,
		AlthoughKilled: q.AlthoughKilled, Reason: q.Reason, User: q.User, UID: askerUID(ctx),
	})
}

// decide stores and applies what an editor orders, by a command or on a page, and publishes what that
// changes at once. Feeds may be named as they are shown to operators.
func decide(ctx context.Context, a *app, o news.Order) (decided, error) {
	ctx = context.WithoutCancel(ctx) // once begun it is finished, even if the daemon stops
	o.Stories, o.Feed = slices.Clone(o.Stories), a.feedCalled(o.Feed)
	for n, name := range o.Stories { // some may be feeds
		o.Stories[n] = a.feedCalled(name)
	}
	ruled, err := a.store.Rule(ctx, o, time.Now())
	if err != nil {
		return decided{}, err
	}
	answer := decided{Number: ruled.Decision.Number, Verb: ruled.Decision.Verb, Undoes: ruled.Decision.Undoes,
		Stories: []decidedFor{}, Feeds: []string{}}
	items := 0
	for _, r := range ruled.Rulings {
		items += len(r.Items) + len(r.With)
		if r.Feed != "" && (r.Verb == news.Trust || r.Verb == news.Dismiss) {
			answer.Feeds = append(answer.Feeds, a.feedForOperators(r.Feed))
		}
	}
	if d := ruled.Decision; !ruled.Repeated {
		a.log.Info("ruling", "rule", string(d.Verb), "number", d.Number, "items", items, "stories", len(d.Stories),
			"feed", a.names[d.Feed], "undoes", d.Undoes, "uid", d.UID, "user", o.User, "via", d.Via, "reason", d.Reason)
	}
	if err := a.settleStories(ctx); err != nil {
		return decided{}, err
	}
	for _, s := range ruled.Stories {
		now, err := a.store.StoryNumbered(s.Number)
		if err != nil {
			return answer, err
		}
		about := decidedFor{ID: now.ID, Status: now.Status, Items: len(now.Members)}
		if i := now.Item(now.LeadItem); i != nil {
			about.Title = i.Entry.Title
		}
		if now.Origin != nil {
			about.Origin = now.Origin.Name
		}
		answer.Stories = append(answer.Stories, about)
	}
	return answer, nil
}
