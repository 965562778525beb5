package identity

import (
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// apart is how far the dates of two tellings may lie apart (V6).
const apart = 14 * 24 * time.Hour

// byRuling is the rule of an edge that an editor made.
const byRuling = news.ByEditor

// veto is a reason why two tellings are not joined, whatever speaks for it.
type veto struct {
	rule   news.Rule // V1 to V9
	reason string
}

// veto looks for a reason why two tellings must not be joined by a rule.
func (f *fold) veto(t, u *telling, rule news.Rule) *veto {
	switch {
	case f.ruledApart(t.Item, u.Item):
		return &veto{"V4", "an editor has separated them"}
	case rule == byRuling || f.ruledTogether(t.Item, u.Item):
		return nil
	case t.Feed == u.Feed:
		return &veto{"V1", "both are items of one feed"}
	case f.translation(t, u):
		return &veto{"V2", fmt.Sprintf("their languages differ (%s, %s): one is a translation of the other", t.language, u.language)}
	case rule != "J2" && parts(t, u):
		return &veto{"V3", "one is a part of the other's page"}
	}
	if rule == "J1" {
		return nil
	}
	if a, b := t.node.claim, u.node.claim; a != nil && b != nil && (f.end(a.target) != f.end(b.target) || a.story != b.story) {
		return &veto{"V5", "each names another original"}
	}
	if rule == "J2" {
		return nil
	}
	if d, known := hours(t, u); known && d > apart {
		return &veto{"V6", fmt.Sprintf("their dates are %d days apart", int(d.Hours()/24))}
	}
	if a, b := link.Family(t.key), link.Family(u.key); a != "" && a == b && t.key != u.key {
		return &veto{"V8", "one site gave them different numbers"}
	}
	if rule == "J5" && disagree(t, u) {
		return &veto{"V7", "their numbers or days differ"}
	}
	return nil
}

// translation reports whether the known languages of two tellings differ.
func (f *fold) translation(t, u *telling) bool {
	f.measure(t)
	f.measure(u)
	return t.language != "" && u.language != "" && t.language != u.language
}

// parts reports whether the addresses of two tellings differ by a fragment
// alone: a live blog and its entry.
func parts(t, u *telling) bool {
	page, fragment := fragmentOf(t.key)
	other, piece := fragmentOf(u.key)
	return t.key != "" && page == other && fragment != piece
}

// vetoAmong looks for a reason why a node must not join tellings that are
// together already.
func (f *fold) vetoAmong(n *node, others []*node, rule news.Rule) (*telling, *telling, *veto) {
	for _, t := range n.tellings {
		for _, o := range others {
			for _, u := range o.tellings {
				if v := f.veto(t, u, rule); v != nil && slices.Contains(among, v.rule) {
					return t, u, v
				}
			}
		}
	}
	return nil, nil, nil
}

// among are the vetoes that hold between any two items of one story; the others
// speak against an edge between the two alone.
var among = []news.Rule{"V1", "V2", "V4"}

// full reports whether a story would hold more items than the desk has feeds (V9).
func (f *fold) full(n *node, c *cluster, items int) *veto {
	feeds := 0
	for _, s := range f.desk.Stations {
		feeds += len(s.Feeds)
	}
	over := func(t *telling) bool { return t.oversize }
	if slices.ContainsFunc(n.tellings, over) || c.root != nil && slices.ContainsFunc(c.root.tellings, over) || items > max(feeds, 1) {
		return &veto{"V9", "too many items would come together"}
	}
	return nil
}
