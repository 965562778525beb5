package editors

import (
	"context"
	"net/http"

	"fronteras/aggregator/news"
)

// route is a pattern of [http.ServeMux] and what answers there: get also a HEAD, post what a form sends.
// A request for which there is neither is answered with 405.
type route struct {
	pattern   string
	get, post handler
}

// handler answers a request: of somebody who is signed in or, where the route is open, of anybody.
type handler func(*Site, http.ResponseWriter, *request)

// routes lists the pages of those who are signed in.
func routes() []route {
	return []route{
		{"/desk/{$}", showToDecide, nil},
		{"/desk/account", showAccount, nil},
		{"/desk/account/keys", nil, changeKeys},
		{"/desk/account/sessions/{id}/end", nil, endSession},
		{"/desk/account/end", nil, endAllSessions},
		{"/desk/sign-out", nil, signOut},
	}
}

// sourceRoutes lists the pages that show what the source has.
func sourceRoutes() []route {
	return []route{
		{"/desk/cases/{number}", showCase, answerCase},
		{"/desk/stories", showStories, nil},
		{"/desk/stories/{id}", showStory, answerStory},
		{"/desk/stations", showStations, nil},
		{"/desk/stations/{id}", showStation, answerStation},
		{"/desk/decisions", showDecisions, nil},
		{"/desk/decisions/{number}/undo", nil, undoDecision},
	}
}

// openRoutes lists what is there for everybody.
func openRoutes() []route {
	list := []route{
		{signInPath, unlessUnknown(showSignIn), unlessUnknown(requestLink)},
		{signInPath + "/{token}", unlessUnknown(showLink), unlessUnknown(redeemLink)},
	}
	for _, a := range assets() {
		list = append(list, route{a.path, a.serve, nil})
	}
	return list
}

// request is a request to one of the pages.
type request struct {
	*http.Request
	settings *Settings
	editor   *news.DeskEditor // who makes it; nil: nobody is signed in
	session  string           // the id of the session; "": the proxy says who it is
	language string           // of the answer
}

// requestKey marks the context of a request that a mux hands on.
type requestKey struct{}

// newRouter has a mux find the route of a request, so that a handler has the values in its path. Routes
// of others have next answer.
func newRouter(s *Site, list []route, next handler) handler {
	mux := http.NewServeMux()
	answerWith := func(answer handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			q := *r.Context().Value(requestKey{}).(*request) //nolint:forcetypeassert // put there below
			q.Request = r
			answer(s, w, &q)
		}
	}
	for _, r := range list {
		mux.HandleFunc(r.pattern, answerWith(r.answer))
	}
	mux.HandleFunc("/", answerWith(next))
	return func(_ *Site, w http.ResponseWriter, r *request) {
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, r)))
	}
}

// answer has the handler of a route answer a request.
func (p *route) answer(s *Site, w http.ResponseWriter, r *request) {
	answer, allowed := p.get, "GET, HEAD"
	switch {
	case p.get == nil:
		allowed = "POST"
	case p.post != nil:
		allowed += ", POST"
	}
	if r.Method == http.MethodPost {
		answer = p.post
	}
	if answer == nil {
		w.Header().Set("Allow", allowed)
		s.refuse(w, r, http.StatusMethodNotAllowed, "This page takes no such request.")
		return
	}
	answer(s, w, r)
}
