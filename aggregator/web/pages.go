package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// onPage is a handler of a page: it has the edition that is published, and the reader's locale.
func onPage(
	s *Site,
	answer func(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.current.Load()
		if now == nil {
			refuseNotYet(w, s.Store.FeedStates, s.Settles)
			return
		}
		answer(s, w, r, now, now.negotiateLocale(w, r))
	}
}

// maxPage is the last page of a day that is looked for.
const maxPage = 100

// pageNumber is the number of a page in an address, 1 if it names none; ok is false for what is none.
func pageNumber(u *url.URL) (number int, ok bool) {
	if len(u.RawQuery) > maxQuery {
		return 1, true
	}
	text := u.Query().Get("page")
	if text == "" {
		return 1, true
	}
	number, err := strconv.Atoi(text)
	return number, err == nil && number >= 1 && number <= maxPage && strconv.Itoa(number) == text
}

// serveDay serves the stories of a day. A day that has none is not there, and not remembered: there is
// no end of days.
func serveDay(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale) {
	day, ok := now.Day(r.PathValue("day"))
	number, isPage := pageNumber(r.URL)
	if !ok || !isPage {
		s.serveNotFound(w, r, nil)
		return
	}
	has, older, err := hasStories(s, day)
	if err == nil && !has {
		var newer time.Time
		if newer, err = s.Store.PublishedFrom(day.To); err == nil {
			d, err := publish.NoDayPage(now.Renderer, day, older, newer, l)
			s.sendNotice(w, r, http.StatusNotFound, d, err)
			return
		}
	}
	if err != nil {
		failReading(s, w, r, err)
		return
	}
	key := cacheKey{path: "/days/" + day.Name, locale: l}
	if number > 1 {
		key.query = "page=" + strconv.Itoa(number)
	}
	s.sendDocument(w, r, now, key, cacheControl(now.MaxAge, false))
}

// hasStories reports whether live stories were published in a period, and when the newest was that was
// published before its end.
func hasStories(s *Site, p publish.Period) (has bool, newest time.Time, err error) {
	newest, err = s.Store.PublishedBefore(p.To)
	return err == nil && !newest.IsZero() && !newest.Before(p.From), newest, err
}

// renderDay writes the page of a day that a path leads to.
func renderDay(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	day, _ := p.Day(strings.TrimPrefix(key.path, "/days/"))
	number, _ := pageNumber(&url.URL{RawQuery: key.query})
	span, err := s.Store.PublishedBetween(day.From, day.To, (number-1)*publish.DayStories, publish.DayStories)
	if err == nil && len(span.Stories) == 0 {
		err = s.Unknown
	}
	if err != nil {
		return publish.Document{}, err
	}
	older, err := s.Store.PublishedBefore(day.From)
	if err != nil {
		return publish.Document{}, err
	}
	newer, err := s.Store.PublishedFrom(day.To)
	if err != nil {
		return publish.Document{}, err
	}
	return publish.DayPage(p.Renderer, day, span, number, older, newer, key.locale)
}

// serveStation serves the page of a station of the desk.
func serveStation(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale) {
	id := r.PathValue("station")
	if !now.known.Stations[id] {
		s.serveNotFound(w, r, publish.UnknownFilter{Name: "station", Value: id})
		return
	}
	s.sendDocument(w, r, now, cacheKey{path: publish.StationPath(id), locale: l}, cacheControl(now.MaxAge, false))
}

func renderStation(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	id := strings.TrimPrefix(key.path, "/stations/")
	older, searchable := olderStories(s, p, publish.Selection{Stations: []string{id}})
	return publish.StationPage(p.Renderer, id, older, searchable, key.locale)
}

// serveTopic serves the page of a topic that a story has or had. Another spelling of it leads there.
func serveTopic(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale) {
	asked := r.PathValue("topic")
	key := publish.TopicKey(asked)
	path, ok := publish.TopicPath(key)
	switch {
	case !ok || !now.known.Topics[key]:
		s.serveNotFound(w, r, publish.UnknownFilter{Name: "topic", Value: asked})
	case asked != key:
		s.redirectTo(w, r, l.Path(path))
	default:
		s.sendDocument(w, r, now, cacheKey{path: "/topics/" + key, locale: l}, cacheControl(now.MaxAge, false))
	}
}

