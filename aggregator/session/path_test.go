package session

import (
	"net/url"
	"strings"
	"testing"
)

func TestSigningInLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/desk/":                       "/desk/",
		"/desk/cases/7":                "/desk/cases/7",
		"/desk/stories?words=a+b&x=//": "/desk/stories?words=a+b&x=//",
		"/desk/stories/%C3%B1":         "/desk/stories/%C3%B1",
		"/desk/stations/a%20b":         "/desk/stations/a%20b",
		"/desk/cases/7#top":            "/desk/cases/7",

		"": "", "/": "", "/desk": "", "desk/": "", "/deskx/": "", "/stories": "",
		"https://evil.example/desk/": "", "//evil.example/desk/": "", "///evil.example/desk/": "",
		"/desk//evil.example": "", "/desk/../status": "", "/desk/..": "", "/desk/./x": "",
		"/desk/%2e%2e/status": "", "/desk/%2E%2E%2Fstatus": "", "/desk/..%2f..%2fevil": "",
		"/desk/%2f%2fevil.example": "", `/desk/\evil.example`: "", "/desk/%5cevil.example": "", `\/evil.example/desk/`: "",
		"/desk/\r\nSet-Cookie: a=b": "", "/desk/%0d%0aSet-Cookie:a=b": "", "/desk/%0D%0ASet-Cookie:a=b": "", "/desk/\x00": "",
		"/desk/%00": "", " /desk/": "", "/desk/ x": "", "/desk/\u2028": "", "javascript:/desk/": "",
		"/desk/%zz": "", "/desk/" + strings.Repeat("a", maxTo): "", "/desk/x:y@z": "/desk/x:y@z",
		"/desk/?to=/x": "/desk/?to=/x",
	} {
		if got := PathWithin("/desk/", to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}

func FuzzPathWithin(f *testing.F) {
	for _, seed := range []string{
		"/desk/", "/desk/cases/7?a=b#c", "//evil.example/desk/", "/desk/%2e%2e/x", `/desk/\x`, "/desk/%5C", "/desk/ñ",
		"https://evil.example/desk/", "/desk/a;b=c", "/desk/%25%32%65",
	} {
		f.Add(seed)
	}
	base, err := url.Parse("https://desk.example/")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, to string) {
		got := PathWithin("/desk/", to)
		if got == "" {
			return
		}
		u, err := base.Parse(got)
		if err != nil || u.Host != "desk.example" || u.Scheme != "https" || !strings.HasPrefix(u.Path, "/desk/") ||
			strings.ContainsAny(got, "\\\r\n\t ") || strings.Contains(u.Path, "..") && strings.Contains(u.Path, "/../") {
			t.Errorf("%q leads to %q", to, got)
		}
		if again := PathWithin("/desk/", got); again != got {
			t.Errorf("%q becomes %q, then %q", to, got, again)
		}
	})
}
