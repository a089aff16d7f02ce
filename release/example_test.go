package release_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/regal-inventory/regal-inventory/grouping"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/release"
)

// A release that is remembered: it begins, its first wave is done, and a host joins.
func ExampleRecord() {
	folder, err := os.MkdirTemp("", "records")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ctx, records := context.Background(), release.NewFolder(folder)

	version := versionOf("web1", "web2")
	record, err := release.New(version, "regal.yml", release.Moment{At: time.Now(), User: "anna", Host: "ops1"})
	if err != nil {
		log.Fatal(err)
	}
	if err := records.Begin(ctx, record); err != nil {
		log.Fatal(err)
	}
	err = records.Change(ctx, record.Stem, func(record *release.Record) error {
		return record.MarkDone(record.Apply(version), 0, nil, time.Now())
	})
	if err != nil {
		log.Fatal(err)
	}

	kept, err := records.Read(record.Stem)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kept.Done())
	today := kept.Apply(versionOf("web0", "web1", "web2"))
	for _, wave := range today.Remaining() {
		fmt.Println(wave.Name, inventory.HostNames(wave.Hosts))
	}
	// Output:
	// canary of 2 waves is done
	// b1 [web2]
	// b2 [web0]
}

// versionOf returns a version with these hosts, one in each wave.
func versionOf(names ...string) *grouping.Version {
	inv := inventory.New()
	for _, name := range names {
		if _, err := inv.AddHost(name, nil, inventory.Value{}); err != nil {
			log.Fatal(err)
		}
	}
	if err := inv.Reconcile(); err != nil {
		log.Fatal(err)
	}
	version, err := grouping.NewVersion(inv, "app-v1", []string{"all"}, grouping.Rules{})
	if err != nil {
		log.Fatal(err)
	}
	return version
}
