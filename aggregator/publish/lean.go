package publish

import (
	"bytes"
	"slices"
)

// lean is a document without its long texts: what takes time to read in it, and
// says nothing of its form. A text is left out only where it stands whole between
// two tags and all in it is what XML allows there, so that the rest is well-formed
// if and only if the document is.
func lean(body []byte) []byte {
	out := make([]byte, 0, len(body)/4)
	for kept := 0; ; {
		end := bytes.IndexByte(body[kept:], '>') + 1
		if end == 0 {
			return append(out, body[kept:]...)
		}
		tag := body[kept : kept+end]
		out = append(out, tag...)
		kept += end
		length := bytes.IndexByte(body[kept:], '<')
		if length >= longText && !compared(tagName(tag)) && isText(body[kept:kept+length]) {
			out = append(out, '-')
			kept += length
		}
	}
}

// tagName is the name in the tag that bytes end with.
func tagName(text []byte) string {
	name := text[bytes.LastIndexByte(text, '<')+1:]
	if end := bytes.IndexAny(name, " >"); end >= 0 {
		name = name[:end]
	}
	return string(name)
}

// compared reports whether the gate compares what stands in an element of a name:
// its text is short, but for a headline perhaps.
func compared(name string) bool {
	return name == "title" || name == "link" || name == "guid" || name == "id"
}

// isText reports whether bytes of UTF-8 are character data that any reader of XML
// takes for that: characters that XML has (XML 1.0 2.2) and references to them.
func isText(text []byte) bool {
	for n := 0; n < len(text); n++ {
		switch c := text[n]; {
		case c == '&':
			length := bytes.IndexByte(text[n:min(len(text), n+longestReference)], ';')
			if length < 0 || !slices.Contains(references, string(text[n+1:n+length])) {
				return false
			}
			n += length
		case c == '>', c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return false
		case c == 0xEF && n+2 < len(text) && text[n+1] == 0xBF && text[n+2] >= 0xBE: // U+FFFE, U+FFFF
			return false
		}
	}
	return true
}

// lengths are how many bytes the texts of a name's elements have, each as a reader
// decodes it. The elements hold no others, as the gate has seen.
func lengths(body []byte, name string) []int {
	var list []int
	for {
		_, after, found := bytes.Cut(body, []byte("<"+name+">"))
		if !found {
			return list
		}
		text, rest, _ := bytes.Cut(after, []byte("</"+name+">"))
		length := len(text)
		for _, r := range references {
			length -= bytes.Count(text, []byte("&"+r+";")) * (len(r) + 1)
		}
		list, body = append(list, length), rest
	}
}

// references are those that we write; any others a full reader has to see.
var references = []string{"lt", "gt", "amp", "quot", "apos", "#34", "#39", "#xA", "#xD", "#x9"}

const longestReference = 8
