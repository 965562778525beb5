package page

import "github.com/andybalholm/cascadia"

// layout is where the pages of a CMS have their text, in CSS.
type layout struct {
	css   string
	whole bool   // what it selects is the text, however short it is
	cut   string // what the layout has inside the text that is none of it
	inset string // what stands inside the text, and has only pictures, tables and quotes of it
}

// layouts lists them, the surest first.
var layouts = []layout{
	// Grove, NPR's own, and Brightspot, from which it is made. An inset holds a picture, a player, an
	// appeal, teasers, a form.
	{".ArtP-articleBody, .RSEP-articleBody", true, "", ".Enh, .Enhancement"},
	{".RichTextStoryBody, .RichTextArticleBody", true, "", ".Enh, .Enhancement"},
	{".ArticlePage-articleBody, .Page-articleBody", true, "", ".Enh, .Enhancement"},
	// Drupal 8 and later, and 7.
	{".field--name-body, .field-name-body", false, "", ""},
	// WordPress.
	{".entry-content, .post-content", false, ".sharedaddy, .jp-relatedposts, .yarpp-related, .wp-caption-text, " +
		".powerpress_player, .powerpress_links", ""},
	// npr.org, and stations that took its templates over.
	{"#storytext", false, ".internallink, .resaudio, .enlarge_measure, .enlarge_html, .credit-caption, .credit, " +
		".transcript, .hidebtn, .slug", ""},
	// Microdata.
	{"[itemprop~=articleBody]", false, "", ""},
}

// layoutSelectors are the selectors of a layout, parsed.
type layoutSelectors struct{ css, cut, inset cascadia.SelectorGroup }

var parsedLayouts = func() []layoutSelectors {
	parse := func(css string) cascadia.SelectorGroup {
		if css == "" {
			return nil
		}
		group, err := cascadia.ParseGroup(css)
		if err != nil {
			panic(err)
		}
		return group
	}
	all := make([]layoutSelectors, len(layouts))
	for i, l := range layouts {
		all[i] = layoutSelectors{parse(l.css), parse(l.cut), parse(l.inset)}
	}
	return all
}()
