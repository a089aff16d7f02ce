package ini

import (
	"errors"
	"slices"
	"strings"

	"github.com/regal-inventory/regal-inventory/inventory"
	"github.com/regal-inventory/regal-inventory/inventory/internal/wire"
	"github.com/regal-inventory/regal-inventory/inventory/python"
)

// parseLiteral returns what Ansible's INI plugin makes of a value (plugins/inventory/ini.py, _parse_value): the Python
// literal that text is, or text itself. Where Python fails so that Ansible refuses the file there is an error, with nothing
// but a message.
//
// For what JSON cannot hold something else stands, and says so (Value.Origin): a set becomes a list sorted by text, bytes
// become the text they encode, a complex number and Ellipsis what Python prints for them. An integer too long to be printed
// leaves the text as it was written, also deep inside a list. Two keys of a map that JSON would make one are an error.
func parseLiteral(text string) (inventory.Value, error) {
	object, err := python.Literal(text)
	if err != nil {
		return inventory.Value{}, &inventory.Error{Message: "Ansible takes it for a Python literal and fails: " + err.Error()}
	}
	if object.Kind == python.Str {
		return inventory.NewString(object.Text), nil
	}
	value, err := objectValue(&object)
	if err == errTooLong {
		return inventory.NewString(text), nil
	}
	written, _, _ := strings.Cut(text, "#")
	return value.WrittenAs(python.Strip(written)), err
}

// errTooLong is the answer to an integer that is too long to be printed: the value stays the text that was written.
var errTooLong = errors.New("an integer has too many digits to be printed")

// objectValue returns what JSON holds of a Python object. It is errTooLong for an integer that is too long to be printed, and
// another error for a dictionary of which two keys would be one.
func objectValue(object *python.Object) (inventory.Value, error) {
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
		return inventory.NewString(object.PrintedComplex()).WithOrigin(inventory.FromComplex), nil
	case python.Ellipsis:
		return inventory.NewString("Ellipsis").WithOrigin(inventory.FromEllipsis), nil
	case python.Str:
		return inventory.NewString(object.Text), nil
	case python.Bytes:
		return inventory.NewBytes([]byte(object.Text)), nil
	case python.Tuple, python.List:
		return listValue(object.Items)
	case python.Set:
		return setValue(object.Items)
	case python.Dict:
		return dictValue(object.Items)
	default:
		return inventory.Value{}, errTooLong
	}
}

func listValue(items []python.Object) (inventory.Value, error) {
	values := make([]inventory.Value, len(items))
	for i := range items {
		var err error
		if values[i], err = objectValue(&items[i]); err != nil {
			return inventory.Value{}, err
		}
	}
	return inventory.NewList(values), nil
}

// setValue lists a set's elements by their text, those with one text as they were written: Python's own order changes
// from run to run.
func setValue(items []python.Object) (inventory.Value, error) {
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
	value, err := listValue(sorted)
	return value.WithOrigin(inventory.FromSet), err
}

// dictValue gives keys the texts that they have in JSON. The items are keys and values in turn.
func dictValue(items []python.Object) (inventory.Value, error) {
	places := make(map[string]bool, len(items)/2)
	made := &inventory.Content{}
	for i := 0; i < len(items); i += 2 {
		key, ok := items[i].KeyText()
		if !ok {
			return inventory.Value{}, errTooLong
		}
		value, err := objectValue(&items[i+1])
		if err != nil {
			return inventory.Value{}, err
		}
		if places[key] {
			return inventory.Value{}, &inventory.Error{Message: wire.OneKey(key)}
		}
		places[key] = true
		if items[i].Kind != python.Str {
			made.MarkOdd(len(made.Keys))
		}
		made.Keys = append(made.Keys, key)
		made.Values = append(made.Values, value)
	}
	return inventory.NewContaining(inventory.Map, made), nil
}

// settleLiteral returns what the Ansible in use makes of the value of an INI file that isOdd (plugins/inventory/ini.py,
// _parse_recursive_coerce_types_and_tag). Since 2.19 the plugin itself makes lists of sets and texts of bytes and
// complex numbers. Before, the objects stay what they are, and nothing in a set is a template; but bytes that are the
// whole value become a text as any other, which may be a template (_parse_value).
func (r *reader) settleLiteral(value inventory.Value) (inventory.Value, *inventory.Error) {
	if value.Loss() == "" {
		return value, nil
	}
	coerces, err := r.Ansible.Since(2, 19)
	if err != nil {
		return value, inventory.Faults(err)[0]
	}
	switch {
	case coerces:
		value = coerced(value)
	case value.Origin() == inventory.FromBytes:
		value = inventory.NewString(value.Text())
	default:
		value = withPlainSets(value)
	}
	r.Lose(r.line, value.Loss())
	return value, nil
}

// coerced is what the INI plugin makes of a value since Ansible 2.19. Bytes stay what no template is run in.
func coerced(value inventory.Value) inventory.Value {
	if value.Origin() == inventory.FromEllipsis {
		return inventory.NewString("...")
	}
	return value.WithOrigin(inventory.AsIs).Change(coerced)
}

// withPlainSets returns the value with no template in any set of it.
func withPlainSets(value inventory.Value) inventory.Value {
	if value.Origin() == inventory.FromSet {
		return value.WithoutTemplates()
	}
	return value.Change(withPlainSets)
}
