package websub

import (
	"fmt"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestALimitCountsTheLastMinuteOfEachName(t *testing.T) {
	begun := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	l := newRequestLimit()
	for n := range 10 {
		if !l.allow(begun.Add(time.Duration(n)*time.Second), true, "a", fmt.Sprint(n)) {
			t.Errorf("request %d is refused", n)
		}
	}
	for _, c := range []struct {
		after time.Duration
		names []string
		want  bool
	}{
		{10 * time.Second, []string{"a"}, false},
		{10 * time.Second, []string{"b", "a"}, false}, // and nothing is counted for b
		{10 * time.Second, []string{"b"}, true},
		{60*time.Second + 1, []string{"a"}, true}, // the first of a is past
		{60*time.Second + 2, []string{"a"}, false},
		{61*time.Second + 1, []string{"a"}, true},
	} {
		if got := l.allow(begun.Add(c.after), true, c.names...); got != c.want {
			t.Errorf("%q after %v: %t, want %t", c.names, c.after, got, c.want)
		}
	}
}

func TestALimitRemembersABoundedNumberOfNamesAndStillServesWhoIsKnown(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	l := newRequestLimit()
	allowed := 0
	for n := range 3 * maxNames {
		if l.allow(now, true, fmt.Sprint("stranger ", n)) {
			allowed++
		}
	}
	if allowed != maxNames || !l.allow(now, false, "known") {
		t.Errorf("%d strangers were allowed, want %d; and who is known", allowed, maxNames)
	}
	if !l.allow(now.Add(2*time.Minute), true, "later") || len(l.times) != 1 {
		t.Errorf("two minutes later %d names are remembered", len(l.times))
	}
}

func TestVerificationsTakeTurns(t *testing.T) {
	v := newVerifications()
	of := func(host, path string, known bool) verification {
		return verification{Subscriber: news.Subscriber{Callback: "https://" + host + "/" + path}, known: known}
	}
	for _, one := range []verification{
		of("a.example", "1", false), of("a.example", "2", false), of("www.a.example", "3", false),
		of("b.example", "1", false), of("c.example", "1", true),
	} {
		v.add(one)
	}
	latest := of("b.example", "1", false)
	latest.mode = "unsubscribe"
	v.add(latest)
	var order []string
	for one, ok := v.begin(); ok; one, ok = v.begin() {
		order = append(order, one.Callback+one.mode)
	}
	want := "[https://c.example/1 https://a.example/1 https://a.example/2 https://b.example/1unsubscribe]"
	if got := fmt.Sprint(order); got != want {
		t.Errorf("they begin as %s, want %s", got, want)
	}
	v.end(of("a.example", "1", false))
	if one, ok := v.begin(); !ok || one.Callback != "https://www.a.example/3" {
		t.Errorf("the next is %v, %t", one, ok)
	}
	for n := range 2 * maxWaiting {
		if ok := v.add(of(fmt.Sprintf("h%d.example", n), "", false)); ok != (n < maxWaiting) {
			t.Fatalf("request %d waits: %t", n, ok)
		}
	}
	if !v.add(of("known.example", "", true)) {
		t.Error("a known one has no place")
	}
}

func TestACallbackHostIsADomainOrABlockOfAddresses(t *testing.T) {
	for callback, want := range map[string]string{
		"https://partner.example/in":          "partner.example",
		"https://WWW.Partner.example:443/":    "partner.example",
		"http://a.hooks.partner.example/":     "partner.example",
		"https://one.github.io/":              "one.github.io", // a domain of its own
		"http://192.0.2.7:81/":                "192.0.2.7/32",
		"http://[2001:db8:1:2:3::4]/":         "2001:db8:1:2::/64",
		"http://[::ffff:192.0.2.7]/":          "192.0.2.7/32",
		"http://localhost:8080/":              "localhost",
		"https://partner.example./in":         "partner.example",
		"https://hooks.station.com.mx/border": "station.com.mx",
	} {
		if got := callbackHost(callback); got != want {
			t.Errorf("%s: %s, want %s", callback, got, want)
		}
	}
}

func TestSlowHostsWithoutASubscriptionAreForgotten(t *testing.T) {
	h := Hub{slow: map[string]bool{}, subscribers: map[subscriberKey]news.Subscriber{
		{callback: "https://kept.example/hook"}: {},
	}}
	h.noteSpeed("kept.example", time.Minute)
	for n := range 100 * maxSubscribers {
		h.noteSpeed(fmt.Sprintf("gone-%d.example", n), time.Minute)
	}
	if len(h.slow) > maxSubscribers || !h.slow["kept.example"] {
		t.Errorf("%d slow hosts are remembered; that of a subscriber: %t", len(h.slow), h.slow["kept.example"])
	}
}
