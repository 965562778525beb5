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
	Story    string // the story's id; empty where none is to blame
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

func faulty(rule, format string, args ...any) *Fault {
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
	head  []element
	items [][]element
	lean  []byte // the document without its long texts
}

// Lengths of texts, in bytes: from where one is left out of what another reader is
// given, unless it is compared, and how much of one is kept to be checked: a title
// has 4 KiB at most, and perhaps its station's name.
const (
	longText = 1 << 10
	keptText = 5 << 10
)

// all are the elements of a name.
func all(list []element, name string) []element {
	return slices.Collect(func(yield func(element) bool) {
		for _, x := range list {
			if x.name == name && !yield(x) {
				return
			}
		}
	})
}

// first is the text of the first element of a name.
func first(list []element, name string) string {
	for _, x := range list {
		if x.name == name {
			return x.text
		}
	}
	return ""
}

// readXML reads a document to its end and takes down what stands in it. It
// refuses what is no UTF-8, not well-formed, or has a prefix without a namespace.
func readXML(body []byte, item string) (skeleton, *Fault) {
	var s skeleton
	if !utf8.Valid(body) {
		return s, faulty("utf-8", "bytes that are no UTF-8")
	}
	body = lean(body)
	d := xml.NewDecoder(bytes.NewReader(body))
	var open []*element
	into, kept := &s.head, int64(0)
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			s.lean = append(s.lean, body[kept:]...)
			return s, nil
		}
		if err != nil {
			return s, faulty("well-formed", "%v", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			x, fault := elementOf(t)
			if fault != nil {
				return s, fault
			}
			if x.name == item {
				s.items = append(s.items, nil)
				into = &s.items[len(s.items)-1]
			}
			open = append(open, x)
		case xml.CharData:
			if len(t) >= longText && (len(open) == 0 || !compared(open[len(open)-1].local())) {
				s.lean = append(s.lean, body[kept:before]...)
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

func elementOf(t xml.StartElement) (*element, *Fault) {
	x := &element{name: t.Name.Space + " " + t.Name.Local}
	if len(t.Attr) > 0 {
		x.attrs = make(map[string]string, len(t.Attr))
	}
	if !bound(t.Name.Space) {
		return nil, faulty("namespace", "the prefix %q has none", t.Name.Space)
	}
	for _, a := range t.Attr {
		if a.Name.Space != "xmlns" && !bound(a.Name.Space) {
			return nil, faulty("namespace", "the prefix %q has none", a.Name.Space)
		}
		x.attrs[a.Name.Space+" "+a.Name.Local] = a.Value
	}
	return x, nil
}

// local is an element's name without its namespace.
func (x *element) local() string {
	_, local, _ := strings.Cut(x.name, " ")
	return local
}

// bound reports whether encoding/xml found the namespace of a name: it leaves the
// prefix where it found none.
func bound(space string) bool { return space == "" || strings.Contains(space, "://") }

// readBack compares what another reader sees in a document with the articles
// that were written: the same ids, titles and links in the same order.
func readBack(body []byte, list []article, title func(int) string) *Fault {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return faulty("read back", "%v", err)
	}
	if len(f.Items) != len(list) {
		return faulty("read back", "%d items of %d", len(f.Items), len(list))
	}
	for n, i := range f.Items {
		a := list[n]
		switch {
		case i.GUID != a.PublicID:
			return blame(a, faulty("read back", "its id is read as %q", i.GUID))
		case i.Link != a.Link:
			return blame(a, faulty("read back", "its link is read as %q", i.Link))
		case Line(i.Title) != title(n):
			return blame(a, faulty("read back", "its title is read as %q", i.Title))
		}
	}
	return nil
}

func blame(a article, f *Fault) *Fault {
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
			return blame(a, faulty("id", "%q stands for two stories, or none", a.PublicID))
		case a.Title == "" || len(a.Authors) == 0 || a.Published.IsZero():
			return blame(a, faulty("required", "title, author or date is missing"))
		case a.Closing == "" || strings.Count(a.Body, a.Closing) != 1:
			return blame(a, faulty("credit", "it has not one credit"))
		}
		ids[a.PublicID] = true
		for _, address := range a.addresses() {
			if !absolute(address) {
				return blame(a, faulty("address", "%.100q is not absolute", address))
			}
		}
	}
	return nil
}

// addresses are those that an article is published with.
func (a article) addresses() []string {
	list := []string{a.Link, a.Source.Feed}
	for _, s := range a.Sounds {
		list = append(list, s.URL)
	}
	for _, i := range a.Images {
		list = append(list, i.URL)
	}
	for _, p := range append(slices.Clone(a.Makers), a.Carriers...) {
		if p.URL != "" {
			list = append(list, p.URL)
		}
	}
	return list
}

// absolute reports whether an address is one of http or https with a host and
// nothing that cannot stand in one.
func absolute(address string) bool {
	_, rest, found := strings.Cut(address, "://")
	return found && isWeb(address) && rest != "" && !strings.ContainsAny(address, " \t\n\r<>\"") && !strings.HasPrefix(rest, "/")
}

// isTime reports whether a date has that form.
func isTime(layout, date string) bool {
	_, err := time.Parse(layout, date)
	return err == nil
}
