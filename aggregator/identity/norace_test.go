//go:build !race

package identity_test

// raced: nothing is slowed down.
const raced = false
