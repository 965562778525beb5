//go:build browser

package command

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// TestPagesWorkInABrowser opens the sample desk's pages in a browser, narrow and wide, light and
// dark: what they show, what they ask others for, what the console says, and what axe-core has
// against them.
func TestPagesWorkInABrowser(t *testing.T) {
	server, stories := samplePages(t)
	b := newBrowser(t, server.URL)
	axe, err := os.ReadFile(filepath.Join(nodeFolder(t), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	story := "/stories/" + stories["Wells run dry along the lower Mimbres"]
	for _, page := range []struct {
		path, says string
		pictures   bool // it may ask stations for pictures
	}{
		{"/", "Copper museum reopens, photographs and all", false},
		{"/?station=fronteriza&lang=es", "La cosecha de chile llega tarde", false},
		{story, "Elena Barraza turns the tap", true},
		{"/stories/" + stories["La cosecha de chile llega tarde"], "Julián Armendáriz", true},
		{"/status", "Stories per day", false},
		{"/nothing", "Not found", false},
	} {
		for _, view := range []struct {
			width  int64
			scheme string
		}{{320, "light"}, {1280, "dark"}} {
			t.Run(fmt.Sprintf("%s/%d/%s", page.path, view.width, view.scheme), func(t *testing.T) {
				seen := b.open(t, page.path, view.width, view.scheme)
				if !strings.Contains(seen.Text, page.says) {
					t.Errorf("it does not say %q", page.says)
				}
				if seen.Scroll > float64(view.width) {
					t.Errorf("it is %v wide", seen.Scroll)
				}
				if seen.Scripts > 0 || seen.Headings != 1 {
					t.Errorf("%d scripts, %d h1", seen.Scripts, seen.Headings)
				}
				for _, host := range b.foreign() {
					if !page.pictures || host != "media.kmsa.example" && host != "radiofronteriza.example" {
						t.Errorf("it asks %s for something", host)
					}
				}
				for _, line := range b.said() {
					if !strings.Contains(line, "status of 404") || page.path != "/nothing" {
						t.Errorf("the console says %q", line)
					}
				}
				for _, v := range b.axe(t, string(axe)) {
					t.Errorf("axe: %s", v)
				}
			})
		}
	}
	t.Run("README shows the front page as it is drawn here", func(t *testing.T) {
		b.open(t, "/", 960, "light")
		drawn, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, "docs", "front-page.png")
		if *update {
			if err := os.WriteFile(path, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		size := func(picture []byte) image.Config {
			c, err := png.DecodeConfig(bytes.NewReader(picture))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if have, want := size(kept), size(drawn); have.Width != want.Width || have.Height != want.Height {
			t.Errorf("it is %d by %d, and the page %d by %d: run this test with -update", have.Width, have.Height,
				want.Width, want.Height)
		}
		readme, err := os.ReadFile(filepath.Join(root, "README.md"))
		if err != nil || !bytes.Contains(readme, []byte("(docs/front-page.png)")) {
			t.Errorf("README.md does not show it: %v", err)
		}
	})
	t.Run("keyboard", func(t *testing.T) {
		b.open(t, "/", 1280, "light")
		press(t, b.ctx, "\t")
		first := evaluate[string](t, b.ctx, `document.activeElement.getAttribute("href")`+
			` + " " + getComputedStyle(document.activeElement).outlineStyle`)
		press(t, b.ctx, "\r")
		press(t, b.ctx, "\t")
		after := evaluate[string](t, b.ctx, `document.activeElement.closest("main") ? "in main" : "elsewhere"`)
		if first != "#main solid" || after != "in main" {
			t.Errorf("the first stop is %q, and from there one comes %s", first, after)
		}
	})
}

// samplePages serves the sample desk, and names its stories' ids by their titles.
func samplePages(t *testing.T) (*httptest.Server, map[string]string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"config.yaml", "testdata/stations"} {
		if err := copyTree(filepath.Join(root, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	p := &program{Env: Env{Err: os.Stderr, Getenv: func(string) string {
		return ""
	}}, config: filepath.Join(folder, "config.yaml")}
	c, err := p.loadConfig()
	if err != nil {
		t.Fatal(err)
	}
	d, err := openApp(c, p.Env, store.Options{Wait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	site := &web.Site{Store: d.store, Stations: func() []news.Station {
		return c.Stations
	}, Unknown: store.ErrUnknown, Log: d.log}
	if err := d.startPolling(t.Context(), func(ctx context.Context) {
		publishDocuments(ctx, d, site)
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.running.Poll(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	if err := d.store.EachStory(func(s *news.Story) bool {
		ids[s.Item(s.LeadItem).Entry.Title] = s.ID
		return true
	}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	return server, ids
}

// browser is a Chromium that notes what pages ask for and what its console says.
type browser struct {
	ctx  context.Context
	base string

	mu      sync.Mutex
	hosts   map[string]bool
	console []string
}

// picture is what stations answer with in this test: one grey dot.
var picture = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x80\x80\x80\x00\x00\x00" +
	",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &browser{ctx: ctx, base: base, hosts: map[string]bool{}}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	tellBrowser(t, ctx, log.Enable, cdp.Empty{})
	tellBrowser(t, ctx, fetch.Enable, fetch.EnableParams{})
	return b
}

func tellBrowser[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, expression string, options ...chromedp.EvaluateOption) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func press(t *testing.T, ctx context.Context, keys string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keys)); err != nil {
		t.Fatal(err)
	}
}

// note takes down what happens. Requests to others end here, with a picture.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *fetch.EventRequestPaused:
		if strings.HasPrefix(e.Request.URL, b.base) {
			go answerBrowser(b, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
			return
		}
		if u, err := url.Parse(e.Request.URL); err == nil {
			b.hosts[u.Hostname()] = true
		}
		go answerBrowser(b, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "image/gif"}}, Body: picture,
		})
	case *log.EventEntryAdded:
		b.console = append(b.console, string(e.Entry.Level)+": "+e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.console = append(b.console, string(e.Type))
	case *runtime.EventExceptionThrown:
		b.console = append(b.console, e.ExceptionDetails.Text)
	}
}

// answerBrowser tells the browser what becomes of a request, from outside the listener, which may
// not wait for it.
func answerBrowser[P, R any](b *browser, command cdp.Command[P, R], params P) {
	if _, err := chromedp.Call(b.ctx, command, params); err != nil && b.ctx.Err() == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.console = append(b.console, "test: "+err.Error())
	}
}

func (b *browser) foreign() (hosts []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for host := range b.hosts {
		hosts = append(hosts, host)
	}
	return hosts
}

func (b *browser) said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.console
}

// sight is what is to be seen of a page.
type sight struct {
	Text     string
	Scroll   float64
	Scripts  int
	Headings int
}

// open opens a page. Where SHOTS names a folder, a picture of it is left there.
func (b *browser) open(t *testing.T, path string, width int64, scheme string) (s sight) {
	t.Helper()
	b.mu.Lock()
	b.hosts, b.console = map[string]bool{}, nil
	b.mu.Unlock()
	tellBrowser(t, b.ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
	tellBrowser(t, b.ctx, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
			Value: scheme}}})
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.base+path)); err != nil {
		t.Fatal(err)
	}
	s = evaluate[sight](t, b.ctx, `({Text: document.body.innerText, Scroll: document.documentElement.scrollWidth,
		Scripts: document.querySelectorAll("script:not([type='application/ld+json']), [onclick], [onload]").length,
		Headings: document.querySelectorAll("h1").length})`)
	if folder := os.Getenv("SHOTS"); folder != "" {
		name := fmt.Sprintf("%s-%d-%s.png", strings.Map(func(r rune) rune {
			if strings.ContainsRune("/?&=", r) {
				return '_'
			}
			return r
		}, path), width, scheme)
		shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), shot, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// axe names what axe-core finds wrong with the open page.
func (b *browser) axe(t *testing.T, source string) (violations []string) {
	t.Helper()
	evaluate[int](t, b.ctx, source+";0")
	return evaluate[[]string](t, b.ctx,
		`axe.run().then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" ")))`,
		chromedp.EvalAwaitPromise)
}
