package source

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/internal/ansibletest"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/asked"
	"github.com/regal-inventory/regal-inventory/inventory/internal/inventorytest"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// randomFiles writes files of variables for some of the names into the folder, of all kinds that Ansible reads, and of
// those that it does not.
func randomFiles(t *testing.T, random *rand.Rand, folder string, names []string) {
	t.Helper()
	written := 0
	text := func() string {
		written++
		switch random.IntN(12) {
		case 0:
			return ""
		case 1:
			return "---\n# nothing about colour\n"
		case 2:
			return vaultHeader + "1.1;AES256\n3031\n"
		case 3:
			return fmt.Sprintf(`{"colour": "json %d", "other": [1]}`, written)
		case 4:
			return fmt.Sprintf("\"co\\x6cour\": escaped %d\n", written)
		case 6:
			return fmt.Sprintf("inventory_hostname: odd %d\n", written)
		case 5:
			return fmt.Sprintf("rack: %d\n", written)
		default:
			return fmt.Sprintf("colour: %s %d\nrack: yes\nother: !unsafe '{{ x }}'\n", filepath.Base(folder), written)
		}
	}
	inFolder := []string{
		"main.yml", "a", "b.json", "c.yaml", "d.ini", ".hidden.yml", "backup.yml~", "z", "sub/x.yml", "sub/deep/y", "sub.d/x.yml",
		"B.yml", "10.yml", "9.yml", "x.YML", "e.", "été.yml",
	}
	for _, name := range names {
		for _, extension := range []string{"", ".yml", ".yaml", ".json", ".txt", "~"} {
			path := folder + "/" + name + extension
			above, err := os.Stat(filepath.Dir(path))
			if err == nil && !above.IsDir() {
				continue
			}
			switch _, err := os.Stat(path); {
			case err == nil || random.IntN(3) > 0:
			case random.IntN(3) == 0:
				require.NoError(t, os.MkdirAll(path, 0o755))
				for _, file := range asked.SomeNames(random, inFolder, 6) {
					writeFile(t, filepath.Join(path, file), text())
				}
			default:
				writeFile(t, path, text())
			}
		}
	}
}

func TestVariablesBesideAsAnsible(t *testing.T) {
	rounds, random := asked.Rounds(t, 60)
	var questions []*asked.InventoryQuestion
	for range rounds {
		question := asked.RandomInventory(random)
		group := ""
		if len(question.Groups) > 0 {
			group = question.Groups[0].Name
		}
		question.Members = append(question.Members, [2]string{group, "r1/web1"}, [2]string{"", "/abs"}, [2]string{group, "r1"})
		asked.RandomVariables(random, question)
		for range 1 + random.IntN(3) {
			folder := t.TempDir()
			randomFiles(t, random, filepath.Join(folder, "group_vars"), someGroupNames(random, question))
			randomFiles(t, random, filepath.Join(folder, "host_vars"), asked.SomeNames(random, question.Ask, 5))
			question.Sources = append(question.Sources, folder)
		}
		if random.IntN(4) == 0 {
			question.Sources = append(question.Sources, question.Sources[0])
		}
		questions = append(questions, question)
	}
	ofFiles, encrypted := 0, 0
	for i, answers := range asked.Targets[*asked.InventoryQuestion, []asked.VariablesAnswer](t, "variables", questions) {
		inv := inventorytest.Build(t, questions[i], nil)
		require.NoError(t, loadBeside(inv, questions[i].Sources, besideSearch{names: asked.Variables, ansible: asked.Installed(t)}))
		for j, want := range answers {
			host := questions[i].Ask[j]
			about := fmt.Sprintf("%s of %+v", host, *questions[i])
			if want.Error != "" {
				require.Contains(t, want.Error, "vault password", about)
				encrypted++
				continue
			}
			assert.Equal(t, want.Vars, inventorytest.ValuesOf(inv, host), about)
			if strings.HasPrefix(want.Vars["colour"], "group_vars") {
				ofFiles++
			}
		}
	}
	t.Logf("%d values from group_vars, %d hosts with an encrypted file", ofFiles, encrypted)
	assert.Greater(t, ofFiles, rounds/4, "too few of the values come from files")
}

func someGroupNames(random *rand.Rand, question *asked.InventoryQuestion) []string {
	var names []string
	for _, group := range question.Groups {
		names = append(names, group.Name)
	}
	return asked.SomeNames(random, names, 4)
}

// besideInventory has the host web in the group app, and its folders of variables in the folder returned.
func besideInventory(t *testing.T) (inv *inventory.Inventory, folder string) {
	t.Helper()
	inv = inventory.New()
	group, err := inv.AddGroup("app")
	require.NoError(t, err)
	_, err = inv.AddHost("web", group, inventory.Value{})
	require.NoError(t, err)
	require.NoError(t, inv.Reconcile())
	return inv, t.TempDir()
}

func TestLoadBesideIsNeverPrinted(t *testing.T) {
	inv, folder := besideInventory(t)
	writeFile(t, filepath.Join(folder, "group_vars/all.yml"), "colour: red\n")
	writeFile(t, filepath.Join(folder, "host_vars/web.yml"), "rack: 7\n")
	require.NoError(t, loadBeside(inv, []string{folder}, besideSearch{names: []string{"colour", "rack"}}))
	assert.Equal(t, map[string]string{
		"colour": "red", "rack": "7", "inventory_hostname": "web", "inventory_hostname_short": "web",
	}, inventorytest.ValuesOf(inv, "web"))
	for _, group := range inv.Groups() {
		assert.Zero(t, group.Vars.Len())
	}
	assert.Zero(t, inv.Host("web").Vars.Len())
}

