package inventorytest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Generator writes random inventories: about half of them lawful, all of them odd.
type Generator struct {
	*rand.Rand
	Wild int // percent of things that may well break the inventory
}

// NewGenerator returns the generator of that number from a seed.
func NewGenerator(seed, number uint64) Generator {
	g := Generator{rand.New(rand.NewPCG(seed, number)), 0}
	if g.Chance(50) {
		g.Wild = 1 + g.IntN(8)
	}
	return g
}

// Tame returns one of the first n, and seldom one of the others, which are likely to break the inventory.
func (g Generator) Tame(n int, from []string) string {
	if g.Chance(g.Wild) {
		return g.Pick(from...)
	}
	return g.Pick(from[:n]...)
}

// Pick returns one of the texts.
func (g Generator) Pick(from ...string) string { return from[g.IntN(len(from))] }

// Chance is true in that many of a hundred cases.
func (g Generator) Chance(percent int) bool { return g.IntN(100) < percent }

// Times calls do between least and most times.
func (g Generator) Times(least, most int, do func()) {
	for range least + g.IntN(most-least+1) {
		do()
	}
}

var oddGroupNames = []string{"web", "db", "app", "prod", "eu-west", "all", "ungrouped", "g1", "g2", "g3", "g4", "g_5", "a.b", "é", "x/y"}

// GroupName returns the name of a group.
func (g Generator) GroupName() string {
	if g.Chance(80) {
		return g.Pick(oddGroupNames[:5]...)
	}
	return g.Pick(oddGroupNames...)
}

// HostPattern returns what names one host or several.
func (g Generator) HostPattern() string {
	n := g.IntN(12)
	switch g.IntN(24) {
	case 0:
		return fmt.Sprintf("h[%d:%d]", n, n+g.IntN(4))
	case 1:
		return fmt.Sprintf("h[%02d:%02d]", n, n+g.IntN(4))
	case 2:
		return fmt.Sprintf("h[%d:%d:%d]", n, n+g.IntN(9), 1+g.IntN(3))
	case 3:
		return g.Tame(16, []string{"n[a:c]", "n[a:e:2]", "n[x:C]", "[a:b][1:2].x", "r[1:2]-[a:b]", "r[:3]", "r[ab:cd]", "r[-1:1]", "r[3:1:-1]", "r[1_0:1_2]", "r[+1:2]", "r[1:2]:22", "r[1:2]x:2222", "r[9999999999999999999:9999999999999999999]", "r]1:2[", "r[3:1]", "r[01:3]", "r[c:a]", "r[1:3:0]",
			"r[a:c:x]", "r[1:]", "r[1-3]", "r[1:2:3:4]", "r[1:2", "r1:2]", "r|[1:2]", "[1:2]", "r[00:0x]"})
	case 4:
		return fmt.Sprintf("h%d:%d", n, g.IntN(3)*11)
	case 5:
		return g.Pick("10.0.0.1", "10.0.0.1:22", "10.0.0.[1:3]:22", "::1", "[::1]:22", "fe80::1%eth0", "2001:db8::[1:3]", "[2001:db8::1]:2222", "dead::x",
			"1:2:3:4:5:6:7:8", "[h1]:22", "[h1:33]:22", "0:0:0:0:0:ffff:1.2.3.4")
	case 6:
		return g.Tame(17, []string{"localhost", "127.0.0.1", "h1.example.com", "host-1", "_h", "h_", "h-:22", "-h", "h.", ".h:1", "ü1", "ü1:22", "日本:1", "h:x", "*", "@", "h::1", "web", "db", "h:", "h::", "---", "a b", ""})
	default:
		return fmt.Sprintf("h%d", n)
	}
}

func (g Generator) varName() string {
	return g.Tame(11, []string{"a", "b", "c", "d", "ansible_host", "ansible_port", "x.y", "é", "A", "1", "list", "ansible_group_priority", ""})
}

