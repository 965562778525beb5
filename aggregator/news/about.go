package news

import "time"

// About is what a store says of itself.
type About struct {
	Host     string    `json:"host"`               // under which, and the year of Made, the desk makes ids (RFC 4151)
	Made     time.Time `json:"made,omitzero"`      // when the first feeds were learned
	Read     bool      `json:"read,omitempty"`     // a feed has been read with success
	Revision uint64    `json:"revision"`           // rises when what is published changes
	BackedUp time.Time `json:"backed_up,omitzero"` // when the last backup was made
}
