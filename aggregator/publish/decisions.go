package publish

import (
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Names of what is decided once and kept: the podcast's first address, which story has a recording,
// which has it after one that was withdrawn, and which station's name a title has.
const (
	keptAddress   = "podcast"
	keptRecording = "sound "
	keptSuccessor = "sound after "
	keptTitle     = "title "
)

// similarLength is how much the lengths of two episodes of one title and day must differ for
// AntennaPod not to take them for one, in seconds.
const similarLength = 600

// recording is a story's audio as podcast apps play it.
type recording struct {
	news.Enclosure
	story *news.Story
	item  *news.Item // whose audio it is
}

// Decide settles what an edition's podcast decides once, and gives everything that is decided, for
// [Edition.Decisions]. Keep remembers values under names, unless there are some already, and gives
// what each name's value is; an empty value asks and is not remembered.
func Decide(e *Edition, keep func(map[string]string) (map[string]string, error)) (map[string]string, error) {
	list := recordingsOf(e)
	decided, err := keep(proposedDecisions(e, list))
	if err != nil {
		return nil, err
	}
	for {
		successors := proposedSuccessors(e, list, decided)
		if len(successors) == 0 {
			return decided, nil
		}
		answers, err := keep(successors)
		if err != nil {
			return nil, err
		}
		maps.Copy(decided, answers)
	}
}

// proposedDecisions is what an edition with these recordings would decide if nothing was decided
// before, by name.
func proposedDecisions(e *Edition, list []recording) map[string]string {
	proposed := map[string]string{keptAddress: podcastAddress(e)}
	for address, story := range firstPublished(list) {
		proposed[keptRecording+address] = story
	}
	for n, r := range list {
		if confusesApps(e, r, list[n+1:]) {
			proposed[keptTitle+r.story.ID] = r.item.Station
		}
	}
	return proposed
}

// proposedSuccessors returns names to ask for: which story has a recording after the story that it
// was given to last. Once that is withdrawn, the story published first of the others has it.
func proposedSuccessors(e *Edition, list []recording, decided map[string]string) map[string]string {
	proposed := map[string]string{}
	for address, story := range firstPublished(list) {
		last := ""
		if line := holdersOf(decided, address); len(line) > 0 {
			last = line[len(line)-1]
		}
		name := keptSuccessor + last + " " + address
		if _, asked := decided[name]; asked {
			continue
		}
		proposed[name] = ""
		if isWithdrawn(e, last) {
			proposed[name] = story
		}
	}
	return proposed
}

// recordingsOf returns the recordings of an edition's stories, the newest story's first.
func recordingsOf(e *Edition) []recording {
	var list []recording
	for _, story := range e.Stories {
		if r, ok := recordingOf(e, story); ok {
			list = append(list, r)
		}
	}
	return list
}

// recordingOf is what apps play of a story; ok is false if there is nothing, or its station forbids
// it.
func recordingOf(e *Edition, story *news.Story) (r recording, ok bool) {
	item := itemWithAudio(story)
	if e.Facts[item.Feed].Blocked || item.Entry.Podcast != nil && item.Entry.Podcast.Block {
		return recording{}, false
	}
	for _, s := range soundsOf(story, item) {
		plays := s.Type == "audio/mpeg" || s.Type == "audio/mp4" || s.Type == "audio/x-m4a"
		if plays && strings.IndexFunc(s.URL, func(r rune) bool { return r > 0x7e || r < 0x21 }) < 0 {
			return recording{s, story, item}, true
		}
	}
	return recording{}, false
}

// firstPublished gives each recording's address the id of the story published first that has it.
func firstPublished(list []recording) map[string]string {
	first := map[string]string{}
	for _, r := range list { // the newest first, so the last one stays
		first[r.URL] = r.story.ID
	}
	return first
}

// confusesApps reports whether apps would take a recording for one of these earlier ones.
func confusesApps(e *Edition, r recording, earlier []recording) bool {
	day := r.story.Published.UTC().Format(time.DateOnly)
	for _, other := range earlier {
		switch {
		case other.story.Published.UTC().Format(time.DateOnly) != day:
			return false
		case other.URL != r.URL && max(r.Duration, other.Duration)-min(r.Duration, other.Duration) < similarLength &&
			recordingTitle(e, other) == recordingTitle(e, r):
			return true
		}
	}
	return false
}

// recordingTitle is the title of a recording's story.
func recordingTitle(e *Edition, r recording) string {
	lead := leadItem(r.story)
	if title := singleLine(lead.Entry.Title); title != "" {
		return title
	}
	return titleOf(lead, markup.Text(itemText(e, lead)))
}

// holdersOf returns the ids of the stories that a recording was given to, one after another.
func holdersOf(decided map[string]string, address string) []string {
	var line []string
	id := decided[keptRecording+address]
	for id != "" && !slices.Contains(line, id) {
		line = append(line, id)
		id = decided[keptSuccessor+id+" "+address]
	}
	return line
}

// hasRecording reports whether a story has a recording: of those that it was given to, the last
// that is not withdrawn has it, under its id or one that it had before a join.
func hasRecording(e *Edition, story *news.Story, address string) bool {
	for _, id := range slices.Backward(holdersOf(e.Decisions, address)) {
		if !isWithdrawn(e, id) {
			return story.ID == id || slices.ContainsFunc(story.Aliases, func(a news.Alias) bool { return a.ID == id })
		}
	}
	return false
}

// isWithdrawn reports whether a story has been withdrawn lately.
func isWithdrawn(e *Edition, id string) bool {
	return slices.ContainsFunc(e.Gone, func(g news.Gone) bool {
		return !g.Joined() && g.Story.ID == id && g.Story.Status == news.Retracted
	})
}
