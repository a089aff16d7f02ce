package plan

import (
	"fmt"
	"math"
	"strconv"

	"github.com/regal-inventory/regal-inventory/grouping"
)

// assumption is what every plan says once of the column UNSEEN.
const assumption = "before a wave, a fault in up to so many of the hosts may have gone unseen, at 95 %, " +
	"if the hosts of each wave are a mix like the rest"

// unseen returns how large a share of the hosts may have a fault that the hosts released before have not shown, as in 95%. It is rounded
// up; see [grouping.Unseen].
func unseen(before int) string { return roundUp(before) + "%" }

// roundUp returns that share in percent, without the sign: whole percents, and tenths below one percent.
func roundUp(before int) string {
	// A whole number may come out a little too large, and must not be rounded up to the next.
	share := grouping.Unseen(before)*100 - 1e-9
	if share >= 1 {
		return strconv.Itoa(int(math.Ceil(share)))
	}
	return fmt.Sprintf("%.1f", math.Ceil(share*10)/10)
}

// canaryUnseen returns how little the first wave shows, as in: canary 1 of 340: a fault in up to 95 % of hosts may go unseen. It is
// empty where no wave follows.
func canaryUnseen(version *grouping.Version) string {
	if len(version.Waves) < 2 || len(version.Waves[0].Hosts) == 0 {
		return ""
	}
	canary := version.Waves[0]
	return fmt.Sprintf("%s %d of %d: a fault in up to %s %% of hosts may go unseen", escape(canary.Name), len(canary.Hosts),
		countHosts(version), roundUp(len(canary.Hosts)))
}

// shareUnseen returns the share that unseen returns for programs: a number from 0 to 1 with at most four decimals.
func shareUnseen(before int) string {
	return strconv.FormatFloat(math.Round(grouping.Unseen(before)*1e4)/1e4, 'f', -1, 64)
}
