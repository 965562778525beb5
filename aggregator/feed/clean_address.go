package feed

import (
	"net/url"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/text"
)

// href is what a link may lead to: http, https, or a mail address.
func (w *writer) href(raw string) string {
	if len(raw) > maxAddress {
		return ""
	}
	if len(raw) > 7 && strings.EqualFold(raw[:7], "mailto:") {
		return mailTo(raw)
	}
	return w.resolve(raw)
}

func mailTo(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || strings.ContainsAny(raw, " \t\n") || u.Opaque == "" {
		return ""
	}
	return u.String()
}

// resolve gives an address in the spelling that bluemonday leaves as it is.
func (w *writer) resolve(raw string) string {
	address := link.Resolve(w.base, raw)
	if address == "" || len(address) > maxAddress {
		return ""
	}
	if isSimple(address) {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.String()
}

// isSimple reports whether an absolute address holds nothing that [url.URL] writes
// otherwise than it stands there.
func isSimple(address string) bool {
	for i := range len(address) {
		if !simple[address[i]] {
			return false
		}
	}
	return address[len(address)-1] != '?'
}

// simple are the characters that stand for themselves in all parts of an address.
var simple = func() (set [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:?=&+,;") {
		set[c] = true
	}
	return set
}()

// picture finds the address of an img: pages that load their pictures late keep
// it elsewhere than in src.
func (w *writer) picture(attrs []htmlAttr) string {
	for _, name := range [...]string{"src", "data-src", "data-lazy-src", "data-original"} {
		if raw := find(attrs, name); raw != "" && len(raw) <= maxAddress {
			if address := w.resolve(raw); address != "" {
				return address
			}
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(find(attrs, "srcset")), " ")
	if first == "" || len(first) > maxAddress {
		return ""
	}
	return w.resolve(strings.TrimSuffix(first, ","))
}

// player writes a link to what an audio, video or iframe element plays.
func (w *writer) player(name string, attrs []htmlAttr) {
	address := w.href(find(attrs, "src"))
	if address == "" || strings.HasPrefix(address, "mailto:") || name == "iframe" && !knownPlayer(address) {
		return
	}
	label := text.Shorten(text.OneLine(find(attrs, "title")), maxTitle)
	if label == "" {
		label = link.Host(address)
	}
	w.begin("a", []htmlAttr{{"href", address}})
	w.text(label)
	w.finish()
}

func knownPlayer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && players[u.Host]
}
