// Package session knows who is signed in: links that sign an editor in once, the sessions that they open,
// and who a proxy says a request is from. There are no passwords. What a link and a browser hold are 32
// random bytes each, of which the store has the SHA-256 alone.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"fronteras/aggregator/news"
)

// Bounds of sessions and links.
const (
	maxUnused = 30 * 24 * time.Hour // since a session was used
	maxAge    = 90 * 24 * time.Hour // since it began
	mostOf    = 20                  // sessions of an editor
	seenEvery = time.Hour           // between two notes of when a session was used
	maxAgent  = 200                 // bytes of what a browser calls itself

	LinkFromCommand = 24 * time.Hour   // for which a link works that a command made
	LinkByMail      = 15 * time.Minute // for which one does that was asked for
)

// Errors of Identify.
var (
	ErrSignedOut   = errors.New("nobody is signed in")
	ErrUnknownName = errors.New("the proxy names nobody who is an editor here")
)

// Store keeps links and sessions under the digests of their tokens.
type Store interface {
	AddLink(ctx context.Context, digest []byte, l news.SignInLink, keep func(news.SignInLink) bool) error
	Link(digest []byte) (*news.SignInLink, error)
	RedeemLink(ctx context.Context, digest, under, replaced []byte, most int,
		open func(news.SignInLink) *news.Session, keep func(news.Session) bool) (*news.Session, error)
	Session(digest []byte) (*news.Session, error)
	Sessions() ([]news.Session, error)
	ReplaceSession(ctx context.Context, digest []byte, now news.Session) error
	EndSessions(ctx context.Context, keep func(news.Session) bool, keepLink func(news.SignInLink) bool) (
		[]news.Session, error)
}

// Keeper opens and ends sessions.
type Keeper struct {
	Store  Store
	Limits Limits
}

// Identity is who makes a request.
type Identity struct {
	Editor  news.DeskEditor
	Session string // its id; "": the proxy says who it is
}

// NewLink makes what an editor signs in with once: the last part of a link, which works so long. After
// that, the page at a path is shown; "" is the first one.
func (k *Keeper) NewLink(ctx context.Context, editor string, valid time.Duration, to string) (string, error) {
	now, token := time.Now(), newToken()
	l := news.SignInLink{Editor: editor, Until: now.Add(valid).UTC(), To: to}
	return token, k.Store.AddLink(ctx, digestOf(token), l, func(l news.SignInLink) bool { return now.Before(l.Until) })
}

// LinkOf gives the editor whom a link would sign in; none: it signs in nobody, or no more.
func (k *Keeper) LinkOf(token string, editors []news.DeskEditor) (editor news.DeskEditor, ok bool, err error) {
	if !isToken(token) {
		return editor, false, nil
	}
	l, err := k.Store.Link(digestOf(token))
	if err != nil || l == nil || !time.Now().Before(l.Until) {
		return editor, false, err
	}
	editor, ok = find(editors, l.Editor)
	return editor, ok, nil
}

// Opened is a session that a link opened.
type Opened struct {
	Token string // for the browser to keep
	To    string // the path of the page that was asked for
}

// Redeem opens a session with a link, which works no more then. The session that the browser had ends.
// ok is false, and nothing has changed, if the link signs in nobody.
func (k *Keeper) Redeem(
	ctx context.Context, token string, editors []news.DeskEditor, agent, before string,
) (o Opened, ok bool, err error) {
	if !isToken(token) {
		return Opened{}, false, nil
	}
	now := time.Now()
	o.Token = newToken()
	id, replaced := newID(), []byte(nil)
	if isToken(before) {
		replaced = digestOf(before)
	}
	opened, err := k.Store.RedeemLink(ctx, digestOf(token), digestOf(o.Token), replaced, mostOf,
		func(l news.SignInLink) *news.Session {
			if _, known := find(editors, l.Editor); !known || !now.Before(l.Until) {
				return nil
			}
			o.To = l.To
			return &news.Session{ID: id, Editor: l.Editor, Since: now.UTC(), Seen: now.UTC(), Agent: cutAgent(agent)}
		},
		func(s news.Session) bool { return isLive(s, now) })
	if err != nil || opened == nil {
		return Opened{}, false, err
	}
	return o, true, nil
}

// Identify says who makes a request: whom the proxy names, otherwise whose session the browser keeps. It
// fails with [ErrSignedOut] or [ErrUnknownName].
func (k *Keeper) Identify(r *http.Request, editors []news.DeskEditor, proxy Proxy, encrypted bool) (Identity, error) {
	if name, said := proxy.nameIn(r); said {
		if editor, ok := find(editors, name); ok {
			return Identity{Editor: editor}, nil
		}
		return Identity{}, ErrUnknownName
	}
	var found Identity
	for _, token := range tokensOf(r, encrypted) {
		s, err := k.use(r.Context(), token)
		if err != nil {
			return Identity{}, err
		}
		if s == nil {
			continue
		}
		editor, ok := find(editors, s.Editor)
		switch {
		case !ok || editor.ID != s.Editor:
			continue
		case found.Session != "" && found.Editor.ID != editor.ID: // one of them was put there by somebody else
			return Identity{}, ErrSignedOut
		case found.Session == "":
			found = Identity{editor, s.ID}
		}
	}
	if found.Session == "" {
		return Identity{}, ErrSignedOut
	}
	return found, nil
}

