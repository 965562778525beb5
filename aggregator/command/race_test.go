//go:build race

package command

// raced: the race detector takes several times the memory.
const raced = true
