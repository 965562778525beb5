package search

import (
	"encoding/binary"
	"errors"

	bolt "go.etcd.io/bbolt"
)

// change is what one transaction does: the documents of some stories take the place of those that they had, and other
// stories have none any more.
type change struct {
	put    []indexed // a story once
	remove []uint32
	about  func(*about)
}

// apply makes a change, all or nothing.
func (f *file) apply(c change) error {
	before := f.current()
	var next *state
	err := catchDamage(func() error {
		tx, err := f.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to take back
		u := &updating{tx: tx, state: *before}
		if err := u.run(c); err != nil {
			return err
		}
		u.Generation++
		if err := putAbout(tx, u.about); err != nil {
			return err
		}
		next = &u.state
		f.states.Store(&[2]*state{before, next}) // who begins to read meanwhile finds the one or the other
		return tx.Commit()
	})
	if err != nil {
		f.states.Store(&[2]*state{before, before})
		return err
	}
	f.states.Store(&[2]*state{next, before})
	return f.db.View(func(tx *bolt.Tx) error {
		releaseMappedPages(f.db.Info().Data, uintptr(tx.Size()))
		return nil
	})
}

// updating is a change under way.
type updating struct {
	tx *bolt.Tx
	state
}

func (u *updating) run(c change) error {
	leaving := map[uint32]bool{}
	for _, n := range c.remove {
		leaving[n] = true
	}
	for _, x := range c.put {
		leaving[x.story] = true
	}
	if err := errors.Join(u.removeFromBlocks(leaving), u.removeWaiting(leaving)); err != nil {
		return err
	}
	for _, x := range c.put {
		if len(u.queue) == smallBlock {
			if err := u.writeWaiting(); err != nil {
				return err
			}
		}
		u.queue = append(u.queue, x) // a copy, see removeWaiting
		u.keys = append(u.keys, 0)
	}
	if err := u.keepWaiting(); err != nil {
		return err
	}
	if err := u.mergeSmall(); err != nil {
		return err
	}
	if err := u.rewriteMostlyGone(); err != nil {
		return err
	}
	if c.about != nil {
		c.about(&u.about)
	}
	return nil
}

// removeFromBlocks marks the documents of stories as gone.
func (u *updating) removeFromBlocks(leaving map[uint32]bool) error {
	blocks := append([]*block(nil), u.blocks...)
	for n, b := range blocks {
		var slots []int
		for story := range leaving {
			if slot := b.slotOf(story); slot >= 0 {
				slots = append(slots, slot)
			}
		}
		if len(slots) == 0 {
			continue
		}
		blocks[n] = b.without(slots)
		if err := u.tx.Bucket(bucketGone).Put(blockKey(b.id), encodeGone(blocks[n].gone)); err != nil {
			return err
		}
	}
	u.blocks = blocks
	return nil
}

// removeWaiting takes the documents of stories out of those that wait.
func (u *updating) removeWaiting(leaving map[uint32]bool) error {
	var queue []indexed
	var keys []uint64
	for n, x := range u.queue {
		if !leaving[x.story] {
			queue, keys = append(queue, x), append(keys, u.keys[n])
		} else if err := u.tx.Bucket(bucketWaiting).Delete(waitingKey(u.keys[n])); err != nil {
			return err
		}
	}
	u.queue, u.keys = queue, keys
	return nil
}

func waitingKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// keepWaiting writes the documents that wait and are not in the file yet.
func (u *updating) keepWaiting() error {
	b := u.tx.Bucket(bucketWaiting)
	for n, key := range u.keys {
		if key != 0 {
			continue
		}
		key, err := b.NextSequence()
		if err != nil {
			return err
		}
		u.keys[n] = key
		if err := b.Put(waitingKey(key), encodeWaiting(u.queue[n])); err != nil {
			return err
		}
	}
	if u.waiting = nil; len(u.queue) > 0 {
		u.waiting = waitingBlock(u.queue)
	}
	return nil
}

// writeWaiting makes a block of the documents that wait.
func (u *updating) writeWaiting() error {
	b := waitingBlock(u.queue)
	if err := u.writeBlock([]source{{block: b, next: b.sortedTerms()}}); err != nil {
		return err
	}
	for _, key := range u.keys {
		if key != 0 {
			if err := u.tx.Bucket(bucketWaiting).Delete(waitingKey(key)); err != nil {
				return err
			}
		}
	}
	u.queue, u.keys = nil, nil
	return nil
}

// writeBlock writes a block of what is not gone of others.
func (u *updating) writeBlock(sources []source) error {
	words := u.tx.Bucket(bucketWords)
	words.FillPercent = 1 // blocks grow at the end alone
	id, err := u.tx.Bucket(bucketBlocks).NextSequence()
	if err != nil {
		return err
	}
	w := chunkWriter{put: func(first string, value []byte) error {
		return words.Put(append(blockKey(uint32(id)), first...), value)
	}}
	docs, err := mergeBlocks(sources, w.add)
	if err == nil {
		err = w.flush()
	}
	if err != nil || len(docs) == 0 {
		return err
	}
	u.blocks = append(u.blocks[:len(u.blocks):len(u.blocks)], newBlock(uint32(id), docs))
	return u.tx.Bucket(bucketBlocks).Put(blockKey(uint32(id)), encodeDocs(docs))
}

// mergeSmall makes one block of small ones, as soon as there are as many as fill it.
func (u *updating) mergeSmall() error {
	var small []*block
	for _, b := range u.blocks {
		if len(b.docs) <= smallBlock {
			small = append(small, b)
		}
	}
	if len(small) < mostSmall {
		return nil
	}
	return u.replaceBlocks(small[:mostSmall])
}

// rewriteMostlyGone gives back the room of documents that are gone, of one block at a time.
func (u *updating) rewriteMostlyGone() error {
	for _, b := range u.blocks {
		if b.numberGone*mostlyGone > len(b.docs) {
			return u.replaceBlocks([]*block{b})
		}
	}
	return nil
}

// replaceBlocks writes one block in the place of others.
func (u *updating) replaceBlocks(old []*block) error {
	var sources []source
	leaving := map[uint32]bool{}
	for _, b := range old {
		sources = append(sources, source{block: b, next: chunkTerms(u.tx, b.id)})
		leaving[b.id] = true
	}
	if err := u.writeBlock(sources); err != nil {
		return err
	}
	var kept []*block
	for _, b := range u.blocks {
		if !leaving[b.id] {
			kept = append(kept, b)
		} else if err := u.deleteBlock(b.id); err != nil {
			return err
		}
	}
	u.blocks = kept
	return nil
}

func (u *updating) deleteBlock(id uint32) error {
	key := blockKey(id)
	if err := errors.Join(u.tx.Bucket(bucketBlocks).Delete(key), u.tx.Bucket(bucketGone).Delete(key)); err != nil {
		return err
	}
	c := u.tx.Bucket(bucketWords).Cursor()
	for k, _ := c.Seek(key); len(k) >= 4 && string(k[:4]) == string(key); k, _ = c.Seek(key) {
		if err := c.Delete(); err != nil {
			return err
		}
	}
	return nil
}
