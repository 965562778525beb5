package editors

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"fronteras/aggregator/news"
)

// Names of the hidden fields of forms.
const (
	nonceField = "form"  // what a form bears that can be sent twice: see [news.Order.Form]
	seenPrefix = "seen." // and a story's id: what the page showed of it, see [news.Order.Seen]
)

// Hidden is what a form holds besides what people fill in: the template "hidden" writes it.
type Hidden struct {
	Nonce string
	Seen  map[string]string // by the stories' ids
}

// NewHidden makes the hidden fields of a form about stories.
func NewHidden(seen map[string]string) Hidden { return Hidden{newNonce(), seen} }

// newNonce makes a value that no other form has.
func newNonce() string { return rand.Text() }

// newOrder makes an order of a form: who decides, and what the form bears. The reason is in the field
// "reason".
func newOrder(r *request, verb news.Verb) news.Order {
	o := news.Order{
		Verb: verb, User: r.editor.ID, Via: news.ViaPage, Form: formOf(r),
		Reason: strings.TrimSpace(r.PostForm.Get("reason")),
	}
	for name, values := range r.PostForm {
		if id, ok := strings.CutPrefix(name, seenPrefix); ok && len(values) > 0 {
			if o.Seen == nil {
				o.Seen = map[string]string{}
			}
			o.Seen[id] = values[0]
		}
	}
	return o
}

// formOf tells forms apart: one that is sent again as it was counts once. Where something else was chosen
// or typed, because a browser has shown the page as it was left, it is another. What is kept of a form is
// short, whatever is sent.
func formOf(r *request) string {
	if r.PostForm.Get(nonceField) == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(r.PostForm.Encode()))
	return hex.EncodeToString(sum[:])
}

// keysCookie names the cookie of a browser whose editor wants no keys: no secret, and no other's business.
func keysCookie(s *Settings) string {
	if s.isEncrypted() {
		return "__Host-desk-keys"
	}
	return "desk-keys"
}

// hasKeysOff reports whether the script is to take no keys in this browser.
func hasKeysOff(r *request) bool {
	c, err := r.Cookie(keysCookie(r.settings))
	return err == nil && c.Value == "off"
}

// setKeys turns the script's keys on or off in this browser, for a year.
func setKeys(w http.ResponseWriter, r *request, on bool) {
	const year = 365 * 24 * 60 * 60
	c := &http.Cookie{
		Name: keysCookie(r.settings), Value: "off", Path: "/", MaxAge: year, HttpOnly: true,
		Secure: r.settings.isEncrypted(), SameSite: http.SameSiteLaxMode,
	}
	if on {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
