package publish

import (
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// Renderer renders the documents of one edition. It is safe for concurrent use: what it keeps, the
// stories prepared and the fragments of documents that passed the gate, changes no byte.
type Renderer struct {
	Edition
	formats   []Format
	articles  map[*news.Story]article // of the edition's stories, worded for nobody in particular
	repeated  map[string]bool         // their pictures that say nothing of a story; see [repeatedPictures]
	fragments sync.Map                // fragmentKey → fragment
}

// request is a document that is asked for.
type request struct {
	format  Format
	filters Selection
	locale  Locale // of a page
}

// NewRenderer prepares an edition to be rendered.
func NewRenderer(e Edition) *Renderer {
	if e.Decisions == nil {
		e.Decisions = decideAnew(&e)
	}
	e.houses, e.zones = housesOf(&e), zonesOf(&e)
	r := &Renderer{Edition: e, formats: table, articles: make(map[*news.Story]article, len(e.Stories))}
	for _, story := range e.Stories {
		r.articles[story] = newArticle(&e, story)
	}
	r.repeated = repeatedPictures(r.articles)
	return r
}

// Render writes the newest document of a format; pages are in that locale. It fails if the
// document would be faulty and no story is to blame.
func (r *Renderer) Render(f Format, s Selection, l Locale) (Document, error) {
	return f.render(r, request{f, s, l})
}

// RenderArchive writes an archive document in a format, or the page of the podcast that holds the
// same stories. What was decided of its recordings is asked of kept, as [Decide] does.
func (r *Renderer) RenderArchive(
	f Format, a news.Archive, s Selection, kept func(map[string]string) (map[string]string, error),
) (Document, error) {
	if !f.feed.episodes {
		return r.renderContents(archiveContents(&r.Edition, f, a, s))
	}
	page := &Renderer{Edition: r.Edition, formats: r.formats}
	page.Window = news.Window{Stories: a.Stories, Gone: r.Gone, Closed: r.Closed}
	var err error
	if page.Decisions, err = Decide(&page.Edition, kept, nil); err != nil {
		return Document{}, err
	}
	return page.renderContents(archiveContents(&page.Edition, f, a, s))
}

// renderFeed is the renderer of all feed documents.
func renderFeed(r *Renderer, q request) (Document, error) {
	return r.renderContents(newestContents(&r.Edition, q.format, q.filters))
}

// renderContents writes a feed document and reads it back. Stories that break it are left out; it
// fails if they are not to blame. If its items have passed the gate in another document, it is put
// together of those.
func (r *Renderer) renderContents(c contents) (Document, error) {
	e := &r.Edition
	d := Document{Type: c.format.Type, Modified: c.changed, Self: e.publicAddress(c.path, c.Selection)}
	if !e.Standalone && !c.Search.Asks() {
		d.Hub = e.Hub
	}
	for _, a := range r.articlesOf(c.stories, c.Selection) {
		if !c.format.feed.episodes || isEpisode(e, a) {
			c.articles = append(c.articles, a)
		}
	}
	if d.Body = assembleFragments(r, c); d.Body != nil {
		return d, nil
	}
	body, fault, err := writeAndCheck(e, c, c.articles)
	if fault != nil {
		c.articles, d.LeftOut = partFaulty(e, c)
		body, fault, err = writeAndCheck(e, c, c.articles)
	}
	if fault != nil {
		err = fault
	}
	if err == nil && c.archive == nil && !c.Search.Asks() { // those of old stories are not asked for again
		keepFragments(r, c, body)
	}
	d.Body = body
	return d, err
}

// articlesOf prepares stories for a partner, or for nobody in particular.
func (r *Renderer) articlesOf(stories []*news.Story, s Selection) []article {
	list := make([]article, len(stories))
	for n, story := range stories {
		a, ready := r.articles[story]
		if !ready {
			a = newArticle(&r.Edition, story)
		}
		if len(s.For) > 0 {
			a = a.withClosing(closingFor(&r.Edition, a, s))
		}
		list[n] = a
	}
	return list
}

// writeAndCheck writes articles as a document and looks for a fault in it.
func writeAndCheck(e *Edition, c contents, list []article) ([]byte, *Fault, error) {
	body, err := c.format.feed.write(e, c, list)
	if err != nil {
		return nil, nil, err
	}
	return body, c.format.feed.check(body, list), nil
}

// partFaulty parts the articles that can be published from those that cannot, by writing each
// alone.
func partFaulty(e *Edition, c contents) (good []article, faults []Fault) {
	for _, a := range c.articles {
		_, fault, err := writeAndCheck(e, c, []article{a})
		if err != nil {
			fault = &Fault{Rule: "written", Why: err.Error()}
		}
		if fault != nil {
			fault.Story = a.ID
			faults = append(faults, *fault)
			continue
		}
		good = append(good, a)
	}
	return good, faults
}

// contents is what one feed document holds.
type contents struct {
	Selection
	format   Format
	path     string // of the document, below the desk's address
	stories  []*news.Story
	articles []article
	gone     []news.Gone
	archive  *news.Archive // nil: the newest document
	changed  time.Time     // when anything in it may have changed last
}

// newestContents is what a format's newest document holds of an edition.
func newestContents(e *Edition, f Format, s Selection) contents {
	c := contents{Selection: s, format: f, path: f.Path, stories: selectStories(e, e.Stories, s)}
	c.changed = latestTime(lastChange(e, s, e.Stories), lastChange(e, s, e.Left))
	for _, g := range e.Gone {
		lives := slices.ContainsFunc(c.stories, func(st *news.Story) bool { return st.PublicID == g.ID })
		if !lives && (g.Joined() || concernsSelection(e, g.Story, s)) {
			c.gone = append(c.gone, g)
			c.changed = latestTime(c.changed, g.When)
		}
	}
	return c
}

// archiveContents is what a format's archive document holds.
func archiveContents(e *Edition, f Format, a news.Archive, s Selection) contents {
	return contents{
		Selection: s, format: f, path: f.archivePath(a.Number), stories: selectStories(e, a.Stories, s), archive: &a,
		changed: latestTime(lastChange(e, s, a.Stories), lastChange(e, s, a.Left), a.Ended),
	}
}

// lastChange is when anything last changed that a selection's documents show, or that left them: a
// partner's, for one, when it began to carry the story.
func lastChange(e *Edition, s Selection, stories []*news.Story) time.Time {
	last := e.Configured
	for _, story := range stories {
		if concernsSelection(e, story, s) {
			last = latestTime(last, story.Changed, lastChangeOfVersions(story))
		}
	}
	return last
}

// lastShownChange is when what readers see in a document last changed: when a story of it went
// live, was modified or ended, or all that shapes documents besides the stories did.
func lastShownChange(e *Edition, c contents) time.Time {
	last := e.Configured
	for _, s := range c.stories {
		last = latestTime(last, s.OutAt(), s.Modified)
	}
	for _, g := range c.gone {
		last = latestTime(last, g.When)
	}
	return last
}

// relation is a link from one of the desk's documents to another.
type relation struct{ rel, address string }

// relationsOf lead from a feed document to itself, to the hub, and to the documents of older and
// newer stories: archive documents (RFC 5005 4), or pages (RFC 5005 3), which podcast apps follow
// to older episodes.
func relationsOf(e *Edition, c contents) []relation {
	newest := e.publicAddress(c.format.Path, c.Selection)
	older := func(n int) string { return e.publicAddress(c.format.archivePath(n), c.Selection) }
	list := []relation{{"self", e.publicAddress(c.path, c.Selection)}}
	if e.Standalone || c.Search.Asks() { // what a search finds has no archive, and nobody pushes it
		return list
	}
	if e.Hub != "" {
		list = append(list, relation{"hub", e.Hub})
	}
	number := e.Closed + 1 // the newest document comes after all archive documents
	if c.archive != nil {
		number = c.archive.Number
	}
	if c.format.Archive.Paged {
		if number <= e.Closed {
			previous := newest
			if number < e.Closed {
				previous = older(number + 1)
			}
			list = append(list, relation{"first", newest}, relation{"previous", previous})
		}
		if number > 1 {
			list = append(list, relation{"next", older(number - 1)})
		}
		return list
	}
	if number > 1 {
		list = append(list, relation{"prev-archive", older(number - 1)})
	}
	if number < e.Closed {
		list = append(list, relation{"next-archive", older(number + 1)})
	}
	if c.archive != nil {
		list = append(list, relation{"current", newest})
	}
	return list
}

// addressOf is the address that a relation leads to, empty if there is none.
func addressOf(list []relation, rel string) string {
	at := slices.IndexFunc(list, func(r relation) bool { return r.rel == rel })
	if at < 0 {
		return ""
	}
	return list[at].address
}
