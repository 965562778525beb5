package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
)

// removePlayers takes out of a page the players of the audio that its story has as enclosures: in a
// text, a player is shown as a link.
func removePlayers(root *html.Node, base string, audio []news.Enclosure) {
	if len(audio) == 0 {
		return
	}
	for n := root.FirstChild; n != nil; {
		next := tree.Following(n, root, false)
		if tree.IsElement(n, "audio") {
			next = tree.Following(n, root, true)
			if plays(n, base, audio) {
				remove(n)
			}
		}
		n = next
	}
}

// plays reports whether an element plays one of some files, whatever the query of its address: CMSs
// put a number there that counts the players of a page.
func plays(player *html.Node, base string, audio []news.Enclosure) bool {
	for n, left := player, maxSources; n != nil && left > 0; n, left = tree.Following(n, player, false), left-1 {
		if address := fileAddress(link.Resolve(base, tree.Attribute(n, "src"))); address != "" {
			return slices.ContainsFunc(audio, func(e news.Enclosure) bool { return fileAddress(e.URL) == address })
		}
	}
	return false
}

// maxSources is how many elements of a player are looked at.
const maxSources = 32

// fileAddress is an address without its query.
func fileAddress(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}
