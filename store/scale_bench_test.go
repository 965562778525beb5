package store

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// BenchmarkScale does what a daemon and its operator do, in a small archive and in a large one, or
// in one of FRONTERAS_SCALE stories: nothing but the check, the backup and the verification may
// take longer in that. Of each it tells the CPU time, how often a key is looked for in the store,
// and how much memory was resident at most.
//
//	go test -run '^$' -bench Scale ./store
//	FRONTERAS_SCALE=1000000 FRONTERAS_SCALE_FILE=/var/tmp/scale.db go test -run '^$' -bench Scale -timeout 2h ./store
func BenchmarkScale(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if given := os.Getenv("FRONTERAS_SCALE"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil {
			b.Fatal(err)
		}
		sizes = []int{n}
	}
	for _, stories := range sizes {
		a := newArchive(b, stories)
		t := &scaled{scaleArchive: a, path: scaleStore(b, a), now: a.end(), more: map[int]int{}}
		t.reopen(b)
		t.tidy(b)
		for _, c := range t.costs(b) {
			b.Run(fmt.Sprintf("%s/%d", c.name, stories), func(b *testing.B) { t.measure(b, c.do) })
		}
		if err := t.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// scaled is an archive in its store.
type scaled struct {
	*scaleArchive
	*Store
	path string
	now  time.Time
	more map[int]int // entries that a feed has shown beyond those that were stored
}

// cost is one thing that a daemon does.
type cost struct {
	name string
	do   func() error
}

// reopen is a start of the daemon.
func (t *scaled) reopen(b *testing.B) {
	t.Store = open(b, t.path, t.rules)
	if err := t.Learn(b.Context(), t.feeds, t.now); err != nil {
		b.Fatal(err)
	}
}

func (t *scaled) costs(b *testing.B) []cost {
	turn := 0
	return []cost{
		{"visit", func() error { // that brings one new item of fifty, settled
			turn++
			return t.oneNew(b, turn*7919%len(t.feeds))
		}},
		{"unchanged", func() error { return t.unchanged(b) }},
		{"rendering", func() error { return t.rendering(b) }},
		// when next to nothing is new
		{"quiet", func() error { _, err := t.Window(scaleStories, time.Minute); return err }},
		{"stories", func() error {
			n := 0
			return t.EachStory(func(*news.Story) bool { n++; return n < 50 })
		}},
		{"flagged", func() error { return t.EachFlagged(func(*news.Story) bool { return true }) }},
		{"lookup", func() error {
			turn++
			e := t.original(turn*7919%len(t.feeds), 1)
			found, err := t.Lookup(e.URL)
			if err == nil && len(found) != 1 {
				err = fmt.Errorf("%s leads to %d stories", e.URL, len(found))
			}
			return err
		}},
		{"archive", func() error { _, err := t.Archive(1); return err }},
		{"day", func() error { // in the middle of the archive, with the days before and after
			turn++
			day := t.end().AddDate(0, 0, -turn%300).Truncate(24 * time.Hour)
			_, err := t.PublishedBetween(day, day.AddDate(0, 0, 1), 0, 100)
			if err == nil {
				_, err = t.PublishedBefore(day)
			}
			if err == nil {
				_, err = t.PublishedFrom(day.AddDate(0, 0, 1))
			}
			return err
		}},
		{"month", func() error { // its days, and when each changed, as the sitemap lists them
			turn++
			day := t.end().AddDate(0, 0, -turn%300).Truncate(24 * time.Hour)
			for range 31 {
				before, err := t.PublishedBefore(day)
				if err != nil || before.IsZero() {
					return err
				}
				day = before.Truncate(24 * time.Hour)
				if _, err := t.ChangedBetween(day, day.AddDate(0, 0, 1), 100); err != nil {
					return err
				}
			}
			return nil
		}},
		{"days", func() error { _, _, err := t.CountByDay(30); return err }},
		{"backup", func() error {
			c, err := t.Backup(b.Context(), t.now)
			if err != nil {
				return err
			}
			defer c.Close()
			_, err = io.Copy(io.Discard, c)
			return err
		}},
		{"start", func() error {
			if err := t.Close(); err != nil {
				return err
			}
			t.reopen(b)
			return nil
		}},
		{"verify", func() error {
			c, err := t.Verify(b.Context())
			if err == nil && len(c.Faults) > 0 {
				err = fmt.Errorf("%d faults: %v", len(c.Faults)+c.More, c.Faults[0])
			}
			return err
		}},
	}
}

// tidy does what is done once, bit by bit: texts that are due are pruned, and keys
// whose time has passed are swept.
func (t *scaled) tidy(b *testing.B) {
	for feed := range 100 {
		if err := t.oneNew(b, feed%len(t.feeds)); err != nil {
			b.Fatal(err)
		}
	}
	for done := 1; done > 0; {
		var err error
		if done, err = t.Prune(b.Context(), scaleMaxAge, t.now); err != nil {
			b.Fatal(err)
		}
	}
}

// oneNew has a feed's document arrive with one entry that is new.
func (t *scaled) oneNew(b *testing.B, feed int) error {
	last := t.now
	t.more[feed]++
	t.now = t.now.Add(time.Minute)
	if err := t.visit(b, t.Store, feed, scaleVisits*scaleNew+t.more[feed], 1, t.now, last); err != nil {
		return err
	}
	_, _, err := t.Settle(b.Context(), t.now)
	return err
}

// unchanged makes the visit of the feed that is due, whose server says 304.
func (t *scaled) unchanged(b *testing.B) error {
	t.now = t.now.Add(time.Hour) // all are due
	v, _, ok, err := t.Claim(b.Context(), t.now, func(string, bool) time.Duration { return 0 })
	if err != nil || !ok {
		return fmt.Errorf("no visit is due: %w", err)
	}
	f := news.Feed{Station: v.Station, URL: v.Feed}
	if _, _, _, err := t.Ask(b.Context(), identity.Arrival{Feed: f, At: t.now, Last: v.Success,
		Same: true}); err != nil {
		return err
	}
	v.Visited, v.Success, v.Due, v.Leased = t.now, t.now, t.now.Add(time.Hour), time.Time{}
	return t.SaveLater(b.Context(), v)
}

// rendering reads what documents are made of.
func (t *scaled) rendering(b *testing.B) error {
	if _, err := t.FeedFacts(); err != nil {
		return err
	}
	if err := t.CloseArchives(b.Context(), scaleStories, scaleMaxAge); err != nil {
		return err
	}
	if _, err := t.Prune(b.Context(), scaleMaxAge, t.now); err != nil {
		return err
	}
	if _, err := t.Window(scaleStories, scaleMaxAge); err != nil {
		return err
	}
	_, _, err := t.TopicsAndLanguages()
	return err
}

// measure repeats something, and reports what it took each time.
func (t *scaled) measure(b *testing.B, do func() error) {
	debug.FreeOSMemory() // what came before is not to count
	forgetPeak()
	begun, searched := spentCPU(), t.searches()
	opened := t.Store
	n := 0
	for b.Loop() {
		n++
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((spentCPU()-begun).Microseconds())/1000/float64(n), "CPU-ms/op")
	if t.Store == opened {
		b.ReportMetric(float64(t.searches()-searched)/float64(n), "reads/op")
	}
	b.ReportMetric(peak(), "peak-MB")
}

// searches is how often a key was looked for so far.
func (t *scaled) searches() int64 {
	stats := t.db.Stats()
	return stats.TxStats.GetCursorCount()
}

// spentCPU is the time of user and system that this process has spent.
func spentCPU() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// forgetPeak has the kernel measure from now on how much memory is resident at most.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peak is how much that was, in MB; 0 where the kernel does not tell.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1000
		}
	}
	return 0
}
