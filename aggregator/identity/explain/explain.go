// Package explain puts into words how a story was put together. It uses what was recorded; nothing
// is decided again.
package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Explanation says how a story was put together. Its JSON shape is a contract.
type Explanation struct {
	What     string         `json:"what"`
	Key      string         `json:"key"` // of What where that is an address
	Story    string         `json:"story"`
	PublicID string         `json:"public_id"`
	Items    []ItemReason   `json:"items"`
	Origin   *OriginReason  `json:"origin"`
	Rulings  []RulingReason `json:"rulings"`
	Flags    []FlagReason   `json:"flags"`
	Versions map[string]int `json:"versions"`

	// Rules lists the sentences of the rules that the explanation names.
	Rules map[news.Rule]string `json:"rules"`

	story   *news.Story
	rulings []news.Ruling // also those that were undone: the exported ones count
	d       *directory.Directory
}

// ItemReason says why one item is in the story.
type ItemReason struct {
	Station    string           `json:"station"`
	Feed       string           `json:"feed"`
	GUID       string           `json:"guid"`
	URL        string           `json:"url"`
	Rule       news.Rule        `json:"rule"`
	Confidence news.Confidence  `json:"confidence"`
	Why        string           `json:"why"`
	Evidence   []EvidenceReason `json:"evidence"`
	Checks     *CheckReason     `json:"checks"` // null for the original
	Vetoes     []news.Rule      `json:"vetoes"`
	Rejected   []RejectedReason `json:"rejected"`

	title   string
	words   []int
	article string // what became of its article page
}

// EvidenceReason is a value that an edge rests on.
type EvidenceReason struct {
	Kind   string     `json:"kind"`
	Value  string     `json:"value"`
	Source string     `json:"source"`
	First  *time.Time `json:"first"`
	Last   *time.Time `json:"last"` // null while it stands
}

// CheckReason holds the measures between an item and the original.
type CheckReason struct {
	Title     float64  `json:"title"`
	C5        float64  `json:"c5"`
	Hours     float64  `json:"hours"`
	Languages []string `json:"languages"`
}

// RejectedReason is a join that was considered and not made.
type RejectedReason struct {
	With   string    `json:"with"`
	Rule   news.Rule `json:"rule"`
	Reason string    `json:"reason"`
}

// OriginReason says who made the story, and why the desk thinks so.
type OriginReason struct {
	news.Origin
	RunnerUp *news.Maker `json:"runner_up"` // null: only the origin is named
}

// RulingReason is an editor's word on the story.
type RulingReason struct {
	Verb   news.Verb `json:"verb"`
	When   time.Time `json:"when"`
	UID    int       `json:"uid"`
	User   string    `json:"user"`
	Reason string    `json:"reason"`
}

// FlagReason is a doubtful case.
type FlagReason struct {
	Kind news.FlagKind `json:"kind"`
	With string        `json:"with"`
	Why  string        `json:"why"`
}

// Story explains a story and the rulings that bind its items. What is the id, GUID or address that
// was asked for, and version the version of the rules.
func Story(d *directory.Directory, version int, what string, s *news.Story, rulings []news.Ruling,
	now time.Time) Explanation {
	e := Explanation{
		What: what, Key: d.Key(what), Story: s.ID, PublicID: s.PublicID, Items: []ItemReason{},
		Rulings: []RulingReason{}, Flags: []FlagReason{},
		Versions: map[string]int{"link": link.Version, "rules": version}, Rules: map[news.Rule]string{}, story: s, d: d,
	}
	if s.Origin != nil {
		e.Origin = &OriginReason{Origin: *s.Origin}
	}
	for _, i := range s.Items {
		e.Items = append(e.Items, reasonForItem(s, i))
	}
	for _, r := range rulings {
		if e.rulings = append(e.rulings, r); r.Counts() {
			e.Rulings = append(e.Rulings, RulingReason{r.Verb, r.When, r.UID, r.User, r.Reason})
		}
	}
	for _, g := range OpenFlags(s.Flags, now) {
		e.Flags = append(e.Flags, FlagReason{g.Kind, g.With, g.Why})
	}
	e.listRuleSentences()
	return e
}

// shownFor is for how long a flag is shown: what nobody has answered in a month nobody will.
const shownFor = 30 * 24 * time.Hour

// OpenFlags returns those that are still shown at a time.
func OpenFlags(flags []news.Flag, now time.Time) []news.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(g news.Flag) bool { return now.Sub(g.When) > shownFor })
}

