package inventory

import "testing"

func FuzzTarget(f *testing.F) {
	for _, target := range []string{"web:!h1", "all:&db", "h[1:3]", "web[0:1]", "~h\\d+", "h*", "[::1]", "web,db", "web[-1]", "!h2", "*:&w?b"} {
		f.Add(target)
	}
	inv := New()
	for i, name := range []string{"h1", "h2", "h3", "::1", "web-1"} {
		group := inv.addGroup([]string{"web", "db"}[i%2])
		if _, err := inv.AddHost(name, group, Value{}); err != nil {
			f.Fatal(err)
		}
	}
	if err := inv.Reconcile(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target string) {
		hosts, err := inv.Select(target)
		if err != nil {
			if err.Error() == "" || hosts != nil {
				t.Fatal("refused without a word, or with hosts")
			}
			return
		}
		seen := map[*Host]bool{}
		for _, host := range hosts {
			if seen[host] || inv.Host(host.Name) != host {
				t.Fatalf("%q selects %q wrongly", target, host.Name)
			}
			seen[host] = true
		}
	})
}
