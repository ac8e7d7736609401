package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprBadLiteral = Rule{
	Code: expr.CodeBadLiteral, Severity: Error, Group: "expressions",
	Title: "A regular expression, duration or time that is none",
	Why:   unevaluable,
	Mend:  "Correct it at the place that is named.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeBadLiteral) },
}
