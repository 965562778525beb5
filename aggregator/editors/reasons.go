package editors

import "fronteras/aggregator/news"

// reasonsOfFlags say why a case is asked, by its first flag, in the words of editors.
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
