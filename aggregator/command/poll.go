package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

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
		if err := d.start(ctx, func(context.Context, uint64, []*news.Story) {}); err != nil {
			return pollAnswer{}, err
		}
	}
	n, err := d.running.Poll(ctx, q.Feed)
	if err == nil && n == 0 {
		err = errors.New("no visit could be made: there is no such feed, or its visit is under way")
	}
	return pollAnswer{n}, err
}
