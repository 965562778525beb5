package feed

import (
	"cmp"
	"strconv"
	"strings"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// readPodcast is what the itunes, podcast and psc namespaces say of an entry, nil if they say
// nothing of what it holds.
func readPodcast(e *element) *news.Podcast {
	x := e.ext
	if len(x.filed) == 0 {
		return nil
	}
	p := news.Podcast{
		Season:   positiveNumber(x.firstText(vocabulary.ITunes, "season"), x.firstText(vocabulary.Podcast, "season")),
		Episode:  positiveNumber(x.firstText(vocabulary.ITunes, "episode"), x.firstText(vocabulary.Podcast, "episode")),
		Type:     episodeType(x.firstText(vocabulary.ITunes, "episodeType")),
		Explicit: isAffirmed(x.firstText(vocabulary.ITunes, "explicit")),
		Block: isAffirmed(x.firstText(vocabulary.ITunes, "block")) ||
			isAffirmed(x.firstText(vocabulary.Podcast, "block")),
	}
	said := p.Season > 0 || p.Episode > 0 || p.Type != "" || x.firstText(vocabulary.ITunes, "explicit") != "" || p.Block
	p.Chapters = readChapters(e)
	p.Transcripts = readTranscripts(e)
	p.Persons = readRoles(e)
	if !said && p.Chapters == nil && p.Transcripts == nil && p.Persons == nil {
		return nil
	}
	return &p
}

// readArtwork is an episode's own picture.
func readArtwork(e *element) string {
	for _, x := range e.ext.elements(vocabulary.ITunes, "image") {
		if address := fileAddress(cmp.Or(x.Attrs["href"], x.Value), e.base, e.notes); address != "" {
			return address
		}
	}
	return ""
}

// positiveNumber is the first of some texts that is a number above 0, otherwise 0.
func positiveNumber(texts ...string) int {
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
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "full", "trailer", "bonus":
		return s
	}
	return ""
}

// isAffirmed reads yes and no as podcasts write them.
func isAffirmed(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "explicit", "1":
		return true
	}
	return false
}

// explicitness is what an element says of strong words: "true" or "false", "" where it says neither.
func explicitness(s string) string {
	if isAffirmed(s) {
		return "true"
	}
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "no", "false", "clean", "0", "not explicit":
		return "false"
	}
	return ""
}

// isCalledClean reports whether an entry says that it is not explicit.
func isCalledClean(e *element) bool {
	return explicitness(e.ext.firstText(vocabulary.ITunes, "explicit")) == "false"
}

func readChapters(e *element) []news.Chapter {
	var all []news.Chapter
	found := 0
	e.notes.EnterField("chapters")
	for _, x := range e.ext.elements(vocabulary.Chapters, "chapters") {
		for _, c := range elementsNamed(x.Children, "chapter") {
			if found++; found <= maxParts {
				all = append(all, news.Chapter{
					Start: shortLine(c.Attrs["start"], maxNameText, e.notes),
					Title: shortLine(c.Attrs["title"], maxTitle, e.notes),
					Link:  pageAddress(c.Attrs["href"], e.base, e.notes),
					Image: fileAddress(c.Attrs["image"], e.base, e.notes),
				})
			}
		}
	}
	for _, x := range e.ext.elements(vocabulary.Podcast, "chapters") {
		address := fileAddress(x.Attrs["url"], e.base, e.notes)
		if address == "" {
			continue
		}
		if found++; found <= maxParts {
			all = append(all, news.Chapter{URL: address, Type: mediaType(x.Attrs["type"])})
		}
	}
	noteRest(found, maxParts, e.notes)
	return all
}

func readTranscripts(e *element) []news.Transcript {
	var all []news.Transcript
	found := 0
	e.notes.EnterField("transcripts")
	for _, x := range e.ext.elements(vocabulary.Podcast, "transcript") {
		address := fileAddress(x.Attrs["url"], e.base, e.notes)
		if address == "" {
			continue
		}
		if found++; found <= maxParts {
			all = append(all, news.Transcript{
				URL: address, Type: mediaType(x.Attrs["type"]), Language: text.LanguageTag(x.Attrs["language"]),
				Rel: shortLine(x.Attrs["rel"], maxNameText, e.notes),
			})
		}
	}
	noteRest(found, maxParts, e.notes)
	return all
}

func readRoles(e *element) []news.Role {
	var all []news.Role
	found := 0
	e.notes.EnterField("persons")
	for _, x := range e.ext.elements(vocabulary.Podcast, "person") {
		name := shortLine(htmlclean.DecodeReferences(x.Value), maxNameText, e.notes)
		if name == "" {
			continue
		}
		if found++; found <= maxParts {
			all = append(all, news.Role{
				Name: name, Role: shortLine(x.Attrs["role"], maxNameText, e.notes),
				URL: pageAddress(x.Attrs["href"], e.base, e.notes), Image: fileAddress(x.Attrs["img"], e.base, e.notes),
			})
		}
	}
	noteRest(found, maxParts, e.notes)
	return all
}
