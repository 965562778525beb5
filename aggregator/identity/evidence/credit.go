package evidence

import (
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Credit is whom an item's own words name as its maker, and by what wording.
type Credit struct {
	Makers []news.Maker
	Reason string
}

// Others reports whether a credit names somebody, and not that station.
func (c Credit) Others(station string) bool {
	return len(c.Makers) > 0 && !slices.ContainsFunc(c.Makers, func(m news.Maker) bool { return m.Station == station })
}

// creditInOwnWords reads who made a story by the item's own words. The first kind of wording that
// names anybody decides (O3). A paragraph that holds the desk's title says that the item is shared,
// and names no origin. One that recurs in its feed and names the feed's own station is a template,
// and says nothing.
func creditInOwnWords(d *directory.Directory, i *news.Item, p *TextFeatures, houses Affiliations,
	recurring []uint64) Credit {
	sentences := p.sentencesBut(d, i, recurring)
	own := slices.DeleteFunc(slices.Clone(p.own), func(b markup.Block) bool {
		return isTemplate(d, i, b.Text, recurring)
	})
	for _, read := range []func() ([]news.Maker, string){
		func() ([]news.Maker, string) { return creditSentence(d, i, sentences) },
		func() ([]news.Maker, string) { return creditByline(&i.Entry, houses) },
		func() ([]news.Maker, string) { return creditSignOff(d, own) },
		func() ([]news.Maker, string) { return creditDateline(d, own) },
		func() ([]news.Maker, string) { return creditCopyright(d, i, own) },
		func() ([]news.Maker, string) { return creditHints(d, i) },
		func() ([]news.Maker, string) { return creditSections(d, i) },
	} {
		if makers, reason := read(); len(makers) > 0 {
			return Credit{makers, reason}
		}
	}
	return Credit{}
}

// isTemplate reports whether a paragraph that recurs in its feed names the feed's own station.
func isTemplate(d *directory.Directory, i *news.Item, paragraph string, recurring []uint64) bool {
	return isRecurring(paragraph, recurring) && slices.Contains(d.NamedIn(paragraph), d.Maker(i.Station))
}

// sentencesBut returns the sentences of an item's text that say where it was first published, but
// those of templates.
func (p *TextFeatures) sentencesBut(d *directory.Directory, i *news.Item, recurring []uint64) []sentence {
	return slices.DeleteFunc(slices.Clone(p.sentences), func(s sentence) bool {
		return isTemplate(d, i, s.paragraph, recurring)
	})
}

// creditSentence reads "originally published by KJZZ": whom its words behind the verb name,
// otherwise those before it. A sentence that links to a story is a claim, and counts as that or not
// at all. A CMS's line that names its own station says only where that was published too.
func creditSentence(d *directory.Directory, i *news.Item, sentences []sentence) ([]news.Maker, string) {
	for _, s := range sentences {
		if s.desk || slices.ContainsFunc(s.links, func(l markup.Link) bool { return link.StoryLike(d.Key(l.URL)) }) {
			continue
		}
		found := d.NamedIn(s.maker)
		if s.cms && (slices.Contains(found, d.Maker(i.Station)) ||
			slices.ContainsFunc(s.others, func(l markup.Link) bool { return isOwnHost(d, i, l.URL) })) ||
			s.about != "" && ofYear.MatchString(s.text) && !likeHeadline(i, s.about) {
			continue
		}
		if len(found) == 0 && s.about == "" && !s.cms && makerNamed(d, i, s, nil) == "" {
			found = d.NamedIn(s.before)
		}
		if len(found) > 0 {
			return found, "its text says: " + Quote(s.text)
		}
	}
	return nil, ""
}

// creditByline reads "Ana Ruiz (KJZZ)", "Ana Ruiz | KJZZ", "Ana Ruiz, KJZZ", "NPR Staff", or a
// byline that is nothing but a maker's name.
func creditByline(e *news.Entry, houses Affiliations) ([]news.Maker, string) {
	if len(houses.Makers) == 0 {
		return nil, ""
	}
	return houses.Makers, "its byline is " + Quote(withPageByline(e).Byline)
}

// creditSignOff reads "KJZZ's Ana Ruiz reports" in the last paragraph.
func creditSignOff(d *directory.Directory, own []markup.Block) ([]news.Maker, string) {
	if len(own) == 0 {
		return nil, ""
	}
	last := own[len(own)-1].Text
	if !strings.Contains(last, "'s ") && !strings.Contains(last, "’s ") {
		return nil, ""
	}
	if m := signOff.FindStringSubmatch(last); m != nil {
		return d.NamedIn(m[1]), "it is signed off with " + Quote(last)
	}
	return nil, ""
}

var signOff = regexp.MustCompile(`^(?:For |From )?(.{2,60}?)['’]s \p{Lu}.{2,60}? (?:reports|reported|` +
	`has (?:the story|more))\b`)

// creditDateline reads "PHOENIX (AP) —" at the beginning of the text.
func creditDateline(d *directory.Directory, own []markup.Block) ([]news.Maker, string) {
	if len(own) == 0 || !strings.Contains(own[0].Text, "(") {
		return nil, ""
	}
	m := Dateline.FindStringSubmatch(own[0].Text)
	if m == nil {
		return nil, ""
	}
	for _, o := range d.OutsideSources {
		if o.Dateline != "" && o.Dateline == m[1] {
			return []news.Maker{directory.OutsideMaker(o)}, "its dateline is " + Quote(m[0])
		}
	}
	return nil, ""
}

// Dateline is "PHOENIX (AP) —" at the beginning of a text.
var Dateline = regexp.MustCompile(`^\p{Lu}[^()]{1,60}\(([^()]{2,20})\)\s*[-–—]`)

// creditCopyright reads "Copyright 2026 NPR" in the last two paragraphs, or where it was cut out of the
// text of the item's article page, and the organization that the page names.
func creditCopyright(d *directory.Directory, i *news.Item, own []markup.Block) ([]news.Maker, string) {
	for _, b := range own[max(0, len(own)-2):] {
		if found, notice := copyrightOwners(d, b.Text); len(found) > 0 {
			return found, "its text says: " + notice
		}
	}
	if p := i.Page; p != nil && p.Article != nil && p.Verdict != "" && p.Verdict != news.VerdictWrong {
		for _, line := range p.Article.Copyright {
			found, notice := copyrightOwners(d, line)
			if len(found) > 0 && !slices.Contains(found, d.Maker(i.Station)) { // its own is on all of its pages
				return found, "its page says: " + notice
			}
		}
	}
	if i.Page != nil && i.Page.Org == "1" { // NPR's own number among its stations
		return d.NamedIn("NPR"), "its page names NPR as its owner"
	}
	return nil, ""
}

// copyrightOwners returns the makers that a notice of copyright names, and the notice.
func copyrightOwners(d *directory.Directory, paragraph string) ([]news.Maker, string) {
	if !strings.Contains(paragraph, "©") && !strings.Contains(paragraph, "opyright") {
		return nil, ""
	}
	m := copyright.FindStringSubmatch(paragraph)
	if m == nil {
		return nil, ""
	}
	return d.NamedIn(m[1]), Quote(m[0])
}

var copyright = regexp.MustCompile(`(?:Copyright|©)(?: ©)?(?: \(c\))? \d{4}(?:[-–]\d{4})? ([^.]{2,80})`)

// creditHints reads what points at somebody else without being a claim: the feed an item says it
// came from, a guid and a via link on other hosts.
func creditHints(d *directory.Directory, i *news.Item) ([]news.Maker, string) {
	var found []news.Maker
	reason := ""
	hint := func(address, what string) {
		address = link.Clean("", address)
		if m, _ := d.Owner(address); d.Foreign(i.Station, address) && !slices.Contains(found, m) {
			found, reason = append(found, m), what+" is on "+link.Host(address)
		}
	}
	if s := i.Entry.Source; s != nil {
		hint(s.URL, "the feed that it names as its source")
		if m, ok := d.Named(s.Title); ok && len(found) == 0 && m.Station != i.Station {
			found, reason = append(found, m), "it names "+Quote(s.Title)+" as its source"
		}
	}
	if directory.IsAddress(i.Entry.GUID) {
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
func creditSections(d *directory.Directory, i *news.Item) ([]news.Maker, string) {
	key := d.Key(i.Entry.URL)
	for _, o := range d.OutsideSources {
		for _, section := range o.Sections {
			if strings.HasPrefix(key, section) {
				return []news.Maker{directory.OutsideMaker(o)}, "its address is below " + section
			}
		}
	}
	return nil, ""
}
