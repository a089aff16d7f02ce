package inventory

// Vars are variables in the order of their first mention, each name once. The zero Vars is empty and ready for use.
type Vars struct {
	list  []Var
	index map[string]int // from indexFrom variables on; below that a look through the list is faster
}

// Var is a variable: a name and its value.
type Var struct {
	Name  string
	Value Value
}

// indexFrom is the number of variables from which on Vars keeps an index of the names.
const indexFrom = 16

// Set gives the variable that value. A variable that is there already keeps its place, as in a Python dict.
func (v *Vars) Set(name string, value Value) {
	if at := v.find(name); at >= 0 {
		v.list[at].Value = value
		return
	}
	v.list = append(v.list, Var{name, value})
	switch {
	case v.index != nil:
		v.index[name] = len(v.list) - 1
	case len(v.list) == indexFrom:
		v.index = make(map[string]int, 2*indexFrom)
		for i, one := range v.list {
			v.index[one.Name] = i
		}
	}
}

// Get returns the variable's value, and whether there is one.
func (v *Vars) Get(name string) (Value, bool) {
	if at := v.find(name); at >= 0 {
		return v.list[at].Value, true
	}
	return Value{}, false
}

// Len returns how many variables there are.
func (v *Vars) Len() int { return len(v.list) }

// List returns the variables in order. The caller leaves the slice as it is.
func (v *Vars) List() []Var { return v.list }

func (v *Vars) find(name string) int {
	if v.index != nil {
		if at, ok := v.index[name]; ok {
			return at
		}
		return -1
	}
	for i := range v.list {
		if v.list[i].Name == name {
			return i
		}
	}
	return -1
}
