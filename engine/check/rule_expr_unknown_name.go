package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprUnknownName = Rule{
	Code: expr.CodeUnknownName, Severity: Error, Group: "expressions",
	Title: "A variable or a function that does not exist",
	Why:   unevaluable,
	Mend:  "Use event, step, input, claims or flow, and the functions of CEL.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeUnknownName) },
}
