package expr

// This file replaces CEL's arithmetic, so that whole and fractional numbers mix
// (see the package's comment) and text stays bounded.

import (
	"math"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/functions"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/stdlib"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// arithmetic holds the implementation of each operator that is replaced.
var arithmetic = map[string]functions.BinaryOp{
	operators.Add: func(a, b ref.Val) ref.Val {
		if err := fits(a, b); err != nil {
			return err
		}
		return a.(traits.Adder).Add(b)
	},
	operators.Subtract: func(a, b ref.Val) ref.Val { return a.(traits.Subtractor).Subtract(b) },
	operators.Multiply: func(a, b ref.Val) ref.Val { return a.(traits.Multiplier).Multiply(b) },
	operators.Divide:   func(a, b ref.Val) ref.Val { return a.(traits.Divider).Divide(b) },
	operators.Modulo: func(a, b ref.Val) ref.Val {
		a, b = whole(a), whole(b)
		if m, ok := a.(traits.Modder); ok {
			return m.Modulo(b)
		}
		return types.MaybeNoSuchOverloadErr(a)
	},
}

// operatorTraits says what the left side of each operator must be able to do.
var operatorTraits = map[string]int{
	operators.Add: traits.AdderType, operators.Subtract: traits.SubtractorType,
	operators.Multiply: traits.MultiplierType, operators.Divide: traits.DividerType,
}

func replacedOperators() []*env.Function {
	var out []*env.Function
	for _, name := range sortedNames(arithmetic) {
		out = append(out, env.NewFunction(name))
	}
	return out
}

// operatorOptions declares each replaced operator with CEL's own overloads and
// those that mix the two kinds of numbers.
func operatorOptions() []cel.EnvOption {
	var out []cel.EnvOption
	for _, fn := range stdlib.Functions() {
		name := fn.Name()
		if arithmetic[name] == nil {
			continue
		}
		opts := append(overloadsOf(fn), mixedNumbers(name)...)
		opts = append(opts, decls.SingletonBinaryBinding(mixing(arithmetic[name]), traitsOf(name)...))
		out = append(out, cel.Function(name, opts...))
	}
	return out
}

func traitsOf(operator string) []int {
	if t, ok := operatorTraits[operator]; ok {
		return []int{t}
	}
	return nil
}

func overloadsOf(fn *decls.FunctionDecl) []decls.FunctionOpt {
	var out []decls.FunctionOpt
	for _, o := range fn.OverloadDecls() {
		out = append(out, decls.Overload(o.ID(), o.ArgTypes(), o.ResultType()))
	}
	return out
}

func mixedNumbers(operator string) []decls.FunctionOpt {
	if operator == operators.Modulo {
		return nil // only whole numbers have a remainder
	}
	return []decls.FunctionOpt{
		decls.Overload("mixed_int_double"+operator, []*types.Type{types.IntType, types.DoubleType}, types.DoubleType),
		decls.Overload("mixed_double_int"+operator, []*types.Type{types.DoubleType, types.IntType}, types.DoubleType),
	}
}

// mixing turns the whole number of a mixed pair into a fractional one first.
func mixing(op functions.BinaryOp) functions.BinaryOp {
	return func(a, b ref.Val) ref.Val {
		if i, ok := a.(types.Int); ok && isDouble(b) {
			a = types.Double(i)
		} else if i, ok := b.(types.Int); ok && isDouble(a) {
			b = types.Double(i)
		}
		return op(a, b)
	}
}

func isDouble(v ref.Val) bool { _, ok := v.(types.Double); return ok }

// whole reads 3.0 as 3 and leaves everything else as it is.
func whole(v ref.Val) ref.Val {
	d, ok := v.(types.Double)
	if !ok || float64(d) != math.Trunc(float64(d)) || math.Abs(float64(d)) > 1<<53 {
		return v
	}
	return types.Int(d)
}

// fits refuses a concatenation that would outgrow the bound.
func fits(a, b ref.Val) ref.Val {
	s, ok1 := a.(types.String)
	t, ok2 := b.(types.String)
	if ok1 && ok2 && len(s)+len(t) > maxText {
		return errTooLong
	}
	return nil
}
