// Package identity decides which items tell one story, who made it, and why: deduplication, in the
// steps of entity resolution. Candidate generation is package gather, comparison and clustering are
// package cluster, survivorship is packages lineage and origin. The stages are packages of their
// own, from values to values; this file shows their order, and only package gather reads the store.
package identity

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/identity/absence"
	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/news"
)

// Version is the number of the rules. It rises with every change of what they decide; a test
// compares what all scenarios end in.
const Version = 5

// Rules holds the rules for one configuration. They are immutable and safe for use by many.
type Rules struct{ *directory.Directory }

// New prepares the rules for a configuration.
func New(c directory.Config) *Rules { return &Rules{directory.New(c)} }

// Outcome is what was decided. Items, Stories and Memory replace what is stored under their
// numbers.
type Outcome struct {
	Items   []*news.Item  // new and changed
	Stories []*news.Story // new and changed
	Removed []uint64      // stories that are no more
	Memory  visit.Memory  // of the feed that was visited
	Passing []key.Passing // keys of written items that lead to them for a time
	New     int           // items that were not known
	Changed int           // items whose entry is another than before

	// Postponed is how many items' entries were not taken: what they say is taken the next day.
	Postponed int
	// Waiting is how many entries wait for the next visit, since the topics of their pages decide
	// whether they are taken.
	Waiting int
	// Outgrown are keys that lead to items besides those of their records, for good.
	Outgrown map[uint64][]key.Key
	// Memories are those of feeds, by their addresses, that a ruling changed.
	Memories map[string]visit.Memory
}

// Resolve decides what an arrival means: which entries are items that were known, what is held or
// withdrawn, which items tell one story, and who made it. It depends on nothing but what the store
// has and the arrival.
func (r *Rules) Resolve(store gather.Reader, a visit.Arrival) Outcome {
	s := r.newSource(store, a.At)
	doc := within.Read(s.Directory, &a, s.Visited(a.Feed.URL, a.Last))
	match := keptMatchOrNew(s, doc)
	waiting := within.DecideByPages(doc, match)
	written, memory := writeEntries(s, doc, match, r.MaxAge)
	present, marks := doc.Present(match, written.Places)
	for place, item := range written.Postponed { // the entry comes again as one that was not read
		marks[place].Item, marks[place].Digest = item, news.Digest{}
	}
	forgetArticles(s, doc, present)
	memory = askForArticles(doc, written, present, memory)
	memory, foreign := processAbsences(s, doc, memory, present)
	s.Keep(a.Feed.URL, memory)

	n := s.Neighbors(a.Feed.URL, append(s.Written(), s.Items(slices.Sorted(maps.Keys(foreign)))...))
	if n.Before = written.Before; doc.Memory.Reader != a.Reader && !doc.Memory.Since.IsZero() && !a.Same {
		n.Before = asReadNow(s, written) // what another reader makes of the same words is no edit
	}
	n.Late = written.Late
	n.Reshaped = reshapedItems(s, n, doc, written, present)
	flagDoubts(n, doc, match, written, foreign)
	clusters := cluster.Build(s.Directory, n)
	o := r.composeStories(s, n, clusters)
	o.New, o.Changed, o.Postponed = len(written.New), written.Edited, len(written.Postponed)
	o.Waiting = waiting
	o.Outgrown = written.Outgrown
	o.Memory = clusters.Memory
	o.Memory.AfterSaving(&a, marks)
	return o
}

// Regroup sorts items again, as the rules, the rulings and the clock are now.
func (r *Rules) Regroup(store gather.Reader, items []uint64, now time.Time) Outcome {
	s := r.newSource(store, now)
	n := s.Neighbors("", s.Items(items))
	return r.composeStories(s, n, cluster.Build(s.Directory, n))
}

