package web

import (
	"hash/maphash"
	"net/http"
	"slices"
	"strings"
	"sync"

	"fronteras/aggregator/publish"
)

// How many versions of a document are known to readers who ask for what is new since theirs: of
// those without filters, and of each with filters, which are many.
const (
	maxVersions         = 24
	maxVersionsFiltered = 6
)

// history is what earlier versions of feed documents held, so that a reader can have the items that
// its version lacks (RFC 3229, instance manipulation "feed"). It is of this process alone: to a
// reader who comes with an older version, the whole document is sent.
type history struct {
	seed maphash.Seed
	once sync.Once

	mu sync.Mutex
	of map[cacheKey][]version // the last first
}

// version is a document as it was sent at a time.
type version struct {
	tags  []string // of its representations, identity's first
	items []uint64 // by their hashes, ascending
}

// rememberVersion adds a version of a document, if it is a feed.
func (h *history) rememberVersion(key cacheKey, f *file) {
	format, _, ok := publish.FormatAt(key.path)
	if !ok || f.links == "" {
		return
	}
	h.once.Do(func() { h.seed, h.of = maphash.MakeSeed(), map[cacheKey][]version{} })
	f.items = format.SplitItems(f.body())
	for _, item := range f.items.Items {
		f.hashes = append(f.hashes, maphash.Bytes(h.seed, item))
	}
	v := version{tags: f.entityTags(), items: slices.Sorted(slices.Values(f.hashes))}
	h.mu.Lock()
	defer h.mu.Unlock()
	if list := h.of[key]; len(list) > 0 && list[0].tags[0] == v.tags[0] {
		return
	}
	if _, known := h.of[key]; !known && len(h.of) > maxDocuments {
		for other := range h.of { // any: readers of it get the whole document once
			delete(h.of, other)
			break
		}
	}
	list := slices.Insert(h.of[key], 0, v)
	kept := maxVersions
	if key.query != "" {
		kept = maxVersionsFiltered
	}
	h.of[key] = slices.Clip(list[:min(len(list), kept)])
}

// addTag remembers that the last version of a document has another representation.
func (h *history) addTag(key cacheKey, f *file, tag string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list, own := h.of[key], f.representations[identity].Load().etag
	if len(list) > 0 && list[0].tags[0] == own && !slices.Contains(list[0].tags, tag) {
		list[0].tags = append(list[0].tags, tag)
	}
}

// versionWithTag is the newest version of a document that has one of the tags.
func (h *history) versionWithTag(key cacheKey, tags string) (version, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.of[key]
	at := slices.IndexFunc(list, func(v version) bool {
		return slices.ContainsFunc(v.tags, func(tag string) bool { return strings.Contains(tags, tag) })
	})
	if at < 0 {
		return version{}, false
	}
	return list[at], true
}

// sendDelta answers with the items alone that the reader's version of a feed document lacks, if it
// asks for that, its version is known, and that is shorter.
func (s *Site) sendDelta(w http.ResponseWriter, r *http.Request, key cacheKey, f *file, chosen *representation) bool {
	tags := strings.Join(r.Header["If-None-Match"], ",")
	if len(f.items.Items) == 0 || tags == "" || !acceptsDelta(r.Header["A-Im"]) || f.isFreshFor(r) {
		return false
	}
	base, known := s.history.versionWithTag(key, tags)
	if !known {
		return false
	}
	var items [][]byte
	for n, item := range f.items.Items {
		if _, had := slices.BinarySearch(base.items, f.hashes[n]); !had {
			items = append(items, item)
		}
	}
	body := f.items.With(items)
	if len(body) >= len(chosen.body) {
		return false
	}
	release, ok := s.sending.hold(len(body))
	if !ok {
		return false
	}
	defer release()
	h := w.Header()
	f.setHeaders(h, f.representations[identity].Load(), len(body))
	h.Set("Im", "feed")
	h.Set("Cache-Control", "no-store, im") // for none but caches that know what 226 is (RFC 3229 10.8.3)
	h.Set("Vary", "Accept-Encoding, A-IM, If-None-Match")
	w.WriteHeader(http.StatusIMUsed)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // if that fails, the client has gone
	}
	return true
}

// acceptsDelta reports whether a list of instance manipulations has "feed" (RFC 3229 10.5.3).
func acceptsDelta(lists []string) bool {
	if len(lists) == 0 {
		return false
	}
	q, _ := qualityOf(parseQualities(strings.Join(lists, ",")), "feed")
	return q > 0
}
