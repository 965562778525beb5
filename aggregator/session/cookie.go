package session

import (
	"net/http"
	"time"
)

// Names of the cookie. Browsers take one with the prefix __Host- from this host alone, over https (RFC
// 6265bis 4.1.3.2), so nobody beside it can put one there.
const (
	cookieName  = "__Host-desk"
	plainCookie = "desk" // on this machine alone, where there is no https
)

// maxCookies is how many cookies of the name are looked at.
const maxCookies = 4

// nameOf is the cookie's name at an address that is encrypted, or is on this machine.
func nameOf(encrypted bool) string {
	if encrypted {
		return cookieName
	}
	return plainCookie
}

// tokensOf gives what the cookies of a request can hold, each once.
func tokensOf(r *http.Request, encrypted bool) (tokens []string) {
	seen := map[string]bool{}
	for _, c := range r.CookiesNamed(nameOf(encrypted)) {
		if !seen[c.Value] && isToken(c.Value) && len(tokens) < maxCookies {
			seen[c.Value] = true
			tokens = append(tokens, c.Value)
		}
	}
	return tokens
}

// TokenOf gives the token that a browser keeps; "": it keeps none.
func TokenOf(r *http.Request, encrypted bool) string {
	if tokens := tokensOf(r, encrypted); len(tokens) > 0 {
		return tokens[0]
	}
	return ""
}

// SetCookie has a browser keep a token; "" has it forget what it keeps. SameSite is not strict: a link in
// a mail that is read in the browser would find the editor signed out.
func SetCookie(w http.ResponseWriter, token string, encrypted bool) {
	c := &http.Cookie{
		Name: nameOf(encrypted), Value: token, Path: "/", MaxAge: int(maxAge / time.Second), HttpOnly: true,
		Secure: encrypted, SameSite: http.SameSiteLaxMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
