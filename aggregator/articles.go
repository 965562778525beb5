package aggregator

import (
	"fmt"
	"net/http"

	"fronteras/aggregator/news"
)

// maxTrees is how many article pages are parsed at once: each takes a hundred times its size of memory.
const maxTrees = 2

// failureForbidden is why a page was not read that robots.txt keeps us from.
const failureForbidden = "robots.txt forbids it"

// ArticleFailure says why an answer brought no article; "" where it did.
func ArticleFailure(answer news.Page) string {
	redirected := answer.Status >= 300 && answer.Status < 400 && answer.Status != http.StatusNotModified
	switch {
	case answer.Article != nil:
		return ""
	case answer.Failure != "":
		return answer.Failure
	case answer.Status == 0:
		return "there was no answer"
	case answer.Moved != "" && redirected:
		return "it leads off the station's hosts, to " + AddressForOperators(answer.Moved)
	case answer.Moved != "":
		return fmt.Sprintf("it leads to %s, where the answer was %d", AddressForOperators(answer.Moved), answer.Status)
	}
	return fmt.Sprintf("the answer was %d", answer.Status)
}

// AwaitingWords say how many items of a feed wait for its next visit; "" where none does.
func AwaitingWords(v news.FeedState) string {
	switch v.Awaiting {
	case 0:
		return ""
	case 1:
		return "1 item waits for the next visit, which reads its article page"
	}
	return fmt.Sprintf("%d items wait for the next visit, which reads their article pages", v.Awaiting)
}
