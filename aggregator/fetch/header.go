package fetch

import (
	"fmt"
	"net/http"
)

// UserAgent names the desk to a partner's webmaster, who finds out from it
// whom to write to. One of url and contact may be empty.
func UserAgent(version, url, contact string) string {
	switch {
	case url == "":
		return fmt.Sprintf("fronteras/%s (%s)", version, contact)
	case contact == "":
		return fmt.Sprintf("fronteras/%s (+%s)", version, url)
	}
	return fmt.Sprintf("fronteras/%s (+%s; %s)", version, url, contact)
}

// accepted are the types of documents that are read, the clearest first. A
// server that has but one address for all of them chooses by it.
const accepted = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, " +
	"application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"

// requestHeaders are sent with every request, whatever it was answered before:
// no status makes a browser of us.
func requestHeaders(userAgent string) http.Header {
	return http.Header{
		"User-Agent":      {userAgent},
		"Accept":          {accepted},
		"Accept-Encoding": {"gzip, br, zstd"},
	}
}

// validator returns an ETag or Last-Modified as it came, or "" where it must
// not be kept: a "*" means any document (RFC 9110 13.1.2).
func validator(s string) string {
	if s == "*" || len(s) > maxValidator {
		return ""
	}
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return ""
		}
	}
	return s
}
