package expr

// This file shows a Schema to the CEL type checker.

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// provider answers the checker's questions about the object types of a Schema.
// The name of an object type is its path behind typeMark.
type provider struct {
	*types.Registry
	objects map[string]*Type
}

// typeMark keeps the name of a type from being taken for the path itself: no
// source can name it.
const typeMark = "@"

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if _, ok := p.objects[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Registry.FindStructType(name)
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if t, ok := p.objects[name]; ok {
		return sortedNames(t.Fields), true
	}
	return p.Registry.FindStructFieldNames(name)
}

func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	t, ok := p.objects[name]
	if !ok {
		return p.Registry.FindStructFieldType(name, field)
	}
	fieldType, ok := t.Fields[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{Type: celType(strings.TrimPrefix(name, typeMark)+"."+field, fieldType)}, true
}

// NewValue refuses: objects of a schema are read, never made.
func (p *provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := p.objects[name]; ok {
		return types.NewErr("an object of type %s cannot be made in an expression", name)
	}
	return p.Registry.NewValue(name, fields)
}

// celType translates a type; an object becomes a type named by its path.
func celType(path string, t *Type) *types.Type {
	if t == nil {
		return types.DynType
	}
	switch t.Kind {
	case KindString:
		return types.StringType
	case KindInt:
		return types.IntType
	case KindDouble:
		return types.DoubleType
	case KindBool:
		return types.BoolType
	case KindTimestamp:
		return types.TimestampType
	case KindList:
		return types.NewListType(celType(path+"[]", t.Elem))
	case KindMap:
		return types.NewMapType(types.StringType, celType(path+"{}", t.Elem))
	case KindObject:
		return types.NewObjectType(typeMark + path)
	default:
		return types.DynType
	}
}

// register names every object type below t before the checker, which may run
// in several goroutines, asks for them.
func (p *provider) register(path string, t *Type) {
	if t == nil {
		return
	}
	if t.Kind == KindObject {
		p.objects[typeMark+path] = t
	}
	for _, name := range sortedNames(t.Fields) {
		p.register(path+"."+name, t.Fields[name])
	}
	switch t.Kind {
	case KindList:
		p.register(path+"[]", t.Elem)
	case KindMap:
		p.register(path+"{}", t.Elem)
	}
}

// env is the checking environment of the schema, built once.
func (s *Schema) env() (*cel.Env, error) {
	s.once.Do(func() {
		registry, err := types.NewRegistry()
		if err != nil {
			s.err = err
			return
		}
		p := &provider{Registry: registry, objects: map[string]*Type{}}
		opts := []cel.EnvOption{cel.CustomTypeProvider(p)}
		for _, name := range variables {
			t := s.root(name)
			p.register(name, t)
			opts = append(opts, cel.Variable(name, celType(name, t)))
		}
		s.checkEnv, s.err = newEnv(opts...)
	})
	return s.checkEnv, s.err
}
