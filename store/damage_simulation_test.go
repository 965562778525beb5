//go:build simulation

package store

import "testing"

// Every bit of a store that says something is flipped, one after another.
func TestEveryFlippedBitIsFoundOrChangesNothing(t *testing.T) {
	d := newDamageTrial(t)
	inUse := bytesInUse(d.sound)
	for n, at := range inUse {
		for bit := range 8 {
			d.flipBit(8*at+bit, n%500 == 0)
		}
	}
	t.Logf("of %d flipped bits, verify found %d; %d stores were opened", 8*len(inUse), d.found, d.open)
}
