package web

import "sync"

// maxSending is how many bytes of documents that are not rendered ahead are held at once because
// somebody reads them, or waits for them.
const maxSending = 128 << 20

// sending bounds the bytes that readers hold: however many there are, and however slowly they read.
// The zero value is ready for use.
type sending struct {
	mu    sync.Mutex
	bytes int
	files map[*file]*sentFile
}

// sentFile is a document that somebody reads.
type sentFile struct {
	readers int
	bytes   int // in all its representations
}

// holdFile counts a document that a reader is about to get, once for all its readers; ok is false if
// there is no room for it. Release ends that.
func (s *sending) holdFile(f *file) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.files[f]
	if one == nil {
		one = &sentFile{bytes: f.totalSize()}
		if s.bytes+one.bytes > maxSending {
			return nil, false
		}
		if s.files == nil {
			s.files = map[*file]*sentFile{}
		}
		s.files[f] = one
		s.bytes += one.bytes
	}
	one.readers++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if one.readers--; one.readers == 0 {
			s.bytes -= one.bytes
			delete(s.files, f)
		}
	}, true
}

// recountFile counts a document again that has got another representation.
func (s *sending) recountFile(f *file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.files[f]; one != nil {
		size := f.totalSize()
		s.bytes += size - one.bytes
		one.bytes = size
	}
}

// hold counts bytes that are for one reader alone; ok is false if there is no room for them.
func (s *sending) hold(bytes int) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+bytes > maxSending {
		return nil, false
	}
	s.bytes += bytes
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bytes -= bytes
	}, true
}

// isFull reports whether no document has room: then none is to be rendered either.
func (s *sending) isFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes >= maxSending*15/16
}
