package evidence

import "strings"

// Quote shows a text in an explanation, cut to a line.
func Quote(text string) string {
	r := []rune(text)
	if len(r) > maxQuote {
		text = strings.TrimSpace(string(r[:maxQuote])) + "…"
	}
	return "“" + text + "”"
}
