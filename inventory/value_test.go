package inventory

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestValuesMadeByHand makes a value of every kind, and sees it printed as what it is.
func TestValuesMadeByHand(t *testing.T) {
	var entries Vars
	entries.Set("b", NewInt(1))
	entries.Set("a", NewList(nil))
	for _, test := range []struct {
		value Value
		kind  Kind
		text  string
		json  string
	}{
		{Value{}, Null, "None", `null`},
		{NewBool(true), Bool, "True", `true`},
		{NewBool(false), Bool, "False", `false`},
		{NewInt(math.MinInt64), Int, "-9223372036854775808", `-9223372036854775808`},
		{NewIntText("123456789012345678901234567890"), Int, "123456789012345678901234567890", `123456789012345678901234567890`},
		{NewFloat(1), Float, "1.0", `1.0`},
		{NewFloat(math.Inf(-1)), Float, "-inf", `-1e999`},
		{NewFloatText("1e400"), Float, "1e400", `1e400`},
		{NewString("{{ x }}"), String, "{{ x }}", `"{{ x }}"`},
		{NewUnsafe("{{ x }}"), Unsafe, "{{ x }}", `{"__ansible_unsafe":"{{ x }}"}`},
		{NewVault("$ANSIBLE_VAULT;1.1;AES256\n33\n"), Vault, "$ANSIBLE_VAULT;1.1;AES256\n33\n", `{"__ansible_vault":"$ANSIBLE_VAULT;1.1;AES256\n33\n"}`},
		{NewList([]Value{NewInt(1), {}}), List, "", `[1,null]`},
		{NewMap(entries), Map, "", `{"b":1,"a":[]}`},
		{NewMap(Vars{}), Map, "", `{}`},
	} {
		assert.Equal(t, test.kind, test.value.Kind())
		assert.Equal(t, test.text, test.value.Text())
		var printed bytes.Buffer
		host := Host{Name: "h"}
		host.Vars.Set("v", test.value)
		require.NoError(t, host.WriteJSON(&printed, false))
		assert.Equal(t, `{"v":`+test.json+"}\n", printed.String())
	}
	sealed := NewEncryptedFile("group_vars/all", fs.ErrPermission)
	assert.Equal(t, EncryptedFile, sealed.Kind())
	assert.Equal(t, "group_vars/all: permission denied", sealed.Text())

	for _, wrong := range []Value{NewIntText("abc"), NewIntText(""), NewIntText("-"), NewIntText("1.0"), NewIntText("--1"), NewFloatText("one"), NewFloatText("")} {
		host := Host{Name: "h"}
		host.Vars.Set("v", NewList([]Value{wrong}))
		var printed bytes.Buffer
		err := host.WriteJSON(&printed, false)
		var fault *Error
		require.True(t, errors.As(err, &fault))
		assert.Equal(t, OutputError, fault.Kind)
		assert.ErrorContains(t, err, "variable \"v\" of host \"h\": it is no number: ")
		assert.Empty(t, printed.String())
	}
}

// TestReconcileComesLast has neither a target nor an output as long as something was added since.
func TestReconcileComesLast(t *testing.T) {
	inv := New()
	add := map[string]func(){
		"nothing": func() {},
		"host":    func() { _, _ = inv.AddHost("web1", nil, Value{}) },
		"group":   func() { _, _ = inv.AddGroup("web") },
		"child":   func() { _ = inv.AddChild(inv.Group("web"), "web1") },
	}
	for _, what := range []string{"nothing", "host", "group", "child"} {
		add[what]()
		_, err := inv.Select("all")
		assert.EqualError(t, err, "the inventory has to be reconciled after what was added last", what)
		assert.EqualError(t, inv.WriteJSON(&bytes.Buffer{}, nil, false), "the inventory has to be reconciled after what was added last", what)
		require.NoError(t, inv.Reconcile())
		_, err = inv.Select("all")
		assert.NoError(t, err, what)
		assert.NoError(t, inv.WriteJSON(&bytes.Buffer{}, nil, false), what)
	}
}
