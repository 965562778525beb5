package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/publish"
	"fronteras/store"
)

// onceGap is the time between two requests to a host: somebody waits.
const onceGap = 100 * time.Millisecond

func newOnceCommand(p *program) *cobra.Command {
	var out string
	var strict bool
	c := &cobra.Command{
		Use: "once --out DIR", Short: "Poll every feed now and write the documents into a folder",
		Args: checkArgs(cobra.NoArgs),
		Long: "Poll every feed now, whatever its schedule, and write feed.rss feed.atom feed.json\n" +
			"podcast.rss index.html stations.opml into a folder. Feeds that failed are listed on\n" +
			"standard error.",
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{errors.New("once needs --out DIR, the folder to write into")}
			}
			return runOnce(c.Context(), p, out, strict)
		},
	}
	c.Flags().StringVar(&out, "out", "", "the `folder` to write into; it is created if it does not exist")
	c.Flags().BoolVar(&strict, "strict", false, "exit with 1 if a feed failed")
	return c
}

func runOnce(ctx context.Context, p *program, out string, strict bool) (err error) {
	c, err := p.loadConfig()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go tuneGarbageCollector(ctx)
	a, err := openApp(c, p.Env, store.Options{Wait: lockTimeout})
	if errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("%w: a daemon runs on this store; its documents are served at %s", err, c.Desk.URL)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	a.gap = onceGap
	if err := a.startPolling(ctx, func(context.Context) {}); err != nil {
		return err
	}
	if err := recomputeKeys(ctx, a); err != nil {
		return err
	}
	feeds := len(a.feedList())
	done := showProgress(p.Err, fmt.Sprintf("visiting %d feeds", feeds))
	_, paused, err := a.running.Poll(ctx, "")
	done()
	if err != nil {
		return err
	}
	for _, s := range paused {
		fmt.Fprintf(p.Err, "%s %s: not visited: %s\n", s.Station, a.feedForOperators(s.Feed), pauseReason(s))
	}
	states, err := a.store.FeedStates()
	if err != nil {
		return err
	}
	failed := 0
	for _, s := range states {
		if s.Failures > 0 {
			failed++
			fmt.Fprintf(p.Err, "%s %s: %s\n", s.Station, a.feedForOperators(s.Feed), terminalSafe(s.Error))
		}
		lines := aggregator.LossWords(s)
		if waiting := aggregator.AwaitingWords(s); waiting != "" {
			lines = append(lines, waiting)
		}
		for _, line := range lines {
			fmt.Fprintf(p.Err, "%s %s: %s\n", s.Station, a.feedForOperators(s.Feed), terminalSafe(line))
		}
	}
	if err := writeDocuments(ctx, a, out); err != nil {
		return err
	}
	if strict && failed > 0 {
		return fmt.Errorf("%d of %d feeds failed", failed, feeds)
	}
	return nil
}

// writeDocuments renders every document, then replaces the files in a folder one by one.
func writeDocuments(ctx context.Context, a *app, folder string) error {
	if about, err := a.store.About(); err != nil || !about.Read {
		return errors.Join(err, errors.New("no feed has been read yet: nothing is written"))
	}
	e, _, err := newEdition(ctx, a)
	if err != nil {
		return err
	}
	e.Standalone = true
	r := publish.NewRenderer(e)
	files := map[string]publish.Document{}
	for _, f := range publish.Formats() {
		if files[f.File], err = r.Render(f, publish.Selection{}, publish.Locale{Language: a.config.Desk.Language}); err != nil {
			return fmt.Errorf("%s: %w", f.File, err)
		}
		if err := flagLeftOut(ctx, a, files[f.File].LeftOut); err != nil {
			return err
		}
	}
	if err := createFolder(folder, filepath.Dir(filepath.Clean(folder))); err != nil {
		return err
	}
	for name, d := range files {
		if err := replaceFile(filepath.Join(folder, name), d.Body); err != nil {
			return err
		}
	}
	return nil
}
