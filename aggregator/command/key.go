package command

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fronteras/aggregator/link"
)

func (p *program) key() *cobra.Command {
	return &cobra.Command{
		Use: "key [URL...|-]", Short: "Show the comparison key of each address",
		Long: "Show the comparison key of each address, one a line; an empty line where an\n" +
			"address has none. Without an address, or with -, addresses are read from\n" +
			"standard input, one a line.",
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := p.optional()
			if err != nil {
				return err
			}
			table, err := link.New(c.Links)
			if err != nil {
				return err
			}
			if len(args) == 0 || len(args) == 1 && args[0] == "-" {
				return p.keysOfLines(table)
			}
			for _, a := range args {
				if _, err := fmt.Fprintln(p.Out, table.Key(link.Clean("", a))); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// keysOfLines answers standard input line by line.
func (p *program) keysOfLines(table *link.Table) error {
	lines := bufio.NewScanner(p.In)
	lines.Buffer(nil, 1<<20)
	out := bufio.NewWriter(p.Out)
	for lines.Scan() {
		fmt.Fprintln(out, table.Key(link.Clean("", lines.Text())))
	}
	return errors.Join(lines.Err(), out.Flush())
}
