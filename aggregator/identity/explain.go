package identity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Explanation says why the items of a story are where they are. It is made of
// what was recorded; nothing is computed anew.
type Explanation struct {
	What     string         `json:"what"`
	Key      string         `json:"key"` // of What where that is an address
	Story    string         `json:"story"`
	PublicID string         `json:"public_id"`
	Title    string         `json:"title"`
	Items    []ItemReason   `json:"items"`
	Origin   *OriginReason  `json:"origin"`
	Rulings  []string       `json:"rulings"`
	Flags    []news.Flag    `json:"flags"`
	Versions map[string]int `json:"versions"`
}

// ItemReason says why one item is in the story.
type ItemReason struct {
	Station    string          `json:"station"`
	Feed       string          `json:"feed"`
	GUID       string          `json:"guid"`
	URL        string          `json:"url"`
	Title      string          `json:"title"`
	Rule       string          `json:"rule"`
	Confidence news.Confidence `json:"confidence"`
	Why        string          `json:"why"`
	Evidence   []news.Evidence `json:"evidence"`
	Checks     *news.Checks    `json:"checks"`
	Vetoes     []string        `json:"vetoes"`
	Rejected   []news.Rejected `json:"rejected"`
}

// OriginReason says who made the story, and why the desk thinks so.
type OriginReason struct {
	news.Origin
	RunnerUp *news.Maker `json:"runner_up"`
}

// Explain explains a story, to somebody who asked for what.
func (d *Desk) Explain(what string, s *news.Story) Explanation {
	e := Explanation{
		What: what, Key: d.key(what), Story: s.ID, PublicID: s.PublicID, Items: []ItemReason{}, Rulings: []string{}, Flags: s.Flags,
		Versions: map[string]int{"link": link.Version, "rules": Version},
	}
	if e.Flags == nil {
		e.Flags = []news.Flag{}
	}
	if i := s.Item(s.Shown); i != nil {
		e.Title = i.Entry.Title
	}
	if s.Origin != nil {
		e.Origin = &OriginReason{Origin: *s.Origin}
	}
	for _, i := range s.Items {
		e.Items = append(e.Items, itemReason(s, i))
	}
	return e
}

func itemReason(s *news.Story, i *news.Item) ItemReason {
	r := ItemReason{
		Station: i.Station, Feed: i.Feed, GUID: i.Entry.GUID, URL: i.Entry.URL, Title: i.Entry.Title,
		Evidence: []news.Evidence{}, Vetoes: []string{}, Rejected: []news.Rejected{},
	}
	if edge := s.Edge(i.Number); edge != nil {
		r.Rule, r.Confidence, r.Why, r.Checks = edge.Rule, edge.Confidence, edge.Why, edge.Checks
		r.Evidence = append(r.Evidence, edge.Evidence...)
	}
	for _, no := range s.Rejected {
		if no.Item != i.Number {
			continue
		}
		r.Rejected = append(r.Rejected, no)
		if no.Veto != "" && !slices.Contains(r.Vetoes, no.Veto) {
			r.Vetoes = append(r.Vetoes, no.Veto)
		}
	}
	return r
}

// Words tells the explanation in sentences, one line an item.
func (e Explanation) Words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  story %s, public id %s\n", quote(e.Title), e.Story, e.PublicID)
	switch {
	case e.Origin == nil:
		b.WriteString("  Origin: not stated; nothing says who made it.\n")
	default:
		fmt.Fprintf(&b, "  Origin: %s (%s): %s.\n", e.Origin.Name, e.Origin.Rule, e.Origin.Reason)
	}
	for _, i := range e.Items {
		b.WriteString("\n" + i.words())
	}
	for _, f := range e.Flags {
		fmt.Fprintf(&b, "\n  Flag %s %s: %s.\n", f.Kind, f.With, f.Why)
	}
	return b.String()
}

func (i ItemReason) words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %s\n    %s\n", strings.ToUpper(i.Station), quote(i.Title), i.URL)
	fmt.Fprintf(&b, "    %s, %s: %s", i.Rule, i.Confidence, i.Why)
	for _, v := range i.Evidence {
		if !v.First.IsZero() {
			fmt.Fprintf(&b, ", first seen %s, %s", short(v.First), still(v.Last))
		}
	}
	b.WriteString(".\n")
	if c := i.Checks; c != nil {
		fmt.Fprintf(&b, "    Titles %.2f alike, %s, %.0f h apart.\n", c.Title, texts(c), c.Hours)
	}
	for _, no := range i.Rejected {
		fmt.Fprintf(&b, "    Not joined with %s by %s%s: %s.\n", no.With, no.Rule, parenthesis(no.Veto), no.Reason)
	}
	return b.String()
}

// texts says how alike two texts are, where they were compared.
func texts(c *news.Checks) string {
	if !c.Compared() {
		return "texts too short to compare"
	}
	return fmt.Sprintf("texts %.2f", c.C5)
}

func parenthesis(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func still(last time.Time) string {
	if last.IsZero() {
		return "still so"
	}
	return "until " + short(last)
}

func short(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") }
