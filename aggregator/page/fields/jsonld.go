package fields

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/text"
)

// What is read of the JSON-LD of a page. What is more is left alone.
const (
	maxJSONBlocks  = 20
	maxJSONBlock   = 512 << 10 // bytes
	maxJSONObjects = 2_000     // that are looked at
	maxJSONValues  = 64        // of one property
)

// object is an object of JSON-LD.
type object map[string]any

// linkedData is the JSON-LD of a page.
type linkedData struct {
	byID     map[string]object
	articles []object // in order, those that may be the page's own
	pages    []object // WebPage and its kin
	sounds   []object // AudioObject
}

// readLinkedData reads the blocks of JSON-LD of a page.
func readLinkedData(blocks []string) linkedData {
	d := linkedData{byID: map[string]object{}}
	left := maxJSONObjects
	for _, block := range blocks[:min(len(blocks), maxJSONBlocks)] {
		if len(block) > maxJSONBlock {
			continue
		}
		var value any
		if mended := mendJSON(block); mended == "" || json.Unmarshal([]byte(mended), &value) != nil {
			continue
		}
		d.collect(value, &left)
	}
	return d
}

// collect takes the objects that describe the page: not those of lists of other pages.
func (d *linkedData) collect(value any, left *int) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			d.collect(one, left)
		}
	case map[string]any:
		if *left == 0 {
			return
		}
		*left--
		d.collectObject(object(v), left)
	}
}

func (d *linkedData) collectObject(o object, left *int) {
	if id := o.text("@id"); id != "" && len(o) > 1 && len(d.byID[id]) < len(o) {
		d.byID[id] = o
	}
	switch {
	case o.is(articleTypes):
		d.articles = append(d.articles, o)
	case o.is(pageTypes):
		d.pages = append(d.pages, o)
	case o.is(soundTypes):
		d.sounds = append(d.sounds, o)
	}
	for _, name := range [...]string{"@graph", "mainEntity", "mainEntityOfPage"} {
		d.collect(o[name], left)
	}
}

var (
	articleTypes = typeSet("NewsArticle Article ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle " +
		"BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle SatiricalArticle BlogPosting LiveBlogPosting " +
		"SocialMediaPosting Report TechArticle ScholarlyArticle Review PodcastEpisode RadioEpisode Episode " +
		"VideoObject Interview Recipe")
	newsTypes = typeSet("NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle " +
		"BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle LiveBlogPosting")
	lateTypes  = typeSet("VideoObject Review Episode Recipe") // often a part of the page alone
	pageTypes  = typeSet("WebPage ItemPage AboutPage CollectionPage MedicalWebPage")
	soundTypes = typeSet("AudioObject")
	houseTypes = typeSet("Organization NewsMediaOrganization Corporation LocalBusiness RadioStation " +
		"BroadcastService TelevisionStation WebSite")
)

func typeSet(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[name] = true
	}
	return set
}

// is reports whether an object is of one of some types.
func (o object) is(types map[string]bool) bool {
	return slices.ContainsFunc(o.texts("@type"), func(name string) bool {
		return types[name[strings.LastIndexAny(name, "/#:")+1:]]
	})
}

// article is the object of the page's own story; nil if there is none. It names the page by one of
// its addresses, or has the headline; otherwise it is the first of those that are news, or texts at
// all.
func (d *linkedData) article(isOwn func(address string) bool, isHeadline func(text string) bool) object {
	best, most := object(nil), 0
	for _, o := range d.articles {
		points := 1
		if !o.is(lateTypes) {
			points += 2
		}
		if o.is(newsTypes) {
			points++
		}
		if isHeadline(o.line("headline")) || isHeadline(o.line("name")) {
			points += 8
		}
		for _, name := range [...]string{"mainEntityOfPage", "url", "@id"} {
			if slices.ContainsFunc(d.addresses(o[name], 2), isOwn) {
				points += 8
				break
			}
		}
		if points > most {
			best, most = o, points
		}
	}
	return best
}

// addresses returns the addresses that a value of JSON-LD is, or gives of what it describes.
func (d *linkedData) addresses(value any, depth int) []string {
	var all []string
	switch v := value.(type) {
	case string:
		all = append(all, strings.TrimSpace(html.UnescapeString(v)))
	case []any:
		for _, one := range v[:min(len(v), maxJSONValues)] {
			if depth > 0 {
				all = append(all, d.addresses(one, depth-1)...)
			}
		}
	case map[string]any:
		o := d.whole(v)
		for _, name := range [...]string{"contentUrl", "url", "@id"} {
			if address := o.text(name); address != "" {
				all = append(all, html.UnescapeString(address))
			}
		}
	}
	return all
}

