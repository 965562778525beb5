package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
)

// decisionsQuestion asks for what editors have decided, the latest first.
type decisionsQuestion struct {
	Since time.Time `json:"since,omitzero"` // zero: since ever
	Limit int       `json:"limit"`          // 0: all
}

// decisionAnswer is a decision as programs get it; its shape is a contract.
type decisionAnswer struct {
	Number  uint64         `json:"number"`
	Verb    news.Verb      `json:"verb"`
	When    time.Time      `json:"when"`
	Who     string         `json:"who"`
	Via     string         `json:"via"`
	Reason  string         `json:"reason"`
	Stories []string       `json:"stories"`
	Feed    string         `json:"feed"`
	Undone  *undoingAnswer `json:"undone"`
}

// undoingAnswer says that a decision no longer counts.
type undoingAnswer struct {
	Number uint64    `json:"number"`
	Who    string    `json:"who"`
	When   time.Time `json:"when"`
}

func newDecisionsCommand(p *program) *cobra.Command {
	var since string
	var asJSON bool
	var q decisionsQuestion
	c := &cobra.Command{
		Use: "decisions", Short: "List what editors have decided, the latest first", Args: checkArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if since != "" {
				var err error
				if q.Since, err = timeOrAge(since, time.Now(), time.UTC); err != nil {
					return usageError{err}
				}
			}
			var decisions []decisionAnswer
			if err := p.askDesk(c.Context(), "decisions", q, &decisions); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, decisions)
			}
			return printTable(p.Out, rowsOfDecisions(decisions))
		},
	}
	c.Flags().StringVar(&since, "since", "",
		"only decisions since a `time`: as 2026-01-31T15:04:05Z, a day in UTC as 2026-01-31, or an age as 7d or 36h")
	c.Flags().IntVar(&q.Limit, "limit", 0, "maximum `number` of decisions (0 = all)")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return c
}

// rowsOfDecisions shows a decision a line.
func rowsOfDecisions(decisions []decisionAnswer) [][]string {
	rows := [][]string{{"NUMBER", "WHEN", "WHO", "DECISION", "ABOUT", "REASON"}}
	for _, d := range decisions {
		about := d.Stories
		if d.Feed != "" {
			about = append([]string{d.Feed}, about...)
		}
		const most = 3
		if len(about) > most {
			about = append(about[:most:most], fmt.Sprintf("and %d more", len(about)-most))
		}
		verb := string(d.Verb)
		if d.Undone != nil {
			verb += fmt.Sprintf(" (undone by %s, %d)", d.Undone.Who, d.Undone.Number)
		}
		rows = append(rows, []string{strconv.FormatUint(d.Number, 10), formatMinute(&d.When), d.Who, verb,
			strings.Join(about, " "), d.Reason})
	}
	return rows
}

// listDecisions answers for what editors have decided.
func listDecisions(_ context.Context, a *app, q decisionsQuestion) ([]decisionAnswer, error) {
	decisions, err := a.store.Decisions(0, q.Limit, q.Since)
	list := []decisionAnswer{}
	for _, d := range decisions {
		answer := decisionAnswer{Number: d.Number, Verb: d.Verb, When: *timeOrNil(d.When), Who: d.Who, Via: d.Via,
			Reason: d.Reason, Stories: d.Stories}
		if answer.Stories == nil {
			answer.Stories = []string{}
		}
		if d.Feed != "" {
			answer.Feed = a.feedForOperators(d.Feed)
		}
		if d.Undone != nil {
			answer.Undone = &undoingAnswer{d.Undone.Number, d.Undone.Who, *timeOrNil(d.Undone.When)}
		}
		list = append(list, answer)
	}
	return list, err
}

// numberOf reads the number of a case or a decision.
func numberOf(what, text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%.50q is not the number of a %s", text, what)
	}
	return n, nil
}
