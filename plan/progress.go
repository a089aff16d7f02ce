package plan

import (
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// waveState says of a wave of a release under way that it is done, or the next, behind its name; of every other nothing.
func waveState(version *grouping.Version, index int) string {
	switch {
	case version.Progress == nil:
		return ""
	case index < len(version.Progress.Done):
		return " (done)"
	case index == version.Next():
		return " (next)"
	default:
		return ""
	}
}

// waveTitle is the wave's name with its state: b2 (next).
func waveTitle(version *grouping.Version, index int) string {
	return escape(version.Waves[index].Name) + waveState(version, index)
}

// progressLines says, a line each, since when a release is under way and how far it is, which hosts left and joined since it
// began, and whether the rules have changed; nothing without a release.
func progressLines(version *grouping.Version) []string {
	progress := version.Progress
	if progress == nil {
		return nil
	}
	text := "under way since " + progress.Begun.Format(time.RFC3339) + ", begun by " + escape(progress.By) + ": "
	text += shown.Count(progress.Released, "host") + " released, " + shown.Count(version.CountRemaining(), "host") + " to go"
	if next := version.Next(); next < len(version.Waves) {
		text += ", next is " + escape(version.Waves[next].Name)
	}
	lines := []string{text}
	if len(progress.Left) > 0 {
		lines = append(lines, "left since: "+strings.Join(fold(progress.Left), ", "))
	}
	if joined := version.Joined(); len(joined) > 0 {
		lines = append(lines, "joined since: "+strings.Join(fold(joined), ", "))
	}
	if progress.RulesChanged {
		lines = append(lines, "the policy's rules have changed since, and count for hosts that joined")
	}
	return lines
}

// recorded says why a host of a release under way is where it is: its place is recorded, or it joined; nothing without a release.
func recorded(version *grouping.Version, placement grouping.Placement) string {
	progress := version.Progress
	if progress == nil {
		return ""
	}
	begun := progress.Begun.Format(time.RFC3339)
	why := "recorded: its place is that of " + begun + ", when the release began"
	if placement.Wave >= progress.Planned {
		why = "joined: it came after the release began at " + begun + ", and so comes last"
	}
	if placement.Wave < len(progress.Done) {
		why += "; the wave was done at " + progress.Done[placement.Wave].Format(time.RFC3339)
	}
	return why
}
