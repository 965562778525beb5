package feed

import (
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// podcast is what the itunes, podcast and psc namespaces say of an entry, nil
// if they say nothing of what it holds.
func (r *reader) podcast(it *xmlrepair.Item, x ext.Extensions) *news.Podcast {
	if len(x) == 0 {
		return nil
	}
	base := r.scoped(it)
	p := news.Podcast{
		Season:   ordinal(r.said(x, vocabulary.ITunes, "season"), r.said(x, vocabulary.Podcast, "season")),
		Episode:  ordinal(r.said(x, vocabulary.ITunes, "episode"), r.said(x, vocabulary.Podcast, "episode")),
		Type:     episodeType(r.said(x, vocabulary.ITunes, "episodeType")),
		Explicit: affirmed(r.said(x, vocabulary.ITunes, "explicit")),
		Block:    affirmed(r.said(x, vocabulary.ITunes, "block")) || affirmed(r.said(x, vocabulary.Podcast, "block")),
	}
	said := p.Season > 0 || p.Episode > 0 || p.Type != "" || r.said(x, vocabulary.ITunes, "explicit") != "" || p.Block
	p.Chapters = r.chapters(x, base)
	p.Transcripts = r.transcripts(x, base)
	p.Persons = r.roles(x, base)
	if !said && p.Chapters == nil && p.Transcripts == nil && p.Persons == nil {
		return nil
	}
	return &p
}

// artwork is an episode's own picture.
func (r *reader) artwork(it *xmlrepair.Item, x ext.Extensions) string {
	for _, e := range r.extension(x, vocabulary.ITunes, "image") {
		if address := r.resolved(first(e.Attrs["href"], e.Value), r.scoped(it)); address != "" {
			return address
		}
	}
	return ""
}

func ordinal(texts ...string) int {
	for _, s := range texts {
		if s == "" {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 && n < 1_000_000 {
			return n
		}
	}
	return 0
}

func episodeType(s string) string {
	switch s = strings.ToLower(s); s {
	case "full", "trailer", "bonus":
		return s
	}
	return ""
}

// affirmed reads yes and no as podcasts write them.
func affirmed(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "explicit", "1":
		return true
	}
	return false
}

func (r *reader) chapters(x ext.Extensions, base string) []news.Chapter {
	var all []news.Chapter
	for _, e := range r.extension(x, vocabulary.Chapters, "chapters") {
		for _, c := range inAnyCase(e.Children, "chapter") {
			if len(all) < maxParts {
				all = append(all, news.Chapter{
					Start: text.Shorten(text.OneLine(c.Attrs["start"]), maxNameText), Title: text.Shorten(text.OneLine(c.Attrs["title"]), maxTitle),
					Link: r.address(c.Attrs["href"], base), Image: r.resolved(c.Attrs["image"], base),
				})
			}
		}
	}
	for _, e := range r.extension(x, vocabulary.Podcast, "chapters") {
		if address := r.resolved(e.Attrs["url"], base); address != "" && len(all) < maxParts {
			all = append(all, news.Chapter{URL: address, Type: mediaType(e.Attrs["type"])})
		}
	}
	return all
}

func (r *reader) transcripts(x ext.Extensions, base string) []news.Transcript {
	var all []news.Transcript
	for _, e := range r.extension(x, vocabulary.Podcast, "transcript") {
		if address := r.resolved(e.Attrs["url"], base); address != "" && len(all) < maxParts {
			all = append(all, news.Transcript{
				URL: address, Type: mediaType(e.Attrs["type"]), Language: languageTag(e.Attrs["language"]), Rel: text.Shorten(text.OneLine(e.Attrs["rel"]), maxNameText),
			})
		}
	}
	return all
}

func (r *reader) roles(x ext.Extensions, base string) []news.Role {
	var all []news.Role
	for _, e := range r.extension(x, vocabulary.Podcast, "person") {
		if name := text.Shorten(text.OneLine(htmlclean.DecodeReferences(e.Value)), maxNameText); name != "" && len(all) < maxParts {
			all = append(all, news.Role{
				Name: name, Role: text.Shorten(text.OneLine(e.Attrs["role"]), maxNameText),
				URL: r.address(e.Attrs["href"], base), Image: r.resolved(e.Attrs["img"], base),
			})
		}
	}
	return all
}
