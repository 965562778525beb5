package aggregator_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// While the disk is full visits fail and say so, what is known stays, and
// after room returns all resumes without a restart, with nothing lost.
//
// It runs in a process of its own, since the limit on the size of files holds for all that a
// process writes, such as the log of what this package's tests open.
func TestAFullDiskFailsVisitsAloneAndLosesNothing(t *testing.T) {
	const alone = "FRONTERAS_FULL_DISK"
	if os.Getenv(alone) == "" {
		process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		process.Env = append(os.Environ(), alone+"=1")
		if said, err := process.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		return
	}
	titles := []string{"Rain"}
	serve := func(w http.ResponseWriter, r *http.Request) { text(rss(titles...))(w, r) }
	handlers := hosts{"ajo.example": http.HandlerFunc(serve), "kmsa.example": document(rss("Wells"))}
	inWorld(t, 15*time.Minute, handlers, func(w *world) {
		time.Sleep(20 * time.Minute)
		if n := w.stories(); n != 2 {
			t.Fatalf("%d stories, want 2", n)
		}
		for n := range 400 {
			titles = append(titles, fmt.Sprint("Road number ", n, " is closed"))
		}
		w.fillDisk(func() {
			for range 720 {
				time.Sleep(10 * time.Second)
				if !w.isAwake() {
					t.Fatal("while the disk was full no worker was awake: a restart would not help")
				}
			}
			if n := w.stories(); n != 2 {
				t.Errorf("%d stories while the disk was full, want 2", n)
			}
			if v := w.visit("ajo"); v.Kind != "store is full" || v.Failures != 1 ||
				v.Due.Sub(v.Visited) > 17*time.Minute {
				t.Errorf("the visit says %+v", v)
			}
			if v := w.visit("kmsa"); v.Failures != 0 {
				t.Errorf("the other visit says %+v", v)
			}
			if n := strings.Count(w.log.String(), "cannot write to store, retrying"); n == 0 || n > 10 {
				t.Errorf("the full disk was told %d times", n)
			}
		})
		time.Sleep(16 * time.Second)
		if !strings.Contains(w.log.String(), `kind="store is full"`) {
			t.Errorf("the log does not say what is wrong: %s", w.log.String())
		}
		time.Sleep(20 * time.Minute)
		if v := w.visit("ajo"); w.stories() != 402 || v.Failures != 0 || v.Error != "" {
			t.Errorf("with room again there are %d stories, want 402; the visit: %+v", w.stories(), v)
		}
		if !strings.Contains(w.log.String(), "store is writable again") {
			t.Error("the end of it was not told")
		}
	})
}

// fillDisk does something while no file can grow: that is what a full disk looks
// like, but for the word of the error.
func (w *world) fillDisk(do func()) {
	w.t.Helper()
	var before unix.Rlimit
	w.must(unix.Getrlimit(unix.RLIMIT_FSIZE, &before))
	limited := before
	stats, err := w.store.Stats()
	w.must(err)
	limited.Cur = uint64(stats.Size)
	w.must(unix.Setrlimit(unix.RLIMIT_FSIZE, &limited))
	defer func() { w.must(unix.Setrlimit(unix.RLIMIT_FSIZE, &before)) }()
	do()
}
