package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator"
	"fronteras/aggregator/owner"
	"fronteras/aggregator/publish"
	"fronteras/store"
)

// onceGap is the time between two requests to a host: somebody waits.
const onceGap = 100 * time.Millisecond

func (p *program) once() *cobra.Command {
	var out string
	var strict bool
	c := &cobra.Command{
		Use: "once --out DIR", Short: "Poll every feed now and write the documents into a folder", Args: args(cobra.NoArgs),
		Long: "Poll every feed now, whatever its schedule, and write feed.rss feed.atom feed.json\n" +
			"podcast.rss index.html stations.opml into a folder. Feeds that failed are named on\n" +
			"standard error.",
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{errors.New("once needs --out DIR, the folder to write into")}
			}
			return p.runOnce(c.Context(), out, strict)
		},
	}
	c.Flags().StringVar(&out, "out", "", "the `folder` to write into; it is made if it is not there")
	c.Flags().BoolVar(&strict, "strict", false, "exit with 1 if a feed failed")
	return c
}

func (p *program) runOnce(ctx context.Context, out string, strict bool) (err error) {
	c, err := p.load()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go tendMemory(ctx)
	d, err := p.open(c, store.Options{Wait: lockWait})
	if errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("%w: a daemon runs on this store; its documents are served at %s", err, c.Desk.URL)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	d.gap = onceGap
	if err := d.start(ctx, aggregator.New, func(context.Context) {}); err != nil {
		return err
	}
	if err := d.rekey(ctx); err != nil {
		return err
	}
	done := p.progress(fmt.Sprintf("visiting %d feeds", len(d.feeds())))
	_, paused, err := d.running.Poll(ctx, "")
	done()
	if err != nil {
		return err
	}
	for _, v := range paused {
		fmt.Fprintf(p.Err, "%s %s: not visited: %s\n", v.Station, v.Feed, pausedUntil(v))
	}
	failed, err := p.nameFailures(d)
	if err != nil {
		return err
	}
	if err := d.write(ctx, out); err != nil {
		return err
	}
	if strict && failed > 0 {
		return fmt.Errorf("%d of %d feeds failed", failed, len(d.feeds()))
	}
	return nil
}

// nameFailures says on standard error which feeds failed, and counts them.
func (p *program) nameFailures(d *desk) (failed int, err error) {
	visits, err := d.store.FeedStates()
	for _, v := range visits {
		if v.Failures > 0 {
			failed++
			fmt.Fprintf(p.Err, "%s %s: %s\n", v.Station, v.Feed, harmless(v.Error))
		}
	}
	return failed, err
}

// write renders every document, then replaces the files in a folder one by one.
func (d *desk) write(ctx context.Context, folder string) error {
	if about, err := d.store.About(); err != nil || !about.Read {
		return errors.Join(err, errors.New("no feed has been read yet: nothing is written"))
	}
	e, _, err := d.edition(ctx)
	if err != nil {
		return err
	}
	e.Standalone = true
	r := publish.NewRenderer(e)
	files := map[string]publish.Document{}
	for _, f := range publish.Formats() {
		if files[f.File], err = r.Render(f, publish.Selection{}, d.config.Desk.Language); err != nil {
			return fmt.Errorf("%s: %w", f.File, err)
		}
		if err := d.flag(ctx, files[f.File].LeftOut); err != nil {
			return err
		}
	}
	if err := makeFolder(folder); err != nil {
		return err
	}
	for name, d := range files {
		if err := replace(filepath.Join(folder, name), d.Body); err != nil {
			return err
		}
	}
	return nil
}

// makeFolder makes a folder that others but our group cannot look into, whatever the
// umask; one that is there stays as it is.
func makeFolder(folder string) error {
	_, err := os.Stat(folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(os.MkdirAll(folder, 0o750), os.Chmod(folder, 0o750), owner.GiveFolder(folder, filepath.Dir(filepath.Clean(folder))))
}

// replace puts a file in the place of another in one step: readers see the old
// or the new one, never a part. It keeps that one's mode and, where this process may
// give files away, its owner; a link stays, and the file that it leads to is replaced.
func replace(path string, body []byte) (err error) {
	mode := os.FileMode(0o644)
	before, err := os.Stat(path)
	if err == nil {
		mode = before.Mode().Perm()
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	} else if to, err := os.Readlink(path); err == nil {
		return fmt.Errorf("%s: it is a link to %s, where nothing is", path, to)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return inFolderOf(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(body)
	err = errors.Join(err, f.Chmod(mode))
	if before != nil {
		err = errors.Join(err, owner.Give(f, path))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
