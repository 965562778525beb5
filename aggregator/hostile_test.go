package aggregator_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Two hostile documents that take both turns of large documents give them back as soon as honest
// ones of their size would: the honest one beside them is read.
func TestHostileDocumentsKeepNoTurn(t *testing.T) {
	body := "<p>" + strings.Repeat("It rained in the night. ", 800) + "</p>"
	large := func(stories int) string {
		titles := make([]string, stories)
		for n := range titles {
			titles[n] = strings.Repeat("Rain ", n+1)
		}
		return strings.ReplaceAll(rss(titles...), "<description>", "<description><![CDATA["+body+"]]>")
	}
	hostile := `<rss version="2.0"><channel><item><guid>1</guid><title><![CDATA[` + strings.Repeat("<b>", 4<<20/3) +
		`]]></title></item><item><guid>2</guid><description><![CDATA[` + strings.Repeat("<ul><li>", 1<<17-9) +
		`]]></description></item></channel></rss>`
	honest := large(80)
	if len(honest) < 1_500_000 {
		t.Fatalf("%d bytes are not large", len(honest))
	}
	visitAll := func(other string) (took time.Duration) {
		handlers := map[string]http.Handler{
			"ajo.example": document(other), "bisbee.example": document(other), "kmsa.example": document(honest),
		}
		begun := processorTime()
		inWorld(t, time.Hour, handlers, func(w *world) {
			time.Sleep(10 * time.Minute)
			for _, station := range []string{"ajo", "bisbee", "kmsa"} {
				if v := w.visit(station); v.Failures != 0 || v.Items == 0 {
					t.Errorf("%s: %+v", station, v)
				}
			}
		})
		return processorTime() - begun
	}
	plain := visitAll(large(250))
	if took := visitAll(hostile); took > 8*plain {
		t.Errorf("hostile documents take %v of the processor, honest ones of their size %v", took, plain)
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
