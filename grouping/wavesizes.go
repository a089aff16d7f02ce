package grouping

// sizes are the largest numbers of hosts in the waves of one version, or of one of its rings.
type sizes struct {
	first   int
	batches []int
	risk    float64 // in place of batches
}

// newSizes returns the sizes that the rules give in a version of so many hosts.
func newSizes(rules Rules, hosts int) sizes {
	made := sizes{first: rules.Schedule.Of(hosts), risk: rules.Risk}
	for _, size := range rules.Combine {
		made.batches = append(made.batches, size.Of(hosts))
	}
	return made
}

// of returns the size of the wave with that index, before which so many hosts of the version are released.
func (s sizes) of(wave, released int) int {
	switch {
	case wave == 0:
		return s.first
	case s.risk > 0:
		return risky(s.risk, released)
	default:
		return s.batches[min(wave, len(s.batches))-1]
	}
}
