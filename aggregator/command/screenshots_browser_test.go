//go:build browser

package command

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// How wide a picture in docs is, and how large it may be.
const (
	screenshotWidth = 1100
	maxScreenshot   = 300 << 10
)

// Records that say, for each picture in docs, of what it was taken, and which it is.
const (
	screenshotRecord = "testdata/screenshots.txt"
	editorRecord     = "testdata/screenshots-editors.txt"
)

// screenshot is a picture in docs.
type screenshot struct {
	file, shownIn, path string
	parts               string // selectors of what is in the picture, and does not change by itself
	view                view
}

// TestPagesInDocsAreThoseOfTheSampleDesk compares the pictures in docs with the sample desk's pages. Fonts differ
// among machines, so a picture cannot be compared with another; what it is drawn from can: words, elements, how these
// are styled, and the stations' pictures. Their digest is recorded with the picture's own when it is taken. Where what
// a picture shows has changed since, this test fails until it is run with -update.
func TestPagesInDocsAreThoseOfTheSampleDesk(t *testing.T) {
	b := newBrowser(t)
	d := newSampleDesk(t)
	desktop := view{"en", screenshotWidth, "light"}
	compareShots(t, b, d, screenshotRecord, []screenshot{
		{"docs/front-page.png", "README.md", "/",
			".masthead, .filters, .lead, .day:first-of-type .card:nth-of-type(-n+2)", desktop},
		{"docs/story-page.png", "docs/output.md", d.story(t, "Wells run dry along the lower Mimbres"),
			".masthead, .story > header, .story figure", desktop},
	})
}

// TestPagesOfEditorsInDocsAreThoseOfTheSampleDesk does so for the pictures of editors' pages: a pair, and a kill as a
// phone shows it at night.
func TestPagesOfEditorsInDocsAreThoseOfTheSampleDesk(t *testing.T) {
	b := newBrowser(t)
	d := newSampleDeskWith(t, func(text, address string) string {
		const unused = `# editors: {url: "http://127.0.0.1:8080"`
		if !strings.Contains(text, unused) {
			t.Fatal("the sample desk has no line that turns editors' pages on")
		}
		return strings.Replace(text, unused, `editors: {url: "`+address+`"`, 1)
	})
	link := strings.TrimSpace(d.command(t, "editor", "add", "ana"))
	b.open(t, link, view{"en", screenshotWidth, "light"})
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Evaluate[any](`document.querySelector("main form").requestSubmit()`)(ctx, target)
		return err
	})); err != nil {
		t.Fatal(err)
	}
	var cases []busyCase
	if err := json.Unmarshal([]byte(d.command(t, "cases", "--json")), &cases); err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, c := range cases {
		pages[c.Kind] = "/desk/cases/" + c.ID
	}
	const parts = "header, h1, h1 + p, article, .legend, .notice h2, .notice p:not(.meta), main form"
	compareShots(t, b, d, editorRecord, []screenshot{
		{"docs/editors-pair.png", "docs/editors.md", pages["pair"], parts, view{"en", screenshotWidth, "light"}},
		{"docs/editors-kill.png", "docs/editors.md", pages["killed"], parts, view{"en", 390, "dark"}},
	})
}

// compareShots compares pictures in docs with pages of a desk, by what is recorded of each.
func compareShots(t *testing.T, b *browser, d *desk, recordFile string, shots []screenshot) {
	t.Helper()
	var record strings.Builder
	for _, shot := range shots {
		b.open(t, d.address+shot.path, shot.view)
		source, path := b.drawnFrom(t, shot.parts), filepath.Join(root, filepath.FromSlash(shot.file))
		if *update {
			drawn, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if size, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || size.Width != int(shot.view.width) ||
			size.Height != viewHeight || len(kept) > maxScreenshot {
			t.Errorf("%s: %d by %d, %d bytes, %v", shot.file, size.Width, size.Height, len(kept), err)
		}
		page, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(shot.shownIn)))
		if err != nil || !bytes.Contains(page, []byte(filepath.Base(shot.file)+")")) {
			t.Errorf("%s does not show %s: %v", shot.shownIn, shot.file, err)
		}
		fmt.Fprintf(&record, "%s of %x is %x\n", shot.file, source, sha256.Sum256(kept))
	}
	if *update {
		if err := os.WriteFile(recordFile, []byte(record.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if recorded, err := os.ReadFile(recordFile); err != nil || string(recorded) != record.String() {
		t.Errorf("the pages are no longer as they are shown (%v): run this test with -update. Recorded:\n%snow:\n%s",
			err, recorded, &record)
	}
}

// drawnFrom is a digest of what parts of the open page are drawn from, in no order: of two stories of one minute, that
// of the feed which was read first comes first.
func (b *browser) drawnFrom(t *testing.T, parts string) [sha256.Size]byte {
	t.Helper()
	seen := evaluate[struct{ Elements, Pictures []string }](t, b.ctx, `(parts => {
		const all = [...document.querySelectorAll(parts)].flatMap(part => [part, ...part.querySelectorAll("*")])
		const styles = ["display", "color", "backgroundColor", "fontSize", "fontWeight", "fontStyle", "textTransform",
			"margin", "padding", "borderTop", "borderBottom", "borderRadius", "textDecorationLine"]
		const words = e => [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data.trim()).join(" ")
		return {
			Elements: all.map(e => [e.tagName, words(e), ...styles.map(s => getComputedStyle(e)[s])].join("|")),
			Pictures: all.filter(e => e.src && e.tagName === "IMG").map(e => e.src),
		}
	})(`+strconv.Quote(parts)+`)`)
	sources := seen.Elements
	for _, address := range seen.Pictures {
		if sources = append(sources, served(address)); sources[len(sources)-1] == "" {
			t.Errorf("%s is not served", address)
		}
	}
	slices.Sort(sources)
	return sha256.Sum256([]byte(strings.Join(sources, "\x00")))
}
