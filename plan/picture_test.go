package plan

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regal-inventory/regal-inventory/grouping"
)

var update = flag.Bool("update", false, "write what the tests get as what they expect")

// golden compares a text with a file in testdata/plan; -update writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "testdata", "plan", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run: go test ./plan -run %s -update", t.Name())
}

// mixed is a plan with a legend: two racks and a third, and a version without rules.
func mixed(t *testing.T) *grouping.Plan {
	plan := placed(t, grouping.Rules{Combine: []grouping.Size{grouping.Count(3)}, Spread: []string{"rack"}},
		racks(8, "a", "b", "<c>")...)
	plan.Versions = append(plan.Versions, version("应用-v1", "v1", named("主机1"), named("主机2", "主机3")))
	return plan
}

func TestPictures(t *testing.T) {
	golden(t, "mixed.svg", SVG(mixed(t)))
	golden(t, "mixed.html", HTML(mixed(t), Origin{}))
	golden(t, "mixed.mermaid", Mermaid(mixed(t)))
}

func TestPicturesOfNothing(t *testing.T) {
	for _, plan := range []*grouping.Plan{{}, {Versions: []*grouping.Version{version("none", "none")}}} {
		assert.NotEmpty(t, elements(t, SVG(plan)))
		assert.Contains(t, string(HTML(plan, Origin{})), "</html>")
		assert.Contains(t, string(Mermaid(plan)), `["no`)
	}
}

// The colour of a host's cell is that of its value in the legend.
func TestColorsFollowTheLegend(t *testing.T) {
	for name, rules := range map[string]grouping.Rules{
		"spread": {Spread: []string{"rack"}}, "by": {By: "rack"}, "spread before by": {By: "secret", Spread: []string{"rack"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := string(SVG(placed(t, rules, racks(9, "a", "b", "c")...)))
			for i, rack := range []string{"a", "b", "c"} {
				assert.Regexp(t, fmt.Sprintf(`<rect class="c%d" [^>]*/><text [^>]*>%s</text>`, i, rack), text)
			}
			cell := regexp.MustCompile(`<title>web0(\d)[^<]*, rack (.)</title><rect [^>]*/><circle class="c(\d)"`)
			found := cell.FindAllStringSubmatch(text, -1)
			require.Len(t, found, 9)
			for _, one := range found {
				assert.Equal(t, map[string]string{"a": "0", "b": "1", "c": "2"}[one[2]], one[3], one[0])
			}
		})
	}
}

func TestManyValuesShareTheLastColor(t *testing.T) {
	var names []string
	for i := range 13 {
		names = append(names, fmt.Sprintf("r%d", i))
	}
	text := string(SVG(placed(t, grouping.Rules{Spread: []string{"rack"}}, racks(13, names...)...)))
	assert.Contains(t, text, ">3 other values</text>")
	assert.Equal(t, 3, strings.Count(text, `<circle class="c10"`))
	assert.NotContains(t, text, `"c11"`)
}

// No format tells more of a host than its name and the variables that the rules name.
func TestNoOtherVariableIsShown(t *testing.T) {
	plan := placed(t, grouping.Rules{Spread: []string{"rack"}, MaxPer: []grouping.Limit{{Variable: "rack", Hosts: 1}}},
		racks(6, "a", "b")...)
	for format, text := range formats(t, plan) {
		assert.NotContains(t, string(text), "hunter2", format)
		assert.NotContains(t, string(text), "secret", format)
	}
}

// Each host has exactly one cell, whatever the size of the plan; nothing lies outside the picture.
func TestEveryHostHasACell(t *testing.T) {
	for _, test := range []struct{ hosts, size int }{
		{1, 1}, {12, 5}, {120, 120}, {121, 1}, {600, 7}, {601, 90}, {2500, 2500}, {2501, 1}, {10_000, 2500}, {10_000, 1},
	} {
		t.Run(fmt.Sprintf("%d by %d", test.hosts, test.size), func(t *testing.T) {
			picture := SVG(many(test.hosts, test.size))
			cells := regexp.MustCompile(`<title>(web\d+)[^<]*: b\d+, host`).FindAllSubmatch(picture, -1)
			seen := map[string]bool{}
			for _, cell := range cells {
				seen[string(cell[1])] = true
			}
			assert.Len(t, cells, test.hosts)
			assert.Len(t, seen, test.hosts)
			assertInside(t, picture)
			assert.Less(t, len(picture), 4096+600*test.hosts, "bytes for each host")
		})
	}
}

// So many waves have no room for a text each; a line of them has one.
func TestManyWavesShareTheirTexts(t *testing.T) {
	text := string(SVG(many(10_000, 1)))
	assert.Contains(t, text, ">b0 – b111</text>")
	assert.Less(t, strings.Count(text, "<text"), 2*100)
	assert.Equal(t, 2*400, strings.Count(string(SVG(many(400, 1))), "<text class=\"wave\"")+
		strings.Count(string(SVG(many(400, 1))), "<text class=\"foot\""))
}

