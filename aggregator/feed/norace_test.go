//go:build !race

package feed

// raced: nothing is slowed down.
const raced = false
