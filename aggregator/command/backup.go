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
	"golang.org/x/sys/unix"

	"fronteras/aggregator/owner"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// backupQuestion asks for a copy of the store. Where it goes is the command's
// business: the daemon writes no file that somebody names to it.
type backupQuestion struct{}

// backedUpQuestion says that a copy has reached its place.
type backedUpQuestion struct {
	Made time.Time `json:"made"`
}

func (p *program) backup() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a consistent copy of the store, while the daemon runs or not", Args: args(cobra.ExactArgs(1)),
		Long: "Write a consistent copy of the store into a file, while the daemon runs or not. A file\n" +
			"that is there is replaced whole, or stays as it is, and it has to be empty or another\n" +
			"backup. The copy is a store: to restore it, stop the daemon, copy it over the store,\n" +
			"and start the daemon.",
		RunE: func(c *cobra.Command, args []string) error {
			file, err := p.backupTarget(args[0])
			if err != nil {
				return err
			}
			done := p.progress("copying the store")
			err = p.backUp(c.Context(), file)
			done()
			return err
		},
	}
}

// backupTarget is the file that a backup is written to, where a link leads. It refuses
// what is neither empty nor a backup: a configuration, a store that is in use.
func (p *program) backupTarget(file string) (string, error) {
	c, err := p.load()
	if err != nil {
		return "", err
	}
	if file == "" {
		return "", usageError{errors.New("FILE is empty: name the file to write")}
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if to, err := os.Readlink(file); err == nil {
			return "", fmt.Errorf("%s: it is a link to %s, where nothing is", file, to)
		}
		return file, nil
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: it is there, and is no file that could be replaced", file)
	}
	if store, err := os.Stat(c.Store); err == nil && os.SameFile(info, store) {
		return "", fmt.Errorf("%s: this is the store itself; name another file for its copy", file)
	}
	switch err := store.Replaceable(file); {
	case errors.Is(err, store.ErrBusy):
		return "", fmt.Errorf("%s: a running daemon has it open as its store; name another file", file)
	case errors.Is(err, store.ErrNoStore), errors.Is(err, store.ErrPacked):
		return "", fmt.Errorf("%s: it is there, and is no backup; name another file, or delete it first", file)
	case err != nil:
		return "", err
	}
	return filepath.EvalSymlinks(file)
}

// backUp puts a copy of the store in a file's place.
func (p *program) backUp(ctx context.Context, file string) error {
	made := time.Now().UTC().Truncate(time.Second)
	if err := place(ctx, file, "", func(w io.Writer) error { return p.ask(ctx, "backup", backupQuestion{}, w) }); err != nil {
		return err
	}
	var nothing struct{}
	if err := p.ask(ctx, "backedup", backedUpQuestion{made}, &nothing); err != nil {
		return fmt.Errorf("%s is written, but the store could not note that: %w", file, err)
	}
	return nil
}

// place puts a copy of the store in a file's place in one step. Write writes the copy
// beside it; that reaches the disk, and is read again and found whole, before it
// takes the file's name. What is there stays as it is where any of that fails, or
// ctx ends before. The copy gets the owner of what is at like; empty: it is the caller's.
func place(ctx context.Context, file, like string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.tmp")
	if err != nil {
		return inFolderOf(file, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has another name where all went well
	defer f.Close()                            // twice then, which is no harm
	hold(f)
	if err := write(&steady{ctx: ctx, file: f}); err != nil {
		return err
	}
	if like != "" {
		if err := owner.Give(f, like); err != nil {
			return err
		}
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync()); err != nil {
		return err
	}
	if err := store.Intact(ctx, f); err != nil {
		return fmt.Errorf("what was written, read again: %w", err)
	}
	if err := errors.Join(f.Close(), ctx.Err()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return fmt.Errorf("%s: it is written, but may not outlive a power cut: %w", file, err)
	}
	return nil
}

// inFolderOf is the error of a temporary file beside a file: its name says nothing.
func inFolderOf(file string, err error) error {
	var wrong *fs.PathError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: the folder %s: %w", file, filepath.Dir(file), wrong.Err)
	}
	return err
}

// hold reports whether no process is writing a file of which others would find
// nothing but the rest, and keeps them from taking it for that until it is closed.
// Where the file system knows no locks, it is false.
func hold(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }

// steadily is how much of a copy is written before it has to reach the disk: else the
// store's own, small writes would wait behind all of it.
const steadily = 4 << 20

// steady writes a file until its context ends.
type steady struct {
	ctx     context.Context
	file    *os.File
	waiting int // bytes that may not have reached the disk
}

// Write implements [io.Writer].
func (s *steady) Write(text []byte) (n int, err error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err = s.file.Write(text)
	if s.waiting += n; err == nil && s.waiting >= steadily {
		s.waiting = 0
		err = s.file.Sync()
	}
	return n, err
}

// syncFolder has the names in a folder reach the disk.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// backup copies the desk's store and hands that over.
func (d *desk) backup(ctx context.Context, _ backupQuestion) (web.Stream, error) {
	c, err := d.store.Backup(ctx, time.Now())
	if err != nil {
		return web.Stream{}, err
	}
	return web.Stream{Size: c.Size, Send: func(w io.Writer) error {
		_, err := io.Copy(w, c)
		return errors.Join(err, c.Close())
	}}, nil
}

// backedUp notes that a copy has reached its place.
func (d *desk) backedUp(ctx context.Context, q backedUpQuestion) (struct{}, error) {
	if err := d.store.NoteBackup(ctx, q.Made); err != nil {
		return struct{}{}, err
	}
	d.log.Info("backup made", "store", d.config.Store)
	return struct{}{}, nil
}
