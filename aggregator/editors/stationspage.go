package editors

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// stationsPath is where stations are listed.
const stationsPath = rootPath + "stations"

// Bounds of a station's page.
const (
	maxItemsShown   = 50 // of each feed
	maxNoticesShown = 50
)

// stationPath is the path of a station's page.
func stationPath(id string) string { return stationsPath + "/" + url.PathEscape(id) }

// stationRow is a station in the list.
type stationRow struct {
	Path, Name string
	Feeds      []feedView
}

// stationView is what a station's page shows.
type stationView struct {
	Path, Name, URL string
	Feeds           []feedView
	SendsNotices    bool
	Notices         []failedRow
	Wrong           string // what was not done, and why
}

// feedView is a feed on the page of its station, or in the list.
type feedView struct {
	Number  int // on its page, from 1
	Name    string
	Health  string // in words
	Ill     bool
	Visited moment
	Success moment
	Next    moment
	Doubts  []string // why an editor is asked about the feed
	Items   []readRow
	Counts  string // what the document of the last visit held
	Left    string // what of it the desk did not take, and why; "": it took all
	Lost    []string
	Repairs []string
	Advice  []adviceLine
}

// readRow is an item that a feed brought last, and what came of it.
type readRow struct {
	Headline, Path, Outcome string
	New                     bool
	When                    moment
}

// failedRow is a notice that was not accepted.
type failedRow struct {
	Recipient, What, Error string
	Since                  moment
}

// showStations answers with all stations and how their feeds are doing.
func showStations(s *Site, w http.ResponseWriter, r *request) {
	reports, err := s.Source.Feeds("")
	if err != nil {
		s.fail(w, r, "cannot tell how feeds are doing", err)
		return
	}
	byStation := map[string][]feedView{}
	for _, report := range reports {
		id := report.Feed.Station
		byStation[id] = append(byStation[id], newFeedView(r, len(byStation[id])+1, report))
	}
	var rows []stationRow
	for _, station := range r.settings.Stations {
		rows = append(rows, stationRow{stationPath(station.ID), station.Name, byStation[station.ID]})
	}
	s.show(w, r, page{template: "stations", title: "Stations", current: stationsPath, data: rows})
}

// showStation answers with the page of a station.
func showStation(s *Site, w http.ResponseWriter, r *request) {
	if station, ok := findStation(s, w, r); ok {
		showStationAs(s, w, r, station, http.StatusOK, "")
	}
}

// findStation is the station that the path names; otherwise it answers that there is none.
func findStation(s *Site, w http.ResponseWriter, r *request) (news.Station, bool) {
	id := r.PathValue("id")
	at := slices.IndexFunc(r.settings.Stations, func(station news.Station) bool { return station.ID == id })
	if at < 0 {
		s.notFound(w, r)
		return news.Station{}, false
	}
	return r.settings.Stations[at], true
}

// showStationAs answers with the page of a station, and what was not done.
func showStationAs(s *Site, w http.ResponseWriter, r *request, station news.Station, status int, wrong string) {
	v, err := newStationView(s, r, station)
	if err != nil {
		s.fail(w, r, "cannot tell how a station is doing", err)
		return
	}
	v.Wrong = wrong
	s.show(w, r, page{template: "station", title: station.Name, current: stationsPath, status: status, data: v})
}

func newStationView(s *Site, r *request, station news.Station) (*stationView, error) {
	v := &stationView{Path: stationPath(station.ID), Name: station.Name, URL: station.URL}
	reports, err := s.Source.Feeds(station.ID)
	if err != nil {
		return nil, err
	}
	for n, report := range reports {
		feed := newFeedView(r, n+1, report)
		last, err := s.Source.LastDocument(report.Feed.URL, maxItemsShown)
		if err != nil {
			return nil, err
		}
		feed.addItems(r, report, last)
		v.Feeds = append(v.Feeds, feed)
	}
	failed, err := s.Source.FailedNotices(station.ID)
	if errors.Is(err, ErrNone) {
		return v, nil
	}
	v.SendsNotices = true
	for _, n := range failed[:min(len(failed), maxNoticesShown)] {
		attempts := r.say("%d attempts failed: %s", n.Attempts, n.Error)
		if n.Attempts == 1 {
			attempts = r.say("An attempt failed: %s", n.Error)
		}
		v.Notices = append(v.Notices, failedRow{
			Recipient: n.Recipient, What: r.say(noticeNames[n.Kind]), Since: newMoment(r.language, r.settings.Desk, n.Since),
			Error: attempts,
		})
	}
	return v, err
}

// newFeedView tells how a feed is doing.
func newFeedView(r *request, number int, report FeedReport) feedView {
	at := func(state news.FeedState) (visited, success, next moment) {
		return newMoment(r.language, r.settings.Desk, state.Visited), newMoment(r.language, r.settings.Desk, state.Success),
			newMoment(r.language, r.settings.Desk, state.Due)
	}
	f := feedView{Number: number, Name: report.Name, Ill: report.State.Failures > 0}
	f.Visited, f.Success, f.Next = at(report.State)
	f.Health = healthInWords(r, report.State)
	for _, flag := range report.Flags {
		if doubt := reasonOfFlag(r, flag); doubt != "" {
			f.Doubts = append(f.Doubts, doubt)
		}
	}
	for _, advice := range report.Advice {
		f.Advice = append(f.Advice, adviceIn(r.language, advice))
	}
	for _, repair := range report.State.Repairs {
		text := repair.What
		if repair.Count > 1 {
			text = r.say("%s (%d times)", repair.What, repair.Count)
		}
		f.Repairs = append(f.Repairs, text)
	}
	for _, l := range report.State.Losses {
		text := l.What
		if l.Title != "" {
			text = "“" + l.Title + "”: " + l.What
		}
		f.Lost = append(f.Lost, text)
	}
	return f
}

