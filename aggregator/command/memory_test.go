package command

import "testing"

func TestGarbageMayBeHalfOfWhatIsInUse(t *testing.T) {
	for inUse, want := range map[uint64]int{0: 1000, 1 << 20: 1000, 24 << 20: 100, 48 << 20: 50, 1 << 30: 50} {
		if have := garbagePercent(inUse); have != want {
			t.Errorf("with %d bytes in use %d %%, want %d", inUse, have, want)
		}
	}
}

func TestMemoryHasAFloorAndGrowsWithWhatIsInUse(t *testing.T) {
	for inUse, want := range map[uint64]int64{
		0: 224 << 20, 100 << 20: 224 << 20, 200 << 20: 332 << 20, 1 << 63: 1 << 40,
	} {
		if have := memoryLimit(inUse); have != want {
			t.Errorf("with %d bytes in use %d, want %d", inUse, have, want)
		}
	}
}
