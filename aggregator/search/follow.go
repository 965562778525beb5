package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"fronteras/aggregator/news"
)

// Bounds of one step of following the store.
const (
	maxEdits   = 64  // stories that have changed
	maxEntered = 256 // stories while the index is made
)

// Run opens the index, makes it where it is to be made, and has it follow the store until ctx ends.
// It never fails: what keeps it from following is reported, and tried again later.
func (x *Index) Run(ctx context.Context) {
	defer x.close()
	for ctx.Err() == nil {
		begun := time.Now()
		more, err := x.step(ctx)
		x.report(ctx, err)
		var wait <-chan time.Time
		switch {
		case err != nil:
			wait = time.After(retryAfter)
		case more: // visits, and readers, have the processor as long
			wait = time.After(time.Since(begun))
		}
		if err == nil && more {
			select {
			case <-wait:
			case <-ctx.Done():
			}
			continue
		}
		select {
		case <-wait:
		case <-x.wake:
		case <-ctx.Done():
		}
	}
}

// report tells of an error once.
func (x *Index) report(ctx context.Context, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != x.reported && ctx.Err() == nil {
		x.reported = text
		x.options.Report(err)
	}
}

func (x *Index) close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.file != nil {
		_ = x.file.close() // what it holds is on the disk
		x.file = nil
	}
	x.setStatus(Status{})
}

// step makes the index as the store is, in part; more is whether it is to go on at once.
func (x *Index) step(ctx context.Context) (more bool, err error) {
	describe, mark, err := x.options.Describe()
	if err != nil {
		return false, err
	}
	if err := x.ensureOpen(mark); err != nil {
		return false, err
	}
	if more, err = x.follow(ctx, describe); x.damaged.Swap(false) {
		err = errors.Join(err, ErrDamaged)
	}
	if errors.Is(err, ErrDamaged) {
		x.close()
		err = errors.Join(err, removeFile(x.options.Folder))
		return true, err
	}
	if x.file != nil && more {
		x.noteStatus()
	}
	return more, err
}

func removeFile(folder string) error {
	if err := os.Remove(filepath.Join(folder, fileName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// ensureOpen opens the file, if it is not, and starts it over if it has gone or is of another mark.
func (x *Index) ensureOpen(mark string) error {
	if x.file != nil {
		_, err := os.Stat(filepath.Join(x.options.Folder, fileName))
		if err == nil && x.file.current().Mark == mark {
			return nil
		}
		x.close()
	}
	f, err := openFile(x.options.Folder, mark, x.options.noSync)
	if err != nil {
		return fmt.Errorf("search index %s: %w", x.options.Folder, err)
	}
	x.mu.Lock()
	x.file = f
	x.mu.Unlock()
	x.noteStatus()
	return nil
}

// noteStatus keeps what Status says.
func (x *Index) noteStatus() {
	s := x.file.current()
	now := Status{Open: true, Whole: s.Whole}
	for _, b := range s.all() {
		now.Stories += b.live()
	}
	x.setStatus(now)
}

// follow enters what has changed; if nothing has, and the index is being made, some of what there was before.
func (x *Index) follow(ctx context.Context, describe func(*news.Story) Document) (more bool, err error) {
	s := x.file.current()
	if s.Begun {
		numbers, to, known, err := x.options.Stories.EditsAfter(s.Place, maxEdits)
		switch {
		case err != nil:
			return false, err
		case !known:
			return true, x.file.apply(change{about: func(a *about) { a.Begun, a.Whole = false, false }})
		case to != s.Place:
			c, err := x.changeOf(numbers, describe)
			if err != nil {
				return false, err
			}
			c.about = func(a *about) { a.Place = to }
			if err := x.file.apply(c); err != nil {
				return false, err
			}
			return true, x.options.Stories.DropEdits(ctx, to)
		case s.Whole:
			return false, nil
		}
	} else if !s.empty() {
		// It is of another store, or too old to go on: documents of stories that are no more would stay.
		x.close()
		return true, removeFile(x.options.Folder)
	} else if err := x.begin(); err != nil {
		return false, err
	}
	s = x.file.current()
	stories, next, err := x.options.Stories.StoriesBelow(s.Next, maxEntered)
	if err != nil {
		return false, err
	}
	c := describeAll(stories, describe)
	c.about = func(a *about) { a.Next, a.Whole = next, next == 0 }
	return true, x.file.apply(c)
}

// begin notes where the log of edits ends before the first story is entered: what changes later is found there.
func (x *Index) begin() error {
	_, to, _, err := x.options.Stories.EditsAfter(news.Place{}, 0)
	if err != nil {
		return err
	}
	return x.file.apply(change{about: func(a *about) { a.Place, a.Begun, a.Next = to, true, math.MaxUint64 }})
}

// changeOf is what becomes of stories that have changed.
func (x *Index) changeOf(numbers []uint64, describe func(*news.Story) Document) (c change, err error) {
	var stories []*news.Story
	for _, n := range numbers {
		story, err := x.options.Stories.StoryNumbered(n)
		switch {
		case err != nil && x.options.Missing(err):
			c.remove = append(c.remove, uint32(n))
		case err != nil:
			return c, err
		default:
			stories = append(stories, story)
		}
	}
	described := describeAll(stories, describe)
	c.put, c.remove = described.put, append(c.remove, described.remove...)
	return c, nil
}

// describeAll is what becomes of stories: those with an id are entered as they are now, held and withdrawn ones too.
func describeAll(stories []*news.Story, describe func(*news.Story) Document) (c change) {
	stems := newStemmer()
	for _, story := range stories {
		if len(story.Items) > 0 && story.ID != "" {
			c.put = append(c.put, stems.index(describe(story)))
		} else {
			c.remove = append(c.remove, uint32(story.Number))
		}
	}
	return c
}
