package command

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/session"
	"fronteras/store"
)

// noticePlan says for the store who hears of what happens.
func (a *app) noticePlan() store.Notices {
	return store.Notices{Recipients: a.config.Notify.To, Ill: a.config.Notify.Ill, Token: newUnsubscribeToken}
}

// newUnsubscribeToken is 32 random bytes, as they stand in an address.
func newUnsubscribeToken() string {
	var token [32]byte
	_, _ = rand.Read(token[:]) // it does not fail
	return base64.RawURLEncoding.EncodeToString(token[:])
}

// mailServer is the server that takes the desk's mail; nil: the desk sends none.
func (a *app) mailServer() *notify.MailServer {
	m := a.config.Mail
	if m.Server == "" {
		return nil
	}
	_, host, _ := strings.Cut(m.From, "@")
	return &notify.MailServer{
		Address: m.Server, TLS: m.TLS, User: m.User, Password: m.Password, Name: a.config.Desk.Title, From: m.From, Host: host,
	}
}

// newMailSender is what mails texts that are no notices; nil: the desk sends no mail.
func (a *app) newMailSender() sendMail {
	server := a.mailServer()
	if server == nil {
		return nil
	}
	return func(ctx context.Context, to, subject, text string) error {
		return server.Send(ctx, notify.Mail{To: to, Subject: subject, Text: text})
	}
}

// newNoticeService is what delivers notices; count is called with each message that was accepted, or failed.
func newNoticeService(a *app, count func(accepted bool)) *notify.Service {
	return &notify.Service{
		Store: a.store, Recipients: a.config.Notify.To, Backup: a.config.Notify.Backup, Mail: a.mailServer(),
		Desk: a.deskFor, Fact: a.factOf, Log: a.log, Count: count,
	}
}

// newUnsubscribing answers those who want no more notices.
func newUnsubscribing(d *daemon, log *slog.Logger) http.Handler {
	return &notify.Unsubscribing{
		Known: d.store.RecipientWithToken, Unknown: store.ErrUnknown, Stop: d.store.SetRecipientOff, Log: log,
		Desk: func() notify.Desk { return d.current.Load().deskFor(news.Recipient{}) },
	}
}

// deskFor is what notices to a recipient say of the desk: in the language of the editor whose address it
// is, or of the partner's station, otherwise in the desk's.
func (a *app) deskFor(r news.Recipient) notify.Desk {
	c := a.config
	d := notify.Desk{Title: c.Desk.Title, URL: c.Desk.URL, Language: c.Desk.Language}
	if len(c.Editors.People) > 0 {
		d.Editors = c.Editors.URL
	}
	for _, e := range c.Editors.People {
		if r.As == news.AsMail && session.IsSameEmail(e.Email, notify.MailAddressOf(r.Target)) {
			d.Language = cmp.Or(e.Language, d.Language)
		}
	}
	if s, ok := stationCalled(c.Stations, r.Partner); ok {
		d.Language = cmp.Or(s.Language, d.Language)
	}
	d.Timezone, _ = time.LoadLocation(r.Timezone) // the configuration refuses others; nil is UTC
	return d
}

// stationCalled is the station with an id, if there is one.
func stationCalled(stations []news.Station, id string) (news.Station, bool) {
	for _, s := range stations {
		if s.ID == id && id != "" {
			return s, true
		}
	}
	return news.Station{}, false
}

// maxFactStories is how many stories of an event are looked up: a flood may have thousands.
const maxFactStories = 50

