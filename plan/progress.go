package plan

import (
	"strings"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/internal/shown"
)

// waveState returns what stands behind the name of a wave of a release under way: that it is done, or that it is the next one. It
// returns nothing for other waves, and without a release.
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

// waveTitle returns the wave's name with its state: b2 (next).
func waveTitle(version *grouping.Version, index int) string {
	return escape(version.Waves[index].Name) + waveState(version, index)
}

// progressLines returns what there is to say of the release under way: since when it is and how far, which hosts left and which joined
// since it began, and whether the rules have changed, a line each. It returns nothing without a release.
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

// recorded returns why a host of a release under way is in its wave: its place is recorded, or it joined later. It is empty without a
// release.
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

// waveClass returns the CSS class, and Mermaid's, of the wave of that index.
func waveClass(index int) string {
	if index == 0 {
		return "canary"
	}
	return "batch"
}
