package web

import "net/http"

// header is a header of an answer. It is made once: answers share the values, which
// are never changed.
type header struct {
	name   string // in canonical form
	values []string
}

// put gives an answer headers.
func put(h http.Header, list []header) {
	for _, one := range list {
		h[one.name] = one.values
	}
}

// harmless are headers of every answer.
var harmless = []header{{"X-Content-Type-Options", []string{"nosniff"}}, {"Referrer-Policy", []string{"no-referrer"}}}
