package link

import (
	"slices"
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// PublicAddress returns the address under which documents show a feed: the one configured to be
// shown; otherwise its own, if that seems to hold no secret; otherwise what its document calls
// itself (self), if that is on the same host and holds none; otherwise its own without its secrets,
// or its station's page if the secret is in the path. It is "" where there is none of these; a file
// has only what is configured to be shown and what its document calls itself.
func PublicAddress(f news.Feed, self, page string) string {
	_, _, _, onWeb := splitWebAddress(f.URL)
	switch selfIsClean := self != "" && Resolve("", self) != "" && !HoldsSecret(self) && !SharesSecret(f, self); {
	case f.Public != "":
		return f.Public
	case onWeb && !HoldsSecret(f.URL):
		return f.URL
	case selfIsClean && (!onWeb || Host(self) == Host(f.URL)):
		return self
	case !onWeb:
		return ""
	}
	if address := WithoutSecrets(f.URL); address != "" {
		return address
	}
	return page
}

// FeedNames returns, by address, the name under which the public status page, logs, metrics and
// commands show each configured feed: the address configured to be shown, otherwise its own, redacted
// (see [Redact]). Of feeds that would have the same name the second has " #2" at its end.
func FeedNames(stations []news.Station) map[string]string {
	names, count := map[string]string{}, map[string]int{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			name := FeedName(f)
			if count[name]++; count[name] > 1 {
				name += " #" + strconv.Itoa(count[name])
			}
			names[f.URL] = name
		}
	}
	return names
}

// FeedName is a feed's name as in [FeedNames], without a number.
func FeedName(f news.Feed) string {
	if f.Public != "" {
		return Redact(f.Public)
	}
	return Redact(f.URL)
}

// minShared is how many bytes a parameter's value must have to be recognized where it stands alone.
const minShared = 5

// SharesSecret reports whether a text contains what a feed's address is kept secret for: a parameter
// or a segment of its path that seems to be a secret or, where another address is configured to be
// shown, that the other one lacks.
func SharesSecret(f news.Feed, text string) bool {
	user, path, query, ok := splitWebAddress(f.URL)
	if !ok || f.Public == "" && !HoldsSecret(f.URL) {
		return false
	}
	has := func(secret string, long int) bool {
		return len(secret) >= long && strings.Contains(text, secret) &&
			(f.Public == "" || !strings.Contains(f.Public, secret))
	}
	isHidden := func(isSecret bool) bool { return isSecret || f.Public != "" }
	return has(user, 1) ||
		slices.ContainsFunc(parametersOf(query), func(parameter string) bool {
			_, value, _ := strings.Cut(parameter, "=")
			return isHidden(isSecretParameter(parameter)) &&
				(has(parameter, 1) || has(value, minShared) || has(decodeEscapes(value), minShared))
		}) ||
		slices.ContainsFunc(strings.Split(path, "/"), func(segment string) bool {
			return isSecretSegment(segment) && has(segment, 1) || isHidden(false) && has(segment, 2*minShared)
		})
}
