package search

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// BenchmarkSearch measures an index of 200,000 stories of 300 words, or FRONTERAS_SCALE: how long answers take, the
// resident memory that the index adds at most, and the bytes of its folder.
func BenchmarkSearch(b *testing.B) {
	stories := 200_000
	if n, err := strconv.Atoi(os.Getenv("FRONTERAS_SCALE")); err == nil {
		stories = n
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(224 << 20))
	defer debug.SetGCPercent(debug.SetGCPercent(80)) // as the daemon does with as much in use
	c := newCorpus(200_000, 300)
	debug.FreeOSMemory()
	before := resident()
	highest := before
	folder := b.TempDir()
	f, err := openFile(folder, "bench", false)
	if err != nil {
		b.Fatal(err)
	}
	stems := newStemmer()
	begun := time.Now()
	written := 0
	for from := 0; from < stories; from += smallBlock {
		var put []indexed
		for n := from; n < min(from+smallBlock, stories); n++ {
			d := c.document(n)
			for _, p := range d.Parts {
				written += len(p)
			}
			put = append(put, stems.index(d))
		}
		if err := f.apply(change{put: put}); err != nil {
			b.Fatal(err)
		}
		highest = max(highest, resident())
	}
	b.Logf("text %d MB, made in %v, folder %d MB, memory +%d MB at most while it is made", written>>20,
		time.Since(begun), folderSize(folder)>>20, (highest-before)>>20)
	debug.FreeOSMemory()
	b.Logf("memory then +%d MB", (resident()-before)>>20)
	highest = 0
	runtime.LockOSThread() // for threadTime
	for _, kind := range []string{"any", "rare", "common", "phrase", "filter", "no words"} {
		var took, busy []time.Duration
		found := 0
		for range 1000 {
			q := c.query(kind)
			begun, used := time.Now(), threadTime()
			err := f.view(func(tx *bolt.Tx, s *state) error {
				r, err := f.search(context.Background(), tx, s, q)
				found += r.Total
				return err
			})
			took, busy = append(took, time.Since(begun)), append(busy, threadTime()-used)
			if err != nil {
				b.Fatal(err)
			}
			highest = max(highest, resident())
		}
		slices.Sort(took)
		slices.Sort(busy)
		b.Logf("%-10s median %v  p99 %v  worst %v; CPU %v %v %v; found %d", kind, took[500], took[990], took[999],
			busy[500], busy[990], busy[999], found/1000)
	}
	b.Logf("memory +%d MB at most", (highest-before)>>20)
}

// threadTime is the processor's time that this thread has used: what answers take on a machine with nothing else to do.
func threadTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func resident() int64 {
	text, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

func folderSize(folder string) (size int64) {
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	return size
}
