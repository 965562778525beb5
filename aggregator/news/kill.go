package news

import "time"

// KillNotice is a word of a wire, or of the newsroom that made it, against publishing a story.
type KillNotice struct {
	Story    string // id of the story
	Source   string // whose word it is: the wire's or the newsroom's name
	Headline string // of a wire's notice; "" where the notice is not known any more
	Text     string // of the notice, or what was found of the newsroom's own item
	Since    time.Time
}
