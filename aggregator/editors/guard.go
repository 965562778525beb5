package editors

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"fronteras/aggregator/panics"
	"fronteras/aggregator/session"
)

// policy is the Content-Security-Policy of every answer: that of the public pages, with our own script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; " +
	"media-src 'self' https: http:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Bounds of a request.
const (
	maxBody = 64 << 10 // bytes
	maxPath = 2 << 10
)

// Handler answers everything below /desk/.
func (s *Site) Handler() http.Handler {
	list := routes()
	if s.Source != nil {
		list = append(list, sourceRoutes()...)
	}
	inside := s.onlySignedIn(newRouter(s, list, (*Site).notFound))
	nowhere := s.onlySignedIn((*Site).notFound)
	outside := newRouter(s, openRoutes(), inside)
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := &request{Request: hr, settings: s.Settings()}
		if r.settings == nil { // a reload has just ended the pages
			http.NotFound(w, hr)
			return
		}
		r.language = chooseLanguage("", hr.Header.Get("Accept-Language"), r.settings.Desk.Language)
		setHeaders(w.Header())
		defer s.recoverPanic(w, r)
		switch {
		case !s.isAllowed(w, r):
		case isOddPath(r.URL.Path): // a mux would redirect it
			nowhere(s, w, r)
		default:
			outside(s, w, r)
		}
	})
}

// setHeaders sets the headers of every answer.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}

// recoverPanic makes a panic the failure of one request.
func (s *Site) recoverPanic(w http.ResponseWriter, r *request) {
	if fault := recover(); fault != nil {
		p := panics.Recovered(fault)
		// No path: it may hold a token.
		s.Log.Error("a request for the editors' pages failed", "err", p.Error(), "at", p.Stack)
		s.refuse(w, r, http.StatusInternalServerError, "Something went wrong here.")
	}
}

// isAllowed reports whether a request is one that the pages answer, whoever makes it; another one is
// answered here.
func (s *Site) isAllowed(w http.ResponseWriter, r *request) bool {
	switch {
	case r.URL.Path == strings.TrimSuffix(rootPath, "/") && r.Method != http.MethodPost:
		s.redirect(w, r, rootPath)
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, HEAD, POST")
		s.refuse(w, r, http.StatusMethodNotAllowed, "This page takes no such request.")
	case isCrossOrigin(r):
		s.refuse(w, r, http.StatusForbidden,
			"This was sent from a page of another site, or from an address of the desk that is not its own. Nothing was "+
				"done. Open the desk at %s and try again.", r.settings.URL+rootPath)
	default:
		return true
	}
	return false
}

// isCrossOrigin reports whether a browser sends a form from a page of another site.
func isCrossOrigin(r *request) bool {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(r.settings.origin()); err != nil {
		return true
	}
	return protection.Check(r.Request) != nil
}

// onlySignedIn hands requests of editors on. Others learn nothing of what is there: a page leads to where
// one signs in, and a form is answered with 401.
func (s *Site) onlySignedIn(next handler) handler {
	return func(_ *Site, w http.ResponseWriter, r *request) {
		who, err := s.identify(r)
		switch {
		case errors.Is(err, session.ErrUnknownName):
			s.refuseUnknown(w, r)
		case errors.Is(err, session.ErrSignedOut) && r.Method == http.MethodPost:
			s.refuse(w, r, http.StatusUnauthorized, "You are not signed in, so nothing was done.")
		case errors.Is(err, session.ErrSignedOut):
			s.redirect(w, r, signInPath+"?to="+url.QueryEscape(r.URL.RequestURI()))
		case err != nil:
			s.fail(w, r, "cannot tell who is signed in", err)
		default:
			r.editor, r.session = &who.Editor, who.Session
			r.language = chooseLanguage(who.Editor.Language, r.Header.Get("Accept-Language"), r.settings.Desk.Language)
			if r.Method != http.MethodPost || s.readForm(w, r) {
				next(s, w, r)
			}
		}
	}
}

// unlessUnknown hands requests on but of those whom the proxy calls by a name that no editor has: a link
// would not sign them in.
func unlessUnknown(next handler) handler {
	return func(s *Site, w http.ResponseWriter, r *request) {
		if _, err := s.identify(r); errors.Is(err, session.ErrUnknownName) {
			s.refuseUnknown(w, r)
			return
		}
		next(s, w, r)
	}
}

func (s *Site) refuseUnknown(w http.ResponseWriter, r *request) {
	s.refuse(w, r, http.StatusForbidden, "The proxy says that you are somebody who is not an editor here.")
}

// identify says who makes a request.
func (s *Site) identify(r *request) (session.Identity, error) {
	return s.Sessions.Identify(r.Request, r.settings.Editors, r.settings.Proxy, r.settings.isEncrypted())
}

// isOddPath reports whether a path is one that no page links to.
func isOddPath(p string) bool {
	return len(p) > maxPath || strings.ContainsAny(p, "\\\x00") || path.Clean(p) != strings.TrimSuffix(p, "/")
}

// readForm reads the fields of a form, so that PostForm holds them; otherwise it answers.
func (s *Site) readForm(w http.ResponseWriter, r *request) bool {
	const formType = "application/x-www-form-urlencoded"
	// A form of one button may have no fields.
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != formType && r.ContentLength != 0 {
		s.refuse(w, r, http.StatusUnsupportedMediaType, "This is not how the forms of this page are sent.")
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	if r.ContentLength > maxBody || errors.As(err, new(*http.MaxBytesError)) {
		s.refuse(w, r, http.StatusRequestEntityTooLarge, "What was sent is too long: %d KiB are allowed.", maxBody>>10)
		return false
	}
	if err != nil || r.PostForm == nil {
		s.refuse(w, r, http.StatusBadRequest, "What was sent could not be read.")
		return false
	}
	return true
}
