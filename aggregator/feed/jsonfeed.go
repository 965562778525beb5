package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// readJSON reads a JSON Feed, 1.0 or 1.1, key by key: one value of a wrong type costs that value
// and not the feed.
func readJSON(body []byte, repairs []damage.Repair, c Context, work *bound.Work) (*Document, error) {
	body, halves := charset.DropHalves(body)
	j := scanJSON(body)
	hasControls := j.control
	if hasControls {
		body = escapeControls(body)
		j = scanJSON(body)
	}
	notes := damage.NewLedger(body)
	notes.IncludeRepairs(repairs)
	if hasControls {
		notes.AddRepair(damage.IllegalCharacters, -1, "control characters in strings")
	}
	if halves > 0 {
		notes.AddRepair(damage.IllegalCharacters, -1, "half a character in a string")
	}
	if j.err != nil {
		return nil, j.err
	}
	top := jsonObject{map[string]any{}, notes}
	for _, m := range j.members {
		if m.key == "items" {
			continue
		}
		if err := work.Advance(m.value.to - m.value.from); err != nil {
			return nil, err
		}
		if v, ok := decodeJSON(body[m.value.from:m.value.to]); ok {
			top.values[m.key] = v
		}
	}
	version, _ := top.values["version"].(string)
	if !j.list && !strings.Contains(version, "jsonfeed.org") {
		return nil, &damage.NotFeedError{What: "a JSON document"}
	}
	if j.single {
		notes.AddRepair(damage.JSONTypes, -1, "items is an object")
	}
	facts, lent, base := readJSONFacts(top, version, c.Address)
	whole := j.whole
	if !whole {
		notes.AddRepair(damage.CutOff, len(body), "the document ends within an object")
	}
	items, written, legible, err := decodeJSONItems(body, j.items, notes, work)
	if err != nil {
		return nil, err
	}
	around := surroundings{
		defaults:    feedDefaults{language: facts.Language, byline: lent},
		calendar:    dates.SettleCalendar(written, cmp.Or(facts.Language, c.Language), c.Location),
		plainTitles: top.values["_desk"] != nil, // an extension of this program's
	}
	settings := settingsOf(c, base)
	for _, m := range j.members {
		switch m.key {
		case "language", "author", "authors", "home_page_url", "feed_url":
			settings = append(settings, body[m.value.from:m.value.to]...)
		}
	}
	surrounding := sha256.Sum256(settings)
	var entries []news.Entry
	read := make([]news.Entry, len(items))
	for i, item := range items {
		if len(item.values) == 0 {
			continue
		}
		s := j.items[i]
		e := newEntry(digestOf(surrounding, "", written[i], around.calendar, body[s.from:s.to]), c)
		if !e.Seen {
			digest := e.Digest
			notes.EnterItem(i+1, s.from)
			e = readJSONItem(item, base, around, work)
			e.Digest = digest
		}
		read[i] = e
		entries = append(entries, e)
		if err := work.Advance(4 << 10); err != nil {
			return nil, err
		}
	}
	entries, all := keepNewest(entries, notes)
	whole = whole && legible && all
	return newDocument(facts, entries, whole, notes, func(item int) news.Entry { return read[item-1] }), nil
}

// decodeJSONItems decodes items, and gives the dates that stand in each as they are written; whole is
// false if one of the items is not JSON. An item that is no object has no values.
func decodeJSONItems(body []byte, spans []byteRange, notes *damage.Ledger, work *bound.Work) (
	items []jsonObject, written [][]string, whole bool, err error,
) {
	items, written, whole = make([]jsonObject, len(spans)), make([][]string, len(spans)), true
	for i, s := range spans {
		if err := work.Advance(s.to - s.from); err != nil {
			return nil, nil, false, err
		}
		v, ok := decodeJSON(body[s.from:s.to])
		values, isObject := v.(map[string]any)
		switch {
		case !ok:
			whole = false
			notes.AddRepair(damage.Structure, -1, "an item that is not JSON")
		case !isObject:
			notes.AddRepair(damage.JSONTypes, -1, "an item that is not an object")
		}
		items[i] = jsonObject{values, notes}
		for _, key := range [...]string{"date_published", "date_modified"} {
			if date, ok := values[key].(string); ok {
				written[i] = append(written[i], date)
			}
		}
	}
	return items, written, whole, nil
}

