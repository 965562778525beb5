package fields

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
)

// Where the layouts of CMSs have a story's fields: the classes (".a") and ids ("#a") of the elements,
// the surest first. Drupal 7 writes field-name- for field--name-.
var (
	headlineMarks = marks(`
		.ArtP-headline .ArticlePage-headline .Page-headline .LongFormPage-headline .BlogPostPage-headline
		.entry-title .post-title .wp-block-post-title .article-title .article__title .article-headline
		.field--name-title .node__title .node-title .storytitle .story-title .headline .page-title #page-title`)
	deckMarks = marks(`
		.ArtP-subHeadline .ArtP-subheadline .ArticlePage-subHeadline .ArticlePage-subheadline .Page-subHeadline
		.LongFormPage-subHeadline .field--name-field-deck .field--name-field-dek .field--name-field-subhead
		.field--name-field-subheadline .field--name-field-sub-headline .field--name-field-subtitle
		.field--name-field-summary .field--name-field-teaser .entry-subtitle .post-subtitle .newspack-post-subtitle
		.article-subtitle .article-deck .article-dek .article__deck .article__dek .story-deck .deck .dek
		.sub-headline .subheadline .standfirst`)
	bylineMarks = marks(`
		.ArtP-authorBy .ArtP-authorName .ArticlePage-authorName .ArticlePage-authors .Page-authorName .Page-authors
		.LongFormPage-authorName .ArtP-byline .ArticlePage-byline .ArticlePage-authorBy .Page-byline
		.byline__name .field--name-field-byline .field--name-field-author .field--name-field-authors
		.field--name-field-reporter .entry-author-name .post-author-name .wp-block-post-author__name
		.wp-block-post-author-name .author-name .byline-name .author.vcard .entry-author .post-author .byline
		.article-byline .article__byline .article-author .story-byline .posted-by #storybyline .node__submitted
		.submitted .author`)
	dateMarks = marks(`
		.ArtP-datePublished .ArtP-timestamp .ArticlePage-datePublished .Page-datePublished .LongFormPage-datePublished
		.field--name-field-date .field--name-field-publish-date .field--name-field-published
		.field--name-field-publication-date .field--name-created .entry-date .wp-block-post-date .posted-on .post-date
		.published .date-published .published-date .publish-date .article-date .article__date .story-date .dateblock
		.node__submitted .submitted .entry-meta .timestamp .date`)
	updateMarks = marks(`
		.ArtP-dateModified .ArticlePage-dateModified .Page-dateModified .LongFormPage-dateModified
		.ArtP-updated .field--name-changed .field--name-field-updated .updated .date-modified .modified-date
		.date-updated`)
	tagMarks = marks(`
		.ArtP-tags .ArticlePage-tags .Page-tags .LongFormPage-tags .field--name-field-tags .field--name-field-topics
		.field--name-field-topic .field--name-field-keywords .tags-links .tag-links .entry-tags .post-tags
		.taxonomy-post_tag .article-tags .article__tags .story-tags .tags`)
	leadMarks = marks(`
		.ArtP-lead .ArtP-lede .ArticlePage-lead .ArticlePage-lede .LongFormPage-lead .Page-lead .Page-lede
		.field--name-field-lead-image .field--name-field-main-image .field--name-field-hero-image
		.field--name-field-featured-image .field--name-field-image .field--name-field-media-image
		.field--name-field-hero .field--name-field-media .post-thumbnail .wp-block-post-featured-image
		.entry-thumbnail .entry-featured-image .post-featured-image .featured-image .featured-media .entry-image
		.article-lead-image .lead-image .lead-media .hero-image .article-hero .article-image .main-image
		#primaryimage`)
	playerMarks = marks(`
		.ArtP-audioPlayer .ArtP-audio .ArticlePage-audioPlayer .LongFormPage-audioPlayer .Page-audioPlayer .audioPlayer
		.field--name-field-audio .field--name-field-audio-file .field--name-field-media-audio .podcast_player
		.powerpress_player .audio-player .story-audio .audio-module #primaryaudio`)
	groveMarks = marks(`.ArtP-headline .ArtP-articleBody .ArtP-mainContent .ArtP-byline .ArtP-timestamp .ArtP-lead
		.ArticlePage-articleBody .ArticlePage-headline .RichTextStoryBody .RichTextArticleBody
		.Page-articleBody`)
	bodyMarks = marks(`.ArtP-articleBody .RichTextStoryBody .RichTextArticleBody
		.ArticlePage-articleBody .Page-articleBody .field--name-body .entry-content .post-content #storytext`)
)

// layoutNames is all of them: what a survey marks.
var layoutNames = func() map[string]bool {
	all := map[string]bool{}
	for _, list := range [][]mark{
		headlineMarks, deckMarks, bylineMarks, dateMarks, updateMarks, tagMarks, leadMarks, playerMarks, groveMarks,
		bodyMarks,
	} {
		for _, m := range list {
			all[m.name] = true
		}
	}
	return all
}()

// Classes of what stands below a picture. They are looked for within its figure.
var (
	captionClasses = tree.SetOf(`figure-caption wp-caption-text wp-element-caption field--name-field-caption
		field--name-field-image-caption field--name-field-media-caption field--name-field-photo-caption
		field--name-field-description field-name-field-caption field-name-field-image-caption caption image-caption
		media-caption photo-caption img-caption carouselslide-infodescription image__caption media__caption
		figure__caption caption-text`)
	creditClasses = tree.SetOf(`figure-credit figure-source field--name-field-credit field--name-field-image-credit
		field--name-field-photo-credit field--name-field-media-credit field--name-field-photographer
		field--name-field-attribution field--name-field-source field-name-field-credit field-name-field-photo-credit
		field-name-field-image-credit credit image-credit photo-credit media-credit wp-media-credit wp-image-credit
		image-credit-wrapper photographer attribution image-attribution carouselslide-infoattribution image__credit
		media__credit figure__credit caption-credit caption__credit credits newspack-image-credit photo-byline
		image-source`)
)

// mark is a class or an id of a layout's elements, and a second class that they must have, if any.
type mark struct{ name, and string }

// marks reads a list of them. Grove's pages of broadcasts call their elements RSEP- what those of its
// articles call ArtP-.
func marks(names string) []mark {
	var all []mark
	for name := range strings.FieldsSeq(names) {
		first, second, _ := strings.Cut(name[1:], ".")
		all = append(all, mark{name[:1] + first, second})
		if element, found := strings.CutPrefix(first, "ArtP-"); found {
			all = append(all, mark{name[:1] + "RSEP-" + element, second})
		}
	}
	return all
}

// layout returns the story's elements of the first of some marks that has any.
func (s *survey) layout(list []mark) []*html.Node {
	for _, m := range list {
		if found := s.ownMarked(m); len(found) > 0 {
			return found
		}
	}
	return nil
}

// ownMarked returns the story's elements of a mark.
func (s *survey) ownMarked(m mark) []*html.Node {
	return s.own(s.markedBy(m))
}

// markedBy returns the elements of a mark.
func (s *survey) markedBy(m mark) []*html.Node {
	if m.and == "" {
		return s.marked[m.name]
	}
	return slices.DeleteFunc(slices.Clone(s.marked[m.name]), func(n *html.Node) bool {
		return !slices.Contains(strings.Fields(tree.Attribute(n, "class")), m.and)
	})
}

// isGrove reports a page of Grove or of another CMS on Brightspot.
func (s *survey) isGrove() bool {
	return len(s.metas["brightspot-datalayer"]) > 0 ||
		slices.ContainsFunc(groveMarks, func(m mark) bool { return len(s.marked[m.name]) > 0 })
}
