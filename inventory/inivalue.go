package inventory

import (
	"errors"
	"slices"
	"strings"
)

// parseLiteral returns what Ansible's INI plugin makes of a value (plugins/inventory/ini.py, _parse_value): the Python
// literal that text is, or text itself. Where Python fails so that Ansible refuses the file there is an error, with nothing
// but a message.
//
// For what JSON cannot hold something else stands, and says so (Value.Origin): a set becomes a list sorted by text, bytes
// become the text they encode, a complex number and Ellipsis what Python prints for them. An integer too long to be printed
// leaves the text as it was written, also deep inside a list. Two keys of a map that JSON would make one are an error.
func parseLiteral(text string) (Value, error) {
	object, err := parseObject(text)
	if err != nil {
		return Value{}, &Error{Message: "Ansible takes it for a Python literal and fails: " + err.Error()}
	}
	if object.kind == stringNode {
		return NewString(object.text), nil
	}
	value, err := objectValue(&object)
	if err == errTooLong {
		return NewString(text), nil
	}
	written, _, _ := strings.Cut(text, "#")
	return value.writtenAs(strip(written)), err
}

// errTooLong is the answer to an integer that is too long to be printed: the value stays the text that was written.
var errTooLong = errors.New("an integer has too many digits to be printed")

// objectValue returns what JSON holds of a Python object. It is errTooLong for an integer that is too long to be printed, and
// another error for a dictionary of which two keys would be one.
func objectValue(object *node) (Value, error) {
	switch object.kind {
	case noneNode:
		return Value{}, nil
	case boolNode:
		return NewBool(object.text == "True"), nil
	case intNode:
		return newInt(object.text), nil
	case floatNode:
		return newFloatText(object.text), nil
	case imaginaryNode, complexNode:
		return NewString(object.printedComplex()).withOrigin(fromComplex), nil
	case ellipsisNode:
		return NewString("Ellipsis").withOrigin(fromEllipsis), nil
	case stringNode:
		return NewString(object.text), nil
	case bytesNode:
		return newBytes([]byte(object.text)), nil
	case tupleNode, listNode:
		return listValue(object.items)
	case setNode:
		return setValue(object.items)
	case dictNode:
		return dictValue(object.items)
	default:
		return Value{}, errTooLong
	}
}

func listValue(items []node) (Value, error) {
	values := make([]Value, len(items))
	for i := range items {
		var err error
		if values[i], err = objectValue(&items[i]); err != nil {
			return Value{}, err
		}
	}
	return newList(values), nil
}

// setValue lists a set's elements by their text, those with one text as they were written: Python's own order changes
// from run to run.
func setValue(items []node) (Value, error) {
	type element struct {
		text string
		item node
	}
	elements := make([]element, len(items))
	for i := range items {
		text, ok := items[i].str()
		if !ok {
			return Value{}, errTooLong
		}
		elements[i] = element{text, items[i]}
	}
	slices.SortStableFunc(elements, func(a, b element) int { return strings.Compare(a.text, b.text) })
	sorted := make([]node, len(elements))
	for i := range elements {
		sorted[i] = elements[i].item
	}
	value, err := listValue(sorted)
	return value.withOrigin(fromSet), err
}

// dictValue gives keys the texts that they have in JSON. The items are keys and values in turn.
func dictValue(items []node) (Value, error) {
	places := make(map[string]bool, len(items)/2)
	made := &body{}
	for i := 0; i < len(items); i += 2 {
		key, ok := items[i].keyText()
		if !ok {
			return Value{}, errTooLong
		}
		value, err := objectValue(&items[i+1])
		if err != nil {
			return Value{}, err
		}
		if places[key] {
			return Value{}, &Error{Message: oneKey(key)}
		}
		places[key] = true
		if items[i].kind != stringNode {
			made.markOdd(len(made.keys))
		}
		made.keys = append(made.keys, key)
		made.values = append(made.values, value)
	}
	return newContaining(Map, made), nil
}

// settleLiteral returns what the Ansible in use makes of the value of an INI file that isOdd (plugins/inventory/ini.py,
// _parse_recursive_coerce_types_and_tag). Since 2.19 the plugin itself makes lists of sets and texts of bytes and
// complex numbers. Before, the objects stay what they are, and nothing in a set is a template; but bytes that are the
// whole value become a text as any other, which may be a template (_parse_value).
func (r *iniReader) settleLiteral(value Value) (Value, *Error) {
	if value.loss() == "" {
		return value, nil
	}
	coerces, err := r.ansible.since(2, 19)
	if err != nil {
		return value, asError(err)
	}
	switch {
	case coerces:
		value = coerced(value)
	case value.Origin() == fromBytes:
		value = NewString(value.Text())
	default:
		value = withPlainSets(value)
	}
	r.lose(r.line, value.loss())
	return value, nil
}

// coerced is what the INI plugin makes of a value since Ansible 2.19. Bytes stay what no template is run in.
func coerced(value Value) Value {
	if value.Origin() == fromEllipsis {
		return NewString("...")
	}
	return value.withOrigin(asIs).change(coerced)
}

// withPlainSets returns the value with no template in any set of it.
func withPlainSets(value Value) Value {
	if value.Origin() == fromSet {
		return value.withoutTemplates()
	}
	return value.change(withPlainSets)
}
