package identity

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// creditOf is whom an item's credit names as the maker, and by what wording.
type creditOf struct {
	makers []news.Maker
	reason string
}

// readCredit reads who made a story by the item's own words. A paragraph that
// recurs in its feed and names the feed's own station is a template, and says
// nothing.
func (f *fold) readCredit(i *news.Item, p *prose) creditOf {
	template := func(paragraph string) bool {
		return f.recurs(i.Feed, paragraph) && slices.Contains(f.desk.names.find(paragraph), f.desk.maker(i.Station))
	}
	block := func(b markup.Block) bool { return template(b.Text) }
	within := func(s sentence) bool { return template(s.paragraph) }
	if slices.ContainsFunc(p.own, block) || slices.ContainsFunc(p.sentences, within) {
		said := *p
		said.own = slices.DeleteFunc(slices.Clone(p.own), block)
		said.sentences = slices.DeleteFunc(slices.Clone(p.sentences), within)
		p = &said
	}
	return f.desk.readCredit(i, p)
}

// readCredit reads who made a story by the item's own words. The first kind of
// wording that names anybody decides (O3). A paragraph that holds the desk's
// title says that the item is shared, and names no origin.
func (d *Rules) readCredit(i *news.Item, p *prose) creditOf {
	for _, read := range []func(*news.Item, *prose) ([]news.Maker, string){
		d.creditSentence, d.creditByline, d.creditSignOff, d.creditDateline, d.creditCopyright, d.creditHints, d.creditSections,
	} {
		if makers, reason := read(i, p); len(makers) > 0 {
			return creditOf{makers, reason}
		}
	}
	return creditOf{}
}

// others reports whether a credit names somebody, and not that station.
func (c creditOf) others(station string) bool {
	return len(c.makers) > 0 && !slices.ContainsFunc(c.makers, func(m news.Maker) bool { return m.Station == station })
}

// creditSentence reads "originally published by KJZZ". A sentence that links to a
// story is a claim, and counts as that or not at all.
func (d *Rules) creditSentence(_ *news.Item, p *prose) ([]news.Maker, string) {
	for _, s := range p.sentences {
		if s.desk || slices.ContainsFunc(s.links, func(l markup.Link) bool { return link.StoryLike(d.key(l.URL)) }) {
			continue
		}
		if found := d.names.find(s.text); len(found) > 0 {
			return found, "its text says: " + quote(s.text)
		}
	}
	return nil, ""
}

// creditByline reads "Ana Ruiz (KJZZ)", "Ana Ruiz | KJZZ", "Ana Ruiz, KJZZ", or a
// byline that is nothing but a maker's name.
func (d *Rules) creditByline(i *news.Item, _ *prose) ([]news.Maker, string) {
	var found []news.Maker
	for _, text := range bylines(&i.Entry) {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("()|,/;", r) }) {
			for name := range strings.SplitSeq(part, " and ") {
				if m, ok := d.names.whole(name); ok && !slices.Contains(found, m) {
					found = append(found, m)
				}
			}
		}
	}
	if len(found) == 0 {
		return nil, ""
	}
	return found, "its byline is " + quote(i.Entry.Byline)
}

// bylines are an entry's names, as they are written and as they were parted, each
// once.
func bylines(e *news.Entry) []string {
	texts := make([]string, 1, 1+len(e.Authors))
	texts[0] = e.Byline
	for _, a := range e.Authors {
		if !slices.Contains(texts, a.Name) {
			texts = append(texts, a.Name)
		}
	}
	return texts
}

// creditSignOff reads "KJZZ's Ana Ruiz reports" in the last paragraph.
func (d *Rules) creditSignOff(_ *news.Item, p *prose) ([]news.Maker, string) {
	if len(p.own) == 0 {
		return nil, ""
	}
	last := p.own[len(p.own)-1].Text
	if !strings.Contains(last, "'s ") && !strings.Contains(last, "’s ") {
		return nil, ""
	}
	if m := signOff.FindStringSubmatch(last); m != nil {
		return d.names.find(m[1]), "it is signed off with " + quote(last)
	}
	return nil, ""
}

