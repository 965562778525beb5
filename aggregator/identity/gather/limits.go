package gather

import "time"

// Limits of what is looked at together. They are first settings, not configuration.
const (
	// MaxStories is how many stories are looked at together, from one item on, before no more keys
	// are followed (V9).
	MaxStories = 64

	sharedKeys = 2 // parts of a text in common that make two items candidates
	strongKeys = 4 // from which a text is a strong candidate: what joins has fifteen on average
	maxWeak    = 4 // candidates with fewer that are read
	maxAlike   = 32
	maxNamed   = 100 // items that one key of what somebody names may lead to

	// items with one headline that are looked at: a network's story is told by every station that it has
	maxTold = 256

	recurringOpenings = 2 // others of its feed that begin like an item make its opening a program's

	fieldsWindow = 72 * time.Hour // between the dates of two items that are alike in headline, people or address
)
