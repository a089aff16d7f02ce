package grouping

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// digested are rules as they are digested. What is not given is left out, so that a rule that a later program knows changes no
// digest but of those who use it.
type digested struct {
	From     string         `json:",omitzero"`
	Target   []string       `json:",omitzero"`
	Schedule string         `json:",omitzero"`
	Canary   []string       `json:",omitzero"`
	Combine  []string       `json:",omitzero"`
	Risk     float64        `json:",omitzero"`
	Order    Order          `json:",omitzero"`
	Seed     string         `json:",omitzero"`
	Spread   []string       `json:",omitzero"`
	MaxPer   []Limit        `json:",omitzero"`
	By       string         `json:",omitzero"`
	ByOrder  []string       `json:",omitzero"`
	Cover    []string       `json:",omitzero"`
	Done     digestedDone   `json:",omitzero"`
	Split    []Share        `json:",omitzero"`
	Rings    []digestedRing `json:",omitzero"`
}

type digestedDone struct {
	Variable, Facts string
	MaxAge          time.Duration
}

type digestedRing struct {
	Name  string
	Rules digested
}

// Digest returns a short text that is the same for the same target and rules, and another for others: the SHA-256 of them,
// defaults filled in. It tells whether a policy says of the version what it said before.
func (v *Version) Digest() string {
	made := digest(v.target, v.Rules)
	made.From = v.from
	text, err := json.Marshal(made)
	if err != nil {
		panic(err) // the types above have nothing that JSON cannot carry; a risk is no NaN, as check says
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func digest(target []string, rules Rules) digested {
	made := digested{
		Target: target, Schedule: rules.Schedule.String(), Canary: rules.Canary, Risk: rules.Risk, Order: rules.Order,
		Seed: rules.Seed, Spread: rules.Spread, MaxPer: rules.MaxPer, By: rules.By, ByOrder: rules.ByOrder, Cover: rules.Cover,
		Split: rules.Split,
	}
	for _, size := range rules.Combine {
		made.Combine = append(made.Combine, size.String())
	}
	if rules.Done != nil {
		made.Done = digestedDone(*rules.Done)
	}
	for _, ring := range rules.Rings {
		made.Rings = append(made.Rings, digestedRing{ring.Name, digest(ring.Target, ring.Rules)})
	}
	return made
}
