package notify

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// UnsubscribePath is where the addresses begin at which recipients unsubscribe. They are public, since
// mail providers post to them (RFC 8058): who has the token of one can end the notices to its address,
// and nothing else.
const UnsubscribePath = "/unsubscribe/"

// Unsubscribing answers at those addresses: GET shows a button and changes nothing, as who scans mail
// opens links; POST ends the notices.
type Unsubscribing struct {
	// Known gives the recipient with a token; it fails with Unknown where there is none.
	Known   func(token string) (news.RecipientState, error)
	Unknown error
	// Stop ends the notices to an address, as it is in the configuration.
	Stop func(ctx context.Context, address string, now time.Time) error
	Desk func() Desk
	Log  *slog.Logger
}

// maxUnsubscribe is how long the body of a request may be, in bytes; what is in it says nothing more.
const maxUnsubscribe = 64 << 10

func (u *Unsubscribing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.URL.Path, UnsubscribePath)
	isPost := r.Method == http.MethodPost
	if !isPost && r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD, POST")
		u.show(w, http.StatusMethodNotAllowed, "This page takes no such request.", "Esta página no acepta esa solicitud.", false)
		return
	}
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxUnsubscribe)); err != nil {
		u.show(w, http.StatusRequestEntityTooLarge, "That is too long.", "Es demasiado largo.", false)
		return
	}
	state, err := u.Known(token)
	if err == nil && isPost && state.Off.IsZero() {
		err = u.Stop(r.Context(), state.Address, time.Now())
		state.Off = time.Now()
	}
	switch {
	case errors.Is(err, u.Unknown):
		u.show(w, http.StatusNotFound, "This address ends no notices. It may be an old one.",
			"Esta dirección no termina ningún aviso. Puede ser antigua.", false)
	case err != nil:
		u.Log.Error("cannot end notices", "err", err)
		u.show(w, http.StatusServiceUnavailable, "That did not work. Please try again later.",
			"No funcionó. Por favor intente más tarde.", false)
	case state.Off.IsZero():
		u.show(w, http.StatusOK, "You get notices from this desk by mail. Do you want no more of them?",
			"Usted recibe avisos de esta redacción por correo. ¿No quiere recibir más?", true)
	default:
		u.show(w, http.StatusOK, "You get no more notices from this desk at this address.",
			"No recibirá más avisos de esta redacción en esta dirección.", false)
	}
}

const unsubscribeStyle = "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}" +
	"button{font:inherit;padding:.5rem 1rem}"

var unsubscribePage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{.Button}} – {{.Title}}</title>
<style>` + unsubscribeStyle + `</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p role="status">{{.Text}}</p>
{{- if .Asks}}
<form method="post"><button>{{.Button}}</button></form>
{{- end}}
</main>
</body>
</html>
`))

// show answers with a page of one sentence and, if it asks, a button.
func (u *Unsubscribing) show(w http.ResponseWriter, status int, english, spanish string, asks bool) {
	d, h := u.Desk(), w.Header()
	tag := "en"
	if news.PrimaryLanguage(d.Language) == "es" {
		tag = "es"
	}
	digest := sha256.Sum256([]byte(unsubscribeStyle))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+
		base64.StdEncoding.EncodeToString(digest[:])+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	err := unsubscribePage.Execute(w, map[string]any{
		"Language": tag, "Title": d.Title, "Text": language(tag, english, spanish), "Asks": asks,
		"Button": language(tag, "Unsubscribe", "Cancelar los avisos"),
	})
	if err != nil && !errors.Is(err, http.ErrHandlerTimeout) { // the client is gone
		u.Log.Debug("cannot show a page", "err", err)
	}
}
