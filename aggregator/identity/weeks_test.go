package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// TestPropertyRandomWeeks lets stations and editors do whatever they may, for weeks: nothing
// ends the fold, and what must be so of every desk is so after each step.
func TestPropertyRandomWeeks(t *testing.T) {
	try(t, 6, nil, func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 5))
		m := newStore(t)
		week := &weeks{m: m, r: r, documents: randomDocuments(r)}
		ids := map[uint64]string{}
		for range 25 {
			week.step()
			for n := range ids { // a story may end in another, and its id leads there
				if _, there := m.stories[n]; !there {
					delete(ids, n)
				}
			}
			checkInvariants(t, m, ids)
		}
		if t.Failed() {
			t.Errorf("seed %d: %q", seed, week.did)
		}
	})
}

// weeks holds what happens to a desk.
type weeks struct {
	m         *memoryStore
	r         *rand.Rand
	documents map[string][]news.Entry
	did       []string
}

// step makes one thing happen, and has what it changed read.
func (w *weeks) step() {
	feed := testFeeds[w.r.IntN(len(testFeeds))]
	what := w.r.IntN(20)
	w.did = append(w.did, fmt.Sprint(what, " ", feed))
	defer func() {
		if fault := recover(); fault != nil {
			w.m.t.Logf("steps %q", w.did)
			panic(fault)
		}
	}()
	entries := w.documents[feed]
	whole := true
	var deleted []news.Deleted
	switch {
	case what == 0:
		entries = append(slices.Clone(randomDocuments(w.r)[feed]), entries...)
	case what == 1 && len(entries) > 2: // one leaves the middle
		n := 1 + w.r.IntN(len(entries)-2)
		entries = slices.Delete(slices.Clone(entries), n, n+1)
	case what == 2 && len(entries) > 0: // one is told to be deleted, perhaps another's
		other := w.documents[testFeeds[w.r.IntN(len(testFeeds))]]
		if len(other) > 0 {
			deleted = append(deleted, news.Deleted{Ref: other[w.r.IntN(len(other))].GUID, When: w.m.now})
		}
	case what == 3: // a wire's notice, and what it is about
		e := entry(stationOf(feed), fmt.Sprint("kill-", w.r.IntN(3)), "MANDATORY KILL: Dam report warns of cracks", w.r.IntN(2000))
		text("<p>PHOENIX (AP) — The story is withdrawn.</p>")(&e)
		entries = append([]news.Entry{e}, entries...)
	case what == 4:
		e := entry(stationOf(feed), fmt.Sprint("wire-", w.r.IntN(3)), "Dam report warns of cracks", w.r.IntN(2000))
		text("<p>PHOENIX (AP) — The dam above the town has cracks.</p>")(&e)
		entries = append([]news.Entry{e}, entries...)
	case what == 5: // the desk's own item comes back
		if all := w.m.all(); len(all) > 0 {
			s := all[w.r.IntN(len(all))]
			e := entry(stationOf(feed), fmt.Sprint("loop-", w.r.IntN(9)), "It came back", w.r.IntN(2000))
			if e.GUID = s.PublicID; e.GUID == "" {
				e.GUID = "loop"
			}
			entries = append([]news.Entry{e}, entries...)
		}
	case what == 6, what > 15: // touched, or rewritten
		entries = slices.Clone(entries)
		for n := range entries {
			switch w.r.IntN(5) {
			case 0:
				entries[n].Content += "<p>Touched.</p>"
			case 1:
				entries[n].Title += " again"
			case 2:
				entries[n].GUID = fmt.Sprint(entries[n].GUID, "-new")
			case 3:
				entries[n].URL = strings.Replace(entries[n].URL, "of-", "again-of-", 1)
			}
		}
	case what == 7: // dates ahead, and far ahead
		e := entry(stationOf(feed), fmt.Sprint("ahead-", w.r.IntN(3)), "Tomorrow", 0)
		e.Published = w.m.now.Add(time.Duration(w.r.IntN(400)) * time.Hour)
		entries = append([]news.Entry{e}, entries...)
	case what == 8:
		whole = false
		entries = entries[:min(len(entries), 1)]
	case what == 9:
		w.m.settle()
		if len(w.m.stories) > 0 {
			overrule(w.m, w.r)
		}
		return
	case what == 10:
		w.m.settle()
		return
	case what == 11: // other rules
		w.m.ruled = w.m.now
		return
	case what == 12: // they are run over everything
		for _, s := range w.m.all() {
			if _, there := w.m.stories[s.Number]; there {
				w.m.keep("", w.m.desk.Refold(w.m, w.m.Story(s.Number).Members, w.m.now))
			}
		}
		return
	case what == 13:
		w.m.now = w.m.now.Add(time.Duration(w.r.IntN(20)) * 24 * time.Hour)
		return
	case what == 14: // a flood
		for n := range 12 {
			entries = append(slices.Clone(entries), entry(stationOf(feed), fmt.Sprintf("old-%d-%d", w.r.IntN(3), n), fmt.Sprint("Old story ", n), -5000-n))
		}
	case what == 15:
		entries = nil
	}
	w.documents[feed] = entries
	w.read(feed, whole, entries, deleted)
}

// read folds a document as the store does: what the page of each question says is
// chance.
func (w *weeks) read(feed string, whole bool, entries []news.Entry, deleted []news.Deleted) {
	station, name, _ := strings.Cut(feed, "/")
	if name == "" {
		name = "rss"
	}
	f := news.Feed{Station: station, URL: "https://" + station + ".example/" + name + ".xml"}
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Digest = digest(w.m.t, entries[i])
	}
	a := Arrival{Feed: f, Link: "https://" + station + ".example/", Language: "en", At: w.m.now, Whole: whole, Entries: entries, Deleted: deleted}
	questions, _, match := w.m.desk.Ask(w.m, a)
	a.Match = match
	for _, q := range questions {
		if w.r.IntN(4) == 0 {
			continue
		}
		h := q.Head
		h.Page = news.Page{Asked: w.m.now, Status: []int{200, 404, 410, 0}[w.r.IntN(4)]}
		a.Heads = append(a.Heads, h)
	}
	w.m.keep(f.URL, w.m.desk.Resolve(w.m, a))
	w.m.now = w.m.now.Add(time.Duration(1+w.r.IntN(180)) * time.Minute)
}

func stationOf(feed string) string {
	station, _, _ := strings.Cut(feed, "/")
	return station
}

// What the rules read from a store stays as it was: they return new values. So a store can
// hand out what it keeps, and a dry run leaves no trace.
func TestTheRulesChangeNothingThatTheyRead(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 6))
		week := &weeks{m: newStore(t), r: r, documents: randomDocuments(r)}
		for range 25 {
			was := map[any]string{}
			for _, i := range week.m.items {
				was[i] = encoded(t, i)
			}
			for _, s := range week.m.stories {
				was[s] = encoded(t, s)
			}
			for _, m := range week.m.memories {
				was[&m] = encoded(t, m)
			}
			week.step()
			for read, before := range was {
				if now := encoded(t, read); now != before {
					t.Errorf("seed %d, %q: it was\n%s\nand is\n%s", seed, week.did, before, now)
				}
			}
		}
	}
}
