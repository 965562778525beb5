package publish

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	files "fronteras/aggregator/feed/picture"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// withPictures is a text that shows its first picture, and with each picture that is in it what is
// said of that: readers that take the text alone have no other way to it. A picture is the same in
// any size.
func withPictures(fragment string, images []news.Image) string {
	if len(images) == 0 {
		return withAlts(fragment)
	}
	if !strings.Contains(fragment, "<img") {
		return figureOf(images[0]) + fragment
	}
	w := captionWriter{places: placesIn(fragment), captions: map[int]string{}}
	for _, p := range w.pictures {
		w.files = append(w.files, fileOf(p.address))
	}
	shown := make([]bool, len(w.pictures))
	var first string
	for n, i := range images {
		at := w.pictureOf(i, shown)
		switch {
		case at >= 0:
			shown[at] = true
			w.describe(w.pictures[at], i)
		case n == 0:
			first = figureOf(i)
		}
	}
	for at, p := range w.pictures {
		if !shown[at] {
			w.addAlt(p, "")
		}
	}
	for figure, caption := range w.captions {
		end := w.elements[figure].end
		w.edits = append(w.edits, edit{end, end, "<figcaption>" + caption + "</figcaption>"})
	}
	changed := edited(fragment, w.edits)
	if w.parted {
		changed = emptyParagraph.ReplaceAllString(changed, "")
	}
	return first + changed
}

// withAlts is a text in which each picture has an alternative text, if an empty one: otherwise
// programs that read aloud spell the name of its file.
func withAlts(fragment string) string {
	if !strings.Contains(fragment, "<img") {
		return fragment
	}
	w := captionWriter{places: placesIn(fragment)}
	for _, p := range w.pictures {
		w.addAlt(p, "")
	}
	return edited(fragment, w.edits)
}

// emptyParagraph is what stays of one whose pictures were taken out.
var emptyParagraph = regexp.MustCompile(`<p>(?:\s|<br/?>)*</p>`)

// figureOf is a picture with alternative text, caption and credit.
func figureOf(i news.Image) string {
	var b strings.Builder
	b.WriteString(`<figure><img src="` + html.EscapeString(i.URL) + `" alt="` + html.EscapeString(i.Alt) + `"`)
	if i.Width > 0 && i.Height > 0 {
		b.WriteString(` width="` + strconv.Itoa(i.Width) + `" height="` + strconv.Itoa(i.Height) + `"`)
	}
	b.WriteString(`/>`)
	if caption := captionOf(i); caption != "" {
		b.WriteString(`<figcaption>` + html.EscapeString(caption) + `</figcaption>`)
	}
	return b.String() + "</figure>\n"
}

// captionOf is what is read below a picture.
func captionOf(i news.Image) string { return withCredit(i.Caption, i.Credit) }

// withCredit is a caption with the photographer at its end, unless it names them.
func withCredit(caption, credit string) string {
	switch {
	case credit == "" || phraseOf(caption).holds(phraseOf(credit)):
		return caption
	case caption == "":
		return credit
	}
	return caption + " (" + credit + ")"
}

// captionWriter writes into a text what is said of its pictures.
type captionWriter struct {
	places
	files    []string       // of the pictures
	said     *phrase        // by the whole text; nil until somebody asks
	captions map[int]string // to be written at the ends of figures, by their numbers
	edits    []edit
	parted   bool // a paragraph was
}

// pictureOf is the number of the first picture in the text that is this one, and not another that
// was shown before; -1 for none.
func (w *captionWriter) pictureOf(i news.Image, shown []bool) int {
	file := fileOf(i.URL)
	for n := range w.pictures {
		if !shown[n] && w.files[n] == file {
			return n
		}
	}
	return -1
}

// fileOf is equal for the addresses of one picture in all its sizes.
func fileOf(address string) string { return cmp.Or(files.FileOf(address), address) }

