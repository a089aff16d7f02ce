package ini

import (
	"errors"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/internal/shown"
	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// literal is what a text stands for.
type literal struct {
	value inventory.Value
	odd   *oddLiteral // nil for the usual one
}

// oddLiteral is what is to be said of a literal that cannot be printed as it is.
type oddLiteral struct {
	unprintable string         // why an inventory program may not print it; "" if it may
	lossy       *python.Object // that it is to Python, if JSON cannot carry that; then settleObject knows its value better
}

// parseLiteral returns what Ansible's INI plugin makes of a value (plugins/inventory/ini.py, _parse_value): the Python
// literal that text is, or text itself. Where Python fails so that Ansible refuses the file there is an error, with nothing
// but a message. An integer too long to be printed leaves the text as it was written, also deep inside a list.
func parseLiteral(text string) (literal, error) {
	object, err := python.Literal(text)
	switch {
	case err != nil:
		return literal{}, &inventory.Error{Message: "Ansible takes it for a Python literal and fails: " + err.Error()}
	case object.Kind == python.Str && wire.IsPrintable(object.Text):
		return literal{value: inventory.NewString(object.Text)}, nil // as most are
	}
	var c conversion
	value, err := c.value(&object)
	if err == errTooLong {
		c = conversion{}
		value, err = c.text(text), nil
	}
	if err != nil {
		return literal{}, err
	}
	if value.Kind() == inventory.Int || value.Kind() == inventory.Float {
		written, _, _ := strings.Cut(text, "#")
		value = value.WrittenAs(python.Strip(written))
	}
	made := literal{value: value}
	if c.loss != "" || c.unprintable != "" {
		made.odd = &oddLiteral{unprintable: c.unprintable}
	}
	if c.loss != "" {
		lossy := object // a copy, so that the usual object does not go to the heap
		made.odd.lossy = &lossy
	}
	return made, nil
}

// lossy returns the object if JSON cannot carry it, nil otherwise.
func (l literal) lossy() *python.Object {
	if l.odd == nil {
		return nil
	}
	return l.odd.lossy
}

// lossyObjects are the variables of a line that JSON cannot carry, by their names. The zero lossyObjects is empty and ready for
// use.
type lossyObjects map[string]*python.Object

// set notes the object that a variable gets, nil for one that JSON carries.
func (o *lossyObjects) set(name string, object *python.Object) {
	switch {
	case object == nil:
		delete(*o, name)
	case *o == nil:
		*o = lossyObjects{name: object}
	default:
		(*o)[name] = object
	}
}

// settleObject returns what the Ansible in use makes of an object that JSON cannot carry (plugins/inventory/ini.py,
// _parse_recursive_coerce_types_and_tag), and whether there is still something in it that JSON cannot carry. Since 2.19 the
// plugin itself makes lists of sets and texts of bytes and complex numbers. Before, the objects stay what they are, and nothing
// in a set is a template; but bytes that are the whole value become a text as any other, which may be a template (_parse_value).
func (r *reader) settleObject(object *python.Object) (value inventory.Value, isLossy bool, fault *inventory.Error) {
	coerces, err := r.Ansible.Since(2, 19)
	if err != nil {
		return value, false, inventory.Faults(err)[0]
	}
	if object.Kind == python.Bytes && !coerces {
		return inventory.NewString(python.Decode([]byte(object.Text))), false, nil
	}
	c := conversion{coerces: coerces}
	if value, err = c.value(object); err != nil {
		return value, false, inventory.Faults(err)[0]
	}
	if c.loss != "" {
		r.Lose(r.line, c.loss)
	}
	return value, c.loss != "", nil
}

// conversion makes values of Python's objects. For what JSON cannot carry something else stands: a set becomes a list sorted by
// text, bytes become the text that they encode, a complex number and Ellipsis what Python prints for them.
type conversion struct {
	coerces     bool   // it is Ansible since 2.19, whose INI plugin does nearly the same itself
	loss        string // what JSON changes first in the object, and the plugin has not changed before; "" if it changes nothing
	unprintable string // why an inventory program may not print the value; "" if it may
}

func (c *conversion) lose(change string) {
	if c.loss == "" {
		c.loss = change
	}
}

func (c *conversion) refuse(why string) {
	if c.unprintable == "" {
		c.unprintable = why
	}
}

// errTooLong is the answer to an integer that is too long to be printed: the value stays the text that was written.
var errTooLong = errors.New("an integer has too many digits to be printed")

// value returns the value for an object. It is errTooLong for an integer that is too long to be printed, and another error for a
// dictionary of which two keys would be one in JSON.
func (c *conversion) value(object *python.Object) (inventory.Value, error) {
	switch object.Kind {
	case python.None:
		return inventory.Value{}, nil
	case python.Bool:
		return inventory.NewBool(object.Text == "True"), nil
	case python.Int:
		return inventory.NewIntText(object.Text), nil
	case python.Float:
		return inventory.NewFloatText(object.Text), nil
	case python.Imaginary, python.Complex:
		if !c.coerces {
			c.lose("a complex number becomes a text")
		}
		return inventory.NewString(object.PrintedComplex()), nil
	case python.Ellipsis:
		if c.coerces {
			return inventory.NewString("..."), nil
		}
		c.lose("an Ellipsis becomes a text")
		return inventory.NewString("Ellipsis"), nil
	case python.Str:
		return c.text(object.Text), nil
	case python.Bytes:
		if !c.coerces {
			c.lose(wire.BytesChange)
		}
		return c.text(python.Decode([]byte(object.Text))).WithoutTemplates(), nil // Ansible runs none in bytes
	case python.Tuple, python.List:
		return c.list(object.Items)
	case python.Set:
		return c.set(object.Items)
	case python.Dict:
		return c.dict(object.Items)
	default:
		return inventory.Value{}, errTooLong
	}
}

func (c *conversion) text(text string) inventory.Value {
	if !wire.IsPrintable(text) {
		c.refuse(wire.NotUTF8)
	}
	return inventory.NewString(text)
}

func (c *conversion) list(items []python.Object) (inventory.Value, error) {
	values := make([]inventory.Value, len(items))
	for i := range items {
		var err error
		if values[i], err = c.value(&items[i]); err != nil {
			return inventory.Value{}, err
		}
	}
	return inventory.NewList(values), nil
}

// set lists a set's elements by their text, those with one text as they were written: Python's own order changes
// from run to run.
func (c *conversion) set(items []python.Object) (inventory.Value, error) {
	type element struct {
		text string
		item python.Object
	}
	elements := make([]element, len(items))
	for i := range items {
		text, ok := items[i].Str()
		if !ok {
			return inventory.Value{}, errTooLong
		}
		elements[i] = element{text, items[i]}
	}
	slices.SortStableFunc(elements, func(a, b element) int { return strings.Compare(a.text, b.text) })
	sorted := make([]python.Object, len(elements))
	for i := range elements {
		sorted[i] = elements[i].item
	}
	if c.coerces {
		return c.list(sorted)
	}
	c.lose(wire.SetChange)
	value, err := c.list(sorted)
	return value.WithoutTemplates(), err
}

// dict gives keys the texts that they have in JSON. The items are keys and values in turn.
func (c *conversion) dict(items []python.Object) (inventory.Value, error) {
	var entries inventory.Vars
	for i := 0; i < len(items); i += 2 {
		key, ok := items[i].KeyText()
		if !ok {
			return inventory.Value{}, errTooLong
		}
		if items[i].Kind != python.Str {
			c.lose(wire.KeyChange(shown.Name(key)))
		}
		if why := wire.UnprintableKey(key); why != "" {
			c.refuse(why)
		}
		value, err := c.value(&items[i+1])
		if err != nil {
			return inventory.Value{}, err
		}
		if _, ok := entries.Get(key); ok {
			return inventory.Value{}, &inventory.Error{Message: wire.OneKey(key)}
		}
		entries.Set(key, value)
	}
	return inventory.NewMap(entries), nil
}
