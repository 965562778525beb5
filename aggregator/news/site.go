// Package news holds the desk's words: the desk and its stations, the entries
// that their documents show, the items and stories kept of them, and the visits
// that brought them. It is plain data and imports the standard library alone.
package news

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Site is the collaboration that the daemon publishes for.
type Site struct {
	Title       string
	URL         string // where the public reaches the daemon; no trailing slash
	Description string
	Language    string // BCP 47
	Contact     string // a mail address
	Image       string
	Credit      string // text/template of the last paragraph of every story
	Timezone    string `json:",omitempty"` // IANA name: when days begin on the desk's pages; empty: UTC

	// Title, Description and Credit by language (BCP 47), where they were given in several: that of the
	// desk's language is among them. See [Site.TitleIn].
	Titles       map[string]string `json:",omitempty"`
	Descriptions map[string]string `json:",omitempty"`
	Credits      map[string]string `json:",omitempty"`
}

// TitleIn is the desk's title for readers of a language; where it has none in that, its own.
func (s Site) TitleIn(language string) string {
	title, _ := inLanguage(s.Title, s.Titles, language)
	return title
}

// AllTitles lists what the desk calls itself, in each language.
func (s Site) AllTitles() []string {
	list := []string{s.Title}
	for _, tag := range slices.Sorted(maps.Keys(s.Titles)) {
		if title := s.Titles[tag]; !slices.Contains(list, title) {
			list = append(list, title)
		}
	}
	return list
}

// DescriptionIn is the desk's description for readers of a language, and the language that it is in:
// where the desk has none in theirs, its own.
func (s Site) DescriptionIn(language string) (description, in string) {
	description, in = inLanguage(s.Description, s.Descriptions, language)
	return description, cmp.Or(in, s.Language)
}

// CreditIn is the template of the credit for a story in a language, and the language that it is in:
// where the desk has none in the story's, those of [Site.Credit].
func (s Site) CreditIn(language string) (template, in string) {
	template, in = inLanguage(s.Credit, s.Credits, language)
	return template, cmp.Or(in, s.Language)
}

// inLanguage picks of texts by language the one for a language, and says in which it is; where there
// is none, it is the text that stands for all, in the language that it has among them.
func inLanguage(text string, texts map[string]string, language string) (chosen, in string) {
	tags := slices.Sorted(maps.Keys(texts))
	if tag, found := MatchLanguage(tags, language); found {
		return texts[tag], tag
	}
	for _, tag := range tags {
		if texts[tag] == text {
			return text, tag
		}
	}
	return text, ""
}

// Station is a partner of the desk.
type Station struct {
	ID        string
	Name      string
	Brand     string // how the station calls itself on air
	URL       string
	Hosts     []string // lower case, without "www.", without port; the host of URL counts as one
	Language  string   // BCP 47, empty if not stated
	Timezone  string   // IANA name, empty if not stated
	Rights    string
	Reporters []string      // bylines that are this station's
	Page      PageSelectors `json:",omitzero"`
	Feeds     []Feed
}

// PageSelectors say in CSS where the article pages of a station have their text, and what is no part
// of it. The zero value says nothing.
type PageSelectors struct {
	Body string
	Drop []string
}

// Feed is one document that a station publishes, as configured. What its
// visits left behind is its [FeedState].
type Feed struct {
	Station string // the station's ID
	URL     string // as written in the configuration: the feed's identity
	Public  string `json:",omitempty"` // shown to the public in its place; empty: see link.PublicAddress
	Path    string // of a file: feed, the absolute path of its file; otherwise empty
	Every   time.Duration
	Agreed  bool // Every was written for this feed: the operator agreed it with the station
	Only    Filter
	Skip    Filter
	// WholePages says that the station agreed to have the article pages of this feed's items read whole.
	WholePages bool `json:",omitempty"`
}

// Filter selects entries by their topics and by words in their titles and
// texts. An empty filter selects nothing.
type Filter struct {
	Topics []string
	Words  []string
}

// FilterKey stands for what the feed's filters select, and whether its articles are read: equal keys,
// equal entries.
func (f Feed) FilterKey() string {
	key := fmt.Sprintf("%q %q %q %q", f.Only.Topics, f.Only.Words, f.Skip.Topics, f.Skip.Words)
	if f.WholePages { // pages have topics too
		key += " pages"
	}
	return key
}

// Empty reports whether the filter has nothing to select by.
func (f Filter) Empty() bool { return len(f.Topics) == 0 && len(f.Words) == 0 }

// Outside is a source of stories that is not a station of the desk, such as a wire.
type Outside struct {
	ID       string
	Name     string
	Hosts    []string
	Bylines  []string // credits that name it
	Sections []string // "host/path/" below which links name it
	Dateline string   // what stands in its datelines, such as "AP"
}