// readJSONFacts reads what the feed says of itself, the byline for items without one, and what addresses are
// resolved against.
func readJSONFacts(top jsonObject, version, address string) (f news.Facts, lent *byline, base string) {
	top.notes.EnterField("feed_url")
	address = boundedAddress(cmp.Or(address, link.Resolve("", top.textOf("feed_url"))), top.notes)
	f.Self = boundedAddress(link.Resolve(address, top.textOf("feed_url")), top.notes)
	top.notes.EnterField("home_page_url")
	f.Link = pageAddress(top.textOf("home_page_url"), address, top.notes)
	base = cmp.Or(boundedAddress(link.Resolve(address, top.textOf("home_page_url")), top.notes), address)
	f.Format = jsonVersion(version)
	f.Title = titleText(top.textOf("title"), top.notes.EnterField("title"))
	f.Language = text.LanguageTag(top.textOf("language"))
	f.Image = fileAddress(cmp.Or(top.textOf("icon"), top.textOf("favicon")), base, top.notes)
	lent = readJSONByline(top, base)
	_, f.Authors = lent.asWritten()
	hubs := 0
	for _, hub := range top.objectsOf("hubs") {
		a := boundedAddress(link.Resolve(base, hub.textOf("url")), top.notes.EnterField("hub"))
		if a != "" && strings.EqualFold(hub.textOf("type"), "websub") {
			if hubs++; hubs <= maxHubs {
				f.Hubs = append(f.Hubs, a)
			}
		}
	}
	noteRest(hubs, maxHubs, top.notes.EnterField("hub"))
	return f, lent, base
}

func jsonVersion(version string) string {
	_, number, found := strings.Cut(version, "/version/")
	switch number = text.OneLine(number); {
	case !found || len(number) > 8:
		return "JSON Feed"
	case number == "1":
		return "JSON Feed 1.0"
	}
	return "JSON Feed " + number
}

// readJSONItem makes an entry of one item.
func readJSONItem(o jsonObject, base string, around surroundings, work *bound.Work) news.Entry {
	o.notes.EnterField("title")
	title := titleText
	if around.plainTitles {
		title = func(s string, notes *damage.Ledger) string { return shortLine(s, maxTitle, notes) }
	}
	e := news.Entry{
		Title:    title(o.textOf("title"), o.notes),
		Language: cmp.Or(text.LanguageTag(o.textOf("language")), around.defaults.language),
		Topics:   distinctTopics(o.textsOf("tags"), o.notes),
	}
	e.GUID = readGUID(o.textOf("id"), o.notes)
	o.notes.EnterField("url")
	external := pageAddress(o.textOf("external_url"), base, o.notes)
	e.URL = cmp.Or(pageAddress(o.textOf("url"), base, o.notes), external)
	if e.URL == "" && isAddress(e.GUID) {
		e.URL = pageAddress(e.GUID, "", o.notes)
	}
	if external != "" && external != e.URL {
		e.Links = append(e.Links, news.Link{Rel: "via", URL: external})
	}
	e.Published, e.Updated = jsonDate(
		o, "date_published", around.calendar,
	), jsonDate(o, "date_modified", around.calendar)
	page := cmp.Or(e.URL, base)
	o.notes.EnterField("content")
	markup := o.textOf("content_html")
	e.Content = cleanNoted(markup, kindHTML, page, maxBody, o.notes, work)
	if e.Content == "" {
		e.Content = cleanNoted(o.textOf("content_text"), kindLines, page, maxBody, o.notes, work)
	}
	o.notes.EnterField("summary")
	e.Summary = cleanNoted(o.textOf("summary"), kindText, page, summaryLimit(e.Content), o.notes, work)
	if b := readJSONByline(o, base); !b.isEmpty() {
		e.Byline, e.Authors = b.asWritten()
	} else {
		e.Byline, e.Authors = lentByline(around.defaults.byline)
	}
	o.notes.EnterField("enclosures")
	var enclosures enclosureList
	pictures := pictureList{page: e.URL, notes: o.notes}
	for _, key := range [...]string{"image", "banner_image"} {
		pictures.add(ofContent, news.Image{URL: fileAddress(o.textOf(key), base, o.notes)})
	}
	for _, a := range o.objectsOf("attachments") {
		file := attachment{
			a.textOf("url"), a.textOf("mime_type"), a.numberOf("size_in_bytes"), a.numberOf("duration_in_seconds"),
			base,
		}
		if isPictureFile(file) {
			image := news.Image{URL: fileAddress(file.address, base, o.notes), Type: mediaType(file.kind)}
			pictures.add(ofEnclosure, image)
		} else {
			enclosures.add(file, o.notes)
		}
	}
	e.Enclosures = enclosures.taken(o.notes)
	o.notes.EnterField("images")
	pictures.addFirstOfTexts(htmlclean.PictureSizes(markup, page), e.Content)
	noteRest(len(pictures.list)+pictures.more, maxImages, o.notes)
	e.Images = pictures.chosen()
	return e
}

