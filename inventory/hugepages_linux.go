package inventory

import (
	"syscall"
	"unsafe"
)

// hugePage is the size in bytes of a huge page on most machines; it need not be exact.
const hugePage = 2 << 20

// makeLarge is make([]T, n) for what will be filled from its beginning. Where it is much, Linux is asked for huge pages: with
// small ones 100,000 hosts take a seventh longer, for the first touch of each page. Many systems give huge pages only to
// those who ask.
func makeLarge[T any](n int) []T {
	made := make([]T, n)
	size := uintptr(n) * unsafe.Sizeof(*new(T))
	if size >= hugePage {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(made))), size)
		_ = syscall.Madvise(bytes, syscall.MADV_HUGEPAGE) // a refusal costs nothing but time
	}
	return made
}
