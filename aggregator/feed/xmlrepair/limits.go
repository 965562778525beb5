package xmlrepair

// What else a document may cost. A document that costs more is refused.
const (
	maxAttributes = 128       // of one element, xmlns included
	maxName       = 1 << 10   // bytes of an element's or attribute's name
	maxValue      = 1 << 20   // bytes of an attribute's value
	maxDoctype    = 64 << 10  // bytes of a DOCTYPE
	maxEntities   = 64 << 10  // bytes that its entities may add to the document
	maxBindings   = 200_000   // namespace bindings in scope, summed over the elements that declare any
	maxScope      = 8_000_000 // the same, summed over all elements: goxpp copies its table for each
	manyBindings  = 128       // with more in scope, looking prefixes up counts as well
	maxPreamble   = 64 << 10  // bytes before the root element, or looked ahead
	maxAnnounced  = 8         // feeds that an HTML page announces
	maxBase       = 2 << 10   // bytes of an xml:base
	maxExtra      = 200_000   // elements and attributes of a document that gofeed is given
	maxItemExtra  = 4_000     // the same, of one item
)