// AddLengths gives items the lengths that their audio was found to have, and writes their stories
// down again: what is shown of them changes, but not so that readers should look again.
func (r *Rules) AddLengths(store gather.Reader, found map[uint64][]news.AudioLength, now time.Time) Outcome {
	s := r.newSource(store, now)
	for _, i := range s.Items(slices.Sorted(maps.Keys(found))) {
		if measured := admit.MeasureAudio(i, found[i.Number]); measured != nil {
			s.Write(measured)
		}
	}
	n := s.Neighbors("", s.Written())
	return r.composeStories(s, n, cluster.Build(s.Directory, n))
}

// Refold sorts items again as Regroup does, after reading their claims again: the current rules are
// run over what older ones decided.
func (r *Rules) Refold(store gather.Reader, items []uint64, now time.Time) Outcome {
	s := r.newSource(store, now)
	known := map[string]admit.Articles{} // of a feed, worked out once for all its items
	common := func(feed string) admit.Articles {
		articles, ok := known[feed]
		if !ok {
			articles = admit.InCommon(s.Paragraphs(feed))
			known[feed] = articles
		}
		return articles
	}
	for _, i := range s.Items(items) {
		s.Write(admit.MergeArticleAgain(s.Reader, common, i))
		s.Write(admit.UpdateClaimsOfItem(s.Reader, s.Item(i.Number), now))
	}
	n := s.Neighbors("", s.Items(items))
	n.Refolding = true
	return r.composeStories(s, n, cluster.Build(s.Directory, n))
}

// Ask lists the pages to be read before an arrival is saved: those that tell whether what is
// missing was withdrawn, then those of new items, the newest first, then those that earlier visits
// had no room for. Due reports whether there is something to decide though no page can be asked.
// The match is to be given back with the arrival, so that entries are matched once.
func (r *Rules) Ask(store gather.Reader, a visit.Arrival) (questions []visit.Question, due bool, match *visit.Match) {
	may := r.ReadsPages(a.Feed)
	if !a.Same && (!a.Whole && !a.Feed.WholePages || !may) { // then Resolve decides all that there is to decide
		return nil, false, nil
	}
	s := r.newSource(store, a.At)
	doc := within.Read(s.Directory, &a, s.Visited(a.Feed.URL, a.Last))
	match = keptMatchOrNew(s, doc)
	present, _ := doc.Present(match, nil)
	watched := itemsUnderWatch(s, doc, match, present)
	if due = len(watched)+len(doc.Memory.Awaiting) > 0; !may {
		return nil, due, match
	}
	checks := absence.Questions(s.Directory, absence.Visit{Document: doc, Present: present}, s.Items(watched))
	if a.Feed.WholePages {
		questions, stale := articleQuestions(s, doc, match, checks)
		return questions, due || stale, match
	}
	questions = append(checks, doc.Unread(match)...)
	for _, n := range doc.Memory.Unasked {
		if len(questions) < maxQuestions {
			questions = append(questions, visit.Question{Head: visit.Head{Item: n}, URL: s.Item(n).Entry.URL})
		}
	}
	return questions[:min(len(questions), maxQuestions)], due, match
}

// articleQuestions lists the article pages to be read for a document, with the checks of pages that
// may be gone: those that items wait for, those of new and of edited items, the checks, those that
// earlier visits had no room for, and those that are due to be read again. Stale reports whether some
// of these are not to be read any more.
func articleQuestions(s *gather.Source, doc *within.Document, match *visit.Match,
	checks []visit.Question) (questions []visit.Question, stale bool) {
	asked := map[uint64]bool{}
	known := func(n uint64) {
		if len(questions) >= maxQuestions || asked[n] {
			return
		}
		asked[n] = true
		q, may := within.ArticleQuestion(s.Directory, doc.Arrival, doc.Memory, s.Item(n))
		if stale = stale || !may; may {
			questions = append(questions, q)
		}
	}
	for _, n := range doc.Memory.Awaiting {
		known(n)
	}
	questions = append(questions, doc.Unread(match)...)
	for _, q := range slices.Concat(within.Edited(s.Directory, doc, match, s.Items), checks) {
		if !asked[q.Item] || q.Check {
			asked[q.Item] = true
			questions = append(questions, q)
		}
	}
	for _, n := range doc.Memory.Unasked {
		known(n)
	}
	for _, r := range doc.Memory.Readings {
		if !r.Due.After(doc.At) {
			known(r.Item)
		}
	}
	return questions[:min(len(questions), maxQuestions)], stale
}

