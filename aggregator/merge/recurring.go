package merge

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Marks returns hashes of what an article shows: each of its paragraphs, its pictures and its audio,
// each once. What three pages of a feed have in common is none of their stories'.
func Marks(a *news.Article) []uint64 {
	var list []uint64
	for _, b := range markup.Blocks(a.Entry.Content) {
		list = append(list, text.Hash(b.Text))
	}
	for _, i := range a.Entry.Images {
		list = append(list, pictureMark(i.URL))
	}
	for _, e := range a.Entry.Enclosures {
		list = append(list, audioMark(e.URL))
	}
	return text.Set(list)
}

// TextMark is the hash of an article's whole text; 0 where it has none. Two items of a feed whose
// pages have equal texts show a wall, or an error.
func TextMark(a *news.Article) uint64 {
	if a.Entry.Content == "" {
		return 0
	}
	return text.Hash("text\n" + markup.Text(a.Entry.Content))
}

func pictureMark(address string) uint64 { return text.Hash("picture\n" + fileName(address)) }
func audioMark(address string) uint64   { return text.Hash("audio\n" + address) }

// Without returns an article without what recurs: paragraphs, pictures and audio whose marks are
// given, ascending. Notes of correction stay.
func Without(a *news.Article, recurring []uint64) *news.Article {
	if len(recurring) == 0 {
		return a
	}
	recurs := func(mark uint64) bool {
		_, found := slices.BinarySearch(recurring, mark)
		return found
	}
	var cut []markup.Block
	kept := *a
	for _, b := range markup.Blocks(a.Entry.Content) {
		if recurs(text.Hash(b.Text)) && !slices.Contains(a.Corrections, b.Text) {
			cut = append(cut, b)
			kept.Words -= len(text.Words(b.Text))
		}
	}
	kept.Entry.Content = markup.Without(a.Entry.Content, cut)
	kept.Entry.Images = slices.DeleteFunc(slices.Clone(a.Entry.Images), func(i news.Image) bool {
		return recurs(pictureMark(i.URL))
	})
	kept.Entry.Enclosures = slices.DeleteFunc(slices.Clone(a.Entry.Enclosures), func(e news.Enclosure) bool {
		return recurs(audioMark(e.URL))
	})
	return &kept
}

// fileName is the name of the picture's file at an address, as it is compared: without the size that
// a CMS writes into it. A service that scales pictures has the file's own address in its query.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if own, err := url.Parse(u.Query().Get("url")); err == nil && own.Path != "" {
		u = own
	}
	name := strings.ToLower(path.Base(u.Path))
	name = strings.TrimSuffix(name, path.Ext(name))
	if short := scaled.ReplaceAllString(name, ""); short != "" {
		name = short
	}
	if len(name) < minFileName { // "1.jpg" names many
		return u.Host + u.Path
	}
	return name
}

// minFileName is how long the name of a file must be to tell it from others.
const minFileName = 5

var scaled = regexp.MustCompile(`(?:-scaled|-\d{2,4}x\d{2,4}|_\d{2,4}x\d{2,4}|@2x)+$`)
