package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
)

// casesQuestion asks for what waits for an editor.
type casesQuestion struct{}

// caseAnswer is a case as programs get it; its shape is a contract.
type caseAnswer struct {
	ID      string         `json:"id"`
	Kind    news.CaseKind  `json:"kind"`
	State   news.CaseState `json:"state"`
	Since   time.Time      `json:"since"`
	Stories []string       `json:"stories"`
	Feed    string         `json:"feed"`
	Why     string         `json:"why"`
	URL     string         `json:"url"` // of its page; "" where the desk has no editors' pages
}

func newCasesCommand(p *program) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "cases", Short: "List what waits for an editor to decide", Args: checkArgs(cobra.NoArgs),
		Long: "List what waits for an editor to decide: killed and withdrawn stories, floods, pairs that may be one,\n" +
			"and the rest; then what an editor holds. `stories --flagged` shows each with the commands to type.",
		RunE: func(c *cobra.Command, _ []string) error {
			var list []caseAnswer
			if err := p.askDesk(c.Context(), "cases", casesQuestion{}, &list); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, list)
			}
			return printTable(p.Out, rowsOfCases(list))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return c
}

// rowsOfCases shows a case a line.
func rowsOfCases(list []caseAnswer) [][]string {
	rows := [][]string{{"CASE", "SINCE", "KIND", "STATE", "ABOUT", "WHY"}}
	for _, c := range list {
		about := c.Stories
		if c.Feed != "" {
			about = append([]string{c.Feed}, about...)
		}
		const most = 3
		if len(about) > most {
			about = append(about[:most:most], fmt.Sprintf("and %d more", len(about)-most))
		}
		rows = append(rows, []string{c.ID, formatMinute(&c.Since), string(c.Kind), string(c.State),
			strings.Join(about, " "), c.Why})
	}
	return rows
}

// listCases answers for what waits for an editor.
func listCases(_ context.Context, a *app, _ casesQuestion) ([]caseAnswer, error) {
	found, err := a.store.Cases(time.Now())
	list := []caseAnswer{}
	for _, c := range found {
		list = append(list, newCaseAnswer(a, c))
	}
	return list, err
}

func newCaseAnswer(a *app, c news.Case) caseAnswer {
	answer := caseAnswer{
		ID: strconv.FormatUint(c.Number, 10), Kind: c.Kind, State: c.State, Since: c.Since.UTC().Truncate(time.Second),
		Stories: append([]string{}, c.Stories...), Why: c.Why,
	}
	slices.Sort(answer.Stories)
	if c.Feed != "" {
		answer.Feed = a.feedForOperators(c.Feed)
	}
	if len(a.config.Editors.People) > 0 {
		answer.URL = a.config.Editors.URL + "/desk/cases/" + answer.ID
	}
	return answer
}
