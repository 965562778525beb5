// Package picture chooses among the addresses that markup and feeds give of one picture. Its functions are pure,
// and linear in what they are given.
package picture

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	maxSources = 64      // of one picture
	maxAddress = 2 << 10 // bytes
	maxSize    = 100_000 // pixels, of a side
)

// usualWidth is what a picture of unknown width counts as, in pixels: wider than a small one, and less wide
// than a large one.
const usualWidth = 640

// Source is one of the addresses that are given of a picture, as it is written, with the size in pixels that is
// said of it; 0 where none is.
type Source struct {
	Address       string
	Width, Height int
}

// Attribute is an attribute of an element, decoded, its name in lower case.
type Attribute struct{ Name, Value string }

// SourcesOf returns the addresses that an img element gives of its picture, the best first: those that a script
// would load later ("lazy": data-src, data-srcset and their like) before src and srcset, which hold a placeholder
// then; of each kind the widest. No address is empty or longer than one may be; whether it leads to a picture is for
// the caller to see, and to take the next.
func SourcesOf(attributes []Attribute) []Source {
	value := func(name string) string {
		for _, a := range attributes {
			if a.Name == name {
				return a.Value
			}
		}
		return ""
	}
	layout := Source{Width: SizeOf(value("width")), Height: SizeOf(value("height"))}
	var late, own sourceList
	for _, a := range attributes {
		switch kind := lazyKind(a.Name); {
		case a.Value == "":
		case kind == lazySet, kind == lazyAddress && looksLikeSet(a.Value):
			late.addSet(a.Value, layout)
		case kind == lazyAddress && looksLikeAddress(a.Value):
			late.add(a.Value, layout.Width, layout.Height, 1)
		}
	}
	own.addSet(value("srcset"), layout)
	own.add(value("src"), layout.Width, layout.Height, 1)
	return append(late.widestFirst(), own.widestFirst()...)
}

// SizeOf reads a side of a picture in pixels, 0 if it is none: "640", "640px".
func SizeOf(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 1 || n > maxSize {
		return 0
	}
	return n
}

// What an attribute holds that a script reads.
const (
	notLazy = iota
	lazyAddress
	lazySet
)

// lazyKind says what an attribute holds by its name: data-src, data-lazy-src, data-original, data-srcset and
// their like.
func lazyKind(name string) int {
	rest, found := strings.CutPrefix(name, "data-")
	switch {
	case !found:
		return notLazy
	case strings.HasSuffix(rest, "srcset"):
		return lazySet
	case strings.HasSuffix(rest, "src"), lazyNames[rest]:
		return lazyAddress
	}
	return notLazy
}

// lazyNames are the names of such attributes that do not end in "src", without "data-".
var lazyNames = map[string]bool{
	"original": true, "lazy": true, "lazyload": true, "lazy-load": true, "src-large": true, "src-medium": true,
	"src-retina": true, "orig-file": true, "large-file": true, "image": true, "hi-res": true, "hires": true,
}

// looksLikeAddress reports whether a value can be an address: others are "true", or the number of a picture.
func looksLikeAddress(value string) bool { return strings.ContainsAny(value, "/.") }

// looksLikeSet reports whether a value is of the form of srcset: an address, a blank, and a size.
func looksLikeSet(value string) bool {
	_, rest, found := strings.Cut(strings.TrimSpace(value), " ")
	size, _, _ := strings.Cut(strings.TrimSpace(rest), ",")
	_, unit := descriptorOf(size)
	return found && unit != 0
}

// sourceList is the addresses of one kind, with what they are compared by.
type sourceList struct {
	list   []Source
	widths []float64
}

// add adds an address, once, whose picture is shown with that many pixels of it to each of the layout.
func (l *sourceList) add(address string, width, height int, density float64) {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > maxAddress || len(l.list) == maxSources || isPlaceholderScheme(address) ||
		slices.ContainsFunc(l.list, func(s Source) bool { return s.Address == address }) {
		return
	}
	w, h := float64(width)*density, float64(height)*density
	if w > maxSize || h > maxSize {
		w, h = 0, 0
	}
	s := Source{Address: address, Width: int(math.Round(w)), Height: int(math.Round(h))}
	l.list = append(l.list, s)
	l.widths = append(l.widths, cmp.Or(w, usualWidth*density))
}

// addSet adds the addresses of a srcset, for a picture that is laid out in a size.
func (l *sourceList) addSet(srcset string, layout Source) {
	for _, c := range parseSet(srcset) {
		if c.unit != 'w' {
			l.add(c.address, layout.Width, layout.Height, c.number)
			continue
		}
		height := 0.0
		if layout.Width > 0 {
			height = c.number * float64(layout.Height) / float64(layout.Width)
		}
		l.add(c.address, int(c.number), int(math.Round(height)), 1)
	}
}

// widestFirst returns the addresses by their widths; of equal ones the first stays first.
func (l *sourceList) widestFirst() []Source {
	order := make([]int, len(l.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(l.widths[j], l.widths[i]) })
	list := make([]Source, len(order))
	for n, i := range order {
		list[n] = l.list[i]
	}
	return list
}

// isPlaceholderScheme reports whether an address is of a scheme that placeholders have: they hold their picture.
func isPlaceholderScheme(address string) bool {
	scheme, _, found := strings.Cut(address, ":")
	return found && (strings.EqualFold(scheme, "data") || strings.EqualFold(scheme, "about") ||
		strings.EqualFold(scheme, "blob"))
}
