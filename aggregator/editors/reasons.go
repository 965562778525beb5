package editors

import (
	"regexp"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// reasonOfFlag says what a flag asks, with what it is about; "" of a kind that says nothing to editors.
func reasonOfFlag(r *request, f news.Flag) string {
	if f.Kind == news.FlagWithdrawn {
		return reasonOfWithdrawal(r, f)
	}
	phrase := reasonsOfFlags[f.Kind]
	if phrase == "" {
		return ""
	}
	reason := r.say(phrase)
	switch detail := detailOfFlag(r, f); {
	case detail == "":
	case f.Kind == news.FlagClock:
		reason = r.say("The feed's dates are ahead by %s, which is taken off.", detail)
	default:
		reason = strings.TrimSuffix(reason, ".") + ": " + strings.TrimSuffix(detail, ".") + "."
	}
	return reason
}

// detailsInWords find, in the words with which the rules raise flags, what these are about.
var detailsInWords = map[news.FlagKind]*regexp.Regexp{
	news.FlagAddressDistrusted: regexp.MustCompile(`have the address (\S+): `),
	news.FlagClaimsDistrusted:  regexp.MustCompile(`name (\S+) as their original`),
	news.FlagUnlistedHost:      regexp.MustCompile(`originals on (\S+), `),
	news.FlagFutureDate:        regexp.MustCompile(`its date is (\S+), `),
	news.FlagClock:             regexp.MustCompile(`ahead by (\S+): `),
}

// detailOfFlag is what a flag is about: a name, an address, a time; "" where the kind says it all.
func detailOfFlag(r *request, f news.Flag) string {
	switch f.Kind {
	case news.FlagUnlistedOrigin, news.FlagConflictingClaims, news.FlagAgainstStory, news.FlagAgainstRuling,
		news.FlagClaimAcrossLanguages:
		return f.With
	}
	words := detailsInWords[f.Kind]
	if words == nil {
		return ""
	}
	found := words.FindStringSubmatch(f.Why)
	if found == nil {
		return ""
	}
	switch f.Kind {
	case news.FlagFutureDate:
		at, err := time.Parse(time.RFC3339, found[1])
		if err != nil {
			return ""
		}
		return newMoment(r.language, r.settings.Desk, at).Words
	case news.FlagClock:
		by, err := time.ParseDuration(found[1])
		if err != nil {
			return ""
		}
		return spanWords(r.language, by)
	}
	return found[1]
}

// reasonOfWithdrawal says why a story is thought to be withdrawn.
func reasonOfWithdrawal(r *request, f news.Flag) string {
	for _, w := range withdrawals {
		if found := w.words.FindStringSubmatch(f.Why); found != nil {
			var args []any
			if len(found) > 1 {
				args = append(args, found[1])
			}
			return r.say(w.phrase, args...)
		}
	}
	return r.say(reasonsOfFlags[f.Kind])
}

// withdrawals say what the rules' words on withdrawals mean to editors.
var withdrawals = []struct {
	words  *regexp.Regexp
	phrase string
}{
	{regexp.MustCompile(`^its station has withdrawn it: its feed says that it is deleted$`),
		"Its station has withdrawn the story: its feed says that it is deleted."},
	{regexp.MustCompile(`^its station has withdrawn it: its page answered (\d+)$`),
		"Its station has withdrawn the story: it is gone from its feed, and its page answered %s."},
	{regexp.MustCompile(`^its station has withdrawn it: `),
		"Its station has withdrawn the story: it is gone from its feed, and its page could not be asked."},
	{regexp.MustCompile(`^its page answered (\d+)$`), "Its station may have withdrawn the story: its page answered %s."},
	{regexp.MustCompile(`^its feed says that it is deleted$`),
		"Its station may have withdrawn the story: its feed says that it is deleted."},
	{regexp.MustCompile(`^it has left the middle of its feed, and its page answered (\d+)$`),
		"Its station may have withdrawn the story: it has left the middle of its feed, and its page answered %s."},
	{regexp.MustCompile(`^it has left the middle of its feed, `),
		"Its station may have withdrawn the story: it has left the middle of its feed."},
	{regexp.MustCompile(`^a notice of its source says`), "A notice of its source says that the story is withdrawn."},
	{regexp.MustCompile(`is like a story that was withdrawn`), "It is like a story that was withdrawn."},
	{regexp.MustCompile(`^that feed says that (\S+) is deleted, which is not its own`),
		"A feed of another station says that it is deleted: %s. Nothing was done."},
}

// reasonsOfFlags say what flags ask, in the words of editors.
var reasonsOfFlags = map[news.FlagKind]string{
	news.FlagProbableCopy:         "The two texts are nearly the same, but not enough speaks for one story.",
	news.FlagSameTitle:            "Both have nearly the same headline.",
	news.FlagSameGUID:             "Both feeds call them by the same id, but the headlines differ.",
	news.FlagSameAudio:            "Both have the same audio.",
	news.FlagSameFeed:             "One station brought both, and they look like one.",
	news.FlagConflictingClaims:    "The stations name different makers.",
	news.FlagClaimAcrossLanguages: "It says that it comes from a story in another language.",
	news.FlagUnlistedOrigin:       "It names a source that the desk does not know.",
	news.FlagAgainstStory:         "What made an item part of this story is gone from its feed.",
	news.FlagAgainstRuling:        "What the feeds say now contradicts what an editor decided.",
	news.FlagOversize:             "Too many stories look alike at once, so none of them were joined.",
	news.FlagFutureDate:           "Its date is still to come.",
	news.FlagWithdrawn:            "Its station has withdrawn the story, or may have.",
	news.FlagReturned:             "It was withdrawn, and is back in its feed.",
	news.FlagNoLink:               "It has no address at its station.",
	news.FlagUnpublishable:        "It could not be published.",
	news.FlagGUIDDistrusted:       "The feed gives one id to several stories.",
	news.FlagGUIDReused:           "The feed gave the id of an older story to a new one.",
	news.FlagClaimsDistrusted:     "Several stories of the feed name one page as their source.",
	news.FlagAddressDistrusted:    "Several stories of the feed have one address.",
	news.FlagUnlistedHost:         "Several stories of the feed name a source that the desk does not know.",
	news.FlagMigration:            "Many known stories of the feed came under new addresses.",
	news.FlagMigrationDoubt:       "Many stories of the feed may be known ones under new addresses.",
	news.FlagFlood:                "The feed brought many stories at once, so they are held.",
	news.FlagClock:                "The feed's dates are ahead by hours.",
}
