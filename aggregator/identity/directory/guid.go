package directory

import (
	"cmp"
	"regexp"
	"strings"
)

// Alias is the form in which two spellings of one guid agree: of an address its key, of Drupal's "N
// at URL" the same without scheme and "www.", of a UUID its bare lower case; otherwise the trimmed
// text. Guids that only look like others are not folded: they compare by character.
func (d *Directory) Alias(guid string) string {
	guid = strings.TrimSpace(guid)
	if IsAddress(guid) {
		return cmp.Or(d.Key(guid), guid)
	}
	if m := drupalGUID.FindStringSubmatch(guid); m != nil {
		return m[1] + " at " + strings.TrimSuffix(m[2], "/")
	}
	if uuid, ok := UUID(guid); ok {
		return uuid
	}
	return guid
}

// nprNumber is the number of a story at NPR, as in the addresses of its pages (link's rule npr-id).
const nprNumber = `nx-s1-[0-9]+(?:-e[0-9]+)?|g-s1-[0-9]+`

var (
	drupalGUID = regexp.MustCompile(`^(\d+) at https?://(?:www\.)?(\S+)$`)
	uuidForm   = regexp.MustCompile(`^(?i:urn:uuid:)?\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?$`)
	prxForm    = regexp.MustCompile(`^prx_\d+_([0-9a-fA-F-]{36})(?:_\S+)?$`)
	cdsForm    = regexp.MustCompile(`^[a-z]{2,8}-(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|` + nprNumber + `)$`)
	nprForm    = regexp.MustCompile(`^(?:` + nprNumber + `)$`)
)

// IsAddress reports whether a guid is written as an http address.
func IsAddress(guid string) bool {
	return hasPrefixFold(guid, "http://") || hasPrefixFold(guid, "https://")
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// UUID is the UUID that a guid is, in lower case and bare. The nil UUID and that of all ones are
// none: they stand for nothing.
func UUID(guid string) (string, bool) {
	m := uuidForm.FindStringSubmatch(guid)
	if m == nil {
		return "", false
	}
	uuid := strings.ToLower(m[1])
	digits := strings.ReplaceAll(uuid, "-", "")
	return uuid, strings.Trim(digits, "0") != "" && strings.Trim(digits, "f") != ""
}

// Global is the form of a guid under which it can be equal in several feeds, "" if it is of a form
// that others give too: numbers, short texts, addresses on hosts that nobody here owns (J3).
func (d *Directory) Global(guid string) string {
	guid = strings.TrimSpace(guid)
	if IsAddress(guid) {
		key := d.Key(guid)
		if _, owned := d.Owner(guid); owned && d.Identifies(key) {
			return key
		}
		return ""
	}
	if uuid, ok := UUID(guid); ok {
		return "uuid:" + uuid
	}
	if m := prxForm.FindStringSubmatch(guid); m != nil {
		return "prx:" + strings.ToLower(m[1])
	}
	switch {
	case hasPrefixFold(guid, "tag:") && strings.Count(guid, ":") >= 2 && strings.Contains(guid, ","):
		return guid
	case nprForm.MatchString(guid):
		return "npr:" + guid
	case cdsForm.MatchString(guid):
		return "cds:" + guid
	}
	return ""
}
