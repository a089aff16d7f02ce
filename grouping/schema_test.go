package grouping

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

var updateSchema = flag.Bool("update", false, "write regal.schema.json")

// TestSchemaFile keeps the file that editors are pointed at.
func TestSchemaFile(t *testing.T) {
	const path = "../regal.schema.json"
	var written bytes.Buffer
	require.NoError(t, WriteSchema(&written))
	if *updateSchema {
		require.NoError(t, os.WriteFile(path, written.Bytes(), 0o644))
	}
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, written.String(), string(file), "run: go test ./grouping -run TestSchemaFile -update")
}

// closedPipe takes nothing, as a pipe whose reader has gone.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestSchemaThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	assert.ErrorIs(t, WriteSchema(closedPipe{}), io.ErrClosedPipe)
}

// schemaPart is as much of a JSON Schema as these tests look into.
type schemaPart struct {
	Ref         string `json:"$ref"`
	Description string
	Properties  map[string]schemaPart
	Defs        map[string]schemaPart `json:"$defs"`
	OneOf       []schemaPart          `json:"oneOf"`
	Enum        []string
	Maximum     int
}

func schemaParts(t *testing.T) schemaPart {
	var top schemaPart
	require.NoError(t, json.Unmarshal(schema, &top))
	return top
}

// TestSchemaHasTheParsersWords compares the lists that stand in both.
func TestSchemaHasTheParsersWords(t *testing.T) {
	top := schemaParts(t)
	for name, part := range map[string]struct {
		keys []string
		part schemaPart
	}{
		"policy":        {topKeys, top},
		"version":       {versionKeys, top.Defs["version"]},
		"versions_from": {fromKeys, top.Properties["versions_from"]},
		"ring":          {ringKeys, top.Defs["ring"]},
		"done":          {doneKeys, top.Defs["done"]},
	} {
		assert.ElementsMatch(t, part.keys, slices.Collect(maps.Keys(part.part.Properties)), name)
		for key, property := range part.part.Properties {
			description := property.Description
			if len(property.OneOf) > 0 && description == "" {
				property = property.OneOf[0]
			}
			if description == "" {
				description = top.Defs[strings.TrimPrefix(property.Ref, "#/$defs/")].Description
			}
			assert.NotEmpty(t, description, "%s of %s", key, name)
		}
	}
	assert.Equal(t, orders(), top.Defs["order"].Enum)
	assert.Equal(t, maxCount, top.Defs["count"].Maximum)
}

// TestSchemaAgreesWithParser gives every key at every place each of a list of values: the parser and the schema must
// accept and refuse the same.
func TestSchemaAgreesWithParser(t *testing.T) {
	schema := compileSchema(t)
	places := map[string][]string{
		"plugin: regal\nversions: {app: web}\n%s: %s\n":                                      without(topKeys, "plugin", "versions"),
		"versions: {app: web}\n%s: %s\n":                                                     {"plugin"},
		"plugin: regal\n%s: %s\n":                                                            {"versions", "versions_from", "versoins"},
		"plugin: regal\nversions: {app: {hosts: web, %s: %s}}\n":                             append(without(versionKeys, "hosts"), "inventory"),
		"plugin: regal\nversions: {app: {%s: %s}}\n":                                         {"hosts", "canary"},
		"plugin: regal\nschedule: 2\nversions: {app: {hosts: web, %s: %s}}":                  bothKeys,
		"plugin: regal\nversions: {app: {hosts: web, canary: a, %s: %s}}":                    {"schedule", "combine"},
		"plugin: regal\nversions: {app: {%s: %s, order: sorted}}\n":                          {"rings"},
		"plugin: regal\nversions: {app: {rings: [{eu: {hosts: web, %s: %s}}]}}\n":            append(without(ringKeys, "hosts"), "done", "group"),
		"plugin: regal\nversions: {app: {rings: [{eu: {hosts: web, canary: a, %s: %s}}]}}\n": {"schedule"},
		"plugin: regal\nversions: {app: {rings: [{%q: %s}]}}\n":                              {"eu", ""},
		"plugin: regal\ndone: {var: v, %s: %s}\nversions: {app: web}\n":                      {"facts", "max_age", "hosts"},
		"plugin: regal\ndone: {var: v, facts: f, %s: %s}\nversions: {app: web}\n":            {"max_age"},
		"plugin: regal\ndone: {%s: %s}\nversions: {app: web}\n":                              {"var"},
		"plugin: regal\nversions: {%q: %s}\n":                                                {"app", "1.10", ""},
		"plugin: regal\nversions_from: {var: v, %s: %s}\n":                                   {"hosts", "canary"},
		"plugin: regal\nversions_from: {%s: %s}\n":                                           {"var", "hosts"},
		"plugin: regal\nversions: {app: web}\nversions_from: {%s: %s}\n":                     {"var"},
	}
	values := []string{
		"", "~", "true", "yes", "0", "1", "2", "-1", "1.5", "1000000000", "1000000001", "99999999999999999999",
		"''", "app", "'2'", "'true'", "regal", "2026-11-22", "0%", "1%", "99%", "100%", "101%", "05%", "12.5%", "10 %", "'%'",
		"' 10%'", "\"10%\\n\"", "shuffle", "Shuffle", "inventory", "sorted", "[]", "[a]", "[a, b]", "[a, a]", "['']", "[~]",
		"elsewhere", "[elsewhere]", "[1]", "[1, 5, 25%]", "[1, 0]", "[1, 1]", "[true]", "[[a]]", "[[1]]", "[{a: 1}]", "{}", "{rack: 1}", "{rack: 0}",
		"{rack: 1%}", "{rack: a}", "{rack: ~}", "{'': 1}", "{rack: [1]}", "{rack: 1, zone: 1000000001}", "{hosts: web}",
		"{var: v}", "{var: v, hosts: [a]}", "{var: v, else: a}", "{app: web}", "{app: {hosts: web}}", "{app: {}}",
		"{risk: 3}", "{risk: 0.5}", "{risk: 0}", "{risk: -1}", "{risk: a}", "{risk: 1000000001}", "{risk: 3, a: 1}", "{risk: '3'}",
		"{rack: {a: 1}}", "{rack: {a: 1, b: 30%}}", "{rack: {}}", "{rack: {a: 0}}", "{rack: {'': 1}}", "{rack: {a: [1]}}",
		"{rack: 101%}", "{region: [eu, us]}", "{region: [eu, eu]}", "{region: eu}", "{region: []}", "{region: [~]}", "{'': [eu]}",
		"{region: [1.10, true, '*']}", "{region: [[eu]]}", "{region: [eu], zone: [a]}", "{a: 10%, b: 90%}", "{a: 100%}", "{a: 0%, c: 100%}", "{b7: 100%}", "{ring-eu: 100%}", "{ringer: 100%}",
		"{a: 12.5%, b: 87.5%}", "{a: 10, b: 90}", "[{eu: web}]", "[{eu: [web, api]}]", "[{eu: {hosts: web}}, {us: api}]", "[{eu: {}}]",
		"[{eu: web, us: api}]", "[{}]", "[{'': web}]", "[{eu: {hosts: web, rings: [{a: b}]}}]", "30m", "30x", "0m", "3600", "12h",
		"{var: v, facts: f}", "{var: v, facts: f, max_age: 30m}", "{var: v, max_age: 30m}", "{facts: f}",
		"{app: {hosts: web, canary: a, schedule: 1}}", "{app: {hosts: web, hots: web}}",
	}
	accepted, refused := 0, 0
	for place, keys := range places {
		for _, key := range keys {
			for _, value := range values {
				text := fmt.Sprintf(place, key, value)
				if agree(t, schema, text) {
					accepted++
				} else {
					refused++
				}
			}
		}
	}
	assert.Greater(t, accepted, 200)
	assert.Greater(t, refused, 1000)
}