func jsonDate(o jsonObject, key string, calendar *dates.Calendar) time.Time {
	written := o.textOf(key)
	if written == "" {
		return time.Time{}
	}
	t, ok := calendar.ReadTime(written)
	if !ok {
		noteBadDate(written, -1, o.notes)
		return time.Time{}
	}
	return t
}

// readJSONByline reads authors (1.1), otherwise author (1.0), in whatever form.
func readJSONByline(o jsonObject, base string) *byline {
	b := &byline{notes: o.notes.EnterField("authors")}
	for _, key := range [...]string{"authors", "author"} {
		if !b.isEmpty() {
			break
		}
		for _, v := range o.valuesOf(key) {
			switch v := v.(type) {
			case map[string]any:
				a := jsonObject{v, o.notes}
				b.addParts(
					withoutTags(a.textOf("name"), o.notes), a.textOf("email"),
					pageAddress(a.textOf("url"), base, o.notes),
				)
			case string:
				o.notes.AddRepair(damage.JSONTypes, -1, key+" is text")
				b.addNames(withoutTags(v, o.notes))
			}
		}
	}
	return b
}

// jsonObject is a JSON object, read leniently: what has the wrong type is read if it can be, and
// noted.
type jsonObject struct {
	values map[string]any
	notes  *damage.Ledger
}

// textOf reads a string; numbers and booleans as they are written, lists joined.
func (o jsonObject) textOf(key string) string {
	switch v := o.values[key].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		o.notes.AddRepair(damage.JSONTypes, -1, key+" is a number")
		return v.String()
	case bool:
		o.notes.AddRepair(damage.JSONTypes, -1, key+" is a boolean")
		return strconv.FormatBool(v)
	case []any:
		o.notes.AddRepair(damage.JSONTypes, -1, key+" is a list")
		var b strings.Builder
		for _, part := range v {
			if s, ok := part.(string); ok {
				b.WriteString(s)
			}
		}
		return strings.TrimSpace(b.String())
	}
	o.notes.AddRepair(damage.JSONTypes, -1, fmt.Sprintf("%s is an object", text.Excerpt(key)))
	return ""
}

// numberOf reads a number as text, also one that is written as a string.
func (o jsonObject) numberOf(key string) string {
	switch v := o.values[key].(type) {
	case json.Number:
		return v.String()
	case string:
		o.notes.AddRepair(damage.JSONTypes, -1, key+" is text")
		return v
	case nil:
		return ""
	}
	o.notes.AddRepair(damage.JSONTypes, -1, key+" is not a number")
	return ""
}

// valuesOf reads a list; one value stands for a list of one.
func (o jsonObject) valuesOf(key string) []any {
	switch v := o.values[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		if key != "author" {
			o.notes.AddRepair(damage.JSONTypes, -1, key+" is not a list")
		}
		return []any{v}
	}
}

// objectsOf returns the objects of a list.
func (o jsonObject) objectsOf(key string) []jsonObject {
	var all []jsonObject
	for _, v := range o.valuesOf(key) {
		if m, ok := v.(map[string]any); ok {
			all = append(all, jsonObject{m, o.notes})
		} else {
			o.notes.AddRepair(damage.JSONTypes, -1, key+" holds no objects")
		}
	}
	return all
}

// textsOf returns the texts of a list; one text holds several between commas.
func (o jsonObject) textsOf(key string) []string {
	if text, ok := o.values[key].(string); ok {
		o.notes.AddRepair(damage.JSONTypes, -1, key+" is text")
		return strings.Split(text, ",")
	}
	var all []string
	for _, v := range o.valuesOf(key) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case json.Number:
			o.notes.AddRepair(damage.JSONTypes, -1, key+" holds numbers")
			all = append(all, v.String())
		}
	}
	return all
}
