package htmlclean

import (
	"net/url"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/text"
)

// shownText is the text of an attribute.
func (w *writer) shownText(name, value string) string {
	line := text.OneLine(value)
	if len(line) > maxAttributeText {
		w.lose("bytes of "+name, len(line), maxAttributeText, RestIsCut)
	}
	return text.Shorten(line, maxAttributeText)
}

// isTooLong reports, and takes down, an address that is longer than one may be.
func (w *writer) isTooLong(address string) bool {
	if len(address) <= maxAddressLength {
		return false
	}
	w.lose("bytes of an address", len(address), maxAddressLength, LeftOut)
	return true
}

// linkAddress is what a link may lead to: http, https, or a mail address.
func (w *writer) linkAddress(raw string) string {
	if !strings.HasPrefix(raw, "data:") && w.isTooLong(raw) {
		return ""
	}
	if len(raw) > 7 && strings.EqualFold(raw[:7], "mailto:") {
		return mailAddress(raw)
	}
	return w.resolveAddress(raw)
}

func mailAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || strings.ContainsAny(raw, " \t\n") || u.Opaque == "" {
		return ""
	}
	return u.String()
}

// resolveAddress gives an address in the spelling that bluemonday leaves as it is.
func (w *writer) resolveAddress(raw string) string {
	address := link.Resolve(w.base, raw)
	if address == "" || w.isTooLong(address) {
		return ""
	}
	if isPlainAddress(address) {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.String()
}

// isPlainAddress reports whether an absolute address holds nothing that [url.URL] writes otherwise
// than it is there.
func isPlainAddress(address string) bool {
	for i := range len(address) {
		if !plainInAddress[address[i]] {
			return false
		}
	}
	return address[len(address)-1] != '?'
}

// plainInAddress lists the characters that stand for themselves in all parts of an address.
var plainInAddress = func() (set [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:?=&+,;") {
		set[c] = true
	}
	return set
}()

// shownBy is what an img says of the picture that it shows, but its address.
func (w *writer) shownBy(attrs []htmlAttr) Shown {
	s := Shown{Page: w.base}
	for _, a := range attrs {
		switch a.name {
		case "alt":
			s.Alt = a.value
		case "class":
			s.Class = a.value
		case "style":
			s.Style = a.value
		case "width":
			s.Width = a.value
		case "height":
			s.Height = a.value
		}
	}
	return s
}

// characterOf is the character that an img stands for, "" if it stands for none.
func characterOf(attrs []htmlAttr) string {
	s := Shown{Address: attributeValue(attrs, "src"), Class: attributeValue(attrs, "class")}
	if !isEmoji(s) {
		return ""
	}
	return text.Shorten(text.OneLine(attributeValue(attrs, "alt")), maxCharacter)
}

// shownAddress is a picture's address, resolved; "" if there is no picture.
func (w *writer) shownAddress(shown Shown, raw string) string {
	if raw == "" || strings.HasPrefix(raw, "data:") || w.isTooLong(raw) || isNoAddress(raw, w.base) {
		return ""
	}
	if shown.Address = w.resolveAddress(raw); shown.Address == "" || IsNoPicture(shown) {
		return ""
	}
	return shown.Address
}

// writePlayerLink writes a link to what an audio, video or iframe element plays.
func (w *writer) writePlayerLink(name string, attrs []htmlAttr) {
	address := w.linkAddress(attributeValue(attrs, "src"))
	if address == "" || strings.HasPrefix(address, "mailto:") || name == "iframe" && !isKnownPlayer(address) {
		return
	}
	label := w.shownText("title", attributeValue(attrs, "title"))
	if label == "" {
		label = link.Host(address)
	}
	w.beginElement("a", []htmlAttr{{"href", address}})
	w.writeText(label)
	w.endElement()
}

func isKnownPlayer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && players[u.Host]
}
