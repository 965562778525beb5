package compose

import (
	"regexp"
	"strings"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// A feed that begins to give whole texts instead of teasers, or the other way round, changes all its
// entries at once, and corrects none of them. One entry alone that grows is an update: what tells
// the two apart is the rest of the document.

// Edit is an item's entry as it was and as it is.
type Edit struct {
	Item        uint64
	Before, Now *news.Entry
}

// Reshaped returns the items whose edits are a new form of their feed: the longer text says all that
// the shorter one says, in its words, and nearly all other entries of the document that could have
// changed so have. The others are the entries of known items that are as they were. Paragraphs that
// recur in the feed, given by their hashes, ascending, are none of a text.
func Reshaped(r *evidence.Reader, recurring []uint64, edits []Edit, others []*news.Entry) map[uint64]bool {
	f := forms{r, recurring}
	grown, shrunk := map[uint64]bool{}, map[uint64]bool{}
	var teasers, texts int // that stayed so
	longest := 0           // of the shorter texts
	for _, e := range edits {
		before, now := f.bothTexts(e.Before), f.bothTexts(e.Now)
		switch {
		case isFullerThan(now, before):
			grown[e.Item] = true
			longest = max(longest, before.count)
		case isFullerThan(before, now):
			shrunk[e.Item] = true
			longest = max(longest, now.count)
		case now.count < teaserWords:
			teasers++
		default:
			texts++
		}
	}
	if len(grown)+len(shrunk) == 0 {
		return nil
	}
	for _, e := range others {
		if f.bothTexts(e).count < teaserWords {
			teasers++
		} else {
			texts++
		}
	}
	isSwitch := func(changed map[uint64]bool, stayed int) bool {
		n := len(changed)
		return n > 0 && 100*n >= switchShare*(n+stayed) && (n >= switchTells || longest < teaserWords)
	}
	switch {
	case isSwitch(grown, teasers+len(shrunk)):
		return grown
	case isSwitch(shrunk, texts+len(grown)):
		return shrunk
	}
	return nil
}

// MayBeReshaped reports whether an entry's text became longer or shorter by a fifth in an edit: where
// no entry's did, there is no new form to look for.
func MayBeReshaped(before, now *news.Entry) bool {
	a, b := len(before.Summary)+len(before.Content), len(now.Summary)+len(now.Content)
	return 5*max(a, b) >= 6*min(a, b)
}

// Limits of what is taken for a new form of a feed.
const (
	teaserWords = 100 // fewer are a teaser
	switchShare = 80  // percent of the entries that could change their form have
	switchTells = 3   // entries that do it together tell by themselves; fewer must begin or end as teasers
	fullerBy    = 25  // words more, and half as many again, are another form; any, where there was no text
)

// forms reads the texts of entries of one feed.
type forms struct {
	*evidence.Reader
	recurring []uint64
}

// shownText is what an entry says, deck and text, with the number of its words.
type shownText struct {
	paragraphs []string
	count      int
}

func (f forms) bothTexts(e *news.Entry) (t shownText) {
	longer := ""
	for _, fragment := range []string{e.Summary, e.Content} {
		if fragment == "" {
			continue
		}
		list := evidence.Read(f.Directory, fragment).Story(f.recurring)
		t.paragraphs = append(t.paragraphs, list...)
		if joined := strings.Join(list, "\n"); len(joined) > len(longer) {
			longer = joined
		}
	}
	t.count = len(text.Words(longer))
	return t
}

// isFullerThan reports whether a text is a longer form of another: it has far more words, and every
// sentence of the other.
func isFullerThan(long, short shownText) bool {
	more := long.count - short.count
	if more < 1 || short.count > 0 && (more < fullerBy || 2*more < short.count) {
		return false
	}
	all := wordRun(strings.Join(long.paragraphs, "\n"))
	for _, paragraph := range short.paragraphs {
		paragraph = readMore.ReplaceAllString(paragraph, "…")
		for _, sentence := range sentenceOf.FindAllString(paragraph, -1) {
			run, cut := wordRun(sentence), strings.HasSuffix(strings.TrimSpace(sentence), "…")
			if strings.Contains(all, run) {
				continue
			}
			// A teaser may be cut in a word.
			if last := strings.LastIndexByte(strings.TrimSuffix(run, " "), ' '); !cut || last <= 0 ||
				!strings.Contains(all, run[:last+1]) {
				return false
			}
		}
	}
	return true
}

// wordRun is a text's words between single spaces, so that a run of them is found in another's.
func wordRun(s string) string { return " " + strings.Join(text.Words(markup.Text(s)), " ") + " " }

var (
	sentenceOf = regexp.MustCompile(`[^.!?…]+[.!?…]*`)
	// readMore is how CMSs end a teaser.
	readMore = regexp.MustCompile(`(?i)\s*(?:\[?(?:…|\.\.\.)\]?)?\s*(?:\b(?:read|hear|see) (?:more|on|the ` +
		`(?:full|whole) story)|\bcontinue reading|\bleer más|\bseguir leyendo)\b.{0,80}$|\s*\[?(?:…|` +
		`\.\.\.)\]?\s*$`)
)
