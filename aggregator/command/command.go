// Package command is the program's commands: the only place that connects its parts.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
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
	config string   // path of the configuration; empty where there is none
	tried  []string // where it was looked for then
	opened *desk    // by a command that no daemon answers; nil: none is
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
	err := root.ExecuteContext(ctx)
	if p.opened != nil {
		err = errors.Join(err, p.opened.close())
	}
	return p.code(err)
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
		PersistentPreRun: func(*cobra.Command, []string) {
			p.config, p.tried = config.Find(p.config, p.Getenv, isThere)
		},
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&p.config, "config", "",
		"the configuration `file`; default: $FRONTERAS_CONFIG, else config.yaml, else "+config.SystemFile)
	root.AddCommand(
		p.serve(), p.once(), p.check(), p.init(), p.read(), p.key(), p.version(), p.ready(),
		p.stations(), p.stories(), p.explain(), p.poll(), p.refold(), p.backup(), p.verify(),
	)
	root.AddCommand(p.rulings()...)
	return root
}

// load reads the configuration.
func (p *program) load() (*config.Config, error) {
	if p.config != "" {
		c, err := config.Load(p.config, p.Getenv)
		if err != nil && p.config == p.Getenv("FRONTERAS_CONFIG") && !isThere(p.config) {
			return nil, &config.Error{File: p.config, Faults: []config.Fault{{Text: "no such file, which $FRONTERAS_CONFIG names"}}}
		}
		return c, err
	}
	first, others := p.tried[0], strings.Join(p.tried[1:], ", nor ")
	return nil, &config.Error{File: first, Faults: []config.Fault{{
		Text: "no such file, nor " + others + ": name the configuration with --config or $FRONTERAS_CONFIG, or write a first one with fronteras init",
	}}}
}

// optional loads the configuration of a command that works without one.
func (p *program) optional() (*config.Config, error) {
	if p.config == "" {
		return config.Default(), nil
	}
	return p.load()
}

// isThere reports whether there is a file at a path, as far as this process can see.
func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
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
