package link

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	const base = "https://kmsa.example/news/list.html?page=2#top"
	tests := []struct{ name, base, raw, want string }{
		{"a clean link stays", "", "https://www.kmsa.example/A/b/?b=2&a=1#e1", "https://www.kmsa.example/A/b/?b=2&a=1#e1"},
		{"line breaks and tabs go anywhere", "", "\n https://kmsa.example/fence\r\n\t-gap \n", "https://kmsa.example/fence-gap"},
		{"scheme and host become lower case", "", "HTTP://KMSA.Example/A", "http://kmsa.example/A"},
		{"user and password go", "", "https://a:b@kmsa.example/", "https://kmsa.example/"},
		{"letters in hosts become A-labels", "", "https://niñez.example/", "https://xn--niez-hqa.example/"},
		{"full-width digits become digits", "", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"},
		{"IPv6 keeps its brackets", "", "http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080/"},
		{"port zero stays", "", "http://kmsa.example:000/", "http://kmsa.example:0/"},
		{"brackets of a query are encoded", "", "https://kmsa.example/?a[]=1|2", "https://kmsa.example/?a%5B%5D=1%7C2"},
		{"bytes that are not UTF-8 are encoded", "", "https://kmsa.example/\xf1", "https://kmsa.example/%F1"},
		{"control characters are encoded", "", "https://kmsa.example/a\x01", "https://kmsa.example/a%01"},
		{"a second hash is encoded", "", "https://kmsa.example/a#b#c", "https://kmsa.example/a#b%23c"},
		{"an empty name keeps its value", "", "https://kmsa.example/?=1", "https://kmsa.example/?=1"},

		{"relative to the folder", base, "fence-gap", "https://kmsa.example/news/fence-gap"},
		{"relative upwards", base, "../../fence-gap", "https://kmsa.example/fence-gap"},
		{"relative to the host", base, "/fence-gap?id=7", "https://kmsa.example/fence-gap?id=7"},
		{"relative to the scheme", base, "//kdem.example/a", "https://kdem.example/a"},
		{"query alone", base, "?id=7", "https://kmsa.example/news/list.html?id=7"},
		{"fragment alone", base, "#e1", "https://kmsa.example/news/list.html?page=2#e1"},
		{"relative without a base is none", "", "/fence-gap", ""},
		{"relative to no page is none", "file:feed.xml", "/fence-gap", ""},
		{"an absolute one needs no base", "file:feed.xml", "https://kmsa.example/a", "https://kmsa.example/a"},
		{"empty is none, whatever the base", base, " ", ""},

		{"mail is none", base, "mailto:desk@kmsa.example", ""},
		{"script is none", base, "javascript:alert(1)", ""},
		{"a script broken by tabs is none", base, "java\tscript:alert(1)", ""},
		{"a colon ends a scheme", base, "kmsa.example:80/a", ""},
		{"a scheme needs two slashes", base, "http:kmsa.example/a", ""},
		{"no host", "", "http:///a", ""},
		{"no host but a port", "", "http://:80/a", ""},
		{"a host with a space", "", "http://kmsa example/a", ""},
		{"a host with an encoded slash", "", "http://kmsa%2Fexample/a", ""},
		{"a host encoded twice", "", "http://kms%2561.example/", ""},
		{"a host with a backslash", "", `http://kmsa.example\a`, ""},
		{"a host with an empty label", "", "http://kmsa..example/", ""},
		{"a host with two dots at the end", "", "http://kmsa.example../", ""},
		{"a host longer than names can be", "", "http://" + strings.Repeat("a.", 127) + "example/", ""},
		{"a port that is no number", "", "http://kmsa.example:http/", ""},
		{"an IPv6 address with a zone", "", "http://[fe80::1%25lo]/", ""},
		{"an IPv6 address cut short", "", "http://[2001:db8::1/", ""},
		{"an IPv4 address in brackets", "", "http://[127.0.0.1]/", ""},

		{"a wrapper with an invalid first target", "", "https://www.google.com/url?url=/x&q=https://kmsa.example/a", "https://kmsa.example/a"},
		{"a plus in a target stays", "", "https://www.google.com/url?q=https://kmsa.example/a%2Bb+c", "https://kmsa.example/a+b+c"},
		{"a wrapper's fragment goes along", "", "https://www.google.com/url?q=https://kmsa.example/live#e1", "https://kmsa.example/live#e1"},
		{"a target's fragment goes before the wrapper's", "", "https://www.google.com/url?q=https://kmsa.example/live%23e2#e1", "https://kmsa.example/live#e2"},
		{"a wrapper on another port is none", "", "https://google.com:8443/url?q=https://kmsa.example/a", "https://google.com:8443/url?q=https://kmsa.example/a"},
		{"a wrapper without a target stays", "", "https://www.google.com/url?q=kmsa", "https://www.google.com/url?q=kmsa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.base, tt.raw); got != tt.want {
				t.Errorf("Clean(%q, %q) = %q, want %q", tt.base, tt.raw, got, tt.want)
			}
		})
	}
}

