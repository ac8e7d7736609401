package expr

// This file sets up the language: what exists in it and where its bounds are.

import (
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/types/ref"
)

// The bounds. They are far above what a condition needs and far below what a
// server could feel: the worst expression within them ends in tens of milliseconds.
const (
	maxSource     = 16 << 10 // characters of one expression
	maxNodes      = 5_000    // nodes of its tree, macros expanded
	maxNesting    = 100      // levels of its tree
	maxCost       = 200_000  // operations of one evaluation, see sizeCost
	maxText       = 1 << 20  // bytes of any text made on the way
	maxRegexp     = 1_000    // instructions of a compiled regular expression
	maxResultSize = 1 << 20  // values and bytes of a result, together
)

// newEnv is the language with the given variables.
func newEnv(vars ...cel.EnvOption) (*cel.Env, error) {
	base, err := language()
	if err != nil {
		return nil, err
	}
	return base.Extend(vars...)
}

// language is the language without any variable, built once.
var language = sync.OnceValues(func() (*cel.Env, error) {
	opts := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{ExcludeFunctions: replacedOperators()})),
		cel.OptionalTypes(),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.ParserRecursionLimit(maxNesting),
		cel.ParserErrorRecoveryLimit(4),
		cel.ExpressionNodeLimit(maxNodes),
		cel.RegexProgramSizeLimit(maxRegexp),
		cel.ASTValidators(
			cel.ValidateDurationLiterals(),
			cel.ValidateTimestampLiterals(),
			cel.ValidateRegexLiterals(),
			cel.ValidateComprehensionNestingLimit(4),
		),
	}
	opts = append(opts, operatorOptions()...)
	opts = append(opts, functionOptions()...)
	return cel.NewCustomEnv(opts...)
})

// runEnv knows the variables but nothing of their contents: programs are
// planned in it, with or without a schema.
var runEnv = sync.OnceValues(func() (*cel.Env, error) {
	opts := make([]cel.EnvOption, 0, len(variables)+1)
	for _, name := range variables {
		opts = append(opts, cel.Variable(name, cel.DynType))
	}
	return newEnv(append(opts, cel.CustomTypeAdapter(jsonAdapter{}))...)
})

// sizeCost charges a call for the text and the items it touches, so that the
// limit on cost bounds memory traffic as well. Only our own functions and the
// operators that grow values need it; CEL prices its own.
type sizeCost struct{}

func (sizeCost) CallCost(_, overload string, args []ref.Val, result ref.Val) *uint64 {
	if !ownOverloads[overload] {
		return nil
	}
	cost := 1 + sizeOf(result)/10
	for _, arg := range args {
		cost += sizeOf(arg) / 10
	}
	return &cost
}
