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
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// maxScreenshot is how large a picture in docs may be.
const maxScreenshot = 300 << 10

// screenshotRecord says, for each picture in docs, of what it was taken, and which it is.
const screenshotRecord = "testdata/screenshots.txt"

// TestPagesInDocsAreThoseOfTheSampleDesk compares the pictures in docs with the sample desk's pages. Fonts differ
// among machines, so a picture cannot be compared with another; what it is drawn from can: words, their markup, the
// style sheet and the stations' pictures. Their digest is recorded with the picture's own when it is taken. Where a
// page has changed since, this test fails until it is run with -update.
func TestPagesInDocsAreThoseOfTheSampleDesk(t *testing.T) {
	b := newBrowser(t)
	d := newSampleDesk(t)
	var record strings.Builder
	for _, shot := range []struct {
		file, shownIn, path string
		width               int64
	}{
		{"docs/front-page.png", "README.md", "/", 1100},
		{"docs/story-page.png", "docs/output.md", d.story(t, "Wells run dry along the lower Mimbres"), 1100},
	} {
		b.open(t, d.address+shot.path, view{"en", shot.width, "light"})
		source, path := b.drawnFrom(t), filepath.Join(root, filepath.FromSlash(shot.file))
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
		if size, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || size.Width != int(shot.width) ||
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

// drawnFrom is a digest of what the open page is drawn from, in no order: of two stories of one minute, that of the
// feed which was read first comes first.
func (b *browser) drawnFrom(t *testing.T) [sha256.Size]byte {
	t.Helper()
	seen := evaluate[struct{ Elements, Lines, Files []string }](t, b.ctx, `({
		Elements: [...document.body.querySelectorAll("*")].map(e => e.tagName + " " + e.className),
		Lines: document.body.textContent.split("\n"),
		Files: [...document.querySelectorAll("link[rel=stylesheet]")].map(l => l.href)
			.concat([...document.images].map(i => i.src)).filter(address => address.startsWith(location.origin)),
	})`)
	parts := append(seen.Elements, seen.Lines...)
	for _, address := range seen.Files {
		parts = append(parts, served(address))
	}
	slices.Sort(parts)
	return sha256.Sum256([]byte(strings.Join(parts, "\x00")))
}
