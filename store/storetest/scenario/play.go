package scenario

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Play plays a scenario on an empty desk, which open makes. What does not come out
// as the scenario says fails the test.
func Play(t *testing.T, s Scenario, open func(rules *identity.Rules) Desk) Played {
	p := newPlayer(t)
	p.desk = open(identity.New(p.rules))
	expecting, want := false, []string(nil)
	expect := func() {
		if expecting {
			p.expectStories(want)
		}
	}
	for _, l := range s.lines {
		p.line = l.number
		if expecting && l.indented {
			want = append(want, l.text)
			continue
		}
		expect()
		expecting, want = l.text == "stories", nil
		if expecting {
			p.sendDocument()
		} else {
			p.doStep(l.text)
		}
	}
	expect()
	p.sendDocument()
	faults, err := p.desk.Faults(t.Context())
	p.mustSucceed(err)
	for _, f := range faults {
		t.Errorf("the store is not sound: %s", f)
	}
	return Played{Outcome: p.describeOutcome(), Seen: p.seen}
}

// doStep does what a line says.
func (p *player) doStep(text string) {
	verb, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	if p.arrival != nil && p.describeDocument(verb, rest) {
		return
	}
	p.sendDocument()
	words := strings.Fields(rest)
	switch verb {
	case "pages": // feeds whose items' article pages are read
		for _, name := range words {
			f := p.feedNamed(name)
			for _, st := range p.stations {
				for n := range st.Feeds {
					st.Feeds[n].WholePages = st.Feeds[n].WholePages || st.Feeds[n].URL == f.URL
				}
			}
		}
		p.desk.UseRules(identity.New(p.rules))
	case "reader": // the number of the reader from here on
		n, err := strconv.Atoi(words[0])
		p.mustSucceed(err)
		p.reader = n
	case "late": // feeds that join the desk later
		p.delayFeeds(words)
	case "feed":
		p.openDocument(words)
	case "settle":
		if rest != "" {
			p.at = p.parseMoment(rest)
		}
		p.settleStories()
	case "mark":
		p.names[words[1]] = p.findStory(words[0]).PublicID
	case "still":
		if have := p.findStory(words[0]); p.names[words[1]] == "" || have.PublicID != p.names[words[1]] {
			p.errorf("%s is %q, and was %q", words[0], have.PublicID, p.names[words[1]])
		}
	case "leads":
		if have, err := p.desk.Story(p.names[words[0]]); err != nil || have.Number != p.findStory(words[1]).Number {
			p.errorf("%s does not lead to %s: %v", words[0], words[1], err)
		}
	case "outside": // a source is added to the configuration: ID HOST
		p.rules.Outside = append(p.rules.Outside, news.Outside{ID: words[0], Name: words[0], Hosts: words[1:]})
		p.desk.UseRules(identity.New(p.rules))
	case "refold": // refold [dry] N: N stories change
		changes, err := p.desk.Recompute(p.t.Context(), p.at, words[0] == "dry")
		p.mustSucceed(err)
		if want := words[len(words)-1]; strconv.Itoa(len(changes)) != want {
			p.errorf("running the rules again changes %q, want %s", changes, want)
		}
		p.observeOccurrences()
	case "dates":
		p.expectDates(words)
	case "translates", "versions", "alone":
		p.expectTranslation(verb, words)
	case "flags":
		p.expectFeedFlags(words)
	default:
		p.ruleAsEditor(verb, words)
	}
}

func (p *player) settleStories() {
	_, _, err := p.desk.Settle(p.t.Context(), p.at)
	p.mustSucceed(err)
	p.observeOccurrences()
}

// delayFeeds sets up the desk without some feeds.
func (p *player) delayFeeds(feeds []string) {
	early := slices.DeleteFunc(p.allFeeds(), func(f news.Feed) bool {
		return slices.ContainsFunc(feeds, func(name string) bool { return p.feedNamed(name).URL == f.URL })
	})
	p.mustSucceed(p.desk.Learn(p.t.Context(), early, noon))
	p.learned = true
}

