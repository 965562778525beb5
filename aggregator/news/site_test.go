package news

import "testing"

// Equal filters have equal keys, others have others: empty ones as any.
func TestFilterKey(t *testing.T) {
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
		if have := c.feed.FilterKey(); have != c.want {
			t.Errorf("%s: %s, want %s", name, have, c.want)
		}
	}
}
