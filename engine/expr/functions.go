package expr

// This file holds the text functions. They bear the names of CEL's strings
// extension and are written here because that one makes the text first and
// prices it afterwards.

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

var errTooLong = types.NewErr("%s: a text of more than %d bytes", tooLarge, maxText)

// asInt and its like are put in by coercion; no source can name them.
const (
	asInt       = "@as_int"
	asDouble    = "@as_double"
	asTimestamp = "@as_timestamp"
)

// ownOverloads are those that sizeCost prices.
var ownOverloads = map[string]bool{
	overloads.AddString: true, overloads.AddList: true,
	"text_lower": true, "text_upper": true, "text_trim": true, "text_split": true, "text_join": true,
	"text_join_with": true, "text_replace": true, "text_index": true, "text_from": true, "text_range": true,
}

func functionOptions() []cel.EnvOption {
	text, number, list := cel.StringType, cel.IntType, cel.ListType(cel.StringType)
	return []cel.EnvOption{
		member("lowerAscii", "text_lower", text, text1(lowerASCII)),
		member("upperAscii", "text_upper", text, text1(upperASCII)),
		member("trim", "text_trim", text, text1(strings.TrimSpace)),
		member("split", "text_split", list, split, text, text),
		cel.Function("join",
			cel.MemberOverload("text_join", []*cel.Type{list}, text, cel.FunctionBinding(join)),
			cel.MemberOverload("text_join_with", []*cel.Type{list, text}, text, cel.FunctionBinding(join))),
		member("replace", "text_replace", text, replace, text, text, text),
		member("indexOf", "text_index", number, indexOf, text, text),
		cel.Function("substring",
			cel.MemberOverload("text_from", []*cel.Type{text, number}, text, cel.FunctionBinding(substring)),
			cel.MemberOverload("text_range", []*cel.Type{text, number, number}, text, cel.FunctionBinding(substring))),
		coercion(asInt, func(v ref.Val) ref.Val { return whole(v) }),
		coercion(asDouble, fractional),
		coercion(asTimestamp, instant),
	}
}

type function = func(args ...ref.Val) ref.Val

// member declares a function on a text; without arguments named it takes none but its target.
func member(name, overload string, result *cel.Type, fn function, args ...*cel.Type) cel.EnvOption {
	if args == nil {
		args = []*cel.Type{cel.StringType}
		return cel.Function(name, cel.MemberOverload(overload, args, result,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return fn(v) })))
	}
	if len(args) == 2 {
		return cel.Function(name, cel.MemberOverload(overload, args, result,
			cel.BinaryBinding(func(a, b ref.Val) ref.Val { return fn(a, b) })))
	}
	return cel.Function(name, cel.MemberOverload(overload, args, result, cel.FunctionBinding(fn)))
}

func coercion(name string, fn func(ref.Val) ref.Val) cel.EnvOption {
	return cel.Function(name, cel.Overload(name, []*cel.Type{cel.DynType}, cel.DynType, cel.UnaryBinding(fn)))
}

func text1(fn func(string) string) function {
	return func(args ...ref.Val) ref.Val {
		s, ok := args[0].(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(args[0])
		}
		return types.String(fn(string(s)))
	}
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func upperASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// texts reads every argument as text.
func texts(args []ref.Val) ([]string, ref.Val) {
	out := make([]string, len(args))
	for i, arg := range args {
		s, ok := arg.(types.String)
		if !ok {
			return nil, types.MaybeNoSuchOverloadErr(arg)
		}
		out[i] = string(s)
	}
	return out, nil
}

func split(args ...ref.Val) ref.Val {
	s, err := texts(args)
	if err != nil {
		return err
	}
	return types.DefaultTypeAdapter.NativeToValue(strings.Split(s[0], s[1]))
}

func join(args ...ref.Val) ref.Val {
	list, ok := args[0].(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(args[0])
	}
	separator := ""
	if len(args) == 2 {
		s, ok := args[1].(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(args[1])
		}
		separator = string(s)
	}
	var b strings.Builder
	for first, it := true, list.Iterator(); it.HasNext() == types.True; first = false {
		item, ok := it.Next().(types.String)
		if !ok {
			return types.NewErr("no such overload: join of a list that holds something else than text")
		}
		if !first {
			b.WriteString(separator)
		}
		if b.Len()+len(item) > maxText {
			return errTooLong
		}
		b.WriteString(string(item))
	}
	return types.String(b.String())
}

func replace(args ...ref.Val) ref.Val {
	s, err := texts(args)
	if err != nil {
		return err
	}
	if n := strings.Count(s[0], s[1]); len(s[0])+n*(len(s[2])-len(s[1])) > maxText {
		return errTooLong
	}
	return types.String(strings.ReplaceAll(s[0], s[1], s[2]))
}

// indexOf counts characters, as size() and substring() do.
func indexOf(args ...ref.Val) ref.Val {
	s, err := texts(args)
	if err != nil {
		return err
	}
	at := strings.Index(s[0], s[1])
	if at < 0 {
		return types.Int(-1)
	}
	return types.Int(len([]rune(s[0][:at])))
}

func substring(args ...ref.Val) ref.Val {
	s, ok := args[0].(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(args[0])
	}
	runes := []rune(string(s))
	from, to := types.Int(0), types.Int(len(runes))
	for i, bound := range []*types.Int{&from, &to} {
		if i+1 < len(args) {
			n, ok := whole(args[i+1]).(types.Int)
			if !ok {
				return types.MaybeNoSuchOverloadErr(args[i+1])
			}
			*bound = n
		}
	}
	if from < 0 || to > types.Int(len(runes)) || from > to {
		return types.NewErr("substring(%d, %d) is outside a text of %d characters", from, to, len(runes))
	}
	return types.String(runes[from:to])
}

func fractional(v ref.Val) ref.Val {
	if i, ok := v.(types.Int); ok {
		return types.Double(i)
	}
	return v
}

func instant(v ref.Val) ref.Val {
	if s, ok := v.(types.String); ok {
		return s.ConvertToType(types.TimestampType)
	}
	return v
}

// sizeOf is the number of bytes of a text or of items of a list or map.
func sizeOf(v ref.Val) uint64 {
	switch v := v.(type) {
	case types.String:
		return uint64(len(v))
	case traits.Sizer:
		if n, ok := v.Size().(types.Int); ok && n > 0 {
			return uint64(n)
		}
	}
	return 0
}
