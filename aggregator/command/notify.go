package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
	"fronteras/store"
)

// recipientsQuestion asks who hears of what happens.
type recipientsQuestion struct{}

// recipientsAnswer lists them; its shape is a contract.
type recipientsAnswer struct {
	Recipients []recipientAnswer `json:"recipients"`
}

type recipientAnswer struct {
	Address string               `json:"address"` // as in the configuration
	As      news.RecipientFormat `json:"as"`
	Off     *time.Time           `json:"off"` // since when; null: it is not
	Waiting int                  `json:"waiting"`
	Failed  int                  `json:"failed"` // notices that were given up
	Last    *time.Time           `json:"last"`   // when a message was accepted last
}

// addressQuestion names a recipient by its address.
type addressQuestion struct {
	Address string `json:"address"`
}

// notifiedAnswer says what came of a command about a recipient.
type notifiedAnswer struct {
	Off bool `json:"off"` // nothing else is sent to it
}

// newNotifyCommand returns the commands for who hears of what happens.
func newNotifyCommand(p *program) *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "List the recipients of notices, and what waits for them", Args: checkArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			var a recipientsAnswer
			if err := p.askDesk(c.Context(), "recipients", recipientsQuestion{}, &a); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Out, a)
			}
			return printTable(p.Out, rowsOfRecipients(a.Recipients))
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	test := &cobra.Command{
		Use: "test ADDRESS", Short: "Send a recipient a notice that says that it is a test",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Send a recipient a notice that says that it is a test, now, and print whether its server has taken it.\n" +
			"ADDRESS is one of notify.to, as it is written there.",
		RunE: func(c *cobra.Command, args []string) error {
			var a notifiedAnswer
			if err := p.askDesk(c.Context(), "notifytest", addressQuestion{args[0]}, &a); err != nil {
				return err
			}
			text := "accepted"
			if a.Off {
				text += "; notices are off for this address: fronteras notify on " + terminalSafe(args[0])
			}
			_, err := fmt.Fprintln(p.Out, text)
			return err
		},
	}
	on := &cobra.Command{
		Use: "on ADDRESS", Short: "Send notices again to an address that unsubscribed",
		Args: checkArgs(cobra.ExactArgs(1)),
		Long: "Send notices again to an address that unsubscribed: of what happens from now on.\n" +
			"ADDRESS is one of notify.to, as it is written there.",
		RunE: func(c *cobra.Command, args []string) error {
			var a notifiedAnswer
			if err := p.askDesk(c.Context(), "notifyon", addressQuestion{args[0]}, &a); err != nil {
				return err
			}
			text := "on"
			if !a.Off {
				text = "it was on"
			}
			_, err := fmt.Fprintln(p.Out, text)
			return err
		},
	}
	c := &cobra.Command{
		Use: "notify", Short: "List who hears of what happens, and try whether notices arrive",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command notify %q; see fronteras notify --help", args[0])}
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("one of list, test, on is missing; see fronteras notify --help")}
		},
	}
	c.AddCommand(list, test, on)
	return c
}

// rowsOfRecipients shows a recipient a line.
func rowsOfRecipients(list []recipientAnswer) [][]string {
	rows := [][]string{{"ADDRESS", "AS", "OFF SINCE", "WAITING", "FAILED", "LAST"}}
	for _, r := range list {
		rows = append(rows, []string{r.Address, string(r.As), formatMinute(r.Off), strconv.Itoa(r.Waiting),
			strconv.Itoa(r.Failed), formatMinute(r.Last)})
	}
	return rows
}

// listRecipients lists the recipients of the configuration, in the order of the file.
func listRecipients(_ context.Context, a *app, _ recipientsQuestion) (recipientsAnswer, error) {
	answer := recipientsAnswer{Recipients: []recipientAnswer{}}
	known, err := a.store.Recipients()
	for _, r := range a.config.Notify.To {
		one := recipientAnswer{Address: r.Address, As: r.As}
		for _, state := range known {
			if state.Key == r.Key() {
				one.Off, one.Last = secondOrNil(state.Off), secondOrNil(state.Last)
				one.Waiting, one.Failed = state.Waiting, state.Failed
			}
		}
		answer.Recipients = append(answer.Recipients, one)
	}
	return answer, err
}

// secondOrNil is a time of day in UTC, to the second; nil for none.
func secondOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// recipientsAt are the recipients that somebody names by their address.
func recipientsAt(a *app, address string) (list []news.Recipient, err error) {
	var addresses []string
	for _, r := range a.config.Notify.To {
		if r.Address == address || r.As == news.AsMail && strings.EqualFold(r.Address, "mailto:"+address) {
			list = append(list, r)
		}
		addresses = append(addresses, r.Address)
	}
	switch {
	case len(addresses) == 0:
		return nil, errors.New("the configuration lists no recipients: write them under notify.to")
	case len(list) == 0:
		return nil, fmt.Errorf("%q is no recipient: notify.to has %s", address, strings.Join(addresses, ", "))
	}
	return list, nil
}

// testRecipient sends a notice to a recipient that says that it is a test.
func testRecipient(ctx context.Context, a *app, q addressQuestion) (notifiedAnswer, error) {
	list, err := recipientsAt(a, q.Address)
	if err != nil {
		return notifiedAnswer{}, err
	}
	r := list[0]
	if r.Target == "" {
		return notifiedAnswer{}, fmt.Errorf("%s cannot be read: fronteras check says why", r.Address)
	}
	state, err := a.store.Recipient(r.Key())
	if err != nil && !errors.Is(err, store.ErrUnknown) { // the desk has not run since it was added
		return notifiedAnswer{}, err
	}
	service := newNoticeService(a, nil)
	if err := service.SendTest(ctx, r, state); err != nil {
		return notifiedAnswer{}, fmt.Errorf("not accepted: %w", err)
	}
	return notifiedAnswer{Off: !state.Off.IsZero()}, nil
}

// switchRecipientOn has notices be sent again to an address that unsubscribed.
func switchRecipientOn(ctx context.Context, a *app, q addressQuestion) (notifiedAnswer, error) {
	list, err := recipientsAt(a, q.Address)
	if err != nil {
		return notifiedAnswer{}, err
	}
	wasOff := false
	for _, r := range list {
		state, err := a.store.Recipient(r.Key())
		if err != nil && !errors.Is(err, store.ErrUnknown) {
			return notifiedAnswer{}, err
		}
		wasOff = wasOff || !state.Off.IsZero()
	}
	if !wasOff {
		return notifiedAnswer{}, nil
	}
	a.log.Info("notices are on again", "to", notify.HostOf(list[0].Target), "uid", askerUID(ctx))
	return notifiedAnswer{Off: true}, a.store.SetRecipientOff(ctx, list[0].Address, time.Time{})
}