// healthInWords says how a feed is doing and since when, in the words of the public pages.
func healthInWords(r *request, state news.FeedState) string {
	when := func() string { return newMoment(r.language, r.settings.Desk, state.Failing).Words }
	switch {
	case state.Visited.IsZero():
		return r.say("Not visited yet")
	case state.Failures == 0:
		return r.say("OK")
	case state.Failures == 1:
		return r.say("Since %s: %s", when(), publish.FailureInWords(r.language, state.Kind))
	}
	return r.say("Since %s: %s (%d failures in a row)", when(), publish.FailureInWords(r.language, state.Kind),
		state.Failures)
}

// addItems shows what a feed brought last, and what came of it.
func (f *feedView) addItems(r *request, report FeedReport, last news.LastDocument) {
	switch n := len(last.Taken); {
	case last.Entries == 0:
		return
	case n < last.Entries-last.Left:
		f.Counts = r.say("%d items, the first %d of them:", last.Entries, n)
	default:
		f.Counts = r.say("%d items:", last.Entries)
	}
	switch {
	case last.Left == 0:
	case !report.Feed.Only.Empty() || !report.Feed.Skip.Empty():
		f.Left = r.say("%d items were left out: the desk's filter for this feed does not take them.", last.Left)
	default:
		f.Left = r.say("%d items were left out: they wait for their pages, or are more than is taken in a day.", last.Left)
	}
	for _, taken := range last.Taken {
		f.Items = append(f.Items, newReadRow(r, report.State, taken))
	}
}

// newReadRow says what came of an item.
func newReadRow(r *request, state news.FeedState, taken news.TakenItem) readRow {
	i, s := taken.Item, taken.Story
	row := readRow{
		Headline: headlineOfItem(r.language, i), New: i.FirstSeen.Equal(state.Changed),
		When: newMoment(r.language, r.settings.Desk, cmp.Or(i.Entry.Stated(), i.FirstSeen)),
	}
	if s != nil && s.ID != "" {
		row.Path = rootPath + "stories/" + s.ID
	}
	row.Outcome = outcomeOf(r, i, s)
	return row
}

// outcomeOf says what came of an item: whether its story is published, and with whose items it is in it.
func outcomeOf(r *request, i *news.Item, s *news.Story) string {
	switch {
	case s == nil:
		return r.say("Its story cannot be read.")
	case s.ID == "":
		return r.say("It becomes a story when the visits under way have ended.")
	case s.Status == news.Retracted:
		return r.say("Withdrawn") + "."
	case s.Status == news.Held && i.Hold != nil && reasonsOfHolds[i.Hold.Kind] != "":
		return r.say("Held: %s", r.say(reasonsOfHolds[i.Hold.Kind]))
	case s.Status == news.Held:
		return r.say("Held: %s", r.say("an editor has said so."))
	}
	var others []string
	for _, other := range s.Items {
		if name := r.settings.stationNamed(other.Station).Name; other != i && other.Number != i.Number &&
			!slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	switch shown := leadItem(s); {
	case len(others) > 0 && shown != nil && shown.Number != i.Number:
		return r.say("Joined to “%s”, with %s.", headlineOf(r.language, s), listWords(r, others))
	case len(others) > 0:
		return r.say("One story, with %s.", listWords(r, others))
	case s.ArchiveOnly:
		return r.say("A story of its own, in the archive only.")
	}
	return r.say("A story of its own.")
}

// listWords names a few of many.
func listWords(r *request, names []string) string {
	const most = 3
	text := ""
	for n, name := range names {
		switch {
		case n == most:
			return text + " " + r.say("and %d more", len(names)-most)
		case n > 0:
			text += ", "
		}
		text += name
	}
	return text
}

// Article is the id of a feed's article on its page.
func (f feedView) Article() string { return "feed-" + strconv.Itoa(f.Number) }

// reasonsOfHolds say why an item is held.
var reasonsOfHolds = map[news.HoldKind]string{
	news.HoldEmbargo:   "its date is still to come.",
	news.HoldFlood:     "the feed brought many stories at once.",
	news.HoldMigration: "it may be a known story under a new address.",
	news.HoldWithdrawn: "its station may have withdrawn it.",
	news.HoldKill:      "a notice of its source says that it is withdrawn.",
	news.HoldNotice:    "it is a wire's notice, not news.",
	news.HoldPage:      "its page was not reached; the next visit publishes it.",
}

// noticeNames say what a notice is of.
var noticeNames = map[news.NoticeKind]string{
	news.NoticeKilled:    "A killed story",
	news.NoticeFlood:     "A flood",
	news.NoticePair:      "A pair",
	news.NoticeWithdrawn: "A withdrawn story",
	news.NoticeCorrected: "A correction",
	news.NoticeIll:       "A feed that fails",
	news.NoticeWell:      "A feed that is well again",
	news.NoticeBackup:    "A missing backup",
	news.NoticeMissing:   "A story for a partner",
}
