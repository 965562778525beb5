package picture

import (
	"strconv"
	"strings"
)

// candidate is an address in a srcset with its descriptor: 1200w, 2x. Without one it is 1x.
type candidate struct {
	address string
	number  float64
	unit    byte // 'w' or 'x'
}

// parseSet reads a srcset as HTML says: an address goes up to a blank, and may hold commas, but not end in them.
// What has a descriptor that is none is left out.
func parseSet(s string) (all []candidate) {
	for len(all) < maxSources {
		s = strings.TrimLeft(s, blanks+",")
		if s == "" {
			break
		}
		end := strings.IndexAny(s, blanks)
		if end < 0 {
			end = len(s)
		}
		address := s[:end]
		s = s[end:]
		descriptors := ""
		if trimmed := strings.TrimRight(address, ","); trimmed != address {
			address = trimmed
		} else {
			descriptors, s = cutDescriptors(s)
		}
		if c, ok := describe(address, descriptors); ok {
			all = append(all, c)
		}
	}
	return all
}

const blanks = " \t\n\f\r"

// cutDescriptors cuts off what stands before the next comma outside parentheses.
func cutDescriptors(s string) (descriptors, rest string) {
	inside := false
	for i := range len(s) {
		switch {
		case s[i] == '(':
			inside = true
		case s[i] == ')':
			inside = false
		case s[i] == ',' && !inside:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// describe reads the descriptors of an address; a height (600h) says nothing.
func describe(address, descriptors string) (candidate, bool) {
	c := candidate{address, 1, 'x'}
	described := false
	for _, d := range strings.Fields(descriptors) {
		number, unit := descriptorOf(d)
		switch {
		case unit == 0:
			return candidate{}, false
		case unit != 'h' && !described:
			c.number, c.unit, described = number, unit, true
		}
	}
	return c, true
}

// descriptorOf reads a descriptor; its unit is 0 if it is none.
func descriptorOf(s string) (number float64, unit byte) {
	if s == "" {
		return 0, 0
	}
	unit = s[len(s)-1] | 0x20
	number, err := strconv.ParseFloat(s[:len(s)-1], 64)
	if err != nil || number <= 0 || number > maxSize || unit != 'w' && unit != 'x' && unit != 'h' {
		return 0, 0
	}
	return number, unit
}
