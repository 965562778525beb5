package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/config"
)

func TestOPMLYieldsWebAddressesOnly(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // nil: it is refused
	}{
		"nested outlines": {`<opml><body><outline text="a"><outline xmlUrl="https://a.example/rss"/></outline>` +
			`<outline xmlUrl="http://b.example/rss"/></body>` +
			`</opml>`, []string{"https://a.example/rss", "http://b.example/rss"}},
		"one twice": {`<opml><body><outline xmlUrl="https://a.example/rss"/>` +
			`<outline xmlUrl="https://a.example/rss"/></body></opml>`, []string{"https://a.example/rss"}},
		"another character set": {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><opml><body><outline " +
			"text=\"Se\xf1ora\" xmlUrl=\"https://a.example/rss\"/></body></opml>", []string{"https://a.example/rss"}},
		"what is not the web": {`<opml><body><outline xmlUrl="file:///etc/passwd"/>` +
			`<outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="https://u:p@a.example/"/>` +
			`<outline xmlUrl="/rss"/><outline xmlUrl="https://b.example/rss"/></body>` +
			`</opml>`, []string{"https://b.example/rss"}},
		"100,000 in one another": {`<opml><body>` + strings.Repeat("<outline>", 100_000) +
			strings.Repeat("</outline>", 100_000) + `</body></opml>`, []string{}},
		"entities": {`<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>` +
			`<outline xmlUrl="https://a.example/&a;"/></body></opml>`, nil},
		"a feed":  {`<rss><channel/></rss>`, nil},
		"a page":  {`<!DOCTYPE html><html><body><p>x</body></html>`, nil},
		"cut off": {`<opml><body><outline xmlUrl="https://a.example/rss"`, nil},
		"nothing": {``, nil},
	} {
		t.Run(name, func(t *testing.T) {
			feeds, err := parseOPML(strings.NewReader(c.text))
			if (err != nil) != (c.want == nil) || !slices.Equal(feeds, c.want) {
				t.Errorf("%q, %v, want %q", feeds, err, c.want)
			}
		})
	}
	if _, err := readOPML("/dev/zero"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("what never ends: %v", err)
	}
}

// FuzzOPML: whatever a list holds, its feeds are addresses of the web, and what init writes of them
// says nothing but these.
func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml version="2.0"><body><outline text="a"><outline xmlUrl="https://a.example/rss?a=1&amp;b=2"/>` +
		`</outline></body></opml>`))
	f.Add([]byte("<?xml version='1.0' encoding='windows-1252'?><opml><outline xmlUrl='http://b.example/\x93: " +
		"{#x'/></opml>"))
	f.Add([]byte(`<opml><outline xmlUrl="https://a.example/&#10;poll: {private_networks: true}"/></opml>`))
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		feeds, err := parseOPML(strings.NewReader(string(text)))
		if err != nil || len(feeds) == 0 || len(feeds) > 20 {
			return
		}
		s := &firstStation{ID: "a", Name: "A", URL: "https://a.example"}
		for _, address := range feeds {
			if !strings.HasPrefix(strings.ToLower(address), "http://") &&
				!strings.HasPrefix(strings.ToLower(address), "https://") {
				t.Errorf("%q is a feed", address)
			}
			s.Feeds = append(s.Feeds, firstFeed{address})
		}
		written, err := marshalFirstConfig(initInput{title: "A", contact: "a@a.example"}, keptConfig{},
			[]*firstStation{s})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "config.yaml")
		if err := os.WriteFile(path, written, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(path, func(string) string { return "" })
		if err != nil { // an address that the configuration does not take is said with its line
			return
		}
		if c.Poll.PrivateNetworks || c.Desk.Title != "A" || len(c.Stations) != 1 ||
			len(c.Stations[0].Feeds) > len(feeds) {
			t.Errorf("%q is read as %+v", written, c)
		}
	})
}
