package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// What is said while there is nothing to serve yet.
const (
	stationsNamed  = 3                // that are waited for, or failed
	retryUnknown   = 10 * time.Second // if it is not known when there will be something
	maxRetryNotYet = time.Minute
)

// refuseNotYet asks the client to come again, and says what is waited for: nothing has been
// published yet, and an empty feed would make importers delete what they have.
func refuseNotYet(
	w http.ResponseWriter, feedStates func() ([]news.FeedState, error), settles func() (time.Duration, bool),
) {
	sentence := "no feed has been read yet"
	if states, err := feedStates(); err == nil {
		sentence = describeFirstVisits(states, time.Now())
	}
	wait := retryUnknown
	if settles != nil {
		if until, known := settles(); known {
			wait = min(until+time.Second, maxRetryNotYet)
		}
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	refuseRequest(w, http.StatusServiceUnavailable, sentence)
}

// describeFirstVisits says in a sentence what a desk waits for that has published nothing: the feeds
// whose first visit has not ended, those first that have been waited for the longest.
func describeFirstVisits(states []news.FeedState, now time.Time) string {
	var waiting, failed []news.FeedState
	read := false
	for _, v := range states {
		switch {
		case v.Visited.IsZero():
			waiting = append(waiting, v)
		case v.Success.IsZero():
			failed = append(failed, v)
		default:
			read = true
		}
	}
	sentence := "no feed has been read yet"
	if read {
		sentence = "the first stories are not published yet"
	}
	switch {
	case len(waiting) > 0:
		slices.SortStableFunc(waiting, func(a, b news.FeedState) int {
			return cmp.Compare(waited(b, now), waited(a, now))
		})
		sentence += fmt.Sprintf(": waiting for %d of %d feeds: "+
			"%s", len(waiting), len(states), namesOfStations(waiting))
		if longest := waited(waiting[0], now); longest >= time.Second {
			sentence += fmt.Sprintf(", since %d s", int(longest.Seconds()))
		}
	case !read && len(failed) > 0:
		sentence += fmt.Sprintf(": %d of %d feeds failed: %s; see /status.json",
			len(failed), len(states), namesOfStations(failed))
	}
	return sentence
}

// waited is how long a feed's visit has been under way; negative if none is.
func waited(v news.FeedState, now time.Time) time.Duration {
	if v.Leased.IsZero() {
		return -1
	}
	return max(0, now.Sub(v.Asked))
}

// namesOfStations names the stations of the first feeds of a list.
func namesOfStations(list []news.FeedState) string {
	var names []string
	for _, v := range list {
		if slices.Contains(names, v.Station) {
			continue
		}
		if len(names) == stationsNamed {
			names = append(names, "…")
			break
		}
		names = append(names, v.Station)
	}
	return strings.Join(names, ", ")
}