// describe adds to a picture in the text what the text does not say of it.
func (w *captionWriter) describe(p placedPicture, i news.Image) {
	w.addAlt(p, i.Alt)
	caption, credit := w.missing(p, i)
	figure := w.around(p, "figure")
	switch {
	case caption == "" && credit == "":
	case figure < 0:
		w.wrap(p, withCredit(caption, credit))
	case w.elements[figure].end >= 0:
		w.complete(figure, phraseOf(i.Credit), caption, credit)
	}
}

// addAlt gives a picture an alternative text where it has none.
func (w *captionWriter) addAlt(p placedPicture, alt string) {
	attribute := ` alt="` + html.EscapeString(alt) + `"`
	if !p.hasAlt {
		at := p.from + len("<img")
		w.edits = append(w.edits, edit{at, at, attribute})
	} else if at := strings.Index(w.fragment[p.from:p.to], ` alt=""`); p.alt == "" && alt != "" && at >= 0 {
		at += p.from
		w.edits = append(w.edits, edit{at, at + len(` alt=""`), attribute})
	}
}

// How much of the text behind a picture may be its caption: in bytes, and in lines.
const (
	captionBytes = 2048
	captionLines = 2
)

// Numbers of words: the least of a caption that no text has by chance, and the most that a line has
// besides a caption and a name that it consists of.
const (
	longCaption = 5
	otherWords  = 6
)

// missing returns the caption and the credit of a picture, each only if the text does not say it
// already: a long caption anywhere, otherwise both in a line of their own just behind the picture,
// and the credit behind a word for one.
func (w *captionWriter) missing(p placedPicture, i news.Image) (caption, credit string) {
	caption, credit = i.Caption, i.Credit
	words, name := phraseOf(caption), phraseOf(credit)
	if words.length() >= longCaption && w.says(words) {
		caption = ""
	}
	behind := w.textBehind(p)
	if said := phraseOf(behind); slices.ContainsFunc(creditWords, func(word string) bool {
		return name != "" && said.holds(phraseOf(word+" "+credit))
	}) {
		credit = ""
	}
	lines := strings.FieldsFunc(behind, func(r rune) bool { return r == '\n' })
	for _, line := range lines[:min(len(lines), captionLines)] {
		said := phraseOf(line)
		if said.length() > words.length()+name.length()+otherWords {
			continue
		}
		if said.holds(words) {
			caption = ""
		}
		if said.holds(name) {
			credit = ""
		}
	}
	return caption, credit
}

// says reports whether the text says some words.
func (w *captionWriter) says(words phrase) bool {
	if w.said == nil {
		all := phraseOf(markup.Text(w.fragment))
		w.said = &all
	}
	return w.said.holds(words)
}

// textBehind is what stands between a picture and the next, as far as that may be its caption.
func (w *captionWriter) textBehind(p placedPicture) string {
	end := min(len(w.fragment), p.to+captionBytes)
	next, _ := slices.BinarySearchFunc(w.pictures, p.to, func(o placedPicture, at int) int { return o.from - at })
	if next < len(w.pictures) {
		end = min(end, w.pictures[next].from)
	}
	return markup.Text(strings.ToValidUTF8(w.fragment[p.to:end], ""))
}

// creditWords stand before a photographer's name.
var creditWords = []string{
	"credit", "credits", "photo", "photo by", "photos by", "photograph by", "picture by", "image by", "courtesy of",
	"foto", "foto de", "fotos de", "fotografía de", "imagen de", "crédito", "créditos", "cortesía de",
}