var iniValues = []string{
	"1", "0", "-1", "+1", "007", "0777", "0o17", "0xff", "0b101", "1_000", "1__0", "1_", "1.0", "1.", ".5", "1e3", "1e400", "-1e400", "1E-5", "1j", "1+2j", "...",
	"True", "False", "None", "true", "yes", "no", "null", "~", "on",
	"web01", "/opt/app", "a-b_c", "10.0.0.1", "1.2.3", "::1", "2001:db8::1", "a=b", "a=b=c", "a,b", "1,2", "1,", "()", "[]", "{}", "{1}", "set()",
	"[1,2,'x']", "['a','b']", `["a","b"]`, "{'a':1}", `{"a":[1,2],"b":{"c":None}}`, "('a','b')", "(1)", "((1))", "[[]]", "{1:2}", "{1.5:2}", "{None:1}", "{True:1}", "{(1,2):3}", "{[]:1}", "{{}}", "{1,1.0,True}",
	"'a'", `"a"`, `'a'"b"`, "b'x'", "b'{{ x }}'", "[b'{{ x }}']", "{b'{%'}", "u'x'", "r'\\x'", "'\\x41'", "'\\u00e9'", `'\n'`, `'\ud800'`, "'''a'''", "f'x'", "b'\\xff'",
	"# c", "a#b", "a #b", "'a#b'", "1#2", "1 # c", "\\", "\\n", `\"`, `'`, `"`, "é", "日本語", "\u2028", "\u00a0", "x\u00a0", "99999999999999999999999999", "0x" + strings.Repeat("f", 40), "1.7976931348623157e308", "0.1", "1e16", "123456789012345680.0", "-0", "-0.0", "- 1", "not True", "a.b", "len", "__import__('os')", "{{ x }}", "{{ x", "{% if %}", "!vault", "$ANSIBLE_VAULT;1.1;AES256", "", " ", "x y", "[1 2]", "[1,\t2]", "(", "]", "{'a':", "1if 1else 2", "{'a':1,'a':2}", "{'__ansible_vault':'x'}",
}

// variableValue returns a value as it may stand behind key=, quoted as people quote or not at all.
func (g Generator) iniValue() string {
	value := g.Pick(iniValues...)
	kind := g.IntN(8)
	if kind > 2 && !g.Chance(g.Wild) {
		kind = g.IntN(3)
		if !strings.ContainsAny(value, ` \t'"\\([{`) && g.Chance(80) {
			kind = 8
		}
	}
	if strings.Contains(value, "{[]") || strings.Contains(value, "{{}") && !g.Chance(g.Wild) {
		value = "{'a': [{'b': 1.0}]}"
	}
	if kind == 1 && strings.Contains(value, "'") || kind == 0 && strings.Contains(value, `"`) {
		kind = 2
	}
	switch kind {
	case 0:
		return `"` + value + `"`
	case 1:
		return "'" + value + "'"
	case 2:
		return `"` + strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), `"`, `\"`) + `"`
	case 3:
		return value + g.Pick(iniValues...)
	default:
		return value
	}
}

func (g Generator) blank() string { return g.Pick("", "", "", "", " ", "  ", "\t", "\u00a0", "\v") }

