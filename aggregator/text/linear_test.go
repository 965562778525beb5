package text_test

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/lineartest"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// The functions that foreign texts and addresses go through cost in proportion to what they are
// given.
func TestTextsCostInProportionToTheirLength(t *testing.T) {
	desk, err := credit.New(news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example",
		Credit: "This story is from the {{.Desk}}, including {{.Brand}}. Read more from the {{.DeskLink}}.",
	})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := link.New(link.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	for name, work := range map[string]func(string){
		"a line":       func(s string) { text.OneLine(s) },
		"names":        func(s string) { text.Persons(s, text.CommasPart) },
		"names of one": func(s string) { text.Persons(s, text.CommasBelong) },
		"a byline": func(s string) {
			text.SplitByline(s, text.CommasPart, func(name string) bool { return strings.Contains(name, "x") })
		},
		"a person's key": func(s string) { text.PersonKey(s) },
		"a headline":     func(s string) { text.HeadlineOf(s) },
		"numerals":       func(s string) { text.Numerals(s) },
		"shingles":       func(s string) { text.Shingles(nil, text.Tokens(nil, s)) },
		"blocks":         func(s string) { markup.Blocks(s) },
		"balance":        func(s string) { markup.Balanced(s) },
		"credit":         func(s string) { desk.Strip(s) },
		"a paragraph":    func(s string) { desk.Is("Fronteras Desk " + s) },
		"a link":         func(s string) { link.Clean("https://ajo.example/a/", s) },
		"an address":     func(s string) { link.Resolve("https://ajo.example/a/", s) },
		"a whole link":   func(s string) { link.Clean("", "https://ajo.example/"+s) },
		"a query":        func(s string) { link.Clean("", "https://ajo.example/?"+s) },
		"a host":         func(s string) { link.Clean("", "https://"+s) },
		"a wrapper":      func(s string) { link.Clean("", "https://google.com/url?q=x&"+s+"#"+s) },
		"a base":         func(s string) { link.Resolve("https://ajo.example/"+s, "a") },
		"a key":          func(s string) { keys.Key("https://ajo.example/" + s + "?" + s + "#" + s) },
		"a ruled key":    func(s string) { keys.Key("https://npr.org/" + s + "?storyId=1&" + s) },
		"a Link header":  func(s string) { link.ParseHeader([]string{s, "<a>; rel=b, " + s}) },
		"a redacted one": func(s string) { link.RedactText("https://ajo.example/?" + s + " https://ajo.example/" + s) },
	} {
		for _, pattern := range []string{
			"a", "a ", " ", "\n", "<b>", "</b>", "<a>", "<p>a</p>", "<br>", "<", ">", "&", "&amp;", "a,b c,", "a b, Jr, ", ", Jr",
			" and ", ";", "(", "/", "/..", "/.", "?", "#", "%", "%41", "%2e", "q=x&", "q=https://a&", "storyId=1&", "utm_a=b&", "=",
			"@", ":", ".", "[", "é", "\u0301", "\u202e", "ß", "1", "1,", "May ", `"`, "<a>;", "rel=", ",", "Fronteras Desk ", "://",
			"https://a ", "Ana ", "Ana Ruiz, ", "Ruiz, Ana; ", "Ana Ruiz (a) ", "photos by ", " - ", "|", "Ana Ruiz of ", "A. ", "& ",
			"Ana Ruiz and ", "the ", "ANA ",
		} {
			lineartest.Check(t, fmt.Sprintf("%s × %q", name, pattern), 4<<10, func(size int) string {
				return strings.Repeat(pattern, size/len(pattern))
			}, work)
		}
	}
}
