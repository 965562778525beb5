package news

import "testing"

// Equal filters have equal tastes, others have others: empty ones as any.
func TestTaste(t *testing.T) {
	border := Feed{Only: Filter{Topics: []string{"Border"}}}
	for name, c := range map[string]struct {
		feed Feed
		want string
	}{
		"nothing":       {Feed{}, `[] [] [] []`},
		"empty lists":   {Feed{Only: Filter{Topics: []string{}}}, `[] [] [] []`},
		"topics":        {border, `["Border"] [] [] []`},
		"words skipped": {Feed{Skip: Filter{Words: []string{`a "b"`, "c"}}}, `[] [] [] ["a \"b\"" "c"]`},
	} {
		if have := c.feed.Taste(); have != c.want {
			t.Errorf("%s: %s, want %s", name, have, c.want)
		}
	}
}
