package session

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheEleventhTryInAMinuteWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limits
		one, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")
		for n := range 10 {
			if wait := l.CountTry(one); wait != 0 {
				t.Fatalf("try %d waits %s", n+1, wait)
			}
			time.Sleep(time.Second)
		}
		if wait := l.CountTry(one); wait != 50*time.Second {
			t.Errorf("the eleventh waits %s, want 50s: until the first is a minute ago", wait)
		}
		if wait := l.CountTry(other); wait != 0 {
			t.Errorf("another client waits %s", wait)
		}
		time.Sleep(50 * time.Second)
		if wait := l.CountTry(one); wait != 0 {
			t.Errorf("when the first is a minute ago, the next waits %s", wait)
		}
		if wait := l.CountTry(one); wait != time.Second {
			t.Errorf("the one after that waits %s, want 1s", wait)
		}
	})
}

func TestTheFourthLinkToAnAddressInAnHourWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limits
		for _, address := range []string{"ana@kmsa.example", "Ana@KMSA.example", "ANA@kmsa.example"} {
			if wait := l.CountRequest(address); wait != 0 {
				t.Fatalf("%s waits %s", address, wait)
			}
		}
		if wait := l.CountRequest("ana@kmsa.example"); wait != time.Hour {
			t.Errorf("the fourth waits %s", wait)
		}
		if wait := l.CountRequest("ana@kmſa.example"); wait != 0 { // a long s: see IsSameEmail
			t.Errorf("another's that looks alike waits %s", wait)
		}
		if wait := l.CountRequest("lee@kmsa.example"); wait != 0 {
			t.Errorf("another waits %s", wait)
		}
		time.Sleep(time.Hour)
		if wait := l.CountRequest("ana@kmsa.example"); wait != 0 {
			t.Errorf("an hour later: %s", wait)
		}
	})
}

// Who comes from ever other addresses fills no memory.
func TestWhatLimitsRememberIsBounded(t *testing.T) {
	var l Limits
	for n := range 3 * mostCounted {
		at := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
		for range 12 {
			l.CountTry(netip.PrefixFrom(at, 32))
		}
		l.CountRequest(fmt.Sprintf("%d@kmsa.example", n))
	}
	if len(l.clients) > mostCounted || len(l.addresses) > mostCounted {
		t.Errorf("%d clients and %d addresses are remembered", len(l.clients), len(l.addresses))
	}
	for _, times := range l.clients {
		if len(times) > mostTries || cap(times) > 2*mostTries {
			t.Fatalf("%d times of one client, room for %d", len(times), cap(times))
		}
	}
}
