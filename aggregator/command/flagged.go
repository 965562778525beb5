package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
	"fronteras/store"
)

// flaggedCase is a case with the stories that it is about.
type flaggedCase struct {
	Case    caseAnswer     `json:"case"`
	Stories []flaggedStory `json:"stories"`
}

type flaggedStory struct {
	ID       string      `json:"id"`
	Title    string      `json:"title"`
	Status   news.Status `json:"status"`
	Stations []string    `json:"stations"` // names of those with an item of it
	Makers   []string    `json:"makers"`   // their ids
}

// listFlagged answers for what waits for an editor, with the stories.
func listFlagged(_ context.Context, a *app, _ casesQuestion) ([]flaggedCase, error) {
	found, err := a.store.Cases(time.Now())
	list := []flaggedCase{}
	for _, c := range found {
		of := flaggedCase{Case: newCaseAnswer(a, c), Stories: []flaggedStory{}}
		for _, id := range of.Case.Stories {
			s, err := a.store.Story(id)
			switch {
			case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrRecord): // it is left out
			case err != nil:
				return nil, err
			default:
				of.Stories = append(of.Stories, newFlaggedStory(a, s))
			}
		}
		list = append(list, of)
	}
	return list, err
}

func newFlaggedStory(a *app, s *news.Story) flaggedStory {
	f := flaggedStory{ID: s.ID, Status: s.Status}
	if i := s.Item(s.LeadItem); i != nil {
		f.Title = i.Entry.Title
	}
	for _, i := range s.Items {
		if !slices.Contains(f.Makers, i.Station) {
			f.Makers = append(f.Makers, i.Station)
			f.Stations = append(f.Stations, a.rules.Maker(i.Station).Name)
		}
	}
	return f
}

// printFlagged shows a block a case: what is asked, about which stories, and the commands to type.
func printFlagged(w io.Writer, list []flaggedCase) error {
	var text strings.Builder
	for n, f := range list {
		if n > 0 {
			text.WriteString("\n")
		}
		c := f.Case
		fmt.Fprintf(&text, "Case %s: %s, %s since %s", c.ID, c.Kind, c.State, formatMinute(&c.Since))
		if c.Feed != "" {
			text.WriteString(", " + terminalSafe(c.Feed))
		}
		text.WriteString("\n  " + terminalSafe(c.Why) + "\n")
		for _, s := range f.Stories {
			title := s.Title
			if s.Status != news.Live {
				title = "[" + string(s.Status) + "] " + title
			}
			fmt.Fprintf(&text, "  %s  %s (%s)\n", s.ID, terminalSafe(title), terminalSafe(strings.Join(s.Stations, ", ")))
		}
		for _, line := range commandsForCase(f) {
			text.WriteString("    fronteras " + terminalSafe(line) + "\n")
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// commandsForCase are those with which an editor can decide a case.
func commandsForCase(f flaggedCase) (lines []string) {
	id := f.Case.ID
	var ids []string
	for _, s := range f.Stories {
		ids = append(ids, s.ID)
	}
	all := strings.Join(ids, " ")
	switch {
	case f.Case.Kind == news.CaseFlood:
		return []string{"release " + f.Case.Feed, "retract " + f.Case.Feed + " --reason TEXT", "dismiss " + id}
	case f.Case.Kind == news.CasePair && len(f.Stories) == 2:
		lines = []string{"apart " + all}
		for _, s := range f.Stories {
			for _, maker := range s.Makers {
				lines = append(lines, "join "+all+" --origin "+maker)
			}
		}
		slices.Sort(lines[1:])
		lines = append(slices.Compact(lines), "join "+all+" --origin none")
		if f.Case.State != news.CaseHeld {
			lines = append(lines, "hold "+all)
		}
	case len(f.Stories) == 1:
		lines = commandsForStory(f.Case.Kind, f.Stories[0])
	}
	return append(lines, "dismiss "+id)
}

// commandsForStory are those with which an editor can decide on one story.
func commandsForStory(kind news.CaseKind, s flaggedStory) (lines []string) {
	withdraw := "retract " + s.ID + " --reason TEXT"
	switch {
	case kind == news.CaseKilled:
		return []string{withdraw, "hold " + s.ID, "release " + s.ID + " --although-killed"}
	case s.Status == news.Held:
		return []string{withdraw, "release " + s.ID}
	case s.Status == news.Retracted:
		return []string{"restore " + s.ID}
	}
	return []string{"hold " + s.ID, withdraw}
}
