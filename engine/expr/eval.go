package expr

// This file runs programs and turns their results into plain values.

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// EvalError is why an expression gave no value (rule E3).
type EvalError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Source  string `json:"source"` // the expression
}

func (e *EvalError) Error() string {
	return fmt.Sprintf("expression %q: %s", shortened(e.Source), e.Message)
}

// Codes of an EvalError.
const (
	CodeMissing    = "expr_missing"     // it read something that is not there
	CodeType       = "expr_type"        // an operation met a value it does not take
	CodeValue      = "expr_value"       // division by zero, text that is no number, …
	CodeTooCostly  = "expr_too_costly"  // it hit a bound
	CodeNotBoolean = "expr_not_boolean" // a condition gave something else
)

// tooLarge marks our own errors about size, so that they can be told apart.
const tooLarge = "too large"

// activation gives the variables; one that was not supplied is an empty object.
type activation map[string]any

func (a activation) ResolveName(name string) (any, bool) {
	if v, ok := a[name]; ok && v != nil {
		return v, true
	}
	for _, known := range variables {
		if name == known {
			return map[string]any{}, true
		}
	}
	return nil, false
}

// Parent tells CEL that there is nothing around the variables.
func (a activation) Parent() cel.Activation { return nil }

// jsonAdapter adds to CEL's own conversion what JSON decoding may leave behind.
type jsonAdapter struct{}

func (a jsonAdapter) NativeToValue(v any) ref.Val {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return types.Int(i)
		}
		f, err := v.Float64()
		if err != nil {
			return types.NewErr("%s is not a number", v)
		}
		return types.Double(f)
	case map[string]any:
		return types.NewStringInterfaceMap(a, v)
	case []any:
		return types.NewDynamicList(a, v)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// Eval computes the expression over plain JSON values (time.Time is understood
// as well). The result is plain: map[string]any, []any, string, int64, float64,
// bool or nil; a point in time is RFC 3339 text, an empty optional is nil.
func (p *Program) Eval(vars map[string]any) (any, error) {
	val, err := p.run(vars)
	if err != nil {
		return nil, err
	}
	budget := maxResultSize
	out, err := plain(val, &budget)
	if err != nil {
		return nil, p.fail(err.Error())
	}
	return out, nil
}

// EvalBool computes a condition. Anything but true or false is an error.
func (p *Program) EvalBool(vars map[string]any) (bool, error) {
	val, err := p.run(vars)
	if err != nil {
		return false, err
	}
	if b, ok := val.(types.Bool); ok {
		return bool(b), nil
	}
	return false, &EvalError{CodeNotBoolean, "a condition must be true or false, this gave " + words(runtimeType(val)), p.source}
}

func runtimeType(v ref.Val) *types.Type {
	if t, ok := v.Type().(*types.Type); ok {
		return t
	}
	return types.DynType
}

func (p *Program) run(vars map[string]any) (ref.Val, error) {
	val, _, err := p.program.Eval(activation(vars))
	if err != nil {
		return nil, p.fail(err.Error())
	}
	return val, nil
}

// fail classifies CEL's errors, which come as text only.
func (p *Program) fail(message string) *EvalError {
	code, said := CodeValue, message
	switch {
	case strings.Contains(message, "cost limit exceeded"):
		code, said = CodeTooCostly, "it takes more steps than allowed"
	case strings.Contains(message, tooLarge):
		code = CodeTooCostly
	case strings.Contains(message, "no such key: "), strings.Contains(message, "no such attribute"):
		_, name, _ := strings.Cut(message, ": ")
		code, said = CodeMissing, name+" is not there"
	case strings.Contains(message, "optional.none() dereference"):
		code, said = CodeMissing, "an optional value is not there"
	case strings.Contains(message, "no such overload"), strings.Contains(message, "unsupported"):
		code, said = CodeType, "values of these types do not go together ("+message+")"
	}
	return &EvalError{code, said, p.source}
}

// plain converts a value of CEL, taking one from the budget for each value and
// each byte of text.
func plain(v ref.Val, budget *int) (any, error) {
	if *budget--; *budget < 0 {
		return nil, fmt.Errorf("%s: a result of more than %d values", tooLarge, maxResultSize)
	}
	switch v := v.(type) {
	case types.Null:
		return nil, nil
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		if v > math.MaxInt64 {
			return nil, fmt.Errorf("the number %d is out of range", v)
		}
		return int64(v), nil
	case types.Double:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("the result is not a finite number")
		}
		return float64(v), nil
	case types.String:
		*budget -= len(v)
		return string(v), nil
	case types.Bytes:
		return base64.StdEncoding.EncodeToString(v), nil
	case types.Timestamp:
		return v.UTC().Format(time.RFC3339Nano), nil
	case types.Duration:
		return strconv.FormatFloat(v.Seconds(), 'f', -1, 64) + "s", nil
	case *types.Optional:
		if !v.HasValue() {
			return nil, nil
		}
		return plain(v.GetValue(), budget)
	case traits.Mapper:
		return plainMap(v, budget)
	case traits.Lister:
		return plainList(v, budget)
	}
	return nil, fmt.Errorf("a %s cannot be a result", v.Type().TypeName())
}

func plainList(list traits.Lister, budget *int) (any, error) {
	out := []any{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		item, err := plain(it.Next(), budget)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

func plainMap(m traits.Mapper, budget *int) (any, error) {
	out := map[string]any{}
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name, ok := key.(types.String)
		if !ok {
			return nil, fmt.Errorf("the keys of an object must be text, not %s", words(runtimeType(key)))
		}
		value, err := plain(m.Get(key), budget)
		if err != nil {
			return nil, err
		}
		out[string(name)] = value
	}
	return out, nil
}

func shortened(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