var signOff = regexp.MustCompile(`^(?:For |From )?(.{2,60}?)['’]s \p{Lu}.{2,60}? (?:reports|reported|has (?:the story|more))\b`)

// creditDateline reads "PHOENIX (AP) —" at the beginning of the text.
func (d *Rules) creditDateline(_ *news.Item, p *prose) ([]news.Maker, string) {
	if len(p.own) == 0 || !strings.Contains(p.own[0].Text, "(") {
		return nil, ""
	}
	m := dateline.FindStringSubmatch(p.own[0].Text)
	if m == nil {
		return nil, ""
	}
	for _, o := range d.outside {
		if o.Dateline != "" && o.Dateline == m[1] {
			return []news.Maker{outsideMaker(o)}, "its dateline is " + quote(m[0])
		}
	}
	return nil, ""
}

var dateline = regexp.MustCompile(`^\p{Lu}[^()]{1,60}\(([^()]{2,20})\)\s*[-–—]`)

// creditCopyright reads "Copyright 2026 NPR" in the last two paragraphs, and the
// organisation that the page names.
func (d *Rules) creditCopyright(i *news.Item, p *prose) ([]news.Maker, string) {
	for _, b := range p.own[max(0, len(p.own)-2):] {
		if !strings.Contains(b.Text, "©") && !strings.Contains(b.Text, "opyright") {
			continue
		}
		if m := copyright.FindStringSubmatch(b.Text); m != nil {
			if found := d.names.find(m[1]); len(found) > 0 {
				return found, "its text says: " + quote(m[0])
			}
		}
	}
	if i.Page != nil && i.Page.Org == "1" { // NPR's own number among its stations
		return d.names.find("NPR"), "its page names NPR as its owner"
	}
	return nil, ""
}

var copyright = regexp.MustCompile(`(?:Copyright|©)(?: ©)?(?: \(c\))? \d{4}(?:[-–]\d{4})? ([^.]{2,80})`)

// creditHints reads what points at somebody else without being a claim: the
// feed an item says it came from, a guid and a via link on other hosts.
func (d *Rules) creditHints(i *news.Item, _ *prose) ([]news.Maker, string) {
	var found []news.Maker
	reason := ""
	hint := func(address, what string) {
		address = link.Clean("", address)
		if m, _ := d.ofHost(address); d.foreign(address, i.Station) && !slices.Contains(found, m) {
			found, reason = append(found, m), what+" is on "+link.Host(address)
		}
	}
	if s := i.Entry.Source; s != nil {
		hint(s.URL, "the feed that it names as its source")
		if m, ok := d.names.whole(s.Title); ok && len(found) == 0 && m.Station != i.Station {
			found, reason = append(found, m), "it names "+quote(s.Title)+" as its source"
		}
	}
	if isAddress(i.Entry.GUID) {
		hint(i.Entry.GUID, "its guid")
	}
	for _, l := range i.Entry.Links {
		if l.Rel == "via" || l.Rel == "external" || l.Rel == "source" {
			hint(l.URL, "a link that it was found by")
		}
	}
	return found, reason
}

// creditSections reads an outside source from the section that an address is in.
func (d *Rules) creditSections(i *news.Item, _ *prose) ([]news.Maker, string) {
	key := d.key(i.Entry.URL)
	for _, o := range d.outside {
		for _, section := range o.Sections {
			if strings.HasPrefix(key, section) {
				return []news.Maker{outsideMaker(o)}, "its address is below " + section
			}
		}
	}
	return nil, ""
}

// quote shows a text in an explanation, cut to a line.
func quote(text string) string {
	const most = 120
	r := []rune(text)
	if len(r) > most {
		text = strings.TrimSpace(string(r[:most])) + "…"
	}
	return "“" + text + "”"
}
