package plan

import (
	"fmt"
	"math"
	"strconv"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// assumption is what every plan says once about the share of hosts that may be faulty unseen.
const assumption = "before a wave, a fault in up to so many of the hosts may have gone unseen, at 95 %, " +
	"if the hosts of each wave are a mix like the rest"

// unseen says how large a share of the hosts may have a fault that so many hosts before have not shown: 95%, rounded up.
func unseen(before int) string { return roundUp(before) + "%" }

func roundUp(before int) string {
	// A hair less, lest a whole number comes out as one more.
	share := grouping.Unseen(before)*100 - 1e-9
	if share >= 1 {
		return strconv.Itoa(int(math.Ceil(share)))
	}
	return fmt.Sprintf("%.1f", math.Ceil(share*10)/10)
}

// canaryRisk says what the first wave proves: canary 1 of 340: a fault in up to 95 % of hosts may go unseen. It is empty
// where no wave follows.
func canaryRisk(version *grouping.Version) string {
	if len(version.Waves) < 2 || len(version.Waves[0].Hosts) == 0 {
		return ""
	}
	canary := version.Waves[0]
	return fmt.Sprintf("%s %d of %d: a fault in up to %s %% of hosts may go unseen", escape(canary.Name), len(canary.Hosts),
		countHosts(version), roundUp(len(canary.Hosts)))
}

// shareUnseen is the same share for programs, in four decimals.
func shareUnseen(before int) string {
	return strconv.FormatFloat(math.Round(grouping.Unseen(before)*1e4)/1e4, 'f', -1, 64)
}
