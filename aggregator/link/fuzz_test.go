package link

import (
	"strings"
	"testing"
)

// addSeeds gives a fuzz target every address of the tables in testdata.
func addSeeds(f *testing.F) {
	for _, row := range append(rows(f, "pairs.tsv", 4), rows(f, "rules.tsv", 4)...) {
		f.Add(row[1])
		f.Add(row[2])
	}
	f.Add(wrapped("https://kmsa.example/a?b=1&amp;c#d", 9))
	f.Add("http://" + strings.Repeat("㌖.", 20) + "example/")
}

func FuzzCleanIsIdempotent(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		link := Clean("", raw)
		if again := Clean("", link); again != link {
			t.Errorf("%q\n→ %q\n→ %q", raw, link, again)
		}
		if again := Resolve("", link); again != link {
			t.Errorf("a link is published as it is: %q\n→ %q\n→ %q", raw, link, again)
		}
	})
}

func FuzzResolveIsIdempotent(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		address := Resolve("https://kmsa.example/news/", raw)
		if again := Resolve("", address); again != address {
			t.Errorf("%q\n→ %q\n→ %q", raw, address, again)
		}
		if hasControl(address) || strings.Contains(address, " ") {
			t.Errorf("%q → %q", raw, address)
		}
	})
}

func FuzzRelativeAddresses(f *testing.F) {
	f.Add("https://kmsa.example/a/b?c#d", "../e?f#g")
	f.Add("https://kmsa.example", "//kdem.example")
	f.Fuzz(func(t *testing.T, base, raw string) {
		link := Clean(base, raw)
		if again := Clean(base, link); again != link {
			t.Errorf("%q against %q\n→ %q\n→ %q", raw, base, link, again)
		}
	})
}

func FuzzKey(f *testing.F) {
	addSeeds(f)
	table := builtinTable(f)
	f.Fuzz(func(t *testing.T, raw string) {
		link := Clean("", raw)
		key := table.Key(link)
		if (key == "") != (link == "") {
			t.Errorf("%q: link %q, key %q: either both or none", raw, link, key)
		}
		if again := table.Key(Clean("", link)); again != key {
			t.Errorf("%q: key %q, after another Clean %q", raw, key, again)
		}
		if len(key) > 3*len(raw)+64 {
			t.Errorf("%q: key of %d bytes", raw, len(key))
		}
		if strings.ContainsAny(key, " \t\r\n") {
			t.Errorf("%q: key %q is no line of its own", raw, key)
		}
		if key != "" && strings.Contains(key, "/") == (Family(key) != "") {
			t.Errorf("%q: key %q, family %q", raw, key, Family(key))
		}
		// Any text, cleaned or not.
		table.Key(raw)
		Host(raw)
		StoryLike(raw)
		Family(raw)
	})
}

var sink string

func BenchmarkCleanAndKey(b *testing.B) {
	table := builtinTable(b)
	for name, raw := range map[string]string{
		"clean":   "https://www.kmsa.example/news/2031/03/04/fence-gap-closed/",
		"query":   "https://kmsa.example/story?id=7781&utm_source=feed&utm_medium=rss",
		"rule":    "https://www.npr.org/2031/03/04/881210034/fence-gap-closed",
		"prefix":  "https://pdst.fm/e/chrt.fm/track/A1B2/audio.kmsa.example/noon.mp3?dest-id=117",
		"wrapper": "https://www.google.com/url?q=https%3A%2F%2Fkmsa.example%2Fa&sa=D",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink = table.Key(Clean("", raw))
			}
		})
	}
}
