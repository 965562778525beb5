package publish

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Names of what is decided and kept: the podcast's first address, which story was published first with
// a recording and of which station that is, that station's newest story with it, which story has it
// after one that was withdrawn, and which station's name a title has.
const (
	keptAddress   = "podcast"
	keptRecording = "sound "
	keptStation   = "sound of "
	keptNewest    = news.KeepsGreatest + "sound "
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

// Decide settles what an edition's podcast decides, and gives everything that is decided, for
// [Edition.Decisions]. Keep remembers values under names, unless there are some already, or under names
// that begin with [news.KeepsGreatest] the greatest, and gives what each name's value is; an empty
// value asks and is not remembered. Find gives a story that the edition lacks, nil where there is none;
// it may be nil itself.
func Decide(e *Edition, keep func(map[string]string) (map[string]string, error), find func(id string) *news.Story) (
	map[string]string, error,
) {
	list := recordingsOf(e)
	decided := map[string]string{}
	ask := func(names map[string]string) error {
		answers, err := keep(names)
		maps.Copy(decided, answers)
		return err
	}
	if err := ask(proposedOnce(e, list)); err != nil {
		return nil, err
	}
	if err := ask(proposedStations(list, decided)); err != nil {
		return nil, err
	}
	if find != nil {
		if err := ask(foundStations(e, decided, find)); err != nil {
			return nil, err
		}
	}
	if err := ask(proposedNewest(list, decided)); err != nil {
		return nil, err
	}
	for {
		successors := proposedSuccessors(e, list, decided)
		if len(successors) == 0 {
			return decided, nil
		}
		if err := ask(successors); err != nil {
			return nil, err
		}
	}
}

// decideAnew decides as if nothing had been decided before.
func decideAnew(e *Edition) map[string]string {
	decided, _ := Decide(e, func(values map[string]string) (map[string]string, error) { return values, nil }, nil)
	return decided
}

// proposedOnce is what an edition with these recordings would decide for good, by name.
func proposedOnce(e *Edition, list []recording) map[string]string {
	proposed := map[string]string{keptAddress: podcastAddress(e)}
	for address, r := range firstPublished(list) {
		proposed[keptRecording+address] = r.story.ID
	}
	for n, r := range list {
		if confusesApps(e, r, list[n+1:]) {
			proposed[keptTitle+r.story.ID] = r.item.Station
		}
	}
	return proposed
}

// proposedStations names the station whose story was published first with each recording, where that is
// known.
func proposedStations(list []recording, decided map[string]string) map[string]string {
	proposed := map[string]string{}
	for address := range firstPublished(list) {
		proposed[keptStation+address] = ""
	}
	for _, r := range list {
		if isStory(r.story, decided[keptRecording+r.URL]) {
			proposed[keptStation+r.URL] = r.item.Station
		}
	}
	return proposed
}

// foundStations names the same of stories that an edition lacks.
func foundStations(e *Edition, decided map[string]string, find func(id string) *news.Story) map[string]string {
	proposed := map[string]string{}
	for name, station := range decided {
		address, isStation := strings.CutPrefix(name, keptStation)
		if !isStation || station != "" {
			continue
		}
		story := find(decided[keptRecording+address])
		if story == nil || len(story.Items) == 0 {
			continue
		}
		proposed[name] = leadItem(story).Station
		if r, ok := recordingOf(e, story); ok {
			proposed[name] = r.item.Station
		}
	}
	return proposed
}

// proposedNewest names the newest story of that station with each recording: of a file that is written
// over, it is the one whose recording is there. The value is in the order of publication.
func proposedNewest(list []recording, decided map[string]string) map[string]string {
	proposed := map[string]string{}
	for _, r := range list { // the newest first
		switch name := keptNewest + r.URL; {
		case proposed[name] != "":
		case r.item.Station == decided[keptStation+r.URL]:
			proposed[name] = fmt.Sprintf("%s %012d %s", formatISO(r.story.Published), r.story.Sequence, r.story.ID)
		default:
			proposed[name] = ""
		}
	}
	return proposed
}

// proposedSuccessors returns names to ask for: which story has a recording after the story that it
// was given to last. Once that is withdrawn, the newest story of the same station has it, otherwise
// the one published first of the others.
func proposedSuccessors(e *Edition, list []recording, decided map[string]string) map[string]string {
	proposed := map[string]string{}
	for address, first := range firstPublished(list) {
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
			proposed[name] = first.story.ID
			own := slices.IndexFunc(list, func(r recording) bool {
				return r.URL == address && r.item.Station == decided[keptStation+address]
			})
			if own >= 0 {
				proposed[name] = list[own].story.ID
			}
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

// firstPublished gives by each recording's address the one of the story published first that has it.
func firstPublished(list []recording) map[string]recording {
	first := map[string]recording{}
	for _, r := range list { // the newest first, so the last one stays
		first[r.URL] = r
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

// holdersOf returns the ids of the stories that a recording was given to, one after another: first to
// the newest of the station that had it first.
func holdersOf(decided map[string]string, address string) []string {
	var line []string
	id := decided[keptRecording+address]
	if newest := decided[keptNewest+address]; newest != "" {
		id = newest[strings.LastIndexByte(newest, ' ')+1:]
	}
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
			return isStory(story, id)
		}
	}
	return false
}

// isStory reports whether a story has an id, or had it before a join.
func isStory(story *news.Story, id string) bool {
	return story.ID == id || slices.ContainsFunc(story.Aliases, func(a news.Alias) bool { return a.ID == id })
}

// isWithdrawn reports whether a story has been withdrawn lately.
func isWithdrawn(e *Edition, id string) bool {
	return slices.ContainsFunc(e.Gone, func(g news.Gone) bool {
		return !g.Joined() && g.Story.ID == id && g.Story.Status == news.Retracted
	})
}
