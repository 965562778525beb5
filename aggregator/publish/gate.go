package publish

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
)

// Fault is why a document, or a story in it, must not be published.
type Fault struct {
	Rule     string // in a word
	Story    string // the story's id; empty if no story is to blame
	Why      string
	Document string // the address of the document that it would have spoiled
}

// Error says it in one line.
func (f *Fault) Error() string {
	if f.Story == "" {
		return f.Rule + ": " + f.Why
	}
	return "story " + f.Story + ": " + f.Rule + ": " + f.Why
}

// newFault is a fault that no story is to blame for yet.
func newFault(rule, format string, args ...any) *Fault {
	return &Fault{Rule: rule, Why: fmt.Sprintf(format, args...)}
}

// element is one element as a document has it, without those inside it.
type element struct {
	name  string // namespace and local name, parted by a blank
	attrs map[string]string
	text  string
}

// attr is an attribute of no namespace.
func (x element) attr(name string) string { return x.attrs[" "+name] }

// skeleton is a feed document: what its head has, and what each of its items has.
type skeleton struct {
	head    []element
	items   [][]element
	compact []byte // the document without its long texts
}

// Lengths of texts, in bytes: from where one is left out of what another reader is given, unless it
// is compared, and how much of one is kept to be checked: a title has 4 KiB at most, and perhaps
// its station's name.
const (
	longText = 1 << 10
	keptText = 5 << 10
)

// elementsNamed returns the elements of a name.
func elementsNamed(list []element, name string) []element {
	return slices.Collect(func(yield func(element) bool) {
		for _, x := range list {
			if x.name == name && !yield(x) {
				return
			}
		}
	})
}

// textOf is the text of the first element of a name.
func textOf(list []element, name string) string {
	for _, x := range list {
		if x.name == name {
			return x.text
		}
	}
	return ""
}

// readSkeleton reads an XML document to its end and records what is in it. It refuses what is not
// UTF-8, not well-formed, or has a prefix without a namespace. Item is the name of its items.
func readSkeleton(body []byte, item string) (skeleton, *Fault) {
	var s skeleton
	if !utf8.Valid(body) {
		return s, newFault("utf-8", "bytes that are not UTF-8")
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	var open []*element
	into, kept := &s.head, int64(0)
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			s.compact = append(s.compact, body[kept:]...)
			return s, nil
		}
		if err != nil {
			return s, newFault("well-formed", "%v", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			x, fault := newElement(t)
			if fault != nil {
				return s, fault
			}
			if x.name == item {
				s.items = append(s.items, nil)
				into = &s.items[len(s.items)-1]
			}
			open = append(open, x)
		case xml.CharData:
			if len(t) >= longText && (len(open) == 0 || !open[len(open)-1].isCompared()) {
				s.compact = append(s.compact, body[kept:before]...)
				kept = d.InputOffset()
			}
			if len(open) > 0 {
				open[len(open)-1].text += string(t[:min(len(t), keptText)])
			}
		case xml.EndElement:
			x := open[len(open)-1]
			open = open[:len(open)-1]
			if x.name == item {
				into = &s.head
				continue
			}
			*into = append(*into, *x)
		}
	}
}

// newElement records an element's name and attributes.
func newElement(t xml.StartElement) (*element, *Fault) {
	x := &element{name: t.Name.Space + " " + t.Name.Local}
	if len(t.Attr) > 0 {
		x.attrs = make(map[string]string, len(t.Attr))
	}
	if !isNamespace(t.Name.Space) {
		return nil, newFault("namespace", "the prefix %q has none", t.Name.Space)
	}
	for _, a := range t.Attr {
		if a.Name.Space != "xmlns" && !isNamespace(a.Name.Space) {
			return nil, newFault("namespace", "the prefix %q has none", a.Name.Space)
		}
		x.attrs[a.Name.Space+" "+a.Name.Local] = a.Value
	}
	return x, nil
}

