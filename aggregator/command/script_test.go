package command

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program a command of the scripts: each call is a process of its own, that can
// be told to stop.
func TestMain(m *testing.M) {
	// Tests that may run in parallel wait for daemons, most of the time.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"fronteras": func() {
			probe(os.Getenv("PROBE"))
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			code := Main(ctx)
			stop()
			os.Exit(code)
		},
		"onsmalldisk": onSmallDisk,
		"benchserver": benchServer,
		"benchfetch":  benchFloor(readBytes),
		"benchtokens": benchFloor(readTokens),
		"benchgofeed": benchFloor(readGofeed),
		"benchdesk":   benchDesk,
	})
}

// root is the repository, seen from this package.
const root = "../.."

// Scripts run commands and whole desks, as an operator would. Each finds the sample desk in a
// folder of its own, and the documents of testdata/feeds in $FEEDS.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "testdata", "script"),
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"config.yaml", "testdata/stations", "testdata/later"} {
				if err := copyTree(filepath.Join(root, name), filepath.Join(e.WorkDir, "sample", name)); err != nil {
					return err
				}
			}
			feeds, err := filepath.Abs(filepath.Join(root, "testdata", "feeds"))
			if err != nil {
				return err
			}
			e.Setenv("FEEDS", feeds)
			port, err := freePort()
			e.Setenv("PORT", port)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"get": get, "await": await, "items": items,
			"json": queryJSON, "hangup": sendHangup},
	})
}

// copyTree copies a file, or a folder with all that is in it.
func copyTree(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
