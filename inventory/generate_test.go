package inventory

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator writes random inventories: about half of them lawful, all of them odd.
type generator struct {
	*rand.Rand
	wild int // percent of things that may well break the inventory
}

func newGenerator(seed, number uint64) generator {
	g := generator{rand.New(rand.NewPCG(seed, number)), 0}
	if g.chance(50) {
		g.wild = 1 + g.IntN(8)
	}
	return g
}

// tame returns one of the first n, and seldom one of the others, which are likely to break the inventory.
func (g generator) tame(n int, from []string) string {
	if g.chance(g.wild) {
		return g.pick(from...)
	}
	return g.pick(from[:n]...)
}

func (g generator) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

// times calls do between least and most times.
func (g generator) times(least, most int, do func()) {
	for range least + g.IntN(most-least+1) {
		do()
	}
}

var oddGroupNames = []string{"web", "db", "app", "prod", "eu-west", "all", "ungrouped", "g1", "g2", "g3", "g4", "g_5", "a.b", "é", "x/y"}

func (g generator) groupName() string {
	if g.chance(80) {
		return g.pick(oddGroupNames[:5]...)
	}
	return g.pick(oddGroupNames...)
}

func (g generator) hostPattern() string {
	n := g.IntN(12)
	switch g.IntN(24) {
	case 0:
		return fmt.Sprintf("h[%d:%d]", n, n+g.IntN(4))
	case 1:
		return fmt.Sprintf("h[%02d:%02d]", n, n+g.IntN(4))
	case 2:
		return fmt.Sprintf("h[%d:%d:%d]", n, n+g.IntN(9), 1+g.IntN(3))
	case 3:
		return g.tame(16, []string{"n[a:c]", "n[a:e:2]", "n[x:C]", "[a:b][1:2].x", "r[1:2]-[a:b]", "r[:3]", "r[ab:cd]", "r[-1:1]", "r[3:1:-1]", "r[1_0:1_2]", "r[+1:2]", "r[1:2]:22", "r[1:2]x:2222", "r[9999999999999999999:9999999999999999999]", "r]1:2[", "r[3:1]", "r[01:3]", "r[c:a]", "r[1:3:0]",
			"r[a:c:x]", "r[1:]", "r[1-3]", "r[1:2:3:4]", "r[1:2", "r1:2]", "r|[1:2]", "[1:2]", "r[00:0x]"})
	case 4:
		return fmt.Sprintf("h%d:%d", n, g.IntN(3)*11)
	case 5:
		return g.pick("10.0.0.1", "10.0.0.1:22", "10.0.0.[1:3]:22", "::1", "[::1]:22", "fe80::1%eth0", "2001:db8::[1:3]", "[2001:db8::1]:2222", "dead::x",
			"1:2:3:4:5:6:7:8", "[h1]:22", "[h1:33]:22", "0:0:0:0:0:ffff:1.2.3.4")
	case 6:
		return g.tame(17, []string{"localhost", "127.0.0.1", "h1.example.com", "host-1", "_h", "h_", "h-:22", "-h", "h.", ".h:1", "ü1", "ü1:22", "日本:1", "h:x", "*", "@", "h::1", "web", "db", "h:", "h::", "---", "a b", ""})
	default:
		return fmt.Sprintf("h%d", n)
	}
}

func (g generator) varName() string {
	return g.tame(11, []string{"a", "b", "c", "d", "ansible_host", "ansible_port", "x.y", "é", "A", "1", "list", "ansible_group_priority", ""})
}

var iniValues = []string{
	"1", "0", "-1", "+1", "007", "0777", "0o17", "0xff", "0b101", "1_000", "1__0", "1_", "1.0", "1.", ".5", "1e3", "1e400", "-1e400", "1E-5", "1j", "1+2j", "...",
	"True", "False", "None", "true", "yes", "no", "null", "~", "on",
	"web01", "/opt/app", "a-b_c", "10.0.0.1", "1.2.3", "::1", "2001:db8::1", "a=b", "a=b=c", "a,b", "1,2", "1,", "()", "[]", "{}", "{1}", "set()",
	"[1,2,'x']", "['a','b']", `["a","b"]`, "{'a':1}", `{"a":[1,2],"b":{"c":None}}`, "('a','b')", "(1)", "((1))", "[[]]", "{1:2}", "{1.5:2}", "{None:1}", "{True:1}", "{(1,2):3}", "{[]:1}", "{{}}", "{1,1.0,True}",
	"'a'", `"a"`, `'a'"b"`, "b'x'", "b'{{ x }}'", "[b'{{ x }}']", "{b'{%', '{{ x }}'}", "u'x'", "r'\\x'", "'\\x41'", "'\\u00e9'", "'\\N{BULLET}'", `'\n'`, `'\ud800'`, "'''a'''", "f'x'", "b'\\xff'",
	"# c", "a#b", "a #b", "'a#b'", "1#2", "1 # c", "\\", "\\n", `\"`, `'`, `"`, "é", "日本語", "\u2028", "\u00a0", "x\u00a0", "99999999999999999999999999", "0x" + strings.Repeat("f", 40), "1.7976931348623157e308", "0.1", "1e16", "123456789012345680.0", "-0", "-0.0", "- 1", "not True", "a.b", "len", "__import__('os')", "{{ x }}", "{{ x", "{% if %}", "!vault", "$ANSIBLE_VAULT;1.1;AES256", "", " ", "x y", "[1 2]", "[1,\t2]", "(", "]", "{'a':", "1if 1else 2", "{'a':1,'a':2}", "{'__ansible_vault':'x'}",
}

