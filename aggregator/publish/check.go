package publish

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// checkRSS is the gate of RSS documents.
func checkRSS(body []byte, list []article) *Fault {
	s, fault := readXML(body, " item")
	if fault != nil {
		return fault
	}
	return s.checkRSS(list, func(n int) string { return list[n].Title })
}

// checkPodcast is the gate of the podcast. Titles can bear a station's name there.
func checkPodcast(body []byte, list []article) *Fault {
	s, fault := readXML(body, " item")
	if fault != nil {
		return fault
	}
	for _, name := range []string{nsITunes + " category", nsITunes + " explicit", nsPodcast + " guid"} {
		if len(all(s.head, name)) == 0 {
			return faulty("required", "the channel has no %s", name)
		}
	}
	sounds, described := map[string]bool{}, lengths(body, "description")
	if len(s.items) != len(list) || len(described) != len(list)+1 {
		return faulty("items", "%d of %d are there", len(s.items), len(list))
	}
	for n, item := range s.items {
		enclosures := all(item, " enclosure")
		if len(enclosures) != 1 || sounds[enclosures[0].attr("url")] {
			return blame(list[n], faulty("enclosure", "it has none of its own"))
		}
		sounds[enclosures[0].attr("url")] = true
		if described[n+1] > describable { // the channel's is the first
			return blame(list[n], faulty("description", "it is longer than %d bytes", describable))
		}
	}
	return s.checkRSS(list, func(n int) string { return Line(first(s.items[n], " title")) })
}

// checkRSS checks what the merged feed and the podcast have in common.
func (s skeleton) checkRSS(list []article, title func(int) string) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	switch {
	case first(s.head, " title") == "" || first(s.head, " link") == "" || first(s.head, " description") == "":
		return faulty("required", "title, link or description of the channel is missing")
	case len(s.items) != len(list):
		return faulty("items", "%d of %d are there", len(s.items), len(list))
	}
	for n, item := range s.items {
		if fault := checkItem(item); fault != nil {
			return blame(list[n], fault)
		}
	}
	return readBack(s.lean, list, title)
}

// checkItem checks an item of RSS.
func checkItem(item []element) *Fault {
	guid, source, enclosures := all(item, " guid"), all(item, " source"), all(item, " enclosure")
	switch {
	case len(guid) != 1 || guid[0].attr("isPermaLink") != "false":
		return faulty("guid", "its guid does not say that it is no permalink")
	case !isTime(time.RFC1123Z, first(item, " pubDate")):
		return faulty("date", "%q is no date", first(item, " pubDate"))
	case len(source) != 1 || !absolute(source[0].attr("url")) || strings.TrimSpace(source[0].text) == "":
		return faulty("source", "its source is not named")
	case len(enclosures) > 1:
		return faulty("enclosure", "it has %d", len(enclosures))
	}
	for _, x := range enclosures {
		if x.attr("type") == "" || x.attr("length") == "" || strings.Trim(x.attr("length"), "0123456789") != "" {
			return faulty("enclosure", "type or length is missing")
		}
	}
	return nil
}

// checkAtom is the gate of Atom documents.
func checkAtom(body []byte, list []article) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	s, fault := readXML(body, nsAtom+" entry")
	switch {
	case fault != nil:
		return fault
	case first(s.head, nsAtom+" id") == "" || first(s.head, nsAtom+" title") == "" || !isTime(time.RFC3339, first(s.head, nsAtom+" updated")):
		return faulty("required", "id, title or updated of the feed is missing")
	case len(s.items) != len(list):
		return faulty("items", "%d of %d are there", len(s.items), len(list))
	}
	ended := map[string]bool{}
	for _, x := range all(s.head, nsTombstones+" deleted-entry") {
		key := x.attr("ref") + " " + x.attr("when")
		if x.attr("ref") == "" || !isTime(time.RFC3339, x.attr("when")) || ended[key] {
			return faulty("tombstone", "%q has no ref or when, or stands twice", key)
		}
		ended[key] = true
	}
	for n, entry := range s.items {
		switch {
		case !isTime(time.RFC3339, first(entry, nsAtom+" updated")), !isTime(time.RFC3339, first(entry, nsAtom+" published")):
			return blame(list[n], faulty("date", "updated or published is no date"))
		case len(all(entry, nsAtom+" source")) != 1:
			return blame(list[n], faulty("source", "its source is not named"))
		case len(all(entry, nsAtom+" author")) < 2: // its own and its source's
			return blame(list[n], faulty("author", "it has none"))
		}
	}
	return readBack(s.lean, list, func(n int) string { return list[n].Title })
}

// checkJSON is the gate of JSON Feed documents.
func checkJSON(body []byte, list []article) *Fault {
	if fault := checkArticles(list); fault != nil {
		return fault
	}
	if !utf8.Valid(body) {
		return faulty("utf-8", "bytes that are no UTF-8")
	}
	var f jsonFeed
	if err := json.Unmarshal(body, &f); err != nil {
		return faulty("well-formed", "%v", err)
	}
	if f.Version == "" || f.Title == "" || f.FeedURL == "" || f.Items == nil || len(f.Items) != len(list) {
		return faulty("required", "version, title, feed_url or items are missing")
	}
	for n, i := range f.Items {
		if !isTime(time.RFC3339, i.Published) || len(i.Authors) == 0 || i.ContentHTML == "" {
			return blame(list[n], faulty("required", "date, author or content is missing"))
		}
		for _, x := range i.Attachments {
			if x.URL == "" || x.Type == "" {
				return blame(list[n], faulty("attachment", "address or type is missing"))
			}
		}
		f.Items[n].ContentHTML = "-" // as in lean
	}
	lean, err := json.Marshal(f)
	if err != nil {
		return faulty("read back", "%v", err)
	}
	return readBack(lean, list, func(n int) string { return list[n].Title })
}
