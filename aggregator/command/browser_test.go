//go:build browser

package command

import (
	"context"
	_ "embed"
	"fmt"
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
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium that notes what pages ask for and what its console says.
type browser struct {
	ctx context.Context
	axe string // the source of axe-core

	mu       sync.Mutex
	requests []asked
	console  []string
}

// asked is a request of a page: for what, and of whom.
type asked struct{ host, what string }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(nodeFolder(t), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 20*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &browser{ctx: ctx, axe: string(axe)}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	tellBrowser(t, ctx, log.Enable, cdp.Empty{})
	tellBrowser(t, ctx, fetch.Enable, fetch.EnableParams{})
	tellBrowser(t, ctx, network.Enable, network.EnableParams{})
	tellBrowser(t, ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	tellBrowser(t, ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": "en"},
	})
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

// strangersPicture is what hosts answer with that are not there: one grey dot.
var strangersPicture = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x80\x80\x80\x00\x00\x00" +
	",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// note takes down what happens. Requests that leave the machine end here, with a picture.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *fetch.EventRequestPaused:
		u, err := url.Parse(e.Request.URL)
		if err != nil {
			u = &url.URL{Host: e.Request.URL}
		}
		b.requests = append(b.requests, asked{u.Hostname(), string(e.ResourceType)})
		if u.Hostname() == "127.0.0.1" || strings.HasSuffix(u.Hostname(), ".localhost") {
			go answerBrowser(b, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
			return
		}
		go answerBrowser(b, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "image/gif"}}, Body: strangersPicture,
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
// not wait for it. A request that the next page has ended needs no answer.
func answerBrowser[P, R any](b *browser, command cdp.Command[P, R], params P) {
	if _, err := chromedp.Call(b.ctx, command, params); err != nil && b.ctx.Err() == nil &&
		!strings.Contains(err.Error(), "Invalid InterceptionId") {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.console = append(b.console, "test: "+err.Error())
	}
}

// said is what the console has said since the page was opened, and what the page has asked for.
func (b *browser) said() (console []string, requests []asked) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.console...), append([]asked{}, b.requests...)
}

// viewHeight is how much of a page is seen at once.
const viewHeight = 900

// view is how a page is looked at.
type view struct {
	language string // of the page
	width    int64
	scheme   string // light or dark
}

func (v view) String() string { return fmt.Sprintf("%s-%d-%s", v.language, v.width, v.scheme) }

// sight is what is to be seen of a page.
type sight struct {
	Status   int
	Language string
	Text     string
	Scroll   float64  // its width
	Scripts  int      // and what else acts
	Headings int      // of the first level
	Wide     []string // what is beyond its right edge
	Shifts   []string // of what is drawn already, as later things arrive
	Pictures int      // shown
	Faults   []string // of pictures
}

// look waits until a page is whole, from top to bottom, and tells what is to be seen.
//
//go:embed testdata/look.js
var look string

// open opens a page and looks at all of it. Where SHOTS names a folder, a picture of it is left there.
func (b *browser) open(t *testing.T, address string, v view) (s sight) {
	t.Helper()
	b.mu.Lock()
	b.requests, b.console = nil, nil
	b.mu.Unlock()
	tellBrowser(t, b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.width, Height: viewHeight, DeviceScaleFactor: 1, Mobile: v.width < 600,
	})
	b.setMedia(t, "", v.scheme)
	if err := chromedp.Do(b.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	s = evaluate[sight](t, b.ctx, look, chromedp.EvalAwaitPromise)
	if os.Getenv("SHOTS") != "" {
		b.shoot(t, address, v.String())
	}
	return s
}

// setMedia has pages drawn for a screen (empty) or in print, light or dark.
func (b *browser) setMedia(t *testing.T, media, scheme string) {
	t.Helper()
	tellBrowser(t, b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// shoot leaves a picture of the whole page in the folder that SHOTS names.
func (b *browser) shoot(t *testing.T, address, as string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	name := strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "_").Replace(u.RequestURI()) + "-" + as + ".png"
	if err := os.WriteFile(filepath.Join(os.Getenv("SHOTS"), name), shot, 0o644); err != nil {
		t.Fatal(err)
	}
}

// What axe-core is asked: everything of WCAG 2.2 up to AA and what it calls best practices; of a page
// that differs from one that it has seen in its colors alone, those.
const (
	axeAll = `{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"]}`
	axeColors = `{runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]},
		resultTypes: ["violations"]}`
)

// violations names what axe-core finds wrong with the open page.
func (b *browser) violations(t *testing.T, what string) []string {
	t.Helper()
	if !evaluate[bool](t, b.ctx, `"axe" in window`) {
		evaluate[int](t, b.ctx, b.axe+";0")
	}
	return evaluate[[]string](t, b.ctx, `axe.run(`+what+`).then(r => r.violations.map(v =>
		v.id + ": " + v.nodes.slice(0, 3).map(n => n.html + " (" + n.failureSummary + ")").join("; ")))`,
		chromedp.EvalAwaitPromise)
}
