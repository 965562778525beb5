package command

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"fronteras/store"
)

// release is set when a release is built, by -ldflags "-X …command.release=1.2.3".
var release string

// buildVersion is the release, or module version, and the commit that was built.
func buildVersion() (version, commit string) {
	version, commit = release, "unknown"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, commit
	}
	if version == "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	if version == "" {
		version = "devel"
	}
	return version, commit
}

func newVersionCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version, Go release, commit and store format", Args: checkArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			version, commit := buildVersion()
			_, err := fmt.Fprintf(p.Out, "fronteras %s (%s, commit %s, store format %d)\n",
				version, runtime.Version(), commit, store.Format)
			return err
		},
	}
}
