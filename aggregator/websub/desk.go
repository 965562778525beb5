package websub

import (
	"context"
	"log/slog"
	"net/http"

	"fronteras/aggregator/news"
)

// Store keeps subscriptions over restarts.
type Store interface {
	// Subscriptions are ours at others' hubs.
	Subscriptions() ([]news.Subscription, error)
	// Subscribe puts one of ours, under its Callback.
	Subscribe(ctx context.Context, s news.Subscription) error
	// Unsubscribe takes one of ours off.
	Unsubscribe(ctx context.Context, callback string) error
	// Subscribers are others at our hub.
	Subscribers() ([]news.Subscriber, error)
	// Admit puts a subscriber, under its Callback and Topic.
	Admit(ctx context.Context, s news.Subscriber) error
	// Dismiss takes a subscriber off.
	Dismiss(ctx context.Context, callback, topic string) error
}

// Desk is what both ends need.
type Desk struct {
	URL       string // of the desk; callbacks and hub are below it
	UserAgent string
	Store     Store
	Hosts     http.RoundTripper // reaches what the configuration allows, guarded
	Public    http.RoundTripper // reaches public addresses alone, guarded
	Private   bool              // private networks are allowed
	Log       *slog.Logger
}

// hubPath and the others are where the public reaches the two ends.
const (
	hubPath   = "/websub/"
	inPath    = "/websub/in/"
	cloudPath = "/websub/cloud/"
)

// HubURL is the public address of a desk's hub.
func HubURL(desk string) string { return desk + hubPath }

// Handler answers everything below /websub/.
func Handler(h *Hub, in *Incoming) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+hubPath+"{$}", http.HandlerFunc(h.subscribe))
	mux.Handle(inPath+"{callback}", http.HandlerFunc(in.receive))
	mux.Handle(cloudPath+"{callback}", http.HandlerFunc(in.receiveCloud))
	return mux
}
