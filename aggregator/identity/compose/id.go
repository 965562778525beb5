package compose

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// IDGenerator is what ids are made with.
type IDGenerator struct {
	Host string               // under which the desk mints, kept since the store was made
	Year int                  // of the store's making
	Used func(id string) bool // whether a story has or had that id
}

// Settle gives its id to a story that is new since the desk last settled. One that is live and was
// not before gets its public id, and is published: Sequence is its number of publication. It
// reports whether the story was published.
func Settle(s *news.Story, g IDGenerator, sequence uint64, now time.Time) (published bool) {
	p := s.Proposal
	if s.ID == "" {
		s.ID = deriveShortID(p.Key, g.Used)
		s.IDAssignedAt = now
	}
	s.Changed = now
	if s.Status != news.Live {
		return false
	}
	s.PublicID = p.Public
	if p.Public == "" || g.Used(p.Public) {
		s.PublicID = "tag:" + g.Host + "," + strconv.Itoa(g.Year) + ":" + s.ID
	}
	if s.Published.After(now) {
		s.Published = now
	}
	s.PublishedAt, s.Sequence, s.Proposal = now, sequence, nil
	return true
}

// Unsettled reports whether a story waits for the desk to settle: it has no id yet, or it is to be
// published for the first time.
func Unsettled(s *news.Story) bool {
	return s.IDAssignedAt.IsZero() || s.Status == news.Live && s.PublishedAt.IsZero()
}

// Turn is where a story stands among the unsettled ones: the lower is settled earlier. It is by
// date, then by hashes of what its ids will be made of, so it does not depend on the order of
// visits.
type Turn struct {
	Published int64  // in Unix milliseconds
	Key       uint64 // hash of the key that its id is made of: another of that key gets another id
	Tie       uint64
}

// TurnOf gives an unsettled story's turn.
func TurnOf(s *news.Story) Turn {
	t := Turn{Published: s.Published.UnixMilli()}
	if p := s.Proposal; p != nil {
		t.Key, t.Tie = text.Hash(p.Key), text.Hash(p.Tie)
	}
	return t
}

// Compare is negative where t comes before u.
func (t Turn) Compare(u Turn) int {
	return cmp.Or(cmp.Compare(t.Published, u.Published), cmp.Compare(t.Key, u.Key), cmp.Compare(t.Tie, u.Tie))
}

func (d Composer) idProposal(s *news.Story) *news.Proposal {
	i := originItem(s)
	tie := i.Feed + "\n" + evidence.FirstGUID(i) + "\n" + i.Entry.Title
	p := &news.Proposal{Key: cmp.Or(d.strongestKey(s), tie), Tie: tie, Public: d.choosePublicID(s)}
	if lead := s.Item(s.LeadItem); lead != nil {
		p.Topics, p.Language = lead.Entry.Topics, lead.Entry.Language
	}
	return p
}

// strongestKey is the strongest key that a story has: the claimed address, the address of its
// origin's item, a global guid, an enclosure; "" where it has none of these.
func (d Composer) strongestKey(s *news.Story) string {
	if s.Root.Key != "" && d.Identifies(s.Root.Key) {
		return s.Root.Key
	}
	i := originItem(s)
	for _, g := range i.GUIDs {
		if form := d.Global(g); form != "" {
			return form
		}
	}
	for _, e := range i.Entry.Enclosures {
		if key := d.Key(e.URL); key != "" {
			return key
		}
	}
	return ""
}

// originItem is the item that a story's origin has in it, otherwise the one shown.
func originItem(s *news.Story) *news.Item {
	if i := s.Item(s.Root.Item); i != nil {
		return i
	}
	return s.Item(s.LeadItem)
}

// deriveShortID derives the id by which commands and pages name a story.
func deriveShortID(key string, used func(string) bool) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(key + "\n" + strconv.Itoa(n)))
		id := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:13]
		if !used(id) {
			return id
		}
	}
}

// choosePublicID is what readers of the merged feed may know a story by, for good: the GUID of the
// origin's item where that is an IRI that its feed can be trusted with (RFC 4287 4.2.6); "" if the
// desk has to mint a tag: (RFC 4151).
func (d Composer) choosePublicID(s *news.Story) string {
	i := s.Item(s.LeadItem)
	if s.Origin.Made(i.Station) && !i.Reused && d.Memories[i.Feed].Untrusted.IsZero() &&
		d.canBePublicID(i.Entry.GUID, i.Station) && !d.SharesFeedsSecret(i.Station, i.Entry.GUID) {
		return i.Entry.GUID
	}
	return ""
}

// longestID is how long a guid may be to become a public id, in bytes.
const longestID = 512

// canBePublicID reports whether a station's guid can be a public id: an address on that station's
// hosts, a tag: of them, or a UUID.
func (d Composer) canBePublicID(guid, station string) bool {
	if guid == "" || len(guid) > longestID || !text.IsASCII(guid) || strings.ContainsAny(guid, " <>\"{}|\\^`") {
		return false
	}
	if directory.IsAddress(guid) {
		return d.Own(station, guid) && d.Identifies(d.Key(guid))
	}
	if rest, ok := strings.CutPrefix(guid, "tag:"); ok {
		authority, _, _ := strings.Cut(rest, ",")
		return strings.Count(guid, ":") >= 2 && d.Own(station, "http://"+link.Host("http://"+authority+"/")+"/")
	}
	_, ok := directory.UUID(guid)
	return ok && strings.HasPrefix(guid, "urn:uuid:")
}

// publicationDate is when a story is said to have been published: the reliable date of its origin's
// item, otherwise the earliest of its items', otherwise when it was first seen.
func publicationDate(s *news.Story) time.Time {
	var date time.Time
	if i := s.Item(s.LeadItem); i != nil && s.Origin.Made(i.Station) {
		date = i.TrustedDate
	}
	earliest := slices.MinFunc(s.Items, func(a, b *news.Item) int {
		return evidence.CompareDates(a.TrustedDate, b.TrustedDate)
	})
	return cmp.Or(date, earliest.TrustedDate, s.FirstSeen)
}
