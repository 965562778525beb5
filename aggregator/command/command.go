// Package command is the program's commands, one file each: the only place that connects its parts.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"fronteras/aggregator/command/hangup"
	"fronteras/aggregator/config"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
	exitConfig = 78 // EX_CONFIG of sysexits.h
)

// Env is what a command gets from its process.
type Env struct {
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(string) string
}

// program is one run of a command line: what all commands share.
type program struct {
	Env
	config string   // path of the configuration; empty if there is none
	tried  []string // where it was looked for, if there is none
	opened *app     // the store, opened by a command that no daemon answers; nil: not opened
}

// usageError says that the command line is wrong.
type usageError struct{ error }

// Main runs the program with the arguments of its process until the command is done or ctx ends,
// and returns the exit code.
func Main(ctx context.Context) int {
	// Whoever writes there is a library: net/http writes what a server sends without being asked, byte for byte,
	// as after a 304. What goes wrong with a visit is an error, and reported as one.
	log.SetOutput(io.Discard)
	return Run(ctx, os.Args[1:], Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv})
}

// Run runs one command line, without the program's name, and returns its exit code. An error is
// reported on env.Err in one line; of a configuration, in a line for each fault.
func Run(ctx context.Context, args []string, env Env) int {
	p := &program{Env: env}
	root := newRootCommand(p) //nolint:contextcheck // cobra hands ctx to the commands
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if p.opened != nil {
		err = errors.Join(err, p.opened.close())
	}
	var badConfig *config.Error
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE): // the reader of standard output has left
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintf(env.Err, "fronteras: %v\n", err)
		return exitUsage
	case errors.As(err, &badConfig):
		fmt.Fprintln(env.Err, err)
		return exitConfig
	}
	fmt.Fprintf(env.Err, "fronteras: %v\n", err)
	return exitFailed
}

// newRootCommand is the table of commands.
func newRootCommand(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:   "fronteras",
		Short: "Merge many radio stations' feeds into one",
		Long: "Fronteras polls the feeds of partner stations, recognizes which items are one story, keeps\n" +
			"track of who made it and who carries it, and republishes one merged feed.",
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q; see fronteras --help", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			return usageError{errors.New("a command is missing; see fronteras --help")}
		},
		PersistentPreRun: func(c *cobra.Command, _ []string) {
			if c.Name() != "serve" {
				hangup.EndProcess()
			}
			p.config, p.tried = config.FindFile(p.config, p.Getenv, fileExists)
		},
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&p.config, "config", "",
		"the configuration `file` (default $FRONTERAS_CONFIG, then config.yaml, then "+config.SystemFile+")")
	root.AddCommand(
		newServeCommand(p), newOnceCommand(p), newCheckCommand(p), newInitCommand(p), newReadCommand(p),
		newKeyCommand(p), newVersionCommand(p), newReadyCommand(p), newStationsCommand(p), newStoriesCommand(p),
		newExplainCommand(p), newPollCommand(p), newRefoldCommand(p), newForgetCommand(p), newBackupCommand(p),
		newVerifyCommand(p), newDecisionsCommand(p), newCasesCommand(p), newEditorCommand(p),
		newNotifyCommand(p),
	)
	root.AddCommand(newRulingCommands(p)...)
	return root
}

// checkArgs makes a wrong number of arguments an error of usage.
func checkArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// loadConfig reads the configuration. It fails with a [*config.Error].
func (p *program) loadConfig() (*config.Config, error) {
	if p.config == "" {
		return nil, &config.Error{File: p.tried[0], Faults: []config.Fault{{
			Text: "no such file, nor " + strings.Join(p.tried[1:], ", nor ") + ": name the configuration with " +
				"--config or $FRONTERAS_CONFIG, or write a first one with fronteras init",
		}}}
	}
	c, err := config.Load(p.config, p.Getenv)
	if err != nil && p.config == p.Getenv("FRONTERAS_CONFIG") && !fileExists(p.config) {
		return nil, &config.Error{File: p.config, Faults: []config.Fault{{
			Text: "no such file; $FRONTERAS_CONFIG names it",
		}}}
	}
	return c, err
}

// loadConfigWithSecrets reads the configuration and the files that it names for secrets, for what sends or
// checks. It fails with a [*config.Error].
func (p *program) loadConfigWithSecrets() (*config.Config, error) {
	c, err := p.loadConfig()
	if err != nil {
		return nil, err
	}
	return c, p.readSecrets(c)
}

// readSecrets reads the files that a configuration names for secrets. It fails with a [*config.Error].
func (p *program) readSecrets(c *config.Config) error {
	err := c.ReadSecrets(p.Getenv)
	var wrong *config.Error
	if errors.As(err, &wrong) {
		wrong.File = p.config // as it was named
	}
	return err
}

// loadConfigOrDefault reads the configuration for a command that works without one.
func (p *program) loadConfigOrDefault() (*config.Config, error) {
	if p.config == "" {
		return config.Default(), nil
	}
	return p.loadConfig()
}

// fileExists reports whether there is a file at a path, as far as this process can see.
func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
