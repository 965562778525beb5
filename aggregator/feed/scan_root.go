package feed

import (
	"bytes"
	"strings"

	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// rootStart is where a feed begins in a document, and what was said before.
type rootStart struct {
	at       int
	root     string // "rss", "rdf" or "feed"
	wrap     bool   // the root is a channel
	entities map[string]string
}

// preamble is what stands before the root element.
type preamble struct {
	*damage.Ledger
	in    []byte
	p     int
	junk  int // bytes that are neither blank nor comment, instruction or DOCTYPE
	page  bool
	odd   bool   // a declaration is wrong
	first string // the first element that is no feed's root
	start rootStart
}

// findRoot looks for the root element of a feed, past whatever a broken server
// put before it. Comments, instructions and the DOCTYPE are as long as they
// like; of anything else there may be 64 KiB.
func findRoot(in []byte, l *damage.Ledger) (rootStart, error) {
	f := &preamble{Ledger: l, in: in}
	for f.p < len(in) && f.junk <= maxPreamble {
		found, err := f.step()
		if err != nil {
			return rootStart{}, err
		}
		if found {
			if f.page && !holdsItem(in[f.p:]) {
				break
			}
			f.report()
			return f.start, nil
		}
	}
	return rootStart{}, notFeed(in, f)
}

// report counts what was wrong before the root.
func (f *preamble) report() {
	switch {
	case f.junk > 0:
		f.AddRepair(damage.Prolog, 0, "text before the root element")
	case f.odd:
		f.AddRepair(damage.Prolog, 0, "an XML declaration that is none, or not at the start")
	}
}

// step reads one thing; true if that is the root.
func (f *preamble) step() (bool, error) {
	rest := f.in[f.p:]
	switch {
	case vocabulary.IsBlank(rest[0]):
		f.p++
	case rest[0] != '<':
		f.junk++
		f.p++
	case bytes.HasPrefix(rest, []byte("<!--")):
		f.skip("-->")
	case bytes.HasPrefix(rest, []byte("<?")):
		f.declaration()
	case len(rest) > 9 && bytes.EqualFold(rest[:9], []byte("<!DOCTYPE")):
		return false, f.doctype()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		f.p += len(openCDATA)
	case bytes.HasPrefix(rest, []byte("<!")):
		f.skip(">")
	default:
		return f.element()
	}
	return false, nil
}

func (f *preamble) skip(end string) {
	n := bytes.Index(f.in[f.p:], []byte(end))
	if n < 0 {
		f.junk++
		f.p++
		return
	}
	f.p += n + len(end)
}

// declaration reads an instruction: the XML declaration is what must be right.
func (f *preamble) declaration() {
	from := f.p
	f.skip("?>")
	text := string(f.in[from:f.p])
	if !strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<?xml-") {
		return
	}
	rest := strings.TrimPrefix(text, "<?xml")
	fine := from == 0 && vocabulary.IsBlank(rest[0]) && (strings.Contains(rest, `version="1.0"`) || strings.Contains(rest, `version='1.0'`))
	f.odd = f.odd || !fine
}

// element reads a start tag, or what looks like one.
func (f *preamble) element() (bool, error) {
	n := 1
	for f.p+n < len(f.in) && vocabulary.IsNameByte[f.in[f.p+n]] {
		n++
	}
	name := f.in[f.p+1 : f.p+n]
	if f.p+n < len(f.in) && (vocabulary.IsBlank(f.in[f.p+n]) || f.in[f.p+n] == '>' || f.in[f.p+n] == '/') {
		head := f.in[f.p:min(len(f.in), f.p+4096)]
		if end := bytes.IndexByte(head, '>'); end >= 0 {
			head = head[:end]
		}
		switch root := lower(localName(name)); root {
		case "rss", "rdf", "feed":
			f.start.at, f.start.root = f.p, root
			return true, f.refused(root, head)
		case "channel":
			if !f.page {
				f.start.at, f.start.root, f.start.wrap = f.p, "rss", true
				return true, f.refused(root, head)
			}
		case "html", "head", "body":
			f.page = true
		}
	}
	if f.first == "" && len(name) > 0 {
		f.first = string(name)
	}
	f.junk += n
	f.p += n
	return false, nil
}

