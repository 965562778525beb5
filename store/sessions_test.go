package store

import (
	"crypto/sha256"
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

func TestSessionsAndLinksStayOverARestartAndAreVerified(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, identity.New(identity.Config{}))
	link, under := sha256.Sum256([]byte("link")), sha256.Sum256([]byte("session"))
	left := sha256.Sum256([]byte("left"))
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	keepLinks, keep := func(news.SignInLink) bool { return true }, func(news.Session) bool { return true }
	for _, digest := range [][32]byte{link, left} {
		err := s.AddLink(t.Context(), digest[:], news.SignInLink{Editor: "ana", Until: now, To: "/desk/"}, keepLinks)
		if err != nil {
			t.Fatal(err)
		}
	}
	session := news.Session{ID: "abc", Editor: "ana", Since: now, Seen: now, Agent: "Tester/1"}
	open1 := func(l news.SignInLink) *news.Session {
		if l.Editor != "ana" || l.To != "/desk/" || !l.Until.Equal(now) {
			t.Errorf("the link is %+v", l)
		}
		return &session
	}
	if opened, err := s.RedeemLink(t.Context(), link[:], under[:], nil, 20, open1, keep); opened == nil || err != nil {
		t.Fatal(opened, err)
	}
	if opened, err := s.RedeemLink(t.Context(), link[:], under[:], nil, 20, open1, keep); opened != nil || err != nil {
		t.Errorf("again: %v, %v", opened, err)
	}
	// A link that opens nothing stays.
	none := func(news.SignInLink) *news.Session { return nil }
	if opened, err := s.RedeemLink(t.Context(), left[:], under[:], nil, 20, none, keep); opened != nil || err != nil {
		t.Errorf("a link that opens nothing: %v, %v", opened, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, identity.New(identity.Config{}))
	defer s.Close()
	if got, err := s.Session(under[:]); err != nil || got == nil || *got != session {
		t.Errorf("the session is %+v, %v", got, err)
	}
	if got, err := s.Link(left[:]); err != nil || got == nil {
		t.Errorf("the link that was left is %+v, %v", got, err)
	}
	if len(s.Opening.Damage) > 0 {
		t.Errorf("damage: %q", s.Opening.Damage)
	}
	// What has ended is not noted as used: it would be back.
	isOther := func(s news.Session) bool { return s.ID != "abc" }
	if ended, err := s.EndSessions(t.Context(), isOther, keepLinks); err != nil || len(ended) != 1 {
		t.Errorf("%+v, %v", ended, err)
	}
	if err := s.ReplaceSession(t.Context(), under[:], session); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Session(under[:]); err != nil || got != nil {
		t.Errorf("an ended session is %+v, %v", got, err)
	}
}

// A session whose record is damaged is taken out when the store is opened, and the others stay.
func TestADamagedSessionIsTakenOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, identity.New(identity.Config{}))
	var digests [][32]byte
	for _, id := range []string{"one", "two"} {
		digest := sha256.Sum256([]byte(id))
		digests = append(digests, digest)
		err := s.update(t.Context(), func(tx txn) error {
			return putRecord(tx.Bucket(bucketSessions), digest[:], news.Session{ID: id, Editor: "ana"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := s.update(t.Context(), func(tx txn) error { // past the seals
		b := tx.Bucket(bucketSessions).Bucket
		text := append([]byte(nil), b.Get(digests[0][:])...)
		text[len(text)-1] ^= 1
		return b.Put(digests[0][:], text)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, identity.New(identity.Config{}))
	defer s.Close()
	all, err := s.Sessions()
	if err != nil || len(all) != 1 || all[0].ID != "two" || len(s.Opening.Damage) == 0 {
		t.Errorf("%+v, %v, damage %q", all, err, s.Opening.Damage)
	}
}
