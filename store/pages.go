package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
)

// The layout of a bbolt file, as far as it is looked at before bbolt is trusted
// with it: bbolt follows what a page says without looking, so a wild or circular
// page number would end the process and not the call.
const (
	pageHeader  = 16
	pageElement = 16
	pageBranch  = 0x01
	pageLeaf    = 0x02
	pageFree    = 0x10
	leafBucket  = 0x01
	bucketHead  = 16 // root page, sequence

	metaSize    = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	noFreelist  = ^uint64(0)

	deepest = 64 // pages on the way to a leaf, of one bucket in another
)

// head is what a meta page says, the newer of the two that are whole.
type head struct {
	pageSize, root, freelist, pages, txid uint64
}

// pageChecker looks at every page of a file that is in use.
type pageChecker struct {
	file    io.ReaderAt
	head    head
	used    []bool
	buffers [deepest][]byte
	found   inventory
	within  *bucketCount // the bucket whose entries are looked at; nil: none
}

// checkPages reads a whole bbolt file of size bytes, and says what is wrong
// with it: each page must be in use once or free, be of a kind that fits its
// place, and hold its keys in order. It never panics, whatever the bytes. It gives what
// the file holds.
func checkPages(file io.ReaderAt, size int64) (inventory, error) {
	h, ok := readNewestHead(file, size)
	if !ok {
		return inventory{}, newDamageError("neither of its two heads is whole")
	}
	if have := uint64(size) / h.pageSize; have < h.pages {
		return inventory{}, newDamageError("%d of its %d pages are missing", h.pages-have, h.pages)
	}
	p := &pageChecker{file: file, head: h, used: make([]bool, h.pages), found: inventory{sums: sums{}}}
	p.used[0], p.used[1] = true, true
	if err := p.walkPage(h.root, nil, nil, 0); err != nil {
		return inventory{}, err
	}
	return p.found.sealed(), p.checkFreePages()
}

// newDamageError is an ErrDamaged that says what was found.
func newDamageError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// readNewestHead reads the heads. The second stands one page on, and how large a page is
// the first may no longer say.
func readNewestHead(file io.ReaderAt, size int64) (newest head, ok bool) {
	for _, at := range possibleHeadOffsets(size) {
		text := make([]byte, pageHeader+metaSize)
		if _, err := file.ReadAt(text, at); err != nil {
			continue
		}
		h, whole := decodeHead(text[pageHeader:])
		if whole && (at == 0 || uint64(at) == h.pageSize) && (!ok || h.txid > newest.txid) {
			newest, ok = h, true
		}
	}
	return newest, ok
}

// possibleHeadOffsets are where a head can stand in a file of size bytes.
func possibleHeadOffsets(size int64) []int64 {
	places := []int64{0}
	for at := int64(1 << 10); at <= 16<<20 && at < size; at *= 2 {
		places = append(places, at)
	}
	return places
}

// countWholeHeads counts the heads of a file that are whole: one is enough to read it.
func countWholeHeads(file io.ReaderAt, size int64) (n int) {
	h, ok := readNewestHead(file, size)
	if !ok {
		return 0
	}
	for _, at := range []int64{0, int64(h.pageSize)} {
		text := make([]byte, pageHeader+metaSize)
		if _, err := file.ReadAt(text, at); err != nil {
			continue
		}
		if _, ok := decodeHead(text[pageHeader:]); ok {
			n++
		}
	}
	return n
}

func decodeHead(text []byte) (head, bool) {
	word, long := binary.NativeEndian.Uint32, binary.NativeEndian.Uint64
	sum := fnv.New64a()
	sum.Write(text[:metaSize-8])
	h := head{pageSize: uint64(word(text[8:])), root: long(text[16:]), freelist: long(text[32:]),
		pages: long(text[40:]), txid: long(text[48:])}
	whole := word(text) == metaMagic && word(text[4:]) == metaVersion && long(text[56:]) == sum.Sum64()
	return h, whole && h.pageSize >= 1<<10 && h.pageSize <= 16<<20 && h.pages >= 2
}

