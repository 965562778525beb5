package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"fronteras/store"
)

// verifyQuestion asks whether the store is sound.
type verifyQuestion struct{}

func (p *program) verify() *cobra.Command {
	return &cobra.Command{
		Use: "verify [FILE]", Short: "Read the whole store, or a backup, and say whether it is sound", Args: args(cobra.MaximumNArgs(1)),
		Long: "Read the whole store and say whether it is sound: every page and every record, whether\n" +
			"each entry of a list leads somewhere, each item is in one story, and no id is given\n" +
			"twice. The daemon goes on meanwhile; a copy is read, which takes room beside the store.\n" +
			"With FILE, read that file, such as a backup, instead. It is not changed, and neither\n" +
			"a configuration nor a daemon is needed.",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return p.verifyFile(c.Context(), args[0])
			}
			done := p.progress("reading the store")
			var a store.Condition
			err := p.ask(c.Context(), "verify", verifyQuestion{}, &a)
			done()
			if err != nil {
				return err
			}
			return p.printCondition(a, "the store is not sound: restore a backup, or go on without what is named")
		},
	}
}

// verifyFile reads a file, and says what it was found to be.
func (p *program) verifyFile(ctx context.Context, file string) error {
	if file == "" {
		return usageError{errors.New("FILE is empty: name the file to read")}
	}
	version, _ := versionOf()
	done := p.progress("reading " + harmless(file))
	a, err := store.VerifyFile(ctx, file, version)
	done()
	switch {
	case errors.Is(err, store.ErrBusy):
		return fmt.Errorf("%s: a running daemon, or a command, has it open as its store: read that with fronteras verify, without FILE", file)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such file", file)
	case err != nil:
		return err
	}
	return p.printCondition(a, file+": it is not sound: restore another backup, or go on without what is named")
}

// printCondition says what a store was found to be. It fails where that is not
// sound, with what to do then.
func (p *program) printCondition(a store.Condition, advice string) error {
	var text strings.Builder
	for _, f := range a.Faults {
		fmt.Fprintln(&text, harmless(f))
	}
	if a.More > 0 {
		fmt.Fprintf(&text, "and %d more\n", a.More)
	}
	if len(a.Faults) == 0 {
		fmt.Fprintf(&text, "sound: %d stories, %d items, %d ids, %d rulings, %d feeds; %d bytes, of which %d are free\n",
			a.Stories, a.Items, a.IDs, a.Rulings, a.Feeds, a.Bytes, a.Free)
	}
	if _, err := fmt.Fprint(p.Out, text.String()); err != nil || len(a.Faults) == 0 {
		return err
	}
	return errors.New(advice)
}

// verify reads the desk's whole store.
func (d *desk) verify(ctx context.Context, _ verifyQuestion) (store.Condition, error) {
	return d.store.Verify(ctx)
}
