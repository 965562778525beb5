package search

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// Document is a story as it is searched.
type Document struct {
	Story     uint64 // its number
	Published time.Time
	Status    news.Status // "": live
	Language  string      // of its words
	Headline  string      // plain text, as are all that follow
	Parts     []string    // deck, text, byline, names of stations: where else words are looked for
	Stations  []string    // ids of those that made or carry it
	Topics    []string    // as filters name them
}

// maxTerm is how many bytes of a term count.
const maxTerm = 200

// indexed is a document as it is written: its terms in ascending order, with their places.
type indexed struct {
	doc
	terms  []string
	places [][]int
}

// doc is what is kept in memory of a document: four billion stories, and the year 2106, are far.
type doc struct {
	story     uint32
	published uint32 // Unix seconds
}

// order is where the document stands among others: the highest is the newest. Of one moment the story with the higher
// number comes first, so that the order is the same however the index came about.
func (d doc) order() uint64 { return uint64(d.published)<<32 | uint64(d.story) }

func unixSeconds(t time.Time) uint32 {
	return uint32(min(max(t.Unix(), 0), math.MaxUint32))
}

// index lists the terms of a document.
func (s *stemmer) index(d Document) indexed {
	found := map[string][]int{}
	kind := kindOf(d.Language)
	at := 0
	add := func(part string, limit int) {
		wordsOf(part, func(w word) bool {
			if at >= limit {
				return false
			}
			t := s.term(kind, w.folded)
			found[t] = append(found[t], at)
			at++
			return true
		})
	}
	add(d.Headline, headlineEnd-gap)
	at = headlineEnd
	for _, part := range d.Parts {
		add(part, maxPositions)
		at += gap
	}
	filter := func(kind byte, value string) {
		t := string(kind) + value
		t = t[:min(len(t), maxTerm)]
		found[t] = []int{0}
	}
	filter(everyStory, "")
	if d.Status != news.Live && d.Status != "" {
		filter(ofStatus, string(d.Status))
	}
	for _, id := range d.Stations[:min(len(d.Stations), mostStations)] {
		filter(ofStation, id)
	}
	for _, topic := range d.Topics[:min(len(d.Topics), mostTopics)] {
		filter(ofTopic, topic)
	}
	for tag := strings.ToLower(d.Language); tag != ""; {
		filter(ofLanguage, tag)
		tag = tag[:max(strings.LastIndexByte(tag, '-'), 0)]
	}
	x := indexed{doc: doc{story: uint32(d.Story), published: unixSeconds(d.Published)}}
	x.terms = slices.Sorted(maps.Keys(found))
	for _, t := range x.terms {
		x.places = append(x.places, found[t])
	}
	return x
}
