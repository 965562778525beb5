package identity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/admit"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/gather"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/news"
)

// KilledError says that a story which is to be published was killed by its wire, or withdrawn by its
// own newsroom.
type KilledError struct{ Notices []news.KillNotice }

func (e *KilledError) Error() string {
	var lines []string
	for _, n := range e.Notices {
		line := fmt.Sprintf("story %s was killed by %s, %s", n.Story, n.Source,
			n.Since.UTC().Format("2 Jan 2006 15:04"))
		if n.Headline != "" {
			line += ": " + evidence.Quote(n.Headline)
		}
		lines = append(lines, line+": "+n.Text)
	}
	return strings.Join(lines, "\n") + "\n--although-killed publishes it all the same"
}

// mostNotice is how many bytes of a notice's text are shown.
const mostNotice = 2000

// KillNotices returns the words of wires, and of the newsroom that made it, against publishing a story:
// those that came after an editor last released or restored it.
func (r *Rules) KillNotices(store gather.Reader, s *news.Story) (notices []news.KillNotice) {
	source := r.newSource(store, time.Time{})
	var since time.Time
	if last := lastWord(store, s, news.Release, news.Restore); last != nil {
		since = last.When
	}
	for _, i := range s.Items {
		for _, h := range []*news.ItemHold{i.Hold, i.HeldBefore} {
			if h == nil || h.Kind != news.HoldKill || !h.Since.After(since) {
				continue
			}
			n := r.noticeOf(source, i, h)
			n.Story = s.ID
			isSame := func(o news.KillNotice) bool { return o.Headline == n.Headline && o.Text == n.Text }
			if !slices.ContainsFunc(notices, isSame) {
				notices = append(notices, n)
			}
		}
	}
	if n, withdrawn := r.newsroomsNotice(source, s, since); withdrawn {
		notices = append(notices, n)
	}
	return notices
}

// noticeOf is the wire's notice that holds an item. Earlier versions did not keep which it is.
func (r *Rules) noticeOf(s *gather.Source, i *news.Item, h *news.ItemHold) news.KillNotice {
	kill := news.KillNotice{Source: "its wire", Text: "a notice of its source says that it is withdrawn", Since: h.Since}
	notice := i // a published story that was turned into its notice
	if h.Notice != 0 {
		notice = s.Item(h.Notice)
	} else if _, is := admit.KilledHeadline(&i.Entry, s.TextFeatures(&i.Entry)); !is {
		notice = nil
	}
	for _, e := range []*news.Item{notice, i} {
		if e == nil {
			continue
		}
		if at := slices.IndexFunc(s.Evidence(e).Credit.Makers, func(m news.Maker) bool { return m.Outside != "" }); at >= 0 {
			kill.Source = s.Evidence(e).Credit.Makers[at].Name
			break
		}
	}
	if notice == nil {
		return kill
	}
	kill.Headline, kill.Text = notice.Entry.Title, ""
	for _, b := range s.TextFeatures(&notice.Entry).Blocks {
		if kill.Text = strings.TrimSpace(kill.Text + " " + b.Text); len(kill.Text) > mostNotice {
			kill.Text = strings.ToValidUTF8(kill.Text[:mostNotice], "") + " …"
			break
		}
	}
	return kill
}

// newsroomsNotice is what was found of a story that whoever made it has withdrawn.
func (r *Rules) newsroomsNotice(s *gather.Source, story *news.Story, since time.Time) (news.KillNotice, bool) {
	t := origin.Coverage{}
	for _, i := range story.Items {
		e := s.Evidence(i)
		if t.Items = append(t.Items, e); i.Number == story.Root.Item {
			t.Founder = e
		}
	}
	who := status.WithdrawnByNewsroom(s.Directory, t, story.Origin, since)
	if who == "" {
		return news.KillNotice{}, false
	}
	n := news.KillNotice{Story: story.ID, Source: who}
	for _, i := range story.Items {
		if a := i.Absence; i.Gone && a != nil && (n.Since.IsZero() || a.Since.Before(n.Since)) {
			n.Since, n.Text = a.Since, a.Words()
		}
	}
	return n, true
}