// use gives the session of a token and notes, now and then, that it was used; nil: it has ended.
func (k *Keeper) use(ctx context.Context, token string) (*news.Session, error) {
	digest, now := digestOf(token), time.Now()
	s, err := k.Store.Session(digest)
	if err != nil || s == nil || !isLive(*s, now) {
		return nil, err
	}
	if now.Sub(s.Seen) >= seenEvery {
		s.Seen = now.UTC()
		// It is noted again if that fails.
		_ = k.Store.ReplaceSession(context.WithoutCancel(ctx), digest, *s)
	}
	return s, nil
}

// Of lists the live sessions of an editor, the one used last first.
func (k *Keeper) Of(editor string) ([]news.Session, error) {
	all, err := k.Store.Sessions()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	all = slices.DeleteFunc(all, func(s news.Session) bool { return s.Editor != editor || !isLive(s, now) })
	slices.SortFunc(all, func(a, b news.Session) int {
		if c := b.Seen.Compare(a.Seen); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// End ends an editor's sessions for which which says so, and gives how many these were.
func (k *Keeper) End(ctx context.Context, editor string, which func(news.Session) bool) (int, error) {
	ended, err := k.Store.EndSessions(ctx,
		func(s news.Session) bool { return s.Editor != editor || !which(s) },
		func(news.SignInLink) bool { return true })
	return len(ended), err
}

// EndByID ends the session of an id, whosever it is, and reports whether there was one.
func (k *Keeper) EndByID(ctx context.Context, id string) (bool, error) {
	ended, err := k.Store.EndSessions(ctx,
		func(s news.Session) bool { return s.ID != id }, func(news.SignInLink) bool { return true })
	return len(ended) > 0, err
}

// SignOutEditor ends all sessions of an editor and takes the links off that would open more.
func (k *Keeper) SignOutEditor(ctx context.Context, editor string) (int, error) {
	ended, err := k.Store.EndSessions(ctx,
		func(s news.Session) bool { return s.Editor != editor },
		func(l news.SignInLink) bool { return l.Editor != editor })
	return len(ended), err
}

// Tidy drops what has ended, and what is of people who are no editors any more: they stay signed out if
// they come back.
func (k *Keeper) Tidy(ctx context.Context, editors []news.DeskEditor) error {
	now := time.Now()
	isEditor := func(id string) bool {
		return slices.ContainsFunc(editors, func(e news.DeskEditor) bool { return e.ID == id })
	}
	_, err := k.Store.EndSessions(ctx,
		func(s news.Session) bool { return isLive(s, now) && isEditor(s.Editor) },
		func(l news.SignInLink) bool { return now.Before(l.Until) && isEditor(l.Editor) })
	return err
}

// isLive reports whether a session has not ended by itself.
func isLive(s news.Session, now time.Time) bool {
	return now.Sub(s.Seen) < maxUnused && now.Sub(s.Since) < maxAge
}

// Find gives the editor whose id or email a name is; emails have no case.
func Find(editors []news.DeskEditor, name string) (news.DeskEditor, bool) { return find(editors, name) }

func find(editors []news.DeskEditor, name string) (news.DeskEditor, bool) {
	for _, e := range editors {
		if name != "" && (e.ID == name || IsSameEmail(e.Email, name)) {
			return e, true
		}
	}
	return news.DeskEditor{}, false
}

// IsSameEmail reports whether two emails are one. They have no case, but in ASCII alone: a letter that
// Unicode folds into one of these, such as the long s, makes another address.
func IsSameEmail(a, b string) bool { return lowerEmail(a) == lowerEmail(b) }

func lowerEmail(email string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}, email)
}

// tokenSize is how many random bytes a token is of.
const tokenSize = 32

// newToken makes 32 random bytes, as addresses and cookies can have them.
func newToken() string {
	b := make([]byte, tokenSize)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// isToken reports whether a text can be a token.
func isToken(s string) bool {
	if len(s) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == tokenSize
}

// digestOf is under what the store keeps a token's record.
func digestOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newID makes what people call a session by. It says nothing of its token.
func newID() string {
	const size = 6
	b := make([]byte, size)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// cutAgent is what a browser calls itself, as it can be shown.
func cutAgent(agent string) string {
	agent = strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], "")
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, agent)
}