// INI writes an INI inventory.
func (g Generator) INI() string {
	var text strings.Builder
	end := g.Pick("\n", "\n", "\n", "\r\n", "\r", "\u2028")
	line := func(format string, args ...any) {
		text.WriteString(g.Pick("", "", "", "", "", " ", "\t"))
		fmt.Fprintf(&text, format, args...)
		text.WriteString(g.Tame(5, []string{"", "", " ", "\t", " # c", " ; c", "#c", " #"}))
		text.WriteString(end)
	}
	if g.Chance(g.Wild) {
		text.WriteString("\ufeff")
	}
	hosts := func() {
		g.Times(0, 5, func() {
			var vars strings.Builder
			g.Times(0, 3, func() {
				fmt.Fprintf(&vars, "%s%s=%s", g.Pick(" ", " ", "  ", "\t"), g.varName(), g.iniValue())
			})
			line("%s%s", g.HostPattern(), vars.String())
		})
	}
	if g.Chance(50) {
		hosts()
	}
	var declared []string
	g.Times(0, 8, func() {
		name := g.GroupName()
		switch g.IntN(10) {
		case 0, 1:
			if !g.Chance(g.Wild) {
				name = g.Pick(append(declared, "all")...)
			}
			line("[%s:vars]", name)
			g.Times(0, 3, func() { line("%s%s=%s%s", g.varName(), g.blank(), g.blank(), g.iniValue()) })
		case 2, 3:
			line("[%s:children]", name)
			g.Times(0, 3, func() {
				if len(declared) == 0 && !g.Chance(g.Wild) {
					return
				}
				if len(declared) > 0 && !g.Chance(g.Wild) {
					line("%s", g.Pick(declared...))
				} else {
					line("%s", g.GroupName())
				}
			})
		case 4:
			if g.Chance(4 * g.Wild) {
				line("%s", g.Pick("[web db]", "[web:foo]", "[web", "web]", "[]", "[:vars]", "[web:hosts]", "[web]x", "[web] #c", "[ web ]", "[web:]", "[1:3]", "[a:b]", "key = value", "--- ", "h1 h2", "[é:vars]"))
			}
		default:
			line("[%s]", name)
			declared = append(declared, name)
			hosts()
		}
		if g.Chance(20) {
			line("%s", g.Pick("", "# comment", "; comment", "   ", "#", "\x1c"))
		}
	})
	return g.Damage(text.String(), 2*g.Wild)
}

// Damage changes a few characters of some of the texts.
func (g Generator) Damage(text string, percent int) string {
	if !g.Chance(percent) {
		return text
	}
	runes := []rune(text)
	g.Times(1, 3, func() {
		if len(runes) == 0 {
			return
		}
		at := g.IntN(len(runes))
		odd := []rune("[]:=#;'\"\\{}(),-_ \t\n\r0a*&!|>?%@é\u2028\u0085~<")
		switch g.IntN(3) {
		case 0:
			runes = append(runes[:at], runes[at+1:]...)
		case 1:
			runes[at] = odd[g.IntN(len(odd))]
		default:
			runes = append(runes[:at], append([]rune{odd[g.IntN(len(odd))]}, runes[at:]...)...)
		}
	})
	return string(runes)
}

var yamlScalars = []string{
	"1", "0", "-1", "+12", "010", "0o10", "08", "0x1F", "0b11", "0b", "0x_", "1_000", "190:20:30", "1:60", "-1:30", "1.5", "1.", ".5", "-.5", "1e3", "1.0e+3", "1.0e3", "1e+3", "1:30.5", ".inf", "-.INF", "+.inf", ".nan", ".NaN", "1_0.5_0",
	"yes", "No", "TRUE", "on", "Off", "y", "n", "true", "False", "tRue", "~", "null", "Null", "nUll", "", "=", "<<",
	"2001-12-14", "2001-1-2", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.1 Z", "2001-12-14 1:02:03", "2001-02-30", "2001-12-14 21:59:43 +99:00", "2020-01-01T00:00:00.1234567", "10.0.0.1", "1.2.3", "12:30:45", "1,000", "a b c", "web", "a#b", "a: b", "a:b", "-a", "- a", "?a", "a'b", "é", "日本", "{{ x }}", "[a", "x]", "@a", "%a", "!x", "&x", "*x", "|", ">", "a\tb", "99999999999999999999999999", "-0", "0.0", "-0.0", "1e400", "1.0e+400", "0777", "00", "0_7", "1__2", "_1", "+", "-", ".", "..", "...", "+.5", "1.e+1", "0.1", "12e03", "!!str 1", "!!int 12", "!!int '010'", "!!float 1", "!!bool yes", "!!bool x", "!!null x", "!!binary aGk=", "!unsafe '{{ x }}'", "!unsafe 5", "!vault x", "!foo x", "! 12", "! '12'", "!!str", "!!timestamp 2001-01-01", "!!seq [a]", "!!map {a: b}", "!!set {b, a}", "!!omap [a: 1]", "!!pairs [a: 1, a: 2]", "!!python/tuple [1]", "!unsafe [a, [b], {c: d}]", "!unsafe {a: b, c: [d]}", "!<tag:yaml.org,2002:str> 5",
	`"a\tb"`, `"\x41\u00e9\U0001F600"`, `"\q"`, `"a\
      b"`, `'it''s'`, `"\ud800"`, `""`, `''`, "'1'", `"yes"`, "'~'",
}

