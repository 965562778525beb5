package evidence

// Limits of what is read of a text, and compared; they are not configuration.
const (
	// of a paragraph that says where a story is from: longer ones are stories about publishing
	maxAttributionWords = 60
	maxAttributionBytes = 4 << 10
	aboutHeadline       = .5  // likeness of headlines from which a sentence about one is about the item's
	maxBoilerplateWords = 40  // of boilerplate: longer paragraphs are text, whatever they mention
	maxQuote            = 120 // characters of a text that an explanation shows
	maxOfficeWords      = 6   // of an office with its house
	maxNear             = 256 // others that an item is compared with though neither claims the other
)
