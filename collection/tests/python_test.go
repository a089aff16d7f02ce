package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
)

// asked calls a function of the collection's module_utils once for each list of arguments, and returns what each call returned,
// or its error as a text that begins with "ValueError: ".
func asked(t *testing.T, function string, arguments ...[]any) []any {
	t.Helper()
	const program = `
import datetime, importlib, json, sys
module, name = sys.argv[1].rsplit(".", 1)
function = getattr(importlib.import_module("ansible_collections.regal.release.plugins.module_utils." + module), name)
answers = []
for arguments in json.load(sys.stdin):
    try:
        answers.append(function(*[datetime.datetime.fromisoformat(a[1:]) if isinstance(a, str) and a[:1] == "@" else a for a in arguments]))
    except ValueError as error:
        answers.append("ValueError: %s" % error)
json.dump(answers, sys.stdout)
`
	folder := t.TempDir()
	namespace := filepath.Join(folder, "ansible_collections", "regal")
	require.NoError(t, os.MkdirAll(namespace, 0o755))
	collection, err := filepath.Abs("collection")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(collection, filepath.Join(namespace, "release")))
	input, err := json.Marshal(arguments)
	require.NoError(t, err)
	command := exec.Command(ansibletest.Python(t), "-B", "-c", program, function)
	command.Env = append(os.Environ(), "PYTHONPATH="+folder)
	command.Stdin = bytes.NewReader(input)
	output, err := command.Output()
	require.NoError(t, err, string(output))
	var answers []any
	require.NoError(t, json.Unmarshal(output, &answers))
	require.Len(t, answers, len(arguments))
	return answers
}

// TestWindows has days, hours, midnight and what is no window. 2026-11-28 is a Saturday.
func TestWindows(t *testing.T) {
	t.Parallel()
	var calls [][]any
	cases := []struct {
		window, now string
		want        string // "" if a wave may begin
	}{
		{"09:00-16:00", "2026-11-28T09:00", ""},
		{"09:00-16:00", "2026-11-28T15:59", ""},
		{"09:00-16:00", "2026-11-28T16:00", "it is Sat 16:00, and no wave begins outside of 09:00-16:00"},
		{"9:00 - 16:00", "2026-11-28T08:59", "it is Sat 08:59, and no wave begins outside of 9:00 - 16:00"},
		{"Mon-Fri 09:00-16:00", "2026-11-28T12:00", "it is Sat 12:00, and no wave begins outside of Mon-Fri 09:00-16:00"},
		{"Mon-Fri 09:00-16:00", "2026-11-27T12:00", ""},
		{"Fri-Mon 09:00-16:00", "2026-11-28T12:00", ""},
		{"Fri-Mon 09:00-16:00", "2026-12-01T12:00", "it is Tue 12:00, and no wave begins outside of Fri-Mon 09:00-16:00"},
		{"Sat,Tue 09:00-24:00", "2026-11-28T23:59", ""},
		{"Fri 22:00-04:00", "2026-11-28T03:59", ""},
		{"Fri 22:00-04:00", "2026-11-27T22:00", ""},
		{"Fri 22:00-04:00", "2026-11-28T22:00", "it is Sat 22:00, and no wave begins outside of Fri 22:00-04:00"},
		{"Fri 22:00-04:00", "2026-11-27T03:00", "it is Fri 03:00, and no wave begins outside of Fri 22:00-04:00"},
		{"Mon-Fry 09:00-16:00", "2026-11-27T12:00", "ValueError: regal_window: Mon-Fry 09:00-16:00 is no window: write Mon-Fri 09:00-16:00"},
		{"09:00-09:00", "2026-11-27T12:00", "ValueError: regal_window: 09:00-09:00 is no window: write Mon-Fri 09:00-16:00"},
		{"09:60-10:00", "2026-11-27T12:00", "ValueError: regal_window: 09:60-10:00 is no window: write Mon-Fri 09:00-16:00"},
		{"25:00-26:00", "2026-11-27T12:00", "ValueError: regal_window: 25:00-26:00 is no window: write Mon-Fri 09:00-16:00"},
		{"always", "2026-11-27T12:00", "ValueError: regal_window: always is no window: write Mon-Fri 09:00-16:00"},
	}
	for _, one := range cases {
		calls = append(calls, []any{[]string{one.window}, "@" + one.now})
	}
	for i, answer := range asked(t, "gates.closed", calls...) {
		assert.Equal(t, cases[i].want, answer, "%s at %s", cases[i].window, cases[i].now)
	}
	assert.Equal(t, []any{"", ""}, asked(t, "gates.closed", []any{[]string{}, "@2026-11-28T03:00"},
		[]any{[]string{"01:00-02:00", "02:00-04:00"}, "@2026-11-28T03:00"}))
}

