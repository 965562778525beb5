package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/identity"
)

// explainQuestion names a story, an address or a GUID.
type explainQuestion struct {
	What string `json:"what"`
}

// explainAnswer is an explanation, for programs and in words.
type explainAnswer struct {
	Reasons identity.Explanation `json:"reasons"`
	Words   string               `json:"words"`
}

func newExplainCommand(p *program) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "explain WHAT", Short: "Explain how a story was put together", Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Explain how a story was put together. WHAT is the story's id, or a GUID or an address of one of\n" +
			"its items.",
		RunE: func(c *cobra.Command, args []string) error {
			var a explainAnswer
			if err := p.askDesk(c.Context(), "explain", explainQuestion{args[0]}, &a); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, a.Reasons)
			}
			_, err := fmt.Fprint(p.Out, a.Words)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return c
}

// explainStory answers for the first story that the question leads to.
func explainStory(_ context.Context, a *app, q explainQuestion) (explainAnswer, error) {
	stories, err := a.store.Lookup(q.What)
	if err != nil {
		return explainAnswer{}, err
	}
	if len(stories) == 0 {
		return explainAnswer{}, fmt.Errorf("no story or item is or was known as %.200q", q.What)
	}
	rulings, err := a.store.Rulings(stories[0])
	if err != nil {
		return explainAnswer{}, err
	}
	e := a.rules.Explain(q.What, stories[0], rulings, time.Now())
	for n := range e.Items {
		e.Items[n].Feed = a.feedForOperators(e.Items[n].Feed)
	}
	var words strings.Builder
	for line := range strings.Lines(e.Words()) { // it quotes documents, on a terminal
		words.WriteString(terminalSafe(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return explainAnswer{e, words.String()}, nil
}
