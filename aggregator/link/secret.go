package link

import (
	"regexp"
	"slices"
	"strings"
)

// HoldsSecret reports whether an http or https address seems to hold a secret: a user, a parameter
// whose name means one or whose value looks like one, or a segment of its path that does. Whoever
// has such an address can read what it leads to. It is false for any other text.
func HoldsSecret(address string) bool {
	user, path, query, ok := splitWebAddress(address)
	return ok && (user != "" || slices.ContainsFunc(strings.Split(path, "/"), isSecretSegment) ||
		slices.ContainsFunc(parametersOf(query), isSecretParameter))
}

// WithoutSecrets returns an http or https address without what seems to be a secret in its query
// and before its host. It is "" where the path seems to hold one, without which it leads nowhere.
func WithoutSecrets(address string) string {
	_, path, query, ok := splitWebAddress(address)
	if !ok || slices.ContainsFunc(strings.Split(path, "/"), isSecretSegment) {
		return ""
	}
	if !HoldsSecret(address) {
		return address
	}
	kept := slices.DeleteFunc(parametersOf(query), isSecretParameter)
	address = withoutQueryAndUser(address)
	if len(kept) > 0 {
		address += "?" + strings.Join(kept, "&")
	}
	return address
}

// Redact returns an address, or any text that was found in place of one, as logs and messages show
// it: without user, query and fragment, which may hold a secret, and with "…" for a segment of its
// path that looks like one. A file's is returned as it is.
func Redact(address string) string {
	if len(address) > 5 && strings.EqualFold(address[:5], "file:") {
		return address
	}
	head, path, found := strings.Cut(withoutQueryAndUser(address), "://")
	if !found {
		head, path = "", head
	}
	segments := strings.Split(path, "/")
	for n, segment := range segments {
		if isSecretSegment(segment) && (n > 0 || !found) { // the first one after "://" is the host
			segments[n] = "…"
		}
	}
	if path = strings.Join(segments, "/"); found {
		path = head + "://" + path
	}
	return path
}

// RedactText redacts every http and https address within a text.
func RedactText(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return webAddress.ReplaceAllStringFunc(text, RedactMarked)
}

// RedactMarked is [Redact] with "?…" at the end where a query or fragment was cut off.
func RedactMarked(address string) string {
	shown := Redact(address)
	if strings.ContainsAny(address, "?#") {
		shown += "?…"
	}
	return shown
}

var webAddress = regexp.MustCompile(`(?i)\bhttps?://[^\s"<>\\]+`)

// splitWebAddress divides an http or https address as it is written: user is what is before the
// host's "@", query has its "?" or is empty, and a fragment counts as a part of it.
func splitWebAddress(address string) (user, path, query string, ok bool) {
	scheme, rest, found := strings.Cut(trimWhitespace(address), "://")
	if !found || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "", "", "", false
	}
	authority, path, query, fragment := splitAddress(rest)
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user = authority[:at]
	}
	if fragment != "" {
		query += "&" + fragment[1:]
	}
	return user, path, query, true
}

// withoutQueryAndUser cuts an address at its query or fragment, and takes off its user.
func withoutQueryAndUser(address string) string {
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	begin := strings.Index(address, "//")
	if begin < 0 {
		return address
	}
	begin += len("//")
	end := strings.IndexByte(address[begin:], '/')
	if end < 0 {
		end = len(address) - begin
	}
	at := strings.LastIndexByte(address[begin:begin+end], '@')
	return address[:begin] + address[begin+at+1:]
}

// parametersOf returns the parameters of a query, as they are written.
func parametersOf(query string) []string {
	return strings.FieldsFunc(strings.TrimPrefix(query, "?"), func(r rune) bool { return r == '&' || r == ';' })
}

// secretEndings end the names of parameters that hold secrets; secretNames are such names.
var (
	secretEndings = []string{
		"key", "token", "auth", "secret", "sig", "pass", "hash", "code", "session",
		"signature", "credential", "credentials", "password", "passwd", "passphrase", "authorization",
	}
	secretNames = []string{
		"bearer", "hdnea", "hdnts", "hmac", "jwt", "nonce", "otp", "pw", "pwd", "sessid", "sid", "ticket",
	}
)

// isSecretParameter reports whether a parameter holds a secret: by its name, by its value, or within
// an address or query that is its value.
func isSecretParameter(parameter string) bool { return isSecretWithin(parameter, 0) }

