//go:build race

package feed

// raced: the race detector takes several times the time.
const raced = true
