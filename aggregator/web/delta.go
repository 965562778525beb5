package web

import (
	"hash/maphash"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fronteras/aggregator/publish"
)

// How many versions of a document are known to readers who ask for what is new since
// theirs: of those without filters, and of each with filters, which are many.
const (
	remembered         = 24
	rememberedFiltered = 6
)

// history is what earlier versions of feed documents held, so that a reader can
// have the items that its version lacks (RFC 3229, instance manipulation "feed").
// It is of this process alone: to a reader who comes with an older version, the
// whole document is sent.
type history struct {
	seed maphash.Seed
	once sync.Once

	mu sync.Mutex
	of map[want][]version // the last first
}

// version is a document as it was sent at a time.
type version struct {
	tags  []string // of its forms, identity's first
	items []uint64 // by their hashes, ascending
}

// note remembers a version of a document, if it is a feed.
func (h *history) note(w want, f *file) {
	if f.links == "" {
		return
	}
	h.once.Do(func() { h.seed, h.of = maphash.MakeSeed(), map[want][]version{} })
	f.parts = publish.PartsOf(f.body())
	for _, item := range f.parts.Items {
		f.marks = append(f.marks, maphash.Bytes(h.seed, item))
	}
	v := version{tags: f.tags(), items: slices.Sorted(slices.Values(f.marks))}
	h.mu.Lock()
	defer h.mu.Unlock()
	if list := h.of[w]; len(list) > 0 && list[0].tags[0] == v.tags[0] {
		return
	}
	if _, known := h.of[w]; !known && len(h.of) > most {
		for other := range h.of { // any: readers of it get the whole document once
			delete(h.of, other)
			break
		}
	}
	list := slices.Insert(h.of[w], 0, v)
	kept := remembered
	if w.query != "" {
		kept = rememberedFiltered
	}
	h.of[w] = slices.Clip(list[:min(len(list), kept)])
}

// tagged remembers that the last version of a document has another form.
func (h *history) tagged(w want, f *file, tag string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if list := h.of[w]; len(list) > 0 && list[0].tags[0] == f.forms[identity].Load().etag && !slices.Contains(list[0].tags, tag) {
		list[0].tags = append(list[0].tags, tag)
	}
}

// base is the newest version of a document that has one of the tags.
func (h *history) base(w want, tags string) (version, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.of[w]
	at := slices.IndexFunc(list, func(v version) bool {
		return slices.ContainsFunc(v.tags, func(tag string) bool { return strings.Contains(tags, tag) })
	})
	if at < 0 {
		return version{}, false
	}
	return list[at], true
}

// sendNew answers with the items alone that the reader's version of a feed document
// lacks, where it asks for that, its version is known, and that is shorter.
func (s *Site) sendNew(w http.ResponseWriter, r *http.Request, document want, f *file, chosen *form) bool {
	tags := strings.Join(r.Header["If-None-Match"], ",")
	if len(f.parts.Items) == 0 || tags == "" || !wantsNew(r.Header["A-Im"]) || f.unchanged(r) {
		return false
	}
	base, known := s.history.base(document, tags)
	if !known {
		return false
	}
	var items [][]byte
	for n, item := range f.parts.Items {
		if _, had := slices.BinarySearch(base.items, f.marks[n]); !had {
			items = append(items, item)
		}
	}
	body := f.parts.With(items)
	if len(body) >= len(chosen.body) {
		return false
	}
	h := w.Header()
	put(h, f.forms[identity].Load().headers)
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	h["Im"] = []string{"feed"}
	h["Cache-Control"] = []string{"no-store, im"} // for none but caches that know what 226 is (RFC 3229 10.8.3)
	h["Vary"] = []string{"Accept-Encoding, A-IM, If-None-Match"}
	w.WriteHeader(http.StatusIMUsed)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client has gone: nobody is left to tell
	}
	return true
}

// wantsNew reports whether a list of instance manipulations has "feed" (RFC 3229
// 10.5.3).
func wantsNew(lists []string) bool {
	if len(lists) == 0 {
		return false
	}
	q, _ := qualityOf(qualities(nil, strings.Join(lists, ",")), "feed")
	return q > 0
}