// refused names the formats that look like one that is read.
func (f *preamble) refused(root string, head []byte) error {
	low := bytes.ToLower(head)
	switch {
	case root == "channel" && bytes.Contains(low, []byte("rss1.1")):
		return &damage.NotFeedError{What: "RSS 1.1, which is not read"}
	case root == "channel" && bytes.Contains(low, []byte("href")):
		return &damage.NotFeedError{What: "CDF, which is not read"}
	}
	return nil
}

// holdsItem reports whether an item begins in an HTML page that has a feed's
// root: a page about feeds has none, a feed in a page has.
func holdsItem(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 || i+6 >= len(b) {
			return false
		}
		b = b[i+1:]
		if name := lower(b[:min(len(b), 5)]); strings.HasPrefix(name, "item") || name == "entry" {
			return true
		}
	}
}

// doctype reads a document type declaration. Entities that stand for plain text
// are kept, never those that name others, markup or a file.
func (f *preamble) doctype() error {
	body, n := doctypeAt(f.in[f.p:min(len(f.in), f.p+maxDoctype+1)])
	if n == 0 || n > maxDoctype {
		if len(f.in)-f.p <= maxDoctype {
			f.skip(">")
			return nil
		}
		return &damage.LimitError{Limit: "bytes of a DOCTYPE", Allowed: maxDoctype}
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(f.in[f.p+9:f.p+n]))), "html") {
		f.page = true
	}
	f.p += n
	if f.start.entities == nil {
		f.start.entities = map[string]string{}
	}
	entities(body, f.start.entities)
	return nil
}

// doctypeAt gives the internal subset and the length of a DOCTYPE at the start
// of b, length 0 if it does not end there.
func doctypeAt(b []byte) (subset []byte, n int) {
	from := -1
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '"', '\'':
			q := bytes.IndexByte(b[i+1:], c)
			if q < 0 {
				return nil, 0
			}
			i += q + 1
		case '[':
			from = i + 1
		case ']':
			if from >= 0 && subset == nil {
				subset = b[from:i]
			}
		case '<':
			if bytes.HasPrefix(b[i:], []byte("<!--")) {
				q := bytes.Index(b[i:], []byte("-->"))
				if q < 0 {
					return nil, 0
				}
				i += q + 2
			}
		case '>':
			if from < 0 || subset != nil {
				return subset, i + 1
			}
		}
	}
	return nil, 0
}

// entities collects the declarations <!ENTITY name "text"> of a subset.
func entities(subset []byte, into map[string]string) {
	for {
		_, after, found := bytes.Cut(subset, []byte("<!ENTITY"))
		if !found {
			return
		}
		subset = after
		fields := bytes.Fields(after[:min(len(after), 256)])
		if len(fields) < 2 || !validName(fields[0]) {
			continue
		}
		rest := bytes.TrimLeft(after, " \t\r\n")[len(fields[0]):]
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			continue // external, or of parameters
		}
		value, _, ended := bytes.Cut(rest[1:], rest[:1])
		name := string(fields[0])
		if _, doubled := into[name]; !ended || doubled {
			continue
		}
		if text, ok := entityText(value); ok {
			into[name] = text
		}
	}
}

// entityText is what an entity stands for, if that is text: references by
// number are decoded, any other reference or markup makes it none.
func entityText(value []byte) (string, bool) {
	text := string(value)
	if strings.ContainsAny(text, "<%") {
		return "", false
	}
	text = unescapeValue(value)
	if strings.ContainsAny(text, "&<") || charset.NextIllegal([]byte(text), 0) >= 0 {
		return "", false
	}
	return text, true
}
