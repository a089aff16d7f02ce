package plan

import (
	"strconv"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
)

// JSON returns the plan for programs, in one line: versions and waves in release order. A version has its number of hosts, and, where
// there are such, the least number of waves that is possible (only if it has more), the hosts that are left out since they have it
// already, and the parts of its split. A wave has its ring if it has one, its hosts, how many hosts are released when it is done, and
// how large a share of all may be faulty unseen before it (see [grouping.Unseen]). A version whose release is under way also has the
// key release, and may have waves without hosts. [ReadJSON] reads all of it back but that key.
func JSON(plan *grouping.Plan) []byte {
	dst := []byte(`{"versions":[`)
	for i, version := range plan.Versions {
		dst = appendVersion(appendComma(dst, i), version)
	}
	return append(dst, "]}\n"...)
}

func appendVersion(dst []byte, version *grouping.Version) []byte {
	dst = appendString(append(dst, `{"name":`...), version.Name)
	dst = appendString(append(dst, `,"group":`...), version.Group)
	dst = strconv.AppendInt(append(dst, `,"hosts":`...), int64(countHosts(version)), 10)
	if version.Fewest > 0 && version.Fewest < len(version.Waves) {
		dst = strconv.AppendInt(append(dst, `,"fewest":`...), int64(version.Fewest), 10)
	}
	if version.Progress != nil {
		dst = appendRelease(append(dst, `,"release":`...), version)
	}
	dst = append(dst, `,"waves":[`...)
	total := 0
	for i, wave := range version.Waves {
		before := total
		total += len(wave.Hosts)
		dst = appendWave(appendComma(dst, i), wave, before, total)
	}
	dst = append(dst, ']')
	if len(version.LeftOut) > 0 {
		dst = appendHosts(append(dst, `,"left_out":`...), version.LeftOut)
	}
	if len(version.Parts) > 0 {
		dst = appendParts(append(dst, `,"split":`...), version.Parts)
	}
	return append(dst, '}')
}

// appendRelease appends how far the release under way is: when it began and who began it, the waves that are done and the one that is
// next (null when all are done), how many hosts have been released and how many are still to be, the hosts that left and those that
// joined since it began, and whether the policy's rules have changed.
func appendRelease(dst []byte, version *grouping.Version) []byte {
	progress := version.Progress
	dst = appendString(append(dst, `{"begun":`...), progress.Begun.Format(time.RFC3339))
	dst = appendString(append(dst, `,"by":`...), progress.By)
	dst = append(dst, `,"done":[`...)
	for i, wave := range version.Waves[:len(progress.Done)] {
		dst = appendString(appendComma(dst, i), wave.Name)
	}
	dst = append(dst, `],"next":`...)
	if next := version.Next(); next < len(version.Waves) {
		dst = appendString(dst, version.Waves[next].Name)
	} else {
		dst = append(dst, "null"...)
	}
	dst = strconv.AppendInt(append(dst, `,"released":`...), int64(progress.Released), 10)
	dst = strconv.AppendInt(append(dst, `,"remaining":`...), int64(version.CountRemaining()), 10)
	dst = appendStrings(append(dst, `,"left":`...), progress.Left)
	dst = appendStrings(append(dst, `,"joined":`...), version.Joined())
	dst = strconv.AppendBool(append(dst, `,"rules_changed":`...), progress.RulesChanged)
	return append(dst, '}')
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, text := range list {
		dst = appendString(appendComma(dst, i), text)
	}
	return append(dst, ']')
}

func appendParts(dst []byte, parts []grouping.Part) []byte {
	dst = append(dst, '[')
	for i, part := range parts {
		dst = appendString(append(appendComma(dst, i), `{"name":`...), part.Name)
		dst = appendString(append(dst, `,"group":`...), part.Group)
		dst = strconv.AppendInt(append(dst, `,"percent":`...), int64(part.Percent), 10)
		dst = append(appendHosts(append(dst, `,"hosts":`...), part.Hosts), '}')
	}
	return append(dst, ']')
}

func appendHosts(dst []byte, hosts []*inventory.Host) []byte {
	dst = append(dst, '[')
	for i, host := range hosts {
		dst = appendString(appendComma(dst, i), host.Name)
	}
	return append(dst, ']')
}

func appendWave(dst []byte, wave grouping.Wave, before, total int) []byte {
	dst = appendString(append(dst, `{"name":`...), wave.Name)
	dst = appendString(append(dst, `,"group":`...), wave.Group)
	if wave.Ring != "" {
		dst = appendString(append(dst, `,"ring":`...), wave.Ring)
	}
	dst = appendHosts(append(dst, `,"hosts":`...), wave.Hosts)
	dst = strconv.AppendInt(append(dst, `,"total":`...), int64(total), 10)
	return append(append(append(dst, `,"unseen":`...), shareUnseen(before)...), '}')
}

// appendString appends a text as JSON writes it, in quotes.
func appendString(dst []byte, text string) []byte {
	return append(appendEscaped(append(dst, '"'), text, true), '"')
}

// appendComma appends the comma before all elements of a list but the first.
func appendComma(dst []byte, index int) []byte {
	if index == 0 {
		return dst
	}
	return append(dst, ',')
}
