package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"fronteras/aggregator/identity"
)

// explainQuestion names a story, an address or a guid.
type explainQuestion struct {
	What string `json:"what"`
}

func (p *program) explain() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "explain WHAT", Short: "Say why a story, an address or a guid is where it is", Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			var e identity.Explanation
			if err := p.ask(c.Context(), "explain", explainQuestion{args[0]}, &e); err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(e)
			}
			_, err := fmt.Fprint(p.Out, e.Words())
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print an object for programs")
	return c
}

// explain answers for the first story that what leads to.
func (d *desk) explain(_ context.Context, q explainQuestion) (identity.Explanation, error) {
	stories, err := d.store.Lookup(q.What)
	if err != nil {
		return identity.Explanation{}, err
	}
	if len(stories) == 0 {
		return identity.Explanation{}, fmt.Errorf("nothing here is or was known as %.200q", q.What)
	}
	return d.rules.Explain(q.What, stories[0]), nil
}
