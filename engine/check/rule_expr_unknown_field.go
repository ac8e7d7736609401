package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprUnknownField = Rule{
	Code: expr.CodeUnknownField, Severity: Error, Group: "expressions",
	Title: "A value that no block and no event has",
	Why:   unevaluable,
	Mend:  "Correct its name; the picker beside the field lists what there is.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeUnknownField) },
}
