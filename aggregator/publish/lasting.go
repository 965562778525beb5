package publish

import (
	"maps"
	"slices"

	"fronteras/aggregator/news"
)

// Names of what is kept for ever: the podcast's first address, which story has a
// sound, which has it after one that was withdrawn, and which station's name a
// title bears.
const (
	keptAddress = "podcast"
	keptSound   = "sound "
	keptHeir    = "sound after "
	keptTitle   = "title "
)

// Decide settles what the edition's podcast decides for ever. Keep remembers
// values under names, unless there are some already, and gives what each name's
// value is; an empty value asks and is not remembered.
func (e *Edition) Decide(keep func(values map[string]string) (map[string]string, error)) error {
	kept, err := keep(e.lasting())
	if err != nil {
		return err
	}
	e.Kept = kept
	for heirs := e.heirs(); len(heirs) > 0; heirs = e.heirs() {
		more, err := keep(heirs)
		if err != nil {
			return err
		}
		maps.Copy(e.Kept, more)
	}
	return nil
}

// lasting is what the edition would decide, by name.
func (e *Edition) lasting() map[string]string {
	lasting := map[string]string{keptAddress: e.address(pathPodcast, Selection{})}
	for sound, first := range e.firsts() {
		lasting[keptSound+sound] = first
	}
	list := e.articles(sheet{stories: e.Stories})
	for n, a := range list {
		if e.taken(a, list[n+1:]) {
			lasting[keptTitle+a.ID] = a.heard.Station
		}
	}
	return lasting
}

// heirs are names to ask for: who has a sound after the story that it was given to
// last. Once that is withdrawn, the story published first of the others has it.
func (e *Edition) heirs() map[string]string {
	heirs := map[string]string{}
	for sound, first := range e.firsts() {
		last := ""
		if line := e.line(sound); len(line) > 0 {
			last = line[len(line)-1]
		}
		name := keptHeir + last + " " + sound
		if _, asked := e.Kept[name]; asked {
			continue
		}
		heirs[name] = ""
		if e.hasWithdrawn(last) {
			heirs[name] = first
		}
	}
	return heirs
}

// firsts are the sounds of the edition, each with the story published first that
// has it.
func (e *Edition) firsts() map[string]string {
	firsts := map[string]string{}
	for _, a := range slices.Backward(e.articles(sheet{stories: e.Stories})) {
		if sound, ok := playable(a); ok && firsts[sound.URL] == "" {
			firsts[sound.URL] = a.ID
		}
	}
	return firsts
}

// line are the ids of the stories that a sound was given to, one after another.
func (e *Edition) line(sound string) []string {
	kept := e.kept()
	var line []string
	for id := kept[keptSound+sound]; id != "" && !slices.Contains(line, id); id = kept[keptHeir+id+" "+sound] {
		line = append(line, id)
	}
	return line
}

// owner is the id of the story that has a sound: of those that it was given to, the
// last that is not withdrawn.
func (e *Edition) owner(sound string) string {
	for _, id := range slices.Backward(e.line(sound)) {
		if !e.hasWithdrawn(id) {
			return id
		}
	}
	return ""
}

// hasWithdrawn reports whether a story has been withdrawn lately.
func (e *Edition) hasWithdrawn(id string) bool {
	return slices.ContainsFunc(e.Gone, func(g news.Gone) bool { return !g.Joined() && g.Story.ID == id && g.Story.Status == news.Retracted })
}

// isStory reports whether a story has an id, or had it before a join.
func isStory(st *news.Story, id string) bool {
	return st.ID == id || slices.ContainsFunc(st.Aliases, func(former news.Alias) bool { return former.ID == id })
}

// kept is what was decided for ever, by this edition where nobody has kept it.
func (e *Edition) kept() map[string]string {
	if e.Kept != nil {
		return e.Kept
	}
	e.decide.Do(func() { e.decided = e.lasting() })
	return e.decided
}
