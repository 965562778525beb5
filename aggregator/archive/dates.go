package archive

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// MaxDates is how many documents' dates are kept.
const MaxDates = 4096

// DocumentDate is a document's bytes and since when they have been what they are.
type DocumentDate struct {
	Digest string    `json:"digest"`
	Since  time.Time `json:"since"`
}

// DateDocument gives a document's date, to the second, so that Last-Modified moves when its bytes
// do and only then (RFC 9110 8.8.2): of the same bytes it stays; of others it is when what they
// show last changed, but later than the date before.
func DateDocument(before DocumentDate, now news.Print) DocumentDate {
	if before.Digest == now.Digest {
		return before
	}
	at := now.Changed.UTC().Truncate(time.Second)
	if !at.After(before.Since) {
		at = before.Since.Add(time.Second)
	}
	return DocumentDate{Digest: now.Digest, Since: at}
}

// DatesToDrop names the documents whose dates go where more than [MaxDates] are kept: of those with
// filters, the half that has stood longest. Such a document gets a new date if it is asked for
// again.
func DatesToDrop(dates map[string]DocumentDate) (names []string) {
	for name := range dates {
		if strings.Contains(name, "?") {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(dates[a].Since.Compare(dates[b].Since), cmp.Compare(a, b))
	})
	return names[:len(names)/2]
}
