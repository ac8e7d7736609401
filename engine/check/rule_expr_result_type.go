package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprResultType = Rule{
	Code: expr.CodeResultType, Severity: Error, Group: "expressions",
	Title: "A condition that is neither true nor false",
	Why:   unevaluable,
	Mend:  "Compare it with something.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeResultType) },
}
