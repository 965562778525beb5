package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/store"
)

// refoldQuestion asks for the rules to be run over everything stored.
type refoldQuestion struct {
	Dry bool `json:"dry"`
}

// refoldAnswer says what that changes.
type refoldAnswer struct {
	Changes []store.Change `json:"changes"`
}

func (p *program) refold() *cobra.Command {
	var q refoldQuestion
	c := &cobra.Command{
		Use: "refold", Short: "Run the present rules over everything stored", Args: args(cobra.NoArgs),
		Long: "Run the present rules and configuration over all stored items and rulings, and say\n" +
			"what that changes. Published ids stay what they are.",
		RunE: func(c *cobra.Command, _ []string) error {
			done := p.progress("refolding")
			var a refoldAnswer
			err := p.ask(c.Context(), "refold", q, &a)
			done()
			if err != nil {
				return err
			}
			return p.printChanges(a.Changes, q.Dry)
		},
	}
	c.Flags().BoolVar(&q.Dry, "dry-run", false, "only say what would change")
	return c
}

func (p *program) printChanges(changes []store.Change, dry bool) error {
	var text strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&text, "%s %s\n", c.Story, harmless(c.Title))
		for _, what := range c.What {
			fmt.Fprintf(&text, "  %s\n", harmless(what))
		}
	}
	verb := "changed"
	if dry {
		verb = "would change"
	}
	fmt.Fprintf(&text, "%d stories %s\n", len(changes), verb)
	_, err := fmt.Fprint(p.Out, text.String())
	return err
}

// refoldAll runs the present rules over the store.
func (d *desk) refoldAll(ctx context.Context, q refoldQuestion) (refoldAnswer, error) {
	changes, err := d.store.Refold(ctx, time.Now(), q.Dry)
	if err != nil || q.Dry {
		return refoldAnswer{changes}, err
	}
	d.log.Info("refolded", "changed", len(changes))
	return refoldAnswer{changes}, d.settle(ctx)
}
