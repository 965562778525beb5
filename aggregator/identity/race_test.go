//go:build race

package identity_test

// raced: the race detector takes several times the time.
const raced = true