// agree checks that the parser and the schema say the same of a policy, and returns what.
func agree(t *testing.T, schema *jsonschema.Schema, text string) bool {
	t.Helper()
	_, parserError := ParsePolicy("p.yml", strings.NewReader(text))
	if parserError != nil {
		for _, beyond := range []string{"no version matches", "they must make 100%"} {
			if strings.Contains(parserError.Error(), beyond) {
				parserError = nil // what a schema cannot tell
				break
			}
		}
	}
	schemaError := schema.Validate(readAsEditor(t, []byte(text)))
	if (parserError == nil) != (schemaError == nil) {
		t.Errorf("%s\nparser: %v\nschema: %v", text, parserError, schemaError)
	}
	return parserError == nil
}

// TestSchemaOfFiles holds the schema against the policies in files: those in testdata/policies and the examples.
func TestSchemaOfFiles(t *testing.T) {
	schema := compileSchema(t)
	files, err := filepath.Glob("../testdata/policies/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range append(files, "../examples/regal.yml", "../examples/inventories/prod/regal.yml") {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.True(t, agree(t, schema, string(data)), file)
	}
}

// TestExamplesNameTheSchema has the examples point editors at the schema's file where make install puts it; that it does so, the
// tests in packaging know.
func TestExamplesNameTheSchema(t *testing.T) {
	examples, err := filepath.Glob("../examples/regal*.yml")
	require.NoError(t, err)
	deeper, err := filepath.Glob("../examples/*/*/regal.yml")
	require.NoError(t, err)
	require.NotEmpty(t, deeper)
	for _, file := range append(examples, deeper...) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Contains(t, string(data), "\n# yaml-language-server: $schema=/usr/local/share/regal-inventory/regal.schema.json\n", file)
	}
}

// TestSchemaCannotTell names what the doc comment of Schema lists: the schema accepts it, and the parser does not.
func TestSchemaCannotTell(t *testing.T) {
	schema := compileSchema(t)
	for _, text := range []string{
		"schedule: 010\nversions: {app: web}", "schedule: 1_0\nversions: {app: web}", "schedule: 2.0\nversions: {app: web}",
		"schedule: 0x10\nversions: {app: web}", "schedule: +5\nversions: {app: web}",
		"schedule: 1\nschedule: 2\nversions: {app: web}", "seed: !x a\nversions: {app: web}",
		"versions: {app: web}\npriority: api", "versions: {app-1: web, app.1: api}",
	} {
		text = "plugin: regal\n" + text
		_, err := ParsePolicy("p.yml", strings.NewReader(text))
		assert.Error(t, err, text)
		assert.NoError(t, schema.Validate(readAsEditor(t, []byte(text))), text)
	}
}

func without(keys []string, these ...string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return slices.Contains(these, key) })
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("policy.json", document))
	compiled, err := compiler.Compile("policy.json")
	require.NoError(t, err)
	return compiled
}

// readAsEditor reads YAML into what a JSON Schema is held against: keys are texts, and so is all that JSON lacks.
func readAsEditor(t *testing.T, text []byte) any {
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &document))
	return jsonOf(t, document.Content[0])
}

func jsonOf(t *testing.T, node *yaml.Node) any {
	switch node.Kind {
	case yaml.AliasNode:
		return jsonOf(t, node.Alias)
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			object[node.Content[i].Value] = jsonOf(t, node.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, element := range node.Content {
			list[i] = jsonOf(t, element)
		}
		return list
	}
	var value any = node.Value
	switch node.ShortTag() {
	case "!!null", "!!int", "!!float", "!!bool":
		require.NoError(t, node.Decode(&value))
	}
	return value
}