// iniValue returns a value as it may stand behind key=, quoted as people quote or not at all.
func (g generator) iniValue() string {
	value := g.pick(iniValues...)
	kind := g.IntN(8)
	if kind > 2 && !g.chance(g.wild) {
		kind = g.IntN(3)
		if !strings.ContainsAny(value, ` \t'"\\([{`) && g.chance(80) {
			kind = 8
		}
	}
	if strings.Contains(value, "{[]") || strings.Contains(value, "{{}") && !g.chance(g.wild) {
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
		return value + g.pick(iniValues...)
	default:
		return value
	}
}

func (g generator) blank() string { return g.pick("", "", "", "", " ", "  ", "\t", "\u00a0", "\v") }

// ini writes an INI inventory.
func (g generator) ini() string {
	var text strings.Builder
	end := g.pick("\n", "\n", "\n", "\r\n", "\r", "\u2028")
	line := func(format string, args ...any) {
		text.WriteString(g.pick("", "", "", "", "", " ", "\t"))
		fmt.Fprintf(&text, format, args...)
		text.WriteString(g.tame(5, []string{"", "", " ", "\t", " # c", " ; c", "#c", " #"}))
		text.WriteString(end)
	}
	if g.chance(g.wild) {
		text.WriteString("\ufeff")
	}
	hosts := func() {
		g.times(0, 5, func() {
			var vars strings.Builder
			g.times(0, 3, func() {
				fmt.Fprintf(&vars, "%s%s=%s", g.pick(" ", " ", "  ", "\t"), g.varName(), g.iniValue())
			})
			line("%s%s", g.hostPattern(), vars.String())
		})
	}
	if g.chance(50) {
		hosts()
	}
	var declared []string
	g.times(0, 8, func() {
		name := g.groupName()
		switch g.IntN(10) {
		case 0, 1:
			if !g.chance(g.wild) {
				name = g.pick(append(declared, "all")...)
			}
			line("[%s:vars]", name)
			g.times(0, 3, func() { line("%s%s=%s%s", g.varName(), g.blank(), g.blank(), g.iniValue()) })
		case 2, 3:
			line("[%s:children]", name)
			g.times(0, 3, func() {
				if len(declared) == 0 && !g.chance(g.wild) {
					return
				}
				if len(declared) > 0 && !g.chance(g.wild) {
					line("%s", g.pick(declared...))
				} else {
					line("%s", g.groupName())
				}
			})
		case 4:
			if g.chance(4 * g.wild) {
				line("%s", g.pick("[web db]", "[web:foo]", "[web", "web]", "[]", "[:vars]", "[web:hosts]", "[web]x", "[web] #c", "[ web ]", "[web:]", "[1:3]", "[a:b]", "key = value", "--- ", "h1 h2", "[é:vars]"))
			}
		default:
			line("[%s]", name)
			declared = append(declared, name)
			hosts()
		}
		if g.chance(20) {
			line("%s", g.pick("", "# comment", "; comment", "   ", "#", "\x1c"))
		}
	})
	return g.damage(text.String(), 2*g.wild)
}

