package link

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// mutations is how many mutated addresses the test tries; their order is fixed.
const mutations = 30_000

// TestMutatedAddresses breaks the addresses of the tables in the ways that addresses are broken:
// with pieces of others, with what has a meaning in them, with parts deleted, doubled, encoded and
// wrapped.
func TestMutatedAddresses(t *testing.T) {
	var seeds []string
	for _, row := range append(rows(t, "pairs.tsv", 4), rows(t, "rules.tsv", 4)...) {
		seeds = append(seeds, row[1], row[2])
	}
	table := builtinTable(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range mutations {
		raw := seeds[random.IntN(len(seeds))]
		for range 1 + random.IntN(5) {
			raw = mutate(random, raw, seeds)
		}
		link := Clean("", raw)
		key := table.Key(link)
		switch again := Clean("", link); {
		case again != link:
			t.Fatalf("not idempotent: %q\n→ %q\n→ %q", raw, link, again)
		case table.Key(again) != key || (key == "") != (link == "") || len(key) > 3*len(raw)+64:
			t.Fatalf("%q\n→ %q\n→ %q", raw, link, key)
		case Resolve("", link) != link:
			t.Fatalf("%q\n→ %q\nresolves to %q", raw, link, Resolve("", link))
		}
	}
}

var pieces = []string{
	"%", "%2", "%25", "%2F", "%3A", "%C3", "&", "&amp;", "amp;", "=", "?", "#", ";", "/", "//", "/./", "/../", ":", ":80", ":0443",
	"@", "[", "]", "[::1]", "\\", " ", "\t", "\n", "\u00a0", "\ufeff", "\u200b", "\x00", "\x7f", "\xff", "ñ", "。", "㌖", "ẞ", "\u00ad", ".", "..", "_",
	"www.", "xn--", "xn--a", "http://", "https://", "HTTP:", "utm_source=", "utm_source=?", "fbclid", "print=1", ";jsessionid=", "#:~:", "#top", "#utm_",
	"url=", "q=", "u=", "/url?q=", "/amp", "/amp/s/", "/c/s/", "/l.php?u=", "google.com", "op3.dev/e/", "media.blubrry.com/a/", "/index.html",
	"npr.org/stations/force/force_localization.php?url=", "a.cdn.ampproject.org",
}

func mutate(random *rand.Rand, s string, seeds []string) string {
	i := random.IntN(len(s) + 1)
	j := i + random.IntN(len(s)-i+1)
	piece := pieces[random.IntN(len(pieces))]
	switch random.IntN(8) {
	case 0:
		return s[:i] + s[j:]
	case 1:
		return s[:j] + s[i:]
	case 2:
		return s[:i] + strings.ToUpper(s[i:j]) + s[j:]
	case 3:
		return wrapped(s, 1)
	case 4:
		return "https://op3.dev/e/" + s
	case 5:
		other := seeds[random.IntN(len(seeds))]
		return s[:i] + other[random.IntN(len(other)):]
	default:
		return s[:i] + piece + s[i:]
	}
}