// composeStories makes stories of the clusters of a neighborhood, and collects what has to be
// written.
func (r *Rules) composeStories(s *gather.Source, n *evidence.Neighborhood, clusters *cluster.Result) (o Outcome) {
	for _, number := range clusters.Held {
		if held := admit.HoldItem(n.Item(number).Item, news.HoldWithdrawn, n.Now); held != nil {
			n.Replace(held)
			s.Write(held)
		}
	}
	plans, found := lineage.Plan(s.Directory, n, clusters)
	composer := compose.Composer{Reader: s.Reader, Neighborhood: n, Result: clusters, Found: found,
		PlanOf: lineage.PlanOfItem(plans), Retracted: map[*lineage.StoryPlan]bool{}}
	type decided struct {
		was      news.Story
		restored bool
		made     origin.Decision
		status.Status
	}
	of := map[*lineage.StoryPlan]decided{}
	for _, plan := range plans {
		was, restored := compose.AsItStood(n, plan)
		made := origin.Elect(s.Directory, n, clusters, plan.Coverage, plan.Old)
		if plan.Old != nil && n.WasMade(plan.Old.Number) && plan.Old.Root == (news.Root{}) {
			plan.Old.Origin = made.Origin // an earlier version ended it, and did not keep that
		}
		if no := made.Conflict; no != nil {
			composer.Found.Flag(no.Item, news.FlagConflictingClaims, no.Item.NameForEditors(), no.Why)
		}
		st := status.Decide(s.Directory, plan.Coverage, made.Origin, n.Rulings, &was, n.Now)
		composer.Retracted[plan] = st.Status == news.Retracted
		of[plan] = decided{was, restored, made, st}
	}
	for _, plan := range plans { // what is asked of a story depends on what becomes of the others
		is := of[plan]
		o.Stories = append(o.Stories, composer.Story(plan, is.was, is.made, is.Status))
	}
	compose.RelateTranslations(composer, plans, o.Stories)
	kept := map[uint64]bool{}
	for place, plan := range plans {
		story := o.Stories[place]
		if plan.Old != nil && (compose.Differs(story, plan.Old, s.IsWritten) || n.WasParted(plan.Old.Number)) ||
			of[plan].restored {
			story.Changed = n.Now
		}
		if story.Number = compose.Number(n, story); story.Number == 0 {
			story.Number = s.NextStory
			s.NextStory++
		}
		for at, i := range story.Items {
			if i.Story != story.Number {
				moved := *i
				moved.Story = story.Number
				s.Write(&moved)
				story.Items[at] = &moved
			}
		}
		kept[story.Number] = true
	}
	for number := range n.Stories {
		if !kept[number] && !n.WasMade(number) {
			o.Removed = append(o.Removed, number)
		}
	}
	slices.Sort(o.Removed)
	for _, i := range s.Written() {
		if e := n.Item(i.Number); e != nil {
			o.Passing = append(o.Passing, evidence.TemporaryKeys(e, n.PeopleKeys[e.Number])...)
		}
		if !i.Pruned.IsZero() { // what came of it served this visit, and is not kept
			bare := i.Bare()
			i = &bare
		}
		o.Items = append(o.Items, i)
	}
	return o
}

// WhyEvidenceAlone says, of an article page of a station, why nothing of it is published though its
// text could be used; "" where it is.
func (r *Rules) WhyEvidenceAlone(station string, page news.Page) string {
	return admit.WhyEvidenceAlone(evidence.NewReader(r.Remembering()), station, page)
}

func (r *Rules) newSource(store gather.Reader, now time.Time) *gather.Source {
	return gather.NewSource(store, evidence.NewReader(r.Remembering()), now)
}
