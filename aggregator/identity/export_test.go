package identity

import (
	"context"
	"fmt"
	"fronteras/aggregator/identity/explain"
	"maps"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// MemoryDesk is the tests' store in memory as scenarios use one.
type MemoryDesk struct {
	m     *memoryStore
	known map[string]bool // feeds; nil until the desk is set up
}

// NewMemoryDesk makes an empty desk.
func NewMemoryDesk(t testing.TB, rules *Rules) *MemoryDesk {
	m := newStore(t)
	m.desk = rules
	return &MemoryDesk{m: m}
}

// Learn notes which feeds join the desk later.
func (d *MemoryDesk) Learn(_ context.Context, feeds []news.Feed, _ time.Time) error {
	founding := d.known == nil
	if founding {
		d.known = map[string]bool{}
	}
	for _, f := range feeds {
		if !founding && !d.known[f.URL] {
			d.m.memories[f.URL] = Memory{}
		}
		d.known[f.URL] = true
	}
	return nil
}

// Arrive saves what a visit brought.
func (d *MemoryDesk) Arrive(_ context.Context, a Arrival) error {
	d.m.now = a.At
	d.m.keep(a.Feed.URL, d.m.desk.Resolve(d.m, a))
	return nil
}

// Settle gives ids and publishes.
func (d *MemoryDesk) Settle(_ context.Context, now time.Time) (uint64, []news.Publication, error) {
	d.m.now = now
	d.m.settle()
	return 0, nil, nil
}

// Rule applies what an editor decides.
func (d *MemoryDesk) Rule(_ context.Context, o Order, now time.Time) (news.Ruled, error) {
	d.m.now = now
	rulings, err := d.m.apply(o)
	return news.Ruled{Rulings: rulings}, err
}

// Use replaces the rules.
func (d *MemoryDesk) UseRules(rules *Rules) { d.m.desk = rules }

// Recompute runs the rules over everything that is stored.
func (d *MemoryDesk) Recompute(_ context.Context, now time.Time, dry bool) (changes []string, err error) {
	d.m.now = now
	if dry {
		defer d.restore(d.copy())
	}
	numbers := slices.Sorted(maps.Keys(d.m.stories))
	for _, n := range numbers {
		for _, i := range d.m.Story(n).Items {
			d.m.enter(i)
		}
	}
	for _, n := range numbers {
		if d.m.stories[n] == nil { // it became part of another
			continue
		}
		before := d.m.Story(n)
		d.m.keep("", d.m.desk.Refold(d.m, before.Members, now))
		if d.m.stories[n] == nil {
			changes = append(changes, before.ID+" becomes one with another")
		} else if what := explain.Differences(before, d.m.Story(n)); len(what) > 0 {
			changes = append(changes, fmt.Sprint(before.ID, " ", what))
		}
	}
	return changes, nil
}

// copy is what the store holds now.
func (d *MemoryDesk) copy() memoryStore {
	c := *d.m
	c.items, c.stories, c.ids = maps.Clone(d.m.items), maps.Clone(d.m.stories), maps.Clone(d.m.ids)
	c.memories, c.marks, c.paragraphs = maps.Clone(d.m.memories), maps.Clone(d.m.marks), maps.Clone(d.m.paragraphs)
	c.keys = map[Key][]uint64{}
	for k, list := range d.m.keys {
		c.keys[k] = slices.Clone(list)
	}
	c.ends = maps.Clone(d.m.ends)
	return c
}

func (d *MemoryDesk) restore(c memoryStore) { *d.m = c }

// FeedFlags returns the flags of a feed.
func (d *MemoryDesk) FeedFlags(feed string) ([]news.Flag, error) { return d.m.Memory(feed).Flags, nil }

// Story is the story that has or had an id.
func (d *MemoryDesk) Story(id string) (*news.Story, error) {
	n := d.m.StoryOf(id)
	if n == 0 {
		return nil, ErrNoStory
	}
	return d.m.Story(n), nil
}

// Stories returns all stories.
func (d *MemoryDesk) Stories() ([]*news.Story, error) { return d.m.all(), nil }

// Faults says what is wrong with what is stored.
func (d *MemoryDesk) Faults(context.Context) (faults []string, err error) { return d.m.faults(), nil }