// isCompared reports whether the gate compares the text of an element: that is short, but for a
// headline perhaps.
func (x *element) isCompared() bool {
	_, local, _ := strings.Cut(x.name, " ")
	return slices.Contains([]string{"title", "link", "guid", "id"}, local)
}

// isNamespace reports whether encoding/xml found the namespace of a name: it leaves the prefix if
// it found none.
func isNamespace(space string) bool { return space == "" || strings.Contains(space, "://") }

// checkNoneEmpty looks for an element that says nothing: what a story lacks is left out of it, for a
// reader would show an empty line. Elements with attributes say it in these, but for a text's type.
func checkNoneEmpty(item []element) *Fault {
	for _, x := range item {
		saysNothing := x.text == "" && (len(x.attrs) == 0 || len(x.attrs) == 1 && x.attr("type") != "")
		if saysNothing || strings.HasPrefix(x.name, nsMedia+" ") && x.text == "" && x.attr("url") == "" {
			return newFault("empty", "its element %s says nothing", strings.TrimSpace(x.name))
		}
	}
	return nil
}

// checkMedia checks the pictures of an item, in RSS and in Atom: each has an address.
func checkMedia(item []element) *Fault {
	thumbnails := elementsNamed(item, nsMedia+" thumbnail")
	if len(thumbnails) > 1 {
		return newFault("media", "it has %d thumbnails", len(thumbnails))
	}
	for _, x := range append(elementsNamed(item, nsMedia+" content"), thumbnails...) {
		if !isAbsolute(x.attr("url")) {
			return newFault("media", "%.100q is not absolute", x.attr("url"))
		}
	}
	return nil
}

// readBackItems compares what another reader sees in a document with the articles that were
// written: the same ids, titles and links in the same order.
func readBackItems(body []byte, list []article, title func(int) string) *Fault {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return newFault("read back", "%v", err)
	}
	if len(f.Items) != len(list) {
		return newFault("read back", "%d items of %d", len(f.Items), len(list))
	}
	for n, i := range f.Items {
		a := list[n]
		switch {
		case i.GUID != a.PublicID:
			return blameStory(a, newFault("read back", "its id is read as %q", i.GUID))
		case i.Link != a.Link:
			return blameStory(a, newFault("read back", "its link is read as %q", i.Link))
		case singleLine(i.Title) != title(n):
			return blameStory(a, newFault("read back", "its title is read as %q", i.Title))
		}
	}
	return nil
}

// blameStory names the story that is to blame for a fault, if there is one.
func blameStory(a article, f *Fault) *Fault {
	if f != nil {
		f.Story = a.ID
	}
	return f
}

// checkArticles checks what does not depend on the format.
func checkArticles(list []article) *Fault {
	ids := map[string]bool{}
	for _, a := range list {
		switch {
		case a.PublicID == "" || ids[a.PublicID]:
			return blameStory(a, newFault("id", "%q identifies two stories, or none", a.PublicID))
		case a.Title == "" || len(a.Authors) == 0 || a.Published.IsZero():
			return blameStory(a, newFault("required", "title, author or date is missing"))
		case a.Closing == "" || strings.Count(a.Body, a.Closing) != 1:
			return blameStory(a, newFault("credit", "it does not have exactly one credit"))
		}
		ids[a.PublicID] = true
		for _, address := range a.addresses() {
			if !isAbsolute(address) {
				return blameStory(a, newFault("address", "%.100q is not absolute", address))
			}
		}
	}
	return nil
}

// isAbsolute reports whether an address is one of http or https with a host and nothing that cannot
// be in one.
func isAbsolute(address string) bool {
	_, rest, found := strings.Cut(address, "://")
	return found && isWeb(address) && rest != "" && !strings.HasPrefix(rest, "/") &&
		!strings.ContainsAny(address, " \t\n\r<>\"")
}

// isTimeIn reports whether a date has that form.
func isTimeIn(layout, date string) bool {
	_, err := time.Parse(layout, date)
	return err == nil
}
