//go:build !linux

package search

// releaseMappedPages leaves it to the kernel here.
func releaseMappedPages(uintptr, uintptr) {}
