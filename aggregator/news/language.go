package news

import "strings"

// PrimaryLanguage is the first subtag of a language tag (BCP 47), in lower case: es of es-MX.
func PrimaryLanguage(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary
}