// takePage reads a page with what overflows of it, and notes that it is in use.
func (p *pageChecker) takePage(n uint64, depth int) ([]byte, error) {
	if depth >= deepest {
		return nil, newDamageError("page %d: more than %d pages lead to it", n, deepest)
	}
	if n < 2 || n >= p.head.pages {
		return nil, newDamageError("page %d is named, there are %d", n, p.head.pages)
	}
	var header [pageHeader]byte
	if _, err := p.file.ReadAt(header[:], int64(n*p.head.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", n, err)
	}
	if id := binary.NativeEndian.Uint64(header[:]); id != n {
		return nil, newDamageError("page %d says that it is page %d", n, id)
	}
	count := 1 + uint64(binary.NativeEndian.Uint32(header[12:]))
	if n+count > p.head.pages {
		return nil, newDamageError("page %d goes beyond the end", n)
	}
	for i := n; i < n+count; i++ {
		if p.used[i] {
			return nil, newDamageError("page %d is used twice", i)
		}
		p.used[i] = true
	}
	size := count * p.head.pageSize
	if uint64(cap(p.buffers[depth])) < size {
		p.buffers[depth] = make([]byte, size)
	}
	page := p.buffers[depth][:size]
	if _, err := p.file.ReadAt(page, int64(n*p.head.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", n, err)
	}
	return page, nil
}

// walkPage looks at a page and all below it. Its first key is low, which leads to it: bbolt finds
// what it has to change by that. All are below high; nil is no bound.
func (p *pageChecker) walkPage(n uint64, low, high []byte, depth int) error {
	page, err := p.takePage(n, depth)
	if err != nil {
		return err
	}
	return p.checkElements(n, page, low, high, depth)
}

// checkElements looks at what a page holds, or a bucket so small that it stands in another's page.
func (p *pageChecker) checkElements(n uint64, page, low, high []byte, depth int) error {
	kind, count := binary.NativeEndian.Uint16(page[8:]), int(binary.NativeEndian.Uint16(page[10:]))
	if kind != pageBranch && kind != pageLeaf || kind == pageBranch && count == 0 {
		return newDamageError("page %d is of no kind that can stand there (%#x)", n, kind)
	}
	if pageHeader+count*pageElement > len(page) {
		return newDamageError("page %d has %d elements, more than it has room for", n, count)
	}
	var before []byte
	for i := range count {
		key, _, ok := pageElementAt(page, kind, i)
		switch {
		case !ok:
			return newDamageError("page %d: an element leads out of it", n)
		case len(key) == 0:
			return newDamageError("page %d: an element has no key", n)
		case i > 0 && bytes.Compare(before, key) >= 0, high != nil && bytes.Compare(key, high) >= 0:
			return newDamageError("page %d: its keys are out of order", n)
		case i == 0 && low != nil && !bytes.Equal(key, low):
			return newDamageError("page %d: what leads to it is not its first key", n)
		}
		before = key
	}
	for i := range count {
		var err error
		key, value, _ := pageElementAt(page, kind, i)
		switch {
		case kind == pageBranch:
			above := high
			if i+1 < count {
				above, _, _ = pageElementAt(page, kind, i+1)
			}
			err = p.walkPage(binary.NativeEndian.Uint64(page[pageHeader+i*pageElement+8:]), key, above, depth+1)
		case binary.NativeEndian.Uint32(page[pageHeader+i*pageElement:])&leafBucket != 0:
			err = p.checkBucket(n, key, value, depth)
		case p.within != nil:
			p.found.countEntry(p.within, key, value)
		default:
			err = newDamageError("page %d: an entry is in no bucket", n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkBucket looks at a bucket that stands in a page.
func (p *pageChecker) checkBucket(n uint64, name, value []byte, depth int) error {
	if len(value) < bucketHead {
		return newDamageError("page %d: a bucket is cut off", n)
	}
	if p.within != nil {
		return newDamageError("page %d: a bucket is in another", n)
	}
	p.within = p.found.beginBucket(string(name), binary.NativeEndian.Uint64(value[8:]))
	defer func() { p.within = nil }()
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return p.walkPage(root, nil, nil, depth+1)
	}
	if len(value) < bucketHead+pageHeader || depth+1 >= deepest {
		return newDamageError("page %d: a bucket is cut off", n)
	}
	if kind := binary.NativeEndian.Uint16(value[bucketHead+8:]); kind != pageLeaf {
		return newDamageError("page %d: a bucket in it is of no kind that can stand there (%#x)", n, kind)
	}
	return p.checkElements(n, value[bucketHead:], nil, nil, depth+1)
}

// pageElementAt is a page's key, and its value where it is a leaf.
func pageElementAt(page []byte, kind uint16, i int) (key, value []byte, ok bool) {
	at := pageHeader + i*pageElement
	word := func(n int) uint64 { return uint64(binary.NativeEndian.Uint32(page[at+n:])) }
	from, keySize, valueSize := uint64(at)+word(0), word(4), uint64(0)
	if kind == pageLeaf {
		from, keySize, valueSize = uint64(at)+word(4), word(8), word(12)
	}
	if from+keySize+valueSize > uint64(len(page)) {
		return nil, nil, false
	}
	return page[from : from+keySize], page[from+keySize : from+keySize+valueSize], true
}

// checkFreePages looks at the list of free pages. With those in use they are all.
func (p *pageChecker) checkFreePages() error {
	if p.head.freelist == noFreelist {
		return nil
	}
	page, err := p.takePage(p.head.freelist, 0)
	if err != nil {
		return err
	}
	if kind := binary.NativeEndian.Uint16(page[8:]); kind != pageFree {
		return newDamageError("page %d is no list of free pages (%#x)", p.head.freelist, kind)
	}
	count, list := uint64(binary.NativeEndian.Uint16(page[10:])), page[pageHeader:]
	if count == 0xFFFF { // there are more than fit: the first value says how many
		count, list = binary.NativeEndian.Uint64(list), list[8:]
	}
	if count > uint64(len(list))/8 {
		return newDamageError("page %d lists %d free pages, more than it has room for", p.head.freelist, count)
	}
	for i := range count {
		n := binary.NativeEndian.Uint64(list[8*i:])
		if n >= p.head.pages || p.used[n] {
			return newDamageError("page %d is in use and free, or there is none", n)
		}
		p.used[n] = true
	}
	for n, used := range p.used {
		if !used {
			return newDamageError("page %d is neither in use nor free", n)
		}
	}
	return nil
}
