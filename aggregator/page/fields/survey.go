package fields

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// What one walk keeps of a page's elements. What is more is left alone.
const (
	maxKept      = 64       // elements of one kind
	maxPictures  = 512      // img elements
	maxTextNodes = 4_000    // nodes that the text of one element is read from
	maxElement   = 16 << 10 // bytes of such a text
	maxTitle     = 4 << 10  // of a headline, a byline
	maxWritten   = 64 << 10 // of any line of text, with the markup in it
	maxName      = 256      // of a name or topic
)

// survey is what one walk over the tree of a page found. It holds the elements that fields are read
// from, in the order of the page.
type survey struct {
	language string
	title    string
	metas    map[string][]string     // contents, by property, name or itemprop, in lower case
	links    map[string][]*html.Node // link and a elements, by each rel
	blocks   []string                // of JSON-LD
	headings []*html.Node            // h1
	lesser   []*html.Node            // h2
	pictures []*html.Node            // img
	players  []*html.Node            // what holds the address of sound
	marked   map[string][]*html.Node // elements by those of their classes and ids that a layout names, ".a", "#a"
	props    map[string][]*html.Node // elements by itemprop

	order   map[*html.Node]int  // of headings and pictures, as they stand in the page
	around  map[*html.Node]bool // the elements around the headline, and it
	story   *html.Node          // the nearest article element around the headline
	foreign map[*html.Node]bool
}

// surveyPage walks over a page once.
func surveyPage(root *html.Node) *survey {
	s := &survey{
		metas: map[string][]string{}, links: map[string][]*html.Node{},
		marked: map[string][]*html.Node{}, props: map[string][]*html.Node{},
		around: map[*html.Node]bool{}, foreign: map[*html.Node]bool{}, order: map[*html.Node]int{},
	}
	for n := root; n != nil; n = tree.Following(n, root, false) {
		if n.Type == html.ElementNode {
			s.note(n)
		}
	}
	return s
}

func (s *survey) note(n *html.Node) {
	switch n.Data {
	case "html":
		if s.language == "" {
			s.language = tree.Attribute(n, "lang")
			if s.language == "" {
				s.language = tree.Attribute(n, "xml:lang")
			}
		}
	case "title":
		if s.title == "" && n.Namespace == "" {
			s.title = shownText(n)
		}
	case "meta":
		s.noteMeta(n)
	case "link", "a":
		for _, rel := range strings.Fields(strings.ToLower(tree.Attribute(n, "rel"))) {
			s.links[rel] = appendKept(s.links[rel], n, maxKept)
		}
	case "script":
		s.noteScript(n)
	case "h1":
		s.headings = appendKept(s.headings, n, maxKept)
		s.order[n] = len(s.order) + 1
	case "h2":
		s.lesser = appendKept(s.lesser, n, maxKept)
		s.order[n] = len(s.order) + 1
	case "img", "amp-img":
		s.pictures = appendKept(s.pictures, n, maxPictures)
		s.order[n] = len(s.order) + 1
	}
	if isPlayer(n) {
		s.players = appendKept(s.players, n, maxPictures)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			for class := range strings.FieldsSeq(a.Val) {
				if field, found := strings.CutPrefix(class, "field-name-"); found { // Drupal 7
					class = "field--name-" + field
				}
				s.mark("."+class, n)
			}
		case "id":
			s.mark("#"+strings.TrimSpace(a.Val), n)
		case "itemprop":
			for _, name := range strings.Fields(a.Val) {
				s.props[name] = appendKept(s.props[name], n, maxKept)
			}
		}
	}
}

func (s *survey) mark(name string, n *html.Node) {
	if layoutNames[name] {
		s.marked[name] = appendKept(s.marked[name], n, maxKept)
	}
}