func TestLoadBesideReadsNamedVariablesOnly(t *testing.T) {
	inv, folder := besideInventory(t)
	writeFile(t, filepath.Join(folder, "group_vars/all.yml"), "colour: red\nrack: 7\n")
	writeFile(t, filepath.Join(folder, "group_vars/app.yml"), "this: is: no YAML\n")
	require.NoError(t, loadBeside(inv, []string{folder}, besideSearch{names: []string{"rack"}}))
	_, ok := inv.Variable("colour")(inv.Host("web"))
	assert.False(t, ok)
}

func TestLoadBesideFaults(t *testing.T) {
	inv, folder := besideInventory(t)
	app, web := filepath.Join(folder, "group_vars/app.yml"), filepath.Join(folder, "host_vars/web")
	writeFile(t, app, "colour: 'red\n")
	require.NoError(t, os.MkdirAll(web, 0o755))
	require.NoError(t, os.Symlink(web, filepath.Join(web, "again")))
	writeFile(t, filepath.Join(folder, "group_vars/all"), "- colour\n")
	err := loadBeside(inv, []string{folder}, besideSearch{names: []string{"colour"}})
	var files []string
	for _, fault := range inventory.Faults(err) {
		files = append(files, fault.File)
	}
	slices.Sort(files)
	assert.Equal(t, []string{filepath.Join(folder, "group_vars/all"), app, filepath.Join(web, "again")}, files)
}

func TestLoadBesideGoesRoundWhatIsNoFolder(t *testing.T) {
	inv, folder := besideInventory(t)
	writeFile(t, filepath.Join(folder, "group_vars"), "colour: red\n")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "host_vars"), 0o755))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "host_vars/web")))
	writeFile(t, filepath.Join(folder, "host_vars/web.json"), `{"colour": "blue"}`)
	require.NoError(t, loadBeside(inv, []string{folder, filepath.Join(folder, "absent")}, besideSearch{names: []string{"colour"}}))
	assert.Equal(t, "blue", inventorytest.ValuesOf(inv, "web")["colour"])
}

// TestEncryptedFiles holds which variables an encrypted file leaves open: all that nothing stronger says.
func TestEncryptedFiles(t *testing.T) {
	const closed = vaultHeader + "1.1;AES256\n3031\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  string // the file that may say what colour is; "" if colour is known to be red
	}{
		"all may say it, and the group is weaker": {map[string]string{"group_vars/all.yml": closed}, "group_vars/all.yml"},
		"a group file is stronger than all": {
			map[string]string{"group_vars/all.yml": closed, "group_vars/app.yml": "colour: red\n"}, ""},
		"of a folder the later file is stronger": {
			map[string]string{"group_vars/app/1.yml": closed, "group_vars/app/2.yml": "colour: red\n"}, ""},
		"and the earlier weaker": {
			map[string]string{"group_vars/app/1.yml": "colour: red\n", "group_vars/app/2.yml": closed}, "group_vars/app/2.yml"},
		"the host is stronger than its groups": {
			map[string]string{"group_vars/app.yml": closed, "host_vars/web.yml": "colour: red\n"}, ""},
		"the host's own file": {
			map[string]string{"group_vars/app.yml": "colour: red\n", "host_vars/web.yml": closed}, "host_vars/web.yml"},
		"of another group": {
			map[string]string{"group_vars/other.yml": closed, "group_vars/app.yml": "colour: red\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			inv, folder := besideInventory(t)
			require.NoError(t, inv.SetVariable("app", "colour", inventory.NewString("green")))
			for path, text := range test.files {
				writeFile(t, filepath.Join(folder, path), text)
			}
			require.NoError(t, loadBeside(inv, []string{folder}, besideSearch{names: []string{"colour"}}))
			got, ok := inv.Variable("colour")(inv.Host("web"))
			require.True(t, ok)
			if test.want == "" {
				assert.Equal(t, inventory.NewString("red"), got)
				return
			}
			assert.Equal(t, inventory.EncryptedFile, got.Kind())
			assert.Equal(t, filepath.Join(folder, test.want)+": the file is encrypted with ansible-vault", got.Text())
		})
	}
}

// TestEncryptedFilesAreOpened reads files that ansible-vault has encrypted, with and without their password.
func TestEncryptedFilesAreOpened(t *testing.T) {
	ansibletest.Python(t)
	folder := tree(t, map[string]string{
		"password": "secret\n", "hosts": "[app]\nweb\n", "group_vars/app/vault.yml": "---\ncolour: red\npassword: Secret99\n",
	})
	file := filepath.Join(folder, "group_vars/app/vault.yml")
	encrypt := exec.Command("ansible-vault", "encrypt", "--vault-password-file", filepath.Join(folder, "password"), file)
	output, err := encrypt.CombinedOutput()
	require.NoError(t, err, string(output))
	for password, want := range map[string]string{
		"password": "red",
		"":         file + ": encrypted with ansible-vault, and ansible-vault does not open it: set vault_password_file in ansible.cfg, or ANSIBLE_VAULT_PASSWORD_FILE, to the file with its password",
	} {
		t.Chdir(folder)
		t.Setenv("ANSIBLE_VAULT_PASSWORD_FILE", password)
		var heard warnings
		inv, err := Read(t.Context(), []string{"hosts"}, Options{Dir: folder, Variables: []string{"colour"}, Warn: heard.add})
		require.NoError(t, err)
		got, ok := inv.Variable("colour")(inv.Host("web"))
		require.True(t, ok)
		assert.Equal(t, want, got.Text())
		assert.Empty(t, heard.lines, "what ansible-vault complains of may hold a secret")
	}
}
