//go:build !linux

package command

// onSmallDisk needs what other systems have not.
func onSmallDisk() { panic("no small disk") }
