package admit

import (
	"path"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// withKnownLengths is an entry's audio with the lengths that were known of it where the document does
// not say: they were asked for once. A file keeps its length under another query, such as a token that
// changes at every visit, if its path names a file, and no other differs by its query alone.
func withKnownLengths(list, known []news.Enclosure) []news.Enclosure {
	list = slices.Clone(list)
	for n := range list {
		if list[n].Length != 0 {
			continue
		}
		at := slices.IndexFunc(known, func(k news.Enclosure) bool { return k.URL == list[n].URL })
		file := withoutQuery(list[n])
		if at < 0 && path.Ext(file) != "" && countFiles(list, file) == 1 && countFiles(known, file) == 1 {
			at = slices.IndexFunc(known, func(k news.Enclosure) bool { return withoutQuery(k) == file })
		}
		if at >= 0 {
			list[n].Length = known[at].Length
		}
	}
	return list
}

func withoutQuery(e news.Enclosure) string {
	file, _, _ := strings.Cut(e.URL, "?")
	return file
}

func countFiles(list []news.Enclosure, file string) (n int) {
	for _, e := range list {
		if withoutQuery(e) == file {
			n++
		}
	}
	return n
}

// MeasureAudio gives an item the lengths that its audio was found to have, where its document did not
// say; nil where there are none such.
func MeasureAudio(i *news.Item, found []news.AudioLength) *news.Item {
	measured := *i
	for _, l := range found {
		if l.Entry == i.AsFed().Digest {
			bytes := []news.Enclosure{{URL: l.URL, Length: l.Bytes}}
			measured.Entry.Enclosures = withKnownLengths(measured.Entry.Enclosures, bytes)
		}
	}
	if slices.Equal(measured.Entry.Enclosures, i.Entry.Enclosures) {
		return nil
	}
	return &measured
}
