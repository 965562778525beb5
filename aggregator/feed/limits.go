package feed

// What a document may cost. A document over one of the first group is refused
// with a [*LimitError]; a field over one of the second is cut, dropped or given
// up as markup, and counted as the repair "limit".
const (
	maxDepth      = 128       // elements, or JSON values, in one another
	maxElements   = 500_000   // elements, or JSON values, in a document
	maxItems      = 5_000     // items in a document
	maxAttributes = 128       // of one element, xmlns included
	maxName       = 1 << 10   // bytes of an element's or attribute's name
	maxValue      = 1 << 20   // bytes of an attribute's value
	maxDoctype    = 64 << 10  // bytes of a DOCTYPE
	maxEntities   = 64 << 10  // bytes that its entities may add to the document
	maxBindings   = 200_000   // namespace bindings in scope, summed over the elements that declare any
	maxScope      = 8_000_000 // the same, summed over all elements: goxpp copies its table for each
	maxPreamble   = 64 << 10  // bytes before the root element
	maxExtra      = 200_000   // elements and attributes of a document that gofeed is given
	maxItemExtra  = 4_000     // the same, of one item

	takenItems      = 1_000   // the newest so many of a document's items
	maxTitle        = 4 << 10 // title, title of the feed, text of a picture
	maxBody         = 256 << 10
	maxSummary      = 16 << 10
	maxNames        = 16 // authors, credits
	maxTopics       = 32
	maxNameText     = 256 // bytes of a name or topic
	maxAddress      = 2 << 10
	maxGUID         = 1 << 10
	maxEnclosures   = 16
	maxImages       = 16
	maxLinks        = 32
	maxLength       = 1 << 53 // bytes of an enclosure
	maxMediaType    = 127
	maxParts        = 256 // chapters, transcripts, persons of an enclosure
	maxAnnouncement = 8   // feeds that an HTML page announces
)
