package xmlrepair

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// rootStart is where a feed begins in a document, and what was said before.
type rootStart struct {
	at       int
	root     string // "rss", "rdf" or "feed"
	wrap     bool   // the root is a channel
	entities map[string]string
}

// rootFinder is what comes before the root element.
type rootFinder struct {
	*damage.Ledger
	in    []byte
	p     int
	junk  int // bytes that are neither blank nor comment, instruction or DOCTYPE
	page  bool
	odd   bool   // a declaration is wrong
	open  bool   // a DOCTYPE does not end: none after it is read as one
	first string // the first element that is not a feed's root
	start rootStart
	gone  []string // ends that do not follow any more
}

// findRoot looks for the root element of a feed, past whatever a broken server put before it.
// Comments, instructions and the DOCTYPE are as long as they like; of anything else there may be 64
// KiB.
func findRoot(in []byte, l *damage.Ledger) (rootStart, error) {
	f := &rootFinder{Ledger: l, in: in}
	for f.p < len(in) && f.junk <= maxPreamble {
		found, err := f.readNext()
		if err != nil {
			return rootStart{}, err
		}
		if found {
			if f.page && !holdsItem(in[f.p:]) {
				break
			}
			f.reportProlog()
			return f.start, nil
		}
	}
	return rootStart{}, describeNonFeed(in, f)
}

// reportProlog counts what was wrong before the root.
func (f *rootFinder) reportProlog() {
	switch {
	case f.junk > 0:
		f.AddRepair(damage.Prolog, 0, "text before the root element")
	case f.odd:
		f.AddRepair(damage.Prolog, 0, "an XML declaration that is malformed, or not at the start")
	}
}

// readNext reads one thing; true if that is the root.
func (f *rootFinder) readNext() (bool, error) {
	rest := f.in[f.p:]
	switch {
	case vocabulary.IsBlank(rest[0]):
		f.p++
	case rest[0] != '<':
		f.junk++
		f.p++
	case bytes.HasPrefix(rest, []byte("<!--")):
		f.skipPast("-->")
	case bytes.HasPrefix(rest, []byte("<?")):
		f.readInstruction()
	case !f.open && len(rest) > 9 && bytes.EqualFold(rest[:9], []byte("<!DOCTYPE")):
		return false, f.readDoctype()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		f.p += len(openCDATA)
	case bytes.HasPrefix(rest, []byte("<!")):
		f.skipPast(">")
	default:
		return f.readElement()
	}
	return false, nil
}

func (f *rootFinder) skipPast(end string) {
	n := -1
	if !slices.Contains(f.gone, end) {
		n = bytes.Index(f.in[f.p:], []byte(end))
	}
	if n < 0 {
		f.gone = append(f.gone, end)
		f.junk++
		f.p++
		return
	}
	f.p += n + len(end)
}

// readInstruction reads an instruction: the XML declaration is what must be right.
func (f *rootFinder) readInstruction() {
	from := f.p
	f.skipPast("?>")
	text := string(f.in[from:f.p])
	if !strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<?xml-") {
		return
	}
	rest := strings.TrimPrefix(text, "<?xml")
	fine := from == 0 && vocabulary.IsBlank(rest[0]) &&
		(strings.Contains(rest, `version="1.0"`) || strings.Contains(rest, `version='1.0'`))
	f.odd = f.odd || !fine
}

