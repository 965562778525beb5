package websub

import (
	"context"
	"log/slog"
	"net/http"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Store keeps subscriptions over restarts.
type Store interface {
	// Subscriptions are ours at others' hubs.
	Subscriptions() ([]news.Subscription, error)
	// SaveSubscription puts one of ours, under its Callback.
	SaveSubscription(ctx context.Context, s news.Subscription) error
	// RemoveSubscription takes one of ours off.
	RemoveSubscription(ctx context.Context, callback string) error
	// Subscribers are others at our hub.
	Subscribers() ([]news.Subscriber, error)
	// AddSubscriber puts a subscriber, under its Callback and Topic.
	AddSubscriber(ctx context.Context, s news.Subscriber) error
	// RemoveSubscriber takes a subscriber off.
	RemoveSubscriber(ctx context.Context, callback, topic string) error
}

// Endpoint is what the subscriber and the hub both need.
type Endpoint struct {
	URL     string // of the desk; callbacks and hub are below it
	Store   Store
	Send    func(ctx context.Context, r fetch.SideRequest) (fetch.SideAnswer, error) // guarded
	Private bool                                                                     // private networks are allowed
	Log     *slog.Logger
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
