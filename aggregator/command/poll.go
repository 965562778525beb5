package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
)

// pollQuestion asks for visits now.
type pollQuestion struct {
	Feed string `json:"feed"` // an address or a station's id; empty for all
}

// pollAnswer says how many visits were made.
type pollAnswer struct {
	Visits int `json:"visits"`
}

func (p *program) poll() *cobra.Command {
	return &cobra.Command{
		Use: "poll [FEED]", Short: "Visit a feed, a station's feeds, or all, now", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			var q pollQuestion
			if len(args) > 0 {
				q.Feed = args[0]
			}
			var a pollAnswer
			if err := p.ask(c.Context(), "poll", q, &a); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.Out, "%d visited\n", a.Visits)
			return err
		},
	}
}

// pollNow visits feeds, by the daemon's workers or, where none runs, by its own.
func (d *desk) pollNow(ctx context.Context, q pollQuestion) (pollAnswer, error) {
	if d.running == nil {
		if err := d.start(ctx, aggregator.New, func(context.Context) {}); err != nil {
			return pollAnswer{}, err
		}
	}
	known := func(f news.Feed) bool { return q.Feed == f.URL || q.Feed == f.Station }
	if q.Feed != "" && !slices.ContainsFunc(d.feeds(), known) {
		return pollAnswer{}, fmt.Errorf("no visit could be made: there is no feed and no station %q; fronteras stations lists them", q.Feed)
	}
	n, paused, err := d.running.Poll(ctx, q.Feed)
	switch {
	case err != nil || n > 0:
	case len(paused) > 0:
		err = fmt.Errorf("%s: no visit could be made: %s", paused[0].Feed, pausedUntil(paused[0]))
	default:
		err = errors.New("no visit could be made")
	}
	return pollAnswer{n}, err
}

// pausedUntil says how long a feed is left alone, and why.
func pausedUntil(v news.FeedState) string {
	text := "its server is left alone until " + v.Paused.UTC().Format(time.RFC3339)
	if v.Error != "" {
		text += " (" + harmless(v.Error) + ")"
	}
	return text
}
