package session_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
	"fronteras/store"
)

var people = []news.DeskEditor{
	{ID: "ana", Name: "Ana Paz", Email: "ana@kmsa.example"}, {ID: "lee", Name: "Lee Orr", Email: "Lee@kdem.example"},
}

// keeper is a real store, open until the test ends.
func newKeeper(t *testing.T) (*session.Keeper, func()) {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "desk.db"), identity.New(identity.Config{}), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &session.Keeper{Store: s}, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// signIn signs an editor in, and gives what the browser keeps.
func signIn(t *testing.T, k *session.Keeper, who string) string {
	t.Helper()
	link, err := k.NewLink(t.Context(), who, session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	o, ok, err := k.Redeem(t.Context(), link, people, "Tester/1", "")
	if err != nil || !ok {
		t.Fatalf("a new link signs in nobody: %v", err)
	}
	return o.Token
}

// who is signed in with some cookies; "": nobody.
func who(t *testing.T, k *session.Keeper, editors []news.DeskEditor, cookies ...string) string {
	t.Helper()
	r := httptest.NewRequest("GET", "https://desk.example/desk/", nil)
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: "__Host-desk", Value: c})
	}
	found, err := k.Identify(r, editors, session.Proxy{}, true)
	if err != nil && !errors.Is(err, session.ErrSignedOut) {
		t.Fatal(err)
	}
	return found.Editor.ID
}

func TestALinkWorksOnceAndOfManyAtOnceForOne(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	link, err := k.NewLink(t.Context(), "ana", session.LinkFromCommand, "/desk/cases/7")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // looking at it does not use it up
		if e, ok, err := k.LinkOf(link, people); err != nil || !ok || e.ID != "ana" {
			t.Fatalf("%+v, %t, %v", e, ok, err)
		}
	}
	var opened atomic.Int64
	var work sync.WaitGroup
	for range 20 {
		work.Go(func() {
			o, ok, err := k.Redeem(t.Context(), link, people, "", "")
			if err != nil {
				t.Error(err)
			}
			if ok {
				opened.Add(1)
				if o.To != "/desk/cases/7" || who(t, k, people, o.Token) != "ana" {
					t.Errorf("opened %+v", o)
				}
			}
		})
	}
	work.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("one link opened %d sessions", n)
	}
	if _, ok, _ := k.LinkOf(link, people); ok {
		t.Error("a link that was used would sign in again")
	}
}

func TestLinksAndSessionsEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, end := newKeeper(t)
		defer end()
		ctx := context.Background()
		late, err := k.NewLink(ctx, "ana", session.LinkFromCommand, "")
		if err != nil {
			t.Fatal(err)
		}
		byMail, err := k.NewLink(ctx, "ana", session.LinkByMail, "")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Minute)
		if _, ok, _ := k.Redeem(ctx, byMail, people, "", ""); ok {
			t.Error("a link that was asked for works after 15 minutes")
		}
		time.Sleep(24*time.Hour - 15*time.Minute - time.Second)
		o, ok, err := k.Redeem(ctx, late, people, "", "")
		if err != nil || !ok {
			t.Fatalf("a link does not work for 24 hours: %v", err)
		}
		next, err := k.NewLink(ctx, "ana", session.LinkFromCommand, "")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		if _, ok, _ := k.Redeem(ctx, next, people, "", ""); ok {
			t.Error("a link works after 24 hours")
		}
		// Used once in 29 days, a session lasts 90 days; unused, it ends after 30.
		for range 3 {
			if who(t, k, people, o.Token) != "ana" {
				t.Fatal("a session that is used has ended")
			}
			time.Sleep(29 * 24 * time.Hour)
		}
		if who(t, k, people, o.Token) != "ana" {
			t.Error("a session has ended after 88 days")
		}
		time.Sleep(2 * 24 * time.Hour)
		if who(t, k, people, o.Token) != "" {
			t.Error("a session lasts longer than 90 days")
		}
		idle := signIn(t, k, "lee")
		time.Sleep(30 * 24 * time.Hour)
		if who(t, k, people, idle) != "" {
			t.Error("a session lasts longer than 30 days without being used")
		}
	})
}