// ruleAsEditor applies an editor's ruling on stories, each named by one of its items.
func (p *player) ruleAsEditor(verb string, words []string) {
	o := identity.Order{Verb: news.Verb(verb), User: "rosa"}
	switch {
	case verb == "apart":
		o.Verb = news.Split
		for _, w := range words {
			o.Stories = append(o.Stories, p.findStory(w).ID)
		}
	case o.Verb == news.Undo:
		if len(words) > 0 {
			n, err := strconv.ParseUint(words[0], 10, 64)
			p.mustSucceed(err)
			o.Decision = n
		}
	case o.Verb == news.Join && len(words) == 3:
		words, o.Maker = words[:2], words[2]
		fallthrough
	default:
		p.nameOrdered(&o, words)
	}
	p.at = p.at.Add(time.Minute)
	_, err := p.desk.Rule(p.t.Context(), o, p.at)
	p.mustSucceed(err)
	p.settleStories()
}

// nameOrdered completes an order of a verb that names stories, an item or a feed.
func (p *player) nameOrdered(o *identity.Order, words []string) {
	if o.Verb == news.Retract {
		o.Reason = "it is wrong"
	}
	if last := len(words) - 1; words[last] == "although-killed" {
		words, o.AlthoughKilled = words[:last], true
	}
	switch o.Verb {
	case news.Trust:
		o.Feed = p.feedNamed(words[0]).URL
	case news.Split:
		o.Stories, o.Item = []string{p.findStory(words[0]).ID}, p.findItem(words[1]).Entry.URL
	case news.Credit:
		o.Stories, o.Maker = []string{p.findStory(words[0]).ID}, words[1]
	case news.Join, news.Hold, news.Release, news.Retract, news.Restore:
		for _, w := range words {
			if _, slug, ok := strings.Cut(w, "/"); ok && slug != "*" {
				o.Stories = append(o.Stories, p.findStory(w).ID)
			} else {
				o.Stories = append(o.Stories, p.feedNamed(strings.TrimSuffix(w, "/*")).URL)
			}
		}
	default:
		p.t.Fatalf("line %d: %q means nothing", p.line, string(o.Verb))
	}
}

// expectDates compares when a story was published and modified: SLUG PUBLISHED [MODIFIED].
func (p *player) expectDates(words []string) {
	story := p.findStory(words[0])
	have := formatClock(story.Published)
	if len(words) > 2 {
		have += " " + formatClock(story.Modified)
	}
	if want := strings.Join(words[1:], " "); have != want {
		p.errorf("%s has the dates %s, want %s", words[0], have, want)
	}
}

// expectTranslation compares what stories lead to in other languages: the first one translates the
// second, or neither says which came first, or the only one leads to none.
func (p *player) expectTranslation(verb string, words []string) {
	a := p.findStory(words[0])
	if verb == "alone" {
		if a.TranslationOf != nil || len(a.Versions) > 0 {
			p.errorf("%s leads to %v and %v, want none", words[0], a.TranslationOf, a.Versions)
		}
		return
	}
	b := p.findStory(words[1])
	leadsTo := func(s *news.Story) func(news.Translation) bool {
		return func(t news.Translation) bool { return t.Item != 0 && s.Item(t.Item) != nil }
	}
	translates := a.TranslationOf != nil && leadsTo(b)(*a.TranslationOf)
	isVersion := slices.ContainsFunc(a.Versions, leadsTo(b))
	if translates != (verb == "translates") || isVersion != (verb == "versions") ||
		!slices.ContainsFunc(b.Versions, leadsTo(a)) {
		p.errorf("%s leads to %v and %v, and %s to %v: want that it %s it", words[0], a.TranslationOf, a.Versions,
			words[1], b.Versions, verb)
	}
}

// expectFeedFlags compares the flags of a feed: NAME KIND…
func (p *player) expectFeedFlags(words []string) {
	if have := p.flagKindsOf(p.feedNamed(words[0]).URL); !slices.Equal(have, words[1:]) {
		p.errorf("%s has the flags %v, want %v", words[0], have, words[1:])
	}
}

// expectStories compares the stories with those wanted, in any order.
func (p *player) expectStories(want []string) {
	have := summarizeStories(p.allStories())
	slices.Sort(want)
	if !slices.Equal(have, want) {
		p.t.Errorf("before line %d the stories are\n\t%s\nwant\n\t%s", p.line, strings.Join(have, "\n\t"),
			strings.Join(want, "\n\t"))
	}
}