// TestTimes reads times as people write them, and cuts a long one into steps.
func TestTimes(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []any{90.0, 1800.0, 5400.0, 45.0, 45.0, 93600.0, 0.0, "ValueError: regal_soak: 1.5h is no time: write 30m, 1h30m or 90s",
		"ValueError: regal_soak: -5 is no time: write 30m, 1h30m or 90s", "ValueError: regal_soak: True is no time: write 30m, 1h30m or 90s",
		"ValueError: regal_soak:  is no time: write 30m, 1h30m or 90s"},
		asked(t, "gates.seconds", []any{"regal_soak", "90s"}, []any{"regal_soak", "30m"}, []any{"regal_soak", "1h30m"}, []any{"regal_soak", "45"},
			[]any{"regal_soak", 45}, []any{"regal_soak", "1d2h"}, []any{"regal_soak", 0}, []any{"regal_soak", "1.5h"}, []any{"regal_soak", "-5"},
			[]any{"regal_soak", true}, []any{"regal_soak", ""}))
	for i, answer := range asked(t, "gates.steps", []any{1}, []any{5}, []any{95}, []any{1800}) {
		total, last := 0.0, ""
		for _, step := range answer.([]any) {
			total += step.(map[string]any)["seconds"].(float64)
			last = step.(map[string]any)["told"].(string)
		}
		assert.Equal(t, []float64{1, 5, 95, 1800}[i], total)
		assert.Equal(t, []string{"1s of 1s", "5s of 5s", "1m35s of 1m35s", "30m of 30m"}[i], last)
	}
}

// TestCommandsAfterAStop makes the commands of the call, without what may be a secret.
func TestCommandsAfterAStop(t *testing.T) {
	t.Parallel()
	begun := map[string]any{"playbook": "rollout", "policy": "/x/regal.yml", "versions": []any{map[string]any{"name": "app-v1"}}}
	var calls [][]any
	cases := []struct {
		argv             []string
		resume, rollback string
	}{
		{
			[]string{"/usr/bin/ansible-playbook", "-i", "regal.yml", "regal.release.rollout", "-e", "regal_version=app-v1", "-b", "--vault-id", "x@y"},
			"ansible-playbook -i regal.yml regal.release.rollout -e regal_version=app-v1 -b --vault-id x@y -e regal_resume=true",
			"ansible-playbook -i regal.yml regal.release.rollback -b --vault-id x@y -e regal_version=app-v1 -e regal_release=...",
		},
		{
			[]string{"ansible-playbook", "-iregal.yml", "site.yml", "-eregal_version=a", "-e", "@vars.yml", "--extra-vars=token=1", "-e", `{"a": "b"}`,
				"-e", "regal_resume=true", "--start-at-task", "x", "--step"},
			"ansible-playbook -iregal.yml site.yml -e regal_version=a -e @vars.yml -e token=... -e a=... -e regal_resume=true",
			"ansible-playbook -iregal.yml regal.release.rollback -e @vars.yml -e token=... -e a=... -e regal_version=app-v1 -e regal_release=...",
		},
		{
			[]string{"ansible-playbook", "regal.release.rollout", "-i", "regal.yml", "-e", "regal_version=a"},
			"ansible-playbook regal.release.rollout -i regal.yml -e regal_version=a -e regal_resume=true",
			"ansible-playbook regal.release.rollback -i regal.yml -e regal_version=app-v1 -e regal_release=...",
		},
		{
			[]string{"ansible-playbook", "-i", "regal.yml", "site.yml", "-e", "regal_from=b2 password=x regal_max_failed=2",
				"-e", `{"regal_soak": {"canary": "30m"}, "token": "x", "regal_resume": true}`},
			"ansible-playbook -i regal.yml site.yml -e regal_from=b2 -e password=... -e regal_max_failed=2 -e '{\"regal_soak\": {\"canary\": \"30m\"}}' -e token=... " +
				"-e regal_resume=true",
			"ansible-playbook -i regal.yml regal.release.rollback -e password=... -e regal_max_failed=2 -e '{\"regal_soak\": {\"canary\": \"30m\"}}' -e token=... " +
				"-e regal_version=app-v1 -e regal_release=...",
		},
	}
	for _, one := range cases {
		calls = append(calls, []any{begun, one.argv})
	}
	unrecorded := map[string]any{"playbook": "rollout", "policy": "", "versions": begun["versions"]}
	answer := asked(t, "stops.commands", []any{unrecorded, []string{"ansible-playbook", "-i", "inventory", "site.yml", "-e", "regal_from=b1"}, "app_v1_b2"})[0]
	assert.Equal(t, "ansible-playbook -i inventory site.yml -e regal_from=app_v1_b2 -e regal_unrecorded=true", answer.(map[string]any)["resume"])
	ordered := map[string]any{"playbook": "ordered", "policy": "", "versions": begun["versions"]}
	answer = asked(t, "stops.commands", []any{ordered, []string{"ansible-playbook", "-i", "inventory", "regal.release.ordered", "-e", "regal_yes=true"}, "app_v1_b2"})[0]
	assert.Equal(t, "ansible-playbook -i inventory regal.release.rollout -e regal_from=app_v1_b2 -e regal_unrecorded=true", answer.(map[string]any)["resume"])
	back := map[string]any{"playbook": "rollback", "policy": "", "versions": begun["versions"]}
	answer = asked(t, "stops.commands", []any{back, []string{"ansible-playbook", "-i", "inventory", "back.yml", "-e", "regal_release=old"}, "app_v1_b2"})[0]
	assert.Equal(t, "ansible-playbook -i inventory back.yml -e regal_release=old", answer.(map[string]any)["resume"])
	for i, answer := range asked(t, "stops.commands", calls...) {
		assert.Equal(t, map[string]any{"resume": cases[i].resume, "rollback": cases[i].rollback}, answer)
	}
}
