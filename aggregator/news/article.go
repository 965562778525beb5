package news

// Article is what an article page shows of a story, as package page reads it. It is kept next to the
// item, so that the rules can merge it with the feed's entry again.
type Article struct {
	// Entry holds the page's own values, without a GUID. Content is the text that was found; it is
	// empty where there is none, or where it is sold.
	Entry Entry             `json:"entry"`
	Way   string            `json:"way,omitempty"`  // how the text was found: see the constants; "" without a text
	Words int               `json:"words"`          // of the text
	Paid  string            `json:"paid,omitempty"` // why the page counts as behind a paywall; "" where it does not
	From  map[string]string `json:"from,omitempty"` // where a field of Entry was found, by its name in JSON

	Corrections []string  `json:"corrections,omitempty"` // the notes of correction, as text
	Copyright   []string  `json:"copyright,omitempty"`   // notices of it that were left out of the text
	Cut         []CutText `json:"-"`                     // what was left out of the text; not kept
}

// Where the text of an article was found.
const (
	WayConfig  = "config"  // the selector of the configuration
	WayLayout  = "layout"  // an element that the layouts of CMSs use
	WayJSONLD  = "json-ld" // the element that holds the articleBody of JSON-LD
	WayLibrary = "library" // go-readability
)

// CutText is a piece of a page that was left out of its text.
type CutText struct {
	Why   string `json:"why"`   // a word: related, promo, ad, form, headline, byline, repeated …
	Words int    `json:"words"` // of the piece
	Text  string `json:"text"`  // its beginning, 80 characters at most
}

// Verdict says whether an article's text is used.
type Verdict string

// The verdicts.
const (
	VerdictUsed    Verdict = "used"
	VerdictShort   Verdict = "short"   // no text, or not more than the feed has
	VerdictWrong   Verdict = "wrong"   // the page does not show the story
	VerdictPaywall Verdict = "paywall" // the text is sold
)