// factOf is an event with what is known of it now.
func (a *app) factOf(e news.Event) (f notify.Fact, err error) {
	f.Event, f.Open = e, true
	if e.Case != 0 {
		switch c, err := a.store.Case(e.Case, time.Now()); {
		case isMissing(err): // its story was forgotten
			f.Open = false
		case err != nil:
			return f, err
		default:
			f.Open = c.State == news.CaseOpen
			f.Event.Stories, f.Event.Feed = c.Stories, cmp.Or(c.Feed, e.Feed)
		}
	}
	if f.Event.Feed != "" {
		feed, _ := a.configuredFeed(func(of news.Feed) bool { return of.URL == f.Event.Feed })
		station, _ := stationCalled(a.config.Stations, feed.Station)
		f.Feed, f.Station, f.StationID = a.feedForOperators(f.Event.Feed), station.Name, station.ID
	}
	edition, err := newEmptyEdition(a)
	if err != nil {
		return f, err
	}
	seen := map[string]bool{}
	for _, id := range f.Event.Stories[:min(len(f.Event.Stories), maxFactStories)] {
		story, err := a.store.Story(id)
		if isMissing(err) { // it was forgotten
			continue
		}
		if err != nil {
			return f, err
		}
		if seen[story.ID] { // they are one now
			continue
		}
		seen[story.ID] = true
		if f.Kind == news.NoticeKilled && f.Words == "" {
			if f.Words, err = a.killWords(story); err != nil {
				return f, err
			}
		}
		about := a.storyForNotice(&edition, story)
		if f.Kind == news.NoticeMissing {
			if about.InFeed, err = a.isInFeed(story); err != nil {
				return f, err
			}
		}
		f.Stories = append(f.Stories, about)
	}
	return f, a.judgeFact(&f)
}

// isInFeed reports whether a story is young enough for the feed documents: that is counted back from the
// newest one.
func (a *app) isInFeed(story *news.Story) (bool, error) {
	if story.ArchiveOnly {
		return false, nil
	}
	newest := story.Published
	err := a.store.EachStory(func(s *news.Story) bool {
		if s.Status != news.Live {
			return true
		}
		newest = s.Published
		return false
	})
	maxAge := a.config.Publish.MaxAge
	return maxAge == 0 || newest.Sub(story.Published) < maxAge, err
}

// killWords are the words against publishing a story, and whose they are.
func (a *app) killWords(story *news.Story) (string, error) {
	notices, err := a.store.KillNotices(story)
	if isMissing(err) || err == nil && len(notices) == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	n := notices[0]
	var parts []string
	for _, part := range []string{n.Source, n.Headline, n.Text} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": "), nil
}

// isMissing reports whether something is not there, or cannot be read: that must not keep a recipient from
// all else.
func isMissing(err error) bool {
	return errors.Is(err, store.ErrUnknown) || errors.Is(err, store.ErrRecord)
}

// judgeFact finds whether there is still something to tell of an event.
func (a *app) judgeFact(f *notify.Fact) error {
	isLive := len(f.Stories) > 0 && f.Stories[0].Status == news.Live
	switch f.Kind {
	case news.NoticeWithdrawn:
		f.Open = len(f.Stories) > 0 && !isLive
	case news.NoticeCorrected, news.NoticeMissing:
		f.Open = isLive
	case news.NoticeBackup:
		about, err := a.store.About()
		f.Open = !about.BackedUp.After(f.When)
		return err
	}
	return nil
}

// storyForNotice is a story as notices have it.
func (a *app) storyForNotice(e *publish.Edition, story *news.Story) notify.Story {
	s := notify.Story{
		ID: story.ID, PublicID: story.PublicID, Status: story.Status, URL: publish.StoryLink(e, story),
		Stations: []string{}, By: story.WithdrawnBy, Desk: a.config.Desk.URL + "/stories/" + story.ID,
	}
	lead := story.Item(story.LeadItem)
	if lead == nil && len(story.Items) > 0 {
		lead = story.Items[0]
	}
	if lead != nil {
		s.Title = lead.Entry.Title
	}
	if story.Origin != nil {
		s.Origin = story.Origin.Name
	}
	for _, station := range a.config.Stations {
		if publish.IsCarriedBy(story, station.ID) {
			s.Stations = append(s.Stations, station.ID)
			s.Names = append(s.Names, station.Name)
		}
		if publish.HasStory(story, station.ID) {
			s.Holders = append(s.Holders, station.ID)
		}
	}
	return s
}
