package command

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/config"
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
	Changes []store.StoryChange `json:"changes"`
}

func newRefoldCommand(p *program) *cobra.Command {
	var q refoldQuestion
	c := &cobra.Command{
		Use: "refold", Short: "Run the current rules over everything stored", Args: checkArgs(cobra.NoArgs),
		Long: "Run the current rules and configuration over all stored items and rulings, and list what\n" +
			"changes. Published ids never change.",
		RunE: func(c *cobra.Command, _ []string) error {
			done := showProgress(p.Err, "refolding")
			var a refoldAnswer
			err := p.askDesk(c.Context(), "refold", q, &a)
			done()
			if err != nil {
				return err
			}
			var text strings.Builder
			for _, c := range a.Changes {
				fmt.Fprintf(&text, "%s %s\n", c.Story, terminalSafe(c.Title))
				for _, what := range c.What {
					fmt.Fprintf(&text, "  %s\n", terminalSafe(what))
				}
			}
			verb := "changed"
			if q.Dry {
				verb = "would change"
			}
			_, err = fmt.Fprintf(p.Out, "%s%d stories %s\n", &text, len(a.Changes), verb)
			return err
		},
	}
	c.Flags().BoolVar(&q.Dry, "dry-run", false, "only list what would change")
	return c
}

// refoldStore runs the current rules over the store.
func refoldStore(ctx context.Context, a *app, q refoldQuestion) (refoldAnswer, error) {
	changes, err := a.store.Refold(ctx, time.Now(), q.Dry)
	if err != nil || q.Dry {
		return refoldAnswer{changes}, err
	}
	a.log.Info("refolded", "changed", len(changes))
	return refoldAnswer{changes}, a.settleStories(ctx)
}

// keyVersions identifies the rules that make keys and stories, and their configuration.
func keyVersions(c *config.Config) (string, error) {
	links, err := json.Marshal(c.Links)
	return fmt.Sprintf("link %d, rules %d, links %x", link.Version, identity.Version, sha256.Sum256(links)), err
}

// recomputeKeys computes the stored keys again if rules or configuration make other keys than
// before.
func recomputeKeys(ctx context.Context, a *app) error {
	versions, err := keyVersions(a.config)
	if err != nil {
		return err
	}
	done, err := a.store.Rekey(ctx, versions, time.Now())
	if done {
		a.log.Info("keys recomputed", "versions", versions)
	}
	if ctx.Err() == nil { // otherwise the next start continues
		return err
	}
	return nil
}
