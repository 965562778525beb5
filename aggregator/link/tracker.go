package link

import "strings"

// trackers lists the parameters that say how a reader came to a page, or carry a session, and never
// which page it is: those of Brave's query-filter.json that public media meet, and what such sites
// add. Short names stay out, for somewhere each of them names a page (brave/brave-browser#9020,
// #8975).
var trackers = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "gbraid": true, "wbraid": true, "dclid": true,
	"msclkid": true, "twclid": true, "ttclid": true, "yclid": true, "ysclid": true,
	"igshid": true, "igsh": true, "mc_cid": true, "mc_eid": true, "mc_tc": true, "mkt_tok": true,
	"_hsenc": true, "_hsmi": true, "__hssc": true, "__hstc": true, "__hsfp": true, "hsctatracking": true,
	"vero_id": true, "vero_conv": true, "oly_anon_id": true, "oly_enc_id": true, "rb_clickid": true,
	"s_cid": true, "wickedid": true, "_openstat": true, "__twitter_impression": true, "cmpid": true,
	"usqp": true, "ml_subscriber": true, "ml_subscriber_hash": true, "_ga": true, "_gl": true,
	"srsltid": true, "fb_action_ids": true, "fb_action_types": true, "fb_source": true, "fb_ref": true,
	"_bhlid": true, "echobox": true,
	"phpsessid": true, "jsessionid": true, "cfid": true, "cftoken": true,
}

// trackerPrefixes begin families of trackers.
var trackerPrefixes = [...]string{"utm_", "mtm_", "pk_", "hsa_"}

// longestTracker bounds the names that are looked up.
const longestTracker = 32

// isTrackerParameter reports whether a parameter's name, as written, is a tracker's.
func isTrackerParameter(name string) bool {
	var stack [longestTracker + 1]byte
	lower := stack[:0]
	for i := 0; i < len(name) && len(lower) < cap(lower); i++ {
		c := name[i]
		if c == '%' && beginsWithEscape(name[i:]) {
			c = decodeEscape(name[i:])
			i += 2
		}
		lower = append(lower, lowerCaseByte(c))
	}
	for _, prefix := range trackerPrefixes {
		if len(lower) >= len(prefix) && string(lower[:len(prefix)]) == prefix {
			return true
		}
	}
	return trackers[string(lower)]
}

// appendUntracked appends what a query, given with its "?", says about the page: without empty
// pairs, trackers, and the marks of print and AMP copies. The rest stays in its order.
func appendUntracked(buf []byte, query string) []byte {
	separator := byte('?')
	for rest := strings.TrimPrefix(query, "?"); rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		// The "&amp;" of a document that was escaped once too often.
		for strings.HasPrefix(pair, "amp;") {
			pair = pair[len("amp;"):]
		}
		if !saysWhichPage(pair) {
			continue
		}
		buf = append(buf, separator)
		buf = appendEncoded(buf, pair)
		separator = '&'
	}
	return buf
}

// saysWhichPage reports whether a pair of a query may name the page. A tracker that holds a "?"
// may: a second query was glued to it.
func saysWhichPage(pair string) bool {
	switch pair {
	case "", "print=1", "outputType=amp":
		return false
	}
	name, _, _ := strings.Cut(pair, "=")
	return strings.Contains(pair, "?") || !isTrackerParameter(name)
}

// appendSessionless appends a path without its ";jsessionid=…", each up to the next "/" or ";".
// Other parameters stay.
func appendSessionless(buf []byte, path string) []byte {
	const mark = ";jsessionid="
	for {
		i := strings.IndexByte(path, ';')
		if i < 0 {
			return appendEncoded(buf, path)
		}
		buf = appendEncoded(buf, path[:i])
		path = path[i:]
		end := 1 + strings.IndexAny(path[1:], "/;")
		if end == 0 {
			end = len(path)
		}
		if len(path) < len(mark) || !strings.EqualFold(path[:len(mark)], mark) {
			buf = appendEncoded(buf, path[:end])
		}
		path = path[end:]
	}
}

// trackerFragments begin fragments that say how a reader came.
var trackerFragments = [...]string{"utm_", "mtm_", "echobox=", "xtor=", "aoh="}

// appendMeaning appends a fragment, given with its "#", unless it means nothing: entries of a live
// blog differ only in that (FreshRSS/FreshRSS#5329).
func appendMeaning(buf []byte, fragment string) []byte {
	// What follows ":~:" is an instruction to the browser (text fragments).
	fragment, _, _ = strings.Cut(strings.TrimPrefix(fragment, "#"), ":~:")
	switch fragment {
	case "", "comments", "comment", "respond", "top", "main":
		return buf
	}
	for _, prefix := range trackerFragments {
		if len(fragment) >= len(prefix) && strings.EqualFold(fragment[:len(prefix)], prefix) {
			return buf
		}
	}
	buf = append(buf, '#')
	return appendEncoded(buf, fragment)
}
