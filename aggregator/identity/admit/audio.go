package admit

import (
	"slices"

	"fronteras/aggregator/news"
)

// withKnownLengths is an entry's audio with the lengths that were known of it where the document does
// not say: they were asked for once.
func withKnownLengths(list, known []news.Enclosure) []news.Enclosure {
	list = slices.Clone(list)
	for n := range list {
		same := func(k news.Enclosure) bool { return k.URL == list[n].URL }
		if at := slices.IndexFunc(known, same); at >= 0 && list[n].Length == 0 {
			list[n].Length = known[at].Length
		}
	}
	return list
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
