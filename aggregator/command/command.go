// Package command is the program's commands: the only place that connects its parts.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"fronteras/aggregator/config"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
	exitConfig = 78 // EX_CONFIG of sysexits.h
)

// Env is the world that a command runs in.
type Env struct {
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(string) string
}

// program is what all commands share.
type program struct {
	Env
	config string // path of the configuration
	given  bool   // it was named on the command line
}

// usageError says that the command line is wrong.
type usageError struct{ error }

// Main runs the program with the arguments of its process until the command is
// done or the process is told to stop, and returns the exit code.
func Main(ctx context.Context) int {
	return Run(ctx, os.Args[1:], Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv})
}

// Run runs one command line and returns its exit code.
func Run(ctx context.Context, args []string, env Env) int {
	p := &program{Env: env}
	root := p.root()
	root.SetArgs(args)
	return p.code(root.ExecuteContext(ctx))
}

// code tells an error in a line, and chooses the exit code.
func (p *program) code(err error) int {
	var wrong *config.Error
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintf(p.Err, "fronteras: %v\n", err)
		return exitUsage
	case errors.As(err, &wrong):
		fmt.Fprintln(p.Err, err)
		return exitConfig
	}
	fmt.Fprintf(p.Err, "fronteras: %v\n", err)
	return exitFailed
}

// root is the table of commands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "fronteras",
		Short: "One desk out of many stations' feeds",
		Long: "Fronteras polls the feeds of partner stations, recognises which items are one story,\n" +
			"keeps who made it and who carries it, and republishes one merged feed.",
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("there is no command %q; see fronteras --help", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			return usageError{errors.New("a command is missing; see fronteras --help")}
		},
		PersistentPreRun: func(c *cobra.Command, _ []string) { p.given = c.Flags().Changed("config") },
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&p.config, "config", "config.yaml", "the configuration `file`")
	root.AddCommand(
		p.serve(), p.once(), p.check(), p.init(), p.read(), p.key(), p.version(),
		p.stations(), p.stories(), p.explain(), p.poll(), p.refold(), p.backup(), p.verify(),
	)
	root.AddCommand(p.rulings()...)
	return root
}

// args wraps a check of the number of arguments.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
