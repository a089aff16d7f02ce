package grouping

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The ends of a version's group names; batches are numbered from 1 behind batchesEnd.
const (
	canaryEnd    = "_canary"
	batchesEnd   = "_b"
	rolloutEnd   = "_rollout"
	remainingEnd = "_remaining"
	ringEnd      = "_ring_" // and the ring's name
)

// stem returns the start of a version's group names: group, or the version's name without it, made safe as an Ansible
// variable name.
func stem(group, version string) string {
	name := group
	if name == "" {
		name = version
	}
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = "v" + name
	}
	return safe(name)
}

// Stem returns the start of the group names of the version of that name, which the policy need not have.
func (p *Policy) Stem(version string) string {
	for _, one := range p.versions {
		if one.name == version {
			return stem(one.stem, version)
		}
	}
	return stem("", version)
}

// safe returns the name with _ in place of every character that no Ansible variable may have.
func safe(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// asMatched returns the name as whoever looks for waves may take it: without the white space around it, which Ansible
// strips from patterns, and made safe, as Ansible itself does with the names of groups where TRANSFORM_INVALID_GROUP_CHARS
// asks for it. Digits at the end, which \d in Python matches in every script, become a 0.
func asMatched(name string) string {
	name = strings.TrimFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F })
	if word := strings.TrimRightFunc(name, unicode.IsDigit); word != name {
		return safe(word) + "0"
	}
	return safe(name)
}

// stemOf returns the stem of a name that could be one of a version's groups, or "".
func stemOf(name string) string {
	for _, end := range []string{canaryEnd, rolloutEnd, remainingEnd} {
		if stem, found := strings.CutSuffix(name, end); found {
			return stem
		}
	}
	stem, found := strings.CutSuffix(strings.TrimRight(name, "0123456789"), batchesEnd)
	if !found {
		return ""
	}
	return stem
}

// mayEndAsWave is a quick look at the end of a name: false for nearly every name that stemOf has no answer for.
func mayEndAsWave(name string) bool {
	last := len(name) - 1
	for last >= 0 && name[last] <= ' ' {
		last--
	}
	end := last
	for last >= 0 && name[last] >= '0' && name[last] <= '9' {
		last--
	}
	switch {
	case last < 0:
		return false
	case name[last] >= utf8.RuneSelf:
		return true
	case name[last] == 'b':
		return last > 0 && !isAlphanumeric(name[last-1])
	default:
		return last == end && (name[last] == 'y' || name[last] == 't' || name[last] == 'g')
	}
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
