//go:build !linux

package inventory

// makeLarge is make([]T, n) for what will be filled from its beginning.
func makeLarge[T any](n int) []T { return make([]T, n) }
