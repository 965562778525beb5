package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/web"
	"fronteras/store"
)

// backupQuestion asks for a copy of the store. The command decides where it goes: the daemon does
// not write files that somebody names to it.
type backupQuestion struct{}

// backedUpQuestion says that a copy has been written.
type backedUpQuestion struct {
	Made time.Time `json:"made"`
}

func newBackupCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a consistent copy of the store, whether or not the daemon runs",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Write a consistent copy of the store into a file, whether or not the daemon runs. An\n" +
			"existing file is replaced as a whole or stays as it is; it has to be empty or another\n" +
			"backup. The copy is a store: to restore it, stop the daemon, copy it over the store, and\n" +
			"start the daemon.",
		RunE: func(c *cobra.Command, args []string) error {
			file, err := checkBackupTarget(p, args[0])
			if err != nil {
				return err
			}
			defer showProgress(p.Err, "copying the store")()
			made := time.Now().UTC().Truncate(time.Second)
			ask := func(w io.Writer) error { return p.askDesk(c.Context(), "backup", backupQuestion{}, w) }
			damage, err := replaceWithCopy(c.Context(), file, "", ask)
			if err != nil {
				return err
			}
			if len(damage) > 0 {
				fmt.Fprintf(p.Err, "%s holds the damage of the store, %s: %s; keep an older backup\n", file,
					pluralOf(len(damage), "fault"), terminalSafe(damage[0]))
			}
			if err := p.askDesk(c.Context(), "backedup", backedUpQuestion{made}, new(struct{})); err != nil {
				return fmt.Errorf("%s is written, but that could not be recorded in the store: %w", file, err)
			}
			return nil
		},
	}
}

// checkBackupTarget is the file that a backup is written to, with links followed. It fails for a
// file that is neither empty nor a backup, such as a configuration, or a store that is in use.
func checkBackupTarget(p *program, file string) (string, error) {
	c, err := p.loadConfig()
	if err != nil {
		return "", err
	}
	if file == "" {
		return "", usageError{errors.New("FILE is empty: name the file to write")}
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if to, err := os.Readlink(file); err == nil {
			return "", danglingLinkError(file, to)
		}
		return file, nil
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: it exists and is not a regular file: name another one", file)
	}
	if live, err := os.Stat(c.Store); err == nil && os.SameFile(info, live) {
		return "", fmt.Errorf("%s: this is the store itself: name another file for its copy", file)
	}
	switch err := store.Replaceable(file); {
	case errors.Is(err, store.ErrBusy):
		return "", fmt.Errorf("%s: a running daemon has it open as its store: name another file", file)
	case errors.Is(err, store.ErrNoStore), errors.Is(err, store.ErrPacked):
		return "", fmt.Errorf("%s: it exists and is not a backup: name another file, or delete it first", file)
	case err != nil:
		return "", err
	}
	return filepath.EvalSymlinks(file)
}

// streamBackup copies the desk's store and sends the copy.
func streamBackup(ctx context.Context, a *app, _ backupQuestion) (web.Stream, error) {
	c, err := a.store.Backup(ctx, time.Now())
	if err != nil {
		return web.Stream{}, err
	}
	return web.Stream{Size: c.Size, Send: func(w io.Writer) error {
		_, err := io.Copy(w, c)
		return errors.Join(err, c.Close())
	}}, nil
}

// noteBackup records that a copy has been written.
func noteBackup(ctx context.Context, a *app, q backedUpQuestion) (struct{}, error) {
	if err := a.store.NoteBackup(ctx, q.Made); err != nil {
		return struct{}{}, err
	}
	a.log.Info("backup made", "store", a.config.Store)
	return struct{}{}, nil
}