// noteMeta keeps what a meta element says. NPR writes value in place of content, and name in place
// of property.
func (s *survey) noteMeta(n *html.Node) {
	content := tree.Attribute(n, "content")
	if content == "" {
		content = tree.Attribute(n, "value")
	}
	if content = strings.TrimSpace(content); content == "" {
		return
	}
	seen := ""
	for _, key := range [...]string{"property", "name", "itemprop", "http-equiv"} {
		name := strings.ToLower(strings.TrimSpace(tree.Attribute(n, key)))
		if name == "" || name == seen || len(s.metas[name]) >= maxKept {
			continue
		}
		s.metas[name] = append(s.metas[name], content)
		seen = name
	}
}

// noteScript keeps a block of JSON-LD.
func (s *survey) noteScript(n *html.Node) {
	kind, _, _ := strings.Cut(strings.ToLower(tree.Attribute(n, "type")), ";")
	if strings.TrimSpace(kind) != "application/ld+json" || len(s.blocks) == maxJSONBlocks || n.FirstChild == nil {
		return
	}
	block := n.FirstChild.Data
	if len(block) <= maxJSONBlock {
		s.blocks = append(s.blocks, block)
	}
}

func appendKept(list []*html.Node, n *html.Node, most int) []*html.Node {
	if len(list) >= most {
		return list
	}
	return append(list, n)
}

// meta is the first content of the first of some names that has any.
func (s *survey) meta(names ...string) string {
	for _, name := range names {
		if all := s.metas[name]; len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

// shownText is the text that an element shows, on one line: without what is hidden or for programs.
// Blocks in it are parted by blanks.
func shownText(n *html.Node) string { return textWithout(n, maxTitle, nil) }

// textWithout is the text of an element without that of some in it; what is longer than a limit is
// cut off a little behind it.
func textWithout(n *html.Node, limit int, leaves func(*html.Node) bool) string {
	var b strings.Builder
	left := maxTextNodes
	for at := n; at != nil && left > 0 && b.Len() <= limit; left-- {
		switch {
		case at.Type == html.TextNode:
			b.WriteString(text.Shorten(at.Data, limit+maxName))
		case at.Type != html.ElementNode:
		case at != n && (isUnseen(at) || leaves != nil && leaves(at)):
			b.WriteByte(' ')
			at = tree.Following(at, n, true)
			continue
		case !isInline(at):
			b.WriteByte(' ')
		}
		next := tree.Following(at, n, false)
		if next != nil && at.FirstChild == nil && next.Parent != at.Parent && !isInline(at.Parent) {
			b.WriteByte(' ')
		}
		at = next
	}
	return strings.ReplaceAll(text.OneLine(b.String()), " ,", ",")
}

// isInline reports an element whose text runs on in the line around it.
func isInline(n *html.Node) bool {
	return n.Type == html.ElementNode && inlineNames[n.Data]
}

var inlineNames = tree.SetOf("a abbr b bdi bdo cite code em font i kbd mark q s small span strong sub sup time u var " +
	"wbr ins del data")

// isUnseen reports an element that shows no text of its own.
func isUnseen(n *html.Node) bool {
	return unseenNames[n.Data] || isHidden(n)
}

var unseenNames = tree.SetOf("script style template noscript svg button iframe object select textarea audio video " +
	"head math")

// isHidden reports an element that a browser does not show.
func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return !strings.EqualFold(a.Val, "until-found")
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		case "class":
			for _, class := range strings.Fields(a.Val) {
				if hiddenClasses[class] {
					return true
				}
			}
		}
	}
	return false
}

// hiddenClasses are those by which the usual style sheets hide an element, or show it to
// screen readers alone; NPR's hide-caption is a button.
var hiddenClasses = map[string]bool{
	"visually-hidden": true, "visuallyhidden": true, "screen-reader-text": true, "sr-only": true, "hide-caption": true,
	"toggle-caption": true, "hidden": true, "element-invisible": true,
}

// isForeign reports whether an element is in a part of the page that is not of its story: the head
// and foot of the site, lists of other stories, appeals, comments. What is around the headline is
// not.
func (s *survey) isForeign(n *html.Node) bool {
	if n == nil || s.around[n] {
		return false
	}
	if known, ok := s.foreign[n]; ok {
		return known
	}
	is := s.isForeign(n.Parent) || s.isOutside(n)
	s.foreign[n] = is
	return is
}

