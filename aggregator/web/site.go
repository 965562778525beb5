package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// Store is what the pages need of a store.
type Store interface {
	// Story gives the story that has or had that id or public id.
	Story(id string) (*news.Story, error)
	// Archive gives a closed archive document.
	Archive(n int) (news.Archive, error)
	// KeepOnce gives what was decided under names; where nothing was, it remembers the value
	// given here, unless that is empty.
	KeepOnce(ctx context.Context, values map[string]string) (map[string]string, error)
	// FeedStates lists what the visits of all feeds left behind.
	FeedStates() ([]news.FeedState, error)
	// CountByDay counts the stories of that number of days.
	CountByDay(n int) (last time.Time, counts []int, err error)
	// PublishedBetween gives the live stories of a span of time, n at most after those that are skipped.
	PublishedBetween(from, to time.Time, skip, n int) (news.Span, error)
	// ChangedBetween gives when one of the n newest stories of a span of time last changed.
	ChangedBetween(from, to time.Time, n int) (time.Time, error)
	// PublishedBefore gives when the newest live story before a time was published; zero: there is none.
	PublishedBefore(t time.Time) (time.Time, error)
	// PublishedFrom gives when the oldest live story from a time on was published; zero: there is none.
	PublishedFrom(t time.Time) (time.Time, error)
	// DateDocuments gives since when each document's bytes have been what they are.
	DateDocuments(ctx context.Context, documents []news.Print) ([]time.Time, error)
}

// Site answers the public. It serves rendered documents from memory; what has not been rendered yet
// is on the first request.
type Site struct {
	Store    Store
	Stations func() []news.Station // of the desk as it is configured now
	Unknown  error                 // what the store fails with if there is no such thing
	Log      *slog.Logger
	Clock    func() bool                  // whether the desk's clock seems to be wrong; nil: nobody knows
	Backup   func() *publish.BackupHealth // the daemon's own backups; nil, or a nil answer: it makes none
	// Settles, if set, says when new stories are published at the latest, if there are some.
	Settles func() (until time.Duration, known bool)
	// Search finds stories in the whole archive, and SearchVersion is another whenever it may find others. Search fails
	// with [ErrNoSearch] or [ErrSearchBusy], and is bounded in time by itself: others wait for what one has asked for.
	// Nil: there is no search.
	Search        func(publish.Wanted) (publish.Found, error)
	SearchVersion func() uint64

	current     atomic.Pointer[publication]
	stopping    atomic.Bool
	compressors compressors
	history     history
	dates       dates
	sending     sending
	reporting   sync.Mutex // is held while the status is put together
}

// Stop has /readyz say that the daemon is about to end.
func (s *Site) Stop() { s.stopping.Store(true) }

// publication is everything that was rendered of one edition.
type publication struct {
	*publish.Renderer
	known    publish.Known
	language string             // of pages for readers who name none
	main     map[cacheKey]*file // without filters; no longer changed
	cache    *cache             // with filters, of the archive, and of stories
	leftOut  []publish.Fault
}

// Publish replaces what is served by an edition. Its documents without filters, and those with
// filters that were asked for lately, are rendered here, not on a reader's request. A document that
// fails stays as it was; the error names it. Stories that had to be left out are returned, each
// once.
func (s *Site) Publish(ctx context.Context, e publish.Edition, known publish.Known) ([]publish.Fault, error) {
	before := s.current.Load()
	p := &publication{
		Renderer: publish.NewRenderer(e), known: known, main: map[cacheKey]*file{}, cache: newCache(),
		language: chooseLanguage(e.Desk.Language, publish.Languages()[0]),
	}
	err := s.renderMain(ctx, p)
	if before != nil {
		for key, f := range before.main {
			if p.main[key] == nil {
				p.main[key] = f
			}
		}
		// Other pages than those of formats are small, and seldom asked for twice; what a search
		// finds may be other stories by now.
		again := slices.DeleteFunc(before.cache.recentlyUsed(), func(u usage) bool {
			_, _, ok := publish.FormatAt(u.path)
			return !ok || u.version != 0
		})
		for _, u := range again {
			s.renderAgain(ctx, p, u)
		}
	}
	s.current.Store(p)
	return p.leftOut, err
}

// renderMain renders the documents without filters, in all codings.
func (s *Site) renderMain(ctx context.Context, p *publication) error {
	var keys []cacheKey
	var files []*file
	var errs []error
	seen := map[string]bool{}
	for _, key := range mainDocuments() {
		d, err := s.renderDocument(p, key)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
			continue
		}
		keys, files = append(keys, key), append(files, newDocumentFile(d))
		for _, f := range d.LeftOut {
			if !seen[f.Story] {
				seen[f.Story] = true
				f.Document = key.path
				p.leftOut = append(p.leftOut, f)
			}
		}
	}
	s.setDates(ctx, keys, files)
	for n, f := range files {
		if err := s.compressors.encodeAll(f); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", keys[n], err))
			continue
		}
		s.history.rememberVersion(keys[n], f)
		p.main[keys[n]] = f
	}
	return errors.Join(errs...)
}

// renderAgain renders a document that readers asked for before, in the codings in which they did. If
// that fails, it is tried again when it is asked for.
func (s *Site) renderAgain(ctx context.Context, p *publication, u usage) {
	d, err := s.renderDocument(p, u.cacheKey)
	if err != nil {
		s.Log.Debug("rendering failed", "document", u.String(), "err", err)
		return
	}
	f := s.newFileOnDemand(u.cacheKey, d)
	for _, coding := range u.codings {
		if _, err := s.encodeDocument(ctx, p, u.cacheKey, f, coding); err != nil {
			s.Log.Debug("rendering failed", "document", u.String(), "err", err)
		}
	}
	p.cache.putRendered(u.cacheKey, u.unused, f)
}