// whole is what an object refers to by its @id, if that is all it says.
func (d *linkedData) whole(o object) object {
	if id := o.text("@id"); id != "" && d.byID[id] != nil && len(o) <= 2 {
		return d.byID[id]
	}
	return o
}

// objects returns the objects that a property holds, or refers to.
func (d *linkedData) objects(value any) []object {
	var all []object
	switch v := value.(type) {
	case map[string]any:
		all = append(all, d.whole(v))
	case []any:
		for _, one := range v[:min(len(v), maxJSONValues)] {
			if o, ok := one.(map[string]any); ok {
				all = append(all, d.whole(o))
			}
		}
	}
	return all
}

// text is a property that is a text, or a number, or a list that begins with one, as written.
func (o object) text(name string) string {
	if all := o.texts(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// texts returns a property that is a text or a list of such.
func (o object) texts(name string) []string {
	var all []string
	switch v := o[name].(type) {
	case []any:
		for _, one := range v[:min(len(v), maxJSONValues)] {
			if s := scalar(one); s != "" {
				all = append(all, s)
			}
		}
	default:
		if s := scalar(v); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// scalar is a value that is a text or a number, or has a text as its @value; "" for any other.
func scalar(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return fmt.Sprint(v)
	case map[string]any:
		s, _ := v["@value"].(string)
		return strings.TrimSpace(s)
	}
	return ""
}

// line is a property as a line of text.
func (o object) line(name string) string { return markupLine(o.text(name), maxTitle) }

// markupLine is a line of text of what may have tags and references.
func markupLine(s string, limit int) string {
	s = htmlclean.StripTags(text.Shorten(s, maxWritten))
	for range 2 { // pages escape what their template escapes again
		s = html.UnescapeString(s)
	}
	return text.Shorten(text.OneLine(s), limit)
}

// jsonNames returns the names of what a property holds: texts, or objects with a name.
func (d *linkedData) jsonNames(value any) []string {
	var all []string
	switch v := value.(type) {
	case []any:
		for _, one := range v[:min(len(v), maxJSONValues)] {
			if list, isList := one.([]any); isList {
				one = map[string]any{"name": list}
			}
			all = append(all, d.jsonNames(one)...)
		}
	case map[string]any:
		all = d.whole(v).texts("name")
	default:
		if s := scalar(v); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// isOwnAddress reports whether an address is one of those of the page.
func isOwnAddress(own []string) func(string) bool {
	keys := make([]string, 0, len(own))
	for _, address := range own {
		if key := pageKey(address); key != "" {
			keys = append(keys, key)
		}
	}
	return func(address string) bool {
		key := pageKey(address)
		return key != "" && slices.Contains(keys, key)
	}
}

// pageKey is an address as it is compared with others.
func pageKey(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return link.BuiltIn().Key(link.Clean("", address))
}

// webPage is the object that describes the page itself, nil if there is none.
func (d *linkedData) webPage(isOwn func(string) bool) object {
	for _, o := range d.pages {
		for _, name := range [...]string{"url", "@id"} {
			if slices.ContainsFunc(d.addresses(o[name], 1), isOwn) {
				return o
			}
		}
	}
	if len(d.pages) == 1 {
		return d.pages[0]
	}
	return nil
}

// bodyText is the articleBody as text: its tags are taken off, its paragraphs stay lines.
func (o object) bodyText() string {
	body := o.text("articleBody")
	if body == "" {
		body = o.text("text")
	}
	return strings.TrimSpace(text.WithoutControls(html.UnescapeString(htmlclean.StripTags(body))))
}

// isSold reports whether an object says that what it describes is not free.
func (d *linkedData) isSold(o object) bool {
	isFalse := func(o object) bool {
		free := strings.ToLower(o.text("isAccessibleForFree"))
		return free == "false" || free == "no" || strings.HasSuffix(free, "schema.org/false")
	}
	return isFalse(o) || o.text("isAccessibleForFree") == "" && slices.ContainsFunc(d.objects(o["hasPart"]), isFalse)
}
