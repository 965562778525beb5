package page

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the expected texts under testdata/pages")

const pages = "../../testdata/pages"

// TestTextsOfPagesAreFoundAsWrittenDown reads each text-NAME.html of testdata/pages. NAME.txt holds
// what is expected: how the text was found, its blocks, and what was cut out of it.
func TestTextsOfPagesAreFoundAsWrittenDown(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(pages, "text-*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".html"), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, err := Read(t.Context(), Source{
				Address: "https://kmsa.example/2031/02/dry-wells", Header: http.Header{"Content-Type": {"text/html"}}, Body: body,
			})
			if err != nil {
				t.Fatal(err)
			}
			have := describeText(a)
			golden := strings.TrimSuffix(file, ".html") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(have), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if have != string(want) {
				t.Errorf("have:\n%s\nwant:\n%s", have, want)
			}
			if again := htmlclean.Clean(a.Entry.Content, "", maxContent); again != a.Entry.Content {
				t.Errorf("cleaning it again changes it: %s", again)
			}
		})
	}
}

func describeText(a *news.Article) string {
	var b strings.Builder
	fmt.Fprintf(&b, "way: %s\nwords: %d\npaid: %s\n", a.Way, a.Words, a.Paid)
	for line := range strings.Lines(a.Entry.Content) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(&b, "| %s\n", line)
		}
	}
	if count := len(markup.Blocks(a.Entry.Content)); count > 0 {
		fmt.Fprintf(&b, "blocks: %d\n", count)
	}
	for _, c := range a.Cut {
		fmt.Fprintf(&b, "cut %s, %d: %s\n", c.Why, c.Words, c.Text)
	}
	return b.String()
}
