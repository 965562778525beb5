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

// statusInterval is how often systemd gets the state.
const statusInterval = 10 * time.Second

// systemdNotifier talks to systemd if that runs us. Otherwise it does nothing.
type systemdNotifier struct{ enabled bool }

func newSystemdNotifier() *systemdNotifier {
	return &systemdNotifier{enabled: os.Getenv("NOTIFY_SOCKET") != ""}
}

// notify sends one datagram. It makes no difference to us if nobody reads it.
func (n *systemdNotifier) notify(state string) {
	if n.enabled {
		_, _ = sd.SdNotify(false, state)
	}
}

func (n *systemdNotifier) ready(status string) { n.notify("READY=1\nSTATUS=" + status) }

func (n *systemdNotifier) stopping() { n.notify(sd.SdNotifyStopping) }

// reportFailure says why the daemon did not start.
func (n *systemdNotifier) reportFailure(err error) { n.notify("STATUS=" + firstLine(err.Error())) }

// reloading begins a reload. The time is in the same datagram: systemd compares the two.
func (n *systemdNotifier) reloading() {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err == nil {
		n.notify(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", now.Nano()/1000))
	}
}

// extendStart asks for more time to start, again and again until stop is called.
func (n *systemdNotifier) extendStart(ctx context.Context, what string) (stop func()) {
	state := fmt.Sprintf("EXTEND_TIMEOUT_USEC=%d\nSTATUS=%s", (3 * statusInterval).Microseconds(), what)
	ctx, cancel := context.WithCancel(ctx)
	n.notify(state)
	go func() {
		tick := time.NewTicker(statusInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				n.notify(state)
			}
		}
	}()
	return cancel
}

// keepInformed sends the status until ctx ends, and feeds the watchdog while the daemon is healthy.
func (n *systemdNotifier) keepInformed(
	ctx context.Context, status func() string, healthy func(context.Context) bool,
) error {
	if !n.enabled {
		return nil
	}
	every := statusInterval
	watchdog, err := sd.SdWatchdogEnabled(false)
	if err == nil && watchdog > 0 {
		every = min(every, watchdog/3)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		state := "STATUS=" + status()
		if watchdog > 0 && healthy(ctx) {
			state += "\n" + sd.SdNotifyWatchdog
		}
		n.notify(state)
	}
}

// heldListeners returns the listeners that systemd made for us, by name.
func (n *systemdNotifier) heldListeners() (map[string]net.Listener, error) {
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
