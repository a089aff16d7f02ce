package grouping

import "math"

// doubt is the chance that is left for a claim about faults to be wrong: what is said holds at 95 %.
const doubt = 0.05

// Unseen returns the largest share of faulty hosts that may go unseen, at 95 %, after so many hosts without a fault. If the
// share were larger, the chance to meet none in that many would be below 5 %: (1-share)^n = 0.05. It takes the hosts so far
// to be like all others; before the first it is 1.
func Unseen(hosts int) float64 {
	if hosts <= 0 {
		return 1
	}
	return -math.Expm1(math.Log(doubt) / float64(hosts))
}

// risky returns how many hosts a wave may have, after so many without a fault, so that about risk of them at most are hurt
// by a fault that nothing has shown yet.
func risky(risk float64, released int) int {
	// A hair more than the quotient, lest a whole number comes out as one less.
	return int(min(max(math.Floor(risk/Unseen(released)*(1+1e-12)), 1), maxCount))
}