// complete adds to a figure's caption, or makes one. A caption of the text's own stays the only one;
// where it does no more than to name who took the picture, what the picture shows is put in front.
func (w *captionWriter) complete(figure int, name phrase, caption, credit string) {
	n := w.captionIn(figure)
	if n < 0 {
		said := html.EscapeString(withCredit(caption, credit))
		w.captions[figure] = strings.TrimSpace(w.captions[figure] + " " + said)
		return
	}
	c := w.elements[n]
	written := phraseOf(markup.Text(w.fragment[c.inner:c.end]))
	if written == "" {
		w.edits = append(w.edits, edit{c.inner, c.end, html.EscapeString(withCredit(caption, credit))})
		return
	}
	if caption != "" && isCredit(written, name) {
		w.edits = append(w.edits, edit{c.inner, c.inner, html.EscapeString(caption) + " "})
	}
	if credit != "" && !written.holds(name) {
		w.edits = append(w.edits, edit{c.end, c.end, " (" + html.EscapeString(credit) + ")"})
	}
}

// isCredit reports whether a line only says who took a picture.
func isCredit(line, name phrase) bool {
	if line.length() > name.length()+otherWords {
		return false
	}
	return line.holds(name) || slices.ContainsFunc(creditWords, func(word string) bool {
		return strings.HasPrefix(string(line), string(phraseOf(word)))
	})
}

// Elements that can hold no figure: those within a line, and those that hold lines alone.
var (
	inLines = []string{
		"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strong", "sub", "sup",
		"time", "u",
	}
	ofLines = []string{"p", "h1", "h2", "h3", "h4", "h5", "h6"}
)

// maxAround is how many elements may be ended before a picture and begun again behind it.
const maxAround = 32

// wrap puts a picture into a figure with a caption. A link around the picture alone goes with it. A
// paragraph that shows nothing else becomes the figure; any other ends before it and goes on behind.
func (w *captionWriter) wrap(p placedPicture, caption string) {
	from, to := p.from, p.to // of what goes into the figure
	n := p.parent
	for ; n >= 0 && slices.Contains(inLines, w.elements[n].name); n = w.elements[n].parent {
		e := w.elements[n]
		if e.end < 0 || !isBlank(w.fragment[e.inner:from]) || !isBlank(w.fragment[to:e.end]) {
			break
		}
		from, to = e.from, e.to
	}
	opening, closing := "<figure>", "<figcaption>"+html.EscapeString(caption)+"</figcaption></figure>"
	left, right := edit{from, from, opening}, edit{to, to, closing}
	blankBefore, blankBehind := true, true
	begin, end := from, to
	opened, ended := "", ""
	for holders, most := slices.Concat(inLines, ofLines), maxAround; n >= 0; n = w.elements[n].parent {
		e := w.elements[n]
		if !slices.Contains(holders, e.name) {
			break
		}
		if most--; e.end < 0 || most < 0 {
			return
		}
		blankBefore = blankBefore && isBlank(w.fragment[e.inner:begin])
		blankBehind = blankBehind && isBlank(w.fragment[end:e.end])
		begin, end = e.from, e.to
		opened, ended = w.fragment[e.from:e.inner]+opened, ended+"</"+e.name+">"
	}
	w.parted = w.parted || opened != ""
	if blankBefore {
		left.from = begin
	} else {
		left.text = ended + left.text
	}
	if blankBehind {
		right.to = end
	} else {
		right.text += opened
	}
	w.edits = append(w.edits, left, right)
}

// isBlank reports whether nothing is seen of a piece of a fragment.
func isBlank(piece string) bool {
	return strings.TrimSpace(blanks.Replace(piece)) == ""
}

var blanks = strings.NewReplacer("<br/>", "", "<br>", "", "<br />", "", "&nbsp;", "")

// phrase is the words of a text, each with a blank before and behind it, so that one holds another
// only in whole words; "" for none.
type phrase string

func phraseOf(s string) phrase {
	words := text.Words(s)
	if len(words) == 0 {
		return ""
	}
	return phrase(" " + strings.Join(words, " ") + " ")
}

func (p phrase) length() int { return max(0, strings.Count(string(p), " ")-1) }

// holds reports whether a phrase has another in it, which has words.
func (p phrase) holds(other phrase) bool {
	return other != "" && strings.Contains(string(p), string(other))
}
