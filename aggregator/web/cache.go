package web

import (
	"container/list"
	"errors"
	"sync"
)

// want is a document that somebody can ask for.
type want struct {
	path     string
	query    string // the filters, sorted
	language string // of a page
}

// String is the address that is wanted, with its filters.
func (w want) String() string {
	if w.query == "" {
		return w.path
	}
	return w.path + "?" + w.query
}

// Bounds of what is rendered because somebody asked for it.
const (
	most   = 256      // documents kept at once; those asked for last stay
	memory = 64 << 20 // bytes that they may take
	atOnce = 2        // documents rendered at once
	idle   = 10       // editions that a document is rendered for without being asked for
)

// cache keeps documents that are rendered when they are asked for.
type cache struct {
	room chan struct{} // holds one for each rendering under way

	mu    sync.Mutex
	kept  map[want]*list.Element
	order *list.List // of *kept, asked for last first
	bytes int
}

// kept is a document, or why there is none.
type kept struct {
	want   want
	once   sync.Once
	unread int // editions since it was asked for
	size   int // in all its forms; 0 until it is weighed
	file   *file
	err    error
}

func newCache() *cache {
	return &cache{room: make(chan struct{}, atOnce), kept: map[want]*list.Element{}, order: list.New()}
}

// errUnwritten: rendering ended without saying how.
var errUnwritten = errors.New("not written")

// file is a document; whoever asks first has it rendered, others wait for that.
// Unread is how many editions ago somebody last asked for it.
func (c *cache) file(w want, unread int, render func() (*file, error)) (*file, error) {
	k := c.entry(w, unread)
	k.once.Do(func() {
		c.room <- struct{}{}
		defer func() { <-c.room }()
		k.err = errUnwritten
		k.file, k.err = render()
	})
	if k.err != nil {
		c.drop(k)
	} else {
		c.weigh(k)
	}
	return k.file, k.err
}

// put takes a document that is rendered.
func (c *cache) put(w want, unread int, f *file) {
	k := c.entry(w, unread)
	k.once.Do(func() { k.file = f })
	c.weigh(k)
}

// weigh counts a document's bytes, once.
func (c *cache) weigh(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[k.want]; e != nil && e.Value.(*kept) == k && k.size == 0 {
		c.count(k)
	}
}

// grown counts the bytes of a document anew that has got another form.
func (c *cache) grown(w want, f *file) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[w]; e != nil && e.Value.(*kept).size > 0 && e.Value.(*kept).file == f {
		c.count(e.Value.(*kept))
	}
}

// count counts a document's bytes, and makes room for them at the cost of those that
// nobody has asked for the longest.
func (c *cache) count(k *kept) {
	size := k.file.size()
	c.bytes += size - k.size
	k.size = size
	for c.bytes > memory && c.order.Len() > 1 {
		c.remove(c.order.Back())
	}
}

// remove forgets a document.
func (c *cache) remove(e *list.Element) {
	k := c.order.Remove(e).(*kept)
	delete(c.kept, k.want)
	c.bytes -= k.size
}

// entry finds the document's place, or makes one, at the cost of the document that
// nobody has asked for the longest.
func (c *cache) entry(w want, unread int) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[w]; e != nil {
		c.order.MoveToFront(e)
		k := e.Value.(*kept)
		k.unread = min(k.unread, unread)
		return k
	}
	k := &kept{want: w, unread: unread}
	c.kept[w] = c.order.PushFront(k)
	if c.order.Len() > most {
		c.remove(c.order.Back())
	}
	return k
}

// habit is a document that readers ask for.
type habit struct {
	want
	unread  int   // editions since it was asked for
	codings []int // in which
}

// lately are the documents that readers still ask for, the least asked for first.
func (c *cache) lately() (list []habit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Back(); e != nil; e = e.Prev() {
		if k := e.Value.(*kept); k.unread < idle {
			one := habit{want: k.want, unread: k.unread + 1}
			if k.size > 0 {
				one.codings = k.file.made()
			}
			list = append(list, one)
		}
	}
	return list
}

// drop forgets a document that could not be rendered.
func (c *cache) drop(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[k.want]; e != nil && e.Value.(*kept) == k {
		c.remove(e)
	}
}