func (g Generator) yamlScalar() string {
	if g.Chance(75 - 5*g.Wild) {
		return g.Pick("1", "x", "true", "web01", "'a b'", `"c"`, "1.5", "~", "yes", "0644", "10.0.0.1")
	}
	if g.Chance(2 * g.Wild) {
		return g.Pick(yamlScalars...)
	}
	return g.Pick(lawfulScalars...)
}

// lawfulScalars are the scalars that no reader refuses, wherever they stand.
var lawfulScalars = func() []string {
	var lawful []string
	for _, text := range yamlScalars {
		if strings.ContainsAny(text, "!@%&*[]{},|>?=<`\t") || strings.Contains(text, ": ") || strings.HasPrefix(text, "-") && !strings.ContainsAny(text[:min(2, len(text))], "0123456789.") {
			continue
		}
		switch text {
		case "0b", "0x_", "2001-02-30", "2001-12-14 21:59:43 +99:00", "", `"\q"`, "...", "1,000":
			continue
		}
		lawful = append(lawful, text)
	}
	return append(lawful, "!!str 1", "!!int 12", "!!int '010'", "!!float 1", "!!bool yes", "!!null x", "!!binary aGk=", "!unsafe '{{ x }}'", "!unsafe 5", "! 12", "! '12'", "!!set {b, a}", "!!omap [a: 1]",
		"!unsafe [a, [b], {c: d}]", "!unsafe {a: b, c: [d]}", "!<tag:yaml.org,2002:str> 5", `"a\tb"`)
}()

// YAMLFlow returns a value in flow style.
func (g Generator) YAMLFlow(depth int) string {
	switch {
	case depth == 0 || g.Chance(50):
		return g.yamlScalar()
	case g.Chance(50):
		var items []string
		g.Times(0, 3, func() { items = append(items, g.YAMLFlow(depth-1)) })
		return "[" + strings.Join(items, ", ") + "]"
	default:
		var items []string
		g.Times(0, 3, func() {
			items = append(items, g.Pick("a", "b", "'c'", "1", "true", "~", "<<", "2001-01-01", "1.0", "d e", `"f"`)+": "+g.YAMLFlow(depth-1))
		})
		return "{" + strings.Join(items, ", ") + "}"
	}
}

// YAML writes a YAML inventory.
func (g Generator) YAML() string {
	var text strings.Builder
	if g.Chance(30) {
		text.WriteString(g.Tame(6, []string{"---\n", "--- \n", "# comment\n", "%YAML 1.1\n---\n", "\ufeff", "\n", "---\n---\n", "%TAG ! tag:x,1:\n---\n"}))
	}
	text.WriteString(g.yamlGroups("", 3, true))
	if g.Chance(5) {
		text.WriteString(g.Tame(2, []string{"...\n", "# end", "---\n", "---\nb: 1\n", "...\n...\n"}))
	}
	return g.Damage(text.String(), 3*g.Wild)
}

