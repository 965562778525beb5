package command

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
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

// mark stands for the rules that make keys and stories, and their configuration.
func (d *desk) mark() (string, error) {
	links, err := json.Marshal(d.config.Links)
	return fmt.Sprintf("link %d, rules %d, links %x", link.Version, identity.Version, sha256.Sum256(links)), err
}

// rekey computes keys anew where rules or configuration make others than before.
func (d *desk) rekey(ctx context.Context) error {
	mark, err := d.mark()
	if err != nil {
		return err
	}
	done, err := d.store.Rekey(ctx, mark, time.Now())
	if done {
		d.log.Info("keys computed anew", "versions", mark)
	}
	if ctx.Err() != nil { // the next start goes on
		return nil
	}
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