// noting counts how often a use is noted.
type noting struct {
	session.Store
	notes int
}

func (n *noting) ReplaceSession(ctx context.Context, digest []byte, now news.Session) error {
	n.notes++
	return n.Store.ReplaceSession(ctx, digest, now)
}

func TestAUseIsNotedOnceAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, end := newKeeper(t)
		defer end()
		token := signIn(t, k, "ana")
		counted := &noting{Store: k.Store}
		k.Store = counted
		for range 180 {
			time.Sleep(time.Minute)
			if who(t, k, people, token) != "ana" {
				t.Fatal("signed out")
			}
			synctest.Wait()
		}
		if counted.notes < 2 || counted.notes > 3 {
			t.Errorf("180 requests in three hours are noted %d times", counted.notes)
		}
		of, err := k.Of("ana")
		if err != nil || len(of) != 1 || time.Since(of[0].Seen) > 2*time.Hour {
			t.Errorf("%+v, %v", of, err)
		}
	})
}

func TestTheSessionUsedLongestAgoMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, end := newKeeper(t)
		defer end()
		others := signIn(t, k, "lee")
		var tokens []string
		for range 21 {
			time.Sleep(2 * time.Hour)
			if len(tokens) > 1 && who(t, k, people, tokens[0]) == "" { // the first one is in use
				t.Fatal("a session in use has ended")
			}
			tokens = append(tokens, signIn(t, k, "ana"))
		}
		if who(t, k, people, tokens[0]) != "ana" || who(t, k, people, tokens[1]) != "" ||
			who(t, k, people, tokens[2]) != "ana" || who(t, k, people, others) != "lee" {
			t.Error("another session than the one used longest ago has ended")
		}
		if of, err := k.Of("ana"); err != nil || len(of) != 20 {
			t.Errorf("%d sessions, %v", len(of), err)
		}
	})
}

