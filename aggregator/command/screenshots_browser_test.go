//go:build browser

package command

import (
	"bytes"
	"crypto/sha256"
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

// screenshotRecord says, for each picture in docs, of what it was taken, and which it is.
const screenshotRecord = "testdata/screenshots.txt"

// TestPagesInDocsAreThoseOfTheSampleDesk compares the pictures in docs with the sample desk's pages. Fonts differ
// among machines, so a picture cannot be compared with another; what it is drawn from can: words, elements, how these
// are styled, and the stations' pictures. Their digest is recorded with the picture's own when it is taken. Where what
// a picture shows has changed since, this test fails until it is run with -update.
func TestPagesInDocsAreThoseOfTheSampleDesk(t *testing.T) {
	b := newBrowser(t)
	d := newSampleDesk(t)
	var record strings.Builder
	for _, shot := range []struct {
		file, shownIn, path, parts string // parts are selectors of what is in the picture
	}{
		{"docs/front-page.png", "README.md", "/", ".masthead, .filters, .lead, .day:first-of-type .card:nth-of-type(-n+2)"},
		{
			"docs/story-page.png", "docs/output.md", d.story(t, "Wells run dry along the lower Mimbres"),
			".masthead, .story > header, .story figure",
		},
	} {
		b.open(t, d.address+shot.path, view{"en", screenshotWidth, "light"})
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
		if size, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || size.Width != screenshotWidth ||
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
		if err := os.WriteFile(screenshotRecord, []byte(record.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if recorded, err := os.ReadFile(screenshotRecord); err != nil || string(recorded) != record.String() {
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
