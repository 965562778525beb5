package command

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/store"
)

// However close a stop is to a reload, it is a stop: status 0, and nothing that was given up because
// of it is called a failure. Reloads that are asked for while the daemon stops end it no earlier.
func TestAStopRightAfterAReloadIsNoFailure(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		d := newStalled(t, 1, 1, "every: 1s, timeout: 10m")
		d.start()
		if !eventually(func() bool { return strings.Contains(d.log.String(), "msg=started") }) {
			t.Fatalf("it did not start: %s", d.log.String())
		}
		d.process.Process.Signal(syscall.SIGHUP)
		<-time.After(time.Duration(n*n) * time.Millisecond / 2)
		stopping := make(chan struct{})
		go func() {
			defer close(stopping)
			<-time.After(20 * time.Millisecond) // the first must not come before the end is asked for
			for d.process.Process.Signal(syscall.SIGHUP) == nil {
				<-time.After(5 * time.Millisecond)
			}
		}()
		d.stop()
		<-stopping
		if log := d.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "canceled") {
			t.Errorf("the log says %s", log)
		}
	}
}

// While a daemon opens its store, which takes long here since somebody else has it, a reload is kept
// for later, and a stop ends it.
func TestSignalsWhileTheStoreIsOpened(t *testing.T) {
	t.Parallel()
	opening := func(t *testing.T) (d *stalledDesk, held *os.File) {
		t.Helper()
		d = newStalled(t, 0, 1, "every: 1s")
		folder := filepath.Dir(d.configuration)
		held = holdStore(t, filepath.Join(folder, "fronteras.db"))
		notes, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(folder, "notify"), Net: "unixgram"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { notes.Close() })
		d.process.Env = append(os.Environ(), "NOTIFY_SOCKET="+notes.LocalAddr().String())
		d.start()
		text := make([]byte, 1<<10)
		if n, err := notes.Read(text); err != nil || !strings.Contains(string(text[:n]), "opening the store") {
			t.Fatalf("%q, %v", text[:n], err)
		}
		return d, held
	}
	t.Run("reload", func(t *testing.T) {
		d, held := opening(t)
		d.process.Process.Signal(syscall.SIGHUP)
		held.Close()
		if !eventually(func() bool { return strings.Contains(d.log.String(), "msg=reloaded") }) {
			t.Errorf("there was no reload: %s", d.log.String())
		}
		d.stop()
	})
	t.Run("stop", func(t *testing.T) {
		d, _ := opening(t)
		d.stop()
	})
}

// holdStore makes a store, and keeps everybody out of it until the file is closed.
func holdStore(t *testing.T, path string) *os.File {
	t.Helper()
	s, err := store.Open(path, identity.New(identity.Config{}), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	held, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return held
}

// A daemon that is told to stop has ten seconds, whatever it is doing.
func TestAStopHasABound(t *testing.T) {
	for name, c := range map[string]struct {
		opened bool
		within time.Duration
	}{
		"while it opens its store": {false, time.Second},
		"at work":                  {true, 9 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				d := &daemon{}
				d.opened.Store(c.opened)
				time.AfterFunc(time.Hour, cancel)
				begun := time.Now()
				err := d.waitUntilStopped(ctx, slog.New(slog.DiscardHandler), make(chan error))
				if took := time.Since(begun); err != nil || took != time.Hour+c.within {
					t.Errorf("%v, %v", took, err)
				}
			})
		})
	}
}

// A hangup is caught before the packages of this program and those of others are initialized, which
// takes long enough for one to come. Other commands than serve end with it, as ever.
func TestAHangupIsCaughtFromTheFirstMomentsOn(t *testing.T) {
	c := command([]string{"fronteras", "version"})
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	c.Stderr = new(strings.Builder)
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	trace := c.Stderr.(*strings.Builder).String()
	caught := strings.Index(trace, "init fronteras/aggregator/command/hangup ")
	for _, later := range []string{"init fronteras/aggregator/credit ", "init github.com/microcosm-cc/bluemonday ",
		"init github.com/spf13/cobra "} {
		if at := strings.Index(trace, later); caught < 0 || at < caught {
			t.Errorf("%sat byte %d, the hangup at %d of %s", later, at, caught, trace)
		}
	}
}

func TestAHangupEndsACommandThatIsNoDaemon(t *testing.T) {
	t.Parallel()
	c := command([]string{"fronteras", "key", "-"}) // which reads what never comes
	c.Stdout = new(strings.Builder)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	// Whether it is already reading or is still being initialized: it ends.
	c.Process.Signal(syscall.SIGHUP)
	if err := c.Wait(); err == nil {
		t.Error("it ended with status 0")
	}
}
