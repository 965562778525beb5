package command

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
)

// ruleQuestion asks for a ruling. The user is a note only: the socket knows for certain who asks.
type ruleQuestion struct {
	Verb    news.Verb `json:"verb"`
	Stories []string  `json:"stories,omitempty"`
	Item    string    `json:"item,omitempty"`
	Maker   string    `json:"maker,omitempty"`
	Feed    string    `json:"feed,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	User    string    `json:"user,omitempty"`
}

// ruleAnswer is the state of the stories and feeds after a ruling on them.
type ruleAnswer struct {
	Stories []ruledStory `json:"stories"`
	Feeds   []string     `json:"feeds"`
}

type ruledStory struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Status news.Status `json:"status"`
	Items  int         `json:"items"`
	Origin string      `json:"origin"` // empty if not stated
}

// newRulingCommands returns the commands with which an editor overrules the rules.
func newRulingCommands(p *program) []*cobra.Command {
	onStories := func(verb news.Verb) func([]string) ruleQuestion {
		return func(args []string) ruleQuestion { return ruleQuestion{Verb: verb, Stories: args} }
	}
	onItem := func(args []string) ruleQuestion {
		return ruleQuestion{Verb: news.Split, Stories: args[:1], Item: args[1]}
	}
	onMaker := func(args []string) ruleQuestion {
		return ruleQuestion{Verb: news.Credit, Stories: args[:1], Maker: args[1]}
	}
	onFeed := func(args []string) ruleQuestion { return ruleQuestion{Verb: news.Trust, Feed: args[0]} }
	var commands []*cobra.Command
	for _, r := range []struct {
		use, short string
		count      cobra.PositionalArgs
		question   func([]string) ruleQuestion
	}{
		{"join A B", "Merge two stories", cobra.ExactArgs(2), onStories(news.Join)},
		{"split STORY ITEM", "Split an item off a story", cobra.ExactArgs(2), onItem},
		{"origin STORY STATION", "Set who made a story", cobra.ExactArgs(2), onMaker},
		{
			"retract STORY|FEED...",
			"Withdraw stories, or everything that a feed's flood or doubtful migration holds",
			cobra.MinimumNArgs(1), onStories(news.Retract),
		},
		{"restore STORY...", "Publish withdrawn stories again", cobra.MinimumNArgs(1), onStories(news.Restore)},
		{"hold STORY...", "Hold stories until they are released", cobra.MinimumNArgs(1), onStories(news.Hold)},
		{
			"release STORY|FEED...",
			"Publish held stories, or everything that a feed's flood or doubtful migration holds",
			cobra.MinimumNArgs(1), onStories(news.Release),
		},
		{
			"trust FEED|STATION", "Trust a feed's or a station's GUIDs, links and source claims again",
			cobra.ExactArgs(1), onFeed,
		},
	} {
		var reason string
		c := &cobra.Command{
			Use: r.use, Short: r.short, Args: checkArgs(r.count),
			RunE: func(c *cobra.Command, args []string) error {
				q := r.question(args)
				q.Reason = reason
				q.User = userName()
				var a ruleAnswer
				if err := p.askDesk(c.Context(), "rule", q, &a); err != nil {
					return err
				}
				_, err := fmt.Fprint(p.Out, rulingText(a))
				return err
			},
		}
		c.Flags().StringVar(&reason, "reason", "", "the `reason`, for the log; it is not published")
		commands = append(commands, c)
	}
	return commands
}

// rulingText shows a story or feed a line.
func rulingText(a ruleAnswer) string {
	var text strings.Builder
	for _, s := range a.Stories {
		origin := "origin not stated"
		if s.Origin != "" {
			origin = "origin " + s.Origin
		}
		fmt.Fprintf(&text, "%s %s, %s, %s: %s\n",
			s.ID, s.Status, pluralOf(s.Items, "item"), terminalSafe(origin), terminalSafe(s.Title))
	}
	for _, f := range a.Feeds {
		fmt.Fprintf(&text, "%s is trusted again\n", terminalSafe(f))
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

// applyRuling stores and applies a ruling, and publishes what it changes at once.
func applyRuling(ctx context.Context, a *app, q ruleQuestion) (ruleAnswer, error) {
	uid := askerUID(ctx)
	ctx = context.WithoutCancel(ctx)        // once begun it is finished, even if the daemon stops
	named := make([]string, len(q.Stories)) // some may be feeds
	for n, name := range q.Stories {
		named[n] = a.feedCalled(name)
	}
	rulings, stories, err := a.store.Rule(ctx, identity.Order{
		Verb: q.Verb, Stories: named, Item: q.Item, Maker: q.Maker, Feed: a.feedCalled(q.Feed),
		Reason: q.Reason, User: q.User, UID: uid,
	}, time.Now())
	if err != nil {
		return ruleAnswer{}, err
	}
	answer := ruleAnswer{Stories: []ruledStory{}, Feeds: []string{}}
	for _, r := range rulings {
		a.log.Info("ruling", "rule", string(r.Verb), "number", r.Number, "items", len(r.Items)+len(r.With),
			"feed", a.names[r.Feed], "uid", r.UID, "user", r.User, "reason", r.Reason)
		if r.Verb == news.Trust {
			answer.Feeds = append(answer.Feeds, a.feedForOperators(r.Feed))
		}
	}
	if err := a.settleStories(ctx); err != nil {
		return ruleAnswer{}, err
	}
	for _, s := range stories {
		now, err := a.store.StoryNumbered(s.Number)
		if err != nil {
			return answer, err
		}
		ruled := ruledStory{ID: now.ID, Status: now.Status, Items: len(now.Members)}
		if i := now.Item(now.LeadItem); i != nil {
			ruled.Title = i.Entry.Title
		}
		if now.Origin != nil {
			ruled.Origin = now.Origin.Name
		}
		answer.Stories = append(answer.Stories, ruled)
	}
	return answer, nil
}