func TestWhoLeavesTheFileStaysOutAlsoWhenTheyComeBack(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	token := signIn(t, k, "ana")
	link, err := k.NewLink(t.Context(), "ana", session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	without := people[1:]
	if who(t, k, without, token) != "" {
		t.Error("who is not in the file is signed in")
	}
	if _, ok, _ := k.Redeem(t.Context(), link, without, "", ""); ok {
		t.Error("who is not in the file signs in")
	}
	if err := k.Tidy(t.Context(), without); err != nil {
		t.Fatal(err)
	}
	if who(t, k, people, token) != "" {
		t.Error("a session is back with its person")
	}
	if _, ok, _ := k.Redeem(t.Context(), link, people, "", ""); ok {
		t.Error("a link is back with its person")
	}
	// The address of one must not open what is the other's by id.
	renamed := []news.DeskEditor{{ID: "ana@kmsa.example", Email: "x@kmsa.example"}, {ID: "eve", Email: "ana"}}
	if got := who(t, k, renamed, signIn(t, k, "ana")); got != "" {
		t.Errorf("a session of ana's is %s's", got)
	}
}

func TestSessionsEndByTheirOwnersAndByOperators(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	a, b, l := signIn(t, k, "ana"), signIn(t, k, "ana"), signIn(t, k, "lee")
	of, err := k.Of("lee")
	if err != nil || len(of) != 1 {
		t.Fatal(of, err)
	}
	// Nobody ends another's.
	if n, err := k.End(t.Context(), "ana", func(s news.Session) bool { return s.ID == of[0].ID }); n != 0 || err != nil {
		t.Errorf("ana ends %d of lee's: %v", n, err)
	}
	if found, err := k.EndByID(t.Context(), of[0].ID); !found || err != nil || who(t, k, people, l) != "" {
		t.Errorf("an operator ends no session: %v", err)
	}
	link, err := k.NewLink(t.Context(), "ana", session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := k.SignOutEditor(t.Context(), "ana"); n != 2 || err != nil ||
		who(t, k, people, a) != "" || who(t, k, people, b) != "" {
		t.Errorf("%d sessions ended, %v", n, err)
	}
	if _, ok, _ := k.Redeem(t.Context(), link, people, "", ""); ok {
		t.Error("a link that was made before signs in again")
	}
}

// The session that a browser had before ends: what somebody else put there is not kept.
func TestSigningInReplacesTheSessionOfTheBrowser(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	before := signIn(t, k, "lee")
	link, err := k.NewLink(t.Context(), "ana", session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	o, ok, err := k.Redeem(t.Context(), link, people, "", before)
	if err != nil || !ok || o.Token == before || who(t, k, people, before) != "" || who(t, k, people, o.Token) != "ana" {
		t.Errorf("%+v, %t, %v", o, ok, err)
	}
}

func TestCookiesThatAreNoneOfOursAreNobodys(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	ana, lee := signIn(t, k, "ana"), signIn(t, k, "lee")
	for name, tt := range map[string]struct {
		cookies []string
		want    string
	}{
		"one":                        {[]string{ana}, "ana"},
		"none":                       {nil, ""},
		"beside one of nobody":       {[]string{strings.Repeat("A", 43), ana}, "ana"},
		"two of one editor":          {[]string{ana, signIn(t, k, "ana")}, "ana"},
		"twice the same":             {[]string{ana, ana}, "ana"},
		"of two editors":             {[]string{ana, lee}, ""},
		"longer":                     {[]string{ana + "A"}, ""},
		"shorter":                    {[]string{ana[:42]}, ""},
		"huge":                       {[]string{strings.Repeat(ana, 300)}, ""},
		"with other bits at the end": {[]string{ana[:42] + "-"}, ""},
		"behind four that are false": {[]string{strings.Repeat("A", 43), strings.Repeat("E", 43), strings.Repeat("I", 43),
			strings.Repeat("M", 43), ana}, ""},
	} {
		if got := who(t, k, people, tt.cookies...); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	// A cookie of the name that is for this machine alone means nothing elsewhere, and the other way round.
	r := httptest.NewRequest("GET", "https://desk.example/desk/", nil)
	r.AddCookie(&http.Cookie{Name: "desk", Value: ana})
	if _, err := k.Identify(r, people, session.Proxy{}, true); !errors.Is(err, session.ErrSignedOut) {
		t.Errorf("the cookie of an unencrypted desk: %v", err)
	}
	if found, err := k.Identify(r, people, session.Proxy{}, false); err != nil || found.Editor.ID != "ana" {
		t.Errorf("the same on this machine: %+v, %v", found, err)
	}
}

func TestTheStoreHoldsNoTokenInClear(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	spy := &spy{Store: k.Store}
	k.Store = spy
	link, err := k.NewLink(t.Context(), "ana", session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	o, ok, err := k.Redeem(t.Context(), link, people, "", "")
	if err != nil || !ok {
		t.Fatal(err)
	}
	for _, digest := range spy.digests {
		if len(digest) != 32 || strings.Contains(string(digest), link) || strings.Contains(string(digest), o.Token) {
			t.Errorf("the store is given %x", digest)
		}
	}
	if len(link) != 43 || len(o.Token) != 43 || link == o.Token || len(spy.digests) != 3 {
		t.Errorf("%q, %q, %d digests", link, o.Token, len(spy.digests))
	}
}

// spy sees the keys that a store is given.
type spy struct {
	session.Store
	digests [][]byte
}

func (s *spy) AddLink(
	ctx context.Context, digest []byte, l news.SignInLink, keep func(news.SignInLink) bool,
) error {
	s.digests = append(s.digests, digest)
	return s.Store.AddLink(ctx, digest, l, keep)
}

func (s *spy) RedeemLink(
	ctx context.Context, digest, under, replaced []byte, most int,
	open func(news.SignInLink) *news.Session, keep func(news.Session) bool,
) (*news.Session, error) {
	s.digests = append(s.digests, digest, under)
	return s.Store.RedeemLink(ctx, digest, under, replaced, most, open, keep)
}

func TestOnlyTheProxySaysWhoARequestIsFrom(t *testing.T) {
	k, end := newKeeper(t)
	defer end()
	token := signIn(t, k, "lee")
	proxy := session.Proxy{Header: "X-Remote-User", From: []netip.Prefix{
		netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("2001:db8::7/128"),
	}}
	for _, tt := range []struct {
		name, peer string
		values     []string
		want       string
		err        error
	}{
		{"an id", "10.1.2.3:4000", []string{"ana"}, "ana", nil},
		{"an email", "10.1.2.3:4000", []string{"ANA@kmsa.example"}, "ana", nil},
		{"another's email", "10.1.2.3:4000", []string{" lee@kdem.example "}, "lee", nil},
		{"over IPv6", "[2001:db8::7]:4000", []string{"ana"}, "ana", nil},
		{"an IPv4 address in the form of IPv6", "[::ffff:10.1.2.3]:4000", []string{"ana"}, "ana", nil},
		{"an unknown name", "10.1.2.3:4000", []string{"eve"}, "", session.ErrUnknownName},
		{"the name, not the id", "10.1.2.3:4000", []string{"Ana Paz"}, "", session.ErrUnknownName},
		{"a letter that Unicode folds", "10.1.2.3:4000", []string{"ana@kmſa.example"}, "", session.ErrUnknownName},
		{"another such letter", "10.1.2.3:4000", []string{"ana@\u212amsa.example"}, "", session.ErrUnknownName},
		{"said twice", "10.1.2.3:4000", []string{"ana", "lee"}, "", session.ErrUnknownName},
		{"two in one", "10.1.2.3:4000", []string{"ana, lee"}, "", session.ErrUnknownName},
		{"an empty one, and a session", "10.1.2.3:4000", []string{""}, "lee", nil},
		{"none, and a session", "10.1.2.3:4000", nil, "lee", nil},
		{"from elsewhere", "10.2.2.3:4000", []string{"ana"}, "lee", nil},
		{"from elsewhere over IPv6", "[2001:db8::8]:4000", []string{"ana"}, "lee", nil},
		{"from nowhere", "@", []string{"ana"}, "lee", nil},
	} {
		r := httptest.NewRequest("GET", "https://desk.example/desk/", nil)
		r.RemoteAddr = tt.peer
		r.AddCookie(&http.Cookie{Name: "__Host-desk", Value: token})
		r.Header.Set("X-Forwarded-For", "10.1.2.3")
		for _, v := range tt.values {
			r.Header.Add("x-remote-user", v)
		}
		found, err := k.Identify(r, people, proxy, true)
		if found.Editor.ID != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", tt.name, found.Editor.ID, err)
		}
		if isProxied := tt.want != "" && tt.want != "lee"; isProxied && found.Session != "" {
			t.Errorf("%s: has the session %q", tt.name, found.Session)
		}
	}
	r := httptest.NewRequest("GET", "https://desk.example/desk/", nil)
	r.RemoteAddr = "10.1.2.3:4000"
	r.Header.Set("X-Remote-User", "ana")
	if _, err := k.Identify(r, people, session.Proxy{}, true); !errors.Is(err, session.ErrSignedOut) {
		t.Errorf("without a proxy in the configuration: %v", err)
	}
}

func TestTheCookieIsWhatBrowsersKeepForThisHostAlone(t *testing.T) {
	for encrypted, want := range map[bool]string{
		true:  "__Host-desk=x; Path=/; Max-Age=7776000; HttpOnly; Secure; SameSite=Lax",
		false: "desk=x; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax",
	} {
		w := httptest.NewRecorder()
		session.SetCookie(w, "x", encrypted)
		if got := w.Header().Get("Set-Cookie"); got != want {
			t.Errorf("encrypted %t: %q, want %q", encrypted, got, want)
		}
		w = httptest.NewRecorder()
		session.SetCookie(w, "", encrypted)
		if got := w.Header().Get("Set-Cookie"); !strings.Contains(got, "Max-Age=0") {
			t.Errorf("encrypted %t: %q does not take it off", encrypted, got)
		}
	}
}
