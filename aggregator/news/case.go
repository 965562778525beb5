package news

import "time"

// CaseKind says what a case asks of an editor.
type CaseKind string

// The kinds of cases, in the order in which editors are shown them.
const (
	CaseKilled    CaseKind = "killed"    // a wire's kill holds a story
	CaseWithdrawn CaseKind = "withdrawn" // a story was withdrawn by its station, or may be, or is back
	CaseFlood     CaseKind = "flood"     // a feed's flood or doubtful migration holds stories
	CasePair      CaseKind = "pair"      // two stories may be one
	CaseFeed      CaseKind = "feed"      // a feed has lost some trust, or its dates are wrong
	CaseOther     CaseKind = "other"     // anything else about one story
)

// CaseKinds lists the kinds in the order in which editors are shown them.
var CaseKinds = []CaseKind{CaseKilled, CaseWithdrawn, CaseFlood, CasePair, CaseFeed, CaseOther}

// CaseState says whether a case waits for an editor.
type CaseState string

// The states of a case.
const (
	CaseOpen    CaseState = "open"
	CaseHeld    CaseState = "held"    // an editor holds its stories until more is known
	CaseDecided CaseState = "decided" // by the decision that it names
	CaseEnded   CaseState = "ended"   // nobody decided it: its ground has gone
)

// Case is one question to editors: about a pair of stories, a story or a feed, however many flags ask
// it. Its number never changes.
type Case struct {
	Number uint64
	Kind   CaseKind
	State  CaseState
	Since  time.Time // when it was opened
	// Stories are the ids of the stories that it is about, as they are now: of a pair two; of a flood
	// those that still wait; of a feed none.
	Stories  []string
	Feed     string // of a flood or a feed: its address
	Why      string // the reason, one plain sentence in English
	Flags    []Flag // that ask it now; those of a pair from both stories
	Decision uint64 // that decided it, or by which it is held; 0: none
	Ended    time.Time
}
