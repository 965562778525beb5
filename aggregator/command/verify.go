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

func newVerifyCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "verify [FILE]", Short: "Read the whole store, or a backup, and report whether it is sound",
		Args: checkArgs(cobra.MaximumNArgs(1)),
		Long: "Read the whole store and report whether it is sound: every page and every record, whether\n" +
			"each entry of a list leads somewhere, each item is in one story, and no id is given\n" +
			"twice. The daemon keeps running; a copy is read, which needs as much room next to the store.\n" +
			"With FILE, read that file instead, such as a backup. The file is not changed, and neither a\n" +
			"configuration nor a daemon is needed.",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return verifyFile(c.Context(), p, args[0])
			}
			done := showProgress(p.Err, "reading the store")
			var found store.Condition
			err := p.askDesk(c.Context(), "verify", verifyQuestion{}, &found)
			done()
			if err != nil {
				return err
			}
			return reportCondition(p, found, "the store is not sound: "+
				"restore a backup, or continue without what is listed")
		},
	}
}

// verifyStore reads the desk's whole store.
func verifyStore(ctx context.Context, a *app, _ verifyQuestion) (store.Condition, error) {
	return a.store.Verify(ctx)
}

// verifyFile reads a file that no daemon has open.
func verifyFile(ctx context.Context, p *program, file string) error {
	if file == "" {
		return usageError{errors.New("FILE is empty: name the file to read")}
	}
	version, _ := buildVersion()
	done := showProgress(p.Err, "reading "+terminalSafe(file))
	found, err := store.VerifyFile(ctx, file, version)
	done()
	switch {
	case errors.Is(err, store.ErrBusy):
		return fmt.Errorf("%s: a running daemon, or a command, has it open as its store: "+
			"to read that, use fronteras verify without FILE", file)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file", file)
	case err != nil:
		return err
	}
	return reportCondition(p, found,
		file+": it is not sound: restore another backup, or continue without what is listed")
}

// reportCondition prints the condition of a store. If it is not sound, it fails with advice.
func reportCondition(p *program, found store.Condition, advice string) error {
	var text strings.Builder
	for _, f := range found.Faults {
		fmt.Fprintln(&text, terminalSafe(f))
	}
	if found.More > 0 {
		fmt.Fprintf(&text, "and %d more\n", found.More)
	}
	if len(found.Faults) == 0 {
		fmt.Fprintf(&text, "sound: %d stories, %d items, %d ids, %d rulings, %d feeds; %d bytes, %d of them free\n",
			found.Stories, found.Items, found.IDs, found.Rulings, found.Feeds, found.Bytes, found.Free)
	}
	if _, err := fmt.Fprint(p.Out, text.String()); err != nil || len(found.Faults) == 0 {
		return err
	}
	return errors.New(advice)
}
