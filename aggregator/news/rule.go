package news

import "slices"

// Rule names a rule of identity by its letter and number. The sentence of each stands
// once, next to its name: `explain`, its JSON and docs/identity.md show the same words.
type Rule string

// Within a feed: which entry is which known item.
const (
	I0 Rule = "I0"
	I1 Rule = "I1"
	I2 Rule = "I2"
	I3 Rule = "I3"
	I4 Rule = "I4"
	I5 Rule = "I5"
)

// Across feeds: why an item joins a story.
const (
	J1       Rule = "J1"
	J2       Rule = "J2"
	J3       Rule = "J3"
	J4       Rule = "J4"
	J5       Rule = "J5"
	J6       Rule = "J6"
	J7       Rule = "J7"
	ByEditor Rule = "ruling"
)

// Vetoes: why two items are not joined, whatever speaks for it.
const (
	V1  Rule = "V1"
	V2  Rule = "V2"
	V3  Rule = "V3"
	V4  Rule = "V4"
	V5  Rule = "V5"
	V6  Rule = "V6"
	V7  Rule = "V7"
	V8  Rule = "V8"
	V9  Rule = "V9"
	V10 Rule = "V10"
)

// Who made a story: the first rule that decides.
const (
	O1 Rule = "O1"
	O2 Rule = "O2"
	O3 Rule = "O3"
	O4 Rule = "O4"
	O5 Rule = "O5"
	O6 Rule = "O6"
)

// Named pairs a name with what it stands for, in one sentence without a full stop.
type Named[T ~string] struct {
	Name     T
	Sentence string
}

// Rules lists all rules in the order in which docs/identity.md shows them.
var Rules = []Named[Rule]{
	{I0, "an item is the original of its story as long as nothing says that it is a copy"},
	{I1, "the same GUID is the same item, unless its date moved by more than six hours and two of link, audio and " +
		"headline changed, or, in a document of one entry, its date moved and its audio changed: then the GUID was " +
		"used again"},
	{I2, "a feed that gives one GUID to different entries, or a meaningless one, loses the trust in its GUIDs: " +
		"from then on GUID and address identify together"},
	{I3, "an entry with a new GUID, or one that no longer identifies by itself, is a known item if that item has " +
		"left the document and agrees by alias, by address with headline, date or text, or by date with headline, " +
		"path or text"},
	{I4, "without a GUID the address identifies an item, else headline and date, else headline and text"},
	{I5, "when five or more entries that should be known are not, and four fifths of them match by I3, the feed " +
		"has a new CMS: the matches are taken; when some but fewer match, those with the same headline and date " +
		"are taken and the rest is held"},
	{
		J1,
		"an item's claim leads to the other's address, or both claim one address; where no item has that, half " +
			"of the " +
			"headlines or three tenths of the shorter text agree",
	},
	{J2, "both have the same address, and it identifies a story"},
	{J3, "both have the same GUID of a form that is unique in the world, and six tenths of the headline agree or " +
		"the audio is the same"},
	{J4, "both have the same audio, which only one item of each feed has, and half of the headline agrees"},
	{J5, "four fifths of the shorter text agree, both texts have 150 words in one language, dated 72 hours apart " +
		"at most, their numbers agree, and a reporter, a wire, a credit or the audio is the same"},
	{J6, "both have one headline of five words or more, and a reporter or the end of the address in common, " +
		"within 24 hours, and the headline names no edition and comes again in neither feed; or reporter and end " +
		"of " +
		"the address are the same, and the minute or half of the headline"},
	{J7, "four fifths of the shorter opening agree, one text at least is short, they are dated 72 hours apart at " +
		"most, and six tenths of the headline or a reporter is the same"},
	{ByEditor, "an editor decided"},
	{V1, "both are items of one feed"},
	{V2, "their languages differ: one is a translation of the other"},
	{V3, "one address is a part of the other's page"},
	{V4, "an editor has separated them"},
	{V5, "their claims lead to different originals"},
	{V6, "their dates are more than 14 days apart"},
	{V7, "their numbers, weekdays or months differ"},
	{V8, "one site gave them different numbers"},
	{V9, "the story would hold more items than the desk has feeds, or too many stories hang together"},
	{V10, "their bylines name different people"},
	{O1, "an editor said who made the story"},
	{O2, "the story's original is a claimed address, and its host names the maker"},
	{O3, "the items' own words credit one maker, or several together"},
	{O4, "bylines are on the list of reporters of one station, or of several together"},
	{O5, "nobody credits anybody: it is the only station that tells the story, and its reporter is in no other " +
		"station's bylines; or no byline names a person, and its date is the earliest by ten minutes"},
	{O6, "nothing says who made the story: the origin is not stated"},
}

// Sentence says what the rule says; "" for a name that is not a rule's.
func (r Rule) Sentence() string { return sentenceOf(Rules, r) }

// FlagKind names a doubtful case.
type FlagKind string