// isSecretWithin is isSecretParameter for a parameter at a depth in the values of another.
func isSecretWithin(parameter string, depth int) bool {
	name, value, _ := strings.Cut(parameter, "=")
	name, value = decodeEscapes(name), decodeEscapes(value)
	if meansSecret(name) || looksRandom(name) || looksRandom(value) {
		return true
	}
	if !strings.ContainsAny(value, "?&=@") {
		return false
	}
	if depth == maxNested { // nobody needs that
		return true
	}
	user, _, query, isAddress := splitWebAddress(value)
	if !isAddress {
		query = value[strings.IndexByte(value, '?')+1:]
	}
	return user != "" || slices.ContainsFunc(parametersOf(query), func(inner string) bool {
		return strings.Contains(inner, "=") && isSecretWithin(inner, depth+1)
	})
}

// meansSecret reports whether a parameter's name means a secret, whatever its case and whatever
// stands between its letters: api_key, accessToken, X-Amz-Signature, key2, session_id.
func meansSecret(name string) bool {
	letters := strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z':
			return r
		}
		return -1
	}, name)
	bare := strings.TrimSuffix(letters, "id")
	return slices.Contains(secretNames, letters) || slices.ContainsFunc(secretEndings, func(end string) bool {
		return strings.HasSuffix(letters, end) || strings.HasSuffix(bare, end)
	})
}

// isSecretSegment reports whether a segment of a path holds a secret: it, or a parameter behind its
// ";", looks like one.
func isSecretSegment(segment string) bool {
	first, parameters, _ := strings.Cut(segment, ";")
	return looksRandom(decodeEscapes(first)) || slices.ContainsFunc(parametersOf(parameters), isSecretParameter)
}

// What makes a text look like a secret. Random letters and digits change from one to the other all
// the time, and have few vowels between many consonants; words, dates and numbers do not.
const (
	minRandom     = 32 // letters and digits
	maxChanges    = 3  // from a letter to a digit or back
	maxNumber     = 15 // digits
	minUnbroken   = 16 // letters of which the share of vowels is counted
	maxConsonants = 6  // in a row
)

// looksRandom reports whether a part of a text between dots has 32 letters and digits or more and is
// no word, nor words and numbers: a key, a UUID, a hash.
func looksRandom(text string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '.' || r == '/' || r == '=' }) {
		if countAlphanumeric(part) >= minRandom && !isWords(part) {
			return true
		}
	}
	return false
}

func countAlphanumeric(s string) (n int) {
	for i := range len(s) {
		if c := s[i]; isASCIILetter(c) || isDigit(c) {
			n++
		}
	}
	return n
}

// isWords reports whether a text can be words and numbers: no word mixes as many letters and digits.
func isWords(s string) bool {
	separates := func(r rune) bool { return r > 0x7e || countAlphanumeric(string(r)) == 0 }
	for run := range strings.FieldsFuncSeq(s, separates) {
		if len(run) >= minRandom && strings.ContainsAny(run, "0123456789") {
			return false
		}
	}
	changes, cases := 0, 0
	for i := 1; i < len(s); i++ {
		a, b := s[i-1], s[i]
		switch {
		case isASCIILetter(a) && isDigit(b), isDigit(a) && isASCIILetter(b):
			changes++
		case isUpper(a) != isUpper(b) && isASCIILetter(a) && isASCIILetter(b):
			cases++
		}
	}
	if changes > maxChanges || cases+changes > len(s)/2 {
		return false
	}
	for run := range strings.FieldsFuncSeq(s, func(r rune) bool { return r > 0x7e || !isDigit(byte(r)) }) {
		if len(run) > maxNumber {
			return false
		}
	}
	for run := range strings.FieldsFuncSeq(s, func(r rune) bool { return r > 0x7e || !isASCIILetter(byte(r)) }) {
		if !isPronounceable(run) {
			return false
		}
	}
	return true
}

// isPronounceable reports whether letters can be a word, or words without spaces.
func isPronounceable(letters string) bool {
	vowels, consonants := 0, 0
	for i := range len(letters) {
		if strings.IndexByte("aeiouy", lowerCaseByte(letters[i])) >= 0 {
			vowels, consonants = vowels+1, 0
		} else if consonants++; consonants > maxConsonants {
			return false
		}
	}
	return len(letters) < minUnbroken || 4*vowels >= len(letters)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