func (g Generator) yamlGroups(indent string, depth int, top bool) string {
	var text strings.Builder
	names := []string{"all"}
	if !top || g.Chance(30) {
		names = nil
		g.Times(0, 3, func() { names = append(names, g.GroupName()) })
	}
	if len(names) == 0 {
		return indent + "web:\n"
	}
	for _, name := range names {
		if g.Chance(g.Wild) {
			name = g.Pick("1", "true", "~", "''", "2001-01-01", "'5'", "? web", "!unsafe x", `"plugin"`, "1.5")
		}
		fmt.Fprintf(&text, "%s%s:", indent, name)
		if g.Chance(10) {
			fmt.Fprintf(&text, " %s\n", g.Tame(7, []string{"", "~", "{}", "{hosts: h1}", "{hosts: {h1: , h2: {a: 1}}}", "{vars: x}", "{children: gg}", "[]", "x", "5", "&anchor", "*anchor"}))
			continue
		}
		text.WriteString(g.Pick("\n", "\n", " # c\n"))
		g.yamlGroup(&text, indent+g.Pick("  ", "  ", "    ", " "), depth)
	}
	return text.String()
}

func (g Generator) yamlGroup(text *strings.Builder, indent string, depth int) {
	sections := []string{"hosts", "vars", "children"}
	g.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	written := false
	for _, section := range sections {
		if g.Chance(35) {
			continue
		}
		written = true
		fmt.Fprintf(text, "%s%s:", indent, section)
		if g.Chance(8) {
			fmt.Fprintf(text, " %s\n", g.Tame(5, []string{"", "h1", "~", "{}", "{h1: {<<: {a: 1}, a: 2}}", "db", "[]", "[h1, h2]", "5", "''", "yes"}))
			continue
		}
		text.WriteString("\n")
		in := indent + "  "
		switch section {
		case "children":
			if depth == 0 {
				fmt.Fprintf(text, "%s%s:\n", in, g.GroupName())
			} else {
				text.WriteString(g.yamlGroups(in, depth-1, false))
			}
		case "vars":
			g.YAMLVars(text, in)
		case "hosts":
			g.Times(1, 4, func() {
				pattern := g.HostPattern()
				if g.Chance(50) || strings.ContainsAny(pattern, "[]*@| ") || pattern == "" {
					pattern = "'" + pattern + "'"
				}
				if g.Chance(g.Wild) {
					pattern = g.Pick("5", "~", "true", "1.5", "!unsafe h", "? h1", "? [a]")
				}
				fmt.Fprintf(text, "%s%s:", in, pattern)
				switch g.IntN(5) {
				case 0, 1:
					text.WriteString("\n")
				case 2:
					if g.Chance(2 * g.Wild) {
						fmt.Fprintf(text, " %s\n", g.YAMLFlow(2))
					} else {
						fmt.Fprintf(text, " {a: %s, b: [%s]}\n", g.YAMLFlow(1), g.YAMLFlow(1))
					}
				default:
					text.WriteString("\n")
					g.YAMLVars(text, in+"  ")
				}
			})
		}
	}
	if g.Chance(4) {
		fmt.Fprintf(text, "%s%s\n", indent, g.Pick("foo: 1", "foo: {}", "foo:", "1: 2", "hosts: {h9: }", "x: &anchor {hosts: {h7: }}"))
	} else if !written {
		fmt.Fprintf(text, "%shosts:\n", indent)
	}
}

