package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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

func newPollCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "poll [FEED|STATION]", Short: "Visit a feed, a station's feeds, or all feeds now",
		Args: checkArgs(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			var q pollQuestion
			if len(args) > 0 {
				q.Feed = args[0]
			}
			var a pollAnswer
			if err := p.askDesk(c.Context(), "poll", q, &a); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.Out, "%s visited\n", pluralOf(a.Visits, "feed"))
			return err
		},
	}
}

// pollFeeds visits feeds, with the daemon's workers or, if none runs, with its own.
func pollFeeds(ctx context.Context, a *app, q pollQuestion) (pollAnswer, error) {
	if a.running == nil {
		if err := a.startPolling(ctx, func(context.Context) {}); err != nil {
			return pollAnswer{}, err
		}
	}
	q.Feed = a.feedCalled(q.Feed)
	isMeant := func(f news.Feed) bool { return q.Feed == f.URL || q.Feed == f.Station }
	if q.Feed != "" && !slices.ContainsFunc(a.feedList(), isMeant) {
		return pollAnswer{}, fmt.Errorf("no visit could be made: there is no feed or station %q; "+
			"fronteras stations lists them", q.Feed)
	}
	n, paused, err := a.running.Poll(ctx, q.Feed)
	switch {
	case err != nil || n > 0:
	case len(paused) > 0:
		err = fmt.Errorf("%s: no visit could be made: %s", a.feedForOperators(paused[0].Feed), pauseReason(paused[0]))
	default:
		err = errors.New("no visit could be made")
	}
	return pollAnswer{n}, err
}

// pauseReason says until when a feed is not visited, and why.
func pauseReason(s news.FeedState) string {
	text := "its server asked not to be visited, or cannot be reached, before " + s.Paused.UTC().Format(time.RFC3339)
	if s.Error != "" {
		text += " (" + terminalSafe(s.Error) + ")"
	}
	return text
}
