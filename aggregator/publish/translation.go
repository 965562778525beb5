package publish

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// original is what a story is translated from, as credit names it. What is not published has no
// address.
type original struct {
	version
	Title   string
	URL     string
	Makers  []participant // its newsrooms
	Authors []string
}

// version is a published story that tells another in another language.
type version struct {
	ID       string // the public one
	Page     string // its path on the desk
	Link     string // the page that documents link to for it
	Title    string
	Language string
}

// originalOf is what a story says that it translates; nil where nobody of it can be named.
func originalOf(e *Edition, story *news.Story) *original {
	t := story.TranslationOf
	switch {
	case t == nil:
		return nil
	case t.Story == nil && t.Maker == nil:
		return nil
	case t.Story == nil:
		m := participant{ID: t.Maker.Station, Name: t.Maker.Name, URL: t.URL}
		if m.ID != "" {
			m.Name = e.stationName(m.ID)
		}
		return &original{URL: t.URL, Makers: []participant{m}}
	}
	lead := leadItem(t.Story)
	o := &original{Authors: bylineOf(e, lead), Title: titleOf(lead, "")}
	o.Makers, _ = makersOf(e, t.Story)
	if isPublished(t.Story) {
		o.version = versionOf(e, t.Story)
		o.Title, o.URL = o.version.Title, o.Link
		return o
	}
	for n := range o.Makers {
		o.Makers[n].URL = ""
	}
	if len(o.Makers) == 0 { // a headline is published with its story alone
		return nil
	}
	return o
}

// versionsOf returns the published stories that a story leads to in other languages: its original,
// then the others by language.
func versionsOf(e *Edition, story *news.Story) (list []version) {
	for _, t := range story.Versions {
		if t.Story != nil && isPublished(t.Story) {
			list = append(list, versionOf(e, t.Story))
		}
	}
	slices.SortFunc(list, func(a, b version) int {
		return cmp.Or(strings.Compare(a.Language, b.Language), strings.Compare(a.ID, b.ID))
	})
	if t := story.TranslationOf; t != nil && t.Story != nil && isPublished(t.Story) {
		list = slices.Insert(list, 0, versionOf(e, t.Story))
	}
	return slices.CompactFunc(list, func(a, b version) bool { return a.ID == b.ID })
}

func versionOf(e *Edition, story *news.Story) version {
	i := leadItem(story)
	return version{ID: story.PublicID, Page: "/stories/" + story.ID, Link: StoryLink(e, story),
		Title: titleOf(i, markup.Text(itemText(e, i))), Language: itemLanguage(e, i)}
}

func isPublished(story *news.Story) bool {
	return story.Status == news.Live && story.ID != "" && story.PublicID != ""
}

// inOtherLanguages returns the first version in each language that is not the article's own: what
// programs read as alternates.
func (a article) inOtherLanguages() (list []version) {
	for _, v := range a.Versions {
		same := func(o version) bool { return strings.EqualFold(o.Language, v.Language) }
		if !strings.EqualFold(v.Language, a.Language) && !slices.ContainsFunc(list, same) {
			list = append(list, v)
		}
	}
	return list
}

// lastChangeOfVersions is when a story that an article leads to in another language last changed, or
// was published.
func lastChangeOfVersions(story *news.Story) (last time.Time) {
	list := slices.Clone(story.Versions)
	if story.TranslationOf != nil {
		list = append(list, *story.TranslationOf)
	}
	for _, t := range list {
		if t.Story != nil {
			last = latestTime(last, t.Story.Changed, t.Story.IDAssignedAt)
		}
	}
	return last
}
