//go:build !linux

package ansibletest

func oneEach() [][]string { return nil }
