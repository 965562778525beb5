package feed

// holdsParagraph reports whether a p may stand here.
func (w *writer) holdsParagraph() bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		switch o := &w.stack[i]; {
		case !o.written:
		case o.part == partCell:
			return true
		case o.part == partFrame:
			return false
		case o.part == partLine:
			switch o.name {
			case "p", "h2", "h3", "h4", "pre", "dt":
				return false
			}
		}
	}
	return true
}

// fits reports whether an HTML parser would put an element where it stands,
// going by what is written around it.
func (w *writer) fits(e element) bool {
	switch parent := w.parent(); {
	case e.name == "table":
		return w.free(e) && (parent == nil || parent.part != partFrame)
	case e.part == partFrame && e.name == "tr":
		return parent != nil && (parent.name == "tbody" || parent.name == "thead")
	case e.part == partFrame:
		return parent != nil && parent.name == "table"
	case e.part == partCell:
		return parent != nil && parent.name == "tr"
	case parent != nil && parent.part == partFrame:
		return false
	}
	return w.free(e)
}

// parent is the nearest element around that is written.
func (w *writer) parent() *openElement {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if w.stack[i].written {
			return &w.stack[i]
		}
	}
	return nil
}

// free reports whether no element is open that the start of this one would
// close, as the HTML standard's rules for the body have it.
func (w *writer) free(e element) bool {
	stopped := false // an element that a search for li, dt or dd does not pass
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		switch {
		case !o.written:
			continue
		case o.part == partCell:
			return true
		case e.name == "a" && o.name == "a",
			e.part != partKept && e.name != "br" && e.name != "img" && o.name == "p",
			isHeading(e.name) && isHeading(o.name),
			!stopped && e.name == "li" && o.name == "li",
			!stopped && (e.name == "dt" || e.name == "dd") && (o.name == "dt" || o.name == "dd"):
			return false
		}
		stopped = stopped || o.part == partLine || o.part == partFrame
	}
	return true
}

func isHeading(name string) bool { return name == "h2" || name == "h3" || name == "h4" }
