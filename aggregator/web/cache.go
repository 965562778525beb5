package web

import (
	"container/list"
	"context"
	"errors"
	"sync"

	"fronteras/aggregator/publish"
)

// cacheKey is a document that somebody can ask for.
type cacheKey struct {
	path   string // without the language of a page
	query  string // the filters, sorted
	locale publish.Locale

	version uint64 // of the search index, where the document is what it finds; it is no document of another
}

// String is the address that is asked for, with its filters.
func (k cacheKey) String() string {
	address := k.locale.Path(k.path)
	if k.query != "" {
		address += "?" + k.query
	}
	return address
}

// Bounds of what is rendered because somebody asked for it.
const (
	maxDocuments  = 256      // documents kept at once; those asked for last stay
	maxMemory     = 64 << 20 // bytes that they may take
	maxConcurrent = 2        // documents rendered at once
	maxUnused     = 10       // editions that a document is rendered for without being asked for
)

// cache keeps documents that are rendered when they are asked for.
type cache struct {
	room chan struct{} // holds one for each rendering under way

	mu      sync.Mutex
	entries map[cacheKey]*list.Element
	order   *list.List // of *cacheEntry, asked for last first
	bytes   int
}

// cacheEntry is a document, or why there is none.
type cacheEntry struct {
	cacheKey
	once   sync.Once
	unused int // editions since it was asked for
	size   int // in all its representations; 0 until it is counted
	file   *file
	err    error
}

func newCache() *cache {
	return &cache{room: make(chan struct{}, maxConcurrent), entries: map[cacheKey]*list.Element{}, order: list.New()}
}

// errUnwritten: rendering ended without saying how.
var errUnwritten = errors.New("not written")

// errOfOne is why a document is not rendered for who asked first, while it may be for others.
type errOfOne struct{ error }

func (e errOfOne) Unwrap() error { return e.error }

// getOrRender gives a document; who asks first has it rendered, others wait for that. It is not
// rendered for who has gone before its turn comes.
func (c *cache) getOrRender(ctx context.Context, key cacheKey, render func() (*file, error)) (*file, error) {
	for {
		entry, first := c.entryFor(key, 0), false
		entry.once.Do(func() {
			first = true
			entry.err = errUnwritten
			if err := c.acquireRoom(ctx); err != nil {
				entry.err = errOfOne{err}
				return
			}
			defer c.releaseRoom()
			entry.file, entry.err = render()
		})
		c.settleEntry(entry)
		var ofOne errOfOne
		if first || !errors.As(entry.err, &ofOne) {
			return entry.file, entry.err
		}
	}
}

// peek is a document that is there, which does not count as being asked for; nil if it is not.
func (c *cache) peek(key cacheKey) *file {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil && e.Value.(*cacheEntry).size > 0 {
		return e.Value.(*cacheEntry).file
	}
	return nil
}

// acquireRoom waits for the turn to render or to compress; it fails as ctx does.
func (c *cache) acquireRoom(ctx context.Context) error {
	select {
	case c.room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *cache) releaseRoom() { <-c.room }

// putRendered takes a document that is rendered, and was asked for that many editions ago.
func (c *cache) putRendered(key cacheKey, unused int, f *file) {
	entry := c.entryFor(key, unused)
	entry.once.Do(func() { entry.file = f })
	c.settleEntry(entry)
}

// settleEntry counts the bytes of a document that has been rendered, once, and forgets one that
// could not be rendered.
func (c *cache) settleEntry(entry *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[entry.cacheKey]
	switch {
	case e == nil || e.Value.(*cacheEntry) != entry: // it has been forgotten
	case entry.err != nil:
		c.removeEntry(e)
	case entry.size == 0:
		c.countBytes(entry)
	}
}

// recountBytes counts the bytes of a document again that has got another representation.
func (c *cache) recountBytes(key cacheKey, f *file) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil && e.Value.(*cacheEntry).size > 0 && e.Value.(*cacheEntry).file == f {
		c.countBytes(e.Value.(*cacheEntry))
	}
}

// countBytes counts a document's bytes, and makes room for them at the cost of those that nobody
// has asked for the longest.
func (c *cache) countBytes(entry *cacheEntry) {
	size := entry.file.totalSize()
	c.bytes += size - entry.size
	entry.size = size
	for c.bytes > maxMemory && c.order.Len() > 1 {
		c.removeEntry(c.order.Back())
	}
}

// removeEntry forgets a document.
func (c *cache) removeEntry(e *list.Element) {
	entry := c.order.Remove(e).(*cacheEntry)
	delete(c.entries, entry.cacheKey)
	c.bytes -= entry.size
}

// entryFor finds the document's place, or makes one, at the cost of the document that nobody has
// asked for the longest.
func (c *cache) entryFor(key cacheKey, unused int) *cacheEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil {
		c.order.MoveToFront(e)
		entry := e.Value.(*cacheEntry)
		entry.unused = min(entry.unused, unused)
		return entry
	}
	entry := &cacheEntry{cacheKey: key, unused: unused}
	c.entries[key] = c.order.PushFront(entry)
	if c.order.Len() > maxDocuments {
		c.removeEntry(c.order.Back())
	}
	return entry
}

// usage is a document that readers ask for.
type usage struct {
	cacheKey
	unused  int   // editions since it was asked for
	codings []int // in which
}

// recentlyUsed returns the documents that readers still ask for, the least recently used first.
func (c *cache) recentlyUsed() (list []usage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Back(); e != nil; e = e.Prev() {
		if entry := e.Value.(*cacheEntry); entry.unused < maxUnused {
			u := usage{cacheKey: entry.cacheKey, unused: entry.unused + 1}
			if entry.size > 0 {
				u.codings = entry.file.encodings()
			}
			list = append(list, u)
		}
	}
	return list
}
