package feed

import "time"

// What a document may cost. A document over one of the first group is refused with a [*LimitError];
// a field over one of the second is cut, dropped or given up as markup, and counted as the repair
// "limit".
const (
	maxDepth    = 128     // elements, or JSON values, in one another
	maxElements = 500_000 // elements, or JSON values, in a document
	maxItems    = 5_000   // items in a document

	maxTime     = 5 * time.Second // of the processor, up to maxTimeSize; for each further MiB 1 s more
	maxTimeSize = 4 << 20

	takenItems    = 1_000    // of a document: the newest
	maxTitle      = 4 << 10  // title, title of the feed, text of a picture
	maxWritten    = 64 << 10 // of any line of text, with the markup in it
	maxBody       = 256 << 10
	maxSummary    = 16 << 10
	maxNames      = 16 // authors, credits
	maxBylines    = 64 // texts that name authors
	maxTopics     = 32
	maxNameText   = 256 // bytes of a name or topic
	maxExcerpt    = 80  // of a foreign text, in a message
	maxAddress    = 2 << 10
	maxGUID       = 1 << 10
	maxEnclosures = 16
	maxImages     = 16
	maxLinks      = 32
	maxLength     = 1 << 53 // bytes of an enclosure
	maxMediaType  = 127
	maxParts      = 256 // chapters, transcripts, persons of an enclosure
	maxHubs       = 8
)
