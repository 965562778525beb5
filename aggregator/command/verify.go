package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fronteras/store"
)

// verifyQuestion asks whether the store is sound.
type verifyQuestion struct{}

func (p *program) verify() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Read the whole store and say whether it is sound", Args: args(cobra.NoArgs),
		Long: "Read the whole store and say whether it is sound: every page and every record, whether\n" +
			"each entry of a list leads somewhere, each item is in one story, and no id is given\n" +
			"twice. The daemon goes on meanwhile; a copy is read, which takes room beside the store.",
		RunE: func(c *cobra.Command, _ []string) error {
			done := p.progress("reading the store")
			var a store.Condition
			err := p.ask(c.Context(), "verify", verifyQuestion{}, &a)
			done()
			if err != nil {
				return err
			}
			return p.printCondition(a)
		},
	}
}

// printCondition says what a store was found to be. It fails where that is not
// sound.
func (p *program) printCondition(a store.Condition) error {
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
	return errors.New("the store is not sound: restore a backup, or go on without what is named")
}

// verify reads the desk's whole store.
func (d *desk) verify(ctx context.Context, _ verifyQuestion) (store.Condition, error) {
	return d.store.Verify(ctx)
}
