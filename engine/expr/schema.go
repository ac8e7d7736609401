package expr

// This file describes what is known at a place in a flow.

import (
	"sort"
	"sync"

	"cel.dev/cel-go/cel"
)

// Kind is the sort of a Type.
type Kind string

// The kinds of values an expression can meet.
const (
	KindDyn       Kind = "dyn"
	KindString    Kind = "string"
	KindInt       Kind = "int"
	KindDouble    Kind = "double"
	KindBool      Kind = "bool"
	KindTimestamp Kind = "timestamp"
	KindList      Kind = "list"
	KindMap       Kind = "map"
	KindObject    Kind = "object"
)

// Type is one node of a Schema. It must not be changed once it is in use.
type Type struct {
	Kind   Kind             `json:"kind"`
	Elem   *Type            `json:"elem,omitempty"`   // of a list or a map
	Fields map[string]*Type `json:"fields,omitempty"` // of an object, complete: any other name is an error
}

// The types without parts. A nil *Type means Dyn wherever one is taken.
var (
	Dyn       = &Type{Kind: KindDyn}
	String    = &Type{Kind: KindString}
	Int       = &Type{Kind: KindInt}
	Double    = &Type{Kind: KindDouble}
	Bool      = &Type{Kind: KindBool}
	Timestamp = &Type{Kind: KindTimestamp}
)

// ListOf is a list whose items have the type elem.
func ListOf(elem *Type) *Type { return &Type{Kind: KindList, Elem: elem} }

// MapOf is a map from any text to values of the type elem.
func MapOf(elem *Type) *Type { return &Type{Kind: KindMap, Elem: elem} }

// Object has exactly these fields; a field that is not there is an error while editing.
func Object(fields map[string]*Type) *Type { return &Type{Kind: KindObject, Fields: fields} }

// Schema says what an expression may read. A nil member is unknown, so that
// everything under it is allowed; an empty map allows nothing. It is safe for
// concurrent use and must not be changed after its first use.
type Schema struct {
	Event  *Type
	Claims *Type
	Flow   *Type
	Step   map[string]*Type // block id → its outputs
	Input  map[string]*Type // name → type

	once     sync.Once
	checkEnv *cel.Env
	err      error
	compiled cache
}

// variables lists the roots in the order in which people read them.
var variables = []string{"event", "step", "input", "claims", "flow"}

// root is the type of a variable; nil means unknown.
func (s *Schema) root(name string) *Type {
	switch name {
	case "event":
		return s.Event
	case "claims":
		return s.Claims
	case "flow":
		return s.Flow
	case "step":
		return objectOrNil(s.Step)
	case "input":
		return objectOrNil(s.Input)
	}
	return nil
}

func objectOrNil(fields map[string]*Type) *Type {
	if fields == nil {
		return nil
	}
	return Object(fields)
}

// at walks a path of field names; nil means unknown.
func (s *Schema) at(path []string) *Type {
	if len(path) == 0 {
		return nil
	}
	t := s.root(path[0])
	for _, name := range path[1:] {
		switch {
		case t == nil:
			return nil
		case t.Kind == KindObject:
			t = t.Fields[name]
		case t.Kind == KindMap:
			t = t.Elem
		default:
			return nil
		}
	}
	return t
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
