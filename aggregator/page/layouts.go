package page

import "github.com/andybalholm/cascadia"

// layout is where the pages of a CMS have their text.
type layout struct {
	css   string
	whole bool // what it selects is the text, however short it is
}

// layouts lists them, the surest first.
var layouts = []layout{
	{".ArtP-articleBody, .RSEP-articleBody", true},        // Grove
	{".RichTextStoryBody, .RichTextArticleBody", true},    // Brightspot
	{".ArticlePage-articleBody, .Page-articleBody", true}, // Brightspot
	{".field--name-body, .field-name-body", false},        // Drupal
	{".entry-content, .post-content", false},              // WordPress
	{"#storytext", false},                                 // npr.org
	{"[itemprop~=articleBody]", false},                    // microdata
}

// layoutSelectors are the selectors of layouts.
var layoutSelectors = func() []cascadia.SelectorGroup {
	groups := make([]cascadia.SelectorGroup, len(layouts))
	for i, l := range layouts {
		group, err := cascadia.ParseGroup(l.css)
		if err != nil {
			panic(err)
		}
		groups[i] = group
	}
	return groups
}()
