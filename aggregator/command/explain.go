package command

import (
	"context"
	"fmt"
	"strings"
	"time"

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
			var a explainAnswer
			if err := p.ask(c.Context(), "explain", explainQuestion{args[0]}, &a); err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(a.Reasons)
			}
			_, err := fmt.Fprint(p.Out, a.Words)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print an object for programs")
	return c
}

// explainAnswer is an explanation for programs, and for people.
type explainAnswer struct {
	Reasons identity.Explanation `json:"reasons"`
	Words   string               `json:"words"`
}

// explain answers for the first story that what leads to.
func (d *desk) explain(_ context.Context, q explainQuestion) (explainAnswer, error) {
	stories, err := d.store.Lookup(q.What)
	if err != nil {
		return explainAnswer{}, err
	}
	if len(stories) == 0 {
		return explainAnswer{}, fmt.Errorf("nothing here is or was known as %.200q", q.What)
	}
	rulings, err := d.store.Rulings(stories[0])
	if err != nil {
		return explainAnswer{}, err
	}
	e := d.rules.Explain(q.What, stories[0], rulings, time.Now())
	var words strings.Builder
	for line := range strings.Lines(e.Words()) { // texts of documents, on a terminal
		words.WriteString(harmless(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return explainAnswer{e, words.String()}, nil
}
