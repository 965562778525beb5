package archive

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/compose"
)

// Turn is the settling of one story.
type Turn struct {
	compose.Turn
	Live     bool
	Story    uint64 // its number
	Sequence uint64 // its number of publication; 0 if it is not live
}

// OrderTurns numbers live stories for publication, in the order of their turns and from the number
// after last on, and gives the last number used. The list it returns is in the order in which they
// are to be written: that of the stories' numbers, in which they are on the disk (in the order of
// their turns, settling fifty thousand writes three fifths more). Only those whose ids are made of
// one key come first, in their turns.
func OrderTurns(list []Turn, last uint64) ([]Turn, uint64) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Turn) int { return cmp.Or(a.Compare(b.Turn), cmp.Compare(a.Story, b.Story)) })
	ofKey := make(map[uint64]int, len(list))
	for n := range list {
		ofKey[list[n].Key]++
		if list[n].Live {
			last++
			list[n].Sequence = last
		}
	}
	slices.SortStableFunc(list, func(a, b Turn) int {
		switch x, y := ofKey[a.Key] > 1, ofKey[b.Key] > 1; {
		case x && y:
			return 0
		case x:
			return -1
		case y:
			return 1
		}
		return cmp.Compare(a.Story, b.Story)
	})
	return list, last
}