// wrapped is an address inside wrappers, depth of them.
func wrapped(address string, depth int) string {
	for range depth {
		address = "https://www.google.com/url?q=" + strings.NewReplacer("%", "%25", "&", "%26").Replace(address)
	}
	return address
}

func TestWrappersAreOpenedEightDeep(t *testing.T) {
	const target = "https://kmsa.example/fence-gap"
	if got := Clean("", wrapped(target, 8)); got != target {
		t.Errorf("eight wrappers: %q, want %q", got, target)
	}
	nine := wrapped(target, 9)
	if got := Clean("", nine); got != nine {
		t.Errorf("nine wrappers: %q, want them left whole", got)
	}
}

func TestResolve(t *testing.T) {
	const base = "https://kmsa.example/news/"
	tests := []struct{ name, raw, want string }{
		{"trackers and sessions stay", "https://kmsa.example/a;jsessionid=1/n.mp3?utm_source=x&&print=1#top", "https://kmsa.example/a;jsessionid=1/n.mp3?utm_source=x&&print=1#top"},
		{"prefixes stay", "https://op3.dev/e/audio.kmsa.example/n.mp3?", "https://op3.dev/e/audio.kmsa.example/n.mp3?"},
		{"wrappers stay", "https://www.google.com/url?q=https://kmsa.example/a", "https://www.google.com/url?q=https://kmsa.example/a"},
		{"relative", "../img/gap 1.jpg", "https://kmsa.example/img/gap%201.jpg"},
		{"broken over lines", "https://kmsa.example/\n gap.jpg", "https://kmsa.example/%20gap.jpg"},
		{"host in punycode, user off", "https://u:p@NIÑEZ.example:443/%7e", "https://xn--niez-hqa.example/%7e"},
		{"data is none", "data:image/png;base64,AA==", ""},
		{"a control character", "https://kmsa.example/a\x01b", ""},
		{"NUL in front", "\x00https://kmsa.example/a", ""},
		{"DEL", "https://kmsa.example/a\x7f", ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Resolve(base, tt.raw); got != tt.want {
				t.Errorf("Resolve(%q) = %q, want %q", tt.raw, got, tt.want)
			}
		})
	}
}

func TestHost(t *testing.T) {
	for link, want := range map[string]string{
		"https://www.kmsa.example/a":   "kmsa.example",
		"http://News.KMSA.example:80/": "news.kmsa.example",
		"http://kmsa.example:8080/":    "kmsa.example",
		"http://[::1]:8080/":           "::1",
		"http://127.0.0.1:9/":          "127.0.0.1",
		"https://www.example/":         "www.example",
		"kmsa.example":                 "",
		"mailto:a@kmsa.example":        "",
		"":                             "",
	} {
		if got := Host(link); got != want {
			t.Errorf("Host(%q) = %q, want %q", link, got, want)
		}
	}
}

func TestParseHost(t *testing.T) {
	tests := []struct{ name, want, fault string }{
		{"kmsa.example", "kmsa.example", ""},
		{"KMSA.Example", "kmsa.example", ""},
		{"niñez.example", "xn--niez-hqa.example", ""},
		{"127.0.0.1", "127.0.0.1", ""},
		{"::1", "::1", ""},
		{"[2001:DB8::1]", "2001:db8::1", ""},
		{"", "", "empty"},
		{"https://kmsa.example", "", "scheme"},
		{"kmsa.example/news", "", "path"},
		{"kmsa.example:8080", "", "port"},
		{"kmsa.example:", "", "port"},
		{"[::1]:80", "", "port"},
		{"www.kmsa.example", "", `write "kmsa.example"`},
		{"desk@kmsa.example", "", "not a host name"},
		{"kmsa example", "", "not a host name"},
		{"*", "", "not a host name"},
		{"fe80::1%eth0", "", "not a host name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseHost(tt.name)
			if tt.fault == "" && (err != nil || got != tt.want) {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
			if tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
				t.Errorf("%q, %v, want an error with %q", got, err, tt.fault)
			}
		})
	}
}

func TestNoNameOfContentIsATracker(t *testing.T) {
	for _, name := range strings.Fields("id p story storyid ref source from src campaign_id cid sid mc spm t f ft s v page lang date e") {
		if isTrackerParameter(name) {
			t.Errorf("%q names pages on some site, and must stay", name)
		}
	}
}

func TestEveryTrackerIsLookedUp(t *testing.T) {
	for name := range trackers {
		if !isTrackerParameter(name) {
			t.Errorf("%q is never found", name)
		}
	}
}
