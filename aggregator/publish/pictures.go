package publish

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"fronteras/aggregator/news"
)

// picture is one that stands next to a headline, cut to the room that its width and height take in proportion.
type picture struct {
	URL, Alt, Credit string
	Width, Height    int
	Lead             bool // it is loaded at once, before anything else that the page shows
}

// Sizes of pictures next to headlines, three by two.
const (
	cardWidth, cardHeight = 240, 160
	leadWidth, leadHeight = 1200, 800
)

// leadPicture is the picture of the story that opens a page, nil if it has none.
func leadPicture(r *Renderer, p page, a article) *picture {
	i := pictureOf(r, a)
	if i == nil || r.Pictures == NoPictures {
		return nil
	}
	return &picture{pictureAt(p, i.URL), i.Alt, i.Credit, leadWidth, leadHeight, true}
}

// cardPicture is the picture of one story of many, nil if it has none.
func cardPicture(r *Renderer, p page, a article) *picture {
	i := pictureOf(r, a)
	if i == nil || r.Pictures != AllPictures {
		return nil
	}
	address := i.URL
	if small := a.Thumbnail; i == &a.Images[0] && (small.Width == 0 || small.Width >= minCardPicture) &&
		!isOrnament(small) {
		address = a.Thumbnail.URL
	}
	return &picture{URL: pictureAt(p, address), Alt: i.Alt, Credit: i.Credit, Width: cardWidth, Height: cardHeight}
}

// pictureOf is the first of an article's pictures that shows what it is about, nil if none does: a logo, a face next to
// a name, or what its station puts at many stories, says nothing of this one.
func pictureOf(r *Renderer, a article) *news.Image {
	for n := range a.Images {
		i := &a.Images[n]
		if !isOrnament(*i) && r.Facts[a.item.Feed].Image != i.URL && !r.repeated[repetition(a.item.Station, *i)] {
			return i
		}
	}
	return nil
}

// Bounds of what is a picture of a story, in pixels and in proportion.
const (
	minPictureSide = 100
	minCardPicture = 200 // wide: cards are shown half as large, on screens of twice as many pixels
	maxPictureFlat = 4   // times as wide as high, or as high as wide
)

// isOrnament reports whether a picture is none of a story: by its size, or by its name, where
// nobody says what it shows.
func isOrnament(i news.Image) bool {
	for _, side := range []int{i.Width, i.Height} {
		if side > 0 && side < minPictureSide {
			return true
		}
	}
	if i.Width > 0 && i.Height > 0 && (i.Width > maxPictureFlat*i.Height || i.Height > maxPictureFlat*i.Width) {
		return true
	}
	u, err := url.Parse(i.URL)
	if err != nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	if host == "gravatar.com" || strings.HasSuffix(host, ".gravatar.com") ||
		strings.EqualFold(path.Ext(u.Path), ".svg") {
		return true
	}
	if i.Caption != "" || i.Credit != "" {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(u.Path), func(r rune) bool {
		return !unicode.IsLetter(r)
	})
	return slices.ContainsFunc(words, func(word string) bool { return ornaments[word] })
}

// ornaments are the words in the names of files and folders that hold no pictures of stories.
var ornaments = map[string]bool{
	"logo": true, "logos": true, "logotype": true, "avatar": true, "avatars": true, "gravatar": true, "favicon": true,
	"icon": true, "icons": true, "emoji": true, "emojis": true, "smilies": true, "twemoji": true, "placeholder": true,
	"spacer": true, "pixel": true,
}

// minRepetitions is how many stories of a station have a picture that is its mark: a quarter of all at least.
const minRepetitions = 3

// repeatedPictures finds the pictures that stations put at many of their stories, with the same words, under their
// [repetition].
func repeatedPictures(articles map[*news.Story]article) map[string]bool {
	stories, count := map[string]int{}, map[string]int{}
	for _, a := range articles {
		stories[a.item.Station]++
		for n, i := range a.Images {
			key := repetition(a.item.Station, i)
			if !slices.ContainsFunc(
				a.Images[:min(n, 8)],
				func(o news.Image) bool { return repetition(a.item.Station, o) == key },
			) {
				count[key]++
			}
		}
	}
	repeated := map[string]bool{}
	for key, n := range count {
		station, _, _ := strings.Cut(key, " ")
		if n >= minRepetitions && 4*n >= stories[station] {
			repeated[key] = true
		}
	}
	return repeated
}

// repetition stands for a picture of a station with what is said about it.
func repetition(station string, i news.Image) string {
	address, _, _ := strings.Cut(i.URL, "?")
	return station + " " + address + " " + i.Alt + " " + i.Caption
}

var (
	imgElement    = regexp.MustCompile(`<img [^>]*>`)
	figureElement = regexp.MustCompile(`(?s)<figure>.*?</figure>`)
)

// pageText is an article's text as the page of the story shows it: its pictures load when they are
// seen, without telling their server what is read, and take their room before they are there; or
// there are none.
func pageText(r *Renderer, p page, a article) string {
	if r.Pictures == NoPictures {
		text := figureElement.ReplaceAllStringFunc(a.Text, func(figure string) string {
			if strings.Contains(figure, "<img ") && !strings.Contains(figure, "<audio") &&
				!strings.Contains(figure, "<video") {
				return ""
			}
			return figure
		})
		return imgElement.ReplaceAllString(text, "")
	}
	own := `src="` + strings.TrimSuffix(r.Desk.URL, "/") + mediaPrefix
	return imgElement.ReplaceAllStringFunc(a.Text, func(img string) string {
		how := `<img loading="lazy" referrerpolicy="no-referrer" `
		if !strings.Contains(img, ` width="`) || !strings.Contains(img, ` height="`) {
			how += `class="unmeasured" `
		}
		img = strings.Replace(img, own, `src="`+p.base+mediaPrefix, 1)
		return how + strings.TrimPrefix(img, "<img ")
	})
}
