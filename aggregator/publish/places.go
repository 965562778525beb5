package publish

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// places is where the elements and the pictures of a fragment stand in it.
type places struct {
	fragment string
	elements []placedElement
	pictures []placedPicture
}

// placedElement is an element: the places of its tags, and the number of the element around it, -1
// for none. End and to are -1 if it has no end tag.
type placedElement struct {
	name        string
	from, inner int // its start tag, and what is behind that
	end, to     int // its end tag, and what is behind that
	parent      int
}

// placedPicture is an img.
type placedPicture struct {
	from, to int
	address  string
	alt      string
	hasAlt   bool
	parent   int // the number of the element around it
}

var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
	"track", "wbr"}

// placesIn takes down where things stand in a fragment. An end tag ends the innermost open element
// of its name; one that ends none is passed over.
func placesIn(fragment string) places {
	o := places{fragment: fragment}
	z := html.NewTokenizer(strings.NewReader(fragment))
	var open []int
	openNames := map[string]int{} // how many elements of each name are open
	innermost := func() int {
		if len(open) == 0 {
			return -1
		}
		return open[len(open)-1]
	}
	at := 0
	for {
		kind := z.Next()
		from := at
		at += len(z.Raw())
		if kind == html.ErrorToken {
			return o
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken {
			continue
		}
		raw, hasAttributes := z.TagName()
		name := string(raw)
		switch {
		case kind == html.EndTagToken:
			for ended := openNames[name] == 0; !ended; {
				e := &o.elements[open[len(open)-1]]
				open = open[:len(open)-1]
				openNames[e.name]--
				if ended = e.name == name; ended {
					e.end, e.to = from, at
				}
			}
		case name == "img":
			p := placedPicture{from: from, to: at, parent: innermost()}
			for more := hasAttributes; more; {
				var key, value []byte
				key, value, more = z.TagAttr()
				switch string(key) {
				case "src":
					p.address = string(value)
				case "alt":
					p.alt, p.hasAlt = string(value), true
				}
			}
			o.pictures = append(o.pictures, p)
		case !slices.Contains(voidElements, name):
			o.elements = append(o.elements, placedElement{name, from, at, -1, -1, innermost()})
			open = append(open, len(o.elements)-1)
			openNames[name]++
		}
	}
}

// around is the number of the nearest element of a name around a picture, -1 for none.
func (o *places) around(p placedPicture, name string) int {
	n := p.parent
	for n >= 0 && o.elements[n].name != name {
		n = o.elements[n].parent
	}
	return n
}

// captionIn is the number of the first caption of a figure, -1 for none.
func (o *places) captionIn(figure int) int {
	for n := figure + 1; n < len(o.elements) && o.elements[n].from < o.elements[figure].end; n++ {
		if o.elements[n].name == "figcaption" && o.elements[n].end >= 0 {
			return n
		}
	}
	return -1
}

// edit puts a text in the place of a piece of a fragment.
type edit struct {
	from, to int
	text     string
}

// edited is a fragment with edits made in it; as it is if two would change the same piece.
func edited(fragment string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.from < at {
			return fragment
		}
		b.WriteString(fragment[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(fragment[at:])
	return b.String()
}
