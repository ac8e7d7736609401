package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprTooLarge = Rule{
	Code: expr.CodeTooLarge, Severity: Error, Group: "expressions",
	Title: "An expression beyond the limits",
	Why:   unevaluable,
	Mend:  "Split it over several blocks, or compute it in an Action.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeTooLarge) },
}
