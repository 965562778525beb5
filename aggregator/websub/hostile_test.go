package websub_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// get asks at an address of the desk's.
func (w *world) get(address string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	w.must(err)
	answer, err := w.RoundTrip(r)
	w.must(err)
	body, err := io.ReadAll(answer.Body)
	w.must(err)
	return answer, string(body)
}

// A challenge is text whatever it looks like; of a foreign topic, another mode, and once it is over
// of the same question again, nothing comes of it.
func TestAChallengeIsAnsweredAsTextAndOnce(t *testing.T) {
	hub := &station{ask: func(q url.Values) url.Values {
		return url.Values{"hub.mode": {"nothing"}, "hub.topic": q["hub.topic"], "hub.challenge": {"x"}}
	}}
	subscribed(t, hub, func(w *world, callback, _ string) {
		question := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {feed},
			"hub.challenge": {"<script>alert(1)</script>"}, "hub.lease_seconds": {"864000"}}
		for name, other := range map[string]url.Values{
			"a foreign topic": {"hub.mode": {"subscribe"}, "hub.topic": {"https://other.example/"},
				"hub.challenge": {"x"}},
			"another mode": {"hub.mode": {"unsubscribe"}, "hub.topic": {feed}, "hub.challenge": {"x"}},
			"publishing":   {"hub.mode": {"publish"}, "hub.topic": {feed}, "hub.challenge": {"x"}},
			"5,000 bytes": {"hub.mode": {"subscribe"}, "hub.topic": {feed},
				"hub.challenge": {strings.Repeat("x", 5000)}},
		} {
			if answer, _ := w.get(callback + "?" + other.Encode()); answer.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", name, answer.StatusCode)
			}
		}
		answer, body := w.get(callback + "?" + question.Encode())
		if answer.StatusCode != http.StatusOK || body != "<script>alert(1)</script>" ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") ||
			answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d %v %q", answer.StatusCode, answer.Header, body)
		}
		before, err := w.store.Subscriptions()
		w.must(err)
		if answer, _ := w.get(callback + "?" + question.Encode()); answer.StatusCode != http.StatusNotFound {
			t.Errorf("the same question again: %d", answer.StatusCode)
		}
		after, err := w.store.Subscriptions()
		w.must(err)
		if len(before) != 1 || !reflect.DeepEqual(before, after) {
			t.Errorf("the subscription was %+v and is %+v", before, after)
		}
	})
}

// What is not signed as it should be is answered alike, and nothing is taken.
func TestFalseSignaturesAreAnsweredAlikeAndNothingIsTaken(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		const body = "<rss>false</rss>"
		old, right := hmac.New(md5.New, []byte(secret)), hmac.New(sha1.New, []byte(secret))
		old.Write([]byte(body))
		right.Write([]byte(body))
		whole := hex.EncodeToString(right.Sum(nil))
		for name, signature := range map[string]string{
			"none": "", "wrong": "sha1=" + strings.Repeat("0", 40), "cut off": "sha1=" + whole[:20],
			"too long":          "sha1=" + whole + "00",
			"of another length": "sha256=" + whole, "md5": "md5=" + hex.EncodeToString(old.Sum(nil)),
			"no method": whole, "no text": "sha1=", "no hex": "sha1=" + strings.Repeat("zz", 20),
		} {
			r, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
			w.must(err)
			r.Header.Set("Content-Type", "application/rss+xml")
			r.Header.Set("X-Hub-Signature", signature)
			answer, err := w.RoundTrip(r)
			w.must(err)
			rest()
			if answer.StatusCode != http.StatusAccepted || len(w.arrived)+len(w.soon) > 0 {
				t.Errorf("%s: %d, arrived %q, soon %q", name, answer.StatusCode, w.arrived, w.soon)
			}
		}
		for _, unknown := range []string{"", "0", strings.Repeat("0", 64), "..%2f", strings.Repeat("a", 5000)} {
			at := callback[:strings.LastIndexByte(callback, '/')+1] + unknown
			if status := hub.push(at, secret, body); status != http.StatusNotFound {
				t.Errorf("at %.60s: %d", at, status)
			}
		}
	})
}

// A delivery is a document of the subscription's feed, whatever it says.
func TestDeliveriesAreFiledUnderTheirFeed(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		if status := hub.push(callback, secret, strings.Repeat("x",
			17<<20)); status != http.StatusRequestEntityTooLarge || len(w.arrived) > 0 {
			t.Errorf("17 MiB: %d, arrived %d", status, len(w.arrived))
		}
		const others = `<rss><channel><link>https://kmsa.example/</link>` +
			`<atom:link rel="self" href="https://kmsa.example/rss.xml"/></channel></rss>`
		if status := hub.push(callback, secret, others); status != http.StatusAccepted || len(w.arrived) != 1 ||
			w.arrived[0] != feed+" "+others {
			t.Errorf("another station's: %d, arrived %q", status, w.arrived)
		}
	})
}

// A slow or redirecting subscriber is given up, and nothing else waits for it.
func TestSlowAndRedirectingSubscribersDelayNoOther(t *testing.T) {
	elsewhere, quick := &reader{}, &reader{}
	challenged := func(then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				io.WriteString(w, r.URL.Query().Get("hub.challenge"))
				return
			}
			then(w, r)
		}
	}
	inWorld(t, map[string]http.Handler{
		"slow.example": challenged(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(time.Minute):
			}
		}),
		"leads.example": challenged(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/in", http.StatusTemporaryRedirect)
		}),
		"elsewhere.example": elsewhere, "quick.example": quick,
	}, func(w *world) {
		for _, host := range []string{"slow", "leads", "quick"} {
			if status := w.post(strings.Replace(asks, "partner.example", host+".example",
				1)); status != http.StatusAccepted {
				t.Fatalf("%s: %d", host, status)
			}
		}
		begun := time.Now()
		w.change("two")
		if len(quick.at) != 1 || quick.at[0].Sub(begun) > time.Second {
			t.Errorf("the quick one was delivered to at %v, %v after the change", quick.at, time.Since(begun))
		}
		w.sleep(30 * time.Second)
		if len(elsewhere.delivered) != 0 {
			t.Error("a redirect of a delivery was followed")
		}
		if w.change("three"); len(quick.at) != 2 {
			t.Errorf("the quick one was delivered to %d times", len(quick.at))
		}
	})
}