// A legend that is too long for a line goes on below, inside the lane.
func TestLegendBreaks(t *testing.T) {
	var names []string
	for i := range 10 {
		names = append(names, fmt.Sprintf("%s%d", strings.Repeat("rack-", 6), i))
	}
	swatches := regexp.MustCompile(`<rect class="c\d" x="(\d+)" y="(\d+)" width="10"`).FindAllStringSubmatch(
		string(SVG(placed(t, grouping.Rules{Spread: []string{"rack"}}, racks(10, names...)...))), -1)
	require.Len(t, swatches, 10)
	lines := map[string]bool{}
	for _, swatch := range swatches {
		x, err := strconv.Atoi(swatch[1])
		require.NoError(t, err)
		assert.Less(t, x, laneRight-200)
		lines[swatch[2]] = true
	}
	assert.Len(t, lines, 3)
}

// assertInside fails when a rectangle reaches out of the picture.
func assertInside(t *testing.T, picture []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(picture))
	var width, height, originX, originY int
	outside := 0
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		number := map[string]int{}
		for _, attribute := range start.Attr {
			value := 0
			if _, err := fmt.Sscanf(attribute.Value, "translate(%d %d)", &originX, &originY); err == nil {
				continue
			}
			_, _ = fmt.Sscanf(attribute.Value, "%d", &value) // what is no number counts as 0
			number[attribute.Name.Local] = value
		}
		switch start.Name.Local {
		case "svg":
			width, height = number["width"], number["height"]
		case "rect":
			if originX+number["x"]+number["width"] > width || originY+number["y"]+number["height"] > height {
				outside++
			}
			if number["width"] == pictureWidth || number["width"] == pictureWidth-2*pageMargin-1 {
				originX, originY = 0, 0 // the page or a lane: what follows is not in a wave
			}
		}
	}
	assert.Positive(t, width)
	assert.Zero(t, outside, "cells outside the picture")
}

func TestMermaidStaysDrawable(t *testing.T) {
	wide := strings.Repeat("%", 200)
	crowd := &grouping.Plan{}
	for i := range 300 {
		crowd.Versions = append(crowd.Versions, version(fmt.Sprintf("%s%d", wide, i), "g", named(wide), named(wide+"x")))
	}
	hostile := version(wide, "g")
	for i := range 500 {
		hostile.Waves = append(hostile.Waves, grouping.Wave{Name: fmt.Sprintf("b%d", i), Hosts: named(
			wide+"a", wide+"b", wide+"c", wide+"d", wide+"e", wide+"f", wide+"g")})
	}
	for name, plan := range map[string]*grouping.Plan{
		"ten thousand waves": many(10_000, 1), "ten waves": many(10_000, 1000), "many versions": crowd,
		"long names": {Versions: []*grouping.Version{hostile}},
	} {
		t.Run(name, func(t *testing.T) {
			text := Mermaid(plan)
			assert.LessOrEqual(t, len(text), mermaidSize)
			assert.Less(t, bytes.Count(text, []byte("-->")), 500)
		})
	}
}

func TestMermaidSkipsTheMiddle(t *testing.T) {
	text := string(Mermaid(many(1000, 1)))
	assert.Contains(t, text, `v1w61["881 more waves<br/>881 hosts, 941 of 1000 released"]:::more`)
	assert.Contains(t, text, "v1w61 --> v1w942\n")
	assert.Contains(t, text, `v1w1000["b999<br/>1 host, 1000 of 1000 released<br/>web00999#46;`)
}

func TestBoxes(t *testing.T) {
	assert.Empty(t, boxes(0, 3))
	assert.Equal(t, []box{{0, 0}, {1, 0}, {2, 0}}, boxes(3, 3))
	assert.Equal(t, []box{{0, 0}, {1, 0}, {2, 2}}, boxes(4, 3))
	assert.Equal(t, []box{{0, 0}, {1, 0}, {2, 7}, {9, 0}}, boxes(10, 4))
}

func TestCommonDomain(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  string
	}{
		{[]string{"a.example.com", "b.example.com"}, ".example.com"},
		{[]string{"a.x.example.com", "b.y.example.com"}, ".example.com"},
		{[]string{"a.example.com", "b"}, ""},
		{[]string{"10.0.0.1", "10.0.1.1"}, ""},
		{[]string{"a.example.com", ".example.com"}, ".com"},
		{[]string{"a"}, ""},
		{[]string{"a.1.com"}, ".com"},
	} {
		assert.Equal(t, test.want, commonDomain(version("v", "v", named(test.names...))), test.names)
	}
}
