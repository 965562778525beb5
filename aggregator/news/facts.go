package news

import "time"

// Facts is what a document says about its feed. What it does not say is zero.
type Facts struct {
	Format    string `json:"format,omitempty"` // "RSS 2.0", "Atom 1.0", "JSON Feed 1.1" …
	Title     string `json:"title,omitempty"`
	Link      string `json:"link,omitempty"` // the page that the feed stands for
	Self      string `json:"self,omitempty"`
	ID        string `json:"id,omitempty"`
	Language  string `json:"language,omitempty"`
	Rights    string `json:"rights,omitempty"`
	Image     string `json:"image,omitempty"`
	Generator string `json:"generator,omitempty"`

	TTL       time.Duration  `json:"ttl,omitempty"`        // RSS ttl
	Update    time.Duration  `json:"update,omitempty"`     // sy:updatePeriod by sy:updateFrequency
	SkipHours []int          `json:"skip_hours,omitempty"` // 0 to 23, GMT
	SkipDays  []time.Weekday `json:"skip_days,omitempty"`

	Hubs        []string `json:"hubs,omitempty"` // WebSub
	Cloud       *Cloud   `json:"cloud,omitempty"`
	NewAddress  string   `json:"new_address,omitempty"` // itunes:new-feed-url
	PodcastGUID string   `json:"podcast_guid,omitempty"`
	// no podcast may take from it (itunes:block, podcast:block, podcast:locked)
	Blocked     bool      `json:"blocked,omitempty"`
	Explicit    string    `json:"explicit,omitempty"` // itunes:explicit: "true" or "false"
	Complete    bool      `json:"complete,omitempty"` // fh:complete
	Archive     bool      `json:"archive,omitempty"`  // fh:archive
	PrevArchive string    `json:"prev_archive,omitempty"`
	Authors     []Person  `json:"authors,omitempty"`
	Deleted     []Deleted `json:"deleted,omitempty"`
}

// Cloud is the rssCloud registration point that a channel names.
type Cloud struct {
	Domain    string `json:"domain"`
	Port      string `json:"port"`
	Path      string `json:"path"`
	Procedure string `json:"procedure,omitempty"`
	Protocol  string `json:"protocol"`
}

// Deleted says that a feed has withdrawn the entry of that id (RFC 6721).
type Deleted struct {
	Ref  string    `json:"ref"`
	When time.Time `json:"when,omitzero"`
}
