package command

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	sd "github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"
)

// How often the service manager is told of the state, and what the watchdog asks
// of a daemon that is well.
const (
	statusEvery  = 10 * time.Second
	viewWait     = 5 * time.Second
	longestWrite = 30 * time.Second
)

// manager talks to systemd, where it runs us. Without it nothing is said.
type manager struct{ told bool }

func newManager() *manager { return &manager{told: os.Getenv("NOTIFY_SOCKET") != ""} }

// say sends one datagram. That nobody reads it changes nothing for us.
func (m *manager) say(state string) {
	if m.told {
		_, _ = sd.SdNotify(false, state)
	}
}

func (m *manager) ready(status string) { m.say("READY=1\nSTATUS=" + status) }
func (m *manager) stopping()           { m.say(sd.SdNotifyStopping) }

// failed says why the daemon did not start.
func (m *manager) failed(err error) { m.say("STATUS=" + firstLine(err.Error())) }

// reloading begins a reload. The time goes into the same datagram: systemd
// compares the two.
func (m *manager) reloading() {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err == nil {
		m.say(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", now.Nano()/1000))
	}
}

// extend asks for more time at the start, and says what for.
func (m *manager) extend(what string) {
	m.say(fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s", (30 * time.Second).Microseconds(), what))
}

// opening asks for more time again and again until the store is open: to check and
// compact a large one takes a while.
func (m *manager) opening() (opened func()) {
	ctx, cancel := context.WithCancel(context.Background())
	m.extend("opening the store")
	go func() {
		tick := time.NewTicker(statusEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				m.extend("opening the store")
			}
		}
	}()
	return cancel
}

// listeners are those that systemd made for us, by name.
func (m *manager) listeners() (map[string]net.Listener, error) {
	held := map[string]net.Listener{}
	named, err := activation.ListenersWithNames()
	if err != nil {
		return nil, fmt.Errorf("socket activation: %w", err)
	}
	for name, list := range named {
		if len(list) == 1 && list[0] != nil {
			held[name] = list[0]
		}
	}
	return held, nil
}

// watch keeps the status, and tells the watchdog that the daemon is well, for as
// long as it is.
func (m *manager) watch(ctx context.Context, s *daemon) error {
	every := statusEvery
	watchdog, err := sd.SdWatchdogEnabled(false)
	if err == nil && watchdog > 0 {
		every = min(every, watchdog/3)
	}
	if !m.told {
		return nil
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		since := time.Now()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		state := "STATUS=" + s.status()
		if watchdog > 0 && s.well(ctx, since) {
			state += "\n" + sd.SdNotifyWatchdog
		}
		m.say(state)
	}
}

// well reports whether a restart would mend nothing: workers look after visits,
// the store reads and writes, and our own page answers. A partner's failure, a
// full disk or no network is nothing that a restart mends.
func (s *daemon) well(ctx context.Context, since time.Time) bool {
	if !s.current.Load().running.Awake(since) || s.store.Writing() > longestWrite {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, viewWait)
	defer cancel()
	read := make(chan error, 1)
	go func() {
		_, err := s.store.About()
		read <- err
	}()
	select {
	case <-ctx.Done():
		return false
	case err := <-read:
		return err == nil && askPage(ctx, s.address, "/livez") == nil
	}
}
