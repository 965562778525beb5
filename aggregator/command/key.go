package command

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fronteras/aggregator/link"
)

func newKeyCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "key [URL...|-]", Short: "Show the comparison key of each address",
		Long: "Show the comparison key of each address, one per line; the line is empty if an address has\n" +
			"none. Without an address, or with -, addresses are read from standard input, one per line.",
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := p.loadConfigOrDefault()
			if err != nil {
				return err
			}
			table, err := link.New(c.Links)
			if err != nil {
				return err
			}
			if len(args) > 0 && !(len(args) == 1 && args[0] == "-") {
				for _, a := range args {
					if _, err := fmt.Fprintln(p.Out, table.Key(link.Clean("", a))); err != nil {
						return err
					}
				}
				return nil
			}
			lines := bufio.NewScanner(p.In)
			lines.Buffer(nil, 1<<20)
			out := bufio.NewWriter(p.Out)
			for lines.Scan() {
				fmt.Fprintln(out, table.Key(link.Clean("", lines.Text())))
			}
			return errors.Join(lines.Err(), out.Flush())
		},
	}
}
