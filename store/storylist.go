package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"time"

	"fronteras/aggregator/news"
)

// StoryQuery says which stories are listed, the newest first. All that it says must hold.
type StoryQuery struct {
	Status       news.Status // "": any
	Flagged      bool        // only those that bear a flag
	From, Before time.Time   // when they were published; zero: no bound
	After        string      // where a list went on, as [StoryList.Next] has it; "": from the beginning
	Limit        int
	// Takes reports whether a story belongs to the list; nil: all do.
	Takes func(*news.Story) bool
}

// StoryList is a part of a list of stories.
type StoryList struct {
	Stories []*news.Story
	Next    string // where the list goes on; "": it ends here
	// Cut reports that so many stories were looked at that the part ends before it is full.
	Cut bool
}

// maxListed is how many stories one part of a list looks at.
const maxListed = 1000

// ListStories lists stories that have ids, from the shortest list that has them. It looks at
// [maxListed] at most: where few are taken, the part ends early, and the next goes on there. What
// cannot be read is left out.
func (p *publishing) ListStories(ctx context.Context, q StoryQuery) (found StoryList, err error) {
	bucket, prefix := bucketOrder, []byte(nil)
	switch {
	case q.Flagged:
		bucket = bucketFlagged
	case q.Status == news.Held:
		bucket, prefix = bucketUnpublished, []byte{listedHeld}
	case q.Status == news.Retracted:
		bucket, prefix = bucketUnpublished, []byte{listedWithdrawn}
	}
	err = p.view(func(tx *sealedTx) error {
		found = StoryList{}
		load := p.unreadable.storyLoader(tx, readStory)
		after, err := hex.DecodeString(q.After)
		if err != nil {
			after = nil // somebody made it up
		}
		start := prefix
		if !q.Before.IsZero() {
			start = append(bytes.Clone(prefix), publishedBeforeKey(q.Before)...)
		}
		if bytes.Compare(after, start) > 0 {
			start = after
		}
		c, looked, last := tx.Bucket(bucket).Cursor(), 0, []byte(nil)
		for key, n := c.Seek(start); key != nil && bytes.HasPrefix(key, prefix); key, n = c.Next() {
			if bytes.Equal(key, after) {
				continue
			}
			at := key[len(prefix):]
			if len(at) < momentLength || !q.From.IsZero() && descendingMoment(at).Before(q.From) || ctx.Err() != nil {
				break
			}
			if looked == maxListed || len(found.Stories) == q.Limit {
				found.Next, found.Cut = hex.EncodeToString(last), len(found.Stories) < q.Limit
				break
			}
			looked++
			last = bytes.Clone(key)
			story, err := load(numberFromKey(n))
			if err != nil {
				return err
			}
			if story != nil && (q.Status == "" || story.Status == q.Status) && (q.Takes == nil || q.Takes(story)) {
				found.Stories = append(found.Stories, story)
			}
		}
		return ctx.Err()
	})
	return found, err
}

// momentLength is how long a moment is in a key, in bytes.
const momentLength = 8
