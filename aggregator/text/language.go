package text

import "strings"

// LanguageTag writes a language as BCP 47 does; "" if it is not one.
func LanguageTag(s string) string {
	parts := strings.FieldsFunc(strings.TrimSpace(s), func(c rune) bool { return c == '-' || c == '_' })
	if len(parts) == 0 || len(parts) > 5 || len(parts[0]) < 2 || len(parts[0]) > 3 {
		return ""
	}
	for i, p := range parts {
		for _, c := range p {
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9') {
				return ""
			}
		}
		switch {
		case len(p) > 8:
			return ""
		case i > 0 && len(p) == 2:
			parts[i] = strings.ToUpper(p)
		case i > 0 && len(p) == 4:
			parts[i] = strings.ToUpper(p[:1]) + strings.ToLower(p[1:])
		default:
			parts[i] = strings.ToLower(p)
		}
	}
	return strings.Join(parts, "-")
}