// readElement reads a start tag, or what looks like one.
func (f *rootFinder) readElement() (bool, error) {
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
		switch root := lowerName(localName(name)); root {
		case "rss", "rdf", "feed":
			f.start.at, f.start.root = f.p, root
			return true, f.refuseLookalike(root, head)
		case "channel":
			if !f.page {
				f.start.at, f.start.root, f.start.wrap = f.p, "rss", true
				return true, f.refuseLookalike(root, head)
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

// refuseLookalike names the formats that look like one that is read.
func (f *rootFinder) refuseLookalike(root string, head []byte) error {
	low := bytes.ToLower(head)
	switch {
	case root == "channel" && bytes.Contains(low, []byte("rss1.1")):
		return &damage.NotFeedError{What: "RSS 1.1, which is not read"}
	case root == "channel" && bytes.Contains(low, []byte("href")):
		return &damage.NotFeedError{What: "CDF, which is not read"}
	}
	return nil
}

// holdsItem reports whether an item begins in an HTML page that has a feed's root: a page about
// feeds has none, a feed in a page has.
func holdsItem(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 || i+6 >= len(b) {
			return false
		}
		b = b[i+1:]
		if name := lowerName(b[:min(len(b), 5)]); strings.HasPrefix(name, "item") || name == "entry" {
			return true
		}
	}
}

// readDoctype reads a document type declaration. Entities that stand for plain text are kept, never
// those that name others, markup or a file.
func (f *rootFinder) readDoctype() error {
	body, n := splitDoctype(f.in[f.p:min(len(f.in), f.p+maxDoctype+1)])
	if n == 0 || n > maxDoctype {
		if len(f.in)-f.p <= maxDoctype {
			f.open = true
			f.skipPast(">")
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
	collectEntities(body, f.start.entities)
	return nil
}

// splitDoctype gives the internal subset and the length of a DOCTYPE at the start of b, length 0 if
// it does not end there.
func splitDoctype(b []byte) (subset []byte, n int) {
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

// collectEntities collects the declarations <!ENTITY name "text"> of a subset.
func collectEntities(subset []byte, into map[string]string) {
	for {
		_, after, found := bytes.Cut(subset, []byte("<!ENTITY"))
		if !found {
			return
		}
		subset = after
		fields := bytes.Fields(after[:min(len(after), 256)])
		if len(fields) < 2 || !isValidName(fields[0]) {
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

// entityText is what an entity stands for, if that is text: references by number are decoded, any
// other reference or markup makes it none.
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

// describeNonFeed says what a document is instead of a feed.
func describeNonFeed(in []byte, f *rootFinder) error {
	value := bytes.TrimSpace(in)
	kind := http.DetectContentType(in)
	switch name := strings.ToLower(f.first); {
	case len(value) == 0:
		return &damage.NotFeedError{What: "an empty document"}
	case f.page:
		return notFeedButPage(in)
	case name == "opml":
		return &damage.NotFeedError{What: "OPML, a list of feeds, not a feed itself"}
	case name == "urlset", name == "sitemapindex":
		return &damage.NotFeedError{What: "a sitemap"}
	case f.junk > maxPreamble, !strings.HasPrefix(string(value), "<"), name == "":
	case vocabulary.HTMLElements[name]:
		return notFeedButPage(in)
	default:
		return &damage.NotFeedError{What: fmt.Sprintf("an XML document that begins with <%s>", text.Excerpt(f.first))}
	}
	if strings.HasPrefix(kind, "text/html") {
		return notFeedButPage(in)
	}
	if !strings.HasPrefix(kind, "text/") && kind != "application/octet-stream" {
		return &damage.NotFeedError{What: "a document of type " + kind}
	}
	return &damage.NotFeedError{
		What: fmt.Sprintf(
			"a document that begins with %q", text.Excerpt(text.OneLine(string(value[:min(len(value), 60)]))),
		),
	}
}

// announcedFeeds finds the feeds that an HTML page announces in its first 64 KiB, as it writes
// them.
func announcedFeeds(in []byte) []string {
	var all []string
	z := html.NewTokenizer(bytes.NewReader(in[:min(len(in), maxPreamble)]))
	for len(all) < maxAnnounced {
		switch z.Next() {
		case html.ErrorToken:
			return all
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); t.Data == "link" {
				if address := announcedAddress(t.Attr); address != "" {
					all = append(all, address)
				}
			}
		}
	}
	return all
}

func announcedAddress(attrs []html.Attribute) string {
	value := map[string]string{}
	for _, a := range attrs {
		value[a.Key] = strings.TrimSpace(a.Val)
	}
	if !strings.Contains(" "+strings.ToLower(value["rel"])+" ", " alternate ") {
		return ""
	}
	kind, _, _ := strings.Cut(strings.ToLower(value["type"]), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json":
		return value["href"]
	}
	return ""
}
