package editors

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
)

// signInPath is where editors sign in.
const signInPath = rootPath + "sign-in"

// Bounds of asking for a link.
const (
	maxEmail    = 254 // bytes (RFC 5321 4.5.3.1.3)
	maxMailing  = 32  // links that are being mailed at once
	mailTimeout = time.Minute
)

// LinkAddress is the address of a link that signs in.
func LinkAddress(base, token string) string { return base + signInPath + "/" + token }

// LinkMail words the mail that brings a link.
func LinkMail(desk news.Site, e news.DeskEditor, address string, valid time.Duration) (subject, text string) {
	in := chooseLanguage(e.Language, "", desk.Language)
	title := desk.TitleIn(in)
	lasts := translate(in, "%d hours", int(valid/time.Hour))
	if valid < time.Hour {
		lasts = translate(in, "%d minutes", int(valid/time.Minute))
	}
	return translate(in, "[%s] Sign in", title), translate(in, "Open this link to sign in to %s as %s:", title, e.Name) +
		"\n\n" + address + "\n\n" + translate(in, "It works once, within %s.", lasts) + " " +
		translate(in, "If you did not ask for it, you need do nothing.") + "\n"
}

// signInPage is what the page shows on which one signs in.
type signInPage struct {
	Mails bool // links can be asked for
	Sent  bool // one was
	Email string
	Wrong string // what is wrong with the email
	To    string
}

// showSignIn answers with the field for an email.
func showSignIn(s *Site, w http.ResponseWriter, r *request) {
	to := session.PathWithin(rootPath, r.URL.Query().Get("to"))
	if _, err := s.identify(r); err == nil {
		s.redirect(w, r, pathAfter(to))
		return
	}
	s.show(w, r, page{template: "signin", title: "Sign in", data: signInPage{
		Mails: r.settings.Send != nil, Sent: r.URL.Query().Has("sent"), To: to,
	}})
}

// pathAfter is where signing in leads.
func pathAfter(to string) string {
	if to == "" || strings.HasPrefix(to, signInPath) || strings.HasPrefix(to, rootPath+"sign-out") {
		return rootPath
	}
	return to
}

// requestLink has a link mailed, if the email in the form is an editor's. All that depends on whether it
// is happens after the answer, which is the same, and as soon there.
func requestLink(s *Site, w http.ResponseWriter, r *request) {
	if r.settings.Send == nil {
		s.notFound(w, r)
		return
	}
	if !s.readForm(w, r) || !s.mayTry(w, r) {
		return
	}
	email := strings.TrimSpace(r.PostForm.Get("email"))
	to := session.PathWithin(rootPath, r.PostForm.Get("to"))
	if email == "" || len(email) > maxEmail || !strings.Contains(email, "@") {
		s.show(w, r, page{
			template: "signin", title: "Sign in", status: http.StatusUnprocessableEntity,
			data: signInPage{
				Mails: true, Email: r.PostForm.Get("email"), To: to,
				Wrong: translate(r.language, "Type your email address, such as name@station.example."),
			},
		})
		return
	}
	if wait := s.Sessions.Limits.CountRequest(email); wait > 0 {
		s.refuseTry(w, r, wait)
		return
	}
	go s.mailLink(context.WithoutCancel(r.Context()), r.settings, email, to)
	s.redirect(w, r, signInPath+"?"+url.Values{"sent": {"1"}, "to": {to}}.Encode())
}

// mailLink mails a link to an editor with an email; to another address, nothing is.
func (s *Site) mailLink(ctx context.Context, settings *Settings, email, to string) {
	var editor *news.DeskEditor
	for _, e := range settings.Editors {
		if session.IsSameEmail(e.Email, email) {
			editor = &e
		}
	}
	if editor == nil {
		return
	}
	defer s.mailing.Add(-1)
	if s.mailing.Add(1) > maxMailing {
		s.Log.Warn("a sign-in link was not mailed: too many are being mailed", "editor", editor.ID)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	token, err := s.Sessions.NewLink(ctx, editor.ID, session.LinkByMail, to)
	if err == nil {
		subject, text := LinkMail(settings.Desk, *editor, LinkAddress(settings.URL, token), session.LinkByMail)
		err = settings.Send(ctx, editor.Email, subject, text)
	}
	if err != nil {
		s.Log.Error("mailing a sign-in link failed", "editor", editor.ID,
			"err", strings.ReplaceAll(err.Error(), editor.Email, "…"))
	}
}

// linkPage is what the page of a link shows.
type linkPage struct {
	Name   string // whom it signs in
	Action string
}

// showLink answers with a button that signs in, and changes nothing: who scans mail opens links.
func showLink(s *Site, w http.ResponseWriter, r *request) {
	editor, ok, err := s.Sessions.LinkOf(r.PathValue("token"), r.settings.Editors)
	switch {
	case err != nil:
		s.fail(w, r, "cannot read a sign-in link", err)
	case !ok:
		s.refuseLink(w, r)
	default:
		r.language = chooseLanguage(editor.Language, r.Header.Get("Accept-Language"), r.settings.Desk.Language)
		s.show(w, r, page{template: "link", title: "Sign in", data: linkPage{
			editor.Name, signInPath + "/" + r.PathValue("token"),
		}})
	}
}

// redeemLink signs in.
func redeemLink(s *Site, w http.ResponseWriter, r *request) {
	if !s.readForm(w, r) { // it has no fields; what is too long is none of ours
		return
	}
	encrypted := r.settings.isEncrypted()
	opened, ok, err := s.Sessions.Redeem(r.Context(), r.PathValue("token"), r.settings.Editors, r.UserAgent(),
		session.TokenOf(r.Request, encrypted))
	switch {
	case err != nil:
		s.fail(w, r, "cannot open a session", err)
	case !ok:
		s.refuseLink(w, r)
	default:
		session.SetCookie(w, opened.Token, encrypted)
		s.redirect(w, r, pathAfter(session.PathWithin(rootPath, opened.To)))
	}
}

// refuseLink answers that a link signs in nobody.
func (s *Site) refuseLink(w http.ResponseWriter, r *request) {
	if s.mayTry(w, r) {
		s.refuse(w, r, http.StatusGone, "This link does not work. It may have been used, or be too old: ask for another.")
	}
}

// mayTry counts what a client tries, and answers if that was too often.
func (s *Site) mayTry(w http.ResponseWriter, r *request) bool {
	wait := s.Sessions.Limits.CountTry(r.settings.Client(r.Request))
	if wait > 0 {
		s.refuseTry(w, r, wait)
	}
	return wait == 0
}

func (s *Site) refuseTry(w http.ResponseWriter, r *request, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	const minute = 60
	if seconds <= minute {
		s.refuse(w, r, http.StatusTooManyRequests, "That was too often. Try again in %d seconds.", seconds)
		return
	}
	s.refuse(w, r, http.StatusTooManyRequests, "That was too often. Try again in %d minutes.", (seconds+minute-1)/minute)
}

// signOut ends the session of this browser.
func signOut(s *Site, w http.ResponseWriter, r *request) {
	isOurs := func(n news.Session) bool { return n.ID == r.session }
	if _, err := s.Sessions.End(r.Context(), r.editor.ID, isOurs); err != nil {
		s.fail(w, r, "cannot end a session", err)
		return
	}
	session.SetCookie(w, "", r.settings.isEncrypted())
	s.redirect(w, r, signInPath)
}
