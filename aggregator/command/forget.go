package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
	"fronteras/store"
)

// forgetQuestion asks for what a feed brought since a time to be dropped.
type forgetQuestion struct {
	Feed   string    `json:"feed"` // an address or a station's id
	Since  time.Time `json:"since"`
	Dry    bool      `json:"dry"`
	Reason string    `json:"reason,omitempty"`
	User   string    `json:"user,omitempty"`
}

func newForgetCommand(p *program) *cobra.Command {
	var q forgetQuestion
	var since string
	var asJSON bool
	c := &cobra.Command{
		Use: "forget FEED|STATION", Short: "Drop what a feed or a station's feeds brought since a time",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Drop the items that a feed brought since a time, and the claims that its earlier items made since.\n" +
			"Published stories that no other station tells are withdrawn, as with retract, and lose their texts\n" +
			"for good: restore publishes their headlines and links alone.\n" +
			"What the feed still shows of the dropped items comes back with its next visit: take it out of the\n" +
			"configuration first, or wait until its station has mended it.",
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if q.Since, err = timeOrAge(since, time.Now(), time.UTC); err != nil {
				return usageError{err}
			}
			q.Feed = args[0]
			q.User = userName()
			var a store.Forgotten
			done := showProgress(p.Err, "forgetting")
			err = p.askDesk(c.Context(), "forget", q, &a)
			if done(); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, a)
			}
			_, err = fmt.Fprint(p.Out, forgottenText(a, q.Dry))
			return err
		},
	}
	c.Flags().StringVar(&since, "since", "",
		"the `time`: as 2026-01-31T15:04:05Z, a day in UTC as 2026-01-31, or an age as 36h")
	c.Flags().BoolVar(&q.Dry, "dry-run", false, "only say what would be dropped")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&q.Reason, "reason", "", "the `reason`, for the log; it is not published")
	return c
}

// timeOrAge reads a time, a day, or how long ago it is.
func timeOrAge(text string, now time.Time, zone *time.Location) (time.Time, error) {
	if age, err := parseAge(text); err == nil && age >= 0 {
		return now.Add(-age), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		switch t, err := time.ParseInLocation(layout, text, zone); {
		case err != nil:
		case t.After(now):
			return time.Time{}, fmt.Errorf("--since is %q: that is still to come; it is %s now", text,
				now.UTC().Format(time.RFC3339))
		default:
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since is %q: expected a time as 2026-01-31T15:04:05Z, a day as 2026-01-31, "+
		"or an age as 7d or 36h", text)
}

// parseAge reads a duration that may begin with days: 7d, 1d12h, 36h.
func parseAge(text string) (time.Duration, error) {
	days, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	age := time.Duration(n) * 24 * time.Hour
	if err != nil || rest == "" {
		return age, err
	}
	more, err := time.ParseDuration(rest)
	return age + more, err
}

// forgottenText shows withdrawn stories a line each, then what was dropped.
func forgottenText(a store.Forgotten, dry bool) string {
	var text strings.Builder
	dropped, withdrawn := "dropped", "withdrawn"
	if dry {
		dropped, withdrawn = "would be dropped", "would be withdrawn"
	}
	for _, id := range a.Withdrawn {
		fmt.Fprintf(&text, "%s %s\n", terminalSafe(id), withdrawn)
	}
	item := "item"
	if len(a.Withdrawn) > 0 { // the items of those stay, without their texts
		item = "other item"
	}
	fmt.Fprintf(&text, "%s and %s %s; stories that go on without them: %d\n", pluralOf(a.Items, item),
		pluralOf(a.Claims, "claim"), dropped, len(a.Changed))
	return text.String()
}

// forgetFeed drops what the feeds that are meant brought since a time, and publishes what that
// changes at once.
func forgetFeed(ctx context.Context, a *app, q forgetQuestion) (all store.Forgotten, err error) {
	uid := askerUID(ctx)
	ctx = context.WithoutCancel(ctx) // once begun it is finished, even if the daemon stops

	feeds, err := a.store.FeedsOfStation(q.Feed) // those that have left the configuration, too
	if err != nil {
		return all, err
	}
	for _, f := range a.feedList() {
		if f.Station == q.Feed && !slices.Contains(feeds, f.URL) { // what is known of its visits may be damaged
			feeds = append(feeds, f.URL)
		}
	}
	if len(feeds) == 0 {
		feeds = []string{a.feedCalled(q.Feed)}
	}
	by := news.Ruling{UID: uid, User: q.User, Reason: q.Reason}
	all = store.Forgotten{Withdrawn: []string{}, Changed: []string{}}
	for _, feed := range feeds {
		one, err := a.store.Forget(ctx, feed, q.Since, time.Now(), by, q.Dry)
		if errors.Is(err, store.ErrUnknown) {
			return all, fmt.Errorf("there is no feed or station %.200q; fronteras stations lists them", q.Feed)
		}
		if err != nil {
			return all, err
		}
		all.Items, all.Claims = all.Items+one.Items, all.Claims+one.Claims
		all.Withdrawn, all.Changed = append(all.Withdrawn, one.Withdrawn...), append(all.Changed, one.Changed...)
		if !q.Dry {
			a.log.Info("forgotten", "feed", a.feedForOperators(feed), "since", q.Since.UTC().Format(time.RFC3339),
				"items", one.Items, "claims", one.Claims, "withdrawn", len(one.Withdrawn), "changed", len(one.Changed),
				"uid", uid, "user", q.User, "reason", q.Reason)
		}
	}
	if q.Dry {
		return all, nil
	}
	return all, a.settleStories(ctx)
}