func renderTopic(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	topic := strings.TrimPrefix(key.path, "/topics/")
	older, searchable := olderStories(s, p, publish.Selection{Topics: []string{topic}})
	return publish.TopicPage(p.Renderer, topic, older, searchable, key.locale)
}

// endOfTime is after all stories.
func endOfTime() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }

// olderStories gives the newest stories of a selection as the search knows them, and whether it may
// have more. If it fails, the page has what is in the edition.
func olderStories(s *Site, p *publication, selection publish.Selection) (older []*news.Story, searchable bool) {
	if s.Search == nil {
		return nil, false
	}
	found, err := search(
		s,
		p,
		publish.Wanted{Selection: selection, NewestFirst: true, Limit: publish.CollectionStories},
	)
	if err != nil && !errors.Is(err, ErrNoSearch) {
		s.Log.Warn("looking for older stories failed", "selection", selection.Query(), "err", err)
	}
	return found.Stories, found.Total > publish.CollectionStories || !found.Whole
}

// serveArchive serves the way to the stories of all days, or of those of a year or a month.
func serveArchive(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale) {
	path := strings.TrimSuffix(r.URL.Path, "/")
	if period, ok := archivePeriod(now, path); !ok {
		s.serveNotFound(w, r, nil)
		return
	} else if period.Name != "" {
		has, _, err := hasStories(s, period)
		if err != nil {
			failReading(s, w, r, err)
			return
		}
		if !has {
			s.serveNotFound(w, r, nil)
			return
		}
	}
	s.sendDocument(w, r, now, cacheKey{path: path, locale: l}, cacheControl(now.MaxAge, false))
}

// archivePeriod is the year or month that a path leads to, the zero value for all of the archive.
func archivePeriod(p *publication, path string) (period publish.Period, ok bool) {
	name := strings.TrimPrefix(strings.TrimPrefix(path, "/archive"), "/")
	year, month, hasMonth := strings.Cut(name, "/")
	switch {
	case name == "":
		return publish.Period{}, true
	case hasMonth:
		return p.Month(year + "-" + month)
	}
	return p.Year(name)
}

// Bounds of what a page of the archive lists.
const (
	maxYears  = 100
	maxMonths = 4000 // that a sitemap lists
)

func renderArchive(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	of, _ := archivePeriod(p, key.path)
	var years []publish.ArchivePart
	var older, newer time.Time
	within := of
	if of.Name == "" {
		within.To = endOfTime()
	} else {
		var err error
		if older, err = s.Store.PublishedBefore(of.From); err != nil {
			return publish.Document{}, err
		}
		if newer, err = s.Store.PublishedFrom(of.To); err != nil {
			return publish.Document{}, err
		}
	}
	list, err := periodsIn(s, within, p.YearOf, maxYears)
	if err != nil {
		return publish.Document{}, err
	}
	for _, year := range list {
		y := publish.ArchivePart{Period: year}
		months, err := periodsIn(s, narrow(year, of), p.MonthOf, 12)
		if err != nil {
			return publish.Document{}, err
		}
		for _, month := range months {
			m := publish.ArchivePart{Period: month}
			// The days of all years would be too many links for a page.
			if of.Name != "" || len(years) == 0 && len(y.Parts) == 0 {
				days, err := periodsIn(s, month, p.DayOf, 31)
				if err != nil {
					return publish.Document{}, err
				}
				for _, day := range days {
					m.Parts = append(m.Parts, publish.ArchivePart{Period: day})
				}
			}
			y.Parts = append(y.Parts, m)
		}
		years = append(years, y)
	}
	return publish.ArchivePage(p.Renderer, of, years, older, newer, key.locale)
}

// narrow is the part of a period that lies in another, if that is one at all.
func narrow(p, within publish.Period) publish.Period {
	if within.Name != "" && within.From.After(p.From) {
		p.From = within.From
	}
	if within.Name != "" && within.To.Before(p.To) {
		p.To = within.To
	}
	return p
}