// YAMLVars writes a map of variables in block style.
func (g Generator) YAMLVars(text *strings.Builder, indent string) {
	g.Times(1, 4, func() {
		name := g.Pick("a", "b", "c", "d", "ansible_host", "ansible_port", "'x y'", "1")
		if g.Chance(3) {
			fmt.Fprintf(text, "%sansible_group_priority: %s\n", indent, g.Tame(3, []string{"5", "'10'", "-1", "1.5", "x", "[]", "yes"}))
		}
		switch g.IntN(14) {
		case 0:
			fmt.Fprintf(text, "%s%s: |%s\n%s  line 1\n%s    line 2\n", indent, name, g.Pick("", "-", "+", "2"), indent, indent)
		case 1:
			fmt.Fprintf(text, "%s%s: >%s\n%s  folded\n%s  text\n\n%s  more\n", indent, name, g.Pick("", "-", "+"), indent, indent, indent)
		case 2:
			fmt.Fprintf(text, "%s%s:\n%s- %s\n%s- %s\n", indent, name, indent, g.YAMLFlow(1), indent, g.YAMLFlow(1))
		case 3:
			anchor := g.IntN(1000)
			fmt.Fprintf(text, "%s%s: &v%d %s\n", indent, name, anchor, g.YAMLFlow(2))
			if g.Chance(50) {
				fmt.Fprintf(text, "%sagain: [*v%d, {k: *v%d}]\n", indent, anchor, anchor)
			}
		case 4:
			if g.Chance(g.Wild) {
				fmt.Fprintf(text, "%s%s: *v%d\n", indent, name, g.IntN(3))
			} else {
				fmt.Fprintf(text, "%s%s: {<<: [{a: 1, b: 2}, {b: 3, c: 4}], c: 5}\n", indent, name)
			}
		case 5:
			fmt.Fprintf(text, "%s%s:\n%s  k: %s\n%s  l: %s\n", indent, name, indent, g.yamlScalar(), indent, g.YAMLFlow(1))
		case 6:
			fmt.Fprintf(text, "%s%s: !vault |\n%s  $ANSIBLE_VAULT;1.1;AES256\n%s  3031\n", indent, name, indent, indent)
		case 7:
			fmt.Fprintf(text, "%s%s: %s  # comment\n", indent, name, g.yamlScalar())
		default:
			fmt.Fprintf(text, "%s%s: %s\n", indent, name, g.YAMLFlow(2))
		}
	})
}

// JSON writes a JSON inventory, which to Ansible is a YAML one.
func (g Generator) JSON() string {
	var groups []string
	g.Times(1, 4, func() {
		var parts []string
		if g.Chance(70) {
			var hosts []string
			g.Times(0, 3, func() {
				hosts = append(hosts, fmt.Sprintf("%q: %s", g.HostPattern(), g.Pick("null", "{}", g.JSONMap(2))))
			})
			parts = append(parts, `"hosts": {`+strings.Join(hosts, ", ")+"}")
		}
		if g.Chance(50) {
			parts = append(parts, `"vars": `+g.JSONMap(2))
		}
		if g.Chance(30) {
			parts = append(parts, fmt.Sprintf(`"children": {%q: {}, %q: null}`, g.GroupName(), g.GroupName()))
		}
		groups = append(groups, fmt.Sprintf("%q: {%s}", g.GroupName(), strings.Join(parts, ",\n ")))
	})
	return g.Damage("{"+strings.Join(groups, ",\n")+"}\n", 2*g.Wild)
}

// JSONMap returns a map in JSON.
func (g Generator) JSONMap(depth int) string {
	var items []string
	g.Times(0, 3, func() {
		items = append(items, fmt.Sprintf("%s: %s", g.Pick(`"a"`, `"b"`, `"c"`, `"\u00e9"`, `"x y"`, `"\ud83d\ude00"`), g.jsonValue(depth)))
	})
	return "{" + strings.Join(items, ", ") + "}"
}

func (g Generator) jsonValue(depth int) string {
	switch {
	case depth == 0 || g.Chance(60):
		return g.Pick("1", "0", "-1", "1.0", "1e5", "1E400", "-1.5e-7", "true", "false", "null", `"x"`, `"yes"`, `"1"`, `"\ud800"`, `"\u0041\n"`, `""`, "NaN", "Infinity", "-Infinity", "123456789012345678901234567890", "-0", "-0.0", `{"__ansible_vault": "x"}`, `{"__ansible_unsafe": "{{ y }}"}`, `{"__ansible_unsafe": ["a", {"b": "c"}]}`, `"a\/b"`, g.Tame(1, []string{"7", "01", "1.", `'a'`}))
	case g.Chance(50):
		return "[" + g.jsonValue(depth-1) + ", " + g.jsonValue(depth-1) + "]"
	default:
		return g.JSONMap(depth - 1)
	}
}
