package command

import (
	"context"
	"net"
	"net/http"
	"slices"

	"fronteras/aggregator/config"
	"fronteras/aggregator/editors"
	"fronteras/aggregator/session"
	"fronteras/aggregator/web"
)

// newEditorSettings are those of the editors' pages; nil: the desk has no editors.
func newEditorSettings(a *app) *editors.Settings {
	c := a.config
	if len(c.Editors.People) == 0 {
		return nil
	}
	return &editors.Settings{
		Desk: c.Desk, Stations: c.Stations, Editors: c.Editors.People, URL: c.Editors.URL,
		Proxy: session.Proxy{Header: c.Editors.Proxy.Header, From: c.Editors.Proxy.From},
		// The proxy that signs people in is one in front of the pages.
		Client: web.Clients{Proxies: slices.Concat(c.Proxies, c.Editors.Proxy.From)}.Of,
		Send:   a.send,
	}
}

// newEditorSite is what answers editors, with the settings of the current generation, until ctx ends.
func newEditorSite(ctx context.Context, d *daemon, a *app) *editors.Site {
	return &editors.Site{
		Settings: func() *editors.Settings { return d.current.Load().editors },
		Sessions: &session.Keeper{Store: d.store}, Log: a.log, Source: newEditorSource(ctx, d), Decision: d.decisionForPage,
	}
}

// serveEditors answers on the listener that is for editors alone: nothing else is there.
func (d *daemon) serveEditors(w http.ResponseWriter, r *http.Request) {
	g := d.current.Load()
	if g.editors != nil && editors.IsPath(r.URL.Path) {
		d.editors.ServeHTTP(w, r)
		return
	}
	web.SecurityHeaders(g.log, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "there is nothing at this address", http.StatusNotFound)
	})).ServeHTTP(w, r)
}

// servesEditors reports whether a request of the public is for the editors' pages.
func (g *generation) servesEditors(r *http.Request) bool {
	return g.editors != nil && g.config.Editors.Listen == "" && editors.IsPath(r.URL.Path)
}

// listenEditors listens where editors alone are answered; nil: they are on the public listener.
func listenEditors(ctx context.Context, c *config.Config) (net.Listener, error) {
	if c.Editors.Listen == "" {
		return nil, nil //nolint:nilnil // there is none, and nothing failed
	}
	return listenAt(ctx, c.Editors.Listen, "editors.listen")
}

// tidySessions signs out whoever is no editor any more. What fails is logged: nobody is let in meanwhile
// who is not in the file.
func tidySessions(ctx context.Context, a *app) {
	k := session.Keeper{Store: a.store}
	if err := k.Tidy(ctx, a.config.Editors.People); err != nil && ctx.Err() == nil {
		a.log.Error("cannot end the sessions of former editors", "err", err.Error())
	}
}