// newFileOnDemand makes a file of a document that is rendered because somebody asked for it.
func (s *Site) newFileOnDemand(key cacheKey, d publish.Document) *file {
	f := newFilteredFile(d)
	s.dates.setDate(key, f)
	s.history.rememberVersion(key, f)
	return f
}

// setDates gives the files of documents without filters the time since when their bytes have been
// what they are. If the store does not know, the time that they were rendered with serves.
func (s *Site) setDates(ctx context.Context, keys []cacheKey, files []*file) {
	var list []news.Print
	for n, f := range files {
		digest := hex.EncodeToString(f.digest[:16])
		list = append(list, news.Print{Name: keys[n].String() + " " + keys[n].locale.Language, Digest: digest,
			Changed: f.modified})
	}
	since, err := s.Store.DateDocuments(ctx, list)
	switch {
	case ctx.Err() != nil: // nobody is going to read these
		return
	case err != nil:
		s.Log.Error("could not update Last-Modified dates", "err", err)
		return
	}
	for n, f := range files {
		f.setDate(since[n])
	}
}

// encodeDocument gives a file's representation in a coding, which is made when it is first asked
// for, in that coding alone: who asks again asks in the same.
func (s *Site) encodeDocument(
	ctx context.Context, p *publication, key cacheKey, f *file, coding int,
) (*representation, error) {
	if made := f.representations[coding].Load(); made != nil {
		return made, nil
	}
	if err := p.cache.acquireRoom(ctx); err != nil {
		return nil, errOfOne{err}
	}
	defer p.cache.releaseRoom()
	made, err := s.compressors.encodeFile(f, coding)
	if err == nil {
		p.cache.recountBytes(key, f)
		s.sending.recountFile(f)
		s.history.addTag(key, f, made.etag)
	}
	return made, err
}

// mainDocuments returns the documents without filters.
func mainDocuments() (list []cacheKey) {
	for _, f := range publish.Formats() {
		languages := []string{""}
		if f.Page {
			languages = publish.Languages()
		}
		for _, language := range languages {
			list = append(list, cacheKey{path: f.Path, locale: publish.Locale{Language: language}})
		}
	}
	return list
}

// errBusy: readers hold as many bytes as they may.
var errBusy = errOfOne{errors.New("too much is being read")}

// cachedDocument is a document, rendered the first time it is asked for. Release is to be called
// when the reader has it.
func (s *Site) cachedDocument(
	ctx context.Context, p *publication, key cacheKey,
) (f *file, release func(), err error) {
	if f := p.main[key]; f != nil {
		return f, func() {}, nil
	}
	if ctx.Value(ownKey{}) != nil {
		f, err = s.unkeptDocument(ctx, p, key)
		return f, func() {}, err
	}
	f, err = p.cache.getOrRender(ctx, key, func() (*file, error) {
		if s.sending.isFull() {
			return nil, errBusy
		}
		d, err := s.renderDocument(p, key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		return s.newFileOnDemand(key, d), nil
	})
	if err != nil {
		return nil, func() {}, err
	}
	release, ok := s.sending.holdFile(f)
	if !ok {
		return nil, func() {}, errBusy
	}
	return f, release, nil
}

// unkeptDocument is a document that readers have asked for, or one that is rendered for this once.
func (s *Site) unkeptDocument(ctx context.Context, p *publication, key cacheKey) (*file, error) {
	if f := p.cache.peek(key); f != nil {
		return f, nil
	}
	if err := p.cache.acquireRoom(ctx); err != nil {
		return nil, errOfOne{err}
	}
	defer p.cache.releaseRoom()
	d, err := s.renderDocument(p, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	f := newFilteredFile(d)
	s.dates.setDate(key, f)
	return f, nil
}

// renderDocument writes a document.
func (s *Site) renderDocument(p *publication, key cacheKey) (publish.Document, error) {
	format, number, ok := publish.FormatAt(key.path)
	switch {
	case key.path == publish.SearchPath:
		return renderSearchPage(s, p, key)
	case ok && number == 0 && publish.SelectionOf(key.query).Search.Asks():
		return renderSearchFeed(s, p, format, key)
	case ok && number == 0:
		return p.Render(format, publish.SelectionOf(key.query), key.locale)
	case ok:
		a, err := s.Store.Archive(number)
		if err != nil {
			return publish.Document{}, err
		}
		return p.RenderArchive(format, a, publish.SelectionOf(key.query), s.decidedBefore)
	}
	return renderPage(s, p, key)
}

// decidedBefore is what the store keeps under names; if it keeps nothing, the value stays. Readers'
// requests decide nothing.
func (s *Site) decidedBefore(values map[string]string) (map[string]string, error) {
	questions := map[string]string{}
	for name := range values {
		questions[name] = ""
	}
	kept, err := s.Store.KeepOnce(context.Background(), questions)
	for name, value := range kept {
		if value == "" {
			kept[name] = values[name]
		}
	}
	return kept, err
}

// storyPath is the address of the page of a story.
func storyPath(id string) string { return "/stories/" + id }

// cacheControl says for how long readers may keep a document of a format.
func cacheControl(maxAge time.Duration, archived bool) []string {
	value := "public, max-age=" + strconv.Itoa(int(maxAge/time.Second))
	if !archived {
		value += ", stale-if-error=86400"
	}
	return []string{value}
}
