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

// ruleQuestion asks for a ruling. Who asks is a note: the socket says for certain.
type ruleQuestion struct {
	Verb    news.Verb `json:"verb"`
	Stories []string  `json:"stories,omitempty"`
	Item    string    `json:"item,omitempty"`
	Maker   string    `json:"maker,omitempty"`
	Feed    string    `json:"feed,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	User    string    `json:"user,omitempty"`
}

// ruleAnswer says what has become of the stories and feeds that were ruled on.
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

// rulings are the commands with which an editor overrules the rules.
func (p *program) rulings() []*cobra.Command {
	return []*cobra.Command{
		p.ruling("join A B", "Make one story of two", cobra.ExactArgs(2), func(args []string) ruleQuestion {
			return ruleQuestion{Verb: news.Join, Stories: args}
		}),
		p.ruling("split STORY ITEM", "Say that an item is not a story's", cobra.ExactArgs(2), func(args []string) ruleQuestion {
			return ruleQuestion{Verb: news.Split, Stories: args[:1], Item: args[1]}
		}),
		p.ruling("origin STORY STATION", "Say who made a story", cobra.ExactArgs(2), func(args []string) ruleQuestion {
			return ruleQuestion{Verb: news.Credit, Stories: args[:1], Maker: args[1]}
		}),
		p.ruling("retract STORY...", "Withdraw stories, or all that a feed's flood holds", cobra.MinimumNArgs(1), ofStories(news.Retract)),
		p.ruling("restore STORY...", "Publish withdrawn stories again", cobra.MinimumNArgs(1), ofStories(news.Restore)),
		p.ruling("hold STORY...", "Keep stories back until they are released", cobra.MinimumNArgs(1), ofStories(news.Hold)),
		p.ruling("release STORY...", "Publish held stories, or all that a feed's flood holds", cobra.MinimumNArgs(1), ofStories(news.Release)),
		p.ruling("trust FEED", "Give a feed back what it lost: guids, claims and addresses count again", cobra.ExactArgs(1), func(args []string) ruleQuestion {
			return ruleQuestion{Verb: news.Trust, Feed: args[0]}
		}),
	}
}

func ofStories(verb news.Verb) func([]string) ruleQuestion {
	return func(args []string) ruleQuestion { return ruleQuestion{Verb: verb, Stories: args} }
}

// ruling is one such command.
func (p *program) ruling(use, short string, count cobra.PositionalArgs, question func([]string) ruleQuestion) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: use, Short: short, Args: args(count),
		RunE: func(c *cobra.Command, args []string) error {
			q := question(args)
			q.Reason, q.User = reason, userName()
			var a ruleAnswer
			if err := p.ask(c.Context(), "rule", q, &a); err != nil {
				return err
			}
			return p.printRuled(a)
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the log; it is not published")
	return c
}

// userName is who the command runs for, as the system names them.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// printRuled shows a story a line.
func (p *program) printRuled(a ruleAnswer) error {
	var text strings.Builder
	for _, s := range a.Stories {
		items := "1 item"
		if s.Items != 1 {
			items = fmt.Sprint(s.Items, " items")
		}
		origin := "origin not stated"
		if s.Origin != "" {
			origin = "origin " + s.Origin
		}
		fmt.Fprintf(&text, "%s %s, %s, %s: %s\n", s.ID, s.Status, items, harmless(origin), harmless(s.Title))
	}
	for _, f := range a.Feeds {
		fmt.Fprintf(&text, "%s is trusted again\n", harmless(f))
	}
	_, err := fmt.Fprint(p.Out, text.String())
	return err
}

// rule keeps and applies a ruling, and has what is published follow at once.
func (d *desk) rule(ctx context.Context, q ruleQuestion) (ruleAnswer, error) {
	uid, ok := web.Peer(ctx)
	if !ok {
		uid = os.Getuid()
	}
	ctx = context.WithoutCancel(ctx) // once begun it is finished, though the daemon stops
	rulings, stories, err := d.store.Rule(ctx, identity.Order{
		Verb: q.Verb, Stories: q.Stories, Item: q.Item, Maker: q.Maker, Feed: q.Feed, Reason: q.Reason, User: q.User, UID: uid,
	}, time.Now())
	if err != nil {
		return ruleAnswer{}, err
	}
	for _, r := range rulings {
		d.log.Info("ruling", "rule", string(r.Verb), "number", r.Number, "items", len(r.Items)+len(r.With), "feed", r.Feed, "uid", r.UID, "user", r.User, "reason", r.Reason)
	}
	if err := d.settle(ctx); err != nil {
		return ruleAnswer{}, err
	}
	return d.ruled(rulings, stories)
}

// settle gives ids to new stories, and where the desk runs, announces what has changed.
func (d *desk) settle(ctx context.Context) error {
	if d.running != nil {
		return d.running.Settle(ctx)
	}
	_, _, err := d.store.Settle(ctx, time.Now())
	return err
}

// ruled is what has become of stories and feeds.
func (d *desk) ruled(rulings []news.Ruling, stories []*news.Story) (ruleAnswer, error) {
	a := ruleAnswer{Stories: []ruledStory{}, Feeds: []string{}}
	for _, r := range rulings {
		if r.Verb == news.Trust {
			a.Feeds = append(a.Feeds, r.Feed)
		}
	}
	for _, s := range stories {
		now, err := d.store.StoryNumbered(s.Number)
		if err != nil {
			return a, err
		}
		r := ruledStory{ID: now.ID, Status: now.Status, Items: len(now.Members)}
		if i := now.Item(now.LeadItem); i != nil {
			r.Title = i.Entry.Title
		}
		if now.Origin != nil {
			r.Origin = now.Origin.Name
		}
		a.Stories = append(a.Stories, r)
	}
	return a, nil
}
