package command

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// readyTimeout is how long the daemon may take to answer.
const readyTimeout = 5 * time.Second

func newReadyCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "ready", Short: "Exit with 0 if the daemon is ready, for health checks", Args: checkArgs(cobra.NoArgs),
		Long: "Ask the daemon's /readyz. Exit with 0 if it is ready; otherwise print the reason and exit with 1.",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Context(), readyTimeout)
			defer cancel()
			var a aboutAnswer
			// If the control socket is closed to us, the configuration has the address.
			_ = askDaemon(ctx, cfg, "about", aboutQuestion{}, &a)
			return checkPage(ctx, cmp.Or(a.Listen, cfg.Listen), "/readyz")
		},
	}
}

// checkPage requests a page of a listener on this machine, as anybody would, but through no proxy
// that the environment names. It fails with what the page says unless the status is 200.
func checkPage(ctx context.Context, address, page string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() { // it listens on all addresses
		host = "127.0.0.1"
	}
	url := "http://" + net.JoinHostPort(host, port) + page
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return fmt.Errorf("no daemon answers on %s: %w", address, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, terminalSafe(strings.TrimSpace(string(text))))
	}
	return err
}