// periodsIn lists the parts of a period that have live stories, the latest first, each found by one
// look at the list of stories.
func periodsIn(
	s *Site, p publish.Period, partOf func(time.Time) publish.Period, limit int,
) (parts []publish.Period, err error) {
	for before := p.To; len(parts) < limit; {
		newest, err := s.Store.PublishedBefore(before)
		if err != nil {
			return nil, err
		}
		if newest.IsZero() || newest.Before(p.From) {
			break
		}
		part := partOf(newest)
		parts = append(parts, part)
		if !part.From.Before(before) {
			break
		}
		before = part.From
	}
	return parts, nil
}

// servePodcast serves the page about the podcast.
func servePodcast(s *Site, w http.ResponseWriter, r *http.Request, now *publication, l publish.Locale) {
	s.sendDocument(w, r, now, cacheKey{path: "/podcast", locale: l}, cacheControl(now.MaxAge, false))
}

// serveForCrawlers serves robots.txt and the sitemap.
func serveForCrawlers(s *Site, w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	w.Header().Set("Content-Security-Policy", sandboxPolicy)
	if name, ok := publish.SitemapPart(r.URL.Path); ok && name != "" {
		month, has := now.Month(name)
		if has {
			var err error
			if has, _, err = hasStories(s, month); err != nil {
				failReading(s, w, r, err)
				return
			}
		}
		if !has {
			refuseRequest(w, http.StatusNotFound, "there is no sitemap of that month here")
			return
		}
	}
	s.sendDocument(w, r, now, cacheKey{path: r.URL.Path}, cacheControl(now.MaxAge, false))
}

// serveFile serves what stands at the top of the site and has no address of its own in the table of
// routes: the parts of the sitemap.
func serveFile(s *Site, w http.ResponseWriter, r *http.Request) {
	if _, ok := publish.SitemapPart(r.URL.Path); ok {
		serveForCrawlers(s, w, r)
		return
	}
	s.serveNotFound(w, r, nil)
}

func renderSitemap(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	name, ok := publish.SitemapPart(key.path)
	switch {
	case !ok:
		months, err := periodsIn(s, publish.Period{To: endOfTime()}, p.MonthOf, maxMonths)
		if err != nil {
			return publish.Document{}, err
		}
		return publish.Sitemap(p.Renderer, months)
	case name == "":
		var topics []string
		if s.Search != nil {
			for topic := range p.known.Topics {
				topics = append(topics, topic)
			}
		}
		return publish.SitemapOfPages(p.Renderer, topics)
	}
	month, _ := p.Month(name)
	days, err := periodsIn(s, month, p.DayOf, 31)
	if err != nil {
		return publish.Document{}, err
	}
	list := make([]publish.DayChanged, len(days))
	for n, day := range days {
		list[n].Period = day
		if list[n].Changed, err = s.Store.ChangedBetween(day.From, day.To, publish.DayStories); err != nil {
			return publish.Document{}, err
		}
	}
	return publish.SitemapOfMonth(p.Renderer, list)
}

// renderPage writes what is rendered when somebody asks for it and is no document of a format.
func renderPage(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	folder, _, _ := strings.Cut(strings.TrimPrefix(key.path, "/"), "/")
	switch folder {
	case "stories":
		st, err := s.Store.Story(strings.TrimPrefix(key.path, "/stories/"))
		if err != nil {
			return publish.Document{}, err
		}
		return publish.StoryPage(p.Renderer, st, key.locale)
	case "days":
		return renderDay(s, p, key)
	case "stations":
		return renderStation(s, p, key)
	case "topics":
		return renderTopic(s, p, key)
	case "archive":
		return renderArchive(s, p, key)
	case "podcast":
		return publish.PodcastPage(p.Renderer, key.locale)
	}
	if key.path == publish.RobotsPath {
		return publish.Robots(p.Renderer), nil
	}
	return renderSitemap(s, p, key)
}

// failReading answers that the store could not be read.
func failReading(s *Site, w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	s.Log.Error("reading stories failed", "path", r.URL.Path, "err", err)
	refuseRequest(w, http.StatusInternalServerError, "the stories could not be read")
}
