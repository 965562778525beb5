package fetch

import "time"

// What an exchange may cost; time and size of a document are configured.
const (
	maxHeader    = 64 << 10 // bytes of an answer's header, 1xx answers included
	maxRedirects = 5
	maxLocation  = 2 << 10 // bytes of a redirect's target
	maxValidator = 1 << 10 // bytes of an ETag or Last-Modified that is kept
	maxWindow    = 8 << 20 // bytes of a zstd window (RFC 9659)
	maxReason    = 300     // bytes of an error's text
	maxDrained   = 4 << 10 // bytes of a redirect's body, read to keep the connection

	idleTime = 30 * time.Second // after which an unused connection is closed

	// Buffers of a connection, which live as long: a thousand hosts may be asked
	// within that time. A request fits the one, an answer's head the other.
	sendBuffer    = 1 << 10
	receiveBuffer = 2 << 10
)
