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

// readyWait is how long the daemon may take to answer.
const readyWait = 5 * time.Second

func (p *program) ready() *cobra.Command {
	return &cobra.Command{
		Use: "ready", Short: "Exit 0 when the daemon is ready, for health checks", Args: args(cobra.NoArgs),
		Long: "Ask the daemon's /readyz. Exit 0 when it is ready; else say why it is not, and exit 1.",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Context(), readyWait)
			defer cancel()
			var a aboutAnswer
			// Where the control socket is closed to us, the configuration says the address.
			_ = askDaemon(ctx, cfg, "about", aboutQuestion{}, &a)
			return askPage(ctx, cmp.Or(a.Listen, cfg.Listen), "/readyz")
		},
	}
}

// askPage asks the listener on an address of this machine for a page, as anybody
// would. It fails with what the page says where the answer is not 200.
func askPage(ctx context.Context, address, page string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() { // all addresses of this machine
		host = "127.0.0.1"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+page, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("no daemon answers on %s: %w", address, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, harmless(strings.TrimSpace(string(text))))
	}
	return err
}
