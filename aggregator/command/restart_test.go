package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// With a socket unit, an accepted connection is answered, and others wait for the next daemon.
func TestARestartFailsNoRequestIfSystemdHoldsTheListener(t *testing.T) {
	t.Parallel()
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	file, err := held.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	done, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for n := range 8 {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: n%2 == 0}, Timeout: 20 * time.Second}
		clients.Go(func() {
			defer client.CloseIdleConnections()
			for done.Err() == nil {
				if err := askOnce(client, held.Addr().String()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	serve := func(ctx context.Context) error {
		l, err := net.FileListener(file)
		if err != nil {
			return err
		}
		return serveUntilDone(ctx, l, newPublicServer(ctx, slog.New(slog.DiscardHandler), nil,
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, "rain")
			})))
	}
	for range 4 {
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		if err := serve(ctx); err != nil {
			t.Error(err)
		}
		cancel()
	}
	// The last requests wait for one more.
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx) }()
	stop()
	clients.Wait()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func askOnce(client *http.Client, address string) error {
	answer, err := client.Get("http://" + address + "/")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "rain" {
		return fmt.Errorf("%q, %v", text, err)
	}
	return nil
}