// damage changes a few characters of some of the texts.
func (g generator) damage(text string, percent int) string {
	if !g.chance(percent) {
		return text
	}
	runes := []rune(text)
	g.times(1, 3, func() {
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

func (g generator) yamlScalar() string {
	if g.chance(75 - 5*g.wild) {
		return g.pick("1", "x", "true", "web01", "'a b'", `"c"`, "1.5", "~", "yes", "0644", "10.0.0.1")
	}
	if g.chance(2 * g.wild) {
		return g.pick(yamlScalars...)
	}
	return g.pick(lawfulScalars...)
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

func (g generator) yamlFlow(depth int) string {
	switch {
	case depth == 0 || g.chance(50):
		return g.yamlScalar()
	case g.chance(50):
		var items []string
		g.times(0, 3, func() { items = append(items, g.yamlFlow(depth-1)) })
		return "[" + strings.Join(items, ", ") + "]"
	default:
		var items []string
		g.times(0, 3, func() {
			items = append(items, g.pick("a", "b", "'c'", "1", "true", "~", "<<", "2001-01-01", "1.0", "d e", `"f"`)+": "+g.yamlFlow(depth-1))
		})
		return "{" + strings.Join(items, ", ") + "}"
	}
}

// yaml writes a YAML inventory.
func (g generator) yaml() string {
	var text strings.Builder
	if g.chance(30) {
		text.WriteString(g.tame(6, []string{"---\n", "--- \n", "# comment\n", "%YAML 1.1\n---\n", "\ufeff", "\n", "---\n---\n", "%TAG ! tag:x,1:\n---\n"}))
	}
	text.WriteString(g.yamlGroups("", 3, true))
	if g.chance(5) {
		text.WriteString(g.tame(2, []string{"...\n", "# end", "---\n", "---\nb: 1\n", "...\n...\n"}))
	}
	return g.damage(text.String(), 3*g.wild)
}

func (g generator) yamlGroups(indent string, depth int, top bool) string {
	var text strings.Builder
	names := []string{"all"}
	if !top || g.chance(30) {
		names = nil
		g.times(0, 3, func() { names = append(names, g.groupName()) })
	}
	if len(names) == 0 {
		return indent + "web:\n"
	}
	for _, name := range names {
		if g.chance(g.wild) {
			name = g.pick("1", "true", "~", "''", "2001-01-01", "'5'", "? web", "!unsafe x", `"plugin"`, "1.5")
		}
		fmt.Fprintf(&text, "%s%s:", indent, name)
		if g.chance(10) {
			fmt.Fprintf(&text, " %s\n", g.tame(7, []string{"", "~", "{}", "{hosts: h1}", "{hosts: {h1: , h2: {a: 1}}}", "{vars: x}", "{children: gg}", "[]", "x", "5", "&anchor", "*anchor"}))
			continue
		}
		text.WriteString(g.pick("\n", "\n", " # c\n"))
		g.yamlGroup(&text, indent+g.pick("  ", "  ", "    ", " "), depth)
	}
	return text.String()
}

func (g generator) yamlGroup(text *strings.Builder, indent string, depth int) {
	sections := []string{"hosts", "vars", "children"}
	g.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	written := false
	for _, section := range sections {
		if g.chance(35) {
			continue
		}
		written = true
		fmt.Fprintf(text, "%s%s:", indent, section)
		if g.chance(8) {
			fmt.Fprintf(text, " %s\n", g.tame(5, []string{"", "h1", "~", "{}", "{h1: {<<: {a: 1}, a: 2}}", "db", "[]", "[h1, h2]", "5", "''", "yes"}))
			continue
		}
		text.WriteString("\n")
		in := indent + "  "
		switch section {
		case "children":
			if depth == 0 {
				fmt.Fprintf(text, "%s%s:\n", in, g.groupName())
			} else {
				text.WriteString(g.yamlGroups(in, depth-1, false))
			}
		case "vars":
			g.yamlVars(text, in)
		case "hosts":
			g.times(1, 4, func() {
				pattern := g.hostPattern()
				if g.chance(50) || strings.ContainsAny(pattern, "[]*@| ") || pattern == "" {
					pattern = "'" + pattern + "'"
				}
				if g.chance(g.wild) {
					pattern = g.pick("5", "~", "true", "1.5", "!unsafe h", "? h1", "? [a]")
				}
				fmt.Fprintf(text, "%s%s:", in, pattern)
				switch g.IntN(5) {
				case 0, 1:
					text.WriteString("\n")
				case 2:
					if g.chance(2 * g.wild) {
						fmt.Fprintf(text, " %s\n", g.yamlFlow(2))
					} else {
						fmt.Fprintf(text, " {a: %s, b: [%s]}\n", g.yamlFlow(1), g.yamlFlow(1))
					}
				default:
					text.WriteString("\n")
					g.yamlVars(text, in+"  ")
				}
			})
		}
	}
	if g.chance(4) {
		fmt.Fprintf(text, "%s%s\n", indent, g.pick("foo: 1", "foo: {}", "foo:", "1: 2", "hosts: {h9: }", "x: &anchor {hosts: {h7: }}"))
	} else if !written {
		fmt.Fprintf(text, "%shosts:\n", indent)
	}
}

func (g generator) yamlVars(text *strings.Builder, indent string) {
	g.times(1, 4, func() {
		name := g.pick("a", "b", "c", "d", "ansible_host", "ansible_port", "'x y'", "1")
		if g.chance(3) {
			fmt.Fprintf(text, "%sansible_group_priority: %s\n", indent, g.tame(3, []string{"5", "'10'", "-1", "1.5", "x", "[]", "yes"}))
		}
		switch g.IntN(14) {
		case 0:
			fmt.Fprintf(text, "%s%s: |%s\n%s  line 1\n%s    line 2\n", indent, name, g.pick("", "-", "+", "2"), indent, indent)
		case 1:
			fmt.Fprintf(text, "%s%s: >%s\n%s  folded\n%s  text\n\n%s  more\n", indent, name, g.pick("", "-", "+"), indent, indent, indent)
		case 2:
			fmt.Fprintf(text, "%s%s:\n%s- %s\n%s- %s\n", indent, name, indent, g.yamlFlow(1), indent, g.yamlFlow(1))
		case 3:
			anchor := g.IntN(1000)
			fmt.Fprintf(text, "%s%s: &v%d %s\n", indent, name, anchor, g.yamlFlow(2))
			if g.chance(50) {
				fmt.Fprintf(text, "%sagain: [*v%d, {k: *v%d}]\n", indent, anchor, anchor)
			}
		case 4:
			if g.chance(g.wild) {
				fmt.Fprintf(text, "%s%s: *v%d\n", indent, name, g.IntN(3))
			} else {
				fmt.Fprintf(text, "%s%s: {<<: [{a: 1, b: 2}, {b: 3, c: 4}], c: 5}\n", indent, name)
			}
		case 5:
			fmt.Fprintf(text, "%s%s:\n%s  k: %s\n%s  l: %s\n", indent, name, indent, g.yamlScalar(), indent, g.yamlFlow(1))
		case 6:
			fmt.Fprintf(text, "%s%s: !vault |\n%s  $ANSIBLE_VAULT;1.1;AES256\n%s  3031\n", indent, name, indent, indent)
		case 7:
			fmt.Fprintf(text, "%s%s: %s  # comment\n", indent, name, g.yamlScalar())
		default:
			fmt.Fprintf(text, "%s%s: %s\n", indent, name, g.yamlFlow(2))
		}
	})
}

// json writes a JSON inventory, which to Ansible is a YAML one.
func (g generator) json() string {
	var groups []string
	g.times(1, 4, func() {
		var parts []string
		if g.chance(70) {
			var hosts []string
			g.times(0, 3, func() {
				hosts = append(hosts, fmt.Sprintf("%q: %s", g.hostPattern(), g.pick("null", "{}", g.jsonMap(2))))
			})
			parts = append(parts, `"hosts": {`+strings.Join(hosts, ", ")+"}")
		}
		if g.chance(50) {
			parts = append(parts, `"vars": `+g.jsonMap(2))
		}
		if g.chance(30) {
			parts = append(parts, fmt.Sprintf(`"children": {%q: {}, %q: null}`, g.groupName(), g.groupName()))
		}
		groups = append(groups, fmt.Sprintf("%q: {%s}", g.groupName(), strings.Join(parts, ",\n ")))
	})
	return g.damage("{"+strings.Join(groups, ",\n")+"}\n", 2*g.wild)
}

func (g generator) jsonMap(depth int) string {
	var items []string
	g.times(0, 3, func() {
		items = append(items, fmt.Sprintf("%s: %s", g.pick(`"a"`, `"b"`, `"c"`, `"\u00e9"`, `"x y"`, `"\ud83d\ude00"`), g.jsonValue(depth)))
	})
	return "{" + strings.Join(items, ", ") + "}"
}

func (g generator) jsonValue(depth int) string {
	switch {
	case depth == 0 || g.chance(60):
		return g.pick("1", "0", "-1", "1.0", "1e5", "1E400", "-1.5e-7", "true", "false", "null", `"x"`, `"yes"`, `"1"`, `"\ud800"`, `"\u0041\n"`, `""`, "NaN", "Infinity", "-Infinity", "123456789012345678901234567890", "-0", "-0.0", `{"__ansible_vault": "x"}`, `{"__ansible_unsafe": "{{ y }}"}`, `{"__ansible_unsafe": ["a", {"b": "c"}]}`, `"a\/b"`, g.tame(1, []string{"7", "01", "1.", `'a'`}))
	case g.chance(50):
		return "[" + g.jsonValue(depth-1) + ", " + g.jsonValue(depth-1) + "]"
	default:
		return g.jsonMap(depth - 1)
	}
}
