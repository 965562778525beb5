package news

import (
	"cmp"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// Entry is an item as one document shows it. Texts are plain and decoded, Summary and Content are
// cleaned HTML fragments, addresses are absolute http or https, times are UTC; what the document
// does not say is the zero value. The JSON shape is that of `fronteras read --json`.
type Entry struct {
	GUID       string      `json:"guid,omitempty"`
	Permalink  bool        `json:"permalink,omitempty"`
	URL        string      `json:"url,omitempty"`
	Title      string      `json:"title,omitempty"`
	Summary    string      `json:"summary,omitempty"`
	Content    string      `json:"content,omitempty"`
	Byline     string      `json:"byline,omitempty"` // the names as written
	Authors    []Person    `json:"authors,omitempty"`
	Published  time.Time   `json:"published,omitzero"`
	Updated    time.Time   `json:"updated,omitzero"`
	Language   string      `json:"language,omitempty"`
	Topics     []string    `json:"topics,omitempty"`
	Enclosures []Enclosure `json:"enclosures,omitempty"`
	Images     []Image     `json:"images,omitempty"`
	Links      []Link      `json:"links,omitempty"`
	Source     *Source     `json:"source,omitempty"`
	Rights     string      `json:"rights,omitempty"`
	License    string      `json:"license,omitempty"`
	Podcast    *Podcast    `json:"podcast,omitempty"`

	// Artwork is the picture that a podcast app is to show (itunes:image). It
	// is not in the JSON of `fronteras read`.
	Artwork string `json:"artwork,omitempty"`

	// Thumbnail is the small picture that the station gives for lists (media:thumbnail), with its
	// address and size alone; zero where it gives none that is smaller than the first of Images. It
	// is not in the JSON of `fronteras read`.
	Thumbnail Image `json:"thumbnail,omitzero"`

	// Clean says that the entry calls itself not explicit, where Podcast.Explicit would be false also if
	// it said nothing. It is not in the JSON of `fronteras read`.
	Clean bool `json:"clean,omitempty"`

	// Unpublished is what the entry's article page says that is evidence alone. It is not in the
	// JSON of `fronteras read`.
	Unpublished *Unpublished `json:"unpublished,omitempty"`

	// Digest stands for everything above; equal digests, equal entries.
	Digest Digest `json:"digest,omitzero"`

	// Seen says that the entry is known by its Digest and was not read: all else is zero.
	Seen bool `json:"-"`
}

// Bare is what stays of an entry when its text leaves the store: what it is known by, its headline,
// and who made it when. Its text and pictures are gone, and what podcasts have besides the sound.
func (e Entry) Bare() Entry {
	e.Summary, e.Content, e.Unpublished, e.Podcast = "", "", nil, nil
	e.Images, e.Thumbnail = nil, Image{}
	return e
}

// Unpublished is what an article page says that is compared, and not published: the text where it is
// used, and the byline with those whom the feed names.
type Unpublished struct {
	Content string   `json:"content,omitempty"`
	Byline  string   `json:"byline,omitempty"`
	Authors []Person `json:"authors,omitempty"`
}

// Digest is a short hash of an entry. As text it is in hex.
type Digest [16]byte

// MarshalText writes the digest in hex.
func (d Digest) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(d[:])), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return errors.New("digest: not 32 hex digits")
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// Person is somebody named in a byline.
type Person struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Enclosure is sound or film that belongs to an entry. Its address is never
// cleaned of prefixes or query: the station's download counts depend on them.
type Enclosure struct {
	URL      string `json:"url"`
	Type     string `json:"type,omitempty"`
	Length   int64  `json:"length,omitempty"`   // bytes, 0 if unknown
	Duration int    `json:"duration,omitempty"` // seconds, 0 if unknown
}

// IsUnmeasured reports whether it is sound of which nobody has said how long it is.
func (e Enclosure) IsUnmeasured() bool { return e.Length == 0 && strings.HasPrefix(e.Type, "audio/") }

// AudioLength is how many bytes an enclosure of an entry was found to have.
type AudioLength struct {
	Entry Digest
	URL   string
	Bytes int64
}

// Image is a picture with what is said about it.
type Image struct {
	URL     string `json:"url"`
	Type    string `json:"type,omitempty"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"`
}

// Link is a further address of an entry, by its relation.
type Link struct {
	Rel      string `json:"rel"`
	URL      string `json:"url"`
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	Language string `json:"language,omitempty"`
}

// Source names the feed that an entry says it came from (RSS source, atom:source).
type Source struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
	ID    string `json:"id,omitempty"`
}

// Podcast is what the itunes and podcast namespaces say of an entry.
type Podcast struct {
	Season      int          `json:"season,omitempty"`
	Episode     int          `json:"episode,omitempty"`
	Type        string       `json:"type,omitempty"`
	Explicit    bool         `json:"explicit"`
	Block       bool         `json:"block"`
	Chapters    []Chapter    `json:"chapters,omitempty"`
	Transcripts []Transcript `json:"transcripts,omitempty"`
	Persons     []Role       `json:"persons,omitempty"`
}

// Chapter is a mark inside an enclosure, or the address of a document of them:
// then URL and Type alone are set.
type Chapter struct {
	Start string `json:"start,omitempty"`
	Title string `json:"title,omitempty"`
	Link  string `json:"link,omitempty"`
	Image string `json:"image,omitempty"`
	URL   string `json:"url,omitempty"`
	Type  string `json:"type,omitempty"`
}

// Transcript is the address of what is said in an enclosure.
type Transcript struct {
	URL      string `json:"url"`
	Type     string `json:"type,omitempty"`
	Language string `json:"language,omitempty"`
	Rel      string `json:"rel,omitempty"`
}

// Role is a person in an enclosure (podcast:person).
type Role struct {
	Name  string `json:"name"`
	Role  string `json:"role,omitempty"`
	URL   string `json:"url,omitempty"`
	Image string `json:"image,omitempty"`
}

// Stated is the date that an entry gives itself: when it was published, otherwise when it was
// updated; zero if it gives none.
func (e *Entry) Stated() time.Time {
	return cmp.Or(e.Published, e.Updated)
}
