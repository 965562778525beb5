package aggregator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// kindsIn lists the constants of a type, or with names of a beginning, in a file of Go.
func kindsIn(t *testing.T, file, prefix string) (names []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if value, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(value.Names[0].Name, prefix) {
			names = append(names, value.Names[0].Name)
		}
		return true
	})
	return names
}

func TestEachKindOfFailureHasItsAdvice(t *testing.T) {
	kinds := []string{kindNotFeed, kindGuarded, kindTooLarge, kindNoItems, kindUnreadable}
	if written := kindsIn(t, "events.go", "kind"); len(written) != len(kinds) {
		t.Errorf("%d kinds are tried, there are %q", len(kinds), written)
	}
	if written := kindsIn(t, "fetch/failure.go", "Kind"); len(written) != len(fetch.Kinds()) {
		t.Errorf("fetch lists %d kinds, there are %q", len(fetch.Kinds()), written)
	}
	for _, k := range fetch.Kinds() {
		if k != fetch.KindStatus {
			kinds = append(kinds, string(k))
		}
	}
	for status := 200; status < 600; status++ {
		if http.StatusText(status) != "" {
			kinds = append(kinds, string(fetch.KindStatus)+" "+strconv.Itoa(status))
		}
	}
	for _, kind := range kinds {
		advice := Advice(kind)
		if advice == "" || strings.ContainsAny(advice, "\n") || strings.HasSuffix(advice, ".") {
			t.Errorf("%s: %q", kind, advice)
		}
	}
	if advice := Advice(string(fetch.KindCoding)); !strings.Contains(advice, "Content-Encoding") ||
		!strings.Contains(advice, "webmaster") {
		t.Error(advice)
	}
}

func TestAFailingFeedHasOneAdvice(t *testing.T) {
	now := time.Date(2026, 2, 4, 12, 0, 0, 0, time.UTC)
	f := news.Feed{URL: "https://ajo.example/rss", Every: time.Hour}
	for _, v := range []news.FeedState{
		{Failures: 1, Kind: string(fetch.KindCoding)},
		{Failures: 1, Kind: "http status 403", Status: 403},
		{Failures: 5, Kind: "http status 403", Status: 403},
		{Failures: 1, Kind: "http status 410", Status: 410},
	} {
		v.Visited, v.Failing = now, now
		all := append(Remarks(v, f), FailureAdvice(v))
		said := 0
		for _, line := range all {
			if line != "" {
				said++
			}
		}
		if said != 1 {
			t.Errorf("%+v: %q", v, all)
		}
	}
	if advice := FailureAdvice(news.FeedState{}); advice != "" {
		t.Error(advice)
	}
}
