package publish

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
)

// podcastEpisodes is how many episodes the podcast's page shows.
const podcastEpisodes = 20

// podcastPage says what the podcast is and how to subscribe to it.
type podcastPage struct {
	page
	Heading         string
	HeadingLanguage string
	Feed            feedLink
	Apps            []appLink
	Episodes        []teaser
}

// appLink has an app subscribe to the podcast. Its scheme is the app's own.
type appLink struct {
	Name string
	URL  template.URL
}

// PodcastPage writes the podcast's page, with its newest episodes.
func PodcastPage(r *Renderer, l Locale) (Document, error) {
	e := &r.Edition
	p := podcastPage{page: newPage(r, "/podcast", Selection{}, l)}
	p.Heading, p.HeadingLanguage = p.W.Podcast+": "+p.Title, p.W.Language
	if e.Podcast.Title != "" && e.Podcast.Title != e.Desk.Title {
		p.Heading, p.HeadingLanguage = e.Podcast.Title, e.Desk.Language
	}
	p.Description = fmt.Sprintf(p.W.PodcastDescription, p.Title)
	p.Title = p.Heading + " – " + p.Title
	changed := e.Configured
	at := slices.IndexFunc(r.formats, func(f Format) bool { return f.Readers == PodcastApps })
	if at >= 0 && len(p.Podcasts) > 0 {
		p.Feed, p.Apps = p.Podcasts[0], appLinks(p.Podcasts[0].Address)
		c := newestContents(e, r.formats[at], Selection{})
		changed = c.changed
		for _, a := range r.articlesOf(c.stories, Selection{}) {
			if len(p.Episodes) < podcastEpisodes && isEpisode(e, a) {
				p.Episodes = append(p.Episodes, newDatedCard(r, p.page, a, 3))
			}
		}
	}
	return executePage("podcast.html", p, changed)
}

// appLinks has apps subscribe to a podcast at a public address.
func appLinks(address string) []appLink {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return nil
	}
	return []appLink{
		{"Apple Podcasts", template.URL("podcast://" + rest)},
		{"Overcast", template.URL("overcast://x-callback-url/add?url=" + url.QueryEscape(address))},
		{"Pocket Casts", template.URL("pktc://subscribe/" + rest)},
	}
}
