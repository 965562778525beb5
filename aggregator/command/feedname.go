package command

import (
	"cmp"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// operatorName is what commands call a feed, given the names of all: its address as configured,
// unless that may hold a secret or another is configured to be shown, and otherwise its name. Either
// is taken where a feed is to be named.
func operatorName(f news.Feed, names map[string]string) string {
	if f.Public != "" || link.HoldsSecret(f.URL) {
		return cmp.Or(names[f.URL], link.FeedName(f))
	}
	return f.URL
}

// feedForOperators is [operatorName] for a feed of the desk, or one that has left it.
func (a *app) feedForOperators(feed string) string {
	f, configured := a.configuredFeed(func(f news.Feed) bool { return f.URL == feed })
	if !configured {
		f.URL = feed
	}
	return operatorName(f, a.names)
}

// feedCalled is the address of the feed that somebody names by that, by the address that it is shown
// under, or by its name; the same text if there is none.
func (a *app) feedCalled(what string) string {
	for _, isMeant := range []func(news.Feed) bool{
		func(f news.Feed) bool { return f.URL == what },
		func(f news.Feed) bool { return a.names[f.URL] == what },
		func(f news.Feed) bool { return what != "" && link.PublicAddress(f, "", "") == what },
	} {
		if f, ok := a.configuredFeed(isMeant); ok {
			return f.URL
		}
	}
	return what
}

// configuredFeed is the first configured feed that is meant.
func (a *app) configuredFeed(isMeant func(news.Feed) bool) (news.Feed, bool) {
	for _, f := range a.feedList() {
		if isMeant(f) {
			return f, true
		}
	}
	return news.Feed{}, false
}