func (e Explanation) listRuleSentences() {
	note := func(r news.Rule) {
		if sentence := r.Sentence(); sentence != "" {
			e.Rules[r] = sentence
		}
	}
	if e.Origin == nil {
		note(news.O6)
	} else {
		note(e.Origin.Rule)
	}
	for _, i := range e.Items {
		note(i.Rule)
		for _, no := range i.Rejected {
			note(no.Rule)
		}
		for _, v := range i.Vetoes {
			note(v)
		}
	}
}

func reasonForItem(s *news.Story, i *news.Item) ItemReason {
	r := ItemReason{
		Station: i.Station, Feed: i.Feed, GUID: i.Entry.GUID, URL: i.Entry.URL, title: i.Entry.Title,
		Evidence: []EvidenceReason{}, Vetoes: []news.Rule{}, Rejected: []RejectedReason{},
		article: i.Page.ArticleWords(),
	}
	if edge := s.Edge(i.Number); edge != nil {
		r.Rule, r.Confidence, r.Why = edge.Rule, edge.Confidence, edge.Why
		if c := edge.Checks; c != nil {
			r.Checks, r.words = &CheckReason{c.Title, c.C5, c.Hours, c.Languages}, c.Words
		}
		for _, v := range edge.Evidence {
			r.Evidence = append(r.Evidence, EvidenceReason{v.Kind, v.Value, v.Source, timeOrNull(v.First),
				timeOrNull(v.Last)})
		}
	}
	for _, no := range s.Rejected {
		if no.Item != i.Number {
			continue
		}
		reason := no.Reason
		if no.Veto != "" {
			reason = string(no.Veto) + ": " + reason
			if !slices.Contains(r.Vetoes, no.Veto) {
				r.Vetoes = append(r.Vetoes, no.Veto)
			}
		}
		r.Rejected = append(r.Rejected, RejectedReason{no.With, no.Rule, reason})
	}
	return r
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

func (e Explanation) publicationDates() string {
	s := e.story
	if s.PublishedAt.IsZero() || s.Published.IsZero() {
		return ""
	}
	line := "  Published " + shortTime(s.Published)
	if s.Modified.After(s.Published) {
		line += ", modified " + shortTime(s.Modified)
	}
	for _, n := range s.Notes {
		line += "; it says " + evidence.Quote(n.Text)
	}
	return line + ".\n"
}

// Words returns the explanation as text for a terminal: a paragraph for the story, then one for
// each item, the original first.
func (e Explanation) Words() string {
	var b strings.Builder
	s := e.story
	fmt.Fprintf(&b, "%s\n  Story %s, %s.", leadHeadline(s), e.Story, e.statusWords())
	if e.PublicID != "" {
		fmt.Fprintf(&b, " Public id %s.", e.PublicID)
	}
	if !s.Pruned.IsZero() {
		fmt.Fprintf(&b, " Its texts left the store %s.", shortTime(s.Pruned))
	}
	b.WriteString("\n" + e.publicationDates() + e.originSentence())
	for _, i := range originalFirst(e.Items) {
		b.WriteString("\n" + e.itemParagraph(i))
	}
	for _, g := range e.Flags {
		fmt.Fprintf(&b, "\n  Flag %s: %s.", strings.TrimSpace(string(g.Kind)+" "+g.With), g.Why)
	}
	for _, r := range e.rulings {
		reason := ""
		if r.Reason != "" {
			reason = ": " + r.Reason
		}
		fmt.Fprintf(&b, "\n  Ruling: %s, %s by %s, decision %d%s.", r.Verb, shortTime(r.When),
			cmp.Or(r.User, fmt.Sprint("uid ", r.UID)), r.DecisionNumber(), reason)
		if !r.Counts() {
			fmt.Fprintf(&b, " Decision %d has undone it: it does not count.", r.Undone)
		}
	}
	text := strings.TrimRight(b.String(), "\n") + "\n\n  To override: join " + e.Story + " OTHER"
	if len(e.Items) > 1 {
		text += ", split " + e.Story + " ITEM"
	}
	text += ", origin " + e.Story + " STATION"
	if n := e.lastCounting(); n != 0 {
		text += ", undo " + strconv.FormatUint(n, 10)
	}
	text += ".\n"
	for _, r := range news.Rules {
		if sentence, named := e.Rules[r.Name]; named {
			text += "  " + string(r.Name) + ": " + sentence + ".\n"
		}
	}
	return text
}

// lastCounting is the number of the last decision that counts and can be undone; 0 if there is none.
func (e Explanation) lastCounting() (number uint64) {
	for _, r := range e.rulings {
		if r.Counts() && r.Verb != news.Undo {
			number = max(number, r.DecisionNumber())
		}
	}
	return number
}

func leadHeadline(s *news.Story) string {
	if i := s.Item(s.LeadItem); i != nil {
		return evidence.Quote(i.Entry.Title)
	}
	return "A story"
}

// statusWords says whether the story is published, and what it waits for.
func (e Explanation) statusWords() string {
	s := e.story
	switch {
	case s.Status == news.Retracted:
		return "retracted " + shortTime(s.Withdrawn) + " by " + s.WithdrawnBy
	case s.Status == news.Held && !s.Until.IsZero():
		return "held until " + shortTime(s.Until)
	case s.Status == news.Held:
		until := "held until an editor or its feed releases it"
		if at := slices.IndexFunc(s.Items, func(i *news.Item) bool { return i.Hold != nil }); at >= 0 {
			until += " (" + string(s.Items[at].Hold.Kind) + ")"
		}
		return until
	case s.ArchiveOnly:
		return "live, in the archive only"
	}
	return "live"
}

func (e Explanation) originSentence() string {
	if e.Origin == nil {
		why := cmp.Or(e.story.Unstated, "a claim, a credit or a roster would say who made it")
		return "  Origin: not stated: " + why + ". An editor names it: origin " + e.Story + " STATION.\n"
	}
	return fmt.Sprintf("  Origin: %s (%s): %s.\n", e.Origin.Name, e.Origin.Rule, e.Origin.Reason)
}

func (e Explanation) itemParagraph(i ItemReason) string {
	var b strings.Builder
	what := "a copy"
	if i.Rule == news.I0 {
		what = "the original"
	}
	fmt.Fprintf(&b, "  %s %s is %s (%s, %s): %s", e.d.Maker(i.Station).Name, evidence.Quote(i.title), what, i.Rule,
		i.Confidence, i.Why)
	for _, v := range i.Evidence {
		if v.First != nil {
			fmt.Fprintf(&b, ", first seen %s, %s", shortTime(*v.First), whetherStill(v.Last))
		}
	}
	b.WriteString(".\n    " + i.URL + "\n")
	if i.Checks != nil {
		fmt.Fprintf(&b, "    %s.\n", i.comparisonWords())
	}
	if i.article != "" {
		fmt.Fprintf(&b, "    Article page: %s.\n", i.article)
	}
	if without := wouldStandAlone[i.Rule]; without != "" {
		fmt.Fprintf(&b, "    It would be a story of its own if %s, or if an editor split it off.\n", without)
	}
	for _, no := range i.Rejected {
		fmt.Fprintf(&b, "    Not joined by %s with %s: %s.\n", no.Rule, no.With, no.Reason)
	}
	return b.String()
}

// wouldStandAlone says of what joins probably what would have to be true for it not to.
var wouldStandAlone = map[news.Rule]string{
	news.J5: "nothing besides the text was the same, or their numbers or days differed",
	news.J6: "their bylines named different people, or neither a reporter nor the end of the address was the same",
	news.J7: "their bylines named different people, or they began differently",
}

func (i ItemReason) comparisonWords() string {
	c := news.Checks{C5: i.Checks.C5, Words: i.words}
	text := "text too short to compare"
	if c.Compared() {
		text = asPercentage(c.C5) + " of the shorter text agrees"
	}
	veto := "no veto"
	if len(i.Vetoes) > 0 {
		veto = "vetoes against others: " + strings.Trim(fmt.Sprint(i.Vetoes), "[]")
	}
	return strings.Join([]string{headlineWords(i.Checks.Title), hoursWords(i.Checks.Hours), text, veto}, ", ")
}

func headlineWords(alike float64) string {
	switch alike {
	case 0:
		return "Headline differs"
	case 1:
		return "Same headline"
	}
	return asPercentage(alike) + " of the headline agrees"
}

func hoursWords(hours float64) string {
	switch n := math.Round(hours); n {
	case 0:
		return "less than an hour apart"
	case 1:
		return "1 hour apart"
	default:
		return fmt.Sprintf("%.0f hours apart", n)
	}
}

func asPercentage(share float64) string { return fmt.Sprintf("%.0f%%", share*100) }

// originalFirst lists the items with the original at the head; a story whose original is an address
// that no feed has brought has none.
func originalFirst(items []ItemReason) []ItemReason {
	at := slices.IndexFunc(items, func(i ItemReason) bool { return i.Rule == news.I0 })
	if at < 1 {
		return items
	}
	return slices.Concat(items[at:at+1], items[:at], items[at+1:])
}

func whetherStill(last *time.Time) string {
	if last == nil {
		return "still so"
	}
	return "until " + shortTime(*last)
}

func shortTime(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") }
