package publish

import (
	"bytes"
	"cmp"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/gorilla/feeds"

	"fronteras/aggregator/news"
)

// jsonFeed is a JSON Feed 1.1 document. It names no author: readers show a feed's besides those of
// each item, and the desk wrote none.
type jsonFeed struct {
	Version     string          `json:"version"`
	Title       string          `json:"title"`
	HomePageURL string          `json:"home_page_url"`
	FeedURL     string          `json:"feed_url"`
	Description string          `json:"description,omitempty"`
	Icon        string          `json:"icon,omitempty"`
	Language    string          `json:"language,omitempty"`
	Hubs        []feeds.JSONHub `json:"hubs,omitempty"`
	NextURL     string          `json:"next_url,omitempty"`
	Desk        jsonAbout       `json:"_desk"`
	Items       []jsonItem      `json:"items"`
}

// jsonAbout says whose the extension is, as JSON Feed asks, and which stories have been withdrawn
// lately.
type jsonAbout struct {
	About     string          `json:"about"`
	Withdrawn []jsonWithdrawn `json:"withdrawn"`
}

type jsonWithdrawn struct {
	ID   string `json:"id"`
	When string `json:"when"`
}

type jsonItem struct {
	ID          string             `json:"id"`
	URL         string             `json:"url"`
	Title       string             `json:"title"`
	Summary     string             `json:"summary,omitempty"`
	ContentHTML string             `json:"content_html"`
	Image       string             `json:"image,omitempty"`
	Published   string             `json:"date_published"`
	Modified    string             `json:"date_modified,omitempty"`
	Authors     []feeds.JSONAuthor `json:"authors"`
	Tags        []string           `json:"tags,omitempty"`
	Language    string             `json:"language,omitempty"`
	Attachments []jsonAttachment   `json:"attachments,omitempty"`
	Desk        jsonDesk           `json:"_desk"`
}

type jsonAttachment struct {
	URL      string `json:"url"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"size_in_bytes,omitempty"`
	Duration int    `json:"duration_in_seconds,omitempty"`
}

// jsonDesk is who made a story and who carries it.
type jsonDesk struct {
	Origin     *jsonPartner    `json:"origin"`
	CarriedBy  []jsonPartner   `json:"carried_by"`
	Confidence news.Confidence `json:"confidence"`

	TranslationOf *jsonOriginal `json:"translation_of,omitempty"`
	Translations  []jsonVersion `json:"translations,omitempty"`
}

// jsonVersion is a story in another language.
type jsonVersion struct {
	ID       string `json:"id,omitempty"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// jsonOriginal is what a story is translated from.
type jsonOriginal struct {
	jsonVersion
	Origin  *jsonPartner       `json:"origin"`
	Authors []feeds.JSONAuthor `json:"authors,omitempty"`
}

type jsonPartner struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

var jsonWriter = &feedWriter{
	write: writeJSON, check: checkJSON,
	begin: "\n  \"items\": [", itemBegin: "\n    {\n", itemEnd: "\n    }", between: ",",
	text: `"content_html": "`, escape: escapeJSON,
}

// writeJSON writes articles as JSON Feed 1.1.
func writeJSON(e *Edition, c contents, list []article) ([]byte, error) {
	relations, desk := relationsOf(e, c), e.deskFor(c.Selection)
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: c.titleIn(desk),
		HomePageURL: homeOf(e, c.Selection), FeedURL: addressOf(relations, "self"),
		Description: desk.Description, Icon: desk.Image,
		Language: desk.Language,
		NextURL:  addressOf(relations, "prev-archive"), // its next page holds older stories
		Desk:     jsonAbout{e.publicAddress("/", Selection{}), []jsonWithdrawn{}}, Items: []jsonItem{},
	}
	if hub := addressOf(relations, "hub"); hub != "" {
		f.Hubs = []feeds.JSONHub{{Type: "WebSub", Url: hub}}
	}
	for _, g := range c.gone {
		if !g.Joined() {
			f.Desk.Withdrawn = append(f.Desk.Withdrawn, jsonWithdrawn{g.ID, formatISO(g.When)})
		}
	}
	for _, a := range list {
		f.Items = append(f.Items, jsonItemOf(a))
	}
	var b bytes.Buffer
	b.Grow(estimatedSize(list))
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	err := out.Encode(f)
	return b.Bytes(), err
}

func jsonItemOf(a article) jsonItem {
	i := jsonItem{
		ID: a.PublicID, URL: a.Link, Title: a.Title, Summary: a.Deck, ContentHTML: a.Body,
		Published: formatISO(a.Published), Tags: a.Topics, Language: a.Language,
		Desk: jsonDesk{CarriedBy: []jsonPartner{}, Confidence: a.confidence()},
	}
	if len(a.Images) > 0 {
		i.Image = a.Images[0].URL
	}
	if !a.Modified.IsZero() {
		i.Modified = formatISO(a.Modified)
	}
	for _, name := range a.Authors {
		i.Authors = append(i.Authors, feeds.JSONAuthor{Name: name})
	}
	for _, s := range a.Enclosures {
		i.Attachments = append(i.Attachments, jsonAttachment{s.URL, s.Type, s.Length, s.Duration})
	}
	if len(a.Makers) > 0 {
		i.Desk.Origin = &jsonPartner{
			ID:   a.Makers[0].ID,
			Name: a.originName(),
			URL:  cmp.Or(a.Makers[0].URL, a.OriginHome),
		}
	}
	for _, c := range a.Carriers {
		i.Desk.CarriedBy = append(i.Desk.CarriedBy, jsonPartner(c))
	}
	if o := a.Original; o != nil {
		i.Desk.TranslationOf = &jsonOriginal{jsonVersion: jsonVersion{o.ID, o.URL, o.Language}}
		if len(o.Makers) > 0 {
			partner := jsonPartner(o.Makers[0])
			i.Desk.TranslationOf.Origin = &partner
		}
		for _, name := range o.Authors {
			i.Desk.TranslationOf.Authors = append(i.Desk.TranslationOf.Authors, feeds.JSONAuthor{Name: name})
		}
	}
	for _, v := range a.Versions {
		if a.Original == nil || v.ID != a.Original.ID {
			i.Desk.Translations = append(i.Desk.Translations, jsonVersion{v.ID, v.Link, v.Language})
		}
	}
	return i
}

// checkJSON is the gate of JSON Feed documents.
func checkJSON(body []byte, list []article) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	if !utf8.Valid(body) {
		return newFault("utf-8", "bytes that are not UTF-8")
	}
	var f jsonFeed
	if err := json.Unmarshal(body, &f); err != nil {
		return newFault("well-formed", "%v", err)
	}
	if f.Version == "" || f.Title == "" || f.FeedURL == "" || f.Items == nil || len(f.Items) != len(list) {
		return newFault("required", "version, title, feed_url or items are missing")
	}
	for n, i := range f.Items {
		if !isTimeIn(time.RFC3339, i.Published) || len(i.Authors) == 0 || i.ContentHTML == "" {
			return blameStory(list[n], newFault("required", "date, author or content is missing"))
		}
		for _, x := range i.Attachments {
			if x.URL == "" || x.Type == "" {
				return blameStory(list[n], newFault("attachment", "address or type is missing"))
			}
		}
		f.Items[n].ContentHTML = "-" // a long text, which the other reader need not see
	}
	compact, err := json.Marshal(f)
	if err != nil {
		return newFault("read back", "%v", err)
	}
	return readBackItems(compact, list, func(n int) string { return list[n].Title })
}
