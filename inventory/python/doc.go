// Package python does what Python does and Ansible relies on: literals ([Literal]), words of a line ([Split]), globs
// ([CompileGlob]), regular expressions ([TranslateRegex]), numbers ([ParseInt], [ParseFloat], [FloatText]), lines
// ([NextLine]), white space and letters ([Strip], [IsSpace], [IsWord]). The reference is CPython 3.11, that of Debian 12;
// comments name its files.
//
// A Python text is a string here that may hold lone surrogates, in the three bytes that UTF-8 would give them if it had
// them: so Python reads bytes that are no UTF-8 (surrogateescape). [Decode] makes such a text, [DecodeRune] and [Runes] read
// it.
//
// This package knows nothing of inventories, nor of anything else in this module.
package python
