package aggregator

import (
	"net/http"
	"strconv"
	"strings"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Advice says in one sentence what is to be done about a feed that cannot be read, and by whom: the
// station, its server's webmaster, or the desk's operator. Kind is that of the failure; see
// [FailureKind].
func Advice(kind string) string {
	if advice := adviceByKind[fetch.Kind(kind)]; advice != "" {
		return advice
	}
	if digits, ok := strings.CutPrefix(kind, string(fetch.KindStatus)+" "); ok {
		status, _ := strconv.Atoi(digits)
		return statusAdvice(status)
	}
	return ""
}

// adviceByKind has a sentence for each kind of failure, but for answers with a status.
var adviceByKind = map[fetch.Kind]string{
	fetch.KindName:     "check the spelling of the host, and ask the station for its feed's new address if it is right",
	fetch.KindResolver: "check whether this machine can resolve names at all",
	fetch.KindNetwork:  "check whether this machine has a network",
	fetch.KindRefused:  "check whether the server runs, and whether the port is right",
	fetch.KindTLS:      "tell the station's webmaster: visitors see a warning too",
	fetch.KindTimeout:  "ask the station's webmaster why its server answers so slowly, or raise poll.timeout",
	fetch.KindBroken:   "ask the station's webmaster why its server ends connections, or sends what is not HTTP",
	fetch.KindAddress:  "set poll.private_networks to true if the feed is meant to be there",
	fetch.KindRedirect: "ask the station for the feed's own address, and its webmaster to end the redirects there",
	fetch.KindTooLarge: "raise poll.max_size, or ask the station for a shorter feed",
	fetch.KindCoding: "ask the station's webmaster to send a Content-Encoding that says how the document is " +
		"compressed: gzip, br or zstd, once, or none where it is not",
	fetch.KindFile:     "file: addresses are relative to the folder of the configuration",
	fetch.KindShortage: "raise the number of files that may be open: ulimit -n, LimitNOFILE= of the unit",
	kindNotFeed:        "ask the station for the address of its feed",
	kindGuarded: "ask the station's webmaster to let our User-Agent or this machine's address through the guard, " +
		"for its feed at least",
	kindNoItems:    "ask the station why its feed is empty; what it had is kept",
	kindUnreadable: "ask the station to have its feed checked: no parser reads it",
}

// statusAdvice is the advice for an answer with a status.
func statusAdvice(status int) string {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return "ask the station's webmaster to let our User-Agent and this machine's address in"
	case status == http.StatusNotFound, status == http.StatusGone:
		return "ask the station for the feed's new address"
	case status == http.StatusTooManyRequests:
		return "the server asks for fewer visits: agree with the station on a longer every"
	case status == http.StatusUnavailableForLegalReasons:
		return "ask the station whether its feed may be read from where this machine is"
	case status == http.StatusNotModified:
		return "ask the station's webmaster why the server answers 304 to who has no document yet"
	case status >= 500:
		return "the server has a fault of its own: tell the station's webmaster if it lasts"
	case status >= 400:
		return "ask the station's webmaster why the server refuses the request"
	case status >= 300:
		return "ask the station for the feed's own address: this one leads nowhere"
	}
	return "ask the station's webmaster why the server answers without a document"
}

// FailureAdvice is the advice for a feed whose last visit failed, "" where there is none or a remark
// says it already.
func FailureAdvice(v news.FeedState) string {
	if v.Failures == 0 || lastingFailure(v) != "" {
		return ""
	}
	return Advice(v.Kind)
}
