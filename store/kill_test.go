package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"fronteras/store/storetest"
)

// compactInstead names a file that this test's binary opens, and so compacts,
// instead of running tests: a process that can be killed.
const compactInstead = "COMPACT"

func TestMain(m *testing.M) {
	path := os.Getenv(compactInstead)
	if path == "" {
		os.Exit(m.Run())
	}
	desk := storetest.Rules(&testing.T{})
	fmt.Println("ready")
	s, err := Open(path, desk, Options{CompactFrom: 1})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if s.Opening.Is == 0 {
		fmt.Fprintln(os.Stderr, "nothing was compacted")
		os.Exit(1)
	}
	os.Exit(0) // without closing it, as if it were killed
}

// A compaction that is killed at any moment leaves the file as it was or
// compacted, sound, with every story, and nothing next to it after the next start.
func TestACompactionThatIsKilledLeavesAWholeFile(t *testing.T) {
	path := filled(t)
	loosen(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	compacted := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(compacted, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	c, begun := compacting(t, compacted)
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	takes := time.Since(begun)
	old, done := 0, 0
	for round := range 20 {
		path := filepath.Join(t.TempDir(), "store.db")
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		c, _ := compacting(t, path)
		kill := time.AfterFunc(time.Duration(rand.Int64N(int64(takes))), func() { c.Process.Kill() })
		_ = c.Wait() // it was killed, or was quicker
		kill.Stop()
		if info, err := os.Stat(path); err != nil {
			t.Fatalf("round %d: %v", round, err)
		} else if info.Size() == int64(len(whole)) {
			old++
		} else {
			done++
		}
		s := open(t, path, storetest.Rules(t))
		if n := stories(t, s); n != 40 {
			t.Errorf("round %d: %d stories", round, n)
		}
		if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 {
			t.Errorf("round %d: %q, %v", round, c.Faults, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
			t.Errorf("round %d: %q is left over, %v", round, left, err)
		}
	}
	t.Logf("%d times it was as before, %d times compacted", old, done)
}

// compacting starts a process that compacts a file, and returns when it begins.
func compacting(t *testing.T, path string) (*exec.Cmd, time.Time) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), compactInstead+"="+path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return c, time.Now()
}

// loosen has a file hold more free pages than used ones.
func loosen(t *testing.T, path string) {
	t.Helper()
	s := open(t, path, storetest.Rules(t))
	for _, change := range []func(*sealedBucket, []byte) error{
		func(b *sealedBucket, key []byte) error { return b.Put(key, make([]byte, 64<<10)) }, (*sealedBucket).Delete,
	} {
		if err := updateFile(s.db, func(tx *sealedTx) error {
			for n := range 160 {
				if err := change(tx.Bucket(bucketKept), numberKey(uint64(n))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