// Flags of a story.
const (
	FlagProbableCopy         FlagKind = "probable-copy"
	FlagSameTitle            FlagKind = "same-title"
	FlagSameGUID             FlagKind = "same-guid"
	FlagSameAudio            FlagKind = "same-audio"
	FlagSameFeed             FlagKind = "same-feed"
	FlagConflictingClaims    FlagKind = "conflicting-claims"
	FlagClaimAcrossLanguages FlagKind = "claim-across-languages"
	FlagUnlistedOrigin       FlagKind = "unlisted-origin"
	FlagAgainstStory         FlagKind = "against-story"
	FlagAgainstRuling        FlagKind = "against-ruling"
	FlagOversize             FlagKind = "oversize"
	FlagFutureDate           FlagKind = "future-date"
	FlagWithdrawn            FlagKind = "withdrawn"
	FlagReturned             FlagKind = "returned"
	FlagNoLink               FlagKind = "no-link"
	FlagUnpublishable        FlagKind = "unpublishable"
)

// Flags of a feed.
const (
	FlagGUIDDistrusted    FlagKind = "guid-distrusted"
	FlagGUIDReused        FlagKind = "guid-reused"
	FlagClaimsDistrusted  FlagKind = "claims-distrusted"
	FlagAddressDistrusted FlagKind = "address-distrusted"
	FlagUnlistedHost      FlagKind = "unlisted-host"
	FlagMigration         FlagKind = "migration"
	FlagMigrationDoubt    FlagKind = "migration-doubt"
	FlagFlood             FlagKind = "flood"
	FlagClock             FlagKind = "clock"
)

// Flags lists all flags, those of stories first.
var Flags = []Named[FlagKind]{
	{FlagProbableCopy, "the texts of two stories, or a reporter and the ends of their addresses, agree, or both " +
		"name one original that was not seen, but not clearly enough to join them"},
	{FlagSameTitle, "two stories have one headline of four words or more, or nearly one headline and one reporter, " +
		"within three days"},
	{FlagSameGUID, "two items have one GUID, but their headlines differ"},
	{FlagSameAudio, "two items have one audio file, but their headlines differ or each belongs to another story"},
	{FlagSameFeed, "two items of one feed look like one"},
	{FlagConflictingClaims, "items name different originals or makers, or claim each other in a circle"},
	{FlagClaimAcrossLanguages, "an item claims a story in another language"},
	{FlagUnlistedOrigin, "an item claims an original on a host that the configuration does not list, or its text " +
		"or " +
		"byline names a newsroom that it does not"},
	{FlagAgainstStory, "what joined an item to its published story is gone"},
	{FlagAgainstRuling, "what feeds say now contradicts an editor's decision"},
	{FlagOversize, "too many items or stories hang together, and nothing of them was joined"},
	{FlagFutureDate, "an item's date is still to come"},
	{FlagWithdrawn, "an item was withdrawn, or may have been"},
	{FlagReturned, "a withdrawn item is back in its feed"},
	{FlagNoLink, "an entry has no address"},
	{FlagUnpublishable, "the story could not be published and was left out of the documents"},
	{FlagGUIDDistrusted, "one GUID stands for several entries of the feed, or for none"},
	{FlagGUIDReused, "a GUID of the feed came back with another piece of news"},
	{FlagClaimsDistrusted, "several items of the feed claim one page as their original"},
	{FlagAddressDistrusted, "several items of the feed have one address"},
	{FlagUnlistedHost, "several items of the feed claim originals on a host that the configuration does not list"},
	{FlagMigration, "many entries of the feed came under new GUIDs or addresses, and are known by both"},
	{FlagMigrationDoubt, "many entries of the feed came under new GUIDs, and too few of them could be matched to " +
		"known items"},
	{FlagFlood, "the feed brought more old or new entries than it normally does"},
	{FlagClock, "the feed's dates are ahead by hours, and the offset is subtracted"},
}

// Sentence says when the flag is raised; "" for a kind that there is not.
func (k FlagKind) Sentence() string { return sentenceOf(Flags, k) }

// HoldKind names why an item is held.
type HoldKind string

// Why an item is held.
const (
	HoldEmbargo   HoldKind = "embargo"
	HoldFlood     HoldKind = "flood"
	HoldMigration HoldKind = "migration"
	HoldWithdrawn HoldKind = "withdrawn"
	HoldKill      HoldKind = "kill"
	HoldNotice    HoldKind = "notice"
	HoldPage      HoldKind = "page"
)

// Holds lists all holds, with when each ends.
var Holds = []Named[HoldKind]{
	{HoldEmbargo, "its date is up to seven days ahead; the clock releases it"},
	{HoldFlood, "its feed brought too much at once; an editor releases or retracts it, and after publish.max_age " +
		"it goes to the archive"},
	{HoldMigration, "it may be a known item under another GUID; an editor releases or retracts it"},
	{HoldWithdrawn, "it may have been withdrawn; its feed or page releases it when it is back, or an editor"},
	{HoldKill, "its wire's notice says that it is withdrawn; an editor releases or retracts it"},
	{HoldNotice, "it is a wire notice, not news; an editor releases it if it is news after all"},
	{HoldPage, "its article page was not reached; the next visit of its feed releases it, with the page or without"},
}

// Sentence says why an item is held and what ends it; "" for a kind that there is not.
func (k HoldKind) Sentence() string { return sentenceOf(Holds, k) }

func sentenceOf[T ~string](list []Named[T], name T) string {
	if at := slices.IndexFunc(list, func(n Named[T]) bool { return n.Name == name }); at >= 0 {
		return list[at].Sentence
	}
	return ""
}