// isOutside reports an element whose content is not of the story.
func (s *survey) isOutside(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "nav", "ps-promo", "ps-header", "dialog", "template", "noscript":
		return true
	case "aside":
		return !hasClassWord(n, correctionWords)
	case "footer", "header":
		return !s.isWithinStory(n)
	case "article":
		return s.story != nil && !tree.IsWithin(n, s.story)
	}
	if outsideRoles[strings.ToLower(tree.Attribute(n, "role"))] {
		return true
	}
	return !tree.IsElement(n, "html", "body", "main") && (hasClassWord(n, foreignWords) || hasClass(n, foreignClasses))
}

var outsideRoles = map[string]bool{
	"navigation": true, "complementary": true, "search": true, "dialog": true, "banner": true, "contentinfo": true,
}

// isWithinStory reports whether an element is in an article or main element, or has a headline.
func (s *survey) isWithinStory(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if tree.IsElement(p, "article", "main") {
			return true
		}
	}
	return false
}

// setHeadline notes which element shows the headline: what is around it is the story's.
func (s *survey) setHeadline(n *html.Node) {
	s.foreign = map[*html.Node]bool{}
	s.around, s.story = map[*html.Node]bool{}, nil
	for ; n != nil; n = n.Parent {
		s.around[n] = true
		if s.story == nil && tree.IsElement(n, "article") {
			s.story = n
		}
	}
}

// own returns those elements that are not foreign.
func (s *survey) own(list []*html.Node) []*html.Node {
	var all []*html.Node
	for _, n := range list {
		if !s.isForeign(n) {
			all = append(all, n)
		}
	}
	return all
}

// hasClassWord reports whether a word of an element's classes, id or data-module is in a set.
func hasClassWord(n *html.Node, set map[string]bool) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "data-module":
			for word := range classWords(text.Shorten(a.Val, maxTitle)) {
				if set[word] {
					return true
				}
			}
		}
	}
	return false
}

// hasClass reports whether one of an element's classes, or its id, is in a set of those in lower
// case.
func hasClass(n *html.Node, set map[string]bool) bool {
	for _, a := range n.Attr {
		if a.Key == "class" || a.Key == "id" {
			for class := range strings.FieldsSeq(a.Val) {
				if set[strings.ToLower(class)] {
					return true
				}
			}
		}
	}
	return false
}

// classWords yields the words of classes, in lower case: "promo", "b" and "title" of "PromoB-title".
func classWords(classes string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, class := range strings.Fields(classes) {
			from, before := 0, rune(0)
			for at, r := range class {
				if isMark := !unicode.IsLetter(r) && !unicode.IsDigit(r); isMark ||
					unicode.IsUpper(r) && unicode.IsLower(before) {
					if at > from && !yield(strings.ToLower(class[from:at])) {
						return
					}
					from = at
					if isMark {
						from += len(string(r))
					}
				}
				before = r
			}
			if from < len(class) && !yield(strings.ToLower(class[from:])) {
				return
			}
		}
	}
}

// foreignWords are those of classes of parts that are not the story's; foreignClasses are such classes
// as a whole, whose words mean other things too.
var (
	foreignWords = tree.SetOf(`related promo promos recirc recirculation newsletter newsletters signup donate donation
		membership sponsor sponsored sponsorship trending recommended recommendations comments disqus teaser teasers
		tease breadcrumb breadcrumbs masthead internallink upnext`)
	foreignClasses = tree.SetOf(`sidebar widget widget-area read-more more-from most-read most-popular popular menu
		comment-list site-header site-footer page-header page-footer globalheader persistent-player persistent-audio
		persistentplayer live-player liveplayer live-stream livestream sharedaddy jp-relatedposts author-bio author-box
		authorbio about-author`)
	correctionWords = tree.SetOf("correction corrections clarification correccion aclaracion")
)
