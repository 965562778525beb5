package command

import "testing"

func TestGarbageMayBeHalfOfWhatIsInUse(t *testing.T) {
	for inUse, want := range map[uint64]int{0: 1000, 1 << 20: 1000, 24 << 20: 100, 48 << 20: 50, 1 << 30: 50} {
		if have := garbagePercent(inUse); have != want {
			t.Errorf("with %d bytes in use %d %%, want %d", inUse, have, want)
		}
	}
}
