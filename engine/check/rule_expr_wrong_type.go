package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprWrongType = Rule{
	Code: expr.CodeWrongType, Severity: Error, Group: "expressions",
	Title: "An operation on values that it does not take",
	Why:   unevaluable,
	Mend:  "Compare and compute values of the same type.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeWrongType) },
}
