package editors

import (
	"net/http"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
)

const accountPath = rootPath + "account"

// accountPage is what an editor sees of what is theirs.
type accountPage struct {
	ID, Name, Email string
	Language        string // in words
	ByProxy         bool
	Sessions        []sessionRow
	KeysOff         bool
}

// sessionRow is a session as it is shown.
type sessionRow struct {
	Browser     string
	Since, Seen time.Time
	Here        bool // in this browser
	End         string
}

// showAccount answers with the sessions, the language and the keys.
func showAccount(s *Site, w http.ResponseWriter, r *request) {
	all, err := s.Sessions.Of(r.editor.ID)
	if err != nil {
		s.fail(w, r, "cannot list sessions", err)
		return
	}
	data := accountPage{
		ID: r.editor.ID, Name: r.editor.Name, Email: r.editor.Email, ByProxy: r.session == "", KeysOff: hasKeysOff(r),
		Language: translate(r.language, languageNames[r.language]),
	}
	for _, n := range all {
		data.Sessions = append(data.Sessions, sessionRow{
			Browser: translate(r.language, BrowserName(n.Agent)), Since: n.Since, Seen: n.Seen, Here: n.ID == r.session,
			End: accountPath + "/sessions/" + n.ID + "/end",
		})
	}
	s.show(w, r, page{template: "account", title: "Account", current: accountPath, data: data})
}

// changeKeys turns the keys of the script on or off in this browser.
func changeKeys(s *Site, w http.ResponseWriter, r *request) {
	on := r.PostForm.Get("keys") == "on"
	setKeys(w, r, on)
	if on {
		s.redirect(w, r, accountPath+"?said=on")
		return
	}
	s.redirect(w, r, accountPath+"?said=off")
}

// endSession ends one of the editor's sessions; if that is this browser's, it is signed out.
func endSession(s *Site, w http.ResponseWriter, r *request) {
	id := r.PathValue("id")
	n, err := s.Sessions.End(r.Context(), r.editor.ID, func(n news.Session) bool { return n.ID == id })
	switch {
	case err != nil:
		s.fail(w, r, "cannot end a session", err)
	case n > 0 && id == r.session:
		session.SetCookie(w, "", r.settings.isEncrypted())
		s.redirect(w, r, signInPath)
	default: // it may have ended meanwhile
		s.redirect(w, r, accountPath+"?said=ended")
	}
}

// endAllSessions signs the editor out everywhere.
func endAllSessions(s *Site, w http.ResponseWriter, r *request) {
	if _, err := s.Sessions.SignOutEditor(r.Context(), r.editor.ID); err != nil {
		s.fail(w, r, "cannot end sessions", err)
		return
	}
	session.SetCookie(w, "", r.settings.isEncrypted())
	s.redirect(w, r, signInPath)
}
